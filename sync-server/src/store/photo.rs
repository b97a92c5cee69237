//! Identity photos, by space and hash.

use uuid::Uuid;

use super::db::{Db, Value, values};
use crate::app::App;
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
pub(crate) async fn missing(
    app: &App,
    space: Uuid,
    asked: Vec<[u8; 32]>,
) -> Result<Vec<[u8; 32]>, Failure> {
    let look = move |photos: &mut dyn Db| {
        let mut known = vec![false; asked.len()];
        let found = "SELECT 1 FROM photo WHERE space = ?1 AND hash = ?2";
        photos.each_many(found, 2, &places(&space, &asked), &mut |at, _| {
            known.iter_mut().skip(at).take(1).for_each(|known| *known = true);
            Ok(())
        })?;
        let unknown = |(hash, known): (&[u8; 32], bool)| (!known).then_some(*hash);
        Ok(asked.iter().zip(known).filter_map(unknown).collect())
    };
    app.photos.read(look).await
}

/// Erases photos of a space.
pub(crate) async fn forget(app: &App, space: Uuid, hashes: Vec<[u8; 32]>) -> Result<(), Failure> {
    let erase = move |photos: &mut dyn Db| {
        let erased = "DELETE FROM photo WHERE space = ?1 AND hash = ?2";
        photos.execute_many(erased, 2, &places(&space, &hashes))
    };
    app.photos.write(erase).await
}

fn places<'a>(space: &'a Uuid, hashes: &'a [[u8; 32]]) -> Vec<Value<'a>> {
    hashes.iter().flat_map(|hash| [space.into(), hash.into()]).collect()
}

/// Whether the server has seen this draft name this photo.
pub(crate) fn is_referenced(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
    photo: &[u8; 32],
) -> Result<bool, Failure> {
    let known = "SELECT 1 FROM photo_reference WHERE space = ?1 AND photo = ?2 AND draft = ?3";
    db.exists(known, values![&space, photo, &draft])
}

/// Notes that a draft names a photo: from now on the photo may be sent.
pub(crate) fn refer(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
    photo: &[u8; 32],
) -> Result<(), Failure> {
    db.execute(
        "INSERT INTO photo_reference (space, photo, draft) VALUES (?1, ?2, ?3)
         ON CONFLICT (space, photo, draft) DO NOTHING",
        values![&space, photo, &draft],
    )?;
    Ok(())
}

/// Whether a photo of this space may be sent.
pub(crate) fn may_be_sent(db: &mut dyn Db, space: Uuid, photo: &[u8; 32]) -> Result<bool, Failure> {
    let named = "SELECT 1 FROM photo_reference WHERE space = ?1 AND photo = ?2";
    db.exists(named, values![&space, photo])
}
