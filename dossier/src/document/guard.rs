//! What must be true of bytes from outside before automerge may see them.
//!
//! Measured on automerge 0.12: a 194 kB compressed change inflates to 767 MB, a 1 MB document to
//! 2 GiB, and 7 % of checksum-repaired mutants of a change panic inside the library. So documents
//! are refused, compressed changes are inflated here within a bound, every count of a change is
//! checked before automerge reads it, and what still panics is caught.

mod chunk;
pub(super) mod message;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::Change;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use sha2::{Digest, Sha256};

use crate::document::Hash;
use chunk::{CHANGE, COMPRESSED, Frame, Head, MAGIC};

/// One field is a few hundred bytes; nothing that we write comes near this.
pub const MOST_CHANGE_BYTES: usize = 64 * 1024;
/// All changes of a message once they are inflated: as much as the largest message unpacked.
const MOST_TOGETHER_BYTES: usize = 2 * 1024 * 1024;

/// Why bytes from outside are not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardRefusal {
    /// More bytes than any honest change has, as they came or once inflated.
    #[error("larger than any honest change")]
    TooLarge,
    /// Another kind of chunk: a document, for instance, which may inflate without bound.
    #[error("not a change")]
    NotAChange,
    /// The length or the checksum does not fit the bytes.
    #[error("damaged")]
    Damaged,
    /// Its parts do not add up, or automerge cannot read it.
    #[error("malformed")]
    Malformed,
    /// More operations, dependencies or repeated text than any honest change has.
    #[error("too many operations")]
    TooMany,
    /// It contradicts the history it claims to continue.
    #[error("contradicts its history")]
    Contradictory,
    /// The document that it makes is not one of ours.
    #[error("not the document of a draft")]
    Shape,
    /// Automerge panicked on it.
    #[error("broke the reader")]
    Panicked,
}

/// A change that passed the guard. Only [`admit`] makes one.
///
/// Automerge has not read it yet: a server that only stores changes never needs to.
#[derive(Debug, Clone)]
pub struct Admitted {
    bytes: Vec<u8>,
    hash: Hash,
    head: Head,
}

impl Admitted {
    /// What names the change.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The changes it follows.
    pub fn deps(&self) -> &[Hash] {
        &self.head.deps
    }

    /// Who wrote it, and as their how-manieth change.
    pub fn actor(&self) -> (&[u8], u64) {
        (&self.head.actor, self.head.seq)
    }

    /// How many operations it has.
    pub fn operations(&self) -> u64 {
        self.head.operations
    }

    /// The uncompressed chunk.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Lets automerge read it.
    pub(crate) fn read(self) -> Result<Change, GuardRefusal> {
        catch_unwind(AssertUnwindSafe(|| Change::from_bytes(self.bytes)))
            .map_err(|_| GuardRefusal::Panicked)?
            .map_err(|_| GuardRefusal::Malformed)
    }
}

/// Lets a change in, or says why not. Memory stays within a small multiple of the input.
pub fn admit(bytes: &[u8]) -> Result<Admitted, GuardRefusal> {
    if bytes.len() > MOST_CHANGE_BYTES {
        return Err(GuardRefusal::TooLarge);
    }
    let frame = Frame::read(bytes)?;
    match frame.kind {
        CHANGE => {
            let (hash, head) = checked(&frame)?;
            Ok(Admitted { bytes: bytes.to_vec(), hash, head })
        }
        COMPRESSED => {
            let bytes = inflated(&frame)?;
            let (hash, head) = checked(&Frame::read(&bytes)?)?;
            Ok(Admitted { bytes, hash, head })
        }
        _ => Err(GuardRefusal::NotAChange),
    }
}

/// What the changes of one message may still come to. Each may be small and inflate a thousandfold;
/// two thousand of them would fill a server's memory.
#[derive(Debug)]
pub struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Self {
        Self(MOST_TOGETHER_BYTES)
    }
}

impl Allowance {
    /// Lets one more change of the message in, or says why not.
    pub fn admit(&mut self, bytes: &[u8]) -> Result<Admitted, GuardRefusal> {
        // Once it is used up nothing more is inflated either.
        if self.0 == 0 {
            return Err(GuardRefusal::TooLarge);
        }
        let admitted = admit(bytes)?;
        let left = self.0.checked_sub(admitted.bytes.len());
        self.0 = left.unwrap_or(0);
        left.map(|_| admitted).ok_or(GuardRefusal::TooLarge)
    }
}

/// The hash of a plain change whose checksum is right, and what it says of itself.
fn checked(frame: &Frame<'_>) -> Result<(Hash, Head), GuardRefusal> {
    let hash: Hash = Sha256::digest(frame.hashed).into();
    if !hash.starts_with(&frame.checksum) {
        return Err(GuardRefusal::Damaged);
    }
    Ok((hash, Head::read(frame.contents)?))
}

