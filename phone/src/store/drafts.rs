//! Drafts, their history and their photo.

use dossier::document::guard::{self, Admitted};
use dossier::document::{Change, Draft, Hash};
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use zeroize::Zeroizing;

use super::Store;
use crate::trouble::Trouble;
use crate::view::DossierState;

/// What stands in clear of a draft.
pub(crate) struct DraftRow {
    pub(crate) id: DossierId,
    pub(crate) state: DossierState,
    pub(crate) changed_ms: i64,
    pub(crate) deposited_ms: Option<i64>,
    pub(crate) received_ms: Option<i64>,
    pub(crate) heads: Vec<Hash>,
    pub(crate) number_end: String,
    pub(crate) number_replaced: bool,
    pub(crate) trouble: Option<String>,
}

/// What stands in clear of a photo.
pub(crate) struct PhotoRow {
    pub(crate) hash: Hash,
    pub(crate) bytes: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A photo that a student chose, ready to be kept.
pub(crate) struct PhotoToKeep<'a> {
    pub(crate) hash: Hash,
    pub(crate) jpeg: &'a [u8],
    pub(crate) width: u32,
    pub(crate) height: u32,
}

const DRAFT_COLUMNS: &str = "id, state, changed_ms, deposited_ms, received_ms, heads,
                             number_end, number_replaced, trouble";

fn draft_row(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    let state: String = row.get(1)?;
    let heads: Vec<u8> = row.get(5)?;
    Ok(DraftRow {
        id: row.get(0)?,
        state: DossierState::parse(&state),
        changed_ms: row.get(2)?,
        deposited_ms: row.get(3)?,
        received_ms: row.get(4)?,
        heads: heads.chunks_exact(32).filter_map(|head| head.try_into().ok()).collect(),
        number_end: row.get(6)?,
        number_replaced: row.get(7)?,
        trouble: row.get(8)?,
    })
}

impl Store {
    pub(crate) fn add_draft(&self, id: &DossierId, now_ms: i64) -> Result<(), Trouble> {
        let query = "INSERT INTO draft (id, created_ms, changed_ms) VALUES (?1, ?2, ?2)";
        self.connection.execute(query, params![id, now_ms])?;
        Ok(())
    }

    /// A draft in which nothing was answered yet.
    pub(crate) fn untouched_draft(&self) -> Result<Option<DossierId>, Trouble> {
        let query = "SELECT id FROM draft WHERE state = 'draft' AND discarded_ms IS NULL
                     AND NOT EXISTS (SELECT 1 FROM change WHERE change.draft = draft.id)
                     AND NOT EXISTS (SELECT 1 FROM password WHERE password.draft = draft.id)
                     LIMIT 1";
        Ok(self.connection.query_row(query, [], |row| row.get(0)).optional()?)
    }

