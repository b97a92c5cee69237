//! Deposited dossiers: what waits for the server, its receipt, and what it says since.

use dossier::card::Standing;
use dossier::card::duplicate::DuplicateReason;
use dossier::document::Hash;
use dossier::number::DossierNumber;
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::corrections::end_corrections;
use super::history::insert_change;
use super::quarantine::stamp;
use super::{READER, Store};
use crate::trouble::Trouble;

/// A request that waits for the server's confirmation.
pub(crate) struct Outgoing {
    pub(crate) id: Uuid,
    pub(crate) draft: DossierId,
    pub(crate) kind: OutgoingKind,
    pub(crate) asked_ms: i64,
}

/// What is asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutgoingKind {
    Deposit,
    Duplicate(DuplicateReason),
    /// The request is named as its draft is.
    Correction,
}

impl Store {
    /// Freezes a draft at its heads and queues the deposit, in one transaction.
    pub(crate) fn deposit(
        &mut self,
        id: &DossierId,
        heads: &[Hash],
        number: &DossierNumber,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE draft SET state = 'ready', deposited_ms = ?2, changed_ms = ?2, heads = ?3,
                              number_end = ?4, trouble = NULL
             WHERE id = ?1 AND state = 'draft'",
            params![id, now_ms, heads.concat(), number_end(number)],
        )?;
        transaction.execute(
            "INSERT INTO outbox (id, draft, kind, asked_ms) VALUES (?1, ?1, 'deposit', ?2)",
            params![id, now_ms],
        )?;
        transaction.execute("DELETE FROM field_buffer WHERE draft = ?1", [id])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// The server cannot take the deposit as it is: it is a draft again, under the same number.
    pub(crate) fn reopen(&mut self, id: &DossierId, word: &str) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE draft SET state = 'draft', deposited_ms = NULL, heads = x'', trouble = ?2
             WHERE id = ?1 AND state = 'ready'",
            params![id, word],
        )?;
        transaction.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Another dossier holds the number that was made here: a new one takes its place.
    pub(crate) fn replace_number(
        &self,
        id: &DossierId,
        new: &DossierNumber,
    ) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute(
            "UPDATE draft SET number_end = ?2, number_replaced = 1 WHERE id = ?1",
            params![id, number_end(new)],
        )?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Keeps the verified receipt, forgets the password and the queued deposit, in one transaction.
    pub(crate) fn receive(
        &mut self,
        id: &DossierId,
        signed: &[u8],
        received_ms: i64,
    ) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO receipt (draft, signed) VALUES (?1, ?2)
             ON CONFLICT (draft) DO UPDATE SET signed = excluded.signed",
            params![id, signed],
        )?;
        transaction.execute(
            "UPDATE draft SET state = 'received', received_ms = ?2, trouble = NULL WHERE id = ?1",
            params![id, received_ms],
        )?;
        let forgotten = transaction.execute("DELETE FROM password WHERE draft = ?1", [id])?;
        transaction.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
        stamp(&transaction, id)?;
        transaction.commit()?;
        if forgotten > 0 { self.scrub() } else { Ok(()) }
    }

    /// Why the last attempt to confirm a dossier failed; `None` once it went well.
    pub(crate) fn set_trouble(&self, id: &DossierId, word: Option<&str>) -> Result<(), Trouble> {
        let query = "UPDATE draft SET trouble = ?2 WHERE id = ?1 AND trouble IS NOT ?2";
        let transaction = self.connection.unchecked_transaction()?;
        if transaction.execute(query, params![id, word])? > 0 {
            stamp(&transaction, id)?;
        }
        Ok(transaction.commit()?)
    }

    /// Everything that waits, oldest first.
    pub(crate) fn outbox(&self) -> Result<Vec<Outgoing>, Trouble> {
        let query = "SELECT id, draft, kind, reason, asked_ms FROM outbox ORDER BY asked_ms, id";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| {
            let (id, draft): ([u8; 16], DossierId) = (row.get(0)?, row.get(1)?);
            let (kind, reason): (String, String) = (row.get(2)?, row.get(3)?);
            Ok((id, draft, kind, reason, row.get(4)?))
        })?;
        rows.map(|row| {
            let (id, draft, kind, reason, asked_ms) = row?;
            let kind = match kind.as_str() {
                "deposit" => OutgoingKind::Deposit,
                "correction" => OutgoingKind::Correction,
                _ => DuplicateReason::parse(&reason)
                    .map(OutgoingKind::Duplicate)
                    .ok_or(Trouble::Damaged)?,
            };
            Ok(Outgoing { id: Uuid::from_bytes(id), draft, kind, asked_ms })
        })
        .collect()
    }

    /// Keeps where a dossier stands, as the server says. `true` when that is news.
    pub(crate) fn keep_standing(
        &mut self,
        id: &DossierId,
        standing: &Standing,
    ) -> Result<bool, Trouble> {
        if self.standing(id)?.as_ref() == Some(standing) {
            return Ok(false);
        }
        let json = serde_json::to_vec(standing).map_err(|_| Trouble::Storage)?;
        let sealed = self.seal("standing", id, &json)?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO standing (draft, sealed) VALUES (?1, ?2)
             ON CONFLICT (draft) DO UPDATE SET sealed = excluded.sealed",
            params![id, sealed],
        )?;
        let query = "UPDATE draft SET state = ?2 WHERE id = ?1";
        transaction.execute(query, params![id, standing.state.as_str()])?;
        stamp(&transaction, id)?;
        let over = end_corrections(&transaction, id, standing)?;
        transaction.commit()?;
        if over {
            self.scrub()?;
        }
        Ok(true)
    }

    /// Forgets the history of an accepted dossier, as the server did: its answers stay, as one
    /// change, and what was typed before and corrected can no longer be read.
    pub(crate) fn forget_history(&mut self, id: &DossierId, now_ms: i64) -> Result<(), Trouble> {
        let Ok(document) = self.document(id, READER) else { return Ok(()) };
        let mut actor = [0; 16];
        crate::fill_random(&mut actor)?;
        let Some((mut rewritten, change)) = document.rewritten(&actor, now_ms) else {
            return Ok(());
        };
        let sealed = self.seal("change", id, &change.bytes)?;
        let transaction = self.connection.transaction()?;
        for table in ["change", "snapshot", "quarantine", "field_buffer"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE draft = ?1"), [id])?;
        }
        insert_change(&transaction, id, &change, &sealed, true)?;
        let heads = rewritten.heads().concat();
        let query = "UPDATE draft SET heads = ?2, damaged = 0 WHERE id = ?1";
        transaction.execute(query, params![id, heads])?;
        stamp(&transaction, id)?;
        transaction.commit()?;
        self.scrub()
    }

    /// The server does not know a dossier that it had confirmed: it came back from an older copy.
    /// Everything of it waits again, under the same number.
    pub(crate) fn deposit_again(&mut self, id: &DossierId, now_ms: i64) -> Result<(), Trouble> {
        self.push_again(id)?;
        let heads = self.document(id, READER)?.heads().concat();
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE draft SET state = 'ready', heads = CASE state
                 WHEN 'received' THEN heads WHEN 'in_review' THEN heads
                 WHEN 'to_correct' THEN heads ELSE ?2 END
             WHERE id = ?1",
            params![id, heads],
        )?;
        transaction.execute("DELETE FROM standing WHERE draft = ?1", [id])?;
        transaction.execute(
            "INSERT INTO outbox (id, draft, kind, asked_ms) VALUES (?1, ?1, 'deposit', ?2)
             ON CONFLICT (draft, kind) DO NOTHING",
            params![id, now_ms],
        )?;
        stamp(&transaction, id)?;
        Ok(transaction.commit()?)
    }

    /// Where a dossier stands, as the server last said.
    pub(crate) fn standing(&self, id: &DossierId) -> Result<Option<Standing>, Trouble> {
        let query = "SELECT sealed FROM standing WHERE draft = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let sealed: Option<Vec<u8>> = statement.query_row([id], |row| row.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let json = self.unseal_or_set_aside("standing", id, &sealed)?;
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }
}

/// The last group of a number: what a masked number shows.
pub(super) fn number_end(number: &DossierNumber) -> String {
    number.as_str().chars().skip(8).collect()
}
