//! What the Region signs, and how anyone checks it without network.
//!
//! Every signed thing is a `COSE_Sign1` (RFC 9052) with Ed25519. The purpose stands in the
//! external data under the signature, so a receipt can never pass for a card.

pub mod delegation;
pub mod keys;

use coset::{CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, iana};
use ed25519_dalek::{Signature, Signer};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// What a signature is for; one signed for one purpose is refused for every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The server's word that a deposit is stored.
    Receipt,
    /// A card credential.
    Card,
    /// The list of blocked cards.
    StatusList,
    /// A version of the reference pack.
    Reference,
    /// The keys that sign cards and status lists.
    KeySet,
    /// What a stand's tablet may do.
    Delegation,
    /// A provisional card, by the tablet of a stand.
    StandCard,
    /// A finished dossier on its way from a stand, by its tablet.
    Envelope,
    /// The server's word that such an envelope is stored.
    EnvelopeReceipt,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 9] = [
        Self::Receipt,
        Self::Card,
        Self::StatusList,
        Self::Reference,
        Self::KeySet,
        Self::Delegation,
        Self::StandCard,
        Self::Envelope,
        Self::EnvelopeReceipt,
    ];

    fn label(self) -> &'static [u8] {
        match self {
            Self::Receipt => b"passregion-receipt-v1",
            Self::Card => b"passregion-card-v1",
            Self::StatusList => b"passregion-status-list-v1",
            Self::Reference => b"passregion-reference-v1",
            Self::KeySet => b"passregion-key-set-v1",
            Self::Delegation => b"passregion-delegation-v1",
            Self::StandCard => b"passregion-stand-card-v1",
            Self::Envelope => b"passregion-envelope-v1",
            Self::EnvelopeReceipt => b"passregion-envelope-receipt-v1",
        }
    }
}

/// Why a signed thing is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    /// Not a `COSE_Sign1` with Ed25519 of a sensible size.
    #[error("not a signed object")]
    Malformed,
    /// Signed with a key that does not sign for this purpose.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// The signature does not belong to these bytes and this purpose.
    #[error("the signature does not match")]
    Tampered,
}

/// The largest signed object that is looked at: a status list of every card of the region fits.
const MOST_BYTES: usize = 256 * 1024;
/// Bytes of a key's fingerprint that name it inside a signed object.
const KEY_ID_BYTES: usize = 8;

/// The public key of the Region that this app pins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionKey(VerifyingKey);

impl RegionKey {
    /// Reads the 64 hexadecimal digits of a public key; `None` when they are not a key.
    pub fn from_hex(text: &str) -> Option<Self> {
        VerifyingKey::from_bytes(&crate::hexadecimal::array(text.trim())?).ok().map(Self)
    }

    /// The 64 hexadecimal digits of this key.
    pub fn to_hex(&self) -> String {
        crate::hexadecimal::text(self.0.as_bytes())
    }
}

impl From<&SigningKey> for RegionKey {
    fn from(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }
}

/// Signs `payload` for one purpose.
pub fn sign(purpose: Purpose, payload: Vec<u8>, key: &SigningKey) -> Vec<u8> {
    let protected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .key_id(key_id(&key.verifying_key()))
        .build();
    CoseSign1Builder::new()
        .protected(protected)
        .payload(payload)
        .create_signature(purpose.label(), |message| key.sign(message).to_bytes().to_vec())
        .build()
        .to_vec()
        .unwrap_or_default()
}

/// Opens a signed object: its payload, if the Region signed it for this purpose.
pub fn open(
    purpose: Purpose,
    signed: &[u8],
    pinned: &RegionKey,
) -> Result<Vec<u8>, SignatureRefusal> {
    open_with(purpose, signed, |named| (named == key_id(&pinned.0)).then_some(&pinned.0))
}

/// Opens what the tablet with this public key signed.
pub fn open_by(
    purpose: Purpose,
    signed: &[u8],
    device: &[u8; 32],
) -> Result<Vec<u8>, SignatureRefusal> {
    let device = VerifyingKey::from_bytes(device).map_err(|_| SignatureRefusal::UnknownKey)?;
    open(purpose, signed, &RegionKey(device))
}

/// Opens a signed object with the key that it names, if `key_named` knows that one.
fn open_with<'a>(
    purpose: Purpose,
    signed: &[u8],
    key_named: impl FnOnce(&[u8]) -> Option<&'a VerifyingKey>,
) -> Result<Vec<u8>, SignatureRefusal> {
    if signed.len() > MOST_BYTES {
        return Err(SignatureRefusal::Malformed);
    }
    let object = CoseSign1::from_slice(signed).map_err(|_| SignatureRefusal::Malformed)?;
    let header = &object.protected.header;
    if header.alg != Some(coset::Algorithm::Assigned(iana::Algorithm::EdDSA))
        || !object.unprotected.is_empty()
    {
        return Err(SignatureRefusal::Malformed);
    }
    let key = key_named(&header.key_id).ok_or(SignatureRefusal::UnknownKey)?;
    object.verify_signature(purpose.label(), |signature, message| {
        let signature =
            Signature::from_slice(signature).map_err(|_| SignatureRefusal::Malformed)?;
        key.verify_strict(message, &signature).map_err(|_| SignatureRefusal::Tampered)
    })?;
    object.payload.ok_or(SignatureRefusal::Malformed)
}

fn key_id(key: &VerifyingKey) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).iter().take(KEY_ID_BYTES).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    #[test]
    fn what_the_region_signed_is_opened() {
        let signed = sign(Purpose::Receipt, b"hello".to_vec(), &region());
        assert_eq!(open(Purpose::Receipt, &signed, &(&region()).into()).unwrap(), b"hello");
    }

    #[test]
    fn a_receipt_never_passes_for_a_card() {
        let signed = sign(Purpose::Receipt, b"hello".to_vec(), &region());
        assert_eq!(
            open(Purpose::Card, &signed, &(&region()).into()),
            Err(SignatureRefusal::Tampered)
        );
    }

    #[test]
    fn another_key_is_refused_as_unknown() {
        let signed = sign(Purpose::Card, b"hello".to_vec(), &SigningKey::from_bytes(&[2; 32]));
        assert_eq!(
            open(Purpose::Card, &signed, &(&region()).into()),
            Err(SignatureRefusal::UnknownKey)
        );
    }

    #[test]
    fn every_single_flipped_bit_is_refused() {
        let signed = sign(Purpose::Card, b"Lina".to_vec(), &region());
        for bit in 0..signed.len() * 8 {
            let mut forged = signed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(open(Purpose::Card, &forged, &(&region()).into()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_key_survives_its_hexadecimal_form() {
        let key = RegionKey::from(&region());
        assert_eq!(RegionKey::from_hex(&key.to_hex()), Some(key));
        assert_eq!(RegionKey::from_hex("zz"), None);
    }
}
