//! What is being typed: each keystroke survives the end of the app, and becomes part of one
//! change when the field is left.

use dossier::document::{Change, Draft, Hash, LONGEST_ANSWER};
use dossier::form::Field;
use dossier::sync::DossierId;
use rusqlite::params;

use super::quarantine::Unreadable;
use super::{Store, open};
use crate::trouble::Trouble;

/// Where the seals of these rows belong.
const TABLE: &str = "field_buffer";

impl Store {
    /// Keeps what a field says after a keystroke, in place of what it said before. Survives the
    /// end of the app; not a power cut before the next [`Store::keep_typed`].
    pub(crate) fn keep_keystroke(
        &self,
        id: &DossierId,
        field: Field,
        typed: &str,
        at_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.seal(TABLE, &place(id, field), typed.as_bytes())?;
        let kept = open::under_normal(&self.connection, |transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO field_buffer (draft, field, sealed, at_ms)
                 SELECT id, ?2, ?3, ?4 FROM draft
                 WHERE id = ?1 AND state IN ('draft', 'correction') AND discarded_ms IS NULL
                 ON CONFLICT (draft, field) DO UPDATE
                 SET sealed = excluded.sealed, at_ms = excluded.at_ms",
            )?;
            Ok(statement.execute(params![id, field.as_str(), sealed, at_ms])?)
        })?;
        match kept {
            0 => Err(self.draft(id).err().unwrap_or(Trouble::AlreadyDeposited)),
            _ => Ok(()),
        }
    }

    /// The screens were shown a draft in this state.
    pub(crate) fn note_shown(&self, id: &DossierId, heads: Vec<Hash>) {
        *self.shown.borrow_mut() = Some((*id, heads));
    }

    /// Writes in a document what was typed on the screens, which show the draft as they were last
    /// shown it: what another device wrote since then is not replaced unseen.
    pub(crate) fn write(
        &self,
        id: &DossierId,
        document: &mut Draft,
        (field, typed): (Field, &str),
        at_ms: i64,
    ) -> Option<Change> {
        match &mut *self.shown.borrow_mut() {
            Some((shown, seen)) if shown == id => document.set_as_seen(seen, field, typed, at_ms),
            _ => document.set(field, typed, at_ms),
        }
    }

    /// Makes a change of each field that is being typed in a draft. `false` when there is none.
    pub(crate) fn fold(&mut self, id: &DossierId, actor: &[u8]) -> Result<bool, Trouble> {
        let typed = self.typed(id)?;
        let Some(last_ms) = typed.iter().map(|(_, _, at_ms)| *at_ms).max() else {
            return Ok(false);
        };
        let mut document = self.document(id, actor)?;
        let mut changes = Vec::with_capacity(typed.len());
        let mut fields = Vec::with_capacity(typed.len());
        for (field, text, at_ms) in &typed {
            fields.push(*field);
            changes.extend(self.write(id, &mut document, (*field, text), *at_ms));
        }
        self.keep_typed(id, &changes, &fields, last_ms)?;
        Ok(true)
    }

    /// After a start: what was being typed when the app ended is folded. What cannot be, because
    /// its draft was deposited or does not open, is set aside with that draft.
    pub(crate) fn fold_all(&mut self, actor: &[u8]) -> Result<(), Trouble> {
        let query = "SELECT DISTINCT draft FROM field_buffer";
        let ids: Vec<DossierId> = {
            let mut statement = self.connection.prepare_cached(query)?;
            statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
        };
        for id in ids {
            let open = "SELECT 1 FROM draft WHERE id = ?1 AND state IN ('draft', 'correction')";
            let is_open = self.connection.prepare_cached(open)?.exists([id])?;
            if !is_open || self.fold(&id, actor) == Err(Trouble::Damaged) {
                self.set_typed_aside(&id)?;
            }
            // A full disk holds up nothing: the rows wait for the next start.
        }
        Ok(())
    }

    /// The fields that are being typed, oldest first. Rows that do not open are set aside.
    fn typed(&self, id: &DossierId) -> Result<Vec<(Field, String, i64)>, Trouble> {
        let mut typed = Vec::new();
        for (name, sealed, at_ms) in self.typed_rows(id)? {
            let field = Field::ALL.iter().copied().find(|field| field.as_str() == name);
            let text = field
                .and_then(|field| self.unseal(TABLE, &place(id, field), &sealed).ok())
                .and_then(|text| String::from_utf8(text).ok())
                .filter(|text| text.chars().count() <= LONGEST_ANSWER);
            match (field, text) {
                (Some(field), Some(text)) => typed.push((field, text, at_ms)),
                _ => {
                    self.set_aside(id, &Unreadable { origin: TABLE, hashes: &[], sealed: &sealed })?
                }
            }
        }
        Ok(typed)
    }

    fn typed_rows(&self, id: &DossierId) -> Result<Vec<(String, Vec<u8>, i64)>, Trouble> {
        let query =
            "SELECT field, sealed, at_ms FROM field_buffer WHERE draft = ?1 ORDER BY at_ms, field";
        let mut statement = self.connection.prepare_cached(query)?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let rows = statement.query_map([id], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn set_typed_aside(&self, id: &DossierId) -> Result<(), Trouble> {
        for (_, sealed, _) in self.typed_rows(id)? {
            self.set_aside(id, &Unreadable { origin: TABLE, hashes: &[], sealed: &sealed })?;
        }
        Ok(())
    }
}

/// A keystroke opens only in its own field of its own draft.
fn place(id: &DossierId, field: Field) -> Vec<u8> {
    [id.as_slice(), field.as_str().as_bytes()].concat()
}
