//! The draft as an automerge document: one change per answered field, mergeable, guarded.
//!
//! The document holds what was typed, never a password, never the bytes of a photo, never a state:
//! an automerge history forgets nothing, and states are decided by the server.

pub mod conflict;
pub mod exchange;
pub mod guard;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{
    ActorId, AutoCommit, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value,
};

use crate::form::charter::Acceptance;
use crate::form::{Answers, Field};
use guard::{Admitted, GuardRefusal};

/// Version of the keys below; it stands in every document.
const SCHEMA: i64 = 1;
/// The longest answer that is kept, in characters; the longest that is ever right has 254.
pub const LONGEST_ANSWER: usize = 500;

const CHARTER_VERSION: &str = "charter_version";
const CHARTER_HASH: &str = "charter_hash";
const CHARTER_ACCEPTED: &str = "charter_accepted_at_ms";

/// SHA-256 that names a change and, in sets, a state of the document.
pub type Hash = [u8; 32];

/// One change, as it is stored and sent: an uncompressed automerge change chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What names it.
    pub hash: Hash,
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// Keys of a document, ours and those of a later version of this app.
const MOST_KEYS: usize = 100;

/// Operations that are applied at once: a form is some fifty, and some five hundred where each
/// letter is one. Automerge takes 0.7 kB for each, however few bytes it came in.
const MOST_OPERATIONS: u64 = 10_000;

/// A draft in memory.
pub struct Draft {
    document: AutoCommit,
    /// What this device calls itself, for people on other devices.
    name: Option<String>,
}

impl Draft {
    /// An empty draft that this device will write as `actor`.
    ///
    /// An actor must never write from two places: it is random per installation and start.
    pub fn new(actor: &[u8]) -> Self {
        Self { document: AutoCommit::new().with_actor(ActorId::from(actor)), name: None }
    }

    /// The draft that [`Draft::save`] made, on this device, and the changes since. What it made is
    /// not from outside; a disk may have damaged it all the same.
    pub fn open(
        actor: &[u8],
        saved: &[u8],
        changes: impl IntoIterator<Item = Admitted>,
    ) -> Result<Self, GuardRefusal> {
        let document = catch_unwind(|| AutoCommit::load(saved))
            .map_err(|_| GuardRefusal::Panicked)?
            .map_err(|_| GuardRefusal::Malformed)?;
        let document = document.with_actor(ActorId::from(actor));
        let mut draft = Self { document, name: None };
        draft.apply(changes)?;
        Ok(draft)
    }

    /// Gives this device a name, which its changes carry.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The whole history, packed; [`Draft::open`] reads it back.
    pub fn save(&mut self) -> Vec<u8> {
        self.document.save()
    }

    /// The whole history, change by change, each after those it follows.
    pub fn changes(&mut self) -> Vec<Change> {
        self.document.get_changes(&[]).iter().map(Change::of).collect()
    }

    /// The draft that these changes make. Their order does not matter.
    pub fn from_changes(
        actor: &[u8],
        changes: impl IntoIterator<Item = Admitted>,
    ) -> Result<Self, GuardRefusal> {
        let mut draft = Self::new(actor);
        draft.apply(changes)?;
        Ok(draft)
    }

    /// Merges changes from elsewhere; all or, when automerge fails on them, none that is kept.
    pub fn apply(
        &mut self,
        changes: impl IntoIterator<Item = Admitted>,
    ) -> Result<(), GuardRefusal> {
        let changes: Vec<Admitted> = changes.into_iter().collect();
        if changes.is_empty() {
            return Ok(());
        }
        if changes.iter().map(Admitted::operations).sum::<u64>() > MOST_OPERATIONS {
            return Err(GuardRefusal::TooMany);
        }
        let changes: Vec<_> = changes.into_iter().map(Admitted::read).collect::<Result<_, _>>()?;
        let mut copy = self.document.clone();
        // Automerge is measured to panic on some well-formed but contradictory histories.
        let applied = catch_unwind(AssertUnwindSafe(|| applied(&mut copy, changes)));
        applied.unwrap_or(Err(GuardRefusal::Panicked))?;
        check_shape(&copy)?;
        self.document = copy;
        Ok(())
    }

    /// The same draft as it stood at `heads`; `None` when it never stood there.
    pub fn at(&mut self, heads: &[Hash]) -> Option<Self> {
        let heads: Vec<ChangeHash> = heads.iter().copied().map(ChangeHash).collect();
        if !self.document.get_missing_deps(&heads).is_empty() {
            return None;
        }
        let document = self.document.fork_at(&heads).ok()?;
        Some(Self { document, name: None })
    }

