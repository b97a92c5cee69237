//! Who answers for a student under 15, and who files for somebody else.

use time::Date;

use crate::form::contact::PhoneNumber;
use crate::form::identity::{BirthDate, Email, Name};
use crate::form::{Answers, Field, Reading, Refusal};
use crate::season::Season;

/// From this age on a student agrees alone to what is done with their data
/// (article 45 of the French act on data and liberties).
const AGREES_ALONE: u8 = 15;

/// What somebody is to the student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// « Son père »
    Pere,
    /// « Sa mère »
    Mere,
    /// « Son tuteur »
    Tuteur,
    /// Anybody else who may.
    Autre,
}

impl Link {
    /// Reads one of the four codes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        match typed {
            "" => Err(Refusal::Missing),
            "PERE" => Ok(Self::Pere),
            "MERE" => Ok(Self::Mere),
            "TUTEUR" => Ok(Self::Tuteur),
            "AUTRE" => Ok(Self::Autre),
            _ => Err(Refusal::Unknown),
        }
    }

    /// The code, as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pere => "PERE",
            Self::Mere => "MERE",
            Self::Tuteur => "TUTEUR",
            Self::Autre => "AUTRE",
        }
    }
}

/// Somebody who fills in the form for the student.
#[derive(Clone, PartialEq, Eq)]
pub struct Filer {
    /// Family name.
    pub family_name: Name,
    /// First name.
    pub given_name: Name,
    /// What they are to the student.
    pub link: Link,
}

/// Who agrees for a student under 15.
#[derive(Clone, PartialEq, Eq)]
pub struct Guardian {
    /// Family name.
    pub family_name: Name,
    /// First name.
    pub given_name: Name,
    /// What they are to the student.
    pub link: Link,
    /// How the region reaches them: a mail address or a phone number.
    pub contact: String,
}

/// Whether somebody must agree for this student: nobody knows before the birth date is good.
pub(super) fn is_needed(answers: &Answers, today: Date) -> bool {
    let birth = BirthDate::parse(answers.typed(Field::BirthDate), Season::of(today));
    birth.is_ok_and(|birth| birth.age_on(today) < AGREES_ALONE.into())
}

/// Reads who files: `None` inside when the student does.
pub(super) fn filer(reading: &mut Reading<'_>) -> Option<Option<Filer>> {
    match reading.answers.typed(Field::Filer) {
        "" | "SELF" => return Some(None),
        "OTHER" => {}
        _ => return reading.note(Field::Filer, Err(Refusal::Unknown)),
    }
    let family_name = reading.parse(Field::FilerFamilyName, Name::parse);
    let given_name = reading.parse(Field::FilerGivenName, Name::parse);
    let link = reading.parse(Field::FilerLink, Link::parse);
    Some(Some(Filer { family_name: family_name?, given_name: given_name?, link: link? }))
}

/// Reads the guardian of a student under 15: `None` inside when there need not be one.
pub(super) fn guardian(reading: &mut Reading<'_>, today: Date) -> Option<Option<Guardian>> {
    if !is_needed(reading.answers, today) {
        return Some(None);
    }
    let family_name = reading.parse(Field::GuardianFamilyName, Name::parse);
    let given_name = reading.parse(Field::GuardianGivenName, Name::parse);
    let link = reading.parse(Field::GuardianLink, Link::parse);
    let contact = reading.parse(Field::GuardianContact, contact);
    let consent = reading.parse(Field::GuardianConsent, consent);
    consent?;
    Some(Some(Guardian {
        family_name: family_name?,
        given_name: given_name?,
        link: link?,
        contact: contact?,
    }))
}

fn contact(typed: &str) -> Result<String, Refusal> {
    if typed.contains('@') {
        return Email::parse(typed).map(|email| email.as_str().to_owned());
    }
    PhoneNumber::parse(typed).map(|number| number.as_str().to_owned())
}

fn consent(typed: &str) -> Result<(), Refusal> {
    if typed == "OUI" { Ok(()) } else { Err(Refusal::NotAccepted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guardian_is_reached_by_mail_or_by_phone() {
        assert_eq!(contact(" Awa.Diop@Example.fr").unwrap(), "awa.diop@example.fr");
        assert_eq!(contact("06 12 34 56 78").unwrap(), "+33612345678");
        assert_eq!(contact("awa@diop").err(), Some(Refusal::Malformed));
        assert_eq!(contact("0612").err(), Some(Refusal::DigitCount { expected: 10, got: 4 }));
        assert_eq!(contact("").err(), Some(Refusal::Missing));
    }
}
