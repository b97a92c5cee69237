//! The photos that holders give to whoever verifies their cards.

use dossier::card::vignette::Vignette;
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::trouble::Trouble;

impl Store {
    /// Keeps a vignette in place of a former one.
    pub(crate) fn keep_vignette(&self, id: &DossierId, vignette: &Vignette) -> Result<(), Trouble> {
        let sealed = self.seal("vignette", id, &vignette.bytes())?;
        self.connection.execute(
            "INSERT INTO vignette (draft, sealed) VALUES (?1, ?2)
             ON CONFLICT (draft) DO UPDATE SET sealed = excluded.sealed",
            params![id, sealed],
        )?;
        Ok(())
    }

    /// The vignette of a dossier; none until it came. One that does not open any more is asked for
    /// again.
    pub(crate) fn vignette(&self, id: &DossierId) -> Result<Option<Vignette>, Trouble> {
        let query = "SELECT sealed FROM vignette WHERE draft = ?1";
        let sealed: Option<Vec<u8>> =
            self.connection.query_row(query, [id], |row| row.get(0)).optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let bytes = self.unseal_or_set_aside("vignette", id, &sealed)?;
        Ok(bytes.and_then(|bytes| Vignette::read(&bytes)))
    }
}
