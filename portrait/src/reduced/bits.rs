//! The compressed pixels of a scan as bits.

/// Reads bits from the left. After the last one it hands out zeros and remembers it.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, the first one on the left.
    held: u64,
    /// How many of them are filled in.
    count: u32,
    /// How many of those are not in the file.
    made_up: u32,
}

impl<'a> Bits<'a> {
    /// Of what follows the header of a scan.
    pub(super) fn of(data: &'a [u8]) -> Self {
        Self { data, at: 0, held: 0, count: 0, made_up: 0 }
    }

    /// Makes sure that 32 bits are there: a code and its number have 27 at the most.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.count < 32 {
            self.fill_up();
        }
    }

    #[inline(always)]
    fn fill_up(&mut self) {
        if let Some(chunk) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<8>()) {
            let next = u64::from_be_bytes(*chunk);
            if !has_marker_byte(next) {
                self.held |= next >> self.count;
                self.at += ((63 - self.count) >> 3) as usize;
                self.count |= 56;
                return;
            }
        }
        self.fill_slowly();
    }

    /// A byte FF stands for itself when 00 follows; otherwise the scan, or a part of it, is over.
    #[inline(never)]
    fn fill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match self.data.get(self.at..) {
                Some([0xFF, 0x00, ..]) => {
                    self.at += 2;
                    0xFF
                }
                Some([0xFF, 0xFF, ..]) => {
                    self.at += 1;
                    continue;
                }
                Some([byte, ..]) if *byte != 0xFF => {
                    self.at += 1;
                    *byte
                }
                _ => {
                    self.made_up += 8;
                    0
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next bits without taking them; at most 16, of those that [`Bits::fill`] promised.
    #[inline(always)]
    pub(super) fn peek(&self, bits: u32) -> usize {
        (self.held >> (64 - bits)) as usize
    }

    #[inline(always)]
    pub(super) fn skip(&mut self, bits: u32) {
        self.held <<= bits;
        self.count = self.count.wrapping_sub(bits);
    }

    /// The next bits as a number; at most 16.
    #[inline(always)]
    pub(super) fn take(&mut self, bits: u32) -> i32 {
        // In two steps: a shift by 64 is none.
        let taken = (self.held >> 1) >> (63 - bits);
        self.skip(bits);
        i32::try_from(taken).unwrap_or(0)
    }

    /// One bit, filled when needed.
    #[inline(always)]
    pub(super) fn bit(&mut self) -> bool {
        self.fill();
        self.take(1) == 1
    }

    /// Whether bits were handed out that the file does not have.
    pub(super) fn ran_out(&self) -> bool {
        self.made_up > self.count
    }

    /// Steps over a restart marker, which stands where every decoder begins anew.
    pub(super) fn restart(&mut self) -> Option<()> {
        if self.ran_out() {
            return None;
        }
        let rest = self.data.get(self.at..)?;
        let padding = rest.iter().take_while(|byte| **byte == 0xFF).count();
        let marker = rest.get(padding)?;
        // What is held must have been used up: the marker is the next thing in the file.
        if padding == 0 || !(0xD0..=0xD7).contains(marker) || self.count - self.made_up >= 8 {
            return None;
        }
        *self = Self { data: self.data, at: self.at + padding + 1, held: 0, count: 0, made_up: 0 };
        Some(())
    }
}

/// Whether one of eight bytes is FF.
#[inline(always)]
fn has_marker_byte(bytes: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (!bytes).wrapping_sub(ONES) & bytes & (ONES << 7) != 0
}
