//! The phone's database: what was acknowledged is on the disk, and what is personal is sealed.

mod dossiers;
mod drafts;
mod open;
mod published;

use std::fs;
use std::path::Path;

use dossier::sync::DossierId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::seal::{Place, Sealer};
use crate::trouble::Trouble;
pub(crate) use dossiers::{Outgoing, OutgoingKind};
pub(crate) use drafts::{DraftRow, PhotoToKeep, ToPush};

const FILE: &str = "phone.sqlite";

/// The one connection to the database of this phone.
pub(crate) struct Store {
    connection: Connection,
    sealer: Sealer,
}

impl Store {
    /// Opens or makes the database under `data`, and brings its schema up to date.
    pub(crate) fn open(data: &Path, sealer: Sealer) -> Result<Self, Trouble> {
        fs::create_dir_all(data).map_err(|_| Trouble::Storage)?;
        let connection = open::connection(&data.join(FILE))?;
        Ok(Self { connection, sealer })
    }

    /// Whether no draft was ever sealed here; asked before a data key is made.
    pub(crate) fn is_empty_at(data: &Path) -> Result<bool, Trouble> {
        let file = data.join(FILE);
        if !file.exists() {
            return Ok(true);
        }
        let connection = open::connection(&file)?;
        let drafts: i64 =
            connection.query_row("SELECT count(*) FROM draft", [], |row| row.get(0))?;
        Ok(drafts == 0)
    }

    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, Trouble> {
        let query = "SELECT value FROM setting WHERE name = ?1";
        Ok(self.connection.query_row(query, [name], |row| row.get(0)).optional()?)
    }

    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), Trouble> {
        let query = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection.execute(query, params![name, value])?;
        Ok(())
    }

    fn seal(&self, table: &'static str, draft: &DossierId, value: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.sealer.seal(Place { table, draft }, value)
    }

    fn unseal(
        &self,
        table: &'static str,
        draft: &DossierId,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Trouble> {
        self.sealer.open(Place { table, draft }, sealed)
    }
}
