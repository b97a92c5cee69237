//! Which cards are blocked: a signed bitmap, one bit a card.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::signed::{Purpose, RegionKey, SignatureRefusal, SigningKey, open, sign};

/// A million cards: twice what the Region issues in a year. Bounds what a list may inflate to.
pub const MOST_CARDS: u32 = 1 << 20;
/// Deflate level; the list is made once and read often.
const LEVEL: u8 = 9;

/// The blocked cards at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    /// Counts up with every change, so that an older list is recognised.
    pub version: u64,
    /// When it was made, in milliseconds since 1970.
    pub made_at_ms: i64,
    blocked: Vec<u8>,
}

#[derive(Encode, Decode)]
struct Payload {
    #[n(0)]
    version: u64,
    #[n(1)]
    made_at_ms: i64,
    #[n(2)]
    deflated: ByteVec,
}

/// Why a status list is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    /// The Region did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
}

impl StatusList {
    /// The list of these blocked cards.
    pub fn new(version: u64, made_at_ms: i64, indexes: impl IntoIterator<Item = u32>) -> Self {
        let mut blocked = Vec::new();
        for index in indexes.into_iter().filter(|index| *index < MOST_CARDS) {
            let at = (index / 8) as usize;
            if blocked.len() <= at {
                blocked.resize(at + 1, 0);
            }
            if let Some(byte) = blocked.get_mut(at) {
                *byte |= 1 << (index % 8);
            }
        }
        Self { version, made_at_ms, blocked }
    }

    /// Whether this card is on the list.
    pub fn is_blocked(&self, index: u32) -> bool {
        self.blocked.get((index / 8) as usize).is_some_and(|byte| byte >> (index % 8) & 1 == 1)
    }

    /// Signs the list.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let payload = Payload {
            version: self.version,
            made_at_ms: self.made_at_ms,
            deflated: compress_to_vec(&self.blocked, LEVEL).into(),
        };
        sign(Purpose::StatusList, minicbor::to_vec(payload).unwrap_or_default(), key)
    }

    /// Opens a signed list; it never inflates past [`MOST_CARDS`] bits.
    pub fn open(signed: &[u8], pinned: &RegionKey) -> Result<Self, ListRefusal> {
        let payload = open(Purpose::StatusList, signed, pinned)?;
        let payload: Payload = minicbor::decode(&payload).map_err(|_| ListRefusal::Unreadable)?;
        let blocked = decompress_to_vec_with_limit(&payload.deflated, MOST_CARDS as usize / 8)
            .map_err(|_| ListRefusal::Unreadable)?;
        Ok(Self { version: payload.version, made_at_ms: payload.made_at_ms, blocked })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    #[test]
    fn exactly_the_blocked_cards_are_on_the_list() {
        let signed = StatusList::new(3, 42, [0, 9, 70_000]).sign(&region());
        let list = StatusList::open(&signed, &(&region()).into()).unwrap();
        assert_eq!((list.version, list.made_at_ms), (3, 42));
        for index in [0, 9, 70_000] {
            assert!(list.is_blocked(index), "{index}");
        }
        for index in [1, 8, 10, 69_999, 70_001, u32::MAX] {
            assert!(!list.is_blocked(index), "{index}");
        }
    }

    #[test]
    fn a_list_that_inflates_too_far_is_refused() {
        let deflated = compress_to_vec(&vec![0; 50_000_000], LEVEL).into();
        let payload = minicbor::to_vec(Payload { version: 1, made_at_ms: 0, deflated }).unwrap();
        let signed = sign(Purpose::StatusList, payload, &region());
        let opened = StatusList::open(&signed, &(&region()).into());
        assert_eq!(opened, Err(ListRefusal::Unreadable));
    }
}
