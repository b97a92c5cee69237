//! Spaces, and the devices that may use them.

use uuid::Uuid;

use super::db::{Db, values};
use crate::failure::Failure;

/// A device that proved its token, and the space it may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownDevice {
    pub(crate) id: i64,
    pub(crate) space: Uuid,
}

/// The device of a token, when it is bound to a space.
pub(crate) fn device(
    db: &mut dyn Db,
    token_hash: &[u8; 32],
) -> Result<Option<KnownDevice>, Failure> {
    db.optional("SELECT id, space FROM device WHERE token_hash = ?1", values![token_hash], |row| {
        Ok(KnownDevice { id: row.int(0)?, space: row.uuid(1)? })
    })
}

/// Binds a token to a space for ever. A space that another token holds, or a token that holds
/// another space, is refused.
pub(crate) fn bind(
    db: &mut dyn Db,
    token_hash: &[u8; 32],
    space: Uuid,
    now_ms: i64,
) -> Result<(), Failure> {
    if let Some(known) = device(db, token_hash)? {
        return if known.space == space { Ok(()) } else { Err(Failure::Forbidden) };
    }
    let made = db.execute(
        "INSERT INTO space (id, created_ms) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        values![&space, now_ms],
    )?;
    if made == 0 {
        return Err(Failure::Forbidden);
    }
    db.insert(
        "device",
        &[
            ("token_hash", token_hash.into()),
            ("space", (&space).into()),
            ("created_ms", now_ms.into()),
        ],
    )
}
