//! The history of a draft: a snapshot of what the server has, and every change since.

use dossier::document::guard::Admitted;
use dossier::document::{Change, Draft, Hash};
use dossier::form::Answers;
use dossier::sync::DossierId;
use rusqlite::{Connection, OptionalExtension, params};

use super::quarantine::{REFUSED, Unreadable, stamp};
use super::{READER, Store};
use crate::trouble::Trouble;

/// Changes of one draft that the server has and that still stand apart: some four forms filled
/// by two hands. Each costs its seal and its parsing whenever the draft is opened.
const MOST_APART: u32 = 50;

/// A document that was just opened or written, and the checksum under which it is kept. Every
/// transaction that changes a draft changes its checksum.
pub(super) struct Recent {
    id: DossierId,
    actor: Vec<u8>,
    checksum: Vec<u8>,
    pub(super) document: Draft,
}

/// A history as it is stored: what can be opened of it.
struct Stored {
    snapshot: Option<Vec<u8>>,
    changes: Vec<Admitted>,
}

impl Store {
    /// The document of a draft, rebuilt from its history. What does not open is set aside; a
    /// draft that does not hang together without it is [`Trouble::Damaged`].
    pub(crate) fn document(&self, id: &DossierId, actor: &[u8]) -> Result<Draft, Trouble> {
        if let Some(recent) = self.recent.take()
            && recent.id == *id
            && recent.actor == actor
            && self.undamaged_checksum(id)?.as_ref() == Some(&recent.checksum)
        {
            return Ok(recent.document);
        }
        // Before rows are read by an index that leads past some of them.
        self.is_damaged(id)?;
        let stored = self.stored(id)?;
        let wrote = stored.changes.iter().any(|change| change.actor().0 == actor);
        let built = match &stored.snapshot {
            Some(saved) => Draft::open(actor, saved, stored.changes),
            None => Draft::from_changes(actor, stored.changes),
        };
        let mut document = match built {
            Ok(document) => document,
            Err(_) => self.document_of_the_good(id, actor)?,
        };
        if self.is_damaged(id)? && !self.hangs_together(id, &mut document)? {
            return Err(Trouble::Damaged);
        }
        // The name stands in the first change of each start; the others are known by their actor.
        Ok(if wrote { document } else { document.named(&self.device_name()?) })
    }

    /// Everything that was typed in a draft.
    pub(crate) fn answers(&self, id: &DossierId, actor: &[u8]) -> Result<Answers, Trouble> {
        let document = self.document(id, actor)?;
        let answers = document.answers();
        self.remember(id, actor, document)?;
        Ok(answers)
    }

    /// Spares the next one to ask for this document its rebuilding. It must be as it is stored.
    pub(crate) fn remember(
        &self,
        id: &DossierId,
        actor: &[u8],
        document: Draft,
    ) -> Result<(), Trouble> {
        if let Some(checksum) = self.undamaged_checksum(id)? {
            let recent = Recent { id: *id, actor: actor.to_vec(), checksum, document };
            self.recent.set(Some(recent));
        }
        Ok(())
    }

