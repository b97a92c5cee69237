//! What the server has of the drafts, what still has to reach it, and what it told.

use std::collections::BTreeSet;

use dossier::document::guard::Admitted;
use dossier::document::{Change, Hash};
use dossier::hexadecimal;
use dossier::sync::{DossierId, Epoch};
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use super::history::{insert_change, was_refused};
use super::quarantine::stamp;
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
             WHERE pushed = 0 AND discarded_ms IS NULL AND state <> 'correction'
             ORDER BY n LIMIT ?1";
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

    /// Whether there is anything that the server must still be told, photos left aside.
    pub(crate) fn has_news(&self) -> Result<bool, Trouble> {
        Ok(!self.changes_to_push(1)?.is_empty() || !self.erased(1)?.is_empty())
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

    /// How far the space was read, and in which epoch of the server. Zero once after something of a
    /// draft was lost, also when an answer that was under way meanwhile says otherwise.
    pub(crate) fn place(&self) -> Result<(Epoch, u64), Trouble> {
        if self.setting(ANEW)?.is_some() {
            let query = "DELETE FROM setting WHERE name IN (?1, 'cursor')";
            self.connection.execute(query, [ANEW])?;
        }
        let epoch = self.setting("epoch")?.and_then(|text| hexadecimal::array(&text));
        let cursor = self.setting("cursor")?.and_then(|text| text.parse().ok());
        Ok((epoch.unwrap_or_default(), cursor.unwrap_or(0)))
    }

    /// Erased drafts that the server must still be told of.
    pub(crate) fn erased(&self, most: u32) -> Result<Vec<DossierId>, Trouble> {
        let query = "SELECT draft FROM erased WHERE told = 0 LIMIT ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([most], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what the server told, and how far the space was read, in one transaction. A draft that
    /// is new to this phone is made; one that was deleted elsewhere goes here too, and none that was
    /// ever erased comes back.
    pub(crate) fn keep_told(&mut self, told: &Told, now_ms: i64) -> Result<(), Trouble> {
        let mut sealed = Vec::with_capacity(told.pulled.len());
        for (id, change) in &told.pulled {
            sealed.push(self.seal("change", id, change.bytes())?);
        }
        let transaction = self.connection.transaction()?;
        for ((id, change), sealed) in told.pulled.iter().zip(&sealed) {
            if was_refused(&transaction, id, &change.hash())?
                || is_signed_in(&transaction, id)?
                || was_erased(&transaction, id)?
            {
                continue;
            }
            transaction.execute(
                "INSERT INTO draft (id, created_ms, changed_ms) VALUES (?1, ?2, ?2)
                 ON CONFLICT (id) DO NOTHING",
                params![id, now_ms],
            )?;
            let change = Change { hash: change.hash(), bytes: Vec::new() };
            insert_change(&transaction, id, &change, sealed, true)?;
        }
        let drafts: BTreeSet<&DossierId> = told.pulled.iter().map(|(id, _)| id).collect();
        for id in &drafts {
            stamp(&transaction, id)?;
        }
        let mut gone = 0;
        for id in &told.gone {
            let query = "DELETE FROM draft WHERE id = ?1 AND state = 'draft'";
            gone += transaction.execute(query, [id])?;
        }
        for id in told.gone.iter().chain(&told.heard) {
            let query = "INSERT INTO erased (draft, told) VALUES (?1, 1)
                         ON CONFLICT (draft) DO UPDATE SET told = 1";
            transaction.execute(query, [id])?;
        }
        keep_place(&transaction, told)?;
        transaction.commit()?;
        if gone > 0 {
            self.scrub()?;
        }
        drafts.into_iter().try_for_each(|id| self.mend(id))?;
        self.fold_histories()
    }

    /// The server lost what it had confirmed: everything that is not decided yet waits again, and
    /// so does the word of every draft that was erased.
    pub(crate) fn push_all_again(&mut self) -> Result<(), Trouble> {
        let query = "SELECT id FROM draft WHERE signed_in = 0
                     AND state IN ('draft', 'ready', 'received', 'in_review', 'to_correct')";
        let mut statement = self.connection.prepare_cached(query)?;
        let all: Vec<DossierId> =
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        drop(statement);
        self.connection.execute("UPDATE erased SET told = 0 WHERE told = 1", [])?;
        all.iter().try_for_each(|id| self.unfold_history(id))
    }

    /// The photos that the server has not confirmed: draft and hash. On a metered network only
    /// those that a deposit waits for.
    pub(crate) fn photos_to_push(&self, metered: bool) -> Result<Vec<(DossierId, Hash)>, Trouble> {
        let query = "SELECT draft, hash FROM photo JOIN draft ON draft.id = photo.draft
                     WHERE pushed = 0 AND discarded_ms IS NULL AND state <> 'correction'
                     AND (?1 = 0 OR state <> 'draft')";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([metered], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Photos of drafts that nobody deposited yet: on a metered network they wait.
    pub(crate) fn photos_of_drafts(&self) -> Result<u32, Trouble> {
        let query = "SELECT count(*) FROM photo JOIN draft ON draft.id = photo.draft
                     WHERE pushed = 0 AND discarded_ms IS NULL AND state = 'draft'";
        Ok(self.connection.query_row(query, [], |row| row.get(0))?)
    }

    pub(crate) fn confirm_photo(&self, id: &DossierId, hash: &Hash) -> Result<(), Trouble> {
        let query = "UPDATE photo SET pushed = 1 WHERE draft = ?1 AND hash = ?2";
        self.connection.execute(query, params![id, hash])?;
        Ok(())
    }

    /// Keeps the changes of a draft that another device handed over, in one transaction.
    pub(crate) fn take_handed_over(
        &mut self,
        id: &DossierId,
        changes: &[Admitted],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let mut sealed = Vec::with_capacity(changes.len());
        for change in changes {
            sealed.push(self.seal("change", id, change.bytes())?);
        }
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO draft (id, created_ms, changed_ms) VALUES (?1, ?2, ?2)
             ON CONFLICT (id) DO UPDATE SET changed_ms = excluded.changed_ms",
            params![id, now_ms],
        )?;
        for (change, sealed) in changes.iter().zip(&sealed) {
            let change = Change { hash: change.hash(), bytes: Vec::new() };
            insert_change(&transaction, id, &change, sealed, false)?;
        }
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// What the server has not confirmed: changes, photos and requests; at a stand, envelopes.
    pub(crate) fn pending(&self) -> Result<u32, Trouble> {
        if self.is_stand()? {
            return Ok(self.count_lines(i64::MAX)?.unsent);
        }
        let query = "WITH listed AS (SELECT id FROM draft
                                     WHERE discarded_ms IS NULL AND state <> 'correction')
             SELECT (SELECT count(*) FROM change JOIN listed ON id = draft WHERE pushed = 0)
                  + (SELECT count(*) FROM photo JOIN listed ON id = draft WHERE pushed = 0)
                  + (SELECT count(*) FROM outbox)";
        Ok(self.connection.query_row(query, [], |row| row.get(0))?)
    }
}

/// What an answer of the server told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) epoch: Epoch,
    pub(crate) cursor: u64,
    /// Changes that this phone may lack.
    pub(crate) pulled: Vec<(DossierId, Admitted)>,
    /// Drafts that were deleted, here or elsewhere.
    pub(crate) gone: Vec<DossierId>,
    /// Drafts of whose deletion the server was just told.
    pub(crate) heard: Vec<DossierId>,
}

/// Whether a dossier was read from the server: its answers are not those of a history.
fn is_signed_in(connection: &Connection, id: &DossierId) -> Result<bool, Trouble> {
    let query = "SELECT signed_in FROM draft WHERE id = ?1";
    let mut statement = connection.prepare_cached(query)?;
    let found = statement.query_row([id], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(false))
}

fn was_erased(connection: &Connection, id: &DossierId) -> Result<bool, Trouble> {
    let query = "SELECT 1 FROM erased WHERE draft = ?1";
    Ok(connection.prepare_cached(query)?.exists([id])?)
}

fn keep_place(connection: &Connection, told: &Told) -> Result<(), Trouble> {
    let place = [("epoch", hexadecimal::text(&told.epoch)), ("cursor", told.cursor.to_string())];
    for (name, value) in place {
        connection.execute(
            "INSERT INTO setting (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![name, value],
        )?;
    }
    Ok(())
}

/// The server is asked for everything anew: something that it may have was lost here.
pub(super) fn ask_anew(connection: &Connection) -> Result<(), Trouble> {
    let query = "INSERT INTO setting (name, value) VALUES (?1, '') ON CONFLICT (name) DO NOTHING";
    connection.execute(query, [ANEW])?;
    Ok(())
}
