//! What is asked, step by step, and when an answer is good.
//!
//! Answers are kept as they were typed. [`Application::read`] is the one door from typed answers
//! to an application; the phone asks it while the student types, the server at the deposit.

pub mod charter;
pub mod contact;
pub mod correction;
pub mod guardian;
pub mod identity;
mod parts;
pub mod password;
pub mod photo_choice;
pub mod school;
pub mod sending;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::Date;
use ts_rs::TS;

use crate::reference::Pack;
use crate::season::Season;
use charter::Acceptance;
use contact::{Address, PhoneNumber};
use guardian::{Filer, Guardian};
use identity::{BirthDate, Civility, Email, Name};
use parts::Parts;
use photo_choice::{PhotoHash, PhotoNote};
use school::{SchoolChoice, TrackChoice};
use sending::Sending;

macro_rules! fields {
    ($($(#[$about:meta])* $field:ident = $name:literal in $step:ident,)*) => {
        /// A question of the form. The same name stands in the document, in SQL and on the wire.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$about])* $field,)*
        }

        impl Field {
            /// Every field, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$field),*];

            /// The name of this field in documents, tables and messages.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)*
                }
            }

            /// The step of the form that asks this field.
            pub fn step(self) -> Step {
                match self {
                    $(Self::$field => Step::$step,)*
                }
            }
        }
    };
}

fields! {
    /// The charter of rights and duties.
    Charter = "charter" in Charter,
    /// Who fills in the form: `SELF`, or `OTHER` for somebody else; empty is the student.
    Filer = "filer" in Identity,
    /// Family name of who files for the student.
    FilerFamilyName = "filer_family_name" in Identity,
    /// Their first name.
    FilerGivenName = "filer_given_name" in Identity,
    /// What they are to the student.
    FilerLink = "filer_link" in Identity,
    /// How the region addresses the student.
    Civility = "civility" in Identity,
    /// Family name, as on the identity card.
    FamilyName = "family_name" in Identity,
    /// First name, as on the identity card.
    GivenName = "given_name" in Identity,
    /// Day, month and year, `jj/mm/aaaa`.
    BirthDate = "birth_date" in Identity,
    /// Family name of who agrees for a student under 15.
    GuardianFamilyName = "guardian_family_name" in Guardian,
    /// Their first name.
    GuardianGivenName = "guardian_given_name" in Guardian,
    /// What they are to the student.
    GuardianLink = "guardian_link" in Guardian,
    /// Their mail address or phone number.
    GuardianContact = "guardian_contact" in Guardian,
    /// `OUI` once they agreed.
    GuardianConsent = "guardian_consent" in Guardian,
    /// The address that the activation link goes to.
    Email = "email" in Account,
    /// The same address once more.
    EmailConfirmation = "email_confirmation" in Account,
    /// Never in the document: sealed on the phone, hashed by the server.
    Password = "password" in Account,
    /// The number that the region may call.
    PhoneNumber = "phone_number" in Contact,
    /// With whom the student lives, when the name on the letter box is another.
    CareOf = "care_of" in Contact,
    /// Number and street.
    AddressLine = "address_line" in Contact,
    /// Building, entrance.
    Building = "building" in Contact,
    /// Floor, door.
    Floor = "floor" in Contact,
    /// Residence.
    Residence = "residence" in Contact,
    /// Hamlet, place name.
    Locality = "locality" in Contact,
    /// Five digits.
    PostalCode = "postal_code" in Contact,
    /// INSEE code of a commune of the region, or the name of one elsewhere.
    Commune = "commune" in Contact,
    /// UAI of the school, or [`school::NOT_LISTED`].
    School = "school" in School,
    /// Name of a school that is not in the list.
    SchoolName = "school_name" in School,
    /// Its town.
    SchoolTown = "school_town" in School,
    /// Code of the track, or [`school::NOT_LISTED`].
    Track = "track" in Track,
    /// Name of a track that is not in the list.
    TrackName = "track_name" in Track,
    /// SHA-256 of the identity photo.
    Photo = "photo" in Photo,
    /// `OUI` when the student says that nothing covers the head; empty when not said.
    BareHead = "bare_head" in Photo,
    /// Why a photo is kept that breaks a rule; empty when it breaks none.
    PhotoNote = "photo_note" in Photo,
    /// Where the card is sent.
    Sending = "sending" in Sending,
}

