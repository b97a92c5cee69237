//! The mail address, which is typed once at a stand.

use super::*;

fn fields(refusals: &Value) -> Vec<&str> {
    let refusals = refusals.as_array().unwrap();
    refusals.iter().map(|it| it["field"].as_str().unwrap()).collect()
}

#[test]
fn ines_mends_her_address_and_calls_nadia_who_finds_nothing_to_mend() {
    let tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.fills(&draft, "Inès", "Garnier");
    // She calls while she types, and never presses « Continuer ».
    let typed = "ines.garnier@example.org";
    tablet.does("type_field", json!({ "draft": draft, "field": "email", "typed": typed }));
    tablet.does("stand_shield", json!({}));
    let agent = tablet.nadia();
    let seen = tablet.does("stand_resume", json!({ "agent": agent, "pin": PIN, "check": true }));
    assert_eq!(seen["values"]["email"], typed);
    assert_eq!(fields(&seen["refusals"]), [""; 0]);
    tablet.does("stand_finish", json!({ "draft": draft }));

    let (_, enrolment) = tablet.envelopes().remove(0);
    let changes = enrolment.changes.iter();
    let changes = changes.map(|bytes| dossier::document::guard::admit(bytes).unwrap());
    let answers = Draft::from_changes(b"region", changes).unwrap().answers();
    for field in [Field::Email, Field::EmailConfirmation] {
        assert_eq!(answers.typed(field), typed, "the Region reads it as it reads any other");
    }
}

#[test]
fn an_address_that_is_none_is_refused_at_a_stand_too() {
    let tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.fills(&draft, "Inès", "Garnier");
    tablet.does("set_field", json!({ "draft": draft, "field": "email", "typed": "ines.garnier" }));
    tablet.does("stand_shield", json!({}));
    let agent = tablet.nadia();
    tablet.does("stand_resume", json!({ "agent": agent, "pin": PIN, "check": true }));
    let refused = tablet.refuses("stand_finish", json!({ "draft": draft }));
    let Trouble::Incomplete { refusals } = refused else { panic!("{refused}") };
    assert_eq!(refusals.iter().map(|it| it.field).collect::<Vec<_>>(), [Field::Email]);
}

#[test]
fn what_ines_typed_twice_on_her_phone_is_asked_twice_there_alone() {
    let phone = Tablet::phone();
    let draft = phone.does("start_draft", json!({}))["draft"].clone();
    for (field, typed) in
        [("email", "ines@example.fr"), ("email_confirmation", "ines.garnier@example.fr")]
    {
        phone.does("set_field", json!({ "draft": draft, "field": field, "typed": typed }));
    }
    let view = phone.does("draft", json!({ "draft": draft }));
    assert!(fields(&view["refusals"]).contains(&"email_confirmation"));
    let tablet = Tablet::with_nadia();
    let view = handing_over::scans(&phone, &tablet, &draft);
    assert!(!fields(&view["refusals"]).contains(&"email_confirmation"));
}
