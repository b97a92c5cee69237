//! How much a typed word is like a word of a list: whole, begun, or with a slip of the finger.

use super::words::LONGEST;

/// Letters, digits, and 27 buckets that all other signs share: enough to compare, and one bit each.
const SIGNS: usize = 64;

/// A listed word, ready to be compared many times.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    signs: [u8; LONGEST],
    length: usize,
    letters: u64,
    is_code: bool,
}

impl Shape {
    pub(super) fn of(word: &str) -> Self {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_code = digits > 1 || digits == word.len();
        let mut shape = Self { signs: [0; LONGEST], length: 0, letters: 0, is_code };
        for (letter, slot) in word.chars().zip(shape.signs.iter_mut()) {
            *slot = sign(letter);
            shape.length += 1;
            shape.letters |= 1 << *slot;
        }
        shape
    }

    fn signs(&self) -> &[u8] {
        self.signs.get(..self.length).unwrap_or_default()
    }
}

fn sign(letter: char) -> u8 {
    match letter {
        'a'..='z' => letter as u8 - b'a',
        '0'..='9' => letter as u8 - b'0' + 26,
        _ => u8::try_from(36 + u32::from(letter) % 27).unwrap_or(63),
    }
}

/// A typed word, ready to be compared with every listed word.
#[derive(Debug)]
pub(super) struct Typed {
    shape: Shape,
    /// For each sign, one bit for each place of the word where it stands.
    at: [u32; SIGNS],
}

impl Typed {
    pub(super) fn of(word: &str) -> Self {
        let shape = Shape::of(word);
        let mut at = [0; SIGNS];
        for (place, sign) in shape.signs().iter().enumerate() {
            if let Some(places) = at.get_mut(usize::from(*sign)) {
                *places |= 1 << place;
            }
        }
        Self { shape, at }
    }

    /// From 0 (another word) to 1 (the same word). The steps were measured on the schools of the
    /// region: a begun word beats a slip, a slip beats a begun word with a slip.
    pub(super) fn likeness(&self, listed: &Shape) -> f32 {
        let length = self.shape.length;
        let most = match length {
            0..3 => 0,
            // A word of three letters is taken as typed, but it may lack one.
            3 => u32::from(listed.length == 4),
            4..8 => 1,
            _ => 2,
        };
        if self.lacks_more_than(most, listed) {
            return 0.0;
        }
        if listed.signs().starts_with(self.shape.signs()) {
            return match listed.length {
                whole if whole == length => 1.0,
                // A number of one digit is a number, not the beginning of a postal code.
                _ if self.shape.is_code && length < 2 => 0.0,
                whole => 0.85 + 0.07 * share(length, whole),
            };
        }
        // A code is right or wrong: 63000 is not nearly 69000.
        if most == 0 || self.shape.is_code || listed.is_code {
            return 0.0;
        }
        match self.slips(listed) {
            (1, _) if length > 3 => 0.72,
            (1, _) => 0.45,
            (2, _) if most == 2 => 0.5,
            (_, 1) if length > 4 => 0.55,
            (_, 1) if length > 3 => 0.45,
            _ => 0.0,
        }
    }

    /// The same for a word that is like none: one more slip is forgiven.
    pub(super) fn loose_likeness(&self, listed: &Shape) -> f32 {
        let length = self.shape.length;
        let (whole, begun) = match length {
            0..3 => return 0.0,
            3 => (1, 0),
            4 => (1, 1),
            5..8 => (2, 1),
            _ => (3, 2),
        };
        if self.shape.is_code || listed.is_code || self.lacks_more_than(whole, listed) {
            return 0.0;
        }
        let (to_whole, to_beginning) = self.slips(listed);
        if to_whole <= whole || to_beginning <= begun { 0.35 } else { 0.0 }
    }

    /// Each slip brings at most one letter that the listed word lacks, or makes it one longer.
    fn lacks_more_than(&self, slips: u32, listed: &Shape) -> bool {
        (self.shape.letters & !listed.letters).count_ones() > slips
            || self.shape.length > listed.length + slips as usize
    }

