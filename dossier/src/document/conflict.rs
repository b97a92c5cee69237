//! Two devices answered one question differently, neither knowing of the other.
//!
//! Automerge shows one of the two on every device. For most fields that is good enough; who
//! somebody is must not be decided by a comparison of random numbers, so both values are shown.

use automerge::{ActorId, AutoCommit, ExpandedChange, ObjId, ROOT, ReadDoc, Value};
use sha2::{Digest, Sha256};

use super::guard::admit;
use super::{Change, Draft, Hash, text_of};
use crate::form::Field;

/// The fields whose conflicts a person decides: who the student is, and where they learn.
pub const IDENTITY: [Field; 4] =
    [Field::FamilyName, Field::GivenName, Field::BirthDate, Field::School];

/// One of several values that a field has at the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What was typed.
    pub typed: String,
    /// The name that the device gave itself; empty when it gave none.
    pub device: String,
    /// Whether the device that asks wrote it, since it was started.
    pub here: bool,
    /// When, by the clock of the device that wrote it, in milliseconds since 1970.
    pub at_ms: i64,
}

/// A field with several values. The first is the one that the document shows meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which field.
    pub field: Field,
    /// The different values, at least two.
    pub values: Vec<Written>,
}

impl Draft {
    /// The fields of identity that a person must decide.
    pub fn conflicts(&mut self) -> Vec<Conflict> {
        let disputed: Vec<Field> =
            IDENTITY.into_iter().filter(|field| is_disputed(&self.document, *field)).collect();
        if disputed.is_empty() {
            return Vec::new();
        }
        let history: Vec<ExpandedChange> =
            self.document.get_changes(&[]).iter().map(|change| change.decode()).collect();
        disputed.into_iter().filter_map(|field| self.conflict(field, &history)).collect()
    }

    /// Keeps what was typed in a field by somebody who was shown the draft as it stood at `seen`, and
    /// adds it to what they have seen. What else came to the draft since then was answered by nobody
    /// who knew of it: in a field of identity it stays beside what was typed, for a person to decide.
    /// `None` when nothing new was typed.
    pub fn set_as_seen(
        &mut self,
        seen: &mut Vec<Hash>,
        field: Field,
        typed: &str,
        now_ms: i64,
    ) -> Option<Change> {
        if self.heads() == *seen {
            let change = self.set(field, typed, now_ms)?;
            *seen = self.heads();
            return Some(change);
        }
        let Some(mut before) = self.at(seen).filter(|_| IDENTITY.contains(&field)) else {
            return self.set(field, typed, now_ms);
        };
        // An actor writes in one place only; this one will never be met again, as the heads move on.
        let own = self.document.get_actor().clone();
        let mut other = Sha256::new_with_prefix(own.to_bytes());
        self.heads().iter().chain(&*seen).for_each(|head| other.update(head));
        before.document.set_actor(ActorId::from(other.finalize().as_slice()));
        let history = self.document.get_changes(&[]);
        let named = history.iter().find(|change| *change.actor_id() == own);
        let named = named.and_then(|change| change.message().map(str::to_owned));
        before.name = self.name.clone().or(named);
        let change = before.set(field, typed, now_ms)?;
        match admit(&change.bytes).and_then(|change| self.apply([change])) {
            Ok(()) => {
                *seen = before.heads();
                Some(change)
            }
            // Kept all the same, whatever it takes the place of.
            Err(_) => self.set(field, typed, now_ms),
        }
    }

    fn conflict(&self, field: Field, history: &[ExpandedChange]) -> Option<Conflict> {
        let shown = self.text(field.as_str());
        let mut values: Vec<Written> = Vec::new();
        for (value, id) in self.document.get_all(ROOT, field.as_str()).ok()? {
            let typed = text_of(&self.document, &value, &id)?;
            if values.iter().all(|known| known.typed != typed) {
                values.push(self.written(typed, &id, history));
            }
        }
        values.sort_by_key(|value| Some(&value.typed) != shown.as_ref());
        (values.len() > 1).then_some(Conflict { field, values })
    }

    /// Who wrote a value, and when: what the change says that holds its operation.
    fn written(&self, typed: String, id: &ObjId, history: &[ExpandedChange]) -> Written {
        let ObjId::Id(counter, actor, _) = id else {
            return Written { typed, device: String::new(), here: false, at_ms: 0 };
        };
        let own = || history.iter().filter(|change| change.actor_id == *actor);
        let holds = |change: &&ExpandedChange| {
            let first = change.start_op.get();
            (first..first + change.operations.len() as u64).contains(counter)
        };
        let device = own().find_map(|change| change.message.clone()).unwrap_or_default();
        let at_ms = own().find(holds).map_or(0, |change| change.time.saturating_mul(1000));
        Written { typed, device, here: self.document.get_actor() == actor, at_ms }
    }
}

