//! Who applies: civility, names, birth date, e-mail address.

use time::{Date, Month};
use unicode_normalization::UnicodeNormalization;

use crate::form::{Answers, Field, Hint, Refusal};
use crate::season::Season;

/// How the region addresses the student. « Je préfère ne pas préciser » is an answer
/// (Court of Justice of the EU, C-394/23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Civility {
    /// « Madame »
    Madame,
    /// « Monsieur »
    Monsieur,
    /// « Je préfère ne pas préciser »
    NonPrecisee,
}

impl Civility {
    /// Reads one of the three codes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        match typed {
            "" => Err(Refusal::Missing),
            "MADAME" => Ok(Self::Madame),
            "MONSIEUR" => Ok(Self::Monsieur),
            "NON_PRECISEE" => Ok(Self::NonPrecisee),
            _ => Err(Refusal::Unknown),
        }
    }

    /// The code, as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Madame => "MADAME",
            Self::Monsieur => "MONSIEUR",
            Self::NonPrecisee => "NON_PRECISEE",
        }
    }
}

/// A family name or a first name, as typed but for spaces and apostrophes.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// What fits on the form.
    const MOST: usize = 50;

    /// Reads a name: letters of every Latin alphabet, spaces, hyphens and apostrophes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let straight: String =
            typed.nfc().map(|c| if matches!(c, '’' | '‘' | 'ʼ') { '\'' } else { c }).collect();
        let name = straight.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_numeric) {
            return Err(Refusal::Missing);
        }
        if name.chars().any(char::is_numeric) {
            return Err(Refusal::HasDigit);
        }
        if let Some(symbol) = name.chars().find(|c| !is_of_a_name(*c)) {
            return Err(Refusal::HasSymbol { symbol });
        }
        if name.chars().count() > Self::MOST {
            return Err(Refusal::TooLong { most: Self::MOST as u32 });
        }
        Ok(Self(name))
    }

    /// The name as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_of_a_name(c: char) -> bool {
    let latin =
        c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    (latin && !matches!(c, '×' | '÷')) || matches!(c, ' ' | '-' | '\'')
}

/// A day on which somebody of a plausible age was born.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(Date);

impl BirthDate {
    /// Ages on 1 September outside of which nobody applies.
    const YOUNGEST: u32 = 11;
    const OLDEST: u32 = 30;
    /// Ages outside of which the year is probably mistyped.
    const USUAL: std::ops::RangeInclusive<i32> = 14..=25;

    /// Reads `7/3/2009`, `07 03 2009`, `07-03-2009` or `2009-03-07`.
    pub fn parse(typed: &str, season: Season) -> Result<Self, Refusal> {
        let parts: Vec<&str> =
            typed.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let (day, month, year) = match parts.as_slice() {
            [] => return Err(Refusal::Missing),
            [year, month, day] if year.len() == 4 => (day, month, year),
            [day, month, year] if year.len() == 4 => (day, month, year),
            _ => return Err(Refusal::NotADate),
        };
        let date = calendar_date(day, month, year).ok_or(Refusal::NotADate)?;
        match age(date, season) {
            age if age < Self::YOUNGEST as i32 => Err(Refusal::TooYoung { least: Self::YOUNGEST }),
            age if age > Self::OLDEST as i32 => Err(Refusal::TooOld { most: Self::OLDEST }),
            _ => Ok(Self(date)),
        }
    }

    /// A remark when the age is rare for a student.
    pub fn hint(self, season: Season) -> Option<Hint> {
        (!Self::USUAL.contains(&age(self.0, season))).then_some(Hint::UnusualAge)
    }

    /// Full years on a day.
    pub fn age_on(self, day: Date) -> i32 {
        age_on(self.0, day)
    }

    /// The day itself.
    pub fn date(self) -> Date {
        self.0
    }
}