/// A step of the form, in the order in which a student meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Read and accept the charter.
    Charter,
    /// Who applies.
    Identity,
    /// Who agrees for a student under 15.
    Guardian,
    /// The mail address and the password.
    Account,
    /// How to reach them.
    Contact,
    /// Where they learn.
    School,
    /// What they learn.
    Track,
    /// The picture on the card.
    Photo,
    /// Where the card goes.
    Sending,
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Charter,
        Self::Identity,
        Self::Guardian,
        Self::Account,
        Self::Contact,
        Self::School,
        Self::Track,
        Self::Photo,
        Self::Sending,
    ];
}

/// Why an answer is refused. The sentence for it is written with the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Nothing was answered.
    #[error("missing")]
    Missing,
    /// The charter in force was not accepted.
    #[error("not accepted")]
    NotAccepted,
    /// Not one of the offered answers.
    #[error("not in the list")]
    Unknown,
    /// A name with a digit.
    #[error("has a digit")]
    HasDigit,
    /// A name with a symbol that no name has.
    #[error("has a symbol that is not allowed")]
    HasSymbol {
        /// The first such symbol.
        symbol: char,
    },
    /// More characters than fit.
    #[error("longer than {most} characters")]
    TooLong {
        /// How many fit.
        most: u32,
    },
    /// Not of the expected form.
    #[error("malformed")]
    Malformed,
    /// A number with too few or too many digits.
    #[error("{got} digits instead of {expected}")]
    DigitCount {
        /// How many it has when it is right.
        expected: u32,
        /// How many were typed.
        got: u32,
    },
    /// No such day in the calendar.
    #[error("not a date")]
    NotADate,
    /// Younger than the card is for.
    #[error("younger than {least}")]
    TooYoung {
        /// The least age, in years on 1 September.
        least: u32,
    },
    /// Older than the card is for.
    #[error("older than {most}")]
    TooOld {
        /// The greatest age, in years on 1 September.
        most: u32,
    },
    /// Two devices answered it differently.
    #[error("answered differently on two devices")]
    Disputed,
    /// The two answers that must agree do not.
    #[error("the two answers differ")]
    Mismatch,
    /// A password that is too short.
    #[error("shorter than {least} characters")]
    TooShort {
        /// The least number of characters.
        least: u32,
    },
    /// A password that is easily guessed.
    #[error("easily guessed")]
    Guessable,
    /// A password that holds the person's own name or birth date.
    #[error("holds the person's own data")]
    Personal,
    /// Another one was asked for, and it is the same.
    #[error("the same as before")]
    Unchanged,
}

/// A remark that never blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Hint {
    /// The mail domain looks mistyped.
    MailDomain {
        /// The whole address as it was probably meant.
        suggestion: String,
    },
    /// The age is rare for a student: the year of birth may be wrong.
    UnusualAge,
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldRefusal {
    /// Which field.
    pub field: Field,
    /// The step that asks it.
    pub step: Step,
    /// Why.
    pub refusal: Refusal,
}

/// One remark about a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldHint {
    /// Which field.
    pub field: Field,
    /// What about it.
    pub hint: Hint,
}

/// What was typed so far, right or wrong.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// The typed text of each answered field.
    pub typed: BTreeMap<Field, String>,
    /// The accepted charter.
    pub charter: Option<Acceptance>,
    /// Fields that two devices answered differently: a person decides.
    pub disputed: BTreeSet<Field>,
}

impl Answers {
    /// The typed text of a field, empty when it was not answered.
    pub fn typed(&self, field: Field) -> &str {
        self.typed.get(&field).map_or("", String::as_str)
    }

