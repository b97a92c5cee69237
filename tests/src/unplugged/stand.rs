//! A tablet whose power goes while a student fills in a draft, and at every step of « Terminer ».

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::keys::Keys;
use super::phone::{Hand, are_sound, photo};
use super::{Teller, is_allowed};
use crate::lina;
use crate::power::explorer::Witness;

/// The PIN of the one agent of this story.
pub const PIN: &str = "271828";

/// Plays the story of a tablet that was set up before: a student, from the first word to the end.
pub fn story(data: &Path, region_key: &str, keys: Keys) -> Result<(), String> {
    let hand = Hand::of_region(data, Arc::new(keys), region_key)?;
    let mut teller = Teller::default();
    sign_in(&hand)?;
    teller.promises(&sees(&hand)?);
    let mut draft = Value::Null;
    let mut step = |work: &mut dyn FnMut(&Hand) -> Result<(), String>| {
        teller.asks();
        work(&hand)?;
        teller.promises(&sees(&hand)?);
        Ok::<(), String>(())
    };
    step(&mut |hand| {
        draft = hand.does("stand_start", json!({}))?["draft"].clone();
        Ok(())
    })?;
    let id = draft.as_str().ok_or("no draft")?;
    step(&mut |hand| {
        let charter = hand.does("charter", json!({}))?;
        let accepted = json!({ "draft": id, "version": charter["version"] });
        hand.does("accept_charter", accepted).map(drop)
    })?;
    for (field, typed) in lina::answers() {
        step(&mut |hand| hand.does("set_field", lina::set_field(id, field, typed)).map(drop))?;
    }
    step(&mut |hand| photo(hand, id, 1.0))?;
    step(&mut |hand| {
        hand.does("stand_finish", json!({ "draft": id }))?;
        hand.does("stand_close", json!({})).map(drop)
    })
}

fn sign_in(hand: &Hand) -> Result<(), String> {
    let agent = hand.does("stand", json!({}))?["agents"][0]["id"].clone();
    hand.does("stand_sign_in", json!({ "agent": agent, "pin": PIN })).map(drop)
}

/// What an agent finds: the lines of the list, and what is open with everything typed in it.
fn sees(hand: &Hand) -> Result<String, String> {
    let lines = hand.does("stand_list", json!({}))?["lines"].clone();
    let mut open = Vec::new();
    for summary in hand.does("stand_drafts", json!({}))?.as_array().ok_or("no list")? {
        let view = hand.does("draft", json!({ "draft": summary["draft"] }))?;
        if view["damaged"] == true {
            return Err(format!("{} is damaged", summary["draft"]));
        }
        open.push(json!([view["draft"], view["values"]]));
    }
    Ok(json!({ "lines": lines, "open": open }).to_string())
}

/// The agent who opens the tablet when the power is back.
pub struct Agent {
    region_key: String,
    keys: Keys,
}

impl Agent {
    /// One of this Region, with the tablet's keyring.
    pub fn new(region_key: &str, keys: Keys) -> Self {
        Self { region_key: region_key.to_owned(), keys }
    }
}

impl Witness for Agent {
    fn look(&self, folder: &Path, _: &[String]) -> Result<String, String> {
        let hand = Hand::of_region(folder, Arc::new(self.keys.copy()), &self.region_key)?;
        sign_in(&hand)?;
        let seen = sees(&hand)?;
        drop(hand);
        are_sound(folder)?;
        Ok(seen)
    }

    fn allows(&self, seen: &str, said: &[String], to_come: &[String]) -> bool {
        is_allowed(seen, said, to_come)
    }
}
