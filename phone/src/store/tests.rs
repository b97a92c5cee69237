//! The store, from outside.

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
fn a_keystroke_survives_the_end_of_the_app_and_becomes_one_change() {
    let folder = tempfile::tempdir().unwrap();
    let first = with_lina(folder.path());
    for typed in ["63", "630", "63000"] {
        first.keep_keystroke(&ID, Field::PostalCode, typed, 5_000).unwrap();
    }
    kill(first);
    let again = store(folder.path());
    let answers = again.document(&ID, ACTOR).unwrap().answers();
    assert_eq!(answers.typed(Field::PostalCode), "63000");
    assert_eq!(says(&again, "SELECT count(*) FROM change"), 3);
    assert_eq!(says(&again, "SELECT count(*) FROM field_buffer"), 0);
    assert_eq!(again.draft(&ID).unwrap().changed_ms, 5_000);
}

#[test]
fn leaving_a_field_ends_its_typing_even_when_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    store.keep_keystroke(&ID, Field::FamilyName, "Moreaux", 5_000).unwrap();
    store.keep_keystroke(&ID, Field::FamilyName, "Moreau", 5_001).unwrap();
    store.keep_keystroke(&ID, Field::Email, "lina@", 5_002).unwrap();
    store.keep_typed(&ID, &[], &[Field::FamilyName], 5_003).unwrap();
    assert_eq!(says(&store, "SELECT count(*) FROM field_buffer"), 1);
    assert_eq!(store.fold(&ID, ACTOR), Ok(true));
    assert_eq!(store.fold(&ID, ACTOR), Ok(false));
    assert_eq!(says(&store, "SELECT count(*) FROM change"), 3);
    assert_eq!(typed(&store), "Moreau");
}

#[test]
fn a_keystroke_for_a_draft_that_cannot_take_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let key = |store: &Store, id| store.keep_keystroke(id, Field::Email, "l", 5_000);
    assert_eq!(key(&store, &[9; 16]), Err(Trouble::UnknownDraft));
    let number = dossier::number::DossierNumber::draw([5; 16]);
    let heads = store.document(&ID, ACTOR).unwrap().heads();
    key(&store, &ID).unwrap();
    store.deposit(&ID, &heads, &number, 6_000).unwrap();
    assert_eq!(key(&store, &ID), Err(Trouble::AlreadyDeposited));
    assert_eq!(says(&store, "SELECT count(*) FROM field_buffer"), 0);
}

#[test]
fn keystrokes_that_cannot_be_folded_hold_up_no_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    store.add_draft(&[8; 16], 1).unwrap();
    for id in [&ID, &[8; 16]] {
        store.keep_keystroke(id, Field::Email, "lina@example.fr", 5_000).unwrap();
    }
    // Deposited by a version that knew of no keystrokes; and a keystroke that was moved.
    store.connection.execute("UPDATE draft SET state = 'ready' WHERE id = ?1", [ID]).unwrap();
    let moved = "UPDATE field_buffer SET field = 'school_name' WHERE draft = ?1";
    store.connection.execute(moved, [[8_u8; 16]]).unwrap();
    store.fold_all(ACTOR).unwrap();
    assert_eq!(says(&store, "SELECT count(*) FROM field_buffer"), 0);
    assert_eq!(says(&store, "SELECT count(*) FROM quarantine WHERE origin = 'field_buffer'"), 2);
    let other = store.document(&[8; 16], ACTOR).unwrap();
    assert!(other.answers().typed.is_empty());
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
fn a_document_at_hand_is_given_only_while_the_store_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let name = |store: &Store, actor| {
        let answers = store.answers(&ID, actor).unwrap();
        answers.typed(Field::FamilyName).to_owned()
    };
    assert_eq!(name(&store, ACTOR), "Moreau");
    // Nothing is read from the rows any more, and so this is not noticed: it is at hand.
    store.connection.execute("UPDATE change SET pushed = 0", []).unwrap();
    let mut aside = store.recent.take().unwrap();
    aside.document.set(Field::FamilyName, "at hand", 1).unwrap();
    store.recent.set(Some(aside));
    assert_eq!(name(&store, ACTOR), "at hand");
    let elsewhere = Draft::new(b"elsewhere").set(Field::Email, "lina@example.fr", 9).unwrap();
    let pulled = (ID, guard::admit(&elsewhere.bytes).unwrap());
    told(&mut store, &[pulled], 1);
    assert_eq!(name(&store, ACTOR), "Moreau", "a change of another device ends it");
}

