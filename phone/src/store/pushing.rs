//! What the server has of the drafts, and what still has to reach it.

use dossier::document::{Change, Hash};
use dossier::sync::DossierId;
use rusqlite::{Connection, params};

use super::Store;
use crate::trouble::Trouble;

/// Setting that stands until the server was asked for everything anew.
pub(super) const ANEW: &str = "ask_anew";

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
        let rows = statement
            .query_map([most], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let rows: Vec<(i64, DossierId, Hash, Vec<u8>)> = rows.collect::<Result<_, _>>()?;
        let mut to_push = Vec::with_capacity(rows.len());
        for (n, draft, hash, sealed) in rows {
            // One that does not open is set aside: it must not hold up the others.
            if let Some(change) = self.open_change(&draft, &hash, &sealed)? {
                let change = Change { hash: change.hash(), bytes: change.bytes().to_vec() };
                to_push.push(ToPush { n, draft, change });
            }
        }
        Ok(to_push)
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
        transaction.commit()?;
        self.fold_histories()
    }

    /// The server lost a draft that it had confirmed: all of it waits again.
    pub(crate) fn push_again(&mut self, id: &DossierId) -> Result<(), Trouble> {
        self.unfold_history(id)
    }

    /// How far the space was read. Zero once after something of a draft was lost, also when an
    /// answer that was under way meanwhile says otherwise.
    pub(crate) fn cursor(&self) -> Result<u64, Trouble> {
        if self.setting(ANEW)?.is_some() {
            let query = "DELETE FROM setting WHERE name IN (?1, 'cursor')";
            self.connection.execute(query, [ANEW])?;
        }
        Ok(self.setting("cursor")?.and_then(|text| text.parse().ok()).unwrap_or(0))
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

/// The server is asked for everything anew: something that it may have was lost here.
pub(super) fn ask_anew(connection: &Connection) -> Result<(), Trouble> {
    let query = "INSERT INTO setting (name, value) VALUES (?1, '') ON CONFLICT (name) DO NOTHING";
    connection.execute(query, [ANEW])?;
    Ok(())
}
