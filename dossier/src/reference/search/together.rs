//! Words that were typed without spaces, like `saintjust` or `notredamedeschamps`.

use super::super::words::{self, LONGEST};
use super::Index;

/// More letters than these are not a name.
const LONGEST_TOGETHER: usize = 100;

/// A guess is worth trying beside at least one listed word of three letters.
const LEAST_KNOWN: usize = 9;

/// The last step on a way through the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    from: usize,
    /// The squares of the lengths of the listed parts so far: long parts are surer.
    known: usize,
    is_guess: bool,
}

/// The best ways to one place between the letters: with listed parts only, and with one guess.
#[derive(Debug, Clone, Copy, Default)]
struct Ways {
    sure: Option<Step>,
    guessed: Option<Step>,
}

impl Index {
    /// The listed words that `word` is made of; none when it is not. The last may be only begun,
    /// and with `may_guess` one part may be anything, for it may be misspelt.
    pub(super) fn parts(&self, word: &str, may_guess: bool) -> Vec<String> {
        if !word.is_ascii() || word.len() > LONGEST_TOGETHER {
            return Vec::new();
        }
        let start =
            Ways { sure: Some(Step { from: 0, known: 0, is_guess: false }), ..Ways::default() };
        let mut ways = vec![Ways::default(); word.len() + 1];
        if let Some(first) = ways.first_mut() {
            *first = start;
        }
        for from in 0..word.len() {
            let Some((here, after)) = ways.get_mut(from..).and_then(<[Ways]>::split_first_mut)
            else {
                break;
            };
            if here.sure.is_none() && here.guessed.is_none() {
                continue;
            }
            for (to, there) in (from + 1..).zip(after.iter_mut().take(LONGEST)) {
                let Some(part) = word.get(from..to) else { continue };
                if let Some(known) = self.known(part, to == word.len()) {
                    lead(&mut there.sure, here.sure, Step { from, known, is_guess: false });
                    lead(&mut there.guessed, here.guessed, Step { from, known, is_guess: false });
                }
                if may_guess && part.len() > 2 && part.len() < word.len() {
                    lead(&mut there.guessed, here.sure, Step { from, known: 0, is_guess: true });
                }
            }
        }
        walk_back(word, &ways)
    }

    /// The square of the length of a part that is a word, or begins one at the end.
    fn known(&self, part: &str, is_last: bool) -> Option<usize> {
        let square = part.len() * part.len();
        let is_number = part.bytes().all(|sign| sign.is_ascii_digit());
        let is_listed = (part.len() > 2 || is_number) && self.place(part).is_some();
        if is_listed || (part.len() > 1 && words::written_out(part).is_some()) {
            Some(square)
        } else if words::is_empty(part) {
            // One letter alone is as likely a piece of the next part.
            Some(if part.len() > 1 { part.len() } else { 0 })
        } else if is_last && part.len() > 2 && self.begins(part) {
            Some(square * 3 / 4)
        } else {
            None
        }
    }
}

/// Takes `step` after the way so far, unless a better way is known.
fn lead(to: &mut Option<Step>, so_far: Option<Step>, step: Step) {
    let Some(so_far) = so_far else { return };
    let known = so_far.known + step.known;
    if to.is_none_or(|other| other.known < known) {
        *to = Some(Step { known, ..step });
    }
}

/// The parts along the best way, from the end of the word to its beginning.
fn walk_back(word: &str, ways: &[Ways]) -> Vec<String> {
    let mut parts = Vec::new();
    let mut at = word.len();
    let mut is_sure = ways.last().is_some_and(|last| last.sure.is_some());
    while at > 0 {
        let step = ways.get(at).and_then(|ways| if is_sure { ways.sure } else { ways.guessed });
        let Some(step) = step.filter(|it| is_sure || at < word.len() || it.known >= LEAST_KNOWN)
        else {
            return Vec::new();
        };
        parts.extend(word.get(step.from..at).map(str::to_owned));
        at = step.from;
        is_sure |= step.is_guess;
    }
    parts.reverse();
    if parts.len() < 2 { Vec::new() } else { words::telling_of(&parts) }
}

#[cfg(test)]
mod tests {
    use super::super::Words;
    use super::*;

    fn parts(word: &str, may_guess: bool) -> Vec<String> {
        let names = ["Lycée Saint-Just", "Notre-Dame des Champs", "Jean Moulin", "Lasalle"];
        Index::of(names.map(|name| Words { name, ..Words::default() })).parts(word, may_guess)
    }

    #[test]
    fn words_typed_together_are_taken_apart() {
        assert_eq!(parts("saintjust", false), ["saint", "just"]);
        assert_eq!(parts("stjust", false), ["saint", "just"]);
        assert_eq!(parts("notredamedeschamps", false), ["notre", "dame", "champs"]);
        assert_eq!(parts("lyceejeanmou", false), ["lycee", "jean", "mou"]);
        assert_eq!(parts("dejust", false), ["just"]);
    }

    #[test]
    fn one_part_may_be_misspelt() {
        assert_eq!(parts("sintjust", true), ["sint", "just"]);
        assert_eq!(parts("sintjust", false), [""; 0]);
        assert_eq!(parts("notredmaedeschamps", true), ["notre", "dmae", "champs"]);
    }

    #[test]
    fn a_word_is_not_made_of_itself_or_of_unknown_words() {
        for word in ["", "just", "lasalle", "moul", "sidoine", "éàè", "ttttttttttttttttt"] {
            assert_eq!(parts(word, true), [""; 0], "{word}");
        }
    }
}