/// The plain chunk of a compressed one. Its checksum is already that of the plain chunk.
fn inflated(frame: &Frame<'_>) -> Result<Vec<u8>, GuardRefusal> {
    // Room for magic bytes, checksum, type and length in front of the contents.
    const FRAME_BYTES: usize = 16;
    let contents = decompress_to_vec_with_limit(frame.contents, MOST_CHANGE_BYTES - FRAME_BYTES)
        .map_err(|failure| match failure.status {
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput => GuardRefusal::TooLarge,
            _ => GuardRefusal::Damaged,
        })?;
    let mut plain = Vec::with_capacity(contents.len() + FRAME_BYTES);
    plain.extend_from_slice(&MAGIC);
    plain.extend_from_slice(&frame.checksum);
    plain.push(CHANGE);
    let mut length = contents.len();
    while length >= 0x80 {
        plain.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    plain.push(length as u8);
    plain.extend_from_slice(&contents);
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Draft;
    use crate::form::Field;
    use automerge::{AutoCommit, ObjType, ROOT, ScalarValue, transaction::Transactable};
    use proptest::prelude::*;

    fn honest() -> Vec<u8> {
        Draft::new(b"phone").set(Field::FamilyName, "Moreau", 0).unwrap().bytes
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
    fn more_bytes_than_any_honest_change_has_are_not_even_read() {
        assert_eq!(admit(&vec![0x85; MOST_CHANGE_BYTES + 1]).err(), Some(GuardRefusal::TooLarge));
    }

    #[test]
    fn a_compressed_change_that_inflates_without_bound_is_refused() {
        let mut small = AutoCommit::new();
        small.put(ROOT, "family_name", vec![0u8; 10_000_000]).unwrap();
        small.commit();
        let compressed = small.get_last_local_change().unwrap().bytes().into_owned();
        assert!(compressed.len() < MOST_CHANGE_BYTES, "{}", compressed.len());
        assert_eq!(admit(&compressed).err(), Some(GuardRefusal::TooLarge));
    }

    #[test]
    fn small_changes_that_inflate_together_without_bound_are_let_in_up_to_one() {
        let mut zeros = AutoCommit::new();
        for field in 0..30 {
            zeros.put(ROOT, field.to_string(), "0".repeat(2_000)).unwrap();
        }
        zeros.commit();
        let compressed = zeros.get_last_local_change().unwrap().bytes().into_owned();
        assert!(compressed.len() < 500, "{}", compressed.len());
        let mut allowance = Allowance::default();
        let verdicts: Vec<_> = (0..2_000).map(|_| allowance.admit(&compressed).err()).collect();
        let let_in = verdicts.iter().filter(|refusal| refusal.is_none()).count();
        assert!((30..40).contains(&let_in), "{let_in}");
        assert_eq!(verdicts.last(), Some(&Some(GuardRefusal::TooLarge)));
    }

    #[test]
    fn what_no_draft_has_is_refused_before_automerge_reads_it() {
        let refusal = |write: &dyn Fn(&mut AutoCommit)| {
            let mut foreign = AutoCommit::new();
            write(&mut foreign);
            foreign.commit();
            admit(foreign.get_last_local_change().unwrap().raw_bytes()).err()
        };
        for made in [ObjType::Map, ObjType::List, ObjType::Table] {
            let made = refusal(&|it| drop(it.put_object(ROOT, "family_name", made)));
            assert_eq!(made, Some(GuardRefusal::Shape));
        }
        let put =
            |value: ScalarValue| refusal(&|it| it.put(ROOT, "family_name", value.clone()).unwrap());
        assert_eq!(put(ScalarValue::Bytes(vec![1])), Some(GuardRefusal::Shape));
        assert_eq!(put("é".repeat(2_000).into()), Some(GuardRefusal::Shape));
        for value in ["🙂".repeat(500).into(), ScalarValue::Int(1), ScalarValue::Null] {
            assert_eq!(put(value), None);
        }
        let text = |it: &mut AutoCommit| {
            let id = it.put_object(ROOT, "family_name", ObjType::Text).unwrap();
            it.splice_text(&id, 0, 0, "Moreau").unwrap();
        };
        assert_eq!(refusal(&text), None, "a plain string of JavaScript");
    }

    #[test]
    fn a_compressed_change_is_let_in_as_the_plain_one_that_it_is() {
        let mut long = AutoCommit::new();
        long.put(ROOT, "photo_note", "neige ".repeat(80)).unwrap();
        long.commit();
        let mut change = long.get_last_local_change().unwrap();
        let compressed = change.bytes().into_owned();
        assert!(compressed.len() < change.raw_bytes().len(), "it is compressed");
        let admitted = admit(&compressed).unwrap();
        assert_eq!(admitted.bytes(), change.raw_bytes());
        assert_eq!(admitted.hash(), change.hash().0);
    }

    #[test]
    fn what_the_guard_reads_is_what_automerge_reads() {
        let mut draft = Draft::new(b"phone");
        let first = draft.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let second = draft.set(Field::GivenName, "Lina", 2_000).unwrap();
        for (seq, change) in (1..).zip([first, second]) {
            let admitted = admit(&change.bytes).unwrap();
            let read = admitted.clone().read().unwrap();
            assert_eq!(admitted.hash(), read.hash().0);
            assert_eq!(admitted.actor(), (b"phone".as_slice(), seq));
            assert_eq!(admitted.operations(), read.len() as u64);
            let deps: Vec<Hash> = read.deps().iter().map(|hash| hash.0).collect();
            assert_eq!(admitted.deps(), deps);
        }
    }

    /// A change of a few bytes that claims a trillion operations: automerge would count them.
    #[test]
    fn a_run_that_claims_a_trillion_operations_is_refused() {
        let claims = claims_operations(1 << 40);
        assert_eq!(admit(&claims).err(), Some(GuardRefusal::TooMany));
        assert!(admit(&claims_operations(3)).is_ok(), "the same with an honest count is let in");
    }

    /// A change whose only column, the actions, is one run of so many.
    fn claims_operations(count: u64) -> Vec<u8> {
        let mut run = Vec::new();
        let mut left = count;
        // A signed LEB128 number that is positive keeps its sixth bit clear.
        while left >= 0x40 {
            run.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        run.push(left as u8);
        run.push(1);
        // No dependencies, actor « a », seq 1, op 1, time 0, no message, no actors, one column.
        let mut contents = vec![0, 1, b'a', 1, 1, 0, 0, 0, 1, 0x42, run.len() as u8];
        contents.extend_from_slice(&run);
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&[CHANGE, contents.len() as u8]);
        bytes.extend_from_slice(&contents);
        repaired(bytes)
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
