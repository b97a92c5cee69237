//! What is being typed, and when it becomes one change.

use super::*;

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
