//! What phone and server say to each other: changes both ways, the deposit, and its receipt.

mod deposit;
pub mod wire;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

pub use deposit::{DepositAnswer, DepositAsk, Deposited, Receipt, ReceiptRefusal};
use wire::{Dictionary, UnreadableMessage};

/// The version of these messages.
pub const VERSION: u8 = 1;
/// The largest request or answer as it travels, in bytes.
pub const MOST_MESSAGE_BYTES: usize = 1024 * 1024;
/// The most changes in one request.
pub const MOST_CHANGES: usize = 2_000;
/// The most drafts that one request deletes, and photos that it offers.
pub const MOST_NAMED: usize = 2_000;

/// Identifies a draft and later its dossier: a UUID of version 7, made on the phone.
pub type DossierId = [u8; 16];
/// Identifies a life of the server's database: random when it is made, another when it is restored
/// from a backup. A cursor means nothing outside its epoch. All zeros: none is known yet.
pub type Epoch = [u8; 16];

/// Changes of one draft.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DraftChanges {
    /// Which draft.
    #[n(0)]
    pub draft: ByteArray<16>,
    /// Change chunks; each must pass the guard before anyone reads it.
    #[n(1)]
    pub changes: Vec<ByteVec>,
}

/// A photo that this device could send, and the draft that names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OfferedPhoto {
    /// The draft whose document names the photo.
    #[n(0)]
    pub draft: ByteArray<16>,
    /// SHA-256 of its bytes.
    #[n(1)]
    pub hash: ByteArray<32>,
}

/// `POST /v1/sync`: here is what I have that is new; what have you?
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncAsk {
    /// [`VERSION`]
    #[n(0)]
    pub version: u8,
    /// The epoch of the cursor.
    #[n(1)]
    pub epoch: ByteArray<16>,
    /// How far this device has read its space.
    #[n(2)]
    pub cursor: u64,
    /// What the server may not have.
    #[n(3)]
    pub push: Vec<DraftChanges>,
    /// Drafts that a person deleted on this device.
    #[n(4)]
    pub gone: Vec<ByteArray<16>>,
    /// Photos that this device could send.
    #[n(5)]
    pub photos: Vec<OfferedPhoto>,
}

/// Why the server will not keep a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RejectedCode {
    /// It did not pass the guard.
    #[n(0)]
    Guard,
    /// Its draft belongs to another space.
    #[n(1)]
    Foreign,
    /// Its actor wrote another change under this number.
    #[n(2)]
    DuplicateSeq,
    /// Its draft was deposited before.
    #[n(3)]
    Deposited,
    /// Its draft was deleted.
    #[n(4)]
    Gone,
    /// Its draft has more changes, bytes or parked changes than an honest one.
    #[n(5)]
    TooMany,
}

/// One change that the server will not keep, and why.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Rejected {
    /// SHA-256 of the chunk's bytes as sent.
    #[n(0)]
    pub digest: ByteArray<32>,
    /// Why.
    #[n(1)]
    pub code: RejectedCode,
}

/// The answer, sent after COMMIT: every pushed change that is not rejected is stored, now or since
/// before. One that came before those it follows is parked until they come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncAnswer {
    /// [`VERSION`]
    #[n(0)]
    pub version: u8,
    /// The epoch of the cursor. Another one than asked: the cursor was not heard, everything is told
    /// anew, and what this server had confirmed before it may have lost.
    #[n(1)]
    pub epoch: ByteArray<16>,
    /// How far this answer reads the space.
    #[n(2)]
    pub cursor: u64,
    /// Whether there is more to read than fitted.
    #[n(3)]
    pub more: bool,
    /// Pushed changes that are not stored.
    #[n(4)]
    pub rejected: Vec<Rejected>,
    /// Changes that this request did not bring, in an order that can be applied.
    #[n(5)]
    pub pull: Vec<DraftChanges>,
    /// Drafts of this space that were deleted.
    #[n(6)]
    pub gone: Vec<ByteArray<16>>,
    /// Which of the offered photos the server lacks and will take: their drafts name them.
    #[n(7)]
    pub photos_missing: Vec<ByteArray<32>>,
}

