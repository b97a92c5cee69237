//! Drafts that go from a phone to a stand, and back.

use super::*;
use crate::view::StandRefusal;

pub(super) fn scans(from: &Tablet, to: &Tablet, draft: &Value) -> Value {
    let codes = from.does("handover", json!({ "draft": draft }))["codes"].clone();
    let mut taken = Value::Null;
    for code in codes.as_array().unwrap() {
        taken = to.does("take_handover", json!({ "scanned": code["code"] }));
    }
    taken["draft"].clone()
}

#[test]
fn lina_goes_on_at_the_stand_with_what_she_typed_on_the_bus() {
    let phone = Tablet::phone();
    let draft = phone.does("start_draft", json!({}))["draft"].clone();
    for (field, typed) in [("given_name", "Lina"), ("family_name", "Moreau")] {
        phone.does("set_field", json!({ "draft": draft, "field": field, "typed": typed }));
    }
    let tablet = Tablet::with_nadia();
    let view = scans(&phone, &tablet, &draft);
    assert_eq!((&view["draft"], &view["values"]["family_name"]), (&draft, &json!("Moreau")));
    // Both go on; scanned once more, both sides' answers are there.
    phone.does("set_field", json!({ "draft": draft, "field": "care_of", "typed": "Mme Martin" }));
    tablet.does("set_field", json!({ "draft": draft, "field": "postal_code", "typed": "63000" }));
    let view = scans(&phone, &tablet, &draft);
    let values = &view["values"];
    assert_eq!(
        (&values["care_of"], &values["postal_code"]),
        (&json!("Mme Martin"), &json!("63000"))
    );
}

#[test]
fn two_different_answers_about_who_she_is_are_shown_and_never_chosen() {
    let phone = Tablet::phone();
    let draft = phone.does("start_draft", json!({}))["draft"].clone();
    phone.does("set_field", json!({ "draft": draft, "field": "family_name", "typed": "Moreau" }));
    let tablet = Tablet::with_nadia();
    scans(&phone, &tablet, &draft);
    phone.does("set_field", json!({ "draft": draft, "field": "family_name", "typed": "Morel" }));
    tablet.does("set_field", json!({ "draft": draft, "field": "family_name", "typed": "Moraud" }));
    let view = scans(&tablet, &phone, &draft);
    let conflict = view["conflicts"][0].to_string();
    assert!(conflict.contains("Morel") && conflict.contains("Moraud"), "{conflict}");
}

#[test]
fn what_was_finished_is_not_taken_again_and_foreign_codes_are_refused() {
    let tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.fills(&draft, "Lina", "Moreau");
    let phone = Tablet::phone();
    scans(&tablet, &phone, &draft);
    tablet.finishes(&draft);
    tablet.does("stand_close", json!({}));
    let codes = phone.does("handover", json!({ "draft": draft }))["codes"].clone();
    let mut last = Ok(Value::Null);
    for code in codes.as_array().unwrap() {
        last = tablet.call("take_handover", json!({ "scanned": code["code"] }));
    }
    assert_eq!(last.unwrap_err(), StandRefusal::Deposited.into());
    for scanned in ["PRH1:", "PR1:ABC", "", "https://evil.example"] {
        let refused = tablet.refuses("take_handover", json!({ "scanned": scanned }));
        assert_eq!(refused, StandRefusal::NotAHandover.into());
    }
}
