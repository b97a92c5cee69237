//! Agents and their PINs.

use super::*;
use crate::view::StandRefusal;

fn tries(tablet: &Tablet, pin: &str) -> Result<Value, Trouble> {
    let agent = tablet.nadia();
    tablet.call("stand_sign_in", json!({ "agent": agent, "pin": pin }))
}

#[test]
fn the_first_agent_is_on_duty_and_adds_the_others() {
    let tablet = Tablet::with_nadia();
    assert_eq!(tablet.mode(), "agent");
    let twice = tablet.refuses("stand_add_agent", json!({ "name": "Nadia", "pin": "314159" }));
    assert_eq!(twice, StandRefusal::AgentName.into());
    tablet.does("stand_add_agent", json!({ "name": "Omar", "pin": "314159" }));
    tablet.does("stand_sign_out", json!({}));
    assert_eq!(tablet.mode(), "closed");
    let intruder = json!({ "name": "Eve", "pin": "161803" });
    assert_eq!(tablet.refuses("stand_add_agent", intruder), Trouble::Closed);
    let agents = tablet.does("stand", json!({}))["agents"].clone();
    let omar = agents.as_array().unwrap().iter().find(|agent| agent["name"] == "Omar").unwrap();
    tablet.does("stand_sign_in", json!({ "agent": omar["id"], "pin": "314159" }));
    assert_eq!(tablet.mode(), "agent");
}

#[test]
fn five_wrong_pins_leave_nothing_to_try_on_and_lose_no_dossier() {
    let mut tablet = Tablet::with_nadia();
    tablet.enrols("Lina", "Moreau");
    tablet.does("stand_sign_out", json!({}));
    for left in [4, 3] {
        assert_eq!(tries(&tablet, "000001"), Err(StandRefusal::WrongPin { left }.into()));
    }
    // A thief who restarts the app gains no try.
    tablet.restart();
    for left in [2, 1] {
        assert_eq!(tries(&tablet, "no pin"), Err(StandRefusal::WrongPin { left }.into()));
    }
    assert_eq!(tries(&tablet, "000002"), Err(StandRefusal::Locked.into()));
    assert_eq!(tries(&tablet, PIN), Err(StandRefusal::Locked.into()));
    let view = tablet.does("stand", json!({}));
    assert_eq!((&view["agents"][0]["locked"], &view["unsent"]), (&json!(true), &json!(1)));
    assert!(view["problems"].to_string().contains("all_locked"));
    assert_eq!(tablet.envelopes().len(), 1);
}

#[test]
fn the_right_pin_forgives_the_wrong_ones() {
    let tablet = Tablet::with_nadia();
    tablet.does("stand_sign_out", json!({}));
    for _ in 0..3 {
        for _ in 0..4 {
            tries(&tablet, "000001").unwrap_err();
        }
        tries(&tablet, PIN).unwrap();
        tablet.does("stand_sign_out", json!({}));
    }
}

#[test]
fn a_power_cut_between_the_fifth_try_and_its_end_does_not_give_a_sixth() {
    let mut tablet = Tablet::with_nadia();
    let agent: Uuid = serde_json::from_value(tablet.nadia()).unwrap();
    for _ in 0..5 {
        tablet.phone_is().store().count_pin_try(agent.as_bytes()).unwrap();
    }
    tablet.restart();
    assert_eq!(tries(&tablet, PIN), Err(StandRefusal::Locked.into()));
}

#[test]
fn a_copied_database_without_the_keyring_opens_nothing() {
    let mut tablet = Tablet::with_nadia();
    tablet.vault.set(crate::vault::STAND_SECRET, "").unwrap();
    tablet.restart();
    assert_eq!(tries(&tablet, PIN), Err(Trouble::KeyLost));
    assert!(tablet.vault.get(crate::vault::STAND_SECRET).unwrap().unwrap().is_empty());
}

#[test]
fn what_was_sealed_for_nobody_is_gone_once_somebody_has_a_pin() {
    let tablet = Tablet::new();
    assert!(tablet.phone_is().store().stand().unwrap().unwrap().bundle.is_some());
    tablet.does("stand_add_agent", json!({ "name": "Nadia", "pin": PIN }));
    assert!(tablet.phone_is().store().stand().unwrap().unwrap().bundle.is_none());
}
