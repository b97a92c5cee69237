//! Mails that wait to leave, and those that somebody asked for without signing in.

use ::dossier::form::identity::Email;
use uuid::Uuid;

use super::account::{self, Account};
use super::db::{Db, Row, values};
use super::proof::{self, Purpose, Secret};
use crate::failure::Failure;

/// Requests that are looked up in one transaction.
const MOST_ASKS: i64 = 100;

/// What a mail says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Activation,
    Reset,
    /// To a new address: is it yours?
    Address,
    /// The dossiers of this address.
    Numbers,
    PasswordChanged,
    AddressChanged,
    /// A reviewer asked for a correction.
    ToCorrect,
    Erased,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Activation,
        Self::Reset,
        Self::Address,
        Self::Numbers,
        Self::PasswordChanged,
        Self::AddressChanged,
        Self::ToCorrect,
        Self::Erased,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Reset => "reset",
            Self::Address => "address",
            Self::Numbers => "numbers",
            Self::PasswordChanged => "password_changed",
            Self::AddressChanged => "address_changed",
            Self::ToCorrect => "to_correct",
            Self::Erased => "erased",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A mail that this server sends now, and nobody else meanwhile.
pub(crate) struct Claimed {
    pub(crate) id: Uuid,
    pub(crate) kind: Kind,
    pub(crate) recipient: String,
    pub(crate) secret: Option<Secret>,
    pub(crate) made_ms: i64,
    /// How often it was tried, this time included.
    pub(crate) tries: u32,
    /// First name and number of the dossier that it is about; of every dossier of the address, for
    /// [`Kind::Numbers`].
    pub(crate) about: Vec<About>,
}

/// A dossier, as far as a mail names it.
pub(crate) struct About {
    pub(crate) given_name: String,
    pub(crate) number: String,
    pub(crate) has_password: bool,
}

impl From<Account> for About {
    fn from(account: Account) -> Self {
        let has_password = account.password_hash.is_some();
        Self { given_name: account.given_name, number: account.number, has_password }
    }
}

/// Queues a mail, in the same transaction as its cause.
pub(crate) fn queue(
    db: &mut dyn Db,
    kind: Kind,
    recipient: &str,
    dossier: Option<Uuid>,
    secret: Option<Secret>,
    now_ms: i64,
) -> Result<(), Failure> {
    let id: [u8; 16] = crate::app::random()?;
    let dossier: &[u8] = dossier.as_ref().map_or(&[], |id| id.as_bytes());
    let secret: &[u8] = secret.as_ref().map_or(&[], |secret| &secret.0);
    db.insert(
        "mail",
        &[
            ("id", (&id).into()),
            ("kind", kind.as_str().into()),
            ("recipient", recipient.into()),
            ("dossier", dossier.into()),
            ("secret", secret.into()),
            ("made_ms", now_ms.into()),
            ("due_ms", now_ms.into()),
        ],
    )
}

/// Notes that somebody asks for a mail; whether there is such an account is looked up later.
pub(crate) fn ask(db: &mut dyn Db, kind: Kind, about: &str, now_ms: i64) -> Result<(), Failure> {
    db.insert(
        "mail_ask",
        &[("kind", kind.as_str().into()), ("about", about.into()), ("asked_ms", now_ms.into())],
    )
}

/// Looks up what was asked for: mails for the accounts that there are. `true` when more waits.
pub(crate) fn answer_asks(db: &mut dyn Db, now_ms: i64) -> Result<bool, Failure> {
    let asks = db.all(
        "SELECT id, kind, about FROM mail_ask ORDER BY id LIMIT ?1",
        values![MOST_ASKS],
        |row| Ok((row.int(0)?, Kind::parse(row.text(1)?), row.string(2)?)),
    )?;
    for (id, kind, about) in &asks {
        db.execute("DELETE FROM mail_ask WHERE id = ?1", values![*id])?;
        match kind {
            Some(Kind::Numbers) => answer_numbers(db, about, now_ms)?,
            Some(Kind::Activation) => answer_number(db, Purpose::Activation, about, now_ms)?,
            Some(Kind::Reset) => answer_number(db, Purpose::Reset, about, now_ms)?,
            _ => {}
        }
    }
    Ok(i64::try_from(asks.len()).is_ok_and(|count| count == MOST_ASKS))
}

