//! The end of the event.

use super::*;
use crate::view::StandRefusal;

#[test]
fn nothing_unsent_and_nothing_open_is_ever_wiped() {
    let tablet = Tablet::with_nadia();
    let draft = tablet.does("stand_start", json!({}))["draft"].clone();
    let refused = tablet.refuses("stand_end", json!({}));
    assert_eq!(refused, StandRefusal::OpenDrafts { count: 1 }.into());
    tablet.does("discard_draft", json!({ "draft": draft }));
    tablet.enrols("Lina", "Moreau");
    let refused = tablet.refuses("stand_end", json!({}));
    assert_eq!(refused, StandRefusal::Unsent { count: 1 }.into());
}

#[test]
fn a_wiped_tablet_holds_no_number_and_is_nobodys_stand() {
    let mut tablet = Tablet::with_nadia();
    let finished = tablet.enrols("Lina", "Moreau");
    let number = finished["number"].as_str().unwrap().replace('-', "");
    assert!(tablet.hits(number.as_bytes()) > 0);
    let digest = tablet.phone_is().store().unsent().unwrap()[0].1;
    let deposited = dossier::stand::EnvelopeState::Deposited;
    let store = tablet.phone_is().store();
    store.keep_envelope_receipt(&digest, b"receipt", NOW_MS, deposited).unwrap();
    drop(store);
    let proof = tablet.does("stand_end", json!({}));
    assert_eq!((&proof["hits"], &proof["searched"]), (&json!(0), &json!(4)));
    assert!(proof["files"].as_u64().unwrap() > 0 && proof["bytes"].as_u64().unwrap() > 0);
    assert_eq!(tablet.hits(number.as_bytes()), 0);
    assert_eq!(tablet.mode(), "phone");
    tablet.restart();
    assert_eq!(tablet.mode(), "phone");
    tablet.does("home", json!({}));
}

#[test]
fn an_envelope_leaves_a_week_after_its_receipt_by_the_regions_clock_and_never_by_the_tablets() {
    let tablet = Tablet::with_nadia();
    tablet.enrols("Lina", "Moreau");
    tablet.enrols("Karim", "Benali");
    let store = tablet.phone_is().store();
    let (line, digest) = store.unsent().unwrap()[0];
    let deposited = dossier::stand::EnvelopeState::Deposited;
    store.keep_envelope_receipt(&digest, b"receipt", NOW_MS, deposited).unwrap();
    store.erase_stored(NOW_MS).unwrap();
    assert!(store.envelope(line).unwrap().is_some());
    store.erase_stored(NOW_MS + 1).unwrap();
    assert!(store.envelope(line).unwrap().is_none());
    assert_eq!(store.lines(None, 9).unwrap().len(), 2, "the line stays");
    let (waiting, _) = store.unsent().unwrap()[0];
    assert!(store.envelope(waiting).unwrap().is_some(), "what waits is never erased");
}
