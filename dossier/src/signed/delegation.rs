//! What the tablet of a stand may do: sign provisional cards, for some days, and not too many.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::keys::{IssuerKey, KeySet, KeyUse};
use super::{Purpose, SignatureRefusal, SigningKey, sign};

/// What names a stand: one tablet at one event.
pub type StandId = [u8; 16];

/// The Region's word for the tablet of a stand. It travels in every card that the tablet signs, so
/// it says no more than whoever verifies one must know.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Delegation {
    /// What names the stand.
    #[n(1)]
    pub stand: ByteArray<16>,
    /// Public half of the key that the tablet made for itself.
    #[n(2)]
    pub device: ByteArray<32>,
    /// It may sign from here, in milliseconds since 1970,
    #[n(3)]
    pub not_before_ms: i64,
    /// to here.
    #[n(4)]
    pub not_after_ms: i64,
    /// School year of its cards, `2026-2027`.
    #[n(5)]
    pub season: String,
    /// How many cards it may sign; each has its count.
    #[n(6)]
    pub most_cards: u32,
}

/// Why a delegation is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DelegationRefusal {
    /// No key for delegations signed it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
    /// The Region took its word back.
    #[error("revoked")]
    Revoked,
}

impl Delegation {
    /// Signs it, with a key of the set.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Delegation, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// Opens a delegation that this set vouches for and that was not revoked, and the key that
    /// signed it. Whether either is in force is for the caller to ask, who knows of which moment.
    pub fn open<'a>(
        signed: &[u8],
        keys: &'a KeySet,
    ) -> Result<(Self, &'a IssuerKey), DelegationRefusal> {
        let (payload, key) = keys.read(KeyUse::Delegation, signed)?;
        let delegation: Self =
            minicbor::decode(&payload).map_err(|_| DelegationRefusal::Unreadable)?;
        if keys.revoked.contains(&delegation.stand) {
            return Err(DelegationRefusal::Revoked);
        }
        Ok((delegation, key))
    }

    /// Whether the tablet may sign at this moment.
    pub fn is_in_force(&self, at_ms: i64) -> bool {
        (self.not_before_ms..=self.not_after_ms).contains(&at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aurillac() -> Delegation {
        Delegation {
            stand: [1; 16].into(),
            device: [2; 32].into(),
            not_before_ms: 100,
            not_after_ms: 200,
            season: "2026-2027".into(),
            most_cards: 300,
        }
    }

    fn keys(signer: &SigningKey) -> KeySet {
        let key = IssuerKey {
            usage: KeyUse::Delegation,
            public: signer.verifying_key().to_bytes().into(),
            not_before_ms: 0,
            not_after_ms: 1_000,
            season: "2026-2027".into(),
        };
        KeySet { version: 1, made_at_ms: 0, keys: vec![key], ..KeySet::default() }
    }

    #[test]
    fn a_delegation_is_believed_from_a_key_of_the_set_until_it_is_revoked() {
        let signer = SigningKey::from_bytes(&[9; 32]);
        let mut set = keys(&signer);
        let signed = aurillac().sign(&signer);
        assert_eq!(Delegation::open(&signed, &set).unwrap().0, aurillac());

        let forged = aurillac().sign(&SigningKey::from_bytes(&[8; 32]));
        let unknown = DelegationRefusal::Signature(SignatureRefusal::UnknownKey);
        assert_eq!(Delegation::open(&forged, &set).err(), Some(unknown));

        set.revoked.push([1; 16].into());
        assert_eq!(Delegation::open(&signed, &set).err(), Some(DelegationRefusal::Revoked));
    }

    #[test]
    fn every_flipped_bit_of_a_delegation_is_refused() {
        let signer = SigningKey::from_bytes(&[9; 32]);
        let (set, signed) = (keys(&signer), aurillac().sign(&signer));
        for bit in 0..signed.len() * 8 {
            let mut forged = signed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(Delegation::open(&forged, &set).is_err(), "bit {bit}");
        }
    }
}
