//! Accounts: who may sign in to a dossier, and what the student changes in it.

use ::dossier::account::KeptAnswers;
use ::dossier::form::contact::Contact;
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use super::db::{Db, Row, values};
use crate::failure::Failure;

mod kept;
pub(crate) use kept::answers;

/// The account of one dossier.
pub(crate) struct Account {
    pub(crate) dossier: Uuid,
    pub(crate) space: Uuid,
    pub(crate) number: String,
    pub(crate) email: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    birth_date: String,
    /// None while none was chosen.
    pub(crate) password_hash: Option<String>,
    pub(crate) activated_ms: i64,
    /// When the space that deposited the dossier lost its access; 0 while it has it.
    pub(crate) space_closed_ms: i64,
}

impl Account {
    /// Whether somebody proved that they read its mail.
    pub(crate) fn is_active(&self) -> bool {
        self.activated_ms != 0
    }

    /// The day of birth, for what a password must not hold.
    pub(crate) fn birth(&self) -> Option<Date> {
        Date::parse(&self.birth_date, format_description!("[year]-[month]-[day]")).ok()
    }

    fn read(row: &dyn Row) -> Result<Self, Failure> {
        Ok(Self {
            dossier: row.uuid(0)?,
            space: row.uuid(1)?,
            number: row.string(2)?,
            email: row.string(3)?,
            given_name: row.string(4)?,
            family_name: row.string(5)?,
            birth_date: row.string(6)?,
            password_hash: Some(row.string(7)?).filter(|hash| !hash.is_empty()),
            activated_ms: row.int(8)?,
            space_closed_ms: row.int(9)?,
        })
    }
}

const ACCOUNTS: &str = "SELECT draft, space, number, email, given_name, family_name, birth_date,
         password_hash, activated_ms, space_closed_ms
     FROM account JOIN dossier ON draft = account.dossier";

/// Opens the account of a dossier; without a hash no password was chosen with the application.
pub(crate) fn open(
    db: &mut dyn Db,
    dossier: Uuid,
    password_hash: Option<&str>,
) -> Result<(), Failure> {
    let hash = password_hash.unwrap_or_default();
    db.insert("account", &[("dossier", (&dossier).into()), ("password_hash", hash.into())])
}

/// The account of a number.
pub(crate) fn by_number(db: &mut dyn Db, number: &str) -> Result<Option<Account>, Failure> {
    db.optional(&format!("{ACCOUNTS} WHERE number = ?1"), values![number], Account::read)
}

/// The account of a dossier.
pub(crate) fn of(db: &mut dyn Db, dossier: Uuid) -> Result<Account, Failure> {
    let found = format!("{ACCOUNTS} WHERE draft = ?1");
    db.optional(&found, values![&dossier], Account::read)?.ok_or(Failure::Unknown)
}

/// Every account of an address: brothers and sisters may share their parents'.
pub(crate) fn by_email(db: &mut dyn Db, email: &str) -> Result<Vec<Account>, Failure> {
    let found = format!("{ACCOUNTS} WHERE email = ?1 ORDER BY received_ms, draft");
    db.all(&found, values![email], Account::read)
}

/// Notes that somebody reads the mail of this account; the first time counts.
pub(crate) fn activate(db: &mut dyn Db, dossier: Uuid, now_ms: i64) -> Result<(), Failure> {
    db.execute(
        "UPDATE account SET activated_ms = ?2 WHERE dossier = ?1 AND activated_ms = 0",
        values![&dossier, now_ms],
    )?;
    Ok(())
}

/// Begins an account anew: whoever read the mail of the former address is out.
pub(crate) fn begin_anew(db: &mut dyn Db, dossier: Uuid) -> Result<(), Failure> {
    db.execute(
        "UPDATE account SET activated_ms = 0, password_hash = '' WHERE dossier = ?1",
        values![&dossier],
    )?;
    Ok(())
}

/// Keeps the hash of another password.
pub(crate) fn set_password(db: &mut dyn Db, dossier: Uuid, hash: &str) -> Result<(), Failure> {
    let set = "UPDATE account SET password_hash = ?2 WHERE dossier = ?1";
    db.execute(set, values![&dossier, hash])?;
    Ok(())
}

/// Keeps another address.
pub(crate) fn set_email(db: &mut dyn Db, dossier: Uuid, email: &str) -> Result<(), Failure> {
    db.execute("UPDATE dossier SET email = ?2 WHERE draft = ?1", values![&dossier, email])?;
    Ok(())
}

/// Whether the space that deposited the dossier may read it: 0, or since when no more.
pub(crate) fn close_space(db: &mut dyn Db, dossier: Uuid, closed_ms: i64) -> Result<(), Failure> {
    let set = "UPDATE account SET space_closed_ms = ?2 WHERE dossier = ?1";
    db.execute(set, values![&dossier, closed_ms])?;
    Ok(())
}

/// Keeps another phone number and another home.
pub(crate) fn set_contact(
    db: &mut dyn Db,
    dossier: Uuid,
    contact: &Contact,
) -> Result<(), Failure> {
    let mut columns = vec![("phone_number", contact.phone_number.as_str().into())];
    columns.extend(super::dossier::columns::address(&contact.address));
    db.update("dossier", &columns, ("draft", (&dossier).into()))
}

/// What else a dossier holds, for a phone that did not deposit it.
pub(crate) struct Told {
    pub(crate) receipt: Vec<u8>,
    pub(crate) answers: KeptAnswers,
}

/// Receipt and answers of a dossier.
pub(crate) fn told(db: &mut dyn Db, dossier: Uuid) -> Result<Told, Failure> {
    let bound = super::dossier::bound(db, dossier)?.ok_or(Failure::Unknown)?;
    Ok(Told { receipt: bound.receipt, answers: answers(db, dossier)? })
}
