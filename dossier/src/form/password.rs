//! When a password is good enough (CNIL 2022-100: guessability instead of composition rules).

use time::Date;
use zxcvbn::{Score, zxcvbn};

use crate::form::Refusal;

/// Long enough to be taken as it is, unless it is among the most common ones.
const LONG: usize = 12;
/// Enough when it is hard to guess.
const SHORT: usize = 8;
/// Argon2 and zxcvbn are given no novels.
const LONGEST: usize = 128;

/// What a password must not hold.
#[derive(Default)]
pub struct Personal<'a> {
    /// First and family name, as typed.
    pub names: [&'a str; 2],
    /// Date of birth.
    pub birth: Option<Date>,
}

/// Whether a password may be kept. Compared exactly as received: no trimming, no case folding.
pub fn check(typed: &str, confirmation: &str, personal: &Personal<'_>) -> Result<(), Refusal> {
    let length = typed.chars().count();
    if length == 0 {
        return Err(Refusal::Missing);
    }
    if length < SHORT {
        return Err(Refusal::TooShort { least: LONG as u32 });
    }
    if length > LONGEST {
        return Err(Refusal::TooLong { most: LONGEST as u32 });
    }
    if personal.is_held_by(typed) {
        return Err(Refusal::Personal);
    }
    let needed = if length >= LONG { Score::Two } else { Score::Three };
    if zxcvbn(typed, &personal.names).score() < needed {
        return Err(Refusal::Guessable);
    }
    if typed != confirmation {
        return Err(Refusal::Mismatch);
    }
    Ok(())
}

impl Personal<'_> {
    /// Names of one or two letters say nothing: they stand in most words.
    const SHORTEST_NAME: usize = 3;

    fn is_held_by(&self, typed: &str) -> bool {
        let typed = typed.to_lowercase();
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let name = self.names.iter().any(|name| {
            let name = name.trim().to_lowercase();
            name.chars().count() >= Self::SHORTEST_NAME && typed.contains(&name)
        });
        let birth = self.birth.is_some_and(|date| {
            let (day, month, year) = (date.day(), date.month() as u8, date.year());
            let forms = [format!("{day:02}{month:02}{year}"), format!("{year}{month:02}{day:02}")];
            forms.iter().any(|form| digits.contains(form))
        });
        name || birth
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn lina() -> Personal<'static> {
        Personal { names: ["Lina", "Moreau"], birth: Some(date!(2009 - 03 - 07)) }
    }

    fn refused(typed: &str) -> Option<Refusal> {
        check(typed, typed, &lina()).err()
    }

    #[test]
    fn twelve_characters_are_taken_whatever_they_are_made_of() {
        assert_eq!(refused("neige en aout volcan"), None);
        assert_eq!(refused("ggxwrvptqzmn"), None);
    }

    #[test]
    fn fewer_than_twelve_characters_are_enough_when_hard_to_guess() {
        assert_eq!(refused("kX9#vq2Tw"), None);
        assert_eq!(refused("password"), Some(Refusal::Guessable));
        assert_eq!(refused("kX9#vq2"), Some(Refusal::TooShort { least: 12 }));
    }

    #[test]
    fn a_common_password_is_refused_at_any_length() {
        assert_eq!(refused("passwordpassword"), Some(Refusal::Guessable));
        assert_eq!(refused("aaaaaaaaaaaaaaaa"), Some(Refusal::Guessable));
    }

    #[test]
    fn the_persons_own_name_or_birth_date_is_refused() {
        assert_eq!(refused("les chats de LINA"), Some(Refusal::Personal));
        assert_eq!(refused("volcan 07/03/2009 neige"), Some(Refusal::Personal));
    }

    #[test]
    fn two_different_entries_are_refused() {
        let refusal = check("neige en aout volcan", "neige en août volcan", &lina()).err();
        assert_eq!(refusal, Some(Refusal::Mismatch));
    }

    #[test]
    fn a_novel_is_refused() {
        assert_eq!(refused(&"volcan ".repeat(40)), Some(Refusal::TooLong { most: 128 }));
    }
}
