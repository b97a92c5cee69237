//! A correction: what a reviewer asks for, and what the phone answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Reason, Unexplained, noted, sorted};
use crate::document::Hash;
use crate::form::Field;
use crate::form::correction::Topic;

/// What a student is asked to mend, and why. Only [`Correcting::new`] makes one, so it never asks for
/// nothing and never without a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Correcting {
    topics: Vec<Topic>,
    reasons: Vec<Reason>,
    note: Option<String>,
}

impl Correcting {
    /// A request for these topics. A photo is asked for again for a reason of the trade or in words,
    /// anything else in words alone.
    pub fn new(
        topics: &[Topic],
        reasons: &[Reason],
        note: Option<&str>,
    ) -> Result<Self, Unexplained> {
        let (topics, reasons, note) = (sorted(topics), sorted(reasons), noted(note));
        let of_the_photo = reasons.iter().any(|reason| *reason != Reason::Autre);
        let explained = match topics.as_slice() {
            [] => false,
            [Topic::Photo] => of_the_photo || note.is_some(),
            others => note.is_some() && (reasons.is_empty() || others.contains(&Topic::Photo)),
        };
        explained.then_some(Self { topics, reasons, note }).ok_or(Unexplained)
    }

    /// At least one, in the order of the form.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// What is wrong with the photo; none when something else is asked for.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The reviewer's words to the student.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// A correction that the server asks for, in its words to the phone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionRequested {
    /// Identifies this request.
    pub id: Uuid,
    /// What is asked for, and why.
    pub asked: Correcting,
    /// What the Region has now of each field that is asked for.
    pub typed: BTreeMap<Field, String>,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at_ms: i64,
}

unprinted!(CorrectionRequested);

/// `PUT /v1/corrections/{dossier}`: what was asked for, mended.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrectionAsk {
    /// Which request is answered.
    pub correction: Uuid,
    /// The text of each field that was asked for; one that is not there is answered with nothing.
    pub typed: BTreeMap<Field, String>,
    /// The JPEG of the photo that `typed` names, in base64, when one was asked for.
    pub photo: Option<String>,
}

impl CorrectionAsk {
    /// What names this very answer. The photo is in it by its hash, which stands in its field.
    pub fn digest(&self) -> Hash {
        let mut digest = Sha256::new_with_prefix(self.correction.as_bytes());
        for (field, text) in &self.typed {
            for part in [field.as_str(), text] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
        }
        digest.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_what_and_why() {
        let blurred = [Reason::PhotoFloue];
        for (topics, reasons, note) in [
            (&[][..], &blurred[..], Some("Trop flou.")),
            (&[Topic::Photo], &[], Some("  ")),
            (&[Topic::Photo], &[Reason::Autre], None),
            (&[Topic::FamilyName], &[], None),
            (&[Topic::FamilyName], &blurred, Some("Ton nom ?")),
            (&[Topic::FamilyName, Topic::Photo], &blurred, None),
        ] {
            let asked = Correcting::new(topics, reasons, note);
            assert_eq!(asked, Err(Unexplained), "{topics:?} {reasons:?} {note:?}");
        }
        let asked = Correcting::new(&[Topic::Photo, Topic::Photo], &blurred, None).unwrap();
        assert_eq!(
            (asked.topics(), asked.reasons(), asked.note()),
            (&[Topic::Photo][..], &blurred[..], None)
        );
        let both = [Topic::Photo, Topic::FamilyName];
        let asked = Correcting::new(&both, &blurred, Some(" Ton nom ? ")).unwrap();
        assert_eq!((asked.topics()[0], asked.note()), (Topic::FamilyName, Some("Ton nom ?")));
    }

    #[test]
    fn another_answer_has_another_digest() {
        let with = |typed: &[(Field, &str)]| {
            let typed = typed.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
            CorrectionAsk { correction: Uuid::from_u128(7), typed, photo: None }
        };
        let one = with(&[(Field::FamilyName, "Moreau"), (Field::GivenName, "Lina")]);
        assert_eq!(one.digest(), one.clone().digest());
        for other in [
            with(&[(Field::FamilyName, "Moreau")]),
            with(&[(Field::FamilyName, "MoreauL"), (Field::GivenName, "ina")]),
            with(&[(Field::GivenName, "Moreau"), (Field::FamilyName, "Lina")]),
            CorrectionAsk { correction: Uuid::from_u128(8), ..one.clone() },
        ] {
            assert_ne!(one.digest(), other.digest());
        }
    }

    #[test]
    fn a_field_that_nobody_knows_makes_an_answer_unreadable() {
        let with = |field: &str| {
            let id = Uuid::from_u128(7);
            format!("{{\"correction\":\"{id}\",\"typed\":{{\"{field}\":\"x\"}},\"photo\":null}}")
        };
        assert!(serde_json::from_str::<CorrectionAsk>(&with("given_name")).is_ok());
        for field in ["state", "number", "received_at_ms", "reviewer"] {
            assert!(serde_json::from_str::<CorrectionAsk>(&with(field)).is_err(), "{field}");
        }
    }
}
