//! How a sync message travels: as it is, or smaller.
//!
//! One draft alone shares little with itself; all drafts share their layout, field names, schools
//! and towns. So both sides carry a dictionary (trained by `examples/dictionary` on made-up people)
//! and a draft alone takes a third of the bytes. A dictionary is never changed, only followed by
//! another: each names itself in the messages that it packs.

use std::cell::RefCell;
use std::sync::LazyLock;

use minicbor::Decode;
use minicbor::decode::Tokenizer;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{get_dict_id_from_frame, get_frame_content_size};

/// The most bytes of a message once it is unpacked: twice what five hundred changes of the longest
/// answers weigh. What is read from it stands beside it for a moment.
pub const MOST_UNPACKED_BYTES: usize = 2 * 1024 * 1024;
/// Numbers, texts and lists in a message. An empty change is one byte, and takes 24 in memory.
const MOST_ITEMS: usize = 64 * 1024;
/// First bytes of what zstd packed. A message as it is never begins like this.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// More levels would take more of a phone's battery than of its network.
const LEVEL: i32 = 3;
/// An answer that tells nothing is this small: to make a packer ready costs more than it saves.
const NOT_WORTH_PACKING: usize = 64;

/// A message that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sync message of this version")]
pub struct UnreadableMessage;

/// What a message is packed with; both sides have it, whatever their version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dictionary(usize);

/// Every dictionary that was ever shipped, the oldest first.
static SHIPPED: [&[u8]; 2] =
    [include_bytes!("wire/dictionary-1.zdict"), include_bytes!("wire/dictionary-2.zdict")];

static PACKING: LazyLock<Vec<EncoderDictionary<'static>>> =
    LazyLock::new(|| SHIPPED.iter().map(|bytes| EncoderDictionary::copy(bytes, LEVEL)).collect());
static UNPACKING: LazyLock<Vec<DecoderDictionary<'static>>> =
    LazyLock::new(|| SHIPPED.iter().map(|bytes| DecoderDictionary::copy(bytes)).collect());

thread_local! {
    /// One for each dictionary: making an unpacker ready costs more than a draft alone.
    static UNPACKERS: RefCell<Vec<Decompressor<'static>>> = const { RefCell::new(Vec::new()) };
}

impl Dictionary {
    /// The one to begin a conversation with.
    pub const NEWEST: Self = Self(SHIPPED.len() - 1);
    /// The one that everybody has: whoever sent a message as it is did not say which others.
    const OLDEST: Self = Self(0);

    /// The one that these bytes were packed with, if we have it.
    fn of(packed: &[u8]) -> Option<Self> {
        let id = get_dict_id_from_frame(packed)?;
        let known =
            UNPACKING.iter().position(|dictionary| dictionary.as_ddict().get_dict_id() == Some(id));
        known.map(Self)
    }
}

/// Reads a message that has no more parts than an honest one.
pub(crate) fn decode<'a, T: Decode<'a, ()>>(cbor: &'a [u8]) -> Result<T, UnreadableMessage> {
    if Tokenizer::new(cbor).take(MOST_ITEMS + 1).count() > MOST_ITEMS {
        return Err(UnreadableMessage);
    }
    minicbor::decode(cbor).map_err(|_| UnreadableMessage)
}

/// Packs a message, if that makes it smaller.
pub(crate) fn pack(cbor: Vec<u8>, dictionary: Dictionary) -> Vec<u8> {
    if cbor.len() <= NOT_WORTH_PACKING {
        return cbor;
    }
    let packed = PACKING
        .get(dictionary.0)
        .and_then(|dictionary| Compressor::with_prepared_dictionary(dictionary).ok())
        .and_then(|mut compressor| compressor.compress(&cbor).ok());
    match packed {
        Some(packed) if packed.len() < cbor.len() => packed,
        _ => cbor,
    }
}

/// Unpacks a message within its bound, and says what it was packed with.
pub(crate) fn unpack(bytes: &[u8]) -> Result<(Vec<u8>, Dictionary), UnreadableMessage> {
    if !bytes.starts_with(&ZSTD) {
        if bytes.len() > MOST_UNPACKED_BYTES {
            return Err(UnreadableMessage);
        }
        return Ok((bytes.to_vec(), Dictionary::OLDEST));
    }
    // Our side always says how much there is; who does not is not heard.
    let claimed = get_frame_content_size(bytes).ok().flatten().ok_or(UnreadableMessage)?;
    let claimed = usize::try_from(claimed).map_err(|_| UnreadableMessage)?;
    if claimed > MOST_UNPACKED_BYTES {
        return Err(UnreadableMessage);
    }
    let dictionary = Dictionary::of(bytes).ok_or(UnreadableMessage)?;
    let cbor = UNPACKERS.with_borrow_mut(|unpackers| {
        for prepared in UNPACKING.iter().skip(unpackers.len()) {
            unpackers.push(Decompressor::with_prepared_dictionary(prepared).ok()?);
        }
        unpackers.get_mut(dictionary.0)?.decompress(bytes, claimed).ok()
    });
    let cbor = cbor.ok_or(UnreadableMessage)?;
    Ok((cbor, dictionary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dictionary_that_was_shipped_is_read_and_answered_in() {
        let message = b"MADAME MONSIEUR ETABLISSEMENT DOMICILE ".repeat(9);
        for dictionary in (0..SHIPPED.len()).map(Dictionary) {
            let packed = pack(message.clone(), dictionary);
            assert!(packed.len() < message.len() / 2);
            assert_eq!(unpack(&packed), Ok((message.clone(), dictionary)));
        }
    }
}
