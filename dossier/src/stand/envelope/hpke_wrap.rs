//! A key wrapped by HPKE for one holder. The only file that knows which suite that is.

use std::convert::Infallible;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::signed::keys::SealingKey;

/// What a wrap is for, so that no other use of the same key opens it.
const INFO: &[u8] = b"passregion-envelope-v1";

/// Random bytes out of 32 that the caller drew.
pub(super) struct Drawn(ChaCha20Rng);

impl From<[u8; 32]> for Drawn {
    fn from(entropy: [u8; 32]) -> Self {
        Self(ChaCha20Rng::from_seed(entropy))
    }
}

impl Drawn {
    pub(super) fn array(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

/// The secret half of a sealing key.
#[derive(Clone)]
pub struct SealingSecret(<X25519HkdfSha256 as Kem>::PrivateKey);

impl SealingSecret {
    /// The key of these 256 random bits; `None`: they are none.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Deserializable::from_bytes(bytes).ok().map(Self)
    }

    /// Its public half.
    pub fn public(&self) -> [u8; 32] {
        X25519HkdfSha256::sk_to_pk(&self.0).to_bytes().into()
    }
}

/// The key of an envelope, for one holder.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Wrapped {
    #[n(1)]
    to: ByteArray<8>,
    #[n(2)]
    encapped: ByteArray<32>,
    #[n(3)]
    key: ByteVec,
}

impl Wrapped {
    /// Wraps a key for a holder; `None`: the holder's key is none.
    pub(super) fn of(
        key: &[u8; 32],
        to: &SealingKey,
        place: &[u8],
        drawn: &mut Drawn,
    ) -> Option<Self> {
        let public = Deserializable::from_bytes(to.public.as_slice()).ok()?;
        let name = to.name();
        let (encapped, wrapped) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &public,
                INFO,
                key,
                &[place, &name].concat(),
                drawn,
            )
            .ok()?;
        let encapped: [u8; 32] = encapped.to_bytes().into();
        Some(Self { to: name.into(), encapped: encapped.into(), key: wrapped.into() })
    }

    /// Whether the holder of this key can open it.
    pub(super) fn is_for(&self, secret: &SealingSecret) -> bool {
        Sha256::digest(secret.public()).first_chunk() == Some(&*self.to)
    }

    /// The key; `None`: it was wrapped for something else.
    pub(super) fn open(&self, secret: &SealingSecret, place: &[u8]) -> Option<[u8; 32]> {
        let encapped = Deserializable::from_bytes(self.encapped.as_slice()).ok()?;
        let place = [place, self.to.as_slice()].concat();
        let key = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &secret.0,
            &encapped,
            INFO,
            &self.key,
            &place,
        );
        key.ok()?.try_into().ok()
    }
}
