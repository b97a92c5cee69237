//! Spaces, and the devices that may use them.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::failure::Failure;

/// A device that proved its token, and the space it may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownDevice {
    pub(crate) id: i64,
    pub(crate) space: Uuid,
}

/// The device of a token, when it is bound to a space.
pub(crate) fn device(
    db: &Connection,
    token_hash: &[u8; 32],
) -> Result<Option<KnownDevice>, Failure> {
    let row = db
        .prepare_cached("SELECT id, space FROM device WHERE token_hash = ?1")?
        .query_row([token_hash], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.map(|(id, space)| KnownDevice { id, space: Uuid::from_bytes(space) }))
}

/// Binds a token to a space for ever. A space that another token holds, or a token that holds
/// another space, is refused.
pub(crate) fn bind(
    db: &Connection,
    token_hash: &[u8; 32],
    space: Uuid,
    now_ms: i64,
) -> Result<(), Failure> {
    if let Some(known) = device(db, token_hash)? {
        return if known.space == space { Ok(()) } else { Err(Failure::Forbidden) };
    }
    let made = db
        .prepare_cached("INSERT OR IGNORE INTO space (id, created_ms) VALUES (?1, ?2)")?
        .execute(params![space.as_bytes(), now_ms])?;
    if made == 0 {
        return Err(Failure::Forbidden);
    }
    db.prepare_cached("INSERT INTO device (token_hash, space, created_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![token_hash, space.as_bytes(), now_ms])?;
    Ok(())
}
