//! The store, from outside.

mod corrections;
mod erasing;
mod history;
mod mending;
mod quarantine;
mod released;
mod typing;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use dossier::document::guard::{self, Admitted};
use dossier::document::{Change, Draft};
use dossier::form::Field;
use dossier::sync::DossierId;

const ID: DossierId = [7; 16];
const ACTOR: &[u8] = b"phone";

fn store(data: &Path) -> Store {
    Store::open(data, Sealer::new(&[1; 32]), ACTOR).unwrap()
}

/// Keeps answers as the app does, one change for each.
fn keep(store: &mut Store, id: &DossierId, answers: &[(Field, &str)]) -> Vec<Change> {
    let mut document = store.document(id, ACTOR).unwrap();
    let mut changes = Vec::new();
    for (field, typed) in answers {
        let change = document.set(*field, typed, 1_000).unwrap();
        store.keep_typed(id, std::slice::from_ref(&change), &[*field], 1_000).unwrap();
        changes.push(change);
    }
    changes
}

/// A store with Lina's draft, in which she answered two questions.
fn with_lina(data: &Path) -> Store {
    let mut store = store(data);
    store.add_draft(&ID, 1).unwrap();
    keep(&mut store, &ID, &[(Field::FamilyName, "Moreau"), (Field::GivenName, "Lina")]);
    store
}

fn says(store: &Store, query: &str) -> i64 {
    store.connection.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Where a table or an index begins: pages before it.
fn root_page(store: &Store, name: &str) -> usize {
    let query = "SELECT rootpage - 1 FROM sqlite_schema WHERE name = ?1";
    store.connection.query_row(query, [name], |row| row.get::<_, u32>(0)).unwrap() as usize
}

/// Changes bytes of a page of a database that nobody has open.
fn change_bytes(data: &Path, page: usize, change: impl FnOnce(&mut [u8])) {
    let file = data.join(FILE);
    let mut bytes = fs::read(&file).unwrap();
    change(&mut bytes[page * 4096..(page + 1) * 4096]);
    fs::write(&file, bytes).unwrap();
}

/// Ends the app without a word to the store.
fn kill(store: Store) {
    std::mem::forget(store);
}

fn typed(store: &Store) -> String {
    store.document(&ID, ACTOR).unwrap().answers().typed(Field::FamilyName).to_owned()
}

/// The server told these changes, and how far they read the space.
fn told(store: &mut Store, pulled: &[(DossierId, Admitted)], cursor: u64) {
    let told = Told { cursor, pulled: pulled.to_vec(), ..Told::default() };
    store.keep_told(&told, 2).unwrap();
}

/// Answers enough to pass the bound of a history, as the server has them.
fn long_history(store: &mut Store) -> Vec<Change> {
    let answers: Vec<String> = (0..60).map(|n| format!("Moreau {n}")).collect();
    let answers: Vec<_> = answers.iter().map(|text| (Field::CareOf, text.as_str())).collect();
    let changes = keep(store, &ID, &answers);
    let rows: Vec<i64> = store.changes_to_push(58).unwrap().iter().map(|row| row.n).collect();
    store.settle(&rows, &[]).unwrap();
    changes
}

#[test]
fn what_was_kept_is_there_when_the_store_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = store(folder.path());
    first.add_draft(&ID, 1).unwrap();
    keep(&mut first, &ID, &[(Field::FamilyName, "Moreau")]);
    // As after a kill: the file stays open elsewhere and nothing was said to SQLite.
    std::mem::forget(first);
    assert_eq!(typed(&store(folder.path())), "Moreau");
}

#[test]
fn a_full_disk_is_said_and_leaves_what_was_kept_before() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = store(folder.path());
    store.add_draft(&ID, 1).unwrap();
    keep(&mut store, &ID, &[(Field::FamilyName, "Moreau")]);
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
    keep(&mut store, &ID, &[(Field::FamilyName, "Moreau")]);
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
fn another_key_opens_nothing_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_lina(folder.path()));
    let other = Store::open(folder.path(), Sealer::new(&[2; 32]), ACTOR);
    assert_eq!(other.err(), Some(Trouble::KeyLost));
    let mine = store(folder.path());
    mine.connection.execute("DELETE FROM setting WHERE name = 'key'", []).unwrap();
    drop(mine);
    let other = Store::open(folder.path(), Sealer::new(&[2; 32]), ACTOR);
    assert_eq!(other.err(), Some(Trouble::KeyLost), "what is sealed here proves it too");
    assert_eq!(typed(&store(folder.path())), "Moreau");
}

#[test]
fn copies_of_a_phone_that_both_write_on_merge_and_never_share_an_actor() {
    let (mine, clone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(with_lina(mine.path()));
    fs::copy(mine.path().join(FILE), clone.path().join(FILE)).unwrap();
    // Each start draws an actor of its own; the clone knows nothing of it.
    let mut written = Vec::new();
    for (data, actor, field) in [
        (&mine, b"start 2", Field::PostalCode),
        (&clone, b"start 3", Field::Email),
        (&mine, b"start 4", Field::CareOf),
    ] {
        let mut store = store(data.path());
        let change = store.document(&ID, actor).unwrap().set(field, "typed", 9_000).unwrap();
        store.keep_typed(&ID, &[change], &[field], 9_000).unwrap();
        written.extend(store.document(&ID, ACTOR).unwrap().changes());
    }
    let changes: Vec<Admitted> =
        written.iter().map(|change| guard::admit(&change.bytes).unwrap()).collect();
    let places: BTreeSet<_> = changes.iter().map(|it| (it.actor(), it.hash())).collect();
    let seats: BTreeSet<_> = changes.iter().map(Admitted::actor).collect();
    assert_eq!((places.len(), seats.len()), (5, 5));
    let answers = Draft::from_changes(b"reader", changes.clone()).unwrap().answers();
    for field in [Field::PostalCode, Field::Email, Field::CareOf] {
        assert_eq!(answers.typed(field), "typed");
    }
    assert_eq!(answers.typed(Field::FamilyName), "Moreau");
}

#[test]
fn the_first_change_of_a_start_names_the_device_and_the_others_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let writes = |store: &mut Store, actor: &[u8], typed: &str, name: &str| {
        let change = store.document(&ID, actor).unwrap().set(Field::CareOf, typed, 9_000).unwrap();
        store.keep_typed(&ID, std::slice::from_ref(&change), &[], 9_000).unwrap();
        change.bytes.windows(name.len()).any(|window| window == name.as_bytes())
    };
    assert!(writes(&mut store, b"start 2", "a", DEVICE_NAME));
    assert!(!writes(&mut store, b"start 2", "b", DEVICE_NAME));
    store.set_setting("device_name", "stand 3").unwrap();
    assert!(writes(&mut store, b"start 3", "c", "stand 3"));
}

#[test]
fn on_a_metered_network_a_photo_waits_until_its_draft_is_deposited() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &[1; 9_000], width: 7, height: 9 };
    store.keep_photo(&ID, &photo, &[], 2).unwrap();
    let waiting = |store: &Store, metered| store.photos_to_push(metered).unwrap().len();
    assert_eq!((waiting(&store, false), waiting(&store, true)), (1, 0));
    let heads = store.document(&ID, ACTOR).unwrap().heads();
    let number = dossier::number::DossierNumber::draw([5; 16]);
    store.deposit(&ID, &heads, &number, 3).unwrap();
    assert_eq!(waiting(&store, true), 1);
}
