//! Identity photos, by space and hash.

use uuid::Uuid;

use super::db::{Db, Value, values};
use crate::failure::Failure;

/// Keeps a photo; the same one again changes nothing.
pub(crate) fn keep(
    photos: &mut dyn Db,
    space: Uuid,
    hash: &[u8; 32],
    bytes: &[u8],
    now_ms: i64,
) -> Result<(), Failure> {
    photos.execute(
        "INSERT INTO photo (space, hash, bytes, stored_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (space, hash) DO NOTHING",
        values![&space, hash, bytes, now_ms],
    )?;
    Ok(())
}

/// The bytes of a photo of this space.
pub(crate) fn bytes(
    photos: &mut dyn Db,
    space: Uuid,
    hash: &[u8; 32],
) -> Result<Option<Vec<u8>>, Failure> {
    photos.optional(
        "SELECT bytes FROM photo WHERE space = ?1 AND hash = ?2",
        values![&space, hash],
        |row| row.bytes(0).map(<[u8]>::to_vec),
    )
}

/// Those of `asked` that this space has not stored.
pub(crate) fn missing(
    photos: &mut dyn Db,
    space: Uuid,
    asked: &[[u8; 32]],
) -> Result<Vec<[u8; 32]>, Failure> {
    let values: Vec<Value<'_>> =
        asked.iter().flat_map(|hash| [(&space).into(), hash.into()]).collect();
    let mut known = vec![false; asked.len()];
    photos.each_many(
        "SELECT 1 FROM photo WHERE space = ?1 AND hash = ?2",
        2,
        &values,
        &mut |at, _| {
            known.iter_mut().skip(at).take(1).for_each(|known| *known = true);
            Ok(())
        },
    )?;
    Ok(asked.iter().zip(known).filter(|(_, known)| !known).map(|(hash, _)| *hash).collect())
}
