//! The default place of the photos: a `SQLite` file of their own, so that the main one stays small.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use dossier::document::Hash;
use uuid::Uuid;

use super::{Named, Photos};
use crate::failure::Failure;
use crate::store::Store;
use crate::store::db::{Db, Value, values};
use crate::store::sqlite::Sqlite;

/// The file, behind its one writer: photos that come together share an fsync.
pub(super) struct PhotoFile(Arc<dyn Store>);

impl PhotoFile {
    /// Opens the file under `data`.
    pub(super) fn open(data: &Path, inline: bool) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Sqlite::open_photos(data, inline)?)))
    }
}

#[async_trait]
impl Photos for PhotoFile {
    async fn reach(&self) -> Result<(), Failure> {
        self.0.read(|photos| photos.exists("SELECT 1 FROM photo", &[])).await?;
        Ok(())
    }

    async fn keep(&self, photo: Named, jpeg: Bytes, now_ms: i64) -> Result<(), Failure> {
        let keep = move |photos: &mut dyn Db| {
            photos.execute(
                "INSERT INTO photo (space, hash, bytes, stored_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (space, hash) DO NOTHING",
                values![&photo.space, &photo.hash, &jpeg[..], now_ms],
            )?;
            Ok(())
        };
        self.0.write(keep).await
    }

    async fn bytes(&self, photo: Named) -> Result<Option<Bytes>, Failure> {
        let read = move |photos: &mut dyn Db| {
            photos.optional(
                "SELECT bytes FROM photo WHERE space = ?1 AND hash = ?2",
                values![&photo.space, &photo.hash],
                |row| row.bytes(0).map(Bytes::copy_from_slice),
            )
        };
        self.0.read(read).await
    }

    async fn missing(&self, space: Uuid, asked: Vec<Hash>) -> Result<Vec<Hash>, Failure> {
        let look = move |photos: &mut dyn Db| {
            let mut known = vec![false; asked.len()];
            let found = "SELECT 1 FROM photo WHERE space = ?1 AND hash = ?2";
            photos.each_many(found, 2, &places(&space, &asked), &mut |at, _| {
                known.iter_mut().skip(at).take(1).for_each(|known| *known = true);
                Ok(())
            })?;
            let unknown = |(hash, known): (&Hash, bool)| (!known).then_some(*hash);
            Ok(asked.iter().zip(known).filter_map(unknown).collect())
        };
        self.0.read(look).await
    }

    async fn forget(&self, space: Uuid, hashes: Vec<Hash>) -> Result<(), Failure> {
        let erase = move |photos: &mut dyn Db| {
            let erased = "DELETE FROM photo WHERE space = ?1 AND hash = ?2";
            photos.execute_many(erased, 2, &places(&space, &hashes))
        };
        self.0.write(erase).await
    }

    /// From the index alone: a row's own pages are the whole photo.
    async fn kept(&self) -> Result<Vec<Named>, Failure> {
        let read = |photos: &mut dyn Db| {
            photos.all("SELECT space, hash FROM photo", &[], |row| {
                Ok(Named { space: row.uuid(0)?, hash: row.array(1)? })
            })
        };
        self.0.read(read).await
    }

    async fn forget_older(&self, old: Vec<Named>, before_ms: i64) -> Result<(), Failure> {
        let erase = move |photos: &mut dyn Db| {
            let erased = "DELETE FROM photo WHERE space = ?1 AND hash = ?2 AND stored_ms < ?3";
            let values = |photo| {
                let Named { space, hash }: &Named = photo;
                [space.into(), hash.into(), before_ms.into()]
            };
            photos.execute_many(erased, 3, &old.iter().flat_map(values).collect::<Vec<Value<'_>>>())
        };
        self.0.write(erase).await
    }
}

fn places<'a>(space: &'a Uuid, hashes: &'a [Hash]) -> Vec<Value<'a>> {
    hashes.iter().flat_map(|hash| [space.into(), hash.into()]).collect()
}
