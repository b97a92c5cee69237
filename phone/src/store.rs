//! The phone's database: what was acknowledged is on the disk, and what is personal is sealed.

mod agents;
mod checks;
mod claims;
mod corrections;
mod dossiers;
mod drafts;
mod duplicates;
mod envelopes;
mod history;
mod key;
mod legible;
mod mending;
mod open;
mod photos;
mod published;
mod pushing;
mod quarantine;
mod renaming;
mod scattered;
mod schema;
mod signed_in;
mod stand;
mod typing;
mod vignettes;

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::Path;

use dossier::document::Hash;
use dossier::sync::DossierId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::seal::{Place, Sealer};
use crate::trouble::Trouble;
pub(crate) use agents::AgentRow;
pub(crate) use dossiers::{Outgoing, OutgoingKind};
pub(crate) use drafts::DraftRow;
pub(crate) use envelopes::{Finishing, LineRow};
pub(crate) use photos::{PhotoRow, PhotoToKeep};
pub(crate) use pushing::{ToPush, Told};
pub(crate) use signed_in::Opened;
pub(crate) use stand::{PrintsRow, StandRow};

pub(crate) const FILE: &str = "phone.sqlite";
/// Who opens a document only to read it.
const READER: &[u8] = &[0; 16];
/// What other devices are told of this one, unless the setting `device_name` says otherwise.
const DEVICE_NAME: &str = "téléphone";

/// The one connection to the database of this phone.
pub(crate) struct Store {
    connection: Connection,
    sealer: Sealer,
    /// Whether a command met damaged data: the next start looks more closely.
    suspect: Cell<bool>,
    /// The document last opened or written.
    recent: Cell<Option<history::Recent>>,
    /// The draft that the screens were shown last, and its state then, with what was typed there
    /// since.
    shown: RefCell<Option<(DossierId, Vec<Hash>)>>,
}

impl Store {
    /// Opens or makes the database under `data`, mends what a damage left of it, and brings its
    /// schema up to date. What was deleted before is erased, and what was being typed is folded.
    pub(crate) fn open(data: &Path, sealer: Sealer, actor: &[u8]) -> Result<Self, Trouble> {
        make_folder(data)?;
        let file = data.join(FILE);
        match Self::start(mending::open(&file)?, sealer.clone(), actor) {
            // No page looked wrong, and yet: only now is it seen.
            Err(Trouble::Damaged) => Self::start(mending::mended(&file)?, sealer, actor),
            started => started,
        }
    }

    fn start(connection: Connection, sealer: Sealer, actor: &[u8]) -> Result<Self, Trouble> {
        let mut store = Self {
            connection,
            sealer,
            suspect: Cell::new(true),
            recent: Cell::default(),
            shown: RefCell::default(),
        };
        store.know_key()?;
        // Nobody can undo a deletion of the time before.
        store.erase_discarded(i64::MAX)?;
        store.fold_all(actor)?;
        if store.sealed_stand()?.is_some() {
            // A kill between a dossier's end and the end of the log would leave its draft there.
            store.scrub()?;
        }
        store.suspect.set(false);
        Ok(store)
    }

    /// A command met damaged data.
    pub(crate) fn suspect(&self) {
        self.suspect.set(true);
    }

    /// Whether no draft was ever sealed here; asked before a data key is made.
    pub(crate) fn is_empty_at(data: &Path) -> Result<bool, Trouble> {
        let file = data.join(FILE);
        if !file.exists() {
            return Ok(true);
        }
        let drafts = open::connection(&file).and_then(|connection| {
            if schema::version(&connection)?.is_none() {
                return Ok(0);
            }
            let query = "SELECT count(*) FROM draft";
            Ok(connection.query_row(query, [], |row| row.get::<_, i64>(0))?)
        });
        match drafts {
            Err(Trouble::Damaged) => Ok(false),
            drafts => Ok(drafts? == 0),
        }
    }

    /// Whether the database was damaged and mended since the screens last said so.
    pub(crate) fn was_mended(&self) -> Result<bool, Trouble> {
        Ok(self.setting(mending::MENDED)?.is_some())
    }

    /// The screens have said that the database was mended.
    pub(crate) fn forget_mending(&self) -> Result<(), Trouble> {
        self.connection.execute("DELETE FROM setting WHERE name = ?1", [mending::MENDED])?;
        Ok(())
    }

    /// What other devices are told of this one.
    pub(crate) fn device_name(&self) -> Result<String, Trouble> {
        Ok(self.setting("device_name")?.unwrap_or_else(|| DEVICE_NAME.to_owned()))
    }

    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, Trouble> {
        let query = "SELECT value FROM setting WHERE name = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), Trouble> {
        let query = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection.execute(query, params![name, value])?;
        Ok(())
    }

    fn seal(&self, table: &'static str, draft: &[u8], value: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.sealer.seal(Place { table, draft }, value)
    }

    fn unseal(&self, table: &'static str, draft: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.sealer.open(Place { table, draft }, sealed)
    }
}

/// Makes a folder that outlives a power cut: its name is on the disk, and so are those above it.
fn make_folder(folder: &Path) -> Result<(), Trouble> {
    let missing: Vec<&Path> = folder.ancestors().take_while(|it| !it.exists()).collect();
    fs::create_dir_all(folder).map_err(|_| Trouble::Storage)?;
    missing.iter().filter_map(|made| made.parent()).try_for_each(|parent| {
        let here = parent.as_os_str().is_empty();
        schema::sync_folder(if here { Path::new(".") } else { parent })
    })
}

impl Drop for Store {
    fn drop(&mut self) {
        // Only saves the next start from looking at every page, or has it look at every index too.
        let _ = mending::note_stop(&self.connection, self.suspect.get());
    }
}

#[cfg(test)]
mod tests;