    /// Keeps what was typed in a field, and ends a conflict about it. `None` when the draft
    /// already says so.
    pub fn set(&mut self, field: Field, typed: &str, now_ms: i64) -> Option<Change> {
        let says_so = self.text(field.as_str()).unwrap_or_default() == typed;
        let disputed = conflict::is_disputed(&self.document, field);
        if field == Field::Password || (says_so && !disputed) {
            return None;
        }
        if disputed {
            // Automerge would end a conflict in favour of the shown value by removing the others:
            // nothing would say that a person chose it, and a correction made elsewhere before the
            // choice would replace it unseen. After a removal, the choice is a writing of its own.
            self.document.delete(ROOT, field.as_str()).ok()?;
        }
        self.commit(&[(field.as_str(), ScalarValue::from(typed))], now_ms)
    }

    /// Keeps which charter was accepted, and when, as one change.
    pub fn accept_charter(&mut self, acceptance: &Acceptance, now_ms: i64) -> Option<Change> {
        self.commit(&charter_entries(acceptance), now_ms)
    }

    /// The same answers without the history that led to them, as one change of this actor. What
    /// was typed before and corrected can no longer be read in it.
    pub fn rewritten(&self, actor: &[u8], now_ms: i64) -> Option<(Self, Change)> {
        Self::of_answers(actor, &self.answers(), now_ms)
    }

    /// These answers as a draft of one change, which nobody typed here.
    pub fn of_answers(actor: &[u8], answers: &Answers, now_ms: i64) -> Option<(Self, Change)> {
        let mut entries: Vec<(&str, ScalarValue)> = answers
            .typed
            .iter()
            .map(|(field, typed)| (field.as_str(), ScalarValue::from(typed.as_str())))
            .collect();
        if let Some(acceptance) = &answers.charter {
            entries.extend(charter_entries(acceptance));
        }
        let mut draft = Self::new(actor);
        let change = draft.commit(&entries, now_ms)?;
        Some((draft, change))
    }

    /// Everything that was typed so far.
    pub fn answers(&self) -> Answers {
        let typed = Field::ALL
            .iter()
            .copied()
            .filter(|field| !matches!(field, Field::Charter | Field::Password))
            .filter_map(|field| Some((field, self.text(field.as_str())?)))
            .filter(|(_, typed)| !typed.is_empty())
            .collect();
        let disputed = conflict::IDENTITY
            .into_iter()
            .filter(|field| conflict::is_disputed(&self.document, *field))
            .collect();
        Answers { typed, charter: self.acceptance(), disputed }
    }

    /// The hashes that name the present state, sorted.
    pub fn heads(&mut self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.document.get_heads().iter().map(|head| head.0).collect();
        heads.sort_unstable();
        heads
    }

    fn acceptance(&self) -> Option<Acceptance> {
        let accepted_at_ms = match self.document.get(ROOT, CHARTER_ACCEPTED).ok()?? {
            (Value::Scalar(scalar), _) => scalar.as_i64()?,
            (Value::Object(_), _) => return None,
        };
        Some(Acceptance {
            version: self.text(CHARTER_VERSION)?,
            hash: self.text(CHARTER_HASH)?,
            accepted_at_ms,
        })
    }

    fn text(&self, key: &str) -> Option<String> {
        let (value, id) = self.document.get(ROOT, key).ok()??;
        text_of(&self.document, &value, &id)
    }

    fn commit(&mut self, entries: &[(&str, ScalarValue)], now_ms: i64) -> Option<Change> {
        if self.document.get(ROOT, "schema").ok().flatten().is_none() {
            self.document.put(ROOT, "schema", SCHEMA).ok()?;
        }
        for (key, value) in entries {
            self.document.put(ROOT, *key, value.clone()).ok()?;
        }
        // Automerge counts in seconds.
        let mut options = CommitOptions::default().with_time(now_ms / 1000);
        // Once for each start of a device is enough to know who wrote.
        if let Some(name) = self.name.take() {
            options = options.with_message(name);
        }
        self.document.commit_with(options)?;
        self.document.get_last_local_change().as_ref().map(Change::of)
    }
}

