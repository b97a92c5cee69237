//! What is typed to correct a dossier: in no list, never sent as a draft, and gone when it is over.

use dossier::card::Standing;
use dossier::form::correction::Topic;
use dossier::review::{Correcting, CorrectionRequested, State};
use uuid::Uuid;

use super::*;

const CORRECTION: DossierId = [9; 16];

/// What the server says of Lina's dossier; with what names its request, while it makes one.
fn standing(request: Option<DossierId>) -> Standing {
    let correction = request.map(|id| CorrectionRequested {
        id: Uuid::from_bytes(id),
        asked: Correcting::new(&[Topic::FamilyName], &[], Some("Ton nom ?")).unwrap(),
        typed: Default::default(),
        asked_at_ms: 7,
    });
    Standing {
        state: if correction.is_some() { State::ToCorrect } else { State::InReview },
        decision: None,
        card: None,
        paper: None,
        renewal_due: false,
        former_cards: Vec::new(),
        duplicate: None,
        correction,
        corrected: None,
        timeline: Vec::new(),
        balances: None,
    }
}

/// Lina's dossier with its photo, and the draft in which she corrects it.
fn correcting(data: &Path) -> Store {
    let mut store = with_lina(data);
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &[7; 900], width: 7, height: 9 };
    store.keep_photo(&ID, &photo, &[], 2).unwrap();
    store.confirm_photo(&ID, &[3; 32]).unwrap();
    let sent: Vec<i64> = store.changes_to_push(9).unwrap().iter().map(|row| row.n).collect();
    store.settle(&sent, &[]).unwrap();
    let number = dossier::number::DossierNumber::draw([5; 16]);
    let heads = store.document(&ID, ACTOR).unwrap().heads();
    store.deposit(&ID, &heads, &number, 3).unwrap();
    store.receive(&ID, b"signed", 4).unwrap();
    store.keep_standing(&ID, &standing(Some(CORRECTION))).unwrap();
    begin(&mut store);
    store
}

fn begin(store: &mut Store) {
    let answers = store.answers(&ID, ACTOR).unwrap();
    let (_, change) = Draft::of_answers(b"actor", &answers, 5).unwrap();
    store.begin_correction(&CORRECTION, &ID, &change, 5).unwrap();
}

#[test]
fn it_is_in_no_list_and_never_sent_and_begun_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = correcting(folder.path());
    keep(&mut store, &CORRECTION, &[(Field::FamilyName, "Diaz")]);
    let listed: Vec<DossierId> = store.drafts().unwrap().iter().map(|row| row.id).collect();
    assert_eq!(listed, [ID]);
    assert!(store.changes_to_push(9).unwrap().is_empty());
    assert!(store.photos_to_push(false).unwrap().is_empty());
    assert_eq!(store.pending(), Ok(0));
    begin(&mut store);
    let typed = store.answers(&CORRECTION, ACTOR).unwrap();
    assert_eq!(typed.typed(Field::FamilyName), "Diaz", "as it was typed");
    assert_eq!(store.photo(&CORRECTION).unwrap().unwrap(), [7; 900]);
    store.queue_correction(&CORRECTION, &ID, 6).unwrap();
    assert_eq!((store.pending(), store.queued_correction(&ID)), (Ok(1), Ok(Some(6))));
    store.push_all_again().unwrap();
    let pushed: Vec<DossierId> =
        store.changes_to_push(9).unwrap().iter().map(|row| row.draft).collect();
    assert_eq!(pushed, [ID, ID], "a server that lost all is told the dossier, not the correction");
}

#[test]
fn one_that_does_not_open_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = correcting(folder.path());
    store
        .connection
        .execute("UPDATE change SET sealed = x'00' WHERE draft = ?1", [CORRECTION])
        .unwrap();
    assert_eq!(store.answers(&CORRECTION, ACTOR).unwrap().typed.len(), 0);
    assert!(store.draft(&CORRECTION).unwrap().damaged);
    begin(&mut store);
    assert!(!store.draft(&CORRECTION).unwrap().damaged);
    let typed = store.answers(&CORRECTION, ACTOR).unwrap();
    assert_eq!(typed.typed(Field::FamilyName), "Moreau");
}

#[test]
fn it_goes_when_the_server_asks_for_it_no_more_and_with_its_dossier() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = correcting(folder.path());
    store.queue_correction(&CORRECTION, &ID, 6).unwrap();
    store.keep_standing(&ID, &standing(None)).unwrap();
    assert_eq!(store.draft(&CORRECTION).err(), Some(Trouble::UnknownDraft));
    assert_eq!(store.pending(), Ok(0), "nor does it wait");
    store.keep_standing(&ID, &standing(Some(CORRECTION))).unwrap();
    begin(&mut store);
    store.forget_dossier(&ID).unwrap();
    assert_eq!(says(&store, "SELECT count(*) FROM draft"), 0);
    assert_eq!(says(&store, "SELECT count(*) FROM photo"), 0);
}
