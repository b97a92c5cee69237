//! What a link or a code of a mail opens: an account, a password, an address.

use dossier::account::{Code, Link};
use dossier::form::password::{self, Personal};
use dossier::form::{Field, FieldRefusal, Refusal};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::store;
use crate::store::account::Account;
use crate::store::db::Db;
use crate::store::mail::Kind;
use crate::store::proof::{Proof, Purpose, Secret};

/// What somebody brought back from a mail.
#[derive(Clone)]
pub(crate) enum Brought {
    /// They followed its link.
    Link(Link),
    /// They typed its code.
    Code(Uuid, Purpose, Code),
}

/// What it proves, and whose account it is.
pub(crate) struct Proven {
    pub(crate) proof: Proof,
    pub(crate) account: Account,
}

impl Proven {
    /// Whether a password must be chosen along with it.
    pub(crate) fn needs_password(&self) -> bool {
        match self.proof.purpose {
            Purpose::Reset => true,
            Purpose::Activation => self.account.password_hash.is_none(),
            Purpose::Address => false,
        }
    }
}

impl Brought {
    /// What it proves now; nothing when it was used, is too old, or never was.
    pub(crate) fn proven(&self, db: &mut dyn Db, now_ms: i64) -> Result<Proven, Failure> {
        let proof = match self {
            Self::Link(link) => store::proof::by_link(db, &Secret(link.bits()).hash(), now_ms)?,
            Self::Code(dossier, purpose, code) => {
                store::proof::by_code(db, *dossier, *purpose, code, now_ms)?
            }
        };
        let proof = proof.ok_or(Failure::WrongCode)?;
        let account = store::account::of(db, proof.dossier)?;
        Ok(Proven { proof, account })
    }
}

/// Does what it opens, once: a second time it proves nothing.
pub(crate) async fn accept(
    app: &App,
    device: Option<Device>,
    brought: Brought,
    password: Option<String>,
) -> Result<Purpose, Failure> {
    let (now_ms, asked) = (app.now_ms(), brought.clone());
    let proven = app.store.read(move |db| asked.proven(db, now_ms)).await?;
    let hash = if proven.needs_password() {
        Some(hashed(app, &proven.account, password.unwrap_or_default()).await?)
    } else {
        None
    };
    let done = app.store.write(move |db| {
        // Brought twice at the same time: the second finds nothing.
        let proven = brought.proven(db, now_ms)?;
        let purpose = proven.proof.purpose;
        store::proof::end(db, proven.account.dossier, purpose)?;
        conclude(db, device, &proven, hash.as_deref(), now_ms)?;
        Ok(purpose)
    });
    let purpose = done.await?;
    app.post.wake();
    Ok(purpose)
}

fn conclude(
    db: &mut dyn Db,
    device: Option<Device>,
    proven: &Proven,
    hash: Option<&str>,
    now_ms: i64,
) -> Result<(), Failure> {
    let Proven { proof, account } = proven;
    let id = account.dossier;
    match proof.purpose {
        Purpose::Activation => {
            // The address may have been changed since the mail left.
            if proof.email != account.email {
                return Err(Failure::WrongCode);
            }
            if let Some(hash) = hash {
                store::account::set_password(db, id, hash)?;
            }
            store::account::activate(db, id, now_ms)
        }
        Purpose::Reset => {
            change_password(db, device, account, hash.unwrap_or_default(), now_ms)?;
            store::account::activate(db, id, now_ms)
        }
        Purpose::Address => {
            store::account::set_email(db, id, &proof.email)?;
            store::account::activate(db, id, now_ms)?;
            // What went to the former address opens nothing any more.
            store::proof::end(db, id, Purpose::Activation)?;
            store::proof::end(db, id, Purpose::Reset)?;
            for recipient in [&account.email, &proof.email] {
                let kind = Kind::AddressChanged;
                store::mail::queue(db, kind, recipient, Some(id), None, now_ms)?;
            }
            Ok(())
        }
    }
}

/// Keeps another password, signs every other device out, and tells whoever reads the account's mail.
pub(crate) fn change_password(
    db: &mut dyn Db,
    device: Option<Device>,
    account: &Account,
    hash: &str,
    now_ms: i64,
) -> Result<(), Failure> {
    let id = account.dossier;
    store::account::set_password(db, id, hash)?;
    store::session::close_others(db, device, (id, account.space), now_ms)?;
    // An address that somebody else asked for is not proved any more, nor is a reset that waits.
    store::proof::end(db, id, Purpose::Address)?;
    store::proof::end(db, id, Purpose::Reset)?;
    store::mail::queue(db, Kind::PasswordChanged, &account.email, Some(id), None, now_ms)
}

/// The hash of a password that is good for this person; the refusal is the form's.
pub(crate) async fn hashed(app: &App, account: &Account, typed: String) -> Result<String, Failure> {
    let names = [account.given_name.as_str(), account.family_name.as_str()];
    let personal = Personal { names, birth: account.birth() };
    password::check(&typed, &typed, &personal).map_err(refused)?;
    app.passwords.hash(typed).await
}

/// A password that is not good enough, as the form says it.
pub(crate) fn refused(refusal: Refusal) -> Failure {
    let field = Field::Password;
    Failure::Incomplete(vec![FieldRefusal { field, step: field.step(), refusal }])
}
