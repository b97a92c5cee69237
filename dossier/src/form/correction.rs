//! What a student is asked to mend in an application that was deposited, and when the answer is good.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;
use ts_rs::TS;

use super::contact::{Address, PhoneNumber};
use super::guardian::Guardian;
use super::identity::{BirthDate, Civility, Name};
use super::parts::Parts;
use super::photo_choice::{PhotoHash, PhotoNote};
use super::school::{SchoolChoice, TrackChoice};
use super::sending::Sending;
use super::{Answers, Field, FieldRefusal, Reading, Refusal};
use crate::reference::Pack;

/// What can be asked for again: the fields that are answered together. The mail address is none of
/// them, as only a code that went there proves it; nor are charter, password, and who filed that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// How the region addresses the student.
    Civility,
    /// Family name.
    FamilyName,
    /// First name.
    GivenName,
    /// Date of birth; another one may ask for a guardian.
    BirthDate,
    /// Who agrees for a student under 15.
    Guardian,
    /// The number that the region may call.
    PhoneNumber,
    /// Where the student lives, line by line.
    Address,
    /// Where they learn.
    School,
    /// What they learn.
    Track,
    /// The picture on the card, and what is said of it.
    Photo,
    /// Where the card goes.
    Sending,
}

impl Topic {
    /// Every topic, in the order of the form.
    pub const ALL: [Self; 11] = [
        Self::Civility,
        Self::FamilyName,
        Self::GivenName,
        Self::BirthDate,
        Self::Guardian,
        Self::PhoneNumber,
        Self::Address,
        Self::School,
        Self::Track,
        Self::Photo,
        Self::Sending,
    ];

    /// The fields that it opens.
    pub fn fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Civility => &[F::Civility],
            Self::FamilyName => &[F::FamilyName],
            Self::GivenName => &[F::GivenName],
            Self::BirthDate => &[
                F::BirthDate,
                F::GuardianFamilyName,
                F::GuardianGivenName,
                F::GuardianLink,
                F::GuardianContact,
                F::GuardianConsent,
            ],
            Self::Guardian => &[
                F::GuardianFamilyName,
                F::GuardianGivenName,
                F::GuardianLink,
                F::GuardianContact,
                F::GuardianConsent,
            ],
            Self::PhoneNumber => &[F::PhoneNumber],
            Self::Address => &[
                F::CareOf,
                F::AddressLine,
                F::Building,
                F::Floor,
                F::Residence,
                F::Locality,
                F::PostalCode,
                F::Commune,
            ],
            Self::School => &[F::School, F::SchoolName, F::SchoolTown],
            Self::Track => &[F::Track, F::TrackName],
            Self::Photo => &[F::Photo, F::BareHead, F::PhotoNote],
            Self::Sending => &[F::Sending],
        }
    }

    /// Whether one of these topics opens this field.
    pub fn open(topics: &[Self], field: Field) -> bool {
        topics.iter().any(|topic| topic.fields().contains(&field))
    }
}

impl Answers {
    /// The same answers with these in place of all that the topics open; the rest stays.
    #[must_use]
    pub fn corrected(mut self, topics: &[Topic], typed: BTreeMap<Field, String>) -> Self {
        self.typed.retain(|field, _| !Topic::open(topics, *field));
        self.typed.extend(typed.into_iter().filter(|(field, _)| Topic::open(topics, *field)));
        self
    }

    /// The text of every answered field that the topics open.
    pub fn of_topics(&self, topics: &[Topic]) -> BTreeMap<Field, String> {
        let opened = |(field, _): &(&Field, &String)| Topic::open(topics, **field);
        let typed = self.typed.iter().filter(opened);
        typed.map(|(field, text)| (*field, text.clone())).collect()
    }
}

/// Answers to what was asked for again, all of them good. Only [`Correction::read`] makes one.
pub struct Correction {
    topics: Vec<Topic>,
    parts: Parts,
}

