//! What was erased is in no file any more.

use super::*;
use crate::view::DossierState;
use dossier::card::vignette::Vignette;
use dossier::number::DossierNumber;

/// Every sealed value of the database, and the identifiers of its drafts.
fn traces(store: &Store) -> Vec<Vec<u8>> {
    let query = "SELECT sealed FROM change UNION ALL SELECT sealed FROM photo
                 UNION ALL SELECT sealed FROM password UNION ALL SELECT sealed FROM vignette UNION ALL SELECT sealed FROM snapshot
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
    let small = [&[0xFF, 0xD8, 0xFF], &jpeg[..2_000]].concat();
    store.keep_vignette(&ID, &Vignette::new([3; 32], small).unwrap()).unwrap();
    let traces = traces(&store);
    assert!(found(folder.path(), &traces) > 500, "what is looked for can be found");
    store.discard(&ID, Some(100)).unwrap();
    store.erase_discarded(101).unwrap();
    assert_eq!(found(folder.path(), &traces), 1, "the id, of which the server must still be told");
    assert_eq!(store.erased(9), Ok(vec![ID]));
    store.keep_told(&Told { heard: vec![ID], ..Told::default() }, 2).unwrap();
    assert_eq!(store.erased(9), Ok(Vec::new()));
    assert_eq!(found(folder.path(), &traces), 1, "the id, by which it stays deleted");
    store.push_all_again().unwrap();
    assert_eq!(store.erased(9), Ok(vec![ID]), "a server that lost its memory is told again");
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

#[test]
fn a_deposit_goes_on_under_another_id_and_leaves_no_trace_under_the_former() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = with_lina(folder.path());
    long_history(&mut store);
    store.keep_password(&ID, Some("neige en aout volcan"), 1).unwrap();
    let photo = PhotoToKeep { hash: [3; 32], jpeg: b"a picture", width: 7, height: 9 };
    store.keep_photo(&ID, &photo, &[], 2).unwrap();
    let heads = store.document(&ID, ACTOR).unwrap().heads();
    let number = DossierNumber::draw([5; 16]);
    store.deposit(&ID, &heads, &number, 4).unwrap();
    let former = traces(&store);
    let new = [8; 16];
    store.rename_ready(&ID, &new).unwrap();
    let row = store.draft(&new).unwrap();
    assert_eq!((row.state, row.heads), (DossierState::Ready, heads.clone()));
    assert_eq!(store.document(&new, ACTOR).unwrap().heads(), heads);
    assert_eq!(store.photo(&new).unwrap().unwrap(), b"a picture");
    assert_eq!(store.password(&new).unwrap().unwrap().as_str(), "neige en aout volcan");
    assert_eq!(store.outbox().unwrap()[0].draft, new);
    assert_eq!(store.photos_to_push(true), Ok(vec![(new, [3; 32])]));
    assert!(store.changes_to_push(9).unwrap().iter().all(|change| change.draft == new));
    assert_eq!(found(folder.path(), &former), 0);
}
