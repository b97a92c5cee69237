//! What everyone did in a storm, and what they were told: kept outside of the system, for the judge.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::hours::elapsed;

/// A history that phones, network and weather write in together.
#[derive(Clone, Default)]
pub struct Shared(Arc<Mutex<History>>);

impl Shared {
    /// The history, for one look or one line.
    pub fn open(&self) -> MutexGuard<'_, History> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An edit that a device acknowledged.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Which draft.
    pub draft: String,
    /// Which field.
    pub field: &'static str,
    /// What was typed. Nobody else ever types the same.
    pub typed: String,
    /// Whose device.
    pub device: &'static str,
    /// What that device showed for the field just before: this edit took its place.
    pub instead_of: Vec<String>,
}

/// A deposit that a device acknowledged.
#[derive(Debug, Clone)]
pub struct Deposit {
    /// Which draft.
    pub draft: String,
    /// Whose device.
    pub device: &'static str,
    /// The number that it showed.
    pub number: String,
}

/// Everything that was acknowledged, and the story line by line.
#[derive(Default)]
pub struct History {
    /// The same twice for the same seed: no word of it depends on what is random in a system.
    pub story: Vec<String>,
    /// Edits, in the order of acknowledgement.
    pub edits: Vec<Edit>,
    /// Deposits likewise.
    pub deposits: Vec<Deposit>,
    /// Drafts that a person deleted, for good.
    pub discarded: BTreeSet<String>,
    /// The receipts that came over the network for each draft, whoever asked.
    pub receipts: BTreeMap<String, BTreeSet<String>>,
    /// Drafts that a device showed as received.
    pub shown_received: BTreeSet<(&'static str, String)>,
    /// What was already seen to be wrong while the storm went on.
    pub wrong: Vec<String>,
    names: HashMap<String, String>,
}

impl History {
    /// Gives a draft a name that is the same in every run.
    pub fn name(&mut self, draft: &str, name: String) {
        self.names.insert(draft.to_owned(), name);
    }

    /// The name of a draft.
    pub fn name_of<'a>(&'a self, draft: &'a str) -> &'a str {
        self.names.get(draft).map_or(draft, String::as_str)
    }

    /// Whether a draft has a name: one that no person made has none.
    pub fn knows(&self, draft: &str) -> bool {
        self.names.contains_key(draft)
    }

    /// What was done with a draft was done with this one, which it goes on as.
    pub fn goes_on_as(&mut self, draft: &str, new: &str) {
        let name = format!("{} under another id", self.name_of(draft));
        self.name(new, name);
        for named in self.edits.iter_mut().map(|it| &mut it.draft) {
            if named == draft {
                new.clone_into(named);
            }
        }
        for named in self.deposits.iter_mut().map(|it| &mut it.draft) {
            if named == draft {
                new.clone_into(named);
            }
        }
    }

    /// One more line of the story.
    pub fn tell(&mut self, who: &str, what: &str) {
        self.tell_at(elapsed(), who, what);
    }

    /// One more line of the story, from outside of every host.
    pub fn tell_at(&mut self, at: Duration, who: &str, what: &str) {
        self.story.push(format!("{:>7.3} {who}: {what}", at.as_secs_f64()));
    }

    /// The same, of a draft.
    pub fn tell_of(&mut self, who: &str, what: &str, draft: &str) {
        let line = format!("{what} {}", self.name_of(draft));
        self.tell(who, &line);
    }

    /// Something that must never be.
    pub fn blame(&mut self, what: String) {
        self.wrong.push(what);
    }

    /// Whether a device acknowledged a deposit of this draft.
    pub fn is_deposited(&self, draft: &str) -> bool {
        self.deposits.iter().any(|deposit| deposit.draft == draft)
    }
}
