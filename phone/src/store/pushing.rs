//! What the server has of the drafts, and what still has to reach it.

use dossier::document::{Change, Hash};
use dossier::sync::DossierId;
use rusqlite::params;

use super::Store;
use crate::trouble::Trouble;

/// A change that the server may not have.
pub(crate) struct ToPush {
    pub(crate) n: i64,
    pub(crate) draft: DossierId,
    pub(crate) change: Change,
}

impl Store {
    /// The oldest changes that the server has not confirmed.
    pub(crate) fn changes_to_push(&self, most: u32) -> Result<Vec<ToPush>, Trouble> {
        let query =
            "SELECT n, draft, hash, sealed FROM change JOIN draft ON draft.id = change.draft
             WHERE pushed = 0 AND discarded_ms IS NULL ORDER BY n LIMIT ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([most], |row| {
            let read: (i64, DossierId, Hash, Vec<u8>) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(read)
        })?;
        rows.map(|row| {
            let (n, draft, hash, sealed) = row?;
            let bytes = self.unseal("change", &draft, &sealed)?;
            Ok(ToPush { n, draft, change: Change { hash, bytes } })
        })
        .collect()
    }

    /// What the server said of these changes: it has the first and will never take the others.
    pub(crate) fn settle(&mut self, stored: &[i64], refused: &[i64]) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        for n in stored {
            transaction.execute("UPDATE change SET pushed = 1 WHERE n = ?1", [n])?;
        }
        for n in refused {
            transaction.execute("UPDATE change SET pushed = 2 WHERE n = ?1", [n])?;
        }
        Ok(transaction.commit()?)
    }

    /// The server lost a draft that it had confirmed: all of it waits again.
    pub(crate) fn push_again(&mut self, id: &DossierId) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        transaction.execute("UPDATE change SET pushed = 0 WHERE draft = ?1", [id])?;
        transaction.execute("UPDATE photo SET pushed = 0 WHERE draft = ?1", [id])?;
        Ok(transaction.commit()?)
    }

    /// The photos that the server has not confirmed: draft and hash.
    pub(crate) fn photos_to_push(&self) -> Result<Vec<(DossierId, Hash)>, Trouble> {
        let query = "SELECT draft, hash FROM photo JOIN draft ON draft.id = photo.draft
                     WHERE pushed = 0 AND discarded_ms IS NULL";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn confirm_photo(&self, id: &DossierId, hash: &Hash) -> Result<(), Trouble> {
        let query = "UPDATE photo SET pushed = 1 WHERE draft = ?1 AND hash = ?2";
        self.connection.execute(query, params![id, hash])?;
        Ok(())
    }

    /// Changes, photos and requests that the server has not confirmed.
    pub(crate) fn pending(&self) -> Result<u32, Trouble> {
        let query = "WITH listed AS (SELECT id FROM draft WHERE discarded_ms IS NULL)
             SELECT (SELECT count(*) FROM change JOIN listed ON id = draft WHERE pushed = 0)
                  + (SELECT count(*) FROM photo JOIN listed ON id = draft WHERE pushed = 0)
                  + (SELECT count(*) FROM outbox)";
        Ok(self.connection.query_row(query, [], |row| row.get(0))?)
    }
}
