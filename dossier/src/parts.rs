//! What is too long for one code on a screen: as several, shown one after the other and read in any
//! order.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Bytes in one code: about 900 characters, which a camera reads at arm's length.
pub(crate) const PART_BYTES: usize = 590;
/// The most codes of one thing; what needs more goes by the server.
pub const MOST_PARTS: usize = 8;
/// The longest code that is looked at.
const LONGEST_CODE: usize = 1_024;
/// Bytes that name what the parts belong to: the first of its SHA-256.
const NAME_BYTES: usize = 4;

/// It is too long for codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too long for codes")]
pub struct TooLong;

/// The codes do not make up what they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not what the codes name")]
pub struct NotTheWhole;

/// The codes of some bytes; each starts with `prefix`, so that a scanner knows it before reading it.
pub fn codes(prefix: &str, whole: &[u8]) -> Result<Vec<String>, TooLong> {
    let parts = whole.chunks(PART_BYTES);
    let count = u8::try_from(parts.len()).map_err(|_| TooLong)?;
    if parts.len() > MOST_PARTS {
        return Err(TooLong);
    }
    let name = name_of(&Sha256::digest(whole).into());
    let code = |(at, part): (u8, &[u8])| {
        let bytes = [&[at, count], name.as_slice(), part].concat();
        format!("{prefix}{}", base45::encode(&bytes))
    };
    Ok((0..count).zip(parts).map(code).collect())
}

fn name_of(digest: &[u8; 32]) -> [u8; NAME_BYTES] {
    digest.first_chunk().copied().unwrap_or_default()
}

/// One code as it was read. Nothing of it is believed before the whole is there.
pub struct Part {
    at: u8,
    count: u8,
    name: [u8; NAME_BYTES],
    bytes: Vec<u8>,
}

impl Part {
    /// Reads a scanned code; `None` when it is none with this prefix.
    pub fn read(prefix: &str, scanned: &str) -> Option<Self> {
        if scanned.len() > LONGEST_CODE {
            return None;
        }
        let bytes = base45::decode(scanned.trim().strip_prefix(prefix)?).ok()?;
        let ([at, count], rest) = bytes.split_first_chunk()?;
        let (name, part) = rest.split_first_chunk()?;
        let fits = at < count && usize::from(*count) <= MOST_PARTS && part.len() <= PART_BYTES;
        fits.then(|| Self { at: *at, count: *count, name: *name, bytes: part.to_vec() })
    }

    /// Whether it says that it belongs to what has this SHA-256.
    pub fn is_of(&self, digest: &[u8; 32]) -> bool {
        self.name == name_of(digest)
    }
}

/// Takes parts in any order, each as often as it is seen.
#[derive(Default)]
pub struct Collector {
    name: [u8; NAME_BYTES],
    count: u8,
    parts: BTreeMap<u8, Vec<u8>>,
}

unprinted!(Part, Collector);

/// How far a collector has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collected<T> {
    /// So many codes of so many.
    Some {
        /// How many were seen.
        have: usize,
        /// How many there are.
        of: usize,
    },
    /// All of them.
    All(T),
}

impl Collector {
    /// Takes a part. One of something else begins anew.
    pub fn add(&mut self, part: Part) -> Result<Collected<Vec<u8>>, NotTheWhole> {
        let Part { at, count, name, bytes } = part;
        if (self.name, self.count) != (name, count) {
            *self = Self { name, count, parts: BTreeMap::new() };
        }
        self.parts.insert(at, bytes);
        let (have, of) = (self.parts.len(), usize::from(count));
        if have < of {
            return Ok(Collected::Some { have, of });
        }
        let whole = std::mem::take(self).parts.into_values().collect::<Vec<_>>().concat();
        if name_of(&Sha256::digest(&whole).into()) != name {
            return Err(NotTheWhole);
        }
        Ok(Collected::All(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PREFIX: &str = "PRX1:";

    fn taken(collector: &mut Collector, code: &str) -> Result<Collected<Vec<u8>>, NotTheWhole> {
        collector.add(Part::read(PREFIX, code).unwrap())
    }

    #[test]
    fn the_codes_of_two_things_do_not_mix() {
        let (mine, other) = (vec![1; 1_500], vec![2; 1_500]);
        let (codes_of_mine, codes_of_other) =
            (codes(PREFIX, &mine).unwrap(), codes(PREFIX, &other).unwrap());
        let mut collector = Collector::default();
        taken(&mut collector, &codes_of_other[0]).unwrap();
        let (last, first) = codes_of_mine.split_last().unwrap();
        for code in first {
            assert!(matches!(taken(&mut collector, code), Ok(Collected::Some { .. })));
        }
        assert_eq!(taken(&mut collector, last), Ok(Collected::All(mine)));
    }

    #[test]
    fn a_code_of_another_kind_or_length_is_none() {
        let [code] = codes(PREFIX, b"short").unwrap().try_into().unwrap();
        assert!(Part::read("PRY1:", &code).is_none());
        let long = format!("{PREFIX}{}", base45::encode([0; 2_000]));
        assert!(Part::read(PREFIX, &long).is_none());
        let none = [&[1, 1][..], &[0; 4], b"past the last"].concat();
        assert!(Part::read(PREFIX, &format!("{PREFIX}{}", base45::encode(&none))).is_none());
    }

    #[test]
    fn what_is_too_long_is_not_shown_in_part() {
        assert!(codes(PREFIX, &[7; PART_BYTES * MOST_PARTS]).is_ok());
        assert_eq!(codes(PREFIX, &[7; PART_BYTES * MOST_PARTS + 1]), Err(TooLong));
    }

    proptest! {
        #[test]
        fn parts_in_any_order_and_number_make_up_the_whole(
            whole in prop::collection::vec(any::<u8>(), 1..PART_BYTES * MOST_PARTS),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let codes = codes(PREFIX, &whole).unwrap();
            let mut collector = Collector::default();
            let some = order.iter().map(|at| at.get(&codes));
            let mut done = 0;
            for code in some.chain(&codes).chain(&codes) {
                prop_assert!(code.len() <= 900, "{}", code.len());
                if let Ok(Collected::All(made)) = taken(&mut collector, code) {
                    prop_assert_eq!(&made, &whole);
                    done += 1;
                }
            }
            prop_assert!(done > 0);
        }

        #[test]
        fn a_flipped_bit_never_makes_up_anything(
            whole in prop::collection::vec(any::<u8>(), 1..2_000),
            which: prop::sample::Index, at: prop::sample::Index, bit in 0..8_u8,
        ) {
            let mut codes = codes(PREFIX, &whole).unwrap();
            let code = which.get(&codes).clone();
            let mut bytes = base45::decode(code.strip_prefix(PREFIX).unwrap()).unwrap();
            *at.get_mut(&mut bytes) ^= 1 << bit;
            let place = which.index(codes.len());
            codes[place] = format!("{PREFIX}{}", base45::encode(&bytes));
            let mut collector = Collector::default();
            for code in &codes {
                let Some(part) = Part::read(PREFIX, code) else { continue };
                prop_assert!(!matches!(collector.add(part), Ok(Collected::All(_))));
            }
        }
    }
}