    /// The steps that this student goes through, in order.
    pub fn steps(&self, today: Date) -> Vec<Step> {
        let asked = |step: &Step| *step != Step::Guardian || guardian::is_needed(self, today);
        Step::ALL.into_iter().filter(asked).collect()
    }

    /// What may be wrong although it is allowed.
    pub fn hints(&self, today: Date) -> Vec<FieldHint> {
        let birth = BirthDate::parse(self.typed(Field::BirthDate), Season::of(today))
            .ok()
            .and_then(|date| date.hint(Season::of(today)))
            .map(|hint| FieldHint { field: Field::BirthDate, hint });
        let mail = Email::parse(self.typed(Field::Email))
            .ok()
            .and_then(|email| email.hint())
            .map(|hint| FieldHint { field: Field::Email, hint });
        birth.into_iter().chain(mail).collect()
    }
}

/// An application whose every answer is good. Only [`Application::read`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Application {
    /// The accepted charter.
    pub charter: Acceptance,
    /// Who filled in the form, when it was not the student.
    pub filer: Option<Filer>,
    /// How the region addresses the student.
    pub civility: Civility,
    /// Family name.
    pub family_name: Name,
    /// First name.
    pub given_name: Name,
    /// Date of birth.
    pub birth_date: BirthDate,
    /// Who agreed, for a student under 15.
    pub guardian: Option<Guardian>,
    /// Where the activation link goes.
    pub email: Email,
    /// The number that the region may call.
    pub phone_number: PhoneNumber,
    /// Where the student lives.
    pub address: Address,
    /// Where they learn.
    pub school: SchoolChoice,
    /// What they learn.
    pub track: TrackChoice,
    /// The photo on the card.
    pub photo: PhotoHash,
    /// Whether the student says that nothing covers the head.
    pub bare_head: bool,
    /// Why the photo was kept although it breaks a rule.
    pub photo_note: Option<PhotoNote>,
    /// Where the card goes.
    pub sending: Sending,
}

unprinted!(Answers, Application);

impl Application {
    /// Reads typed answers, all of them: an application, or every refusal in the order of the form.
    pub fn read(answers: &Answers, pack: &Pack, today: Date) -> Result<Self, Vec<FieldRefusal>> {
        let mut reading = Reading { answers, refusals: Vec::new() };
        let parts = Parts::read(&mut reading, pack, today);
        let settled = reading.settled();
        settled.and_then(|()| parts.whole()).ok_or(reading.refusals)
    }
}

/// Collects every refusal of one reading instead of stopping at the first.
pub(crate) struct Reading<'a> {
    answers: &'a Answers,
    refusals: Vec<FieldRefusal>,
}

impl Reading<'_> {
    fn parse<T>(&mut self, field: Field, parse: impl Fn(&str) -> Result<T, Refusal>) -> Option<T> {
        let read = parse(self.answers.typed(field));
        self.note(field, read)
    }

    /// An optional field: nothing typed is an answer.
    fn parse_optional<T>(
        &mut self,
        field: Field,
        parse: impl Fn(&str) -> Result<T, Refusal>,
    ) -> Option<Option<T>> {
        if self.answers.typed(field).trim().is_empty() {
            return Some(None);
        }
        self.parse(field, parse).map(Some)
    }

    /// What two devices answered differently is refused, however good the shown value is.
    fn settled(&mut self) -> Option<()> {
        let disputed = &self.answers.disputed;
        if disputed.is_empty() {
            return Some(());
        }
        self.refusals.retain(|refused| !disputed.contains(&refused.field));
        self.refusals.extend(disputed.iter().map(|field| FieldRefusal {
            field: *field,
            step: field.step(),
            refusal: Refusal::Disputed,
        }));
        self.refusals.sort_by_key(|refused| refused.field);
        None
    }

    fn note<T>(&mut self, field: Field, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| {
            self.refusals.push(FieldRefusal { field, step: field.step(), refusal });
        })
        .ok()
    }
}

#[cfg(test)]
mod tests;
