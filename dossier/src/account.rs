//! The account of a dossier: what a phone and the server say to each other about it.

mod code;
mod link;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::card::Standing;
use crate::form::charter::Acceptance;
use crate::form::{Answers, Field};
use crate::number::DossierNumber;

pub use code::{Code, CodeRefusal};
pub use link::{Link, LinkRefusal};

/// What a device may call itself, in characters.
pub const LONGEST_DEVICE_NAME: usize = 60;

/// `POST /v1/sign-in`: this device may read the dossier of this number.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInAsk {
    /// Which dossier.
    pub number: DossierNumber,
    /// Its password, exactly as typed.
    pub password: String,
    /// What the device calls itself, for the list of devices.
    pub device: String,
}

/// All that another phone needs to show a dossier like one of its own.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Which dossier.
    pub dossier: Uuid,
    /// Its number, in full.
    pub number: DossierNumber,
    /// The signed receipt, in base64.
    pub receipt: String,
    /// What was answered.
    pub answers: KeptAnswers,
    /// Where the dossier stands.
    pub standing: Standing,
}

/// The answers of a deposited dossier as the server keeps them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeptAnswers {
    /// The text of each answered field.
    pub typed: BTreeMap<Field, String>,
    /// Version of the accepted charter.
    pub charter_version: String,
    /// SHA-256 of its text, in hexadecimal.
    pub charter_hash: String,
    /// When it was accepted, in milliseconds since 1970.
    pub charter_accepted_at_ms: i64,
}

impl From<KeptAnswers> for Answers {
    fn from(kept: KeptAnswers) -> Self {
        let charter = Acceptance {
            version: kept.charter_version,
            hash: kept.charter_hash,
            accepted_at_ms: kept.charter_accepted_at_ms,
        };
        Self { typed: kept.typed, charter: Some(charter), ..Self::default() }
    }
}

/// `POST /v1/activation/mail`, `POST /v1/password/mail`: send me another mail.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberAsk {
    /// Which dossier.
    pub number: DossierNumber,
}

/// `POST /v1/numbers/mail`: which dossiers have this address?
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmailAsk {
    /// The address, as typed.
    pub email: String,
}

/// `POST /v1/activation`: I read the mail of this dossier.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivateAsk {
    /// Which dossier.
    pub number: DossierNumber,
    /// The code of the mail.
    pub code: Code,
    /// A first password, when none was chosen with the application.
    pub password: Option<String>,
}

/// `PUT /v1/password`: a new password, for whoever forgot the former one.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetAsk {
    /// Which dossier.
    pub number: DossierNumber,
    /// The code of the mail.
    pub code: Code,
    /// The new password.
    pub password: String,
}

/// What the link or the code of a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The account's first sign-in.
    Activation,
    /// A password in place of a forgotten one.
    Reset,
    /// Another address.
    Address,
}

/// `POST /v1/link`: what is this link for?
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkAsk {
    /// The link of a mail.
    pub link: Link,
}

/// The answer: the link is still good, and nothing of it is spent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkStanding {
    /// What it is for.
    pub purpose: Purpose,
    /// Which dossier.
    pub dossier: Uuid,
    /// Its number, masked.
    pub number_masked: String,
    /// Whether a password must be chosen along with it.
    pub needs_password: bool,
}

/// `PUT /v1/link`: I read the mail of this link; do what it is for.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FollowAsk {
    /// The link of the mail.
    pub link: Link,
    /// A password, when one must be chosen.
    pub password: Option<String>,
}

/// `PUT /v1/accounts/{dossier}/password`: another password, for whoever knows the present one.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordAsk {
    /// The present password.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// `POST /v1/accounts/{dossier}/address`: a code goes to another address.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddressAsk {
    /// The present password; empty while none was chosen.
    pub password: String,
    /// The new address, as typed.
    pub email: String,
}

/// `PUT /v1/accounts/{dossier}/address`: I read the mail of the new address.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProveAddressAsk {
    /// The code that went there.
    pub code: Code,
}

/// `PUT /v1/accounts/{dossier}/contact`: another phone number, or another home.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactAsk {
    /// The text of every field of the step « contact ».
    pub typed: BTreeMap<Field, String>,
}

/// `POST /v1/accounts/{dossier}/erasure`: forget me.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EraseAsk {
    /// The present password.
    pub password: String,
}

/// `GET /v1/accounts/{dossier}`: how the account stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountStanding {
    /// When somebody proved that they read its mail, in milliseconds since 1970.
    pub activated_at_ms: Option<i64>,
    /// `l•••@example.fr`
    pub email_masked: String,
    /// A new address that waits for its code, masked.
    pub new_email_masked: Option<String>,
    /// Whether a password was chosen.
    pub has_password: bool,
    /// Phone number and home as the Region has them now, by field.
    pub contact: BTreeMap<Field, String>,
}

unprinted!(AccountStanding);

/// A device that may read the dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceSeen {
    /// What names it; 0 is the one that deposited the dossier.
    pub id: i64,
    /// What it calls itself; empty when it never said.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    pub opened_at_ms: i64,
    /// When it last asked for the dossier, within the hour; null when that is not noted.
    pub seen_at_ms: Option<i64>,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// An address of which only its owner can tell the rest: `l•••@example.fr`.
pub fn masked_email(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}•••@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::correction::Topic;
    use crate::review::{Correcting, CorrectionRequested};

    #[test]
    fn a_masked_address_tells_one_letter_and_the_domain() {
        assert_eq!(masked_email("lina.moreau@example.fr"), "l•••@example.fr");
        assert_eq!(masked_email("é@example.fr"), "é•••@example.fr");
    }

    #[test]
    fn what_a_student_said_is_printed_by_no_type_that_holds_it() {
        let typed = BTreeMap::from([(Field::AddressLine, "12 rue Blatin".to_owned())]);
        let answers = Answers { typed: typed.clone(), ..Answers::default() };
        let account = AccountStanding {
            activated_at_ms: None,
            email_masked: masked_email("lina.moreau@example.fr"),
            new_email_masked: None,
            has_password: true,
            contact: typed.clone(),
        };
        let correction = CorrectionRequested {
            id: Uuid::nil(),
            asked: Correcting::new(&[Topic::Address], &[], Some("Blatin ?")).unwrap(),
            typed,
            asked_at_ms: 0,
        };
        let printed = format!("{answers:?} {account:?} {correction:?}");
        assert_eq!(printed, "Answers(…) AccountStanding(…) CorrectionRequested(…)");
    }
}
