//! What does not open any more, and what automerge refuses.

use super::*;

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

/// Another draft than Lina's.
const OTHER: DossierId = [8; 16];

/// Lina's draft and another, in whose index a byte of one entry of hers changed, so many bytes from
/// the beginning of its hash: the draft stands before that, the row after it.
fn led_astray(data: &Path, entry: &str, from_hash: isize, byte: (u8, u8)) -> Store {
    let mut store = with_lina(data);
    store.add_draft(&OTHER, 1).unwrap();
    keep(&mut store, &OTHER, &[(Field::FamilyName, "Benali")]);
    store.scrub().unwrap();
    let hash: [u8; 32] = store.connection.query_row(entry, [ID], |row| row.get(0)).unwrap();
    let index = root_page(&store, "sqlite_autoindex_change_1");
    drop(store);
    change_bytes(data, index, |page| {
        let hash_at = page.windows(32).position(|it| it == hash).unwrap();
        let at = hash_at.strict_add_signed(from_hash);
        assert_eq!(std::mem::replace(&mut page[at], byte.1), byte.0);
    });
    self::store(data)
}

fn both_are_whole(store: &Store) {
    assert_eq!(typed(store), "Moreau");
    let answers = store.document(&OTHER, ACTOR).unwrap().answers();
    assert_eq!(answers.typed(Field::FamilyName), "Benali");
    assert!(!store.draft(&ID).unwrap().damaged && !store.draft(&OTHER).unwrap().damaged);
}

#[test]
fn an_index_that_leads_to_another_draft_costs_neither_of_them_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let second = "SELECT hash FROM change WHERE draft = ?1 AND n = 2";
    // It is said to stand where the other's is.
    let store = led_astray(folder.path(), second, 32, (2, 3));
    assert_eq!(store.document(&ID, ACTOR).err(), Some(Trouble::Damaged));
    both_are_whole(&store);
}

#[test]
fn an_index_that_leads_past_drafts_costs_none_of_them_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let middle = "SELECT max(hash) FROM change WHERE draft = ?1";
    // The search for either draft starts at this entry.
    let store = led_astray(folder.path(), middle, -16, (ID[0], 0xff));
    let answers = store.document(&OTHER, ACTOR).unwrap().answers();
    assert_eq!(answers.typed(Field::FamilyName), "Benali", "before its neighbour is read");
    both_are_whole(&store);
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
