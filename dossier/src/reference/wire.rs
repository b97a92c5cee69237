//! A pack as bytes: what the server serves, signs and phones keep.

use super::{Pack, PackRefusal};
use minicbor::{CborLen, Decode, Encode};
use sha2::{Digest, Sha256};

/// Ours weighs 0.2 MB; a national one would weigh about 5.
const MOST_BYTES: usize = 8_000_000;

/// The published texts as they are, so that a pack can be read by eye and signed as one.
#[derive(Encode, Decode, CborLen)]
struct Wire<'a> {
    #[b(0)]
    version: &'a str,
    #[b(1)]
    schools: &'a str,
    #[b(2)]
    tracks: &'a str,
    #[b(3)]
    communes: &'a str,
    #[b(4)]
    charter: &'a str,
}

impl Pack {
    /// The pack of these texts. Nothing is checked here: [`Pack::read`] does it for everyone.
    pub fn encode(
        version: &str,
        schools_csv: &str,
        tracks_csv: &str,
        communes_csv: &str,
        charter_md: &str,
    ) -> Vec<u8> {
        let wire = Wire {
            version,
            schools: schools_csv,
            tracks: tracks_csv,
            communes: communes_csv,
            charter: charter_md,
        };
        // Writing text into a vector cannot fail; empty bytes would be refused by `read`.
        minicbor::to_vec(wire).unwrap_or_default()
    }

    /// Reads a pack. Nothing in it is larger than the bytes themselves: it is never compressed.
    pub fn read(bytes: &[u8]) -> Result<Self, PackRefusal> {
        if bytes.len() > MOST_BYTES {
            let most_bytes = u32::try_from(MOST_BYTES).unwrap_or(u32::MAX);
            return Err(PackRefusal::TooHeavy { most_bytes });
        }
        let wire: Wire = minicbor::decode(bytes).map_err(|_| PackRefusal::NotAPack)?;
        if wire.version.is_empty() || wire.version.len() > 40 {
            return Err(PackRefusal::NotAPack);
        }
        Self::from_texts(wire.version, wire.schools, wire.tracks, wire.communes, wire.charter)
    }

    /// SHA-256 of a pack's bytes: what the Region signs and a phone compares.
    pub fn digest(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }
}
