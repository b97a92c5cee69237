//! One damaged draft never takes the others: what does not open is set aside, and said.

use dossier::document::guard::{self, Admitted};
use dossier::document::{Draft, Hash};
use dossier::sync::DossierId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::{Store, pushing};
use crate::trouble::Trouble;

/// Origin of a change that opens, and that automerge refuses.
pub(super) const REFUSED: &str = "refused";
/// Origin of a draft whose clear part is not what it was.
const ROW: &str = "draft";
/// Origins of what a draft is not whole without; the rest is asked for again.
const OF_THE_WHOLE: [&str; 4] = ["change", "snapshot", "photo", ROW];

/// Bytes that do not open, and where they stood.
pub(super) struct Unreadable<'a> {
    pub(super) origin: &'static str,
    /// The changes that make up for them.
    pub(super) hashes: &'a [u8],
    pub(super) sealed: &'a [u8],
}

impl Store {
    /// Sets bytes aside. If the draft is not whole without them, it is marked, and the server is
    /// asked for everything anew.
    pub(super) fn set_aside(&self, id: &DossierId, bytes: &Unreadable<'_>) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        let table = if bytes.origin == REFUSED { "change" } else { bytes.origin };
        if table != ROW {
            // Of a damaged row, SQLite does not find everything that stands in an index.
            let reindex = format!("REINDEX {table}");
            transaction.execute(&reindex, []).map_err(|_| Trouble::Damaged)?;
            let query = format!("DELETE FROM {table} WHERE draft = ?1 AND sealed = ?2");
            if transaction.execute(&query, params![id, bytes.sealed])? == 0 {
                // A damaged index led to what belongs to another draft. It is right again.
                transaction.commit()?;
                return Err(Trouble::Damaged);
            }
        }
        let digest: Hash = Sha256::digest(bytes.sealed).into();
        transaction.execute(
            "INSERT INTO quarantine (draft, digest, origin, hashes, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (draft, digest) DO NOTHING",
            params![id, digest, bytes.origin, bytes.hashes, bytes.sealed],
        )?;
        if OF_THE_WHOLE.contains(&bytes.origin) {
            transaction.execute("UPDATE draft SET damaged = 1 WHERE id = ?1", [id])?;
            pushing::ask_anew(&transaction)?;
        }
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Opens a value that can be asked for again: one that does not open is as good as none.
    pub(super) fn unseal_or_set_aside(
        &self,
        table: &'static str,
        id: &DossierId,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, Trouble> {
        match self.unseal(table, id, sealed) {
            Ok(value) => Ok(Some(value)),
            Err(_) => {
                self.set_aside(id, &Unreadable { origin: table, hashes: &[], sealed })?;
                Ok(None)
            }
        }
    }

    /// Opens a change; one that does not open is set aside.
    pub(super) fn open_change(
        &self,
        id: &DossierId,
        hash: &[u8],
        sealed: &[u8],
    ) -> Result<Option<Admitted>, Trouble> {
        let bytes = self.unseal("change", id, sealed).ok();
        match bytes.and_then(|bytes| guard::admit(&bytes).ok()) {
            Some(change) if change.hash() == hash => Ok(Some(change)),
            // Its name in clear is damaged, and with it an index; the change itself is not.
            Some(change) => {
                self.connection.execute_batch("REINDEX change")?;
                let query = "UPDATE OR REPLACE change SET hash = ?3 WHERE draft = ?1 AND hash = ?2";
                self.connection.execute(query, params![id, hash, change.hash()])?;
                Ok(Some(change))
            }
            None => {
                let unreadable = Unreadable { origin: "change", hashes: hash, sealed };
                self.set_aside(id, &unreadable)?;
                Ok(None)
            }
        }
    }

    /// Whether something of a draft is lost; a checksum that does not fit is noticed here, and what
    /// is read after this is read by sound indexes.
    pub(super) fn is_damaged(&self, id: &DossierId) -> Result<bool, Trouble> {
        let query = "SELECT damaged, checksum FROM draft WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let known: Option<(bool, Option<Vec<u8>>)> = statement.query_row([id], read).optional()?;
        let Some((damaged, Some(kept))) = known else {
            return Ok(known.is_some_and(|(damaged, _)| damaged));
        };
        if !damaged && checksum(&self.connection, id)? != *kept {
            // An entry of an index that is not what it was leads past rows that are.
            for table in ["change", "snapshot", "photo", "receipt"] {
                let reindex = format!("REINDEX {table}");
                self.connection.execute_batch(&reindex).map_err(|_| Trouble::Damaged)?;
            }
            if checksum(&self.connection, id)? == *kept {
                return Ok(false);
            }
            self.set_aside(id, &Unreadable { origin: ROW, hashes: &[], sealed: &kept })?;
            return Ok(true);
        }
        Ok(damaged)
    }

    /// Whether the history that is left hangs together: no row without those it follows, and
    /// nothing of a snapshot that is gone missing.
    pub(super) fn hangs_together(
        &self,
        id: &DossierId,
        document: &mut Draft,
    ) -> Result<bool, Trouble> {
        let query = "SELECT hash FROM change WHERE draft = ?1
                     UNION ALL SELECT hashes FROM quarantine WHERE draft = ?1 AND origin = 'snapshot'";
        self.holds_all(query, id, document)
    }

    /// A draft that got back everything it had lost is damaged no more.
    pub(super) fn mend(&self, id: &DossierId) -> Result<(), Trouble> {
        if !self.is_damaged(id)? {
            return Ok(());
        }
        let Ok(mut document) = self.document(id, super::READER) else { return Ok(()) };
        let lost = "SELECT hashes FROM quarantine WHERE draft = ?1";
        if self.holds_all(lost, id, &mut document)? {
            let transaction = self.connection.unchecked_transaction()?;
            transaction.execute(
                "DELETE FROM quarantine WHERE draft = ?1 AND origin IN ('change', 'snapshot')",
                [id],
            )?;
            end_damage(&transaction, id)?;
            transaction.commit()?;
        }
        Ok(())
    }

    fn holds_all(
        &self,
        hashes: &str,
        id: &DossierId,
        document: &mut Draft,
    ) -> Result<bool, Trouble> {
        let held: Vec<Hash> = document.changes().into_iter().map(|change| change.hash).collect();
        let mut statement = self.connection.prepare_cached(hashes)?;
        let rows = statement.query_map([id], |row| row.get::<_, Vec<u8>>(0))?;
        for row in rows {
            if row?.chunks(32).any(|hash| held.iter().all(|held| held != hash)) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Lifts the mark of a draft when nothing that belongs to it is set aside any more.
pub(super) fn end_damage(connection: &Connection, id: &DossierId) -> Result<(), Trouble> {
    connection.execute(
        "UPDATE draft SET damaged = 0 WHERE id = ?1 AND damaged = 1 AND NOT EXISTS
             (SELECT 1 FROM quarantine WHERE draft = ?1
              AND origin IN ('change', 'snapshot', 'photo', 'draft'))",
        [id],
    )?;
    stamp(connection, id)
}

/// Notes what a draft consists of. Called in every transaction that changes one.
pub(super) fn stamp(connection: &Connection, id: &DossierId) -> Result<(), Trouble> {
    let checksum = checksum(connection, id)?;
    let mut statement =
        connection.prepare_cached("UPDATE draft SET checksum = ?2 WHERE id = ?1")?;
    statement.execute(params![id, checksum])?;
    Ok(())
}

/// SHA-256 of what stands in clear of a draft and of what names its parts, sorted. The parts
/// themselves need none: their seals tell.
fn checksum(connection: &Connection, id: &DossierId) -> Result<Hash, Trouble> {
    let row = "SELECT id, state, created_ms, changed_ms, deposited_ms, received_ms, heads,
                      number_end, number_replaced, trouble, discarded_ms, photo_tries, damaged
               FROM draft WHERE id = ?1";
    let mut digest = Sha256::new();
    let mut statement = connection.prepare_cached(row)?;
    let columns = statement.column_count();
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        for at in 0..columns {
            feed(&mut digest, row.get_ref(at)?);
        }
    }
    // One by one and sorted here: all at once, SQLite would prepare the question anew each time.
    let mut parts = Vec::new();
    for names in [
        "SELECT hash FROM change WHERE draft = ?1 ORDER BY hash",
        "SELECT heads FROM snapshot WHERE draft = ?1",
        "SELECT hash FROM photo WHERE draft = ?1",
        "SELECT signed FROM receipt WHERE draft = ?1",
    ] {
        let mut statement = connection.prepare_cached(names)?;
        let names = statement.query_map([id], |row| row.get::<_, Vec<u8>>(0))?;
        parts.extend(names.collect::<Result<Vec<_>, _>>()?);
    }
    parts.sort();
    parts.iter().for_each(|name| feed(&mut digest, ValueRef::Blob(name)));
    Ok(digest.finalize().into())
}

fn feed(digest: &mut Sha256, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => digest.update([0]),
        ValueRef::Integer(number) => digest.update([&[1], &number.to_le_bytes()[..]].concat()),
        ValueRef::Real(number) => digest.update([&[2], &number.to_le_bytes()[..]].concat()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            digest.update([3]);
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
    }
}
