//! A draft that goes from a phone to a stand, or back, as codes on a screen.
//!
//! What was typed so far is about a kilobyte: one to four codes. The bytes of the photo stay; it is
//! taken anew. Both sides then have the same document, and what each types later merges.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::sync::DraftChanges;
use crate::sync::wire::{self, Dictionary};

/// What every such code starts with, so that a scanner knows it before reading it.
const PREFIX: &str = "PRH1:";
/// Bytes of a draft in one code: about 900 characters, which a tablet's camera reads at arm's length.
const PART_BYTES: usize = 590;
/// The most codes of a draft; one that needs more goes by the server.
pub const MOST_PARTS: usize = 8;
/// The longest code that is looked at.
const LONGEST_CODE: usize = 1_024;
/// Bytes that name what the parts belong to.
const NAME_BYTES: usize = 4;

/// The draft is too long for codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too long for codes")]
pub struct TooLong;

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
    let parts = packed.chunks(PART_BYTES);
    let count = u8::try_from(parts.len()).map_err(|_| TooLong)?;
    if parts.len() > MOST_PARTS {
        return Err(TooLong);
    }
    let name = name_of(packed);
    let code = |(at, part): (u8, &[u8])| {
        let bytes = [&[at, count], name.as_slice(), part].concat();
        format!("{PREFIX}{}", base45::encode(&bytes))
    };
    Ok((0..count).zip(parts).map(code).collect())
}

fn name_of(packed: &[u8]) -> [u8; NAME_BYTES] {
    Sha256::digest(packed).first_chunk().copied().unwrap_or_default()
}

/// Takes the codes of a draft in any order, each as often as it is seen.
#[derive(Debug, Default)]
pub struct Collector {
    name: [u8; NAME_BYTES],
    count: u8,
    parts: BTreeMap<u8, Vec<u8>>,
}

/// How far a handover has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collected {
    /// So many codes of so many.
    Some {
        /// How many were seen.
        have: usize,
        /// How many there are.
        of: usize,
    },
    /// All of them. Every change in it must pass the guard before anyone reads it.
    All(DraftChanges),
}

impl Collector {
    /// Takes a scanned code. One of another draft begins anew.
    pub fn add(&mut self, scanned: &str) -> Result<Collected, NotAHandover> {
        let (at, count, name, part) = part_of(scanned).ok_or(NotAHandover)?;
        if (self.name, self.count) != (name, count) {
            *self = Self { name, count, parts: BTreeMap::new() };
        }
        self.parts.insert(at, part);
        let (have, of) = (self.parts.len(), usize::from(count));
        if have < of {
            return Ok(Collected::Some { have, of });
        }
        let packed = std::mem::take(self).parts.into_values().collect::<Vec<_>>().concat();
        if name_of(&packed) != name {
            return Err(NotAHandover);
        }
        let (cbor, _) = wire::unpack(&packed).map_err(|_| NotAHandover)?;
        wire::decode(&cbor).map(Collected::All).map_err(|_| NotAHandover)
    }
}

fn part_of(scanned: &str) -> Option<(u8, u8, [u8; NAME_BYTES], Vec<u8>)> {
    if scanned.len() > LONGEST_CODE {
        return None;
    }
    let bytes = base45::decode(scanned.trim().strip_prefix(PREFIX)?).ok()?;
    let ([at, count], rest) = bytes.split_first_chunk()?;
    let (name, part) = rest.split_first_chunk()?;
    let fits = at < count && usize::from(*count) <= MOST_PARTS && part.len() <= PART_BYTES;
    fits.then(|| (*at, *count, *name, part.to_vec()))
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
    fn the_codes_of_two_drafts_do_not_mix() {
        let other = DraftChanges { draft: [8; 16].into(), ..lina() };
        let (mine, other) = (codes(&lina()).unwrap(), codes(&other).unwrap());
        let mut collector = Collector::default();
        collector.add(&other[0]).unwrap();
        for code in &mine[..mine.len() - 1] {
            assert!(matches!(collector.add(code), Ok(Collected::Some { .. })));
        }
        assert_eq!(collector.add(mine.last().unwrap()), Ok(Collected::All(lina())));
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
