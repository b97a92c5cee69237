//! Identity photos, by space and hash.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::failure::Failure;

/// Keeps a photo; the same one again changes nothing.
pub(crate) fn keep(
    photos: &Connection,
    space: Uuid,
    hash: &[u8; 32],
    bytes: &[u8],
    now_ms: i64,
) -> Result<(), Failure> {
    photos
        .prepare_cached(
            "INSERT OR IGNORE INTO photo (space, hash, bytes, stored_ms) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![space.as_bytes(), hash, bytes, now_ms])?;
    Ok(())
}

/// The bytes of a photo of this space.
pub(crate) fn bytes(
    photos: &Connection,
    space: Uuid,
    hash: &[u8; 32],
) -> Result<Option<Vec<u8>>, Failure> {
    let found = photos
        .prepare_cached("SELECT bytes FROM photo WHERE space = ?1 AND hash = ?2")?
        .query_row(params![space.as_bytes(), hash], |row| row.get(0))
        .optional()?;
    Ok(found)
}

/// Those of `asked` that this space has not stored.
pub(crate) fn missing(
    photos: &Connection,
    space: Uuid,
    asked: &[[u8; 32]],
) -> Result<Vec<[u8; 32]>, Failure> {
    let mut known = photos.prepare_cached("SELECT 1 FROM photo WHERE space = ?1 AND hash = ?2")?;
    let mut missing = Vec::new();
    for hash in asked {
        if !known.exists(params![space.as_bytes(), hash])? {
            missing.push(*hash);
        }
    }
    Ok(missing)
}
