//! The photo of a draft, and how often one was not good enough.

use dossier::document::{Change, Hash};
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::drafts::touch;
use super::history::insert_change;
use super::quarantine::{end_damage, stamp};
use crate::trouble::Trouble;

/// What stands in clear of a photo.
pub(crate) struct PhotoRow {
    pub(crate) hash: Hash,
    pub(crate) bytes: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A photo that a student chose, ready to be kept.
pub(crate) struct PhotoToKeep<'a> {
    pub(crate) hash: Hash,
    pub(crate) jpeg: &'a [u8],
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Store {
    /// Keeps a photo in place of a former one, with the changes that name it, in one transaction.
    pub(crate) fn keep_photo(
        &mut self,
        id: &DossierId,
        photo: &PhotoToKeep<'_>,
        changes: &[Change],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed_photo = self.seal("photo", id, photo.jpeg)?;
        let sealed = self.sealed(id, changes)?;
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM photo WHERE draft = ?1", [id])?;
        let lost = "DELETE FROM quarantine WHERE draft = ?1 AND origin = 'photo'";
        transaction.execute(lost, [id])?;
        transaction.execute(
            "INSERT INTO photo (draft, hash, sealed, bytes, width, height)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                photo.hash,
                sealed_photo,
                photo.jpeg.len() as i64,
                photo.width,
                photo.height
            ],
        )?;
        for (change, sealed) in changes.iter().zip(&sealed) {
            insert_change(&transaction, id, change, sealed, false)?;
        }
        touch(&transaction, id, now_ms)?;
        end_damage(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    pub(crate) fn photo_row(&self, id: &DossierId) -> Result<Option<PhotoRow>, Trouble> {
        let query = "SELECT hash, bytes, width, height FROM photo WHERE draft = ?1";
        let read = |row: &Row<'_>| {
            Ok(PhotoRow {
                hash: row.get(0)?,
                bytes: row.get(1)?,
                width: row.get(2)?,
                height: row.get(3)?,
            })
        };
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement.query_row([id], read).optional()?)
    }

    /// The JPEG of a draft's photo.
    pub(crate) fn photo(&self, id: &DossierId) -> Result<Option<Vec<u8>>, Trouble> {
        let query = "SELECT sealed FROM photo WHERE draft = ?1";
        let sealed: Option<Vec<u8>> =
            self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        self.unseal_or_set_aside("photo", id, &sealed)
    }

    /// Counts a picture of this draft that broke a rule.
    pub(crate) fn count_photo_try(&self, id: &DossierId) -> Result<(), Trouble> {
        let query = "UPDATE draft SET photo_tries = photo_tries + 1 WHERE id = ?1";
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(query, [id])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// How many pictures of this draft broke a rule.
    pub(crate) fn photo_tries(&self, id: &DossierId) -> Result<u32, Trouble> {
        let query = "SELECT photo_tries FROM draft WHERE id = ?1";
        let tries = self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        tries.ok_or(Trouble::UnknownDraft)
    }
}