#[test]
fn a_long_history_is_folded_and_what_the_server_lacks_stays_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    long_history(&mut store);
    assert_eq!(says(&store, "SELECT count(*) FROM snapshot"), 1);
    assert_eq!(says(&store, "SELECT count(*) FROM change"), 4);
    assert_eq!(store.changes_to_push(100).unwrap().len(), 4);
    let mut document = store.document(&ID, ACTOR).unwrap();
    assert_eq!(document.answers().typed(Field::CareOf), "Moreau 59");
    assert_eq!(document.changes().len(), 62);
    assert!(!store.draft(&ID).unwrap().damaged);
    keep(&mut store, &ID, &[(Field::CareOf, "Moreau")]);
    assert_eq!(store.document(&ID, ACTOR).unwrap().answers().typed(Field::CareOf), "Moreau");
}

#[test]
fn a_server_that_lost_everything_gets_the_folded_changes_again_each_after_those_it_follows() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    long_history(&mut store);
    let before = store.document(&ID, ACTOR).unwrap().changes();
    store.push_again(&ID).unwrap();
    let again: Vec<Change> =
        store.changes_to_push(100).unwrap().into_iter().map(|row| row.change).collect();
    assert_eq!(again, before);
    assert_eq!(says(&store, "SELECT count(*) FROM snapshot"), 0);
    let mut known = BTreeSet::new();
    for change in &again {
        let admitted = guard::admit(&change.bytes).unwrap();
        assert!(admitted.deps().iter().all(|dep| known.contains(dep)));
        known.insert(change.hash);
    }
    assert_eq!(store.document(&ID, ACTOR).unwrap().answers().typed(Field::CareOf), "Moreau 59");
}

#[test]
fn one_damaged_draft_takes_no_other_and_comes_back_from_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let other: DossierId = [8; 16];
    store.add_draft(&other, 1).unwrap();
    keep(&mut store, &other, &[(Field::FamilyName, "Benali")]);
    store.set_setting("cursor", "42").unwrap();
    let lost: Vec<Admitted> = store
        .document(&ID, ACTOR)
        .unwrap()
        .changes()
        .iter()
        .map(|change| guard::admit(&change.bytes).unwrap())
        .collect();
    let flip = "UPDATE change SET sealed = zeroblob(length(sealed)) WHERE n = 1";
    store.connection.execute(flip, []).unwrap();

    assert_eq!(store.changes_to_push(100).unwrap().len(), 2, "it holds up no other change");
    assert_eq!(store.document(&ID, ACTOR).err(), Some(Trouble::Damaged));
    assert!(store.draft(&ID).unwrap().damaged);
    assert!(!store.draft(&other).unwrap().damaged);
    let answers = store.document(&other, ACTOR).unwrap().answers();
    assert_eq!(answers.typed(Field::FamilyName), "Benali");
    assert_eq!(says(&store, "SELECT length(sealed) > 0 FROM quarantine"), 1);

    // An answer that was under way when the damage was found does not count.
    told(&mut store, &[], 43);
    assert_eq!(
        (store.place().map(|place| place.1), store.place().map(|place| place.1)),
        (Ok(0), Ok(0))
    );
    let pulled: Vec<_> = lost.into_iter().map(|change| (ID, change)).collect();
    told(&mut store, &pulled, 44);
    assert_eq!(typed(&store), "Moreau");
    assert!(!store.draft(&ID).unwrap().damaged);
    assert_eq!(store.place().map(|place| place.1), Ok(44));
}

