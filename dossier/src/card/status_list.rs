//! Which cards are not good any more: a bitmap, one bit a card, signed, versioned and dated.
//!
//! It travels as the lengths of the runs between its ones, deflated: a fifth smaller than the
//! deflated bytes of the bitmap. Beside each one stands why.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::signed::keys::{KeySet, KeyUse};
use crate::signed::{Purpose, SignatureRefusal, SigningKey, sign};

/// A million cards: twice what the Region issues in a year. Bounds what a list may inflate to.
pub const MOST_CARDS: u32 = 1 << 20;
/// Places are added so many at a time.
const PLACES_AT_A_TIME: u32 = 1 << 15;
/// Deflate level; the list is made once and read often.
const LEVEL: u8 = 9;
/// A run as long as this goes on in the next byte.
const LONG_RUN: u8 = u8::MAX;
/// Why a card is on the list, in so many bits, from the lowest of a byte up.
const REASON_BITS: usize = 2;
const REASONS_A_BYTE: usize = 4;
/// One byte for each card that is not good, and one for every so many that are.
const MOST_RUN_BYTES: usize = MOST_CARDS as usize;

/// Among how many places the next card draws its own, when so many were ever taken. Few enough
/// that the list stays dense, and so small; enough that a draw soon finds a free one.
pub fn places_for(taken: u32) -> u32 {
    let roomy = taken.saturating_add(taken / 8).saturating_add(1);
    roomy.div_ceil(PLACES_AT_A_TIME).saturating_mul(PLACES_AT_A_TIME).min(MOST_CARDS)
}

/// Why a card is not good any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Lost, stolen or withdrawn: for ever.
    Blocked,
    /// For a while.
    Suspended,
    /// Another card took its place: a new phone, or the accepted card after the provisional one.
    Replaced,
}

impl Withdrawal {
    const ALL: [Self; 3] = [Self::Blocked, Self::Suspended, Self::Replaced];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Suspended => "suspended",
            Self::Replaced => "replaced",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Zero is the most frequent: deflated, a list of nothing else pays nothing for it.
    fn bits(self) -> u8 {
        match self {
            Self::Blocked => 0,
            Self::Suspended => 1,
            Self::Replaced => 2,
        }
    }
}

/// The cards that are not good at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Counts up with every change, so that an older list is recognised.
    pub version: u64,
    /// When it was made, in milliseconds since 1970.
    pub made_at_ms: i64,
    /// By index, each once.
    withdrawn: Vec<(u32, Withdrawal)>,
}

#[derive(Encode, Decode)]
struct Payload {
    #[n(0)]
    version: u64,
    #[n(1)]
    made_at_ms: i64,
    /// How many good cards stand before each that is not.
    #[n(2)]
    runs: ByteVec,
    /// Why each is not, four in a byte.
    #[n(3)]
    reasons: ByteVec,
}

/// Why a status list is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    /// No key for status lists signed it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// The key that signed it was not in force when the list says that it was made.
    #[error("the key was not in force")]
    KeyOutOfForce,
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
}

impl StatusList {
    /// The list of these cards.
    pub fn new(
        version: u64,
        made_at_ms: i64,
        withdrawn: impl IntoIterator<Item = (u32, Withdrawal)>,
    ) -> Self {
        let mut withdrawn: Vec<_> =
            withdrawn.into_iter().filter(|(index, _)| *index < MOST_CARDS).collect();
        withdrawn.sort_by_key(|(index, _)| *index);
        withdrawn.dedup_by_key(|(index, _)| *index);
        Self { version, made_at_ms, withdrawn }
    }

    /// Why this card is not good any more; `None` while it is.
    pub fn withdrawal(&self, index: u32) -> Option<Withdrawal> {
        let at = self.withdrawn.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        self.withdrawn.get(at).map(|(_, why)| *why)
    }

    /// Signs the list.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let (mut runs, mut next) = (Vec::new(), 0);
        for (index, _) in &self.withdrawn {
            let mut run = index - next;
            while run >= u32::from(LONG_RUN) {
                runs.push(LONG_RUN);
                run -= u32::from(LONG_RUN);
            }
            runs.push(u8::try_from(run).unwrap_or_default());
            next = index + 1;
        }
        let four = |some: &[(u32, Withdrawal)]| {
            some.iter().rev().fold(0, |byte, (_, why)| byte << REASON_BITS | why.bits())
        };
        let reasons: Vec<u8> = self.withdrawn.chunks(REASONS_A_BYTE).map(four).collect();
        let payload = Payload {
            version: self.version,
            made_at_ms: self.made_at_ms,
            runs: compress_to_vec(&runs, LEVEL).into(),
            reasons: compress_to_vec(&reasons, LEVEL).into(),
        };
        sign(Purpose::StatusList, minicbor::to_vec(payload).unwrap_or_default(), key)
    }

    /// Opens a signed list; it never inflates past one byte for each of [`MOST_CARDS`].
    pub fn open(signed: &[u8], keys: &KeySet) -> Result<Self, ListRefusal> {
        let (payload, by) = keys.read(KeyUse::StatusList, signed)?;
        let payload: Payload = minicbor::decode(&payload).map_err(|_| ListRefusal::Unreadable)?;
        if !by.is_in_force(payload.made_at_ms) {
            return Err(ListRefusal::KeyOutOfForce);
        }
        let inflate = |bytes: &[u8]| {
            decompress_to_vec_with_limit(bytes, MOST_RUN_BYTES).map_err(|_| ListRefusal::Unreadable)
        };
        let withdrawn = withdrawn(&inflate(&payload.runs)?, &inflate(&payload.reasons)?);
        let withdrawn = withdrawn.ok_or(ListRefusal::Unreadable)?;
        Ok(Self { version: payload.version, made_at_ms: payload.made_at_ms, withdrawn })
    }

    /// Whether this list is to take the place of `known`: the older one would unblock cards.
    pub fn is_newer_than(&self, known: &Self) -> bool {
        (self.version, self.made_at_ms) > (known.version, known.made_at_ms)
    }
}

