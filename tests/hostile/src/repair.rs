//! Wrong inside, right checksum: what gets a damaged change past the first question of the guard.

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const COMPRESSED: u8 = 2;
/// Magic bytes and checksum stand before what the checksum is taken of.
const HASHED: usize = 8;
const MOST_INFLATED: usize = 1024 * 1024;

/// The same bytes with the checksum of every chunk in them made right, and the length too of one
/// that begins them.
pub fn repaired(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = if bytes.starts_with(&MAGIC) { framed(bytes) } else { bytes.to_vec() };
    let chunks: Vec<usize> = (0..bytes.len()).filter(|at| begins_at(&bytes, *at)).collect();
    for at in chunks {
        if let Some(checksum) = bytes.get(at..).and_then(checksum)
            && let Some(place) = bytes.get_mut(at + MAGIC.len()..at + HASHED)
        {
            place.copy_from_slice(&checksum);
        }
    }
    bytes
}

fn begins_at(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(&MAGIC))
}

/// A chunk whose length is that of what follows it.
fn framed(chunk: &[u8]) -> Vec<u8> {
    let Some((kind, rest)) = chunk.get(HASHED..).and_then(<[u8]>::split_first) else {
        return chunk.to_vec();
    };
    let (_, contents) = number(rest).unwrap_or((0, rest));
    let mut framed = chunk.get(..HASHED).unwrap_or_default().to_vec();
    framed.push(*kind);
    push_number(&mut framed, contents.len());
    framed.extend_from_slice(contents);
    framed
}

/// The checksum of the chunk that begins these bytes; that of a compressed one is the plain one's.
fn checksum(bytes: &[u8]) -> Option<[u8; 4]> {
    let hashed = bytes.get(HASHED..)?;
    let (kind, rest) = hashed.split_first()?;
    let (length, contents) = number(rest)?;
    let contents = contents.get(..length)?;
    let mut digest = Sha256::new();
    if *kind == COMPRESSED {
        let plain = decompress_to_vec_with_limit(contents, MOST_INFLATED).ok()?;
        let mut head = vec![CHANGE];
        push_number(&mut head, plain.len());
        digest.update(&head);
        digest.update(&plain);
    } else {
        digest.update(hashed.get(..1 + rest.len() - number(rest)?.1.len() + length)?);
    }
    digest.finalize().first_chunk::<4>().copied()
}

/// An unsigned LEB128 number, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(4) {
        number |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(at + 1..)?));
        }
    }
    None
}

fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::document::Draft;
    use dossier::document::guard::{GuardRefusal, admit};
    use dossier::form::Field;

    #[test]
    fn a_damaged_change_is_let_in_again_and_an_honest_one_stays_as_it_was() {
        let honest = Draft::new(b"phone").set(Field::FamilyName, "Moreau", 0).unwrap().bytes;
        assert_eq!(repaired(&honest), honest);
        let mut damaged = honest.clone();
        let at = damaged.windows(6).position(|word| word == b"Moreau").unwrap();
        damaged[at] = b'L';
        assert_eq!(admit(&damaged).err(), Some(GuardRefusal::Damaged));
        assert!(admit(&repaired(&damaged)).is_ok());
        let message = [b"before".as_slice(), &damaged, b"after"].concat();
        assert_eq!(repaired(&message)[6..6 + damaged.len()], repaired(&damaged));
    }
}
