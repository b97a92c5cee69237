//! Drafts, their history and their photo.

use dossier::document::{Change, Hash};
use dossier::form::Field;
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use zeroize::Zeroizing;

use super::Store;
use super::history::insert_change;
use super::quarantine::stamp;
use crate::trouble::Trouble;
use crate::view::DossierState;

/// What stands in clear of a draft.
pub(crate) struct DraftRow {
    pub(crate) id: DossierId,
    pub(crate) state: DossierState,
    /// The dossier that a correction is for.
    pub(crate) corrects: Option<DossierId>,
    pub(crate) changed_ms: i64,
    pub(crate) deposited_ms: Option<i64>,
    pub(crate) received_ms: Option<i64>,
    pub(crate) heads: Vec<Hash>,
    pub(crate) number_end: String,
    pub(crate) number_replaced: bool,
    pub(crate) trouble: Option<String>,
    /// Whether something of it is lost.
    pub(crate) damaged: bool,
}

const DRAFT_COLUMNS: &str = "id, state, changed_ms, deposited_ms, received_ms, heads,
                             number_end, number_replaced, trouble, damaged, corrects";

fn draft_row(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    let state: String = row.get(1)?;
    let heads: Vec<u8> = row.get(5)?;
    let corrects: Vec<u8> = row.get(10)?;
    Ok(DraftRow {
        id: row.get(0)?,
        state: DossierState::parse(&state),
        corrects: corrects.try_into().ok(),
        changed_ms: row.get(2)?,
        deposited_ms: row.get(3)?,
        received_ms: row.get(4)?,
        heads: heads.chunks_exact(32).filter_map(|head| head.try_into().ok()).collect(),
        number_end: row.get(6)?,
        number_replaced: row.get(7)?,
        trouble: row.get(8)?,
        damaged: row.get(9)?,
    })
}

impl Store {
    pub(crate) fn add_draft(&self, id: &DossierId, now_ms: i64) -> Result<(), Trouble> {
        let query = "INSERT INTO draft (id, created_ms, changed_ms) VALUES (?1, ?2, ?2)";
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(query, params![id, now_ms])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// A draft in which nothing was answered yet.
    pub(crate) fn untouched_draft(&self) -> Result<Option<DossierId>, Trouble> {
        let query = "SELECT id FROM draft WHERE state = 'draft' AND discarded_ms IS NULL
                     AND NOT EXISTS (SELECT 1 FROM change WHERE change.draft = draft.id)
                     AND NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.draft = draft.id)
                     AND NOT EXISTS (SELECT 1 FROM field_buffer WHERE draft = draft.id)
                     AND NOT EXISTS (SELECT 1 FROM password WHERE password.draft = draft.id)
                     AND NOT EXISTS (SELECT 1 FROM finished WHERE finished.dossier = draft.id)
                     AND damaged = 0
                     LIMIT 1";
        Ok(self.connection.query_row(query, [], |row| row.get(0)).optional()?)
    }

