//! A Huffman table of a JPEG, made ready for reading ten bits at once.

use super::bits::Bits;

/// Most codes with their numbers are no longer; four tables of it stay in the first cache.
const AHEAD: u32 = 10;
const QUICK: usize = 1 << AHEAD;

/// An end of block, as a step: further than any block reaches.
pub(super) const TO_THE_END: usize = 128;

/// One decoded step in a block: how far, and the number that stands there.
#[derive(Clone, Copy, Default)]
struct Step {
    value: i16,
    advance: u8,
    /// Of code and number; 0 when ten bits do not hold both.
    bits: u8,
}

/// A table of codes.
pub(super) struct Huffman {
    steps: Box<[Step; QUICK]>,
    /// Symbol and length of the codes that ten bits hold; length 0 otherwise.
    short: Box<[(u8, u8); QUICK]>,
    /// One more than the last code of each length, on the left of 16 bits.
    limits: [u32; 17],
    /// What to add to a code of this length to get its symbol's place.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// From the 16 counts and the symbols as they stand in the file, and what follows them.
    pub(super) fn read(body: &[u8]) -> Option<(Self, &[u8])> {
        let (counts, rest) = body.split_first_chunk::<16>()?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (symbols, rest) = rest.split_at_checked(total)?;
        let mut table = Self {
            steps: Box::new([Step::default(); QUICK]),
            short: Box::new([(0, 0); QUICK]),
            limits: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        table.spread(counts)?;
        table.look_ahead();
        Some((table, rest))
    }

    fn spread(&mut self, counts: &[u8; 16]) -> Option<()> {
        let (mut code, mut place) = (0_u32, 0_usize);
        let ends = self.limits.iter_mut().zip(&mut self.offsets).skip(1);
        for ((length, count), (limit, offset)) in (1_u32..).zip(counts).zip(ends) {
            *offset = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..*count {
                let symbol = *self.symbols.get(place)?;
                if let Some(free) = AHEAD.checked_sub(length) {
                    let first = (code << free) as usize;
                    let same = self.short.get_mut(first..first + (1 << free))?;
                    same.fill((symbol, u8::try_from(length).ok()?));
                }
                (code, place) = (code + 1, place + 1);
            }
            // More codes than this length can have.
            if code > 1 << length {
                return None;
            }
            *limit = code << (16 - length);
            code <<= 1;
        }
        Some(())
    }

    fn look_ahead(&mut self) {
        for (ahead, (step, (symbol, length))) in
            (0_u32..).zip(self.steps.iter_mut().zip(self.short.iter()))
        {
            let (run, size) = (symbol >> 4, u32::from(symbol & 15));
            let bits = u32::from(*length) + size;
            if *length == 0 || bits > AHEAD {
                continue;
            }
            let advance = match (run, size) {
                (0, 0) => TO_THE_END as u8,
                (15, 0) => 16,
                // Means something in progressive files only.
                (_, 0) => continue,
                _ => run + 1,
            };
            let number = (ahead >> (AHEAD - bits)) & ((1 << size) - 1);
            let value = extended(i32::try_from(number).unwrap_or(0), size);
            let value = i16::try_from(value).unwrap_or(0);
            *step = Step { value, advance, bits: u8::try_from(bits).unwrap_or(0) };
        }
    }

    /// The next symbol. Leaves at least 16 bits for its number.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits) -> Option<u8> {
        bits.fill();
        let (symbol, length) = self.short.get(bits.peek(AHEAD) & (QUICK - 1))?;
        if *length > 0 {
            bits.skip(u32::from(*length));
            return Some(*symbol);
        }
        self.long_symbol(bits)
    }

    #[inline(never)]
    fn long_symbol(&self, bits: &mut Bits) -> Option<u8> {
        let ahead = u32::try_from(bits.peek(16)).ok()?;
        let found = (0_u32..).zip(self.limits).skip(1).find(|(_, limit)| ahead < *limit);
        let (length, _) = found?;
        let code = i32::try_from(ahead >> (16 - length)).ok()?;
        bits.skip(length);
        let offset = self.offsets.get(length as usize)?;
        self.symbols.get(usize::try_from(code + offset).ok()?).copied()
    }

    /// The next step in a block of a sequential scan: how far, and the number there.
    #[inline(always)]
    pub(super) fn step(&self, bits: &mut Bits) -> Option<(usize, i32)> {
        bits.fill();
        let step = self.steps.get(bits.peek(AHEAD) & (QUICK - 1))?;
        if step.bits > 0 {
            bits.skip(u32::from(step.bits));
            return Some((usize::from(step.advance), i32::from(step.value)));
        }
        self.long_step(bits)
    }

    #[inline(never)]
    fn long_step(&self, bits: &mut Bits) -> Option<(usize, i32)> {
        let symbol = self.symbol(bits)?;
        match (symbol >> 4, u32::from(symbol & 15)) {
            (0, 0) => Some((TO_THE_END, 0)),
            (15, 0) => Some((16, 0)),
            (_, 0) => None,
            (run, size) => Some((usize::from(run) + 1, number(bits, size))),
        }
    }

    /// The difference to the brightness of the block before.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits) -> Option<i32> {
        let size = u32::from(self.symbol(bits)?);
        (size <= 11).then(|| number(bits, size))
    }
}

/// A signed number of so many bits.
#[inline(always)]
pub(super) fn number(bits: &mut Bits, size: u32) -> i32 {
    extended(bits.take(size), size)
}

/// The lower half of the numbers of a size are negative.
#[inline(always)]
fn extended(number: i32, size: u32) -> i32 {
    if size > 0 && number < 1 << (size - 1) { number + 1 - (1 << size) } else { number }
}
