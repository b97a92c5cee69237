//! How students sign in.

use uuid::Uuid;

use super::db::Db;
use crate::failure::Failure;

/// Keeps the hash of the password that was chosen with the application.
pub(crate) fn open(db: &mut dyn Db, dossier: Uuid, password_hash: &str) -> Result<(), Failure> {
    db.insert("account", &[("dossier", (&dossier).into()), ("password_hash", password_hash.into())])
}
