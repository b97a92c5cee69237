//! A finished application, sealed to the Region: the tablet that made the envelope cannot open it.
//!
//! A random key seals the content (XChaCha20-Poly1305); HPKE (RFC 9180: X25519, HKDF-SHA256,
//! ChaCha20-Poly1305) wraps that key for each holder of a sealing key: the server's intake, and a
//! safe. The header is signed by the tablet, stands in the clear, and is bound to all of it.

mod hpke_wrap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

pub use hpke_wrap::SealingSecret;
use hpke_wrap::{Drawn, Wrapped};

use super::print::MOST_PRINTS;
use crate::document::Hash;
use crate::signed::delegation::StandId;
use crate::signed::keys::KeySet;
use crate::signed::{Purpose, SignatureRefusal, SigningKey, open_by, sign};
use crate::sync::{MOST_CHANGES, wire};

/// The largest envelope, in bytes: the largest photo and a document as large as the guard lets pass.
pub const MOST_ENVELOPE_BYTES: usize = 512 * 1024;
/// A tablet that has not heard of the Region's keys for so long does not seal to them any more.
pub const OLDEST_KEYS_MS: i64 = 90 * 86_400_000;
/// The version of this layout.
const VERSION: u8 = 1;
/// A key is used once, so its nonce says nothing.
const NONCE: [u8; 24] = [0; 24];
/// More holders than there are kinds of them.
const MOST_WRAPS: usize = 8;

/// What an envelope holds: all that the server needs to take the application for deposited.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Enrolment {
    /// Which dossier.
    #[n(1)]
    pub dossier: ByteArray<16>,
    /// The number that the student was shown, eleven symbols.
    #[n(2)]
    pub number: String,
    /// The state of the document that the student agreed to, sorted.
    #[n(3)]
    pub heads: Vec<ByteArray<32>>,
    /// Every change of the document; each must pass the guard before anyone reads it.
    #[n(4)]
    pub changes: Vec<ByteVec>,
    /// The photo, as JPEG.
    #[n(5)]
    pub photo: ByteVec,
    /// What the agent is called who checked it.
    #[n(6)]
    pub agent: String,
    /// When it was finished, by the tablet's clock, in milliseconds since 1970.
    #[n(7)]
    pub finished_at_ms: i64,
    /// SHA-256 of the secret of the slip's code.
    #[n(8)]
    pub claim: ByteArray<32>,
}

impl Enrolment {
    /// Reads what was sealed; `None` when no honest tablet seals it.
    pub fn read(clear: &[u8]) -> Option<Self> {
        let enrolment: Self = wire::decode(clear).ok()?;
        (enrolment.changes.len() <= MOST_CHANGES).then_some(enrolment)
    }
}

unprinted!(Enrolment);

/// What an envelope says on its outside.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Header {
    #[n(1)]
    version: u8,
    /// The stand whose tablet made it.
    #[n(2)]
    pub stand: ByteArray<16>,
    /// Counts the envelopes of the stand: two of one count come from two copies of a tablet.
    #[n(3)]
    pub sequence: u32,
    /// Which dossier is inside.
    #[n(4)]
    pub dossier: ByteArray<16>,
    /// SHA-256 of the envelope whose place it takes.
    #[n(5)]
    pub supersedes: Option<ByteArray<32>>,
    /// The [`print`](super::print)s of the person, for the other tablets of the event.
    #[n(6)]
    pub prints: Vec<u64>,
    /// When it was made, by the tablet's clock, in milliseconds since 1970.
    #[n(7)]
    pub made_at_ms: i64,
    #[n(8)]
    wraps: Vec<Wrapped>,
    #[n(9)]
    content: ByteArray<32>,
}

impl Header {
    /// What every wrap and the content are bound to.
    fn place(&self) -> Vec<u8> {
        let count = self.sequence.to_be_bytes();
        [&[self.version], self.dossier.as_slice(), self.stand.as_slice(), &count].concat()
    }
}

#[derive(Encode, Decode)]
struct Outer {
    #[n(0)]
    header: ByteVec,
    #[n(1)]
    content: ByteVec,
}

/// An envelope as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// All of it.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`, which names it.
    pub digest: Hash,
}

/// Who seals, and to whom.
pub struct Sealing<'a> {
    /// The Region's keys, as last fetched.
    pub keys: &'a KeySet,
    /// What names the stand.
    pub stand: StandId,
    /// The count of this envelope.
    pub sequence: u32,
    /// SHA-256 of the envelope whose place it takes.
    pub supersedes: Option<Hash>,
    /// The prints of the person.
    pub prints: Vec<u64>,
    /// The tablet's key.
    pub device: &'a SigningKey,
    /// What time it is on the tablet.
    pub now_ms: i64,
    /// 256 random bits, used for nothing else.
    pub entropy: [u8; 32],
}

/// Why nothing is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealRefusal {
    /// The Region named no key to seal to, or none is in force.
    #[error("no key to seal to")]
    NoKey,
    /// The Region's keys were signed too long ago.
    #[error("the keys are too old")]
    OldKeys,
    /// It is larger than an honest application.
    #[error("too large")]
    TooLarge,
    /// The cipher refused.
    #[error("not sealed")]
    NotSealed,
}

