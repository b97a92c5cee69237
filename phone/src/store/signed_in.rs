//! Dossiers that somebody signed in to on this phone: kept like its own, and never sent anywhere.

use dossier::account::SignedIn;
use dossier::document::{Change, Draft, Hash};
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::corrections::end_corrections;
use super::dossiers::number_end;
use super::history::insert_change;
use super::quarantine::stamp;
use crate::trouble::Trouble;

/// A dossier that the server opened, with what was verified of it.
pub(crate) struct Opened<'a> {
    pub(crate) told: &'a SignedIn,
    pub(crate) signed_receipt: &'a [u8],
    pub(crate) received_ms: i64,
    /// Its photo, if it came: hash, JPEG, width, height.
    pub(crate) photo: Option<(Hash, &'a [u8], u32, u32)>,
    /// Its answers, as a document that was never anybody's draft.
    pub(crate) document: Draft,
    pub(crate) change: Change,
}

/// What a former copy of a dossier leaves to the one that takes its place: a dossier of this phone that
/// was corrected stays one of this phone, unless it was damaged, as its history comes back then; and a
/// correction that waits to leave still waits.
#[derive(Default)]
struct Before {
    is_own: bool,
    deposited_ms: Option<i64>,
    number_replaced: bool,
    queued: Option<(DossierId, i64)>,
}

impl Before {
    fn read(transaction: &Transaction<'_>, id: &DossierId) -> Result<Self, Trouble> {
        let own = "SELECT deposited_ms, number_replaced FROM draft
                   WHERE id = ?1 AND signed_in = 0 AND damaged = 0
                   AND state NOT IN ('draft', 'ready')";
        let own = transaction.query_row(own, [id], |row| Ok((row.get(0)?, row.get(1)?)));
        let own: Option<(Option<i64>, bool)> = own.optional()?;
        let queued = "SELECT id, asked_ms FROM outbox WHERE draft = ?1 AND kind = 'correction'";
        let queued = transaction.query_row(queued, [id], |row| Ok((row.get(0)?, row.get(1)?)));
        let is_own = own.is_some();
        let (deposited_ms, number_replaced) = own.unwrap_or_default();
        Ok(Self { is_own, deposited_ms, number_replaced, queued: queued.optional()? })
    }
}

impl Store {
    /// Keeps a dossier in place of a former copy, in one transaction.
    pub(crate) fn keep_signed_in(
        &mut self,
        mut opened: Opened<'_>,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let (told, change) = (opened.told, &opened.change);
        let id = told.dossier.as_bytes();
        let sealed = self.seal("change", id, &change.bytes)?;
        let standing = serde_json::to_vec(&told.standing).map_err(|_| Trouble::Storage)?;
        let standing = self.seal("standing", id, &standing)?;
        let photo = match opened.photo {
            Some((_, jpeg, ..)) => Some(self.seal("photo", id, jpeg)?),
            None => None,
        };
        let heads = opened.document.heads().concat();
        let transaction = self.connection.transaction()?;
        let other = "SELECT count(*) FROM draft WHERE id = ?1 AND number_end NOT IN ('', ?2)";
        let number_end = number_end(&told.number);
        let replaced: bool =
            transaction.query_row(other, params![id, number_end], |row| row.get(0))?;
        let before = Before::read(&transaction, id)?;
        let former = transaction.execute("DELETE FROM draft WHERE id = ?1", [id])?;
        transaction.execute(
            "INSERT INTO draft (id, state, created_ms, changed_ms, deposited_ms, received_ms, heads,
                                number_end, number_replaced, signed_in)
             VALUES (?1, ?2, ?3, ?4, ?8, ?3, ?5, ?6, ?7, ?9)",
            params![
                id,
                told.standing.state.as_str(),
                opened.received_ms,
                now_ms,
                heads,
                number_end,
                replaced || before.number_replaced,
                before.deposited_ms.unwrap_or(opened.received_ms),
                !before.is_own
            ],
        )?;
        insert_change(&transaction, id, change, &sealed, true)?;
        let receipt = "INSERT INTO receipt (draft, signed) VALUES (?1, ?2)";
        transaction.execute(receipt, params![id, opened.signed_receipt])?;
        let query = "INSERT INTO standing (draft, sealed) VALUES (?1, ?2)";
        transaction.execute(query, params![id, standing])?;
        if let (Some((hash, jpeg, width, height)), Some(sealed)) = (opened.photo, photo) {
            transaction.execute(
                "INSERT INTO photo (draft, hash, sealed, bytes, width, height, pushed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)",
                params![id, hash, sealed, jpeg.len() as i64, width, height],
            )?;
        }
        if let Some((correction, asked_ms)) = before.queued {
            super::corrections::queue(&transaction, &correction, id, asked_ms)?;
        }
        end_corrections(&transaction, id, &told.standing)?;
        stamp(&transaction, id)?;
        transaction.commit()?;
        if former > 0 { self.scrub() } else { Ok(()) }
    }

    /// Whether this phone has the receipt of its own deposit of a dossier: not of one that somebody
    /// signed in to here, nor of one that another device of its space deposited.
    pub(crate) fn is_deposited_here(&self, id: &DossierId) -> Result<bool, Trouble> {
        let query = "SELECT signed_in = 0 AND damaged = 0 AND state NOT IN ('draft', 'ready')
                     FROM draft WHERE id = ?1";
        let found = self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or(false))
    }

    /// Forgets a deposit whose dossier was erased before its receipt came.
    pub(crate) fn forget_ready(&mut self, id: &DossierId) -> Result<(), Trouble> {
        self.connection.execute("DELETE FROM draft WHERE id = ?1 AND state = 'ready'", [id])?;
        self.scrub()
    }

    /// Erases a deposited dossier from this phone, so that nothing can read it: whoever signs out
    /// leaves nothing behind. What waits for its receipt stays.
    pub(crate) fn forget_dossier(&mut self, id: &DossierId) -> Result<(), Trouble> {
        let query = "DELETE FROM draft WHERE id = ?1 AND state NOT IN ('draft', 'ready')";
        let corrections = "DELETE FROM draft WHERE corrects = ?1";
        let transaction = self.connection.transaction()?;
        let forgotten = transaction.execute(query, [id])?;
        transaction.execute(corrections, [id])?;
        transaction.commit()?;
        if forgotten == 0 { Ok(()) } else { self.scrub() }
    }
}