    fn undamaged_checksum(&self, id: &DossierId) -> Result<Option<Vec<u8>>, Trouble> {
        let query = "SELECT checksum FROM draft WHERE id = ?1 AND damaged = 0";
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?.flatten())
    }

    fn stored(&self, id: &DossierId) -> Result<Stored, Trouble> {
        let snapshot = self.snapshot(id)?;
        let query = "SELECT hash, sealed FROM change WHERE draft = ?1 ORDER BY n";
        let mut statement = self.connection.prepare_cached(query)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let rows: Vec<(Vec<u8>, Vec<u8>)> =
            statement.query_map([id], read)?.collect::<Result<_, _>>()?;
        let mut changes = Vec::with_capacity(rows.len());
        for (hash, sealed) in rows {
            changes.extend(self.open_change(id, &hash, &sealed)?);
        }
        Ok(Stored { snapshot, changes })
    }

    fn snapshot(&self, id: &DossierId) -> Result<Option<Vec<u8>>, Trouble> {
        let query = "SELECT heads, sealed FROM snapshot WHERE draft = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let kept: Option<(Vec<u8>, Vec<u8>)> = statement.query_row([id], read).optional()?;
        let Some((heads, sealed)) = kept else { return Ok(None) };
        if let Ok(saved) = self.unseal("snapshot", id, &sealed) {
            return Ok(Some(saved));
        }
        let unreadable = Unreadable { origin: "snapshot", hashes: &heads, sealed: &sealed };
        self.set_aside(id, &unreadable)?;
        Ok(None)
    }

    /// The document without the changes that automerge refuses, which are set aside.
    fn document_of_the_good(&self, id: &DossierId, actor: &[u8]) -> Result<Draft, Trouble> {
        let stored = self.stored(id)?;
        let mut document = match &stored.snapshot {
            Some(saved) => Draft::open(actor, saved, []).map_err(|_| Trouble::Damaged)?,
            None => Draft::new(actor),
        };
        for change in stored.changes {
            let hash = change.hash();
            if document.apply([change]).is_err() {
                let query = "SELECT sealed FROM change WHERE draft = ?1 AND hash = ?2";
                let sealed: Vec<u8> =
                    self.connection.query_row(query, params![id, hash], |row| row.get(0))?;
                let refused = Unreadable { origin: REFUSED, hashes: &hash, sealed: &sealed };
                self.set_aside(id, &refused)?;
            }
        }
        Ok(document)
    }

    /// Folds the long histories: what the server has of them becomes one snapshot.
    pub(super) fn fold_histories(&self) -> Result<(), Trouble> {
        let query = "SELECT draft FROM change WHERE pushed <> 0
                     GROUP BY draft HAVING count(*) > ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let long: Vec<DossierId> =
            statement.query_map([MOST_APART], |row| row.get(0))?.collect::<Result<_, _>>()?;
        long.iter().try_for_each(|id| self.fold_history(id))
    }

    fn fold_history(&self, id: &DossierId) -> Result<(), Trouble> {
        let Ok(mut document) = self.document(id, READER) else { return Ok(()) };
        let (saved, heads) = (document.save(), document.heads());
        let same = Draft::open(READER, &saved, []).is_ok_and(|mut again| again.heads() == heads);
        if !same || self.is_damaged(id)? {
            return Ok(());
        }
        let sealed = self.seal("snapshot", id, &saved)?;
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO snapshot (draft, heads, sealed) VALUES (?1, ?2, ?3)
             ON CONFLICT (draft) DO UPDATE SET heads = excluded.heads, sealed = excluded.sealed",
            params![id, heads.concat(), sealed],
        )?;
        for change in document.changes() {
            let query = "DELETE FROM change WHERE draft = ?1 AND hash = ?2 AND pushed <> 0";
            transaction.execute(query, params![id, change.hash])?;
        }
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Puts the changes of a snapshot back into their rows, all of them to be pushed again.
    pub(super) fn unfold_history(&self, id: &DossierId) -> Result<(), Trouble> {
        let changes = self.document(id, READER).map(|mut it| it.changes()).unwrap_or_default();
        let mut sealed = Vec::with_capacity(changes.len());
        for change in &changes {
            sealed.push(self.seal("change", id, &change.bytes)?);
        }
        let transaction = self.connection.unchecked_transaction()?;
        for (change, sealed) in changes.iter().zip(&sealed) {
            // In the order of the history: a server takes none before those it follows.
            let query = "DELETE FROM change WHERE draft = ?1 AND hash = ?2";
            transaction.execute(query, params![id, change.hash])?;
            insert_change(&transaction, id, change, sealed, false)?;
        }
        if !changes.is_empty() {
            transaction.execute("DELETE FROM snapshot WHERE draft = ?1", [id])?;
        }
        transaction.execute("UPDATE change SET pushed = 0 WHERE draft = ?1", [id])?;
        transaction.execute("UPDATE photo SET pushed = 0 WHERE draft = ?1", [id])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }
}

pub(super) fn insert_change(
    connection: &Connection,
    id: &DossierId,
    change: &Change,
    sealed: &[u8],
    pushed: bool,
) -> Result<(), Trouble> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO change (draft, hash, sealed, pushed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (draft, hash) DO NOTHING",
    )?;
    statement.execute(params![id, change.hash, sealed, pushed])?;
    Ok(())
}

/// Whether automerge refused this change of a draft before.
pub(super) fn was_refused(
    connection: &Connection,
    id: &DossierId,
    hash: &Hash,
) -> Result<bool, Trouble> {
    let query = "SELECT 1 FROM quarantine WHERE draft = ?1 AND origin = ?2 AND hashes = ?3";
    Ok(connection.prepare_cached(query)?.exists(params![id, REFUSED, hash])?)
}
