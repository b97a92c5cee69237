//! What must be true of bytes from outside before automerge may see them.
//!
//! Measured on automerge 0.12: a 194 kB compressed change inflates to 767 MB, a 1 MB document to
//! 2 GiB, and 7 % of checksum-repaired mutants of a change panic inside the library. So only plain
//! change chunks of a bounded size pass, and what still panics is caught here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::Change;
use sha2::{Digest, Sha256};

use crate::document::Hash;

/// One field is a few hundred bytes; nothing that we write comes near this.
pub const MOST_CHANGE_BYTES: usize = 64 * 1024;
/// Operations in one change: a whole filled form in one change has fewer than fifty.
const MOST_OPERATIONS: usize = 2_000;
/// Changes that one change may follow: more branches than devices that ever wrote a draft.
const MOST_DEPENDENCIES: usize = 64;

/// First bytes of every automerge chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of an uncompressed change; 0 is a document, 2 a compressed change.
const CHANGE: u8 = 1;

/// Why bytes from outside are not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardRefusal {
    /// More bytes than any honest change has.
    #[error("larger than any honest change")]
    TooLarge,
    /// Another chunk type: a document or a compressed change, which may inflate without bound.
    #[error("not a plain change")]
    NotAChange,
    /// The length or the checksum does not fit the bytes.
    #[error("damaged")]
    Damaged,
    /// Automerge cannot read it.
    #[error("malformed")]
    Malformed,
    /// More operations or dependencies than any honest change has.
    #[error("too many operations")]
    TooMany,
    /// It contradicts the history it claims to continue.
    #[error("contradicts its history")]
    Contradictory,
    /// Automerge panicked on it.
    #[error("broke the reader")]
    Panicked,
}

/// A change that passed the guard. Only [`admit`] makes one.
#[derive(Debug, Clone)]
pub struct Admitted(Change);

impl Admitted {
    /// What names the change.
    pub fn hash(&self) -> Hash {
        self.0.hash().0
    }

    /// The changes it follows.
    pub fn deps(&self) -> Vec<Hash> {
        self.0.deps().iter().map(|hash| hash.0).collect()
    }

    /// Who wrote it, and as their how-manieth change.
    pub fn actor(&self) -> (&[u8], u64) {
        (self.0.actor_id().to_bytes(), self.0.seq())
    }

    /// The chunk, as it came.
    pub fn bytes(&self) -> &[u8] {
        self.0.raw_bytes()
    }

    pub(crate) fn into_change(self) -> Change {
        self.0
    }
}

/// Lets a change in, or says why not. Memory stays within a small multiple of the input.
pub fn admit(bytes: &[u8]) -> Result<Admitted, GuardRefusal> {
    if bytes.len() > MOST_CHANGE_BYTES {
        return Err(GuardRefusal::TooLarge);
    }
    check_frame(bytes)?;
    let owned = bytes.to_vec();
    let change = catch_unwind(AssertUnwindSafe(|| Change::from_bytes(owned)))
        .map_err(|_| GuardRefusal::Panicked)?
        .map_err(|_| GuardRefusal::Malformed)?;
    if change.len() > MOST_OPERATIONS || change.deps().len() > MOST_DEPENDENCIES {
        return Err(GuardRefusal::TooMany);
    }
    Ok(Admitted(change))
}

/// Magic bytes, checksum (4), type (1), length (LEB128), then exactly that many bytes.
fn check_frame(bytes: &[u8]) -> Result<(), GuardRefusal> {
    let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(GuardRefusal::Damaged)?;
    let (checksum, checked) = rest.split_first_chunk::<4>().ok_or(GuardRefusal::Damaged)?;
    let (kind, rest) = checked.split_first().ok_or(GuardRefusal::Damaged)?;
    if *magic != MAGIC {
        return Err(GuardRefusal::NotAChange);
    }
    if *kind != CHANGE {
        return Err(GuardRefusal::NotAChange);
    }
    let (length, body) = leb128(rest).ok_or(GuardRefusal::Damaged)?;
    if length != body.len() as u64 || !Sha256::digest(checked).starts_with(checksum) {
        return Err(GuardRefusal::Damaged);
    }
    Ok(())
}

/// An unsigned LEB128 number and what follows it.
fn leb128(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0u64;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Draft;
    use crate::form::Field;
    use automerge::{AutoCommit, ROOT, transaction::Transactable};
    use proptest::prelude::*;

    fn honest() -> Vec<u8> {
        Draft::new(b"phone").set(Field::FamilyName, "Moreau", 0).unwrap().bytes
    }

    /// Two hundred megabytes of zeros in a compressed change of about 194 kB.
    fn bomb() -> AutoCommit {
        let mut bomb = AutoCommit::new();
        bomb.put(ROOT, "family_name", vec![0u8; 200_000_000]).unwrap();
        bomb.commit();
        bomb
    }

    fn repaired(mut bytes: Vec<u8>) -> Vec<u8> {
        let checksum = Sha256::digest(&bytes[8..]);
        bytes[4..8].copy_from_slice(&checksum[..4]);
        bytes
    }

    #[test]
    fn an_honest_change_is_let_in_unaltered() {
        assert_eq!(admit(&honest()).unwrap().bytes(), honest());
    }

    #[test]
    fn the_compressed_change_that_inflates_to_200_megabytes_is_refused() {
        let mut bomb = bomb();
        let compressed = bomb.get_last_local_change().unwrap().bytes().into_owned();
        assert!(compressed.len() < 250_000, "{}", compressed.len());
        assert_eq!(admit(&compressed).err(), Some(GuardRefusal::TooLarge));
        let start = compressed[..1_000].to_vec();
        assert_eq!(admit(&start).err(), Some(GuardRefusal::NotAChange));
    }

    #[test]
    fn a_document_that_inflates_is_refused_whatever_its_size() {
        let mut small = AutoCommit::new();
        small.put(ROOT, "family_name", vec![0u8; 1_000_000]).unwrap();
        let document = small.save();
        assert!(document.len() < MOST_CHANGE_BYTES, "{}", document.len());
        assert_eq!(admit(&document).err(), Some(GuardRefusal::NotAChange));
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut damaged = honest();
        let last = damaged.len() - 1;
        damaged[last] ^= 1;
        assert_eq!(admit(&damaged).err(), Some(GuardRefusal::Damaged));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// The mutants that make automerge itself panic: wrong inside, right checksum.
        #[test]
        fn no_mutant_with_a_repaired_checksum_escapes_as_a_panic(
            at in 10usize..200, value: u8, cut in 0usize..40,
        ) {
            let mut mutant = honest();
            let at = at % mutant.len();
            if at >= 10 {
                mutant[at] = value;
            }
            if cut < 4 && mutant.len() > 20 {
                mutant.truncate(mutant.len() - cut);
            }
            if let Ok(admitted) = admit(&repaired(mutant)) {
                let _ = Draft::from_changes(b"phone", [admitted]).map(|draft| draft.answers());
            }
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes: Vec<u8>) {
            let _ = admit(&bytes);
        }
    }
}
