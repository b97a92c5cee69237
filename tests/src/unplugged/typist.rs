//! Somebody who types until the app is killed or the disk is full, and what must be there then.
//!
//! Before each thing that is typed comes a line `ask FIELD TEXT`, after it `kept FIELD TEXT`: both for
//! answers (power-safe) and for keystrokes, which must survive the end of the app as well.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use phone::Vault;
use serde_json::{Value, json};

use super::keys::Keys;
use super::phone::{Hand, PAST_KEY, are_sound};
use super::say;
use crate::lina;

/// Keystrokes in one field before it is left.
const KEYS: usize = 12;

/// The keys of every app of this story: only the one that seals what is typed must stay the same.
pub fn keys() -> Arc<dyn Vault> {
    Arc::new(Keys::from_lines([format!("key {} {}", PAST_KEY.0, PAST_KEY.1).as_str()]))
}

/// Types `rounds` times into two fields of a new draft: one is left each time, the other at the end.
/// A trouble is said, and the typing goes on, as people do.
pub fn story(data: &Path, rounds: usize) -> Result<(), String> {
    let mut hand = Hand::opens(data, keys())?;
    say("open");
    let draft = hand.does("start_draft", json!({}))?["draft"].clone();
    let draft = draft.as_str().ok_or("no draft")?.to_owned();
    say(&format!("draft {draft}"));
    let tell = |hand: &mut Hand, command: &str, field: &str, text: &str| {
        say(&format!("ask {field} {text}"));
        match hand.does(command, lina::set_field(&draft, field, text)) {
            Ok(_) => say(&format!("kept {field} {text}")),
            Err(trouble) => say(&format!("failed {trouble}")),
        }
    };
    for round in 0..rounds {
        for key in 0..KEYS {
            tell(&mut hand, "type_field", "given_name", &format!("key-{round}-{key}"));
        }
        tell(&mut hand, "set_field", "family_name", &format!("edit-{round}"));
    }
    // Closing writes too; whoever fails then has promised nothing more.
    drop(hand);
    say("closed");
    Ok(())
}

/// What somebody who typed was told.
#[derive(Debug, Default)]
pub struct Told {
    draft: Option<String>,
    /// By field: the text that must be there, and those that may have come after it.
    fields: BTreeMap<String, (String, Vec<String>)>,
    /// How many things were kept.
    pub kept: usize,
    /// How many were not, and said so.
    pub failed: usize,
}

impl Told {
    /// Reads the lines of a typist.
    pub fn read(lines: &str) -> Self {
        let mut told = Self::default();
        // A last line that was cut says nothing.
        for line in lines.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["draft", draft] => told.draft = Some(draft.to_owned()),
                ["ask", field, text] => {
                    told.fields.entry(field.to_owned()).or_default().1.push(text.to_owned());
                }
                ["kept", field, text] => {
                    told.kept += 1;
                    told.fields.insert(field.to_owned(), (text.to_owned(), Vec::new()));
                }
                ["failed", ..] => told.failed += 1,
                _ => {}
            }
        }
        told
    }

    /// Opens the app as after a crash, and holds it against what was told; then puts the draft away.
    pub fn holds(&self, data: &Path) -> Result<(), String> {
        let hand = Hand::opens(data, keys())?;
        if hand.does("home", json!({}))?["mended"] == true {
            return Err("the database was damaged".to_owned());
        }
        if let Some(draft) = &self.draft {
            let one = json!({ "draft": draft });
            let view = hand.does("draft", one.clone())?;
            for (field, (kept, later)) in &self.fields {
                let found = view["values"][field].as_str().unwrap_or_default();
                if found != kept && !later.iter().any(|text| text == found) {
                    return Err(format!("{field} says {found:?} and not {kept:?} or {later:?}"));
                }
            }
            hand.does("discard_draft", one)?;
        }
        let _: Value = hand.does("home", json!({}))?;
        drop(hand);
        are_sound(data)
    }
}
