//! Long histories: what is folded, and what the server lacks.

use super::*;

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
