//! A deposited draft that another device deleted goes on under another id: the server never takes a
//! deleted one back, and the number was shown.

use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, params};

use super::history::insert_change;
use super::quarantine::stamp;
use super::{READER, Store};
use crate::trouble::Trouble;

impl Store {
    /// Gives a waiting deposit another id, in one transaction: history, photo, password and request
    /// go along and wait for the server as if they had just been made. Its number is in the keyring
    /// under the new id before this is called.
    pub(crate) fn rename_ready(
        &mut self,
        former: &DossierId,
        new: &DossierId,
    ) -> Result<(), Trouble> {
        let changes = self.document(former, READER)?.changes();
        let sealed = self.sealed(new, &changes)?;
        let jpeg = self.photo(former)?.ok_or(Trouble::Damaged)?;
        let jpeg = self.seal("photo", new, &jpeg)?;
        let password = self.password(former)?;
        let password =
            password.map(|text| self.seal("password", new, text.as_bytes())).transpose()?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO draft (id, state, created_ms, changed_ms, deposited_ms, heads,
                                number_end, number_replaced, photo_tries)
             SELECT ?2, state, created_ms, changed_ms, deposited_ms, heads,
                    number_end, number_replaced, photo_tries
             FROM draft WHERE id = ?1 AND state = 'ready'",
            params![former, new],
        )?;
        for (change, sealed) in changes.iter().zip(&sealed) {
            insert_change(&transaction, new, change, sealed, false)?;
        }
        transaction.execute(
            "INSERT INTO photo (draft, hash, sealed, bytes, width, height)
             SELECT ?2, hash, ?3, bytes, width, height FROM photo WHERE draft = ?1",
            params![former, new, jpeg],
        )?;
        if let Some(sealed) = password {
            let query = "INSERT INTO password (draft, sealed) VALUES (?1, ?2)";
            transaction.execute(query, params![new, sealed])?;
        }
        let asked = "SELECT asked_ms FROM outbox WHERE id = ?1";
        let asked: Option<i64> =
            transaction.query_row(asked, [former], |row| row.get(0)).optional()?;
        transaction.execute(
            "INSERT INTO outbox (id, draft, kind, asked_ms) VALUES (?1, ?1, 'deposit', ?2)",
            params![new, asked.ok_or(Trouble::UnknownDraft)?],
        )?;
        transaction.execute("DELETE FROM draft WHERE id = ?1", [former])?;
        stamp(&transaction, new)?;
        transaction.commit()?;
        self.scrub()
    }
}