fn withdrawn(runs: &[u8], reasons: &[u8]) -> Option<Vec<(u32, Withdrawal)>> {
    let mut all = Vec::new();
    let mut next = 0_u32;
    for run in runs {
        next = next.checked_add(u32::from(*run))?;
        if *run < LONG_RUN {
            let byte = reasons.get(all.len() / REASONS_A_BYTE)?;
            let bits = byte >> (all.len() % REASONS_A_BYTE * REASON_BITS) & 0b11;
            all.push((next, Withdrawal::ALL.into_iter().find(|why| why.bits() == bits)?));
            next += 1;
        }
        if next > MOST_CARDS {
            return None;
        }
    }
    (reasons.len() == all.len().div_ceil(REASONS_A_BYTE)).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::tests::{NOW_MS, keys, lists};
    use proptest::prelude::*;

    #[test]
    fn exactly_the_withdrawn_cards_are_on_the_list_and_why() {
        let withdrawn = [
            (0, Withdrawal::Suspended),
            (9, Withdrawal::Blocked),
            (263, Withdrawal::Blocked),
            (264, Withdrawal::Replaced),
            (70_000, Withdrawal::Replaced),
        ];
        let signed = StatusList::new(3, NOW_MS, withdrawn).sign(&lists());
        let list = StatusList::open(&signed, &keys()).unwrap();
        assert_eq!((list.version, list.made_at_ms), (3, NOW_MS));
        for (index, why) in withdrawn {
            assert_eq!(list.withdrawal(index), Some(why), "{index}");
        }
        for index in [1, 8, 10, 262, 265, 69_999, 70_001, u32::MAX] {
            assert_eq!(list.withdrawal(index), None, "{index}");
        }
    }

    proptest! {
        #[test]
        fn a_list_says_the_same_after_its_journey(all in prop::collection::btree_map(
            0..MOST_CARDS, prop::sample::select(Withdrawal::ALL.to_vec()), 0..300,
        )) {
            let list = StatusList::new(1, NOW_MS, all);
            prop_assert_eq!(StatusList::open(&list.sign(&lists()), &keys()), Ok(list));
        }
    }

    #[test]
    fn a_list_that_inflates_too_far_is_refused() {
        let runs: ByteVec = compress_to_vec(&vec![0; 50_000_000], LEVEL).into();
        let payload = Payload { version: 1, made_at_ms: NOW_MS, runs, reasons: vec![3, 0].into() };
        let payload = minicbor::to_vec(payload).unwrap();
        let signed = sign(Purpose::StatusList, payload, &lists());
        assert_eq!(StatusList::open(&signed, &keys()), Err(ListRefusal::Unreadable));
    }

    #[test]
    fn runs_that_lead_past_the_last_card_or_lack_a_reason_are_unreadable() {
        assert_eq!(withdrawn(&vec![LONG_RUN; 5_000], &[]), None);
        assert_eq!(withdrawn(&[1, 2], &[]), None);
        assert_eq!(withdrawn(&[1], &[0, 0]), None);
        assert_eq!(withdrawn(&[1], &[3]), None);
        assert_eq!(withdrawn(&[1], &[0]), Some(vec![(1, Withdrawal::Blocked)]));
    }

    #[test]
    fn every_flipped_bit_of_a_list_is_refused() {
        let signed = StatusList::new(3, NOW_MS, [(9, Withdrawal::Blocked)]).sign(&lists());
        for bit in 0..signed.len() * 8 {
            let mut forged = signed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(StatusList::open(&forged, &keys()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_list_signed_with_the_key_for_cards_or_out_of_its_keys_time_is_refused() {
        let list = StatusList::new(1, NOW_MS, []);
        let by_issuer = list.sign(&crate::card::tests::issuer());
        let unknown = ListRefusal::Signature(SignatureRefusal::UnknownKey);
        assert_eq!(StatusList::open(&by_issuer, &keys()), Err(unknown));
        let late = StatusList { made_at_ms: i64::MAX, ..list };
        let opened = StatusList::open(&late.sign(&lists()), &keys());
        assert_eq!(opened, Err(ListRefusal::KeyOutOfForce));
    }

    #[test]
    fn cards_draw_among_places_that_stay_dense() {
        assert_eq!(places_for(0), PLACES_AT_A_TIME);
        for taken in [1, 29_000, 300_000, 900_000, MOST_CARDS] {
            let places = places_for(taken);
            assert!(places <= MOST_CARDS && (places > taken || places == MOST_CARDS), "{taken}");
        }
        assert!(places_for(300_000) < 400_000);
    }
}
