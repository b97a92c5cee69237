//! The phone's database: what was acknowledged is on the disk, and what is personal is sealed.

mod dossiers;
mod drafts;
mod open;
mod published;
mod pushing;

use std::fs;
use std::path::Path;

use dossier::sync::DossierId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::seal::{Place, Sealer};
use crate::trouble::Trouble;
pub(crate) use dossiers::{Outgoing, OutgoingKind};
pub(crate) use drafts::{DraftRow, PhotoToKeep};
pub(crate) use pushing::ToPush;

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

    fn seal(
        &self,
        table: &'static str,
        draft: &DossierId,
        value: &[u8],
    ) -> Result<Vec<u8>, Trouble> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::document::Draft;
    use dossier::form::Field;

    const ID: DossierId = [7; 16];
    const ACTOR: &[u8] = b"phone";

    fn store(data: &Path) -> Store {
        Store::open(data, Sealer::new(&[1; 32])).unwrap()
    }

    fn typed(store: &Store) -> String {
        store.document(&ID, ACTOR).unwrap().answers().typed(Field::FamilyName).to_owned()
    }

    #[test]
    fn what_was_kept_is_there_when_the_store_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = store(folder.path());
        first.add_draft(&ID, 1).unwrap();
        let change = Draft::new(ACTOR).set(Field::FamilyName, "Moreau", 1).unwrap();
        first.keep(&ID, &change, 1).unwrap();
        // As after a kill: the file stays open elsewhere and nothing was said to SQLite.
        std::mem::forget(first);
        assert_eq!(typed(&store(folder.path())), "Moreau");
    }

    #[test]
    fn a_full_disk_is_said_and_leaves_what_was_kept_before() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(folder.path());
        store.add_draft(&ID, 1).unwrap();
        let mut draft = Draft::new(ACTOR);
        store.keep(&ID, &draft.set(Field::FamilyName, "Moreau", 1).unwrap(), 1).unwrap();
        // SQLite's own way to run out of room: not one page more than now.
        store.connection.pragma_update(None, "max_page_count", 1).unwrap();
        let photo = PhotoToKeep { hash: [3; 32], jpeg: &[0; 100_000], width: 7, height: 9 };
        assert_eq!(store.keep_photo(&ID, &photo, &[], 2), Err(Trouble::DiskFull));
        assert_eq!(typed(&store), "Moreau");
        assert!(store.photo_row(&ID).unwrap().is_none());
    }

    #[test]
    fn a_lost_data_key_is_not_replaced_while_there_are_drafts() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Store::is_empty_at(folder.path()).unwrap());
        let store = store(folder.path());
        assert!(Store::is_empty_at(folder.path()).unwrap());
        store.add_draft(&ID, 1).unwrap();
        assert!(!Store::is_empty_at(folder.path()).unwrap());
    }

    #[test]
    fn a_deleted_draft_is_hidden_then_erased_with_its_history_once_its_time_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(folder.path());
        store.add_draft(&ID, 1).unwrap();
        let change = Draft::new(ACTOR).set(Field::FamilyName, "Moreau", 1).unwrap();
        store.keep(&ID, &change, 1).unwrap();
        store.discard(&ID, Some(100)).unwrap();
        assert_eq!((store.drafts().unwrap().len(), store.pending().unwrap()), (0, 0));
        store.erase_discarded(100).unwrap();
        assert_eq!(typed(&store), "Moreau");
        store.erase_discarded(101).unwrap();
        assert_eq!(store.draft(&ID).err(), Some(Trouble::UnknownDraft));
        let left = "SELECT count(*) FROM change";
        let left: i64 = store.connection.query_row(left, [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0);
    }

    #[test]
    fn pictures_that_broke_a_rule_are_counted_for_each_draft() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        store.add_draft(&ID, 1).unwrap();
        store.add_draft(&[8; 16], 1).unwrap();
        for _ in 0..2 {
            store.count_photo_try(&ID).unwrap();
        }
        assert_eq!((store.photo_tries(&ID), store.photo_tries(&[8; 16])), (Ok(2), Ok(0)));
        assert_eq!(store.photo_tries(&[9; 16]), Err(Trouble::UnknownDraft));
    }

    #[test]
    fn another_key_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut mine = store(folder.path());
        mine.add_draft(&ID, 1).unwrap();
        let change = Draft::new(ACTOR).set(Field::FamilyName, "Moreau", 1).unwrap();
        mine.keep(&ID, &change, 1).unwrap();
        drop(mine);
        let other = Store::open(folder.path(), Sealer::new(&[2; 32])).unwrap();
        assert_eq!(other.document(&ID, ACTOR).err(), Some(Trouble::Damaged));
    }
}
