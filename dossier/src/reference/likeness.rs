//! How much a typed word is like a word of a list: whole, begun, or with a slip of the finger.

use super::words::LONGEST;

/// A word ready to be compared many times.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    signs: Vec<u8>,
    letters: u32,
    has_digit: bool,
}

impl Shape {
    pub(super) fn of(word: &str) -> Self {
        let signs = word.as_bytes().to_vec();
        let letters = signs.iter().fold(0, |all, sign| all | 1_u32 << (sign & 31));
        let has_digit = signs.iter().any(u8::is_ascii_digit);
        Self { signs, letters, has_digit }
    }

    /// From 0 (another word) to 1 (the same word). The steps were measured on the schools of the
    /// region: a begun word beats a slip, a slip beats a begun word with a slip.
    pub(super) fn likeness(&self, listed: &Self) -> f32 {
        if self.signs == listed.signs {
            return 1.0;
        }
        if listed.signs.starts_with(&self.signs) {
            return 0.85 + 0.07 * share(self.signs.len(), listed.signs.len());
        }
        // A code is right or wrong: 63000 is not nearly 69000.
        if self.has_digit || listed.has_digit {
            return 0.0;
        }
        let most = match self.signs.len() {
            0..4 => return 0.0,
            4..8 => 1,
            _ => 2,
        };
        // Each slip brings at most one letter that the listed word lacks.
        if (self.letters & !listed.letters).count_ones() > most {
            return 0.0;
        }
        match slips(&self.signs, &listed.signs) {
            (1, _) => 0.72,
            (2, _) if most == 2 => 0.5,
            (_, 1) if self.signs.len() > 4 => 0.55,
            _ => 0.0,
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "lengths of words are far below 2^24")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// Insertions, deletions, replacements and neighbours swapped (optimal string alignment) between
/// `typed` and the whole of `listed`, and between `typed` and its best beginning.
fn slips(typed: &[u8], listed: &[u8]) -> (u8, u8) {
    // Row by row over `listed`; a row holds, for each beginning of `typed`, the slips so far.
    const WIDTH: usize = 4 * LONGEST + 1;
    let mut before = [0_u8; WIDTH];
    let mut above = [0_u8; WIDTH];
    for (slot, count) in above.iter_mut().zip(0..) {
        *slot = count;
    }
    let last = |row: &[u8; WIDTH]| row.get(typed.len()).copied().unwrap_or(u8::MAX);
    let mut best_beginning = last(&above);
    let mut listed_before = 0;
    for (&letter, row) in listed.iter().zip(1..) {
        let mut here = [0_u8; WIDTH];
        let (mut left, mut diagonal, mut typed_before) = (row, row - 1, 0);
        if let Some(first) = here.first_mut() {
            *first = row;
        }
        let columns = typed.iter().zip(above.iter().skip(1)).zip(here.iter_mut().skip(1));
        for (at, ((&sign, &up), slot)) in columns.enumerate() {
            let mut count = (left + 1).min(up + 1).min(diagonal + u8::from(sign != letter));
            if at > 0 && row > 1 && sign == listed_before && typed_before == letter {
                let swapped = before.get(at - 1).copied().unwrap_or(u8::MAX - 1);
                count = count.min(swapped + 1);
            }
            *slot = count;
            (left, diagonal, typed_before) = (count, up, sign);
        }
        listed_before = letter;
        before = above;
        above = here;
        best_beginning = best_beginning.min(last(&above));
    }
    (last(&above), best_beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_count_the_four_kinds_once() {
        for (typed, listed) in [("sidoine", "sidoine"), ("", "")] {
            assert_eq!(slips(typed.as_bytes(), listed.as_bytes()).0, 0);
        }
        for typed in ["sidone", "siidoine", "sidoune", "sidione", "isdoine"] {
            assert_eq!(slips(typed.as_bytes(), b"sidoine").0, 1, "{typed}");
        }
        assert_eq!(slips(b"clemrnot", b"clermont").0, 2);
        assert_eq!(slips(b"cleemo", b"clermont"), (3, 1));
    }

    #[test]
    fn a_whole_word_beats_a_begun_one_and_that_a_slip() {
        let like = |typed: &str| Shape::of(typed).likeness(&Shape::of("clermont"));
        let order = ["clermont", "clermo", "cle", "clermnot", "clerrmo", "paris"].map(like);
        assert!(order.is_sorted_by(|a, b| a > b), "{order:?}");
    }

    #[test]
    fn short_words_and_codes_are_taken_as_typed() {
        let like = |typed: &str, listed: &str| Shape::of(typed).likeness(&Shape::of(listed));
        assert_eq!(like("zai", "zay"), 0.0);
        assert_eq!(like("63000", "69000"), 0.0);
        assert!(like("630", "63000") > 0.8);
    }
}
