//! The deposit of a draft, and the server's signed word that it is stored.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::DossierId;
use crate::document::Hash;
use crate::number::DossierNumber;
use crate::signed::{Purpose, RegionKey, SignatureRefusal, SigningKey, open, sign};

/// `PUT /v1/deposits/{draft}`: this state of the draft is my application.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepositAsk {
    /// The number made on the phone.
    pub number: DossierNumber,
    /// The state of the document that is deposited, in hexadecimal, sorted.
    pub heads: Vec<String>,
    /// SHA-256 of the photo, in hexadecimal.
    pub photo: String,
    /// Sent once, hashed by the server, then forgotten by both.
    pub password: Option<String>,
}

/// The answer to a deposit.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DepositAnswer {
    /// The signed [`Receipt`], in base64.
    pub receipt: String,
}

/// The server's word: this state of this dossier, with this photo, is stored under this number. A
/// correction has it written anew: with the photo as it is now, and what names the correction.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Which dossier.
    #[n(0)]
    pub dossier: ByteArray<16>,
    /// Its number, eleven symbols.
    #[n(1)]
    pub number: String,
    /// The state of the document, sorted.
    #[n(2)]
    pub heads: Vec<ByteArray<32>>,
    /// SHA-256 of the photo.
    #[n(3)]
    pub photo: ByteArray<32>,
    /// When the server stored it, in milliseconds since 1970.
    #[n(4)]
    pub received_at_ms: i64,
    /// What names the newest correction that is stored: the SHA-256 of an answer.
    #[n(5)]
    pub corrected: Option<ByteArray<32>>,
}

/// Why a receipt is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// Its signature is not the Region's.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
    /// It is for another dossier, number, state or photo.
    #[error("for another deposit")]
    OtherDeposit,
}

/// What a phone deposited, and so what its receipt must name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited<'a> {
    /// Which dossier.
    pub dossier: DossierId,
    /// Its number.
    pub number: &'a DossierNumber,
    /// The deposited state, sorted.
    pub heads: &'a [Hash],
    /// SHA-256 of the photo.
    pub photo: Hash,
}

impl Receipt {
    /// The receipt of a deposit that is stored.
    pub fn of(deposited: &Deposited<'_>, received_at_ms: i64) -> Self {
        Self {
            dossier: deposited.dossier.into(),
            number: deposited.number.as_str().to_owned(),
            heads: deposited.heads.iter().copied().map(ByteArray::from).collect(),
            photo: deposited.photo.into(),
            received_at_ms,
            corrected: None,
        }
    }

    /// The same receipt after a correction.
    #[must_use]
    pub fn corrected(self, photo: Hash, correction: Hash) -> Self {
        Self { photo: photo.into(), corrected: Some(correction.into()), ..self }
    }

    /// Whether the Region wrote this one after `former`, for this very correction: only then may a
    /// screen say that it came.
    pub fn follows(&self, former: &Self, photo: Hash, correction: Hash) -> bool {
        *self == former.clone().corrected(photo, correction)
    }

    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Receipt, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// Opens a receipt; for a phone that did not make the deposit, and must hold it against what else
    /// it was told.
    pub fn open(signed: &[u8], pinned: &RegionKey) -> Result<Self, ReceiptRefusal> {
        let payload = open(Purpose::Receipt, signed, pinned)?;
        minicbor::decode(&payload).map_err(|_| ReceiptRefusal::Unreadable)
    }

    /// Opens a receipt and holds it against what was deposited. Only then may a screen say « reçu ».
    pub fn verify(
        signed: &[u8],
        pinned: &RegionKey,
        deposited: &Deposited<'_>,
    ) -> Result<Self, ReceiptRefusal> {
        let receipt = Self::open(signed, pinned)?;
        // The photo of a corrected one may be another: that is no receipt for what was deposited.
        let of_the_deposit = Self { corrected: None, ..receipt.clone() };
        if of_the_deposit != Self::of(deposited, receipt.received_at_ms) {
            return Err(ReceiptRefusal::OtherDeposit);
        }
        Ok(receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    #[test]
    fn a_receipt_is_believed_only_for_the_very_deposit() {
        let number = DossierNumber::draw([3; 16]);
        let heads = [[5; 32]];
        let mine = Deposited { dossier: [1; 16], number: &number, heads: &heads, photo: [7; 32] };
        let signed = Receipt::of(&mine, 42).sign(&region());
        let pinned = RegionKey::from(&region());
        assert_eq!(Receipt::verify(&signed, &pinned, &mine).unwrap().received_at_ms, 42);

        let other_number = DossierNumber::draw([4; 16]);
        let other_heads = [[6; 32]];
        for other in [
            Deposited { dossier: [2; 16], ..mine.clone() },
            Deposited { number: &other_number, ..mine.clone() },
            Deposited { heads: &other_heads, ..mine.clone() },
            Deposited { photo: [8; 32], ..mine.clone() },
        ] {
            let verdict = Receipt::verify(&signed, &pinned, &other);
            assert_eq!(verdict, Err(ReceiptRefusal::OtherDeposit));
        }
    }

    #[test]
    fn a_corrected_receipt_follows_the_former_one_for_that_very_correction() {
        let number = DossierNumber::draw([3; 16]);
        let mine = Deposited { dossier: [1; 16], number: &number, heads: &[], photo: [7; 32] };
        let former = Receipt::of(&mine, 42);
        let pinned = RegionKey::from(&region());
        let signed = former.clone().corrected([8; 32], [9; 32]).sign(&region());
        let corrected = Receipt::open(&signed, &pinned).unwrap();
        assert!(corrected.follows(&former, [8; 32], [9; 32]));
        assert!(!corrected.follows(&former, [7; 32], [9; 32]), "another photo");
        assert!(!corrected.follows(&former, [8; 32], [0; 32]), "another correction");
        let other = Receipt { received_at_ms: 43, ..former };
        assert!(!corrected.follows(&other, [8; 32], [9; 32]), "another deposit");
        let verdict = Receipt::verify(&signed, &pinned, &mine);
        assert_eq!(verdict, Err(ReceiptRefusal::OtherDeposit));
    }

    #[test]
    fn a_receipt_of_another_server_is_refused() {
        let number = DossierNumber::draw([3; 16]);
        let mine = Deposited { dossier: [1; 16], number: &number, heads: &[], photo: [7; 32] };
        let signed = Receipt::of(&mine, 42).sign(&SigningKey::from_bytes(&[2; 32]));
        let verdict = Receipt::verify(&signed, &RegionKey::from(&region()), &mine);
        assert_eq!(verdict, Err(ReceiptRefusal::Signature(SignatureRefusal::UnknownKey)));
    }
}