fn calendar_date(day: &str, month: &str, year: &str) -> Option<Date> {
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Full years on the first day of the season.
fn age(birth: Date, season: Season) -> i32 {
    age_on(birth, season.start())
}

fn age_on(birth: Date, day: Date) -> i32 {
    let birthday_to_come = (birth.month() as u8, birth.day()) > (day.month() as u8, day.day());
    day.year() - birth.year() - i32::from(birthday_to_come)
}

/// An e-mail address, trimmed and in lower case.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

/// RFC 5321 §4.5.3.1: longest path less its two brackets, and longest local part.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;

/// The mail providers most used in France and the region's education authorities, against which
/// a mistyped domain is noticed. Very short ones are left out: too much is one slip away from them.
const COMMON_DOMAINS: [&str; 39] = [
    "gmail.com",
    "hotmail.com",
    "hotmail.fr",
    "outlook.com",
    "outlook.fr",
    "yahoo.fr",
    "yahoo.com",
    "orange.fr",
    "free.fr",
    "sfr.fr",
    "laposte.net",
    "icloud.com",
    "live.fr",
    "live.com",
    "wanadoo.fr",
    "proton.me",
    "protonmail.com",
    "bbox.fr",
    "numericable.fr",
    "club-internet.fr",
    "aliceadsl.fr",
    "cegetel.net",
    "neuf.fr",
    "googlemail.com",
    "ymail.com",
    "rocketmail.com",
    "tutanota.com",
    "mailo.com",
    "infomaniak.com",
    "bluewin.ch",
    "outlook.be",
    "hotmail.be",
    "ac-lyon.fr",
    "ac-grenoble.fr",
    "ac-clermont.fr",
    "monbureaunumerique.fr",
    "auvergnerhonealpes.fr",
    "univ-lyon1.fr",
    "univ-grenoble-alpes.fr",
];

impl Email {
    /// Reads an address; whether it exists is proved by the activation link alone.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let address = typed.trim().to_lowercase();
        if address.is_empty() {
            return Err(Refusal::Missing);
        }
        if address.len() > LONGEST_ADDRESS {
            return Err(Refusal::TooLong { most: LONGEST_ADDRESS as u32 });
        }
        match address.split_once('@') {
            Some((local, domain)) if is_local_part(local) && is_domain(domain) => Ok(Self(address)),
            _ => Err(Refusal::Malformed),
        }
    }

    /// The address as it was probably meant, when its domain is one slip away from a common one.
    pub fn hint(&self) -> Option<Hint> {
        let (local, domain) = self.0.split_once('@')?;
        if COMMON_DOMAINS.contains(&domain) {
            return None;
        }
        let meant =
            COMMON_DOMAINS.iter().find(|common| strsim::osa_distance(domain, common) == 1)?;
        Some(Hint::MailDomain { suggestion: format!("{local}@{meant}") })
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    (1..=LONGEST_LOCAL_PART).contains(&local.len())
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.contains('.') && domain.split('.').all(label) && last.len() >= 2
}

/// Whether the address was typed twice alike.
pub(crate) fn confirmed(answers: &Answers) -> Result<(), Refusal> {
    let again = answers.typed(Field::EmailConfirmation).trim().to_lowercase();
    if again.is_empty() {
        return Err(Refusal::Missing);
    }
    if again != answers.typed(Field::Email).trim().to_lowercase() {
        return Err(Refusal::Mismatch);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn season() -> Season {
        Season::of(date!(2026 - 11 - 22))
    }

    #[test]
    fn names_keep_their_accents_hyphens_and_apostrophes() {
        for (typed, kept) in [
            ("Lou-Anne", "Lou-Anne"),
            ("  D’Artagnan ", "D'Artagnan"),
            ("E\u{301}lodie", "Élodie"),
            ("Ñuñez  Œrsted", "Ñuñez Œrsted"),
        ] {
            assert_eq!(Name::parse(typed).ok().unwrap().as_str(), kept);
        }
    }

    #[test]
    fn a_digit_or_a_symbol_in_a_name_is_refused_with_its_reason() {
        assert_eq!(Name::parse("L1na").err(), Some(Refusal::HasDigit));
        assert_eq!(Name::parse("Lina#").err(), Some(Refusal::HasSymbol { symbol: '#' }));
        assert_eq!(Name::parse(" - ").err(), Some(Refusal::Missing));
        assert_eq!(Name::parse(&"a".repeat(51)).err(), Some(Refusal::TooLong { most: 50 }));
    }

    #[test]
    fn a_birth_date_is_read_in_every_usual_form() {
        for typed in ["7/3/2009", "07 03 2009", "07.03.2009", "2009-03-07"] {
            let read = BirthDate::parse(typed, season()).ok().unwrap();
            assert_eq!(read.date(), date!(2009 - 03 - 07), "{typed}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_not_a_date() {
        for typed in ["31/2/2009", "7/13/2009", "7/3", "7/3/09"] {
            assert_eq!(BirthDate::parse(typed, season()).err(), Some(Refusal::NotADate), "{typed}");
        }
        assert_eq!(BirthDate::parse("//", season()).err(), Some(Refusal::Missing));
    }

    #[test]
    fn an_age_outside_of_school_is_refused_and_a_rare_one_is_remarked() {
        let refused = |typed| BirthDate::parse(typed, season()).err();
        assert_eq!(refused("2/9/2015"), Some(Refusal::TooYoung { least: 11 }));
        assert_eq!(refused("1/9/2015"), None);
        assert_eq!(refused("1/9/1995"), Some(Refusal::TooOld { most: 30 }));
        let hint = |typed| BirthDate::parse(typed, season()).ok().unwrap().hint(season());
        assert_eq!(hint("1/1/2014"), Some(Hint::UnusualAge));
        assert_eq!(hint("7/3/2009"), None);
    }

    #[test]
    fn an_address_is_trimmed_and_a_wrong_one_refused() {
        assert_eq!(Email::parse(" Lina.M@Example.FR ").ok().unwrap().as_str(), "lina.m@example.fr");
        for wrong in
            ["lina", "lina@", "@example.fr", "li na@example.fr", "lina@example", "a@b@c.fr"]
        {
            assert_eq!(Email::parse(wrong).err(), Some(Refusal::Malformed), "{wrong}");
        }
    }

    #[test]
    fn a_mistyped_domain_is_remarked_never_refused() {
        let hint = |typed| Email::parse(typed).ok().unwrap().hint();
        let suggestion = "lina@gmail.com".to_owned();
        assert_eq!(hint("lina@gmial.com"), Some(Hint::MailDomain { suggestion }));
        for (typed, meant) in [
            ("lina@hotmial.com", "lina@hotmail.com"),
            ("lina@ac-lyn.fr", "lina@ac-lyon.fr"),
            ("lina@laposte.ne", "lina@laposte.net"),
        ] {
            assert_eq!(hint(typed), Some(Hint::MailDomain { suggestion: meant.to_owned() }));
        }
        assert_eq!(hint("lina@hotmail.fr"), None);
        assert_eq!(hint("lina@ac-lyon.fr"), None);
    }
}
