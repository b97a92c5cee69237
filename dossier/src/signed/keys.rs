//! Which keys sign cards, status lists and the word of stands, and to which a stand seals, and for
//! how long: a set that the root key signs.
//!
//! The app pins the root alone. Who takes a season's key out of the set, or puts one in, signs
//! the set anew under a higher version; whoever has seen that version takes no older one.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::{
    Purpose, RegionKey, SignatureRefusal, SigningKey, VerifyingKey, key_id, open, open_with, sign,
};

/// Seasons overlap by a few keys; what names more is not ours.
const MOST_KEYS: usize = 64;
/// The tablets of many seasons; the set stays small enough to be fetched with every exchange.
const MOST_REVOKED: usize = 4_096;

/// What a key of the set may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum KeyUse {
    /// Cards.
    #[n(1)]
    Card,
    /// The status list.
    #[n(2)]
    StatusList,
    /// What the tablet of a stand may do.
    #[n(3)]
    Delegation,
}

impl KeyUse {
    /// What its signatures are for.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::Card => Purpose::Card,
            Self::StatusList => Purpose::StatusList,
            Self::Delegation => Purpose::Delegation,
        }
    }
}

/// A key of the set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IssuerKey {
    /// What it may sign.
    #[n(1)]
    pub usage: KeyUse,
    /// Its public half.
    #[n(2)]
    pub public: ByteArray<32>,
    /// It is believed from here, in milliseconds since 1970,
    #[n(3)]
    pub not_before_ms: i64,
    /// to here.
    #[n(4)]
    pub not_after_ms: i64,
    /// The school year whose cards it signs, `2026-2027`; empty for the status list's.
    #[n(5)]
    pub season: String,
}

impl IssuerKey {
    /// Whether it is believed at this moment.
    pub fn is_in_force(&self, at_ms: i64) -> bool {
        (self.not_before_ms..=self.not_after_ms).contains(&at_ms)
    }

    /// The 16 hexadecimal digits that name it; empty when its public half is no key.
    pub fn id(&self) -> String {
        self.verifying().map(|key| crate::hexadecimal::text(&key_id(&key))).unwrap_or_default()
    }

    fn verifying(&self) -> Option<VerifyingKey> {
        VerifyingKey::from_bytes(&self.public).ok()
    }
}

/// Who can open what is sealed to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum SealingHolder {
    /// The server's intake.
    #[n(1)]
    Operations,
    /// A safe, for the day when the server's key is lost.
    #[n(2)]
    Escrow,
}

/// A key that stands seal finished dossiers to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealingKey {
    /// Who has its secret half.
    #[n(1)]
    pub holder: SealingHolder,
    /// Its public half, of X25519.
    #[n(2)]
    pub public: ByteArray<32>,
    /// Something is sealed to it from here, in milliseconds since 1970,
    #[n(3)]
    pub not_before_ms: i64,
    /// to here; what was sealed before is opened long after.
    #[n(4)]
    pub not_after_ms: i64,
}

impl SealingKey {
    /// What names it inside an envelope.
    pub fn name(&self) -> [u8; 8] {
        let digest = Sha256::digest(self.public.as_slice());
        digest.first_chunk().copied().unwrap_or_default()
    }

    /// Whether something may be sealed to it at this moment.
    pub fn is_in_force(&self, at_ms: i64) -> bool {
        (self.not_before_ms..=self.not_after_ms).contains(&at_ms)
    }
}

/// The name of the public half of this key, as [`IssuerKey::id`] tells it.
pub fn id_of(key: &SigningKey) -> String {
    crate::hexadecimal::text(&key_id(&key.verifying_key()))
}

/// Every key that is to be believed, as the root signed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeySet {
    /// Counts up, so that an older set is recognised.
    #[n(1)]
    pub version: u64,
    /// When it was made, in milliseconds since 1970.
    #[n(2)]
    pub made_at_ms: i64,
    /// The keys.
    #[n(3)]
    pub keys: Vec<IssuerKey>,
    /// What stands seal to.
    #[n(4)]
    #[cbor(default)]
    pub sealing: Vec<SealingKey>,
    /// The stands whose word counts no more, by the names of their delegations.
    #[n(5)]
    #[cbor(default)]
    pub revoked: Vec<ByteArray<16>>,
}

/// Why a set of keys is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetRefusal {
    /// The root did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
    /// It is signed but cannot be read.
    #[error("unreadable")]
    Unreadable,
}

impl KeySet {
    /// Signs the set; only the root can.
    pub fn sign(&self, root: &SigningKey) -> Vec<u8> {
        sign(Purpose::KeySet, minicbor::to_vec(self).unwrap_or_default(), root)
    }

    /// Opens a signed set.
    pub fn open(signed: &[u8], root: &RegionKey) -> Result<Self, KeySetRefusal> {
        let payload = open(Purpose::KeySet, signed, root)?;
        let set: Self = minicbor::decode(&payload).map_err(|_| KeySetRefusal::Unreadable)?;
        let readable = set.keys.len() <= MOST_KEYS
            && set.sealing.len() <= MOST_KEYS
            && set.revoked.len() <= MOST_REVOKED
            && set.keys.iter().all(|key| key.verifying().is_some());
        if readable { Ok(set) } else { Err(KeySetRefusal::Unreadable) }
    }

