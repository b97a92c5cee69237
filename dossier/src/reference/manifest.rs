//! Which pack the Region published: its version and digest, signed.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use super::Pack;
use crate::signed::{Purpose, RegionKey, SigningKey, open, sign};

/// What the Region signs of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Manifest {
    /// The version that the pack names itself.
    #[n(0)]
    pub version: String,
    /// SHA-256 of its bytes.
    #[n(1)]
    pub sha256: ByteArray<32>,
}

impl Manifest {
    /// The manifest of these bytes.
    pub fn of(version: &str, pack: &[u8]) -> Self {
        Self { version: version.to_owned(), sha256: Pack::digest(pack).into() }
    }

    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Reference, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// The manifest of a pack, if the Region signed it and these are the bytes it names.
    pub fn verify(signed: &[u8], pack: &[u8], pinned: &RegionKey) -> Option<Self> {
        let payload = open(Purpose::Reference, signed, pinned).ok()?;
        let manifest: Self = minicbor::decode(&payload).ok()?;
        (manifest == Self::of(&manifest.version, pack)).then_some(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_pack_that_the_region_signed_is_taken() {
        let region = SigningKey::from_bytes(&[1; 32]);
        let signed = Manifest::of("2026.11.1", b"pack").sign(&region);
        let pinned = RegionKey::from(&region);
        assert_eq!(Manifest::verify(&signed, b"pack", &pinned).unwrap().version, "2026.11.1");
        assert_eq!(Manifest::verify(&signed, b"pock", &pinned), None);
        let other = RegionKey::from(&SigningKey::from_bytes(&[2; 32]));
        assert_eq!(Manifest::verify(&signed, b"pack", &other), None);
    }
}
