//! What was sent by mail, and shows that whoever brings it back reads that mail.

use ::dossier::account::{Code, Link};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::db::{Db, Row, values};
use super::mail::{self, Kind};
use crate::failure::Failure;
pub(crate) use ::dossier::account::Purpose;

/// A link is good for some days: not every student reads mail every day.
const LINK_MS: i64 = 72 * 3_600_000;
/// A new password is for whoever asks now.
const RESET_LINK_MS: i64 = 3_600_000;
/// A code is short: it is good for as long as it takes to go to another device (ASVS 6.5.5).
const CODE_MS: i64 = 10 * 60_000;
/// Mails of one purpose whose link is still good. Nobody fills a mailbox by asking again.
const MOST_ALIVE: i64 = 6;

const PURPOSES: [Purpose; 3] = [Purpose::Activation, Purpose::Reset, Purpose::Address];

/// The word of a purpose in the store.
fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Activation => "activation",
        Purpose::Reset => "reset",
        Purpose::Address => "address",
    }
}

fn purpose(word_of_it: &str) -> Option<Purpose> {
    PURPOSES.into_iter().find(|it| word(*it) == word_of_it)
}

fn link_ms(purpose: Purpose) -> i64 {
    if purpose == Purpose::Reset { RESET_LINK_MS } else { LINK_MS }
}

/// The mail that a purpose sends.
fn kind(purpose: Purpose) -> Kind {
    match purpose {
        Purpose::Activation => Kind::Activation,
        Purpose::Reset => Kind::Reset,
        Purpose::Address => Kind::Address,
    }
}

/// What link and code are made of: 128 random bits, in a mail that has not left yet and in the
/// mail itself, nowhere else.
#[derive(Clone, Copy)]
pub(crate) struct Secret(pub(crate) [u8; 16]);

impl Secret {
    /// The link.
    pub(crate) fn link(&self) -> Link {
        Link::new(self.0)
    }

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
    let alive = db.one(alive, values![&dossier, word(purpose)], |row| row.int(0))?;
    if alive >= MOST_ALIVE {
        return Ok(());
    }
    let secret = Secret(crate::app::random()?);
    let (link, code) = (secret.hash(), code_hash(dossier, &secret.code()));
    db.insert(
        "proof",
        &[
            ("dossier", (&dossier).into()),
            ("purpose", word(purpose).into()),
            ("link_hash", (&link).into()),
            ("code_hash", (&code).into()),
            ("email", email.into()),
            ("link_until_ms", (now_ms + link_ms(purpose)).into()),
            ("code_until_ms", (now_ms + CODE_MS).into()),
        ],
    )?;
    mail::queue(db, kind(purpose), email, Some(dossier), Some(secret), now_ms)
}

/// The mail of this secret has left: its time begins now, however long it had to wait.
pub(crate) fn begin(db: &mut dyn Db, secret: Secret, now_ms: i64) -> Result<(), Failure> {
    let hash = secret.hash();
    let found = "SELECT purpose FROM proof WHERE link_hash = ?1";
    let Some(word) = db.optional(found, values![&hash], |row| row.string(0))? else {
        return Ok(());
    };
    let link_ms = purpose(&word).map_or(0, link_ms);
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
    let newest = db.optional(newest, values![&dossier, word(purpose)], |row| {
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
    db.execute(end, values![&dossier, word(purpose)])?;
    let kind = kind(purpose).as_str();
    db.execute("DELETE FROM mail WHERE dossier = ?1 AND kind = ?2", values![&dossier, kind])?;
    Ok(())
}

fn code_hash(dossier: Uuid, code: &Code) -> [u8; 32] {
    Sha256::new().chain_update(dossier.as_bytes()).chain_update(code.as_str()).finalize().into()
}

fn read(row: &dyn Row) -> Result<Proof, Failure> {
    let purpose =
        purpose(row.text(1)?).ok_or_else(|| anyhow::anyhow!("a stored purpose cannot be read"))?;
    Ok(Proof { dossier: row.uuid(0)?, purpose, email: row.string(2)? })
}