/// Why an envelope is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefusal {
    /// Not an envelope of this version, or too large.
    #[error("not an envelope")]
    Malformed,
    /// The tablet did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is not sealed to this key.
    #[error("sealed to another key")]
    OtherKey,
    /// It was altered after it was sealed.
    #[error("altered")]
    Tampered,
}

/// Whether a tablet may seal at this moment: a key of the server's intake is in force, and the set
/// is not too old.
pub fn may_seal(keys: &KeySet, now_ms: i64) -> Result<(), SealRefusal> {
    if now_ms.saturating_sub(keys.made_at_ms) > OLDEST_KEYS_MS {
        return Err(SealRefusal::OldKeys);
    }
    if keys.to_seal_to(now_ms).is_empty() { Err(SealRefusal::NoKey) } else { Ok(()) }
}

/// Seals a finished application to every holder of a sealing key in force.
pub fn seal(enrolment: &Enrolment, sealing: &Sealing<'_>) -> Result<Envelope, SealRefusal> {
    may_seal(sealing.keys, sealing.now_ms)?;
    let mut drawn = Drawn::from(sealing.entropy);
    let key: [u8; 32] = drawn.array();
    let mut header = Header {
        version: VERSION,
        stand: sealing.stand.into(),
        sequence: sealing.sequence,
        dossier: enrolment.dossier,
        supersedes: sealing.supersedes.map(ByteArray::from),
        prints: sealing.prints.clone(),
        made_at_ms: sealing.now_ms,
        wraps: Vec::new(),
        content: [0; 32].into(),
    };
    let place = header.place();
    let clear = minicbor::to_vec(enrolment).map_err(|_| SealRefusal::NotSealed)?;
    let content = XChaCha20Poly1305::new(&key.into())
        .encrypt(&NONCE.into(), Payload { msg: &clear, aad: &place })
        .map_err(|_| SealRefusal::NotSealed)?;
    header.content = Hash::from(Sha256::digest(&content)).into();
    for to in sealing.keys.to_seal_to(sealing.now_ms) {
        let wrapped = Wrapped::of(&key, to, &place, &mut drawn);
        header.wraps.push(wrapped.ok_or(SealRefusal::NotSealed)?);
    }
    let header = minicbor::to_vec(&header).map_err(|_| SealRefusal::NotSealed)?;
    let header = sign(Purpose::Envelope, header, sealing.device).into();
    let bytes = minicbor::to_vec(Outer { header, content: content.into() })
        .map_err(|_| SealRefusal::NotSealed)?;
    if bytes.len() > MOST_ENVELOPE_BYTES {
        return Err(SealRefusal::TooLarge);
    }
    let digest = Sha256::digest(&bytes).into();
    Ok(Envelope { bytes, digest })
}

/// Which stand an envelope says that it comes from. Nothing of it is believed yet: it tells whose
/// key to hold it against.
pub fn claimed_stand(bytes: &[u8]) -> Option<StandId> {
    let outer = outer(bytes).ok()?;
    let object = <coset::CoseSign1 as coset::CborSerializable>::from_slice(&outer.header).ok()?;
    let header: Header = minicbor::decode(&object.payload?).ok()?;
    Some(*header.stand)
}

/// The outside of an envelope that this tablet made; its content is what the header says.
pub fn read(bytes: &[u8], device: &[u8; 32]) -> Result<Header, OpenRefusal> {
    let outer = outer(bytes)?;
    header_of(&outer, device)
}

/// Opens an envelope that this tablet made.
pub fn open(
    bytes: &[u8],
    device: &[u8; 32],
    secret: &SealingSecret,
) -> Result<(Header, Enrolment), OpenRefusal> {
    let outer = outer(bytes)?;
    let header = header_of(&outer, device)?;
    let place = header.place();
    let ours = header.wraps.iter().find(|wrap| wrap.is_for(secret)).ok_or(OpenRefusal::OtherKey)?;
    let key = ours.open(secret, &place).ok_or(OpenRefusal::Tampered)?;
    let clear = XChaCha20Poly1305::new(&key.into())
        .decrypt(&NONCE.into(), Payload { msg: &outer.content, aad: &place })
        .map_err(|_| OpenRefusal::Tampered)?;
    match Enrolment::read(&clear) {
        Some(enrolment) if enrolment.dossier == header.dossier => Ok((header, enrolment)),
        _ => Err(OpenRefusal::Malformed),
    }
}

fn outer(bytes: &[u8]) -> Result<Outer, OpenRefusal> {
    if bytes.len() > MOST_ENVELOPE_BYTES {
        return Err(OpenRefusal::Malformed);
    }
    minicbor::decode(bytes).map_err(|_| OpenRefusal::Malformed)
}

fn header_of(outer: &Outer, device: &[u8; 32]) -> Result<Header, OpenRefusal> {
    let payload = open_by(Purpose::Envelope, &outer.header, device)?;
    let header: Header = minicbor::decode(&payload).map_err(|_| OpenRefusal::Malformed)?;
    let readable = header.version == VERSION
        && header.wraps.len() <= MOST_WRAPS
        && header.prints.len() <= MOST_PRINTS;
    if !readable {
        return Err(OpenRefusal::Malformed);
    }
    let same = *header.content == Hash::from(Sha256::digest(outer.content.as_slice()));
    if same { Ok(header) } else { Err(OpenRefusal::Tampered) }
}

#[cfg(test)]
mod tests;