impl SyncAsk {
    /// An ask of this version that brings nothing.
    pub fn at(epoch: Epoch, cursor: u64) -> Self {
        let (push, gone, photos) = (Vec::new(), Vec::new(), Vec::new());
        Self { version: VERSION, epoch: epoch.into(), cursor, push, gone, photos }
    }

    /// The message as it travels.
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::pack(minicbor::to_vec(self).unwrap_or_default(), Dictionary::NEWEST)
    }

    /// Reads a message from outside, and in which dictionary its sender wants the answer.
    pub fn from_bytes(bytes: &[u8]) -> Result<(Self, Dictionary), UnreadableMessage> {
        let (cbor, dictionary) = wire::unpack(bytes)?;
        let ask: Self = wire::decode(&cbor)?;
        if ask.version == VERSION { Ok((ask, dictionary)) } else { Err(UnreadableMessage) }
    }
}

impl SyncAnswer {
    /// An answer of this version that tells nothing.
    pub fn at(epoch: Epoch, cursor: u64) -> Self {
        Self {
            version: VERSION,
            epoch: epoch.into(),
            cursor,
            more: false,
            rejected: Vec::new(),
            pull: Vec::new(),
            gone: Vec::new(),
            photos_missing: Vec::new(),
        }
    }

    /// The message as it travels.
    pub fn to_bytes(&self, dictionary: Dictionary) -> Vec<u8> {
        wire::pack(minicbor::to_vec(self).unwrap_or_default(), dictionary)
    }

    /// Reads a message from outside.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnreadableMessage> {
        let (cbor, _) = wire::unpack(bytes)?;
        let answer: Self = wire::decode(&cbor)?;
        if answer.version == VERSION { Ok(answer) } else { Err(UnreadableMessage) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_of_another_version_is_unreadable() {
        let ask = SyncAsk { version: VERSION + 1, ..SyncAsk::at([0; 16], 0) };
        assert_eq!(SyncAsk::from_bytes(&ask.to_bytes()).err(), Some(UnreadableMessage));
    }

    #[test]
    fn a_message_comes_back_as_it_was_sent() {
        let mut ask = SyncAsk::at([7; 16], 42);
        let changes = vec![b"one change".to_vec().into(), vec![0; 500].into()];
        ask.push.push(DraftChanges { draft: [1; 16].into(), changes });
        ask.gone.push([2; 16].into());
        let (read, dictionary) = SyncAsk::from_bytes(&ask.to_bytes()).unwrap();
        assert_eq!(read, ask);
        let mut answer = SyncAnswer::at([7; 16], 43);
        let code = RejectedCode::Gone;
        answer.rejected.push(Rejected { digest: [3; 32].into(), code });
        assert_eq!(SyncAnswer::from_bytes(&answer.to_bytes(dictionary)).unwrap(), answer);
    }

    #[test]
    fn a_message_too_small_to_pack_travels_as_it_is_and_is_read() {
        let ask = SyncAsk::at([7; 16], 42);
        let bytes = ask.to_bytes();
        assert_eq!(bytes, minicbor::to_vec(&ask).unwrap());
        assert_eq!(SyncAsk::from_bytes(&bytes).unwrap().0, ask);
    }

    #[test]
    fn a_message_of_a_million_empty_parts_is_unreadable_and_one_of_thousands_is_read() {
        let with = |drafts, changes| {
            let draft =
                DraftChanges { draft: [1; 16].into(), changes: vec![vec![].into(); changes] };
            SyncAsk { push: vec![draft; drafts], ..SyncAsk::at([7; 16], 42) }.to_bytes()
        };
        assert!(with(1, 1_000_000).len() < 200);
        for (drafts, changes) in [(1, 1_000_000), (60_000, 0)] {
            let read = SyncAsk::from_bytes(&with(drafts, changes));
            assert_eq!(read.err(), Some(UnreadableMessage), "{drafts} drafts");
        }
        assert!(SyncAsk::from_bytes(&with(MOST_CHANGES, 5)).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_unreadable(bytes: Vec<u8>) {
            let _ = SyncAsk::from_bytes(&bytes);
            let _ = SyncAnswer::from_bytes(&bytes);
        }
    }
}