fn charter_entries(acceptance: &Acceptance) -> [(&'static str, ScalarValue); 3] {
    [
        (CHARTER_VERSION, ScalarValue::from(acceptance.version.as_str())),
        (CHARTER_HASH, ScalarValue::from(acceptance.hash.as_str())),
        (CHARTER_ACCEPTED, ScalarValue::Int(acceptance.accepted_at_ms)),
    ]
}

impl Change {
    fn of(change: &automerge::Change) -> Self {
        Self { hash: change.hash().0, bytes: change.raw_bytes().to_vec() }
    }
}

/// A text, whether written as a scalar (ours, or `ImmutableString` in JavaScript) or as a text
/// object (a plain string in JavaScript).
fn text_of(document: &AutoCommit, value: &Value<'_>, id: &ObjId) -> Option<String> {
    match value {
        Value::Scalar(scalar) => scalar.as_str().map(str::to_owned),
        Value::Object(ObjType::Text) => document.text(id).ok(),
        Value::Object(_) => None,
    }
}

/// Applies changes, and lets automerge write them down anew. It keeps no bytes: of a change that it
/// would write otherwise it cannot name what follows, and panics much later, at a save or an edit.
fn applied(document: &mut AutoCommit, changes: Vec<automerge::Change>) -> Result<(), GuardRefusal> {
    let before = document.get_heads();
    document.apply_changes(changes).map_err(|_| GuardRefusal::Contradictory)?;
    for change in document.get_changes(&before) {
        if document.get_change_meta_by_hash(&change.hash()).is_none() {
            return Err(GuardRefusal::Malformed);
        }
    }
    Ok(())
}

/// The document of a draft: some texts and numbers under its root, none longer than an answer.
fn check_shape(document: &AutoCommit) -> Result<(), GuardRefusal> {
    if document.length(ROOT) > MOST_KEYS {
        return Err(GuardRefusal::Shape);
    }
    for key in document.keys(ROOT) {
        let Ok(values) = document.get_all(ROOT, &key) else { return Err(GuardRefusal::Shape) };
        for (value, id) in values {
            let fits = match &value {
                Value::Object(ObjType::Text) => document.length(&id) <= LONGEST_ANSWER,
                Value::Object(_) => false,
                Value::Scalar(scalar) => match scalar.as_ref() {
                    ScalarValue::Str(text) => text.chars().count() <= LONGEST_ANSWER,
                    ScalarValue::Bytes(_) | ScalarValue::Unknown { .. } => false,
                    _ => true,
                },
            };
            if !fits {
                return Err(GuardRefusal::Shape);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(changes: &[Change]) -> Vec<Admitted> {
        changes.iter().map(|change| guard::admit(&change.bytes).unwrap()).collect()
    }

    #[test]
    fn what_was_typed_comes_back_from_the_changes() {
        let mut draft = Draft::new(b"phone-1");
        let first = draft.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let second = draft.set(Field::GivenName, "Lina", 2_000).unwrap();
        let mut read = Draft::from_changes(b"phone-2", admitted(&[second, first])).unwrap();
        assert_eq!(read.answers().typed(Field::FamilyName), "Moreau");
        assert_eq!(read.answers().typed(Field::GivenName), "Lina");
        assert_eq!(read.heads(), draft.heads());
    }

    #[test]
    fn typing_the_same_again_changes_nothing() {
        let mut draft = Draft::new(b"phone-1");
        assert!(draft.set(Field::FamilyName, "Moreau", 1_000).is_some());
        assert_eq!(draft.set(Field::FamilyName, "Moreau", 2_000), None);
        assert_eq!(draft.set(Field::GivenName, "", 2_000), None);
    }

    #[test]
    fn a_password_never_enters_the_document() {
        let mut draft = Draft::new(b"phone-1");
        assert_eq!(draft.set(Field::Password, "neige en aout", 1_000), None);
    }

    #[test]
    fn a_frozen_state_does_not_see_what_came_later() {
        let mut draft = Draft::new(b"phone-1");
        draft.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let frozen = draft.heads();
        draft.set(Field::FamilyName, "Martin", 2_000).unwrap();
        let before = draft.at(&frozen).unwrap();
        assert_eq!(before.answers().typed(Field::FamilyName), "Moreau");
        assert!(draft.at(&[[9; 32]]).is_none());
    }

    #[test]
    fn two_devices_that_exchange_their_changes_agree() {
        let mut lina = Draft::new(b"lina");
        let name = lina.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let mut stand = Draft::from_changes(b"stand", admitted(&[name])).unwrap();
        let from_stand = stand.set(Field::GivenName, "Lina", 2_000).unwrap();
        let from_lina = lina.set(Field::PostalCode, "63000", 2_000).unwrap();
        lina.apply(admitted(&[from_stand])).unwrap();
        stand.apply(admitted(&[from_lina])).unwrap();
        assert_eq!(lina.heads(), stand.heads());
        assert_eq!(lina.answers(), stand.answers());
    }

    #[test]
    fn the_accepted_charter_keeps_version_hash_and_time() {
        let mut draft = Draft::new(b"phone-1");
        let acceptance =
            Acceptance { version: "2026-1".into(), hash: "ab".into(), accepted_at_ms: 5_000 };
        draft.accept_charter(&acceptance, 5_000).unwrap();
        assert_eq!(draft.answers().charter, Some(acceptance));
    }

    #[test]
    fn a_saved_draft_is_the_same_draft_and_goes_on_from_there() {
        let mut draft = Draft::new(b"phone-1");
        draft.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let saved = draft.save();
        let later = draft.set(Field::GivenName, "Lina", 2_000).unwrap();
        let mut read = Draft::open(b"phone-2", &saved, admitted(&[later])).unwrap();
        assert_eq!(read.heads(), draft.heads());
        assert_eq!(read.changes(), draft.changes());
        assert_eq!(read.answers(), draft.answers());
        assert!(Draft::open(b"phone-2", &saved[..saved.len() - 1], []).is_err());
    }

    #[test]
    fn a_rewritten_draft_says_the_same_and_remembers_nothing_else() {
        let mut draft = Draft::new(b"phone-1");
        draft.set(Field::FamilyName, "Secret", 1_000).unwrap();
        draft.set(Field::FamilyName, "Moreau", 2_000).unwrap();
        let acceptance =
            Acceptance { version: "2026-1".into(), hash: "ab".into(), accepted_at_ms: 5_000 };
        draft.accept_charter(&acceptance, 5_000).unwrap();
        let (rewritten, change) = draft.rewritten(b"phone-2", 9_000).unwrap();
        assert_eq!(rewritten.answers(), draft.answers());
        assert!(!change.bytes.windows(6).any(|window| window == b"Secret"));
        let read = Draft::from_changes(b"phone-3", admitted(&[change])).unwrap();
        assert_eq!(read.answers(), draft.answers());
    }

    #[test]
    fn more_operations_than_many_drafts_have_are_not_applied() {
        let changes = (0u8..6).map(|device| {
            let mut other = AutoCommit::new().with_actor(ActorId::from([device].as_slice()));
            (0..1_900).for_each(|count| other.put(ROOT, "photo_note", count).unwrap());
            other.commit();
            other.get_last_local_change().unwrap().raw_bytes().to_vec()
        });
        let changes: Vec<_> = changes.map(|bytes| guard::admit(&bytes).unwrap()).collect();
        let mut draft = Draft::new(b"phone-1");
        assert_eq!(draft.apply(changes.clone()), Err(GuardRefusal::TooMany));
        assert_eq!(draft.apply(changes.into_iter().take(5)), Ok(()));
    }

    #[test]
    fn a_document_that_is_no_draft_is_refused_whole() {
        let mut foreign = AutoCommit::new().with_actor(ActorId::from(b"js".as_slice()));
        foreign.put(ROOT, "family_name", "Moreau").unwrap();
        let text = foreign.put_object(ROOT, "care_of", ObjType::Text).unwrap();
        foreign.splice_text(&text, 0, 0, &"o".repeat(LONGEST_ANSWER + 1)).unwrap();
        foreign.commit();
        let bytes = foreign.get_last_local_change().unwrap().raw_bytes().to_vec();
        let mut draft = Draft::new(b"phone-1");
        let refused = draft.apply([guard::admit(&bytes).unwrap()]);
        assert_eq!(refused, Err(GuardRefusal::Shape));
        assert!(draft.heads().is_empty(), "nothing of it is kept");
    }

    #[test]
    fn a_plain_string_written_by_javascript_is_read() {
        let mut foreign = AutoCommit::new().with_actor(ActorId::from(b"js".as_slice()));
        let object = foreign.put_object(ROOT, "family_name", ObjType::Text).unwrap();
        foreign.splice_text(&object, 0, 0, "Moreau").unwrap();
        foreign.commit();
        let bytes = foreign.get_last_local_change().unwrap().raw_bytes().to_vec();
        let draft = Draft::from_changes(b"phone-1", [guard::admit(&bytes).unwrap()]).unwrap();
        assert_eq!(draft.answers().typed(Field::FamilyName), "Moreau");
    }
}