#[test]
fn a_lost_answer_that_nothing_follows_leaves_a_draft_that_opens_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_lina(folder.path());
    store.connection.execute("DELETE FROM change WHERE n = 2", []).unwrap();
    assert_eq!(typed(&store), "Moreau");
    assert!(store.draft(&ID).unwrap().damaged, "its checksum tells");
}

#[test]
fn a_change_that_automerge_refuses_is_set_aside_and_not_taken_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    // Another history under the same actor: its first change contradicts ours.
    let forged = Draft::new(ACTOR).set(Field::FamilyName, "Intrus", 9).unwrap();
    let forged = (ID, guard::admit(&forged.bytes).unwrap());
    told(&mut store, std::slice::from_ref(&forged), 5);
    assert_eq!(typed(&store), "Moreau");
    assert_eq!(says(&store, "SELECT count(*) FROM quarantine WHERE origin = 'refused'"), 1);
    assert!(!store.draft(&ID).unwrap().damaged, "nothing of it is lost");
    told(&mut store, &[forged], 6);
    assert_eq!(says(&store, "SELECT count(*) FROM change"), 2);
}

#[test]
fn a_snapshot_that_does_not_open_is_never_taken_for_an_empty_draft() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    let changes = long_history(&mut store);
    let mut all = store.document(&ID, ACTOR).unwrap().changes();
    let rest: Vec<i64> = store.changes_to_push(100).unwrap().iter().map(|row| row.n).collect();
    store.settle(&rest, &[]).unwrap();
    store.connection.execute("UPDATE snapshot SET sealed = zeroblob(99)", []).unwrap();
    store.connection.execute("DELETE FROM change", []).unwrap();
    assert_eq!(store.document(&ID, ACTOR).err(), Some(Trouble::Damaged));
    let last = all.pop().unwrap();
    assert_eq!(Some(&last), changes.last());
    let pulled = |changes: &[Change]| -> Vec<(DossierId, Admitted)> {
        changes.iter().map(|it| (ID, guard::admit(&it.bytes).unwrap())).collect()
    };
    told(&mut store, &pulled(&all), 1);
    told(&mut store, &pulled(&[last]), 2);
    assert_eq!(store.document(&ID, ACTOR).unwrap().answers().typed(Field::CareOf), "Moreau 59");
}

#[test]
fn what_can_be_asked_again_is_as_good_as_missing_when_it_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    store.keep_password(&ID, Some("neige en aout volcan"), 1).unwrap();
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &[7; 1_000], width: 7, height: 9 };
    store.keep_photo(&ID, &photo, &[], 2).unwrap();
    store.connection.execute_batch("UPDATE password SET sealed = zeroblob(50)").unwrap();
    store.connection.execute_batch("UPDATE photo SET sealed = zeroblob(50)").unwrap();
    assert!(store.password(&ID).unwrap().is_none());
    assert!(!store.draft(&ID).unwrap().damaged);
    assert!(store.photo(&ID).unwrap().is_none());
    assert!(store.draft(&ID).unwrap().damaged);
    store.keep_photo(&ID, &photo, &[], 3).unwrap();
    assert!(!store.draft(&ID).unwrap().damaged, "another photo makes it whole");
    assert_eq!(typed(&store), "Moreau");
}