/// Whether a field has several values that read differently.
pub(super) fn is_disputed(document: &AutoCommit, field: Field) -> bool {
    let Ok(values) = document.get_all(ROOT, field.as_str()) else { return false };
    if values.len() < 2 {
        return false;
    }
    let read = |(value, id): &(Value<'_>, ObjId)| text_of(document, value, id);
    let first = values.first().and_then(read);
    values.iter().any(|value| read(value) != first)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::document::guard::{Admitted, admit};
    use crate::document::{Change, Draft};

    fn admitted(changes: &[Change]) -> Vec<Admitted> {
        changes.iter().map(|change| admit(&change.bytes).unwrap()).collect()
    }

    /// Lina's phone and the stand, which both know of the draft but not of each other's last edit.
    fn apart(field: Field, on_phone: &str, at_stand: &str) -> Draft {
        let mut phone = Draft::new(b"phone").named("téléphone");
        let first = phone.set(Field::Civility, "MADAME", 1_000).unwrap();
        let mut stand = Draft::from_changes(b"stand", admitted(&[first])).unwrap().named("stand");
        phone.set(field, on_phone, 60_000).unwrap();
        let theirs = stand.set(field, at_stand, 120_000).unwrap();
        phone.apply(admitted(&[theirs])).unwrap();
        phone
    }

    #[test]
    fn two_names_are_shown_with_who_wrote_them_and_when() {
        let mut draft = apart(Field::FamilyName, "Moreau", "Moreaux");
        let [conflict] = draft.conflicts().try_into().unwrap();
        assert_eq!(conflict.field, Field::FamilyName);
        let mut values = conflict.values.clone();
        values.sort_by_key(|value| value.at_ms);
        let told: Vec<_> = values
            .iter()
            .map(|value| (value.typed.as_str(), value.device.as_str(), value.here, value.at_ms))
            .collect();
        assert_eq!(
            told,
            [("Moreau", "téléphone", true, 60_000), ("Moreaux", "stand", false, 120_000)]
        );
        assert_eq!(conflict.values[0].typed, draft.answers().typed(Field::FamilyName));
        assert!(draft.answers().disputed.contains(&Field::FamilyName));
    }

    #[test]
    fn whoever_chooses_ends_the_conflict_also_by_keeping_what_is_shown() {
        for choice in ["Moreau", "Moreaux"] {
            let mut draft = apart(Field::FamilyName, "Moreau", "Moreaux");
            assert!(draft.set(Field::FamilyName, choice, 3_000).is_some());
            assert_eq!(draft.conflicts(), []);
            assert_eq!(draft.answers().typed(Field::FamilyName), choice);
            assert!(draft.answers().disputed.is_empty());
        }
    }

    #[test]
    fn a_choice_and_a_correction_that_do_not_know_of_each_other_are_both_shown() {
        // Whichever of the two automerge shows meanwhile, the choice falls on it once.
        for actors in [[b"a", b"b"], [b"b", b"a"]] {
            let mut phone = Draft::new(actors[0]);
            let typed = phone.set(Field::FamilyName, "Moreau", 1_000).unwrap();
            let corrected = phone.set(Field::FamilyName, "Moreaux", 2_000).unwrap();
            let mut stand = Draft::new(actors[1]);
            stand.set(Field::FamilyName, "Moreaux", 1_000).unwrap();
            stand.apply(admitted(&[typed])).unwrap();
            stand.set(Field::FamilyName, "Moreau", 3_000).unwrap();
            assert_eq!(stand.conflicts(), [], "the stand chose");
            stand.apply(admitted(&[corrected])).unwrap();
            let [conflict] = stand.conflicts().try_into().unwrap();
            let mut values: Vec<_> = conflict.values.iter().map(|it| it.typed.as_str()).collect();
            values.sort_unstable();
            assert_eq!(values, ["Moreau", "Moreaux"]);
        }
    }

    #[test]
    fn what_is_typed_on_an_old_screen_stands_beside_what_came_meanwhile() {
        let mut phone = Draft::new(b"phone").named("téléphone");
        let first = phone.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let mut seen = phone.heads();
        let mut stand = Draft::from_changes(b"stand", admitted(&[first])).unwrap().named("stand");
        let theirs = stand.set(Field::FamilyName, "Moreaux", 120_000).unwrap();
        phone.apply(admitted(&[theirs])).unwrap();
        assert_eq!(phone.set_as_seen(&mut seen, Field::FamilyName, "Moreau", 130_000), None);
        assert_eq!(phone.answers().typed(Field::FamilyName), "Moreaux", "nobody typed anything");

        // What was typed there itself is known there: the last of it stands.
        for (field, typed) in [
            (Field::GivenName, "Lin"),
            (Field::FamilyName, "Morrau"),
            (Field::AddressLine, "1, rue Blatin"),
            (Field::FamilyName, "Morau"),
            (Field::GivenName, "Lina"),
        ] {
            assert!(phone.set_as_seen(&mut seen, field, typed, 180_000).is_some(), "{typed}");
        }
        let [conflict] = phone.conflicts().try_into().unwrap();
        let told = conflict.values.iter().map(|it| (it.typed.as_str(), it.device.as_str()));
        let told: BTreeSet<_> = told.collect();
        assert_eq!(told, [("Morau", "téléphone"), ("Moreaux", "stand")].into());
        // Who was shown both decides.
        let mut seen = phone.heads();
        assert!(phone.set_as_seen(&mut seen, Field::FamilyName, "Moreau", 190_000).is_some());
        assert_eq!(phone.conflicts(), []);
        assert_eq!(seen, phone.heads());
    }

    #[test]
    fn the_same_name_twice_and_two_streets_are_no_conflicts() {
        assert_eq!(apart(Field::FamilyName, "Moreau", "Moreau").conflicts(), []);
        assert_eq!(apart(Field::AddressLine, "1, rue Blatin", "2, rue Blatin").conflicts(), []);
    }
}