    /// All drafts, the last changed first.
    pub(crate) fn drafts(&self) -> Result<Vec<DraftRow>, Trouble> {
        let query = format!(
            "SELECT {DRAFT_COLUMNS} FROM draft WHERE discarded_ms IS NULL
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
        self.connection.execute(query, params![id, at_ms])?;
        Ok(())
    }

    /// Erases the drafts that were deleted before this moment.
    pub(crate) fn erase_discarded(&self, before_ms: i64) -> Result<(), Trouble> {
        let query = "DELETE FROM draft WHERE state = 'draft' AND discarded_ms < ?1";
        self.connection.execute(query, [before_ms])?;
        Ok(())
    }

    /// Notes that a school was chosen on this device.
    pub(crate) fn note_school(&self, uai: &str, now_ms: i64) -> Result<(), Trouble> {
        let query = "INSERT INTO chosen_school (uai, chosen_ms) VALUES (?1, ?2)
                     ON CONFLICT (uai) DO UPDATE SET chosen_ms = excluded.chosen_ms";
        self.connection.execute(query, params![uai, now_ms])?;
        Ok(())
    }

    /// UAIs of the schools chosen on this device, the last one first.
    pub(crate) fn chosen_schools(&self, most: u32) -> Result<Vec<String>, Trouble> {
        let query = "SELECT uai FROM chosen_school ORDER BY chosen_ms DESC LIMIT ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([most], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The document of a draft, rebuilt from its history.
    pub(crate) fn document(&self, id: &DossierId, actor: &[u8]) -> Result<Draft, Trouble> {
        let query = "SELECT sealed FROM change WHERE draft = ?1 ORDER BY n";
        let mut statement = self.connection.prepare_cached(query)?;
        let sealed = statement.query_map([id], |row| row.get::<_, Vec<u8>>(0))?;
        let mut changes = Vec::new();
        for sealed in sealed {
            let bytes = self.unseal("change", id, &sealed?)?;
            changes.push(guard::admit(&bytes).map_err(|_| Trouble::Damaged)?);
        }
        Draft::from_changes(actor, changes).map_err(|_| Trouble::Damaged)
    }

    /// Keeps a change. When this returns, it is on the disk.
    pub(crate) fn keep(
        &mut self,
        id: &DossierId,
        change: &Change,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.seal("change", id, &change.bytes)?;
        let transaction = self.connection.transaction()?;
        insert_change(&transaction, id, change, &sealed, false)?;
        touch(&transaction, id, now_ms)?;
        Ok(transaction.commit()?)
    }

    /// Keeps changes of other devices, and how far the space was read, in one transaction.
    /// A draft that is new to this phone is made.
    pub(crate) fn keep_pulled(
        &mut self,
        pulled: &[(DossierId, Admitted)],
        cursor: u64,
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let mut sealed = Vec::with_capacity(pulled.len());
        for (id, change) in pulled {
            sealed.push(self.seal("change", id, change.bytes())?);
        }
        let transaction = self.connection.transaction()?;
        for ((id, change), sealed) in pulled.iter().zip(&sealed) {
            transaction.execute(
                "INSERT INTO draft (id, created_ms, changed_ms) VALUES (?1, ?2, ?2)
                 ON CONFLICT (id) DO NOTHING",
                params![id, now_ms],
            )?;
            let change = Change { hash: change.hash(), bytes: Vec::new() };
            insert_change(&transaction, id, &change, sealed, true)?;
        }
        transaction.execute(
            "INSERT INTO setting (name, value) VALUES ('cursor', ?1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [cursor.to_string()],
        )?;
        Ok(transaction.commit()?)
    }

    /// Keeps a photo in place of a former one, with the changes that name it, in one transaction.
    pub(crate) fn keep_photo(
        &mut self,
        id: &DossierId,
        photo: &PhotoToKeep<'_>,
        changes: &[Change],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed_photo = self.seal("photo", id, photo.jpeg)?;
        let sealed: Vec<Vec<u8>> = changes
            .iter()
            .map(|change| self.seal("change", id, &change.bytes))
            .collect::<Result<_, _>>()?;
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM photo WHERE draft = ?1", [id])?;
        transaction.execute(
            "INSERT INTO photo (draft, hash, sealed, bytes, width, height)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                photo.hash,
                sealed_photo,
                photo.jpeg.len() as i64,
                photo.width,
                photo.height
            ],
        )?;
        for (change, sealed) in changes.iter().zip(&sealed) {
            insert_change(&transaction, id, change, sealed, false)?;
        }
        touch(&transaction, id, now_ms)?;
        Ok(transaction.commit()?)
    }

    pub(crate) fn photo_row(&self, id: &DossierId) -> Result<Option<PhotoRow>, Trouble> {
        let query = "SELECT hash, bytes, width, height FROM photo WHERE draft = ?1";
        let read = |row: &Row<'_>| {
            Ok(PhotoRow {
                hash: row.get(0)?,
                bytes: row.get(1)?,
                width: row.get(2)?,
                height: row.get(3)?,
            })
        };
        Ok(self.connection.query_row(query, [id], read).optional()?)
    }

    /// The JPEG of a draft's photo.
    pub(crate) fn photo(&self, id: &DossierId) -> Result<Option<Vec<u8>>, Trouble> {
        let query = "SELECT sealed FROM photo WHERE draft = ?1";
        let sealed: Option<Vec<u8>> =
            self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        sealed.map(|sealed| self.unseal("photo", id, &sealed)).transpose()
    }

    /// Counts a picture of this draft that broke a rule.
    pub(crate) fn count_photo_try(&self, id: &DossierId) -> Result<(), Trouble> {
        let query = "UPDATE draft SET photo_tries = photo_tries + 1 WHERE id = ?1";
        self.connection.execute(query, [id])?;
        Ok(())
    }

    /// How many pictures of this draft broke a rule.
    pub(crate) fn photo_tries(&self, id: &DossierId) -> Result<u32, Trouble> {
        let query = "SELECT photo_tries FROM draft WHERE id = ?1";
        let tries = self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        tries.ok_or(Trouble::UnknownDraft)
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
        let sealed: Option<Vec<u8>> =
            self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let text = String::from_utf8(self.unseal("password", id, &sealed)?);
        text.map(|text| Some(Zeroizing::new(text))).map_err(|_| Trouble::Damaged)
    }
}

fn insert_change(
    transaction: &Transaction<'_>,
    id: &DossierId,
    change: &Change,
    sealed: &[u8],
    pushed: bool,
) -> Result<(), Trouble> {
    transaction.execute(
        "INSERT INTO change (draft, hash, sealed, pushed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (draft, hash) DO NOTHING",
        params![id, change.hash, sealed, pushed],
    )?;
    Ok(())
}

fn touch(transaction: &Transaction<'_>, id: &DossierId, now_ms: i64) -> Result<(), Trouble> {
    let query = "UPDATE draft SET changed_ms = ?2 WHERE id = ?1";
    transaction.execute(query, params![id, now_ms])?;
    Ok(())
}