    /// All drafts and dossiers, the last changed first; what corrects one is no other.
    pub(crate) fn drafts(&self) -> Result<Vec<DraftRow>, Trouble> {
        let query = format!(
            "SELECT {DRAFT_COLUMNS} FROM draft
             WHERE discarded_ms IS NULL AND state <> 'correction'
             ORDER BY changed_ms DESC, id DESC"
        );
        let mut statement = self.connection.prepare_cached(&query)?;
        let rows = statement.query_map([], draft_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn draft(&self, id: &DossierId) -> Result<DraftRow, Trouble> {
        let query = format!("SELECT {DRAFT_COLUMNS} FROM draft WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&query)?;
        statement.query_row([id], draft_row).optional()?.ok_or(Trouble::UnknownDraft)
    }

    /// Deletes a draft, in a way that can be undone, or with `None` undoes it.
    pub(crate) fn discard(&self, id: &DossierId, at_ms: Option<i64>) -> Result<(), Trouble> {
        let query = "UPDATE draft SET discarded_ms = ?2 WHERE id = ?1 AND state = 'draft'";
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(query, params![id, at_ms])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Erases the drafts that were deleted before this moment, so that nothing can read them.
    pub(crate) fn erase_discarded(&self, before_ms: i64) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        // The server may have more than it confirmed: every draft that had anything to send.
        transaction.execute(
            "INSERT INTO erased (draft)
             SELECT id FROM draft WHERE state = 'draft' AND discarded_ms < ?1
             AND (EXISTS (SELECT 1 FROM change WHERE change.draft = draft.id)
                  OR EXISTS (SELECT 1 FROM snapshot WHERE snapshot.draft = draft.id))
             ON CONFLICT (draft) DO NOTHING",
            [before_ms],
        )?;
        let query = "DELETE FROM draft WHERE state = 'draft' AND discarded_ms < ?1";
        let erased = transaction.execute(query, [before_ms])?;
        transaction.commit()?;
        if erased == 0 { Ok(()) } else { self.scrub() }
    }

    /// Deleted rows are zeroes in the database by now; the log that still holds them goes too.
    pub(super) fn scrub(&self) -> Result<(), Trouble> {
        let busy: bool =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy { Err(Trouble::Storage) } else { Ok(()) }
    }

    /// Notes that a school was chosen on this device.
    pub(crate) fn note_school(&self, uai: &str, now_ms: i64) -> Result<(), Trouble> {
        let query = "INSERT INTO chosen_school (uai, chosen_ms) VALUES (?1, ?2)
                     ON CONFLICT (uai) DO UPDATE SET chosen_ms = excluded.chosen_ms";
        self.connection.execute(query, params![uai, now_ms])?;
        Ok(())
    }

    /// UAIs of the schools chosen on this device, the last one first.
    pub(crate) fn chosen_schools(&self, most: usize) -> Result<Vec<String>, Trouble> {
        // A bound limit would have SQLite prepare the question anew each time.
        let query = "SELECT uai FROM chosen_school ORDER BY chosen_ms DESC";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.take(most).collect::<Result<_, _>>()?)
    }

    /// Keeps the changes of fields that were being typed, and ends their typing, in one
    /// transaction. When this returns, it is on the disk.
    pub(crate) fn keep_typed(
        &mut self,
        id: &DossierId,
        changes: &[Change],
        fields: &[Field],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.sealed(id, changes)?;
        let transaction = self.connection.transaction()?;
        let mut ended = 0;
        for field in fields {
            let query = "DELETE FROM field_buffer WHERE draft = ?1 AND field = ?2";
            let mut statement = transaction.prepare_cached(query)?;
            ended += statement.execute(params![id, field.as_str()])?;
        }
        if changes.is_empty() && ended == 0 {
            return Ok(());
        }
        for (change, sealed) in changes.iter().zip(&sealed) {
            insert_change(&transaction, id, change, sealed, false)?;
        }
        touch(&transaction, id, now_ms)?;
        Ok(transaction.commit()?)
    }

    pub(super) fn sealed(
        &self,
        id: &DossierId,
        changes: &[Change],
    ) -> Result<Vec<Vec<u8>>, Trouble> {
        changes.iter().map(|change| self.seal("change", id, &change.bytes)).collect()
    }

    /// Keeps or, with `None`, forgets the chosen password.
    pub(crate) fn keep_password(
        &mut self,
        id: &DossierId,
        password: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = password.map(|text| self.seal("password", id, text.as_bytes())).transpose()?;
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM password WHERE draft = ?1", [id])?;
        if let Some(sealed) = sealed {
            let query = "INSERT INTO password (draft, sealed) VALUES (?1, ?2)";
            transaction.execute(query, params![id, sealed])?;
        }
        touch(&transaction, id, now_ms)?;
        Ok(transaction.commit()?)
    }

    /// The chosen password, while the server has not confirmed the deposit.
    pub(crate) fn password(&self, id: &DossierId) -> Result<Option<Zeroizing<String>>, Trouble> {
        let query = "SELECT sealed FROM password WHERE draft = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let sealed: Option<Vec<u8>> = statement.query_row([id], |row| row.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let text = self.unseal_or_set_aside("password", id, &sealed)?;
        Ok(text.and_then(|text| String::from_utf8(text).ok()).map(Zeroizing::new))
    }
}

pub(super) fn touch(
    transaction: &Transaction<'_>,
    id: &DossierId,
    now_ms: i64,
) -> Result<(), Trouble> {
    let query = "UPDATE draft SET changed_ms = ?2 WHERE id = ?1";
    transaction.prepare_cached(query)?.execute(params![id, now_ms])?;
    stamp(transaction, id)
}
