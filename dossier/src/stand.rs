//! The stand: a shared tablet at one event, where hundreds of students apply without network.
//!
//! What an agent's tablet and the server say to each other, and what students carry from one device
//! to the other as codes. A finished application leaves the tablet sealed to the Region alone.

pub mod claim;
pub mod envelope;
pub mod handover;
pub mod print;
pub mod setup;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::signed::{Purpose, RegionKey, SignatureRefusal, SigningKey, open, sign};

/// `PUT /v1/stand`: this tablet is the one of that code.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandAsk {
    /// The token of the code, in hexadecimal.
    pub token: String,
    /// Public half of the key that the tablet made for itself, in hexadecimal.
    pub device_key: String,
    /// What people call this tablet.
    pub name: String,
}

/// What a tablet is there for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandAnswer {
    /// What names the stand.
    pub stand: Uuid,
    /// The event.
    pub event: String,
    /// Where it takes place.
    pub place: String,
    /// Its first day, `2026-11-29`,
    pub first_day: String,
    /// and its last.
    pub last_day: String,
    /// UAIs of the schools that are offered first.
    pub schools: Vec<String>,
    /// How many provisional cards the tablet may sign.
    pub most_cards: u32,
    /// The signed [`Delegation`](crate::signed::delegation::Delegation), in base64.
    pub delegation: String,
    /// The key that the tablets of this event make prints with, in hexadecimal.
    pub prints_key: String,
    /// Whether the Region took its word back.
    pub revoked: bool,
    /// Which life of the server's database tells this, in hexadecimal. Another one than last heard:
    /// it came back from a backup, and may lack what it has given a receipt for since.
    pub epoch: String,
}

/// What became of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EnvelopeState {
    /// Stored; nobody has opened it yet.
    Stored,
    /// A dossier like any other.
    Deposited,
    /// Stored, and a person at the Region must see what is wrong with it.
    Stuck,
}

/// The answer to an envelope.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnvelopeAnswer {
    /// The signed [`EnvelopeReceipt`], in base64.
    pub receipt: String,
    /// What became of it so far.
    pub state: EnvelopeState,
}

/// The server's word that it has an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnvelopeReceipt {
    /// SHA-256 of the envelope.
    #[n(1)]
    pub envelope: ByteArray<32>,
    /// When the server stored it, in milliseconds since 1970.
    #[n(2)]
    pub stored_at_ms: i64,
}

/// Why such a receipt is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeReceiptRefusal {
    /// Its signature is not the Region's.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
    /// It is for another envelope.
    #[error("for another envelope")]
    OtherEnvelope,
}

impl EnvelopeReceipt {
    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::EnvelopeReceipt, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// Opens a receipt of this very envelope. Only then may a tablet say « reçu ».
    pub fn verify(
        signed: &[u8],
        pinned: &RegionKey,
        envelope: &[u8; 32],
    ) -> Result<Self, EnvelopeReceiptRefusal> {
        let payload = open(Purpose::EnvelopeReceipt, signed, pinned)?;
        let receipt: Self =
            minicbor::decode(&payload).map_err(|_| EnvelopeReceiptRefusal::Unreadable)?;
        if *receipt.envelope == *envelope {
            Ok(receipt)
        } else {
            Err(EnvelopeReceiptRefusal::OtherEnvelope)
        }
    }
}

/// The prints of one application that another tablet of the event finished.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandPrints {
    /// The tablet.
    pub stand: Uuid,
    /// The dossier.
    pub dossier: Uuid,
    /// When it was finished, in milliseconds since 1970.
    pub finished_at_ms: i64,
    /// Its prints, in hexadecimal.
    pub prints: Vec<String>,
}

/// `GET /v1/stand/prints?after=N`: what the other tablets of the event finished since.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PrintsAnswer {
    /// Oldest first.
    pub prints: Vec<StandPrints>,
    /// What to ask after next time.
    pub next: i64,
    /// Whether there is more than fitted.
    pub more: bool,
}

/// `PUT /v1/claims/{dossier}`: the student of this slip, on a phone of their own.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ClaimAsk {
    /// The secret of the slip's code, in hexadecimal.
    pub secret: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_is_believed_for_its_envelope_alone() {
        let region = SigningKey::from_bytes(&[1; 32]);
        let pinned = RegionKey::from(&region);
        let receipt = EnvelopeReceipt { envelope: [7; 32].into(), stored_at_ms: 42 };
        let signed = receipt.sign(&region);
        assert_eq!(EnvelopeReceipt::verify(&signed, &pinned, &[7; 32]), Ok(receipt));
        let other = EnvelopeReceipt::verify(&signed, &pinned, &[8; 32]);
        assert_eq!(other, Err(EnvelopeReceiptRefusal::OtherEnvelope));
        let stranger = RegionKey::from(&SigningKey::from_bytes(&[2; 32]));
        assert!(EnvelopeReceipt::verify(&signed, &stranger, &[7; 32]).is_err());
    }
}
