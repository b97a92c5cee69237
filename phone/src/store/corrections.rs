//! Corrections of dossiers: each is a draft of its own, named by the request that it answers.

use dossier::card::Standing;
use dossier::document::Change;
use dossier::signed::RegionKey;
use dossier::sync::{DossierId, Receipt};
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::history::insert_change;
use super::quarantine::stamp;
use crate::trouble::Trouble;

impl Store {
    /// Begins the answer to a request: what the Region has, as a draft that is never sent as one, with
    /// the photo of the dossier. Begun before, nothing changes, unless it is damaged: nobody else has it.
    pub(crate) fn begin_correction(
        &mut self,
        id: &DossierId,
        dossier: &DossierId,
        change: &Change,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.seal("change", id, &change.bytes)?;
        let photo = match (self.photo(dossier)?, self.photo_row(dossier)?) {
            (Some(jpeg), Some(row)) => Some((self.seal("photo", id, &jpeg)?, row)),
            _ => None,
        };
        let transaction = self.connection.transaction()?;
        let damaged = "DELETE FROM draft WHERE id = ?1 AND state = 'correction' AND damaged = 1";
        transaction.execute(damaged, [id])?;
        let begun = transaction.execute(
            "INSERT INTO draft (id, state, created_ms, changed_ms, corrects)
             VALUES (?1, 'correction', ?2, ?2, ?3) ON CONFLICT (id) DO NOTHING",
            params![id, now_ms, dossier],
        )?;
        if begun == 0 {
            return Ok(());
        }
        insert_change(&transaction, id, change, &sealed, false)?;
        if let Some((sealed, row)) = photo {
            transaction.execute(
                "INSERT INTO photo (draft, hash, sealed, bytes, width, height)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![id, row.hash, sealed, row.bytes, row.width, row.height],
            )?;
        }
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Queues a correction: from now on it waits for the server, and is not edited.
    pub(crate) fn queue_correction(
        &self,
        id: &DossierId,
        dossier: &DossierId,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute("UPDATE draft SET trouble = NULL WHERE id = ?1", [id])?;
        stamp(&transaction, id)?;
        queue(&transaction, id, dossier, now_ms)?;
        Ok(transaction.commit()?)
    }

    /// When the correction of a dossier was queued, if it waits for the server.
    pub(crate) fn queued_correction(&self, dossier: &DossierId) -> Result<Option<i64>, Trouble> {
        let query = "SELECT asked_ms FROM outbox WHERE draft = ?1 AND kind = 'correction'";
        Ok(self.connection.query_row(query, [dossier], |row| row.get(0)).optional()?)
    }

    /// The server cannot take a correction as it is: it is edited again.
    pub(crate) fn reopen_correction(&self, id: &DossierId, word: &str) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
        transaction.execute("UPDATE draft SET trouble = ?2 WHERE id = ?1", params![id, word])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// The receipt of a dossier, if it is there and the Region's.
    pub(crate) fn receipt(
        &self,
        dossier: &DossierId,
        region_key: &RegionKey,
    ) -> Result<Option<Receipt>, Trouble> {
        let query = "SELECT signed FROM receipt WHERE draft = ?1";
        let signed: Option<Vec<u8>> =
            self.connection.query_row(query, [dossier], |row| row.get(0)).optional()?;
        Ok(signed.and_then(|signed| Receipt::open(&signed, region_key).ok()))
    }
}

/// Puts a correction into the outbox; one of a dossier at a time.
pub(super) fn queue(
    connection: &Connection,
    id: &DossierId,
    dossier: &DossierId,
    asked_ms: i64,
) -> Result<(), Trouble> {
    connection.execute(
        "INSERT INTO outbox (id, draft, kind, asked_ms) VALUES (?1, ?2, 'correction', ?3)
         ON CONFLICT (draft, kind) DO NOTHING",
        params![id, dossier, asked_ms],
    )?;
    Ok(())
}

/// Erases what answers a request that the server does not make, or not any more. `true` when there was
/// something to erase.
pub(super) fn end_corrections(
    connection: &Connection,
    dossier: &DossierId,
    standing: &Standing,
) -> Result<bool, Trouble> {
    let open = standing.correction.as_ref().map(|it| it.id.into_bytes().to_vec());
    let open = open.unwrap_or_default();
    let drafts = "DELETE FROM draft WHERE state = 'correction' AND corrects = ?1 AND id <> ?2";
    let erased = connection.execute(drafts, params![dossier, open])?;
    let queued = "DELETE FROM outbox WHERE draft = ?1 AND kind = 'correction' AND id <> ?2";
    connection.execute(queued, params![dossier, open])?;
    Ok(erased > 0)
}
