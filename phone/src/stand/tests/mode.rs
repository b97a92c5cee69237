//! What a tablet answers in each of its modes.

use super::*;

#[test]
fn a_phone_remembers_that_it_shall_ask_who_holds_it_and_a_stand_has_no_such_setting() {
    let mut phone = Tablet::phone();
    assert_eq!(phone.does("device_lock", json!({})), false);
    assert_eq!(phone.does("set_device_lock", json!({ "on": true })), true);
    phone.restart();
    assert_eq!(phone.does("device_lock", json!({})), true);
    assert_eq!(phone.does("set_device_lock", json!({ "on": false })), false);

    let tablet = Tablet::with_nadia();
    assert_eq!(tablet.refuses("device_lock", json!({})), Trouble::Closed);
    assert_eq!(tablet.refuses("set_device_lock", json!({ "on": true })), Trouble::Closed);
}

#[test]
fn a_restart_begins_closed_and_the_open_draft_is_found_again() {
    let mut tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.does("type_field", json!({ "draft": draft, "field": "given_name", "typed": "Lina" }));
    tablet.restart();
    assert_eq!(tablet.mode(), "closed");
    assert_eq!(tablet.refuses("draft", json!({ "draft": draft })), Trouble::Closed);
    assert_eq!(tablet.refuses("stand_drafts", json!({})), Trouble::Closed);
    let agent = tablet.nadia();
    tablet.does("stand_sign_in", json!({ "agent": agent, "pin": PIN }));
    let drafts = tablet.does("stand_drafts", json!({}));
    assert_eq!(drafts[0]["title"], "Lina");
    let view = tablet.does("stand_student", json!({ "draft": draft }));
    assert_eq!(view["values"]["given_name"], "Lina");
}

#[test]
fn before_a_student_the_tablet_answers_for_one_draft_and_for_nothing_else() {
    let tablet = Tablet::with_nadia();
    let karim = tablet.does("stand_start", json!({}))["draft"].clone();
    tablet.does("set_field", json!({ "draft": karim, "field": "given_name", "typed": "Karim" }));
    let lina = tablet.begins();
    assert_ne!(lina, karim);
    let view = tablet.does("draft", json!({ "draft": lina }));
    assert_eq!(view["values"], json!({}));
    let allowed = ["stand", "charter", "communes", "look", "stand_shield"];
    for command in crate::commands::names().into_iter().filter(|it| !allowed.contains(it)) {
        let args = json!({ "draft": karim, "field": "given_name", "typed": "x", "line": 1 });
        assert_eq!(tablet.refuses(command, args), Trouble::Closed, "{command}");
    }
    tablet.does("stand_shield", json!({}));
    for command in ["draft", "stand_student", "stand_close", "stand_sign_in", "stand_start"] {
        let agent = json!({ "draft": lina, "agent": Uuid::nil(), "pin": PIN });
        assert_eq!(tablet.refuses(command, agent), Trouble::Closed, "{command}");
    }
}

#[test]
fn a_stand_that_was_revoked_begins_nothing_new_and_finishes_what_is_open() {
    let tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.fills(&draft, "Lina", "Moreau");
    let revoked = KeySet { revoked: vec![STAND.into()], ..keys(2) };
    tablet.phone_is().store().keep_key_set(2, &revoked.sign(&root())).unwrap();
    let finished = tablet.finishes(&draft);
    assert!(finished["card"].is_null());
    tablet.does("stand_close", json!({}));
    let refused = tablet.refuses("stand_start", json!({}));
    assert_eq!(refused, crate::view::StandRefusal::Revoked.into());
    assert_eq!(tablet.envelopes().len(), 1);
}
