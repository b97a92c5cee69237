//! A draft that goes from a phone to a stand, or back, as codes on a screen.
//!
//! What was typed so far is about a kilobyte: one to four codes. The bytes of the photo stay; it is
//! taken anew. Both sides then have the same document, and what each types later merges.

use crate::parts::{self, Collected, Part, TooLong};
use crate::sync::DraftChanges;
use crate::sync::wire::{self, Dictionary};

/// What every such code starts with.
const PREFIX: &str = "PRH1:";

/// A code that is none of a handover, or belongs to nothing readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a handover")]
pub struct NotAHandover;

/// The codes of a draft, to be shown one after the other.
pub fn codes(draft: &DraftChanges) -> Result<Vec<String>, TooLong> {
    let cbor = minicbor::to_vec(draft).map_err(|_| TooLong)?;
    codes_of(&wire::pack(cbor, Dictionary::NEWEST))
}

/// The codes of what is packed already.
pub fn codes_of(packed: &[u8]) -> Result<Vec<String>, TooLong> {
    parts::codes(PREFIX, packed)
}

/// Takes the codes of a draft in any order, each as often as it is seen.
#[derive(Debug, Default)]
pub struct Collector(parts::Collector);

impl Collector {
    /// Takes a scanned code; with the last, the draft. Every change in it must pass the guard before
    /// anyone reads it. A code of another draft begins anew.
    pub fn add(&mut self, scanned: &str) -> Result<Collected<DraftChanges>, NotAHandover> {
        let part = Part::read(PREFIX, scanned).ok_or(NotAHandover)?;
        let packed = match self.0.add(part).map_err(|_| NotAHandover)? {
            Collected::Some { have, of } => return Ok(Collected::Some { have, of }),
            Collected::All(packed) => packed,
        };
        let (cbor, _) = wire::unpack(&packed).map_err(|_| NotAHandover)?;
        wire::decode(&cbor).map(Collected::All).map_err(|_| NotAHandover)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Draft;
    use crate::form::Field;
    use proptest::prelude::*;

    /// What Lina typed on the bus.
    fn lina() -> DraftChanges {
        let mut draft = Draft::new(&[1; 16]);
        let typed = [
            (Field::FamilyName, "Moreau-Dupré"),
            (Field::GivenName, "Lina"),
            (Field::BirthDate, "07/03/2009"),
            (Field::Email, "lina.moreau@example.fr"),
            (Field::EmailConfirmation, "lina.moreau@example.fr"),
            (Field::PhoneNumber, "06 12 34 56 78"),
            (Field::AddressLine, "12 rue des Lilas"),
            (Field::PostalCode, "15000"),
            (Field::Commune, "15014"),
            (Field::School, "0150006K"),
            (Field::Track, "10010012110"),
        ];
        for (at, (field, text)) in (0..).zip(typed) {
            draft.set(field, text, 1_764_000_000_000 + at * 9_000);
        }
        let changes = draft.changes().into_iter().map(|change| change.bytes.into()).collect();
        DraftChanges { draft: [9; 16].into(), changes }
    }

    #[test]
    fn a_draft_is_a_few_codes_and_comes_back_from_them_in_any_order() {
        let codes = codes(&lina()).unwrap();
        assert!(codes.len() <= 4, "{} codes", codes.len());
        assert!(codes.iter().all(|code| code.len() <= 900));
        let mut collector = Collector::default();
        let (last, first) = codes.split_last().unwrap();
        for code in first.iter().rev().chain(first) {
            assert!(matches!(collector.add(code), Ok(Collected::Some { .. })));
        }
        assert_eq!(collector.add(last), Ok(Collected::All(lina())));
    }

    #[test]
    fn a_draft_that_is_too_long_is_not_shown_in_part() {
        let bytes: Vec<u8> =
            (0..20_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
        let long = DraftChanges { draft: [1; 16].into(), changes: vec![bytes.into()] };
        assert_eq!(codes(&long).err(), Some(TooLong));
    }

    proptest! {
        #[test]
        fn any_texts_are_codes_or_none(texts: Vec<(u8, u8, Vec<u8>)>) {
            let mut collector = Collector::default();
            for (at, count, rest) in texts {
                let bytes = [&[at, count], rest.as_slice()].concat();
                let _ = collector.add(&format!("{PREFIX}{}", base45::encode(&bytes)));
                let _ = collector.add(&String::from_utf8_lossy(&rest));
            }
        }
    }
}