fn answer_number(
    db: &mut dyn Db,
    purpose: Purpose,
    number: &str,
    now_ms: i64,
) -> Result<(), Failure> {
    let Some(account) = account::by_number(db, number)? else { return Ok(()) };
    // Nothing is left to activate.
    if purpose == Purpose::Activation && account.is_active() && account.password_hash.is_some() {
        return Ok(());
    }
    proof::issue(db, account.dossier, purpose, &account.email, now_ms)
}

fn answer_numbers(db: &mut dyn Db, email: &str, now_ms: i64) -> Result<(), Failure> {
    let waits = "SELECT 1 FROM mail WHERE recipient = ?1 AND kind = 'numbers'";
    if account::by_email(db, email)?.is_empty() || db.exists(waits, values![email])? {
        return Ok(());
    }
    queue(db, Kind::Numbers, email, None, None, now_ms)
}

/// Takes the mails that are due, for `lease_ms`: a server that ends meanwhile leaves them to
/// whoever comes after that.
pub(crate) fn claim(
    db: &mut dyn Db,
    now_ms: i64,
    lease_ms: i64,
    most: i64,
) -> Result<Vec<Claimed>, Failure> {
    let mut claimed = db.all(
        "UPDATE mail SET due_ms = ?2, tries = tries + 1 WHERE id IN
             (SELECT id FROM mail WHERE due_ms <= ?1 ORDER BY due_ms LIMIT ?3)
         RETURNING id, kind, recipient, secret, made_ms, tries, dossier",
        values![now_ms, now_ms + lease_ms, most],
        |row| Ok((read(row)?, <[u8; 16]>::try_from(row.bytes(6)?).ok().map(Uuid::from_bytes))),
    )?;
    for (mail, dossier) in &mut claimed {
        let accounts = match (mail.kind, dossier) {
            (Kind::Numbers, _) => account::by_email(db, &mail.recipient)?,
            (_, Some(dossier)) => account::of(db, *dossier).into_iter().collect(),
            _ => Vec::new(),
        };
        mail.about = accounts.into_iter().map(About::from).collect();
    }
    Ok(claimed.into_iter().map(|(mail, _)| mail).collect())
}

fn read(row: &dyn Row) -> Result<Claimed, Failure> {
    let kind = Kind::parse(row.text(1)?);
    Ok(Claimed {
        id: row.uuid(0)?,
        kind: kind.ok_or_else(|| anyhow::anyhow!("a stored kind of mail cannot be read"))?,
        recipient: row.string(2)?,
        secret: <[u8; 16]>::try_from(row.bytes(3)?).ok().map(Secret),
        made_ms: row.int(4)?,
        tries: row.small(5)?,
        about: Vec::new(),
    })
}

/// The mail has left: nothing of it stays, and the time of what it proves begins.
pub(crate) fn sent(db: &mut dyn Db, mail: &Claimed, now_ms: i64) -> Result<(), Failure> {
    if let Some(secret) = mail.secret {
        proof::begin(db, secret, now_ms)?;
    }
    forget(db, mail.id)
}

/// Tries it again at that time.
pub(crate) fn put_off(db: &mut dyn Db, id: Uuid, due_ms: i64) -> Result<(), Failure> {
    db.execute("UPDATE mail SET due_ms = ?2 WHERE id = ?1", values![&id, due_ms])?;
    Ok(())
}

/// Nobody will send it any more.
pub(crate) fn forget(db: &mut dyn Db, id: Uuid) -> Result<(), Failure> {
    db.execute("DELETE FROM mail WHERE id = ?1", values![&id])?;
    Ok(())
}

/// Whether somebody asked for a mail.
pub(crate) fn is_asked(db: &mut dyn Db) -> Result<bool, Failure> {
    db.exists("SELECT 1 FROM mail_ask", &[])
}

/// Whether a mail is due.
pub(crate) fn is_due(db: &mut dyn Db, now_ms: i64) -> Result<bool, Failure> {
    db.exists("SELECT 1 FROM mail WHERE due_ms <= ?1", values![now_ms])
}

/// How many mails wait.
pub(crate) fn waiting(db: &mut dyn Db) -> Result<i64, Failure> {
    db.one("SELECT count(*) FROM mail", &[], |row| row.int(0))
}

/// An address, as mails and dossiers hold it; nothing else is ever asked for.
pub(crate) fn address(typed: &str) -> Result<Email, Failure> {
    Email::parse(typed).map_err(|_| Failure::Malformed)
}