/// A corrected topic, as it was read.
pub enum Corrected<'a> {
    /// How the region addresses the student.
    Civility(&'a Civility),
    /// Family name.
    FamilyName(&'a Name),
    /// First name.
    GivenName(&'a Name),
    /// Date of birth, and who agreed for a student under 15.
    BirthDate(BirthDate, Option<&'a Guardian>),
    /// Who agreed.
    Guardian(Option<&'a Guardian>),
    /// The number that the region may call.
    PhoneNumber(&'a PhoneNumber),
    /// Where the student lives.
    Address(&'a Address),
    /// Where they learn.
    School(&'a SchoolChoice),
    /// What they learn.
    Track(&'a TrackChoice),
    /// The picture, whether nothing covers the head, and why it was kept although it breaks a rule.
    Photo(PhotoHash, bool, Option<&'a PhotoNote>),
    /// Where the card goes.
    Sending(&'a Sending),
}

impl Correction {
    /// Reads what was asked for again as the form reads it, within the answers that stay; what was not
    /// asked is not judged anew. A photo that was asked for must be another than `former`.
    pub fn read(
        answers: &Answers,
        former: &str,
        topics: &[Topic],
        pack: &Pack,
        today: Date,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut reading = Reading { answers, refusals: Vec::new() };
        let parts = Parts::read(&mut reading, pack, today);
        reading.refusals.retain(|refused| Topic::open(topics, refused.field));
        let photo = answers.typed(Field::Photo);
        if topics.contains(&Topic::Photo) && !photo.is_empty() && photo == former {
            reading.note::<()>(Field::Photo, Err(Refusal::Unchanged));
            reading.refusals.sort_by_key(|refused| refused.field);
        }
        if reading.refusals.is_empty() {
            Ok(Self { topics: topics.to_vec(), parts })
        } else {
            Err(reading.refusals)
        }
    }

    /// Each corrected topic, in the order in which they were asked.
    pub fn all(&self) -> impl Iterator<Item = Corrected<'_>> {
        // None is left out: nothing that the topics open was refused.
        self.topics.iter().filter_map(|topic| self.corrected(*topic))
    }

    fn corrected(&self, topic: Topic) -> Option<Corrected<'_>> {
        let parts = &self.parts;
        Some(match topic {
            Topic::Civility => Corrected::Civility(parts.civility.as_ref()?),
            Topic::FamilyName => Corrected::FamilyName(parts.family_name.as_ref()?),
            Topic::GivenName => Corrected::GivenName(parts.given_name.as_ref()?),
            Topic::BirthDate => {
                Corrected::BirthDate(parts.birth_date?, parts.guardian.as_ref()?.as_ref())
            }
            Topic::Guardian => Corrected::Guardian(parts.guardian.as_ref()?.as_ref()),
            Topic::PhoneNumber => Corrected::PhoneNumber(parts.phone_number.as_ref()?),
            Topic::Address => Corrected::Address(parts.address.as_ref()?),
            Topic::School => Corrected::School(parts.school.as_ref()?),
            Topic::Track => Corrected::Track(parts.track.as_ref()?),
            Topic::Photo => {
                let note = parts.photo_note.as_ref()?.as_ref();
                Corrected::Photo(parts.photo?, parts.bare_head?, note)
            }
            Topic::Sending => Corrected::Sending(parts.sending.as_ref()?),
        })
    }

    /// The photo, when it was asked for.
    pub fn photo(&self) -> Option<PhotoHash> {
        self.parts.photo.filter(|_| self.topics.contains(&Topic::Photo))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{lina, pack};
    use time::macros::date;

    const TODAY: Date = date!(2026 - 12 - 5);
    const FORMER: &str = "0606060606060606060606060606060606060606060606060606060606060606";

    fn read(answers: &Answers, topics: &[Topic]) -> Result<(), Vec<(Field, Refusal)>> {
        let read = Correction::read(answers, FORMER, topics, &pack(), TODAY);
        let pair = |refused: FieldRefusal| (refused.field, refused.refusal);
        read.map(|_| ()).map_err(|refused| refused.into_iter().map(pair).collect())
    }

    #[test]
    fn every_field_but_those_proved_otherwise_or_of_that_day_belongs_to_a_topic() {
        let mut without: Vec<Field> = Field::ALL.to_vec();
        without.retain(|field| !Topic::open(&Topic::ALL, *field));
        let of_that_day = Field::ALL.iter().filter(|field| field.as_str().starts_with("filer"));
        let proved = [Field::Email, Field::EmailConfirmation, Field::Password];
        let mut expected: Vec<Field> = of_that_day.copied().chain(proved).collect();
        expected.insert(0, Field::Charter);
        assert_eq!(without, expected);
    }

    #[test]
    fn what_was_asked_is_read_and_what_was_not_is_not_judged_anew() {
        let mut answers = lina();
        answers.charter = None;
        answers.typed.insert(Field::School, "9999999Z".to_owned());
        answers.typed.insert(Field::FamilyName, " Moreau  Diaz ".to_owned());
        let correction =
            Correction::read(&answers, FORMER, &[Topic::FamilyName], &pack(), TODAY).unwrap();
        let names: Vec<String> = correction
            .all()
            .map(|it| match it {
                Corrected::FamilyName(name) => name.as_str().to_owned(),
                _ => "another topic".to_owned(),
            })
            .collect();
        assert_eq!(names, ["Moreau Diaz"]);
        assert!(correction.photo().is_none());
        let refused = read(&answers, &[Topic::School]).unwrap_err();
        assert_eq!(refused, [(Field::School, Refusal::Unknown)]);
    }

    #[test]
    fn another_day_of_birth_may_ask_for_a_guardian() {
        let mut answers = lina();
        answers.typed.insert(Field::BirthDate, "7/3/2014".to_owned());
        let refused = read(&answers, &[Topic::BirthDate]).unwrap_err();
        let fields: Vec<Field> = refused.into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, Topic::Guardian.fields());
    }

    #[test]
    fn the_same_photo_is_no_other_photo() {
        let mut answers = lina();
        assert_eq!(read(&answers, &[Topic::Photo]), Ok(()));
        answers.typed.insert(Field::Photo, FORMER.to_owned());
        let refused = read(&answers, &[Topic::Photo]).unwrap_err();
        assert_eq!(refused, [(Field::Photo, Refusal::Unchanged)]);
        assert_eq!(read(&answers, &[Topic::Sending]), Ok(()), "it was not asked for");
    }

    #[test]
    fn answers_take_the_place_of_what_was_asked_alone() {
        let typed = BTreeMap::from([
            (Field::AddressLine, "1 rue Neuve".to_owned()),
            (Field::GivenName, "Lea".to_owned()),
        ]);
        let mut kept = lina();
        kept.typed.insert(Field::CareOf, "Mme Martin".to_owned());
        let answers = kept.corrected(&[Topic::Address], typed);
        assert_eq!(answers.typed(Field::AddressLine), "1 rue Neuve");
        assert_eq!(answers.typed(Field::CareOf), "", "answered with nothing");
        assert_eq!(answers.typed(Field::GivenName), "Lina");
        let of_address = answers.of_topics(&[Topic::Address]);
        assert_eq!(of_address.len(), 1);
    }
}
