//! How to reach the student: phone number and postal address.

use crate::form::{Answers, Field, FieldRefusal, Reading, Refusal};
use crate::reference::Pack;

/// A phone number in E.164 form: `+33612345678`.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    const NATIONAL_DIGITS: u32 = 10;
    /// E.164 allows 15 digits; no country uses fewer than 7 with its prefix.
    const FOREIGN_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

    /// Reads what a person types: spaces, dots, dashes, `+33`, `0033`, or another country's prefix.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let compact: String =
            typed.chars().filter(|c| !c.is_whitespace() && !"./-()".contains(*c)).collect();
        if compact.is_empty() {
            return Err(Refusal::Missing);
        }
        let international = compact.strip_prefix('+').or_else(|| compact.strip_prefix("00"));
        let digits = international.unwrap_or(&compact);
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(Refusal::Malformed);
        }
        match international {
            Some(digits) => match digits.strip_prefix("33") {
                // « +33 (0)6 … » is written often: the zero belongs to calls from France.
                Some(national) => Self::national(national.strip_prefix('0').unwrap_or(national)),
                None if Self::FOREIGN_DIGITS.contains(&digits.len()) => {
                    Ok(Self(format!("+{digits}")))
                }
                None => Err(Refusal::Malformed),
            },
            None => match digits.strip_prefix('0') {
                Some(national) => Self::national(national),
                None => Err(Refusal::Malformed),
            },
        }
    }

    /// `national`: the digits after the first zero.
    fn national(national: &str) -> Result<Self, Refusal> {
        let got = national.len() as u32 + 1;
        if got != Self::NATIONAL_DIGITS {
            return Err(Refusal::DigitCount { expected: Self::NATIONAL_DIGITS, got });
        }
        if national.starts_with('0') {
            return Err(Refusal::Malformed);
        }
        Ok(Self(format!("+33{national}")))
    }

    /// The number with its `+` and country.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of a postal address as La Poste reads it: at most 38 characters, no punctuation
/// (AFNOR NF Z10-011).
#[derive(Clone, PartialEq, Eq)]
pub struct AddressLine(String);

impl AddressLine {
    const MOST: usize = 38;

    /// Reads a line; commas and dots become spaces.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let plain: String = typed
            .chars()
            .map(|c| if matches!(c, ',' | ';' | '.' | ':') { ' ' } else { c })
            .collect();
        let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return Err(Refusal::Missing);
        }
        if line.chars().any(char::is_control) {
            return Err(Refusal::Malformed);
        }
        if line.chars().count() > Self::MOST {
            return Err(Refusal::TooLong { most: Self::MOST as u32 });
        }
        Ok(Self(line))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the student lives; a commune outside of the region is allowed for those schooled in it.
#[derive(Clone, PartialEq, Eq)]
pub enum Town {
    /// A commune of the region.
    Listed {
        /// Its INSEE code.
        insee: String,
    },
    /// A town elsewhere, as typed.
    Elsewhere(AddressLine),
}

/// A postal address in France.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// « Chez … »
    pub care_of: Option<AddressLine>,
    /// Number and street.
    pub line: AddressLine,
    /// Building, entrance.
    pub building: Option<AddressLine>,
    /// Floor, door.
    pub floor: Option<AddressLine>,
    /// Residence.
    pub residence: Option<AddressLine>,
    /// Hamlet, place name.
    pub locality: Option<AddressLine>,
    /// Five digits.
    pub postal_code: String,
    /// The town.
    pub town: Town,
}

/// What a student changes alone, also after the deposit.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// The number that the region may call.
    pub phone_number: PhoneNumber,
    /// Where the student lives.
    pub address: Address,
}

impl Contact {
    /// Reads the fields of the step, as [`crate::form::Application::read`] does: all of them, or
    /// every refusal.
    pub fn read(answers: &Answers, pack: &Pack) -> Result<Self, Vec<FieldRefusal>> {
        let mut reading = Reading { answers, refusals: Vec::new() };
        let phone_number = reading.parse(Field::PhoneNumber, PhoneNumber::parse);
        let address = address(&mut reading, pack);
        match (phone_number, address) {
            (Some(phone_number), Some(address)) => Ok(Self { phone_number, address }),
            _ => Err(reading.refusals),
        }
    }
}

/// Reads the address fields together: the town must belong to the postal code.
pub(crate) fn address(reading: &mut Reading<'_>, pack: &Pack) -> Option<Address> {
    let care_of = reading.parse_optional(Field::CareOf, AddressLine::parse);
    let line = reading.parse(Field::AddressLine, AddressLine::parse);
    let building = reading.parse_optional(Field::Building, AddressLine::parse);
    let floor = reading.parse_optional(Field::Floor, AddressLine::parse);
    let residence = reading.parse_optional(Field::Residence, AddressLine::parse);
    let locality = reading.parse_optional(Field::Locality, AddressLine::parse);
    let postal_code = reading.parse(Field::PostalCode, postal_code);
    let typed_code = postal_code.clone().unwrap_or_default();
    let town = reading.parse(Field::Commune, |typed| town(typed, &typed_code, pack));
    Some(Address {
        care_of: care_of?,
        line: line?,
        building: building?,
        floor: floor?,
        residence: residence?,
        locality: locality?,
        postal_code: postal_code?,
        town: town?,
    })
}

fn postal_code(typed: &str) -> Result<String, Refusal> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Err(Refusal::Missing);
    }
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Refusal::Malformed);
    }
    if digits.len() != 5 {
        return Err(Refusal::DigitCount { expected: 5, got: digits.len() as u32 });
    }
    Ok(digits)
}

fn town(typed: &str, postal_code: &str, pack: &Pack) -> Result<Town, Refusal> {
    let offered = pack.communes_of(postal_code);
    if offered.is_empty() {
        return AddressLine::parse(typed).map(Town::Elsewhere);
    }
    match offered.iter().find(|commune| commune.insee == typed) {
        Some(commune) => Ok(Town::Listed { insee: commune.insee.clone() }),
        None if typed.is_empty() => Err(Refusal::Missing),
        None => Err(Refusal::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_dots_and_the_country_code_are_read() {
        for typed in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "+33 6 12 34 56 78",
            "0033612345678",
            "+33 (0)6 12 34 56 78",
        ] {
            assert_eq!(PhoneNumber::parse(typed).ok().unwrap().as_str(), "+33612345678", "{typed}");
        }
    }

    #[test]
    fn a_number_of_another_country_is_kept() {
        assert_eq!(PhoneNumber::parse("+41 79 123 45 67").ok().unwrap().as_str(), "+41791234567");
    }

    #[test]
    fn a_short_number_is_refused_with_its_count() {
        let refusal = Refusal::DigitCount { expected: 10, got: 4 };
        assert_eq!(PhoneNumber::parse("06 12").err(), Some(refusal));
        assert_eq!(PhoneNumber::parse("12 34").err(), Some(Refusal::Malformed));
        assert_eq!(PhoneNumber::parse("appelle-moi").err(), Some(Refusal::Malformed));
    }

    #[test]
    fn an_address_line_loses_its_commas_and_keeps_to_38_characters() {
        let line = AddressLine::parse("12,  rue de la République").ok().unwrap();
        assert_eq!(line.as_str(), "12 rue de la République");
        let refusal = Refusal::TooLong { most: 38 };
        assert_eq!(AddressLine::parse(&"x".repeat(39)).err(), Some(refusal));
    }
}
