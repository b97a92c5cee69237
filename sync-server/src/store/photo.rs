//! Identity photos, by space and hash: one trait, whose every answer is about one space alone.

mod file;
mod leftover;
mod objects;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use dossier::document::Hash;
use uuid::Uuid;

use super::db::{Db, values};
use crate::config::PhotoPlace;
use crate::failure::Failure;
pub(crate) use leftover::erase_leftover;

/// Where they are by default, under the folder of the server.
pub(crate) const FILE: &str = "photos.sqlite";

/// Opens the place of the photos: the `SQLite` file under `data`, unless another is named.
pub(crate) fn open(
    data: &Path,
    place: &PhotoPlace,
    inline: bool,
) -> anyhow::Result<Arc<dyn Photos>> {
    let elsewhere = !matches!(place, PhotoPlace::File);
    anyhow::ensure!(!inline || !elsewhere, "photos elsewhere are never without threads");
    Ok(match place {
        PhotoPlace::File => Arc::new(file::PhotoFile::open(data, inline)?),
        PhotoPlace::Folder(folder) => Arc::new(objects::Objects::folder(folder)?),
        PhotoPlace::Bucket(bucket) => Arc::new(objects::Objects::bucket(bucket)?),
    })
}

/// Where photos are kept. What is told to be kept is on the disk.
#[async_trait]
pub(crate) trait Photos: Send + Sync {
    /// Whether photos can be reached now.
    async fn reach(&self) -> Result<(), Failure>;

    /// Keeps a photo; the same one again changes nothing.
    async fn keep(&self, photo: Named, jpeg: Bytes, now_ms: i64) -> Result<(), Failure>;

    /// The bytes of a photo.
    async fn bytes(&self, photo: Named) -> Result<Option<Bytes>, Failure>;

    /// Those of `asked` that this space has not stored.
    async fn missing(&self, space: Uuid, asked: Vec<Hash>) -> Result<Vec<Hash>, Failure>;

    /// Erases photos of a space; those that are not there are no failure.
    async fn forget(&self, space: Uuid, hashes: Vec<Hash>) -> Result<(), Failure>;

    /// The name of every photo.
    async fn kept(&self) -> Result<Vec<Named>, Failure>;

    /// Erases those of `photos` that were stored before a time, and what was begun before it and
    /// never came to its end.
    async fn forget_older(&self, photos: Vec<Named>, before_ms: i64) -> Result<(), Failure>;
}

/// The name of a photo: whoever knows a hash of another space learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) space: Uuid,
    pub(crate) hash: Hash,
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

#[cfg(test)]
mod tests;