/// Every sealed value of the database, and the identifiers of its drafts.
fn traces(store: &Store) -> Vec<Vec<u8>> {
    let query = "SELECT sealed FROM change UNION ALL SELECT sealed FROM photo
                 UNION ALL SELECT sealed FROM password UNION ALL SELECT sealed FROM snapshot
                 UNION ALL SELECT sealed FROM field_buffer UNION ALL SELECT id FROM draft";
    let mut statement = store.connection.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Which of these are found in the files of a folder, whole or in part: 16 bytes of one are enough.
fn found(data: &Path, traces: &[Vec<u8>]) -> usize {
    let files = fs::read_dir(data).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let windows: BTreeSet<Vec<u8>> =
        files.flat_map(|file| file.windows(16).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect();
    traces
        .iter()
        .flat_map(|trace| trace.chunks_exact(16))
        .filter(|it| windows.contains(*it))
        .count()
}

#[test]
fn what_was_erased_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    long_history(&mut store);
    store.keep_password(&ID, Some("neige en aout volcan"), 1).unwrap();
    store.keep_keystroke(&ID, Field::Email, "lina.moreau@example.fr", 5).unwrap();
    let jpeg: Vec<u8> = (0..9_000_u32).map(|n| (n * n % 251) as u8).collect();
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &jpeg, width: 7, height: 9 };
    store.keep_photo(&ID, &photo, &[], 2).unwrap();
    let traces = traces(&store);
    assert!(found(folder.path(), &traces) > 500, "what is looked for can be found");
    store.discard(&ID, Some(100)).unwrap();
    store.erase_discarded(101).unwrap();
    assert_eq!(found(folder.path(), &traces), 1, "the id, of which the server must still be told");
    assert_eq!(store.erased(9), Ok(vec![ID]));
    store.keep_told(&Told { heard: vec![ID], ..Told::default() }, 2).unwrap();
    assert_eq!(found(folder.path(), &traces), 0);
}

#[test]
fn a_password_leaves_with_the_receipt_and_so_does_every_trace_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    store.keep_password(&ID, Some("neige en aout volcan"), 1).unwrap();
    let sealed: Vec<u8> =
        store.connection.query_row("SELECT sealed FROM password", [], |row| row.get(0)).unwrap();
    assert!(found(folder.path(), std::slice::from_ref(&sealed)) > 0);
    store.receive(&ID, b"signed", 6_000).unwrap();
    assert_eq!(found(folder.path(), &[sealed]), 0);
}

/// Writes over a page of a database that nobody has open.
fn spoil(file: &Path, page: usize) {
    let mut bytes = fs::read(file).unwrap();
    let at = page * 4096;
    bytes[at..at + 4096].fill(0xA5);
    fs::write(file, bytes).unwrap();
}

/// A store of twenty drafts, killed after its log was written into the database.
fn twenty(data: &Path) -> PathBuf {
    let mut store = store(data);
    for n in 0..20 {
        store.add_draft(&[n; 16], 1).unwrap();
        let name = format!("Moreau {n}");
        keep(&mut store, &[n; 16], &[(Field::FamilyName, &name), (Field::GivenName, "Lina")]);
        let photo = PhotoToKeep { hash: [n; 32], jpeg: &[n; 9_000], width: 7, height: 9 };
        store.keep_photo(&[n; 16], &photo, &[], 2).unwrap();
    }
    store.scrub().unwrap();
    kill(store);
    data.join(FILE)
}

#[test]
fn a_damaged_page_costs_no_draft_that_does_not_stand_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let whole = twenty(folder.path());
    let pages = fs::metadata(&whole).unwrap().len() as usize / 4096;
    let (mut read, mut mended) = (0, 0);
    for page in (1..pages).step_by(3) {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(&whole, copy.path().join(FILE)).unwrap();
        spoil(&copy.path().join(FILE), page);
        let store = store(copy.path());
        mended += i32::from(store.was_mended().unwrap());
        for n in 0..20 {
            let name = store.document(&[n; 16], ACTOR).ok();
            let name = name.map(|it| it.answers().typed(Field::FamilyName).to_owned());
            read += i32::from(name == Some(format!("Moreau {n}")));
        }
    }
    let all = 20 * (1..pages).step_by(3).count() as i32;
    assert!(mended > 0 && read * 100 >= all * 90, "{read} of {all} read, {mended} mended");
}

