//! Is this the same person? What two tablets can tell without either knowing a name of the other's.
//!
//! A print is a keyed hash of a name and a day of birth. Beside the whole name, a person has a print
//! for the name without each of its letters: two names that differ by one letter more, less or other
//! share one of these (the deletion neighbourhood of `SymSpell`). Family and first name in the other
//! order are asked for as well. Who lacks the key learns nothing; who has it could guess, so prints
//! are kept and sent like the rest.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters of a name that are compared; few have more.
const MOST_LETTERS: usize = 40;
/// More than a name of that length has in both orders.
pub const MOST_PRINTS: usize = MOST_LETTERS + 1;

/// How like two persons are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The name differs by a letter: a typing error, or a twin.
    Near,
    /// Name and birth are the same, in either order of the names.
    Same,
}

/// The prints of a person, to be kept: the first is the whole name's.
pub fn prints(key: &[u8; 32], family: &str, given: &str, birth: Date) -> Vec<u64> {
    prints_of(key, &joined(family, given), birth)
}

/// What to ask for: the same, and once more with the names in the other order.
pub fn asked(key: &[u8; 32], family: &str, given: &str, birth: Date) -> Asked {
    let orders = [joined(family, given), joined(given, family)];
    Asked(orders.map(|name| prints_of(key, &name, birth)))
}

/// A person who is looked for.
#[derive(Clone)]
pub struct Asked([Vec<u64>; 2]);

impl Asked {
    /// How like the person with these prints is; `None`: somebody else.
    pub fn likeness(&self, kept: &[u64]) -> Option<Likeness> {
        let whole = kept.first()?;
        if self.0.iter().any(|asked| asked.first() == Some(whole)) {
            return Some(Likeness::Same);
        }
        let near = self.0.iter().any(|asked| asked.iter().any(|print| kept.contains(print)));
        near.then_some(Likeness::Near)
    }
}

fn prints_of(key: &[u8; 32], name: &[char], birth: Date) -> Vec<u64> {
    let without = |left_out: Option<usize>| {
        let letters = name.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
        print(key, &letters.map(|(_, letter)| letter).collect::<String>(), birth)
    };
    std::iter::once(None).chain((0..name.len()).map(Some)).map(without).collect()
}

fn print(key: &[u8; 32], name: &str, birth: Date) -> u64 {
    // A key of 32 bytes is never refused; were it, no two persons would be alike.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return 0 };
    mac.update(&birth.to_julian_day().to_be_bytes());
    mac.update(name.as_bytes());
    let digest = mac.finalize().into_bytes();
    digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// Only the letters, without accents: spaces, hyphens and apostrophes come and go.
fn joined(first: &str, second: &str) -> Vec<char> {
    let letters = format!("{first}{second}");
    let plain = letters.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let plain = plain.flat_map(|c| match c {
        'œ' => vec!['o', 'e'],
        'æ' => vec!['a', 'e'],
        c => vec![c],
    });
    plain.filter(|c| c.is_alphanumeric()).take(MOST_LETTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    const KEY: [u8; 32] = [7; 32];
    const BIRTH: Date = date!(2009 - 03 - 07);

    fn likeness(asked_for: (&str, &str), kept: (&str, &str)) -> Option<Likeness> {
        let kept = prints(&KEY, kept.0, kept.1, BIRTH);
        asked(&KEY, asked_for.0, asked_for.1, BIRTH).likeness(&kept)
    }

    #[test]
    fn the_same_person_is_known_however_the_name_is_written() {
        for written in [
            ("Moreau-Dupré", "Lina"),
            ("MOREAU DUPRE", "lina"),
            ("moreau dupre", "Lina"),
            ("Lina", "Moreau-Dupré"),
        ] {
            assert_eq!(likeness(written, ("Moreau-Dupré", "Lina")), Some(Likeness::Same));
        }
        assert_eq!(likeness(("Le Cœur", "Zoé"), ("LECOEUR", "Zoe")), Some(Likeness::Same));
    }

    #[test]
    fn one_wrong_letter_is_near_and_another_person_is_not() {
        for typed in ["Moraeu", "Morreau", "Moreu", "Moreaux", "Noreau"] {
            let told = likeness((typed, "Lina"), ("Moreau", "Lina"));
            // Two letters in the wrong order are two errors in one, and told as well.
            assert_eq!(told, Some(Likeness::Near), "{typed}");
        }
        assert_eq!(likeness(("Lina", "Morea"), ("Moreau", "Lina")), Some(Likeness::Near));
        assert_eq!(likeness(("Martin", "Lina"), ("Moreau", "Lina")), None);
    }

    #[test]
    fn another_day_of_birth_or_another_key_is_another_person() {
        let kept = prints(&KEY, "Moreau", "Lina", BIRTH);
        let day = asked(&KEY, "Moreau", "Lina", date!(2009 - 03 - 08));
        assert_eq!(day.likeness(&kept), None);
        assert_eq!(asked(&[8; 32], "Moreau", "Lina", BIRTH).likeness(&kept), None);
        assert_eq!(day.likeness(&[]), None);
    }

    proptest! {
        #[test]
        fn any_names_have_prints_within_bounds(family: String, given: String) {
            let kept = prints(&KEY, &family, &given, BIRTH);
            prop_assert!((1..=MOST_PRINTS).contains(&kept.len()));
            prop_assert_eq!(
                asked(&KEY, &given, &family, BIRTH).likeness(&kept),
                Some(Likeness::Same)
            );
        }
    }
}
