//! Damages of whole inputs, always the same from the same seed.

/// What makes numbers large, negative or endless where they are read.
const TELLING: [u8; 10] = [0, 1, 0x3f, 0x40, 0x7e, 0x7f, 0x80, 0x81, 0xfe, 0xff];
/// A damaged input is at most this much longer than the longest whole one.
const MOST_GROWTH: usize = 2;
/// Headers stand at the beginning: every second damage goes there.
const HEAD: usize = 96;

/// A sequence of numbers that follows from its seed (splitmix64).
pub struct Chance(u64);

impl Chance {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    /// One of these inputs, damaged in one to four ways.
    pub fn damaged(&mut self, whole: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = self.one_of(whole).to_vec();
        let most = whole.iter().map(Vec::len).max().unwrap_or_default() * MOST_GROWTH;
        for _ in 0..=self.below(4) {
            match self.below(8) {
                0 | 1 => self.flip(&mut bytes),
                2 => self.overwrite(&mut bytes),
                3 => self.lengthen(&mut bytes),
                4 => bytes.truncate(self.below(bytes.len() + 1)),
                5 => self.cut_out(&mut bytes),
                6 => self.repeat(&mut bytes),
                _ => self.splice(&mut bytes, whole),
            }
        }
        bytes.truncate(most);
        bytes
    }

    fn one_of<'a>(&mut self, whole: &'a [Vec<u8>]) -> &'a [u8] {
        whole.get(self.below(whole.len())).map(Vec::as_slice).unwrap_or_default()
    }

    fn place(&mut self, bytes: &[u8]) -> usize {
        let reach = if self.below(2) == 0 { bytes.len().min(HEAD) } else { bytes.len() };
        self.below(reach)
    }

    /// A stretch within these bytes.
    fn stretch(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let from = self.place(bytes);
        from..from + self.below((bytes.len() - from.min(bytes.len())).min(longest) + 1)
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        for _ in 0..=self.below(4) {
            let (at, bit) = (self.place(bytes), self.below(8));
            bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << bit);
        }
    }

    fn overwrite(&mut self, bytes: &mut [u8]) {
        for _ in 0..=self.below(4) {
            let (at, which, any) = (self.place(bytes), self.below(16), self.below(256));
            let value = TELLING.get(which).copied().unwrap_or(any as u8);
            bytes.get_mut(at).into_iter().for_each(|byte| *byte = value);
        }
    }

    /// A number becomes a little larger or smaller, or takes many bytes instead of one.
    fn lengthen(&mut self, bytes: &mut Vec<u8>) {
        let (at, by) = (self.place(bytes), self.below(9) as u8);
        let Some(byte) = bytes.get_mut(at) else { return };
        *byte = byte.wrapping_add(by).wrapping_sub(4);
        if self.below(3) == 0 {
            *byte |= 0x80;
            let more = vec![0xff; self.below(10)];
            bytes.splice(at + 1..at + 1, more);
        }
    }

    fn cut_out(&mut self, bytes: &mut Vec<u8>) {
        let stretch = self.stretch(bytes, 64);
        bytes.drain(stretch);
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>) {
        let stretch = self.stretch(bytes, 256);
        let piece = bytes.get(stretch).unwrap_or_default().repeat(self.below(8));
        let at = self.place(bytes);
        bytes.splice(at..at, piece);
    }

    /// A stretch of another input stands in the place of one of this.
    fn splice(&mut self, bytes: &mut Vec<u8>, whole: &[Vec<u8>]) {
        let other = self.one_of(whole);
        let piece = other.get(self.stretch(other, 512)).unwrap_or_default().to_vec();
        let stretch = self.stretch(bytes, 512);
        bytes.splice(stretch, piece);
    }
}