#[test]
fn a_flipped_byte_costs_at_most_the_draft_in_which_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(twenty(folder.path())).unwrap();
    let pages = whole.len() / 4096;
    // The header, the schema behind it, the heads of pages, and places all over the file.
    let head = (0..100).step_by(9).chain((100..4096).step_by(333));
    let places = head.chain((1..pages).step_by(2).map(|page| page * 4096 + page % 6));
    let all_over = (0..40_u64).map(|n| (n * 2_654_435_761 % whole.len() as u64) as usize);
    for (n, at) in places.chain(all_over).enumerate() {
        let copy = tempfile::tempdir().unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (n % 8);
        fs::write(copy.path().join(FILE), &bytes).unwrap();
        let store = store(copy.path());
        let is_read = |n: &u8| {
            let document = store.document(&[*n; 16], ACTOR);
            document.is_ok_and(|it| it.answers().typed(Field::FamilyName) == format!("Moreau {n}"))
        };
        let read = (0..20).filter(is_read).count();
        assert!(read >= 19, "byte {at} of page {}: {read} of 20", at / 4096 + 1);
        store.add_draft(&[99; 16], 1).unwrap_or_else(|trouble| panic!("byte {at}: {trouble}"));
    }
}

#[test]
fn the_damaged_files_are_kept_aside_and_the_screens_are_told_until_they_have_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    fs::write(&file, [b'x'; 8192]).unwrap();
    let mended = store(folder.path());
    assert!(mended.was_mended().unwrap());
    assert_eq!(mended.place().map(|place| place.1), Ok(0));
    assert_eq!(fs::read(folder.path().join("damaged-1").join(FILE)).unwrap(), [b'x'; 8192]);
    mended.add_draft(&ID, 1).unwrap();
    mended.forget_mending().unwrap();
    drop(mended);
    assert!(!store(folder.path()).was_mended().unwrap());
}

#[test]
fn a_mending_that_was_cut_anywhere_is_ended_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    let fresh = file.with_extension("mended.sqlite");
    // Before the damaged file was moved: done again.
    fs::write(&fresh, b"half a database").unwrap();
    assert_eq!(store(folder.path()).drafts().unwrap().len(), 20);
    assert!(!fresh.exists());
    // After: the fresh one takes its place, and a foreign log is not replayed into it.
    fs::copy(&file, &fresh).unwrap();
    fs::remove_file(&file).unwrap();
    fs::write(folder.path().join("phone.sqlite-wal"), b"the log of the damaged one").unwrap();
    assert_eq!(store(folder.path()).drafts().unwrap().len(), 20);
    assert!(!fresh.exists());
}

#[test]
fn pages_are_looked_at_after_every_end_but_an_orderly_one() {
    let folder = tempfile::tempdir().unwrap();
    let mark = "SELECT count(*) FROM setting WHERE name = 'stopped'";
    drop(with_lina(folder.path()));
    let file = Connection::open(folder.path().join(FILE)).unwrap();
    assert_eq!(file.query_row(mark, [], |row| row.get::<_, i64>(0)), Ok(1));
    drop(file);
    let open = store(folder.path());
    assert_eq!(says(&open, mark), 0, "it is gone while the app is open");
    // An orphan: a whole database to SQLite, but not to us.
    open.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    open.connection.execute("DELETE FROM draft", []).unwrap();
    kill(open);
    let mended = store(folder.path());
    assert!(mended.was_mended().unwrap());
    assert!(mended.draft(&ID).unwrap().damaged);
    assert_eq!(typed(&mended), "Moreau", "a draft is made again for what is left of it");
}

#[test]
fn damage_that_came_after_an_end_in_order_is_mended_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    drop(store(folder.path()));
    let whole = fs::read(&file).unwrap();
    let pages = whole.len() / 4096;
    for page in (1..pages).step_by(4) {
        fs::write(&file, &whole).unwrap();
        spoil(&file, page);
        // At the latest by the second start after the damage was met.
        for last in [false, true] {
            let store = store(folder.path());
            match store.drafts() {
                Err(_) if !last => store.suspect(),
                drafts => assert!(drafts.unwrap().len() >= 18, "page {page}"),
            }
        }
    }
}