    /// Insertions, deletions, replacements and neighbours swapped (optimal string alignment)
    /// between this word and the whole of `listed`, and between it and the best beginning of
    /// `listed`. Hyyrö's bit vectors: one step per listed letter, all places at once.
    fn slips(&self, listed: &Shape) -> (u32, u32) {
        let Some(last) = self.shape.length.checked_sub(1) else { return (0, 0) };
        let (mut more, mut fewer) = (u32::MAX, 0_u32);
        let (mut diagonal, mut same_before) = (0_u32, 0_u32);
        let mut slips = last as u32 + 1;
        let mut best = slips;
        for sign in listed.signs() {
            let same = self.at.get(usize::from(*sign)).copied().unwrap_or(0);
            let swapped = ((!diagonal & same) << 1) & same_before;
            diagonal = ((same & more).wrapping_add(more) ^ more) | same | fewer | swapped;
            let right_more = fewer | !(diagonal | more);
            let right_fewer = diagonal & more;
            slips = slips + ((right_more >> last) & 1) - ((right_fewer >> last) & 1);
            let right_more = (right_more << 1) | 1;
            more = (right_fewer << 1) | !(diagonal | right_more);
            fewer = right_more & diagonal;
            same_before = same;
            best = best.min(slips);
        }
        (slips, best)
    }
}

#[allow(clippy::cast_precision_loss, reason = "lengths of words are far below 2^24")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slips(typed: &str, listed: &str) -> (u32, u32) {
        Typed::of(typed).slips(&Shape::of(listed))
    }

    fn like(typed: &str, listed: &str) -> f32 {
        Typed::of(typed).likeness(&Shape::of(listed))
    }

    #[test]
    fn slips_count_the_four_kinds_once() {
        for (typed, listed) in [("sidoine", "sidoine"), ("", "")] {
            assert_eq!(slips(typed, listed).0, 0);
        }
        for typed in ["sidone", "siidoine", "sidoune", "sidione", "isdoine"] {
            assert_eq!(slips(typed, "sidoine").0, 1, "{typed}");
        }
        assert_eq!(slips("clemrnot", "clermont").0, 2);
        assert_eq!(slips("cleemo", "clermont"), (3, 1));
    }

    proptest! {
        #[test]
        fn slips_are_those_of_the_textbook(typed in "[a-d]{1,24}", listed in "[a-d]{0,24}") {
            let (whole, beginning) = slips(&typed, &listed);
            prop_assert_eq!(whole as usize, strsim::osa_distance(&typed, &listed));
            let begun = (0..=listed.len()).filter_map(|end| listed.get(..end));
            let begun = begun.map(|begun| strsim::osa_distance(&typed, begun));
            prop_assert_eq!(beginning as usize, begun.min().unwrap());
        }
    }

    #[test]
    fn a_whole_word_beats_a_begun_one_and_that_a_slip() {
        let order = ["clermont", "clermo", "cle", "clermnot", "clerrmo", "paris"]
            .map(|typed| like(typed, "clermont"));
        assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    }

    #[test]
    fn short_words_and_codes_are_taken_as_typed() {
        assert_eq!(like("zai", "zay"), 0.0);
        assert_eq!(like("63000", "69000"), 0.0);
        assert_eq!(like("6", "63000"), 0.0);
        assert!(like("630", "63000") > 0.8);
        assert!(like("jst", "just") > 0.0);
    }

    #[test]
    fn one_more_slip_is_forgiven_to_a_word_that_is_like_none() {
        let loose = |typed: &str, listed: &str| Typed::of(typed).loose_likeness(&Shape::of(listed));
        for (typed, listed) in [("zai", "zay"), ("sdonie", "sidoine"), ("sdoinne", "sidoine")] {
            assert_eq!(like(typed, listed), 0.0, "{typed}");
            assert!(loose(typed, listed) > 0.0, "{typed}");
        }
        assert_eq!(loose("63000", "63001"), 0.0);
        assert_eq!(loose("lyon", "paris"), 0.0);
    }
}
