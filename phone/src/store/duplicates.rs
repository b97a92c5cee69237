//! Requests for another card that wait for the server.

use dossier::card::duplicate::DuplicateReason;
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::Store;
use super::dossiers::OutgoingKind;
use crate::trouble::Trouble;

/// What stands in the setting of a request that the server may have.
const LEFT: &str = "left";

fn left_setting(id: Uuid) -> String {
    format!("duplicate_left:{id}")
}

impl Store {
    /// Queues a duplicate request; one at a time.
    pub(crate) fn ask_duplicate(
        &self,
        id: Uuid,
        draft: &DossierId,
        reason: DuplicateReason,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        self.connection.execute(
            "INSERT INTO outbox (id, draft, kind, reason, asked_ms)
             VALUES (?1, ?2, 'duplicate', ?3, ?4) ON CONFLICT (draft, kind) DO NOTHING",
            params![id.as_bytes(), draft, reason.as_str(), now_ms],
        )?;
        Ok(())
    }

    /// The duplicate request of a dossier that still waits to leave.
    pub(crate) fn queued_duplicate(
        &self,
        draft: &DossierId,
    ) -> Result<Option<(DuplicateReason, i64)>, Trouble> {
        let queued = self.outbox()?.into_iter().find_map(|outgoing| match outgoing.kind {
            OutgoingKind::Duplicate(reason) if outgoing.draft == *draft => {
                Some((reason, outgoing.asked_ms))
            }
            _ => None,
        });
        Ok(queued)
    }

    /// A request is about to leave: from now on the server may have it. `false` when there is none
    /// any more.
    pub(crate) fn duplicate_leaves(&self, id: Uuid) -> Result<bool, Trouble> {
        let query = "SELECT 1 FROM outbox WHERE id = ?1";
        let waits = self.connection.query_row(query, [id.as_bytes()], |_| Ok(())).optional()?;
        if waits.is_some() {
            self.set_setting(&left_setting(id), LEFT)?;
        }
        Ok(waits.is_some())
    }

    /// Drops the request of a dossier that never left this phone. `false` when there is none, and
    /// when the server may have it.
    pub(crate) fn drop_unsent_duplicate(&self, draft: &DossierId) -> Result<bool, Trouble> {
        let query = "SELECT id FROM outbox WHERE draft = ?1 AND kind = 'duplicate'";
        let id = self.connection.query_row(query, [draft], |row| row.get(0)).optional()?;
        let Some(id) = id.map(Uuid::from_bytes) else { return Ok(false) };
        if self.setting(&left_setting(id))?.is_some() {
            return Ok(false);
        }
        self.confirm_sent(id)?;
        Ok(true)
    }

    /// Nothing of this request waits any more: the server has it.
    pub(crate) fn confirm_sent(&self, id: Uuid) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute("DELETE FROM outbox WHERE id = ?1", [id.as_bytes()])?;
        transaction.execute("DELETE FROM setting WHERE name = ?1", [left_setting(id)])?;
        Ok(transaction.commit()?)
    }
}