/// A phone that was used for a while: Lina is in the middle of the form, Karim has his receipt.
fn lived_in(data: &Path) -> Store {
    let mut store = store(data);
    store.add_draft(&ID, 1_000).unwrap();
    let lina = [
        (Field::Civility, "MADAME"),
        (Field::FamilyName, "Moreau"),
        (Field::GivenName, "Lina"),
        (Field::BirthDate, "7/3/2009"),
        (Field::Email, "lina.moreau@example.fr"),
    ];
    keep(&mut store, &ID, &lina);
    let sent: Vec<i64> = store.changes_to_push(3).unwrap().iter().map(|row| row.n).collect();
    store.settle(&sent, &[]).unwrap();
    let noise = (0..2_000_u32).map(|n| (n * 7 % 251) as u8);
    let jpeg: Vec<u8> = [0xFF, 0xD8, 0xFF].into_iter().chain(noise).collect();
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &jpeg, width: 840, height: 1080 };
    let mut document = store.document(&ID, ACTOR).unwrap();
    let named = document.set(Field::Photo, &dossier::hexadecimal::text(&[3; 32]), 3_000).unwrap();
    store.keep_photo(&ID, &photo, &[named], 3_000).unwrap();
    store.keep_password(&ID, Some("neige en aout volcan"), 3_001).unwrap();
    store.add_draft(&[8; 16], 4_000).unwrap();
    keep(&mut store, &[8; 16], &[(Field::FamilyName, "Benali"), (Field::GivenName, "Karim")]);
    let heads = store.document(&[8; 16], ACTOR).unwrap().heads();
    let number = dossier::number::DossierNumber::draw([5; 16]);
    store.deposit(&[8; 16], &heads, &number, 5_000).unwrap();
    store.receive(&[8; 16], b"signed", 6_000).unwrap();
    store.set_setting("space", "0199b2a0-0000-7000-8000-000000000001").unwrap();
    store.set_setting("cursor", "42").unwrap();
    store.keep_status_list(1, b"signed list").unwrap();
    store
}

/// `UPDATE_PAST=1` keeps a database of the present version for those to come.
#[test]
fn the_database_of_every_released_version_opens_with_its_drafts() {
    let past = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/past");
    let present = tempfile::tempdir().unwrap();
    let store_now = lived_in(present.path());
    let newest = schema::version(&store_now.connection).unwrap().unwrap();
    drop(store_now);
    if std::env::var_os("UPDATE_PAST").is_some() {
        let file = past.join(format!("phone-V{newest}.sqlite"));
        fs::copy(present.path().join(FILE), file).unwrap();
    }
    let mut versions = 0;
    for entry in fs::read_dir(past).unwrap() {
        let file = entry.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        fs::copy(&file, folder.path().join(FILE)).unwrap();
        let store = store(folder.path());
        let lina = store.document(&ID, ACTOR).unwrap().answers();
        let said = [Field::FamilyName, Field::GivenName, Field::BirthDate, Field::Email]
            .map(|field| lina.typed(field).to_owned());
        let file = file.display();
        assert_eq!(said, ["Moreau", "Lina", "7/3/2009", "lina.moreau@example.fr"], "{file}");
        assert_eq!(store.photo(&ID).unwrap().unwrap().len(), 2_003, "{file}");
        assert_eq!(&**store.password(&ID).unwrap().unwrap(), "neige en aout volcan", "{file}");
        assert_eq!(store.changes_to_push(100).unwrap().len(), 5, "{file}");
        let karim = store.draft(&[8; 16]).unwrap();
        assert_eq!((karim.heads.len(), karim.received_ms), (1, Some(6_000)), "{file}");
        assert_eq!(store.place(), Ok(([0; 16], 42)), "{file}");
        assert_eq!(says(&store, "SELECT count(*) FROM quarantine"), 0, "{file}");
        assert!(!store.was_mended().unwrap(), "{file}");
        versions += 1;
    }
    assert_eq!(versions, newest, "a database for each version");
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
