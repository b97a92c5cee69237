//! How students sign in.

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::failure::Failure;

/// Keeps the hash of the password that was chosen with the application.
pub(crate) fn open(db: &Connection, dossier: Uuid, password_hash: &str) -> Result<(), Failure> {
    db.prepare_cached("INSERT INTO account (dossier, password_hash) VALUES (?1, ?2)")?
        .execute(params![dossier.as_bytes(), password_hash])?;
    Ok(())
}
