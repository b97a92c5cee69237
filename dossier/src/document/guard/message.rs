//! What must be true of a message of automerge's own sync protocol before automerge reads it.
//!
//! A few bytes of it may claim a filter of four billion probes, which automerge would make room
//! for; its changes pass the guard one by one.

use crate::document::guard::chunk::Reader;
use crate::document::guard::{Admitted, Allowance, GuardRefusal};

/// Changes one by one. The other kind, a whole document, may inflate without bound: nobody who
/// was not told that we take it sends it.
const CHANGE_BY_CHANGE: u8 = 0x42;
/// Branches of a draft.
const MOST_HEADS: u64 = 64;
/// Changes that are asked for by name.
const MOST_NEEDED: u64 = 64;
/// Summaries of what the sender has; automerge sends one.
const MOST_SUMMARIES: u64 = 4;
/// Ten bits for each change of the longest draft take 2.5 kB.
const MOST_FILTER_BYTES: usize = 4 * 1024;
/// Automerge uses seven.
const MOST_PROBES: u64 = 32;
const MOST_CHANGES: u64 = 2_000;

const HASH_BYTES: usize = 32;

/// The changes of a message whose every count fits its bytes; automerge may read the message then.
pub(in crate::document) fn changes(bytes: &[u8]) -> Result<Vec<Admitted>, GuardRefusal> {
    let mut reader = Reader(bytes);
    if reader.byte()? != CHANGE_BY_CHANGE {
        return Err(GuardRefusal::NotAChange);
    }
    hashes(&mut reader, MOST_HEADS)?;
    hashes(&mut reader, MOST_NEEDED)?;
    for _ in 0..reader.count(MOST_SUMMARIES)? {
        hashes(&mut reader, MOST_HEADS)?;
        check_filter(reader.prefixed(MOST_FILTER_BYTES)?)?;
    }
    let count = reader.count(MOST_CHANGES)?;
    let mut allowance = Allowance::default();
    (0..count).map(|_| allowance.admit(reader.prefixed(usize::MAX)?)).collect()
}

fn hashes(reader: &mut Reader<'_>, most: u64) -> Result<(), GuardRefusal> {
    let mut last: &[u8] = &[];
    for _ in 0..reader.count(most)? {
        let hash = reader.take(HASH_BYTES)?;
        if hash <= last {
            return Err(GuardRefusal::Malformed);
        }
        last = hash;
    }
    Ok(())
}

/// A Bloom filter: how many entries, bits for each, probes for each, and then the bits.
fn check_filter(filter: &[u8]) -> Result<(), GuardRefusal> {
    if filter.is_empty() {
        return Ok(());
    }
    let mut reader = Reader(filter);
    let entries = reader.count(MOST_FILTER_BYTES as u64 * 8)?;
    let bits = reader.count(MOST_FILTER_BYTES as u64 * 8)?;
    let probes = reader.unsigned()?;
    // With no bits at all, automerge divides by their number.
    if entries == 0 || bits == 0 || !(1..=MOST_PROBES).contains(&probes) {
        return Err(GuardRefusal::Malformed);
    }
    if (entries * bits).div_ceil(8) != reader.0.len() as u64 {
        return Err(GuardRefusal::Malformed);
    }
    Ok(())
}