    /// The payload of what a key of this set signed for this use, and that key. Whether the key
    /// is still in force is for the caller to ask, who knows of which moment.
    pub fn read(
        &self,
        usage: KeyUse,
        signed: &[u8],
    ) -> Result<(Vec<u8>, &IssuerKey), SignatureRefusal> {
        let of_use = self.keys.iter().filter(|key| key.usage == usage);
        let known: Vec<_> =
            of_use.filter_map(|key| key.verifying().map(|public| (public, key))).collect();
        let mut by = None;
        let payload = open_with(usage.purpose(), signed, |named| {
            let (public, key) = known.iter().find(|(public, _)| named == key_id(public))?;
            by = Some(*key);
            Some(public)
        })?;
        Ok((payload, by.ok_or(SignatureRefusal::UnknownKey)?))
    }

    /// The keys to seal to at this moment: of each holder, the one that came last.
    pub fn to_seal_to(&self, at_ms: i64) -> Vec<&SealingKey> {
        let newest = |holder| {
            let of_holder = self.sealing.iter().filter(move |key| key.holder == holder);
            of_holder.filter(|key| key.is_in_force(at_ms)).max_by_key(|key| key.not_before_ms)
        };
        [SealingHolder::Operations, SealingHolder::Escrow].into_iter().filter_map(newest).collect()
    }

    /// The key that signs for this use and season at this moment: of several, the one that came
    /// last.
    pub fn newest(&self, usage: KeyUse, season: &str, at_ms: i64) -> Option<&IssuerKey> {
        self.keys
            .iter()
            .filter(|key| key.usage == usage && key.season == season && key.is_in_force(at_ms))
            .max_by_key(|key| key.not_before_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }

    fn issuer(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    fn key(seed: u8, usage: KeyUse, not_before_ms: i64) -> IssuerKey {
        IssuerKey {
            usage,
            public: issuer(seed).verifying_key().to_bytes().into(),
            not_before_ms,
            not_after_ms: 1_000,
            season: "2026-2027".into(),
        }
    }

    fn set(version: u64, keys: Vec<IssuerKey>) -> KeySet {
        KeySet { version, made_at_ms: 42, keys, ..KeySet::default() }
    }

    #[test]
    fn a_set_is_believed_from_the_root_and_from_nobody_else() {
        let set = set(3, vec![key(2, KeyUse::Card, 0)]);
        let pinned = RegionKey::from(&root());
        assert_eq!(KeySet::open(&set.sign(&root()), &pinned), Ok(set.clone()));
        let forged = set.sign(&issuer(2));
        let refused = KeySetRefusal::Signature(SignatureRefusal::UnknownKey);
        assert_eq!(KeySet::open(&forged, &pinned), Err(refused));
    }

    #[test]
    fn every_flipped_bit_of_a_set_is_refused() {
        let signed = set(3, vec![key(2, KeyUse::Card, 0)]).sign(&root());
        for bit in 0..signed.len() * 8 {
            let mut forged = signed.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(KeySet::open(&forged, &(&root()).into()).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn keys_overlap_while_one_takes_over_from_the_other() {
        let set = set(2, vec![key(2, KeyUse::Card, 0), key(3, KeyUse::Card, 500)]);
        for seed in [2, 3] {
            let signed = sign(Purpose::Card, vec![seed], &issuer(seed));
            assert_eq!(set.read(KeyUse::Card, &signed).unwrap().0, [seed]);
        }
        let newest = |at| set.newest(KeyUse::Card, "2026-2027", at).map(IssuerKey::id);
        assert_eq!(newest(400), Some(id_of(&issuer(2))));
        assert_eq!(newest(600), Some(id_of(&issuer(3))));
        assert_eq!(newest(1_001), None);
    }

    #[test]
    fn a_key_that_was_taken_out_of_the_set_is_unknown() {
        let signed = sign(Purpose::Card, vec![1], &issuer(2));
        let without = set(3, vec![key(3, KeyUse::Card, 0)]);
        assert_eq!(without.read(KeyUse::Card, &signed), Err(SignatureRefusal::UnknownKey));
    }

    #[test]
    fn a_key_signs_for_its_own_use_only() {
        let set = set(1, vec![key(2, KeyUse::StatusList, 0)]);
        let signed = sign(Purpose::Card, vec![1], &issuer(2));
        assert_eq!(set.read(KeyUse::Card, &signed), Err(SignatureRefusal::UnknownKey));
        // Nor does naming the wrong use help: the purpose is under the signature.
        assert_eq!(set.read(KeyUse::StatusList, &signed), Err(SignatureRefusal::Tampered));
    }

    #[test]
    fn a_set_of_too_many_keys_or_of_none_that_is_a_key_is_unreadable() {
        let many = set(1, vec![key(2, KeyUse::Card, 0); MOST_KEYS + 1]);
        // No point of the curve has this y.
        let bent = IssuerKey { public: [2; 32].into(), ..key(2, KeyUse::Card, 0) };
        for wrong in [many, set(1, vec![bent])] {
            let opened = KeySet::open(&wrong.sign(&root()), &(&root()).into());
            assert_eq!(opened, Err(KeySetRefusal::Unreadable));
        }
    }
}
