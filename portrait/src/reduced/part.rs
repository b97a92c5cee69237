//! What one of several scans says of a block: some of its numbers, or one more bit of them.

use super::bits::Bits;
use super::huffman::{Huffman, TO_THE_END, number};

/// Where in a scan we are.
pub(super) struct Part {
    pub(super) progressive: bool,
    pub(super) first: usize,
    last: usize,
    pub(super) high: u32,
    pub(super) low: u32,
    /// The brightness of the block before, for each component.
    pub(super) before: [i32; 3],
    /// Blocks that hold nothing more, ahead.
    empty: u32,
}

/// The tables for brightness and for detail.
pub(super) type Codes<'a> = (Option<&'a Huffman>, Option<&'a Huffman>);

impl Part {
    pub(super) fn new(progressive: bool, first: usize, last: usize, high: u32, low: u32) -> Self {
        Self { progressive, first, last, high, low, before: [0; 3], empty: 0 }
    }

    /// Begins anew after a restart marker.
    pub(super) fn restart(&mut self) {
        (self.before, self.empty) = ([0; 3], 0);
    }
}

/// One block that is being gathered.
pub(super) struct Block<'a> {
    pub(super) numbers: &'a mut [i16],
    pub(super) seen: &'a mut u64,
    pub(super) slots: &'a [u8; 64],
}

impl Block<'_> {
    #[inline(always)]
    fn kept(&mut self, at: usize) -> Option<&mut i16> {
        self.numbers.get_mut(usize::from(*self.slots.get(at)?))
    }

    #[inline(always)]
    fn set(&mut self, at: usize, value: i32) {
        *self.seen |= 1 << (at & 63);
        if let Some(kept) = self.kept(at) {
            *kept = value as i16;
        }
    }

    /// Adds a finer bit, away from zero.
    #[inline(always)]
    pub(super) fn mend(&mut self, at: usize, bit: i16) {
        if let Some(kept) = self.kept(at) {
            *kept = match *kept {
                below if below < 0 && at > 0 => below.wrapping_sub(bit),
                // Brightness is a number of so many bits, not a size with a sign.
                brightness if at == 0 => brightness | bit,
                above => above.wrapping_add(bit),
            };
        }
    }

    /// A whole block of a sequential picture.
    pub(super) fn plain(&mut self, before: &mut i32, codes: Codes, bits: &mut Bits) -> Option<()> {
        *before = before.wrapping_add(codes.0?.difference(bits)?);
        self.set(0, *before);
        let (detail, mut at) = (codes.1?, 0);
        while at < 63 {
            let (advance, value) = detail.step(bits)?;
            at += advance;
            if at < 64 {
                self.set(at, value);
            } else if at < TO_THE_END {
                return None;
            }
        }
        Some(())
    }

    pub(super) fn brightness(
        &mut self,
        before: &mut i32,
        low: u32,
        codes: &Huffman,
        bits: &mut Bits,
    ) -> Option<()> {
        *before = before.wrapping_add(codes.difference(bits)?);
        self.set(0, *before << low);
        Some(())
    }

    /// The first scan over a range of numbers.
    #[inline(always)]
    pub(super) fn detail(
        &mut self,
        part: &mut Part,
        codes: &Huffman,
        bits: &mut Bits,
    ) -> Option<()> {
        if part.empty > 0 {
            part.empty -= 1;
            return Some(());
        }
        let mut at = part.first;
        while at <= part.last {
            let symbol = codes.symbol(bits)?;
            match (u32::from(symbol >> 4), u32::from(symbol & 15)) {
                (15, 0) => at += 16,
                (run, 0) => {
                    part.empty = empty_run(run, bits);
                    return Some(());
                }
                (run, size) => {
                    at += run as usize;
                    if at > part.last {
                        return None;
                    }
                    let value = number(bits, size) << part.low;
                    self.set(at, value);
                    at += 1;
                }
            }
        }
        Some(())
    }

    /// A later scan: one more bit of each number that is not zero, and those that now are not.
    pub(super) fn finer(
        &mut self,
        part: &mut Part,
        codes: &Huffman,
        bits: &mut Bits,
    ) -> Option<()> {
        let bit = 1_i16 << part.low;
        let mut at = part.first;
        if part.empty > 0 {
            part.empty -= 1;
            self.mend_until(&mut at, part.last, 64, bit, bits);
            return Some(());
        }
        while at <= part.last {
            let symbol = codes.symbol(bits)?;
            let mut found = None;
            let zeros = match (u32::from(symbol >> 4), u32::from(symbol & 15)) {
                (15, 0) => 15,
                (run, 0) => {
                    part.empty = empty_run(run, bits);
                    64
                }
                (run, 1) => {
                    found = Some(if bits.bit() { bit } else { bit.wrapping_neg() });
                    run
                }
                _ => return None,
            };
            self.mend_until(&mut at, part.last, zeros, bit, bits);
            if let Some(value) = found {
                if at > part.last {
                    return None;
                }
                self.set(at, i32::from(value));
            }
            at += 1;
        }
        Some(())
    }

    /// Mends up to the zero that stands behind so many others, or past the last number.
    fn mend_until(&mut self, at: &mut usize, last: usize, zeros: u32, bit: i16, bits: &mut Bits) {
        let mut left = zeros;
        while *at <= last {
            if *self.seen >> *at & 1 == 1 {
                if bits.bit() {
                    self.mend(*at, bit);
                }
            } else {
                if left == 0 {
                    return;
                }
                left -= 1;
            }
            *at += 1;
        }
    }
}

/// How many blocks after this one are empty too.
#[inline(always)]
fn empty_run(size: u32, bits: &mut Bits) -> u32 {
    (1_u32 << size) - 1 + u32::try_from(bits.take(size)).unwrap_or(0)
}
