//! What was sent by mail, and shows that whoever brings it back reads that mail.

use ::dossier::account::Code;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::db::{Db, Row, values};
use super::mail::{self, Kind};
use crate::failure::Failure;

/// A link is good for some days: not every student reads mail every day.
const LINK_MS: i64 = 72 * 3_600_000;
/// A new password is for whoever asks now.
const RESET_LINK_MS: i64 = 3_600_000;
/// A code is short: it is good for as long as it takes to go to another device (ASVS 6.5.5).
const CODE_MS: i64 = 10 * 60_000;
/// Mails of one purpose whose link is still good. Nobody fills a mailbox by asking again.
const MOST_ALIVE: i64 = 6;

/// What a proof is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The account's first sign-in.
    Activation,
    /// A password in place of a forgotten one.
    Reset,
    /// Another address.
    Address,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Reset => "reset",
            Self::Address => "address",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Activation, Self::Reset, Self::Address].into_iter().find(|it| it.as_str() == word)
    }

    fn link_ms(self) -> i64 {
        if self == Self::Reset { RESET_LINK_MS } else { LINK_MS }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Activation => Kind::Activation,
            Self::Reset => Kind::Reset,
            Self::Address => Kind::Address,
        }
    }
}

/// What link and code are made of: 128 random bits, in a mail that has not left yet and in the
/// mail itself, nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Secret(pub(crate) [u8; 16]);

impl Secret {
    /// The code, from which nobody learns the link.
    pub(crate) fn code(&self) -> Code {
        let [a, b, c, d, e, ..]: [u8; 32] =
            Sha256::new().chain_update(b"code").chain_update(self.0).finalize().into();
        Code::draw([a, b, c, d, e])
    }

    /// By what the store knows the link.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// A proof that is good.
pub(crate) struct Proof {
    pub(crate) dossier: Uuid,
    pub(crate) purpose: Purpose,
    pub(crate) email: String,
}

/// Makes a proof and queues its mail. Nothing when enough of them are on their way.
pub(crate) fn issue(
    db: &mut dyn Db,
    dossier: Uuid,
    purpose: Purpose,
    email: &str,
    now_ms: i64,
) -> Result<(), Failure> {
    let old = "DELETE FROM proof WHERE dossier = ?1 AND link_until_ms <= ?2";
    db.execute(old, values![&dossier, now_ms])?;
    let alive = "SELECT count(*) FROM proof WHERE dossier = ?1 AND purpose = ?2";
    let alive = db.one(alive, values![&dossier, purpose.as_str()], |row| row.int(0))?;
    if alive >= MOST_ALIVE {
        return Ok(());
    }
    let secret = Secret(crate::app::random()?);
    let (link, code) = (secret.hash(), code_hash(dossier, &secret.code()));
    db.insert(
        "proof",
        &[
            ("dossier", (&dossier).into()),
            ("purpose", purpose.as_str().into()),
            ("link_hash", (&link).into()),
            ("code_hash", (&code).into()),
            ("email", email.into()),
            ("link_until_ms", (now_ms + purpose.link_ms()).into()),
            ("code_until_ms", (now_ms + CODE_MS).into()),
        ],
    )?;
    mail::queue(db, purpose.kind(), email, Some(dossier), Some(secret), now_ms)
}

/// The mail of this secret has left: its time begins now, however long it had to wait.
pub(crate) fn begin(db: &mut dyn Db, secret: Secret, now_ms: i64) -> Result<(), Failure> {
    let hash = secret.hash();
    let found = "SELECT purpose FROM proof WHERE link_hash = ?1";
    let Some(word) = db.optional(found, values![&hash], |row| row.string(0))? else {
        return Ok(());
    };
    let link_ms = Purpose::parse(&word).map_or(0, Purpose::link_ms);
    db.execute(
        "UPDATE proof SET link_until_ms = ?2, code_until_ms = ?3 WHERE link_hash = ?1",
        values![&hash, now_ms + link_ms, now_ms + CODE_MS],
    )?;
    Ok(())
}

/// The proof of a link.
pub(crate) fn by_link(
    db: &mut dyn Db,
    hash: &[u8; 32],
    now_ms: i64,
) -> Result<Option<Proof>, Failure> {
    let found = "SELECT dossier, purpose, email FROM proof
         WHERE link_hash = ?1 AND link_until_ms > ?2";
    db.optional(found, values![hash, now_ms], read)
}

/// The newest proof of this purpose, if its code is this one.
pub(crate) fn by_code(
    db: &mut dyn Db,
    dossier: Uuid,
    purpose: Purpose,
    code: &Code,
    now_ms: i64,
) -> Result<Option<Proof>, Failure> {
    let newest = "SELECT dossier, purpose, email, code_hash, code_until_ms FROM proof
         WHERE dossier = ?1 AND purpose = ?2 ORDER BY id DESC LIMIT 1";
    let newest = db.optional(newest, values![&dossier, purpose.as_str()], |row| {
        Ok((read(row)?, row.array::<32>(3)?, row.int(4)?))
    })?;
    let Some((proof, hash, until_ms)) = newest else { return Ok(None) };
    let right = bool::from(hash.ct_eq(&code_hash(dossier, code))) && now_ms < until_ms;
    Ok(right.then_some(proof))
}

/// The address that waits to be proved.
pub(crate) fn new_email(
    db: &mut dyn Db,
    dossier: Uuid,
    now_ms: i64,
) -> Result<Option<String>, Failure> {
    let newest = "SELECT email FROM proof WHERE dossier = ?1 AND purpose = 'address'
         AND link_until_ms > ?2 ORDER BY id DESC LIMIT 1";
    db.optional(newest, values![&dossier, now_ms], |row| row.string(0))
}

/// Ends every proof of a purpose: none is used twice.
pub(crate) fn end(db: &mut dyn Db, dossier: Uuid, purpose: Purpose) -> Result<(), Failure> {
    let end = "DELETE FROM proof WHERE dossier = ?1 AND purpose = ?2";
    db.execute(end, values![&dossier, purpose.as_str()])?;
    let kind = purpose.kind().as_str();
    db.execute("DELETE FROM mail WHERE dossier = ?1 AND kind = ?2", values![&dossier, kind])?;
    Ok(())
}

fn code_hash(dossier: Uuid, code: &Code) -> [u8; 32] {
    Sha256::new().chain_update(dossier.as_bytes()).chain_update(code.as_str()).finalize().into()
}

fn read(row: &dyn Row) -> Result<Proof, Failure> {
    let purpose = Purpose::parse(row.text(1)?)
        .ok_or_else(|| anyhow::anyhow!("a stored purpose cannot be read"))?;
    Ok(Proof { dossier: row.uuid(0)?, purpose, email: row.string(2)? })
}
