//! The card: a credential that the Region signs and that anyone can verify without network.

pub mod code;
pub mod duplicate;
pub mod status_list;
pub mod verify;
pub mod vignette;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use ts_rs::TS;

use crate::benefit::Balances;
use crate::review::{CorrectionRequested, Reached, Refusing, State};
use crate::signed::keys::{IssuerKey, KeySet, KeyUse};
use crate::signed::{Purpose, SignatureRefusal, SigningKey, sign};
use duplicate::DuplicateReason;
use status_list::{StatusList, Withdrawal};

/// The provisional card of a stand lasts at most so long: until then the evening has come.
pub const AT_STAND_DAYS: i32 = 30;
/// What a phone shows is good for so long without being signed anew.
const UNRENEWED_DAYS: i32 = 90;
/// It is signed anew once no more of them are left: after a month.
const DUE_DAYS: i32 = 60;
/// Days since 1970 are counted from here.
const EPOCH: Date = OffsetDateTime::UNIX_EPOCH.date();

/// What the Region says of a card holder. The numbers of the map follow CWT where it has one.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Card {
    /// Place of this card in the status list; random, so that it tells nothing.
    #[n(1)]
    pub status_index: u32,
    /// School year, `2026-2027`.
    #[n(3)]
    pub season: String,
    /// Last day of validity, in days since 1970.
    #[n(4)]
    pub expires_day: i32,
    /// Day of birth, in days since 1970.
    #[n(5)]
    pub birth_day: i32,
    /// Public key of the one phone that may show it; none for the credential of a printed page.
    #[n(8)]
    pub device: Option<ByteArray<32>>,
    /// First name and family name.
    #[n(10)]
    pub name: String,
    /// UAI of the school.
    #[n(11)]
    pub school: String,
    /// SHA-256 of its [`vignette::Vignette`], which names the photo; of the photo itself in what was
    /// signed before there were vignettes.
    #[n(12)]
    pub photo: ByteArray<32>,
    /// Whether the application was only received: nobody has looked at it yet.
    #[n(13)]
    #[cbor(default)]
    pub provisional: bool,
    /// Last day on which its phone need not have it signed anew, in days since 1970; none on paper,
    /// and in what was signed before there was one.
    #[n(14)]
    pub renew_by_day: Option<i32>,
}

unprinted!(Card, Standing);

/// Why a card is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardRefusal {
    /// Signed, but not one of our cards.
    #[error("not a card")]
    NotACard,
    /// No key for cards signed it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
}

/// What a card is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Good.
    Active,
    /// The application was received, and nobody has looked at it yet.
    Provisional,
    /// Lost, stolen or withdrawn, by the status list.
    Blocked,
    /// For a while, by the status list.
    Suspended,
    /// Another card took its place, by the status list.
    Replaced,
    /// Its last day has passed.
    Expired,
    /// Not signed by the Region, altered, or not shown by the phone it belongs to.
    Untrusted,
    /// Nobody can tell here: the list is missing or too old, or the clock is wrong.
    Unknown,
}

impl From<Withdrawal> for CardState {
    fn from(why: Withdrawal) -> Self {
        match why {
            Withdrawal::Blocked => Self::Blocked,
            Withdrawal::Suspended => Self::Suspended,
            Withdrawal::Replaced => Self::Replaced,
        }
    }
}

impl Card {
    /// Signs the credential.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Card, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// Signs the credential at a stand, with its tablet's key: a provisional card whose place in the
    /// status list is its count among those of the stand.
    pub fn sign_at_stand(&self, device: &SigningKey) -> Vec<u8> {
        sign(Purpose::StandCard, minicbor::to_vec(self).unwrap_or_default(), device)
    }

    /// Opens a signed credential.
    pub fn open(signed: &[u8], keys: &KeySet) -> Result<Self, CardRefusal> {
        Self::read(signed, keys).map(|(card, _)| card)
    }

    /// The same, and the key that signed it.
    pub fn read<'a>(signed: &[u8], keys: &'a KeySet) -> Result<(Self, &'a IssuerKey), CardRefusal> {
        let (payload, key) = keys.read(KeyUse::Card, signed)?;
        let card = minicbor::decode(&payload).map_err(|_| CardRefusal::NotACard)?;
        Ok((card, key))
    }

    /// What the card is worth on this day, by this list.
    pub fn state(&self, list: Option<&StatusList>, today: Date) -> CardState {
        if let Some(why) = list.and_then(|list| list.withdrawal(self.status_index)) {
            why.into()
        } else if day_number(today) > self.expires_day {
            CardState::Expired
        } else if self.provisional {
            CardState::Provisional
        } else {
            CardState::Active
        }
    }

    /// Whether its phone is to have it signed anew on this day. Never for what would not last longer:
    /// a card near its end, or one whose end has passed.
    pub fn is_due(&self, day: i32) -> bool {
        let soon = |by: i32| by < self.expires_day && by.saturating_sub(day) <= DUE_DAYS;
        self.device.is_some() && day <= self.expires_day && self.renew_by_day.is_none_or(soon)
    }

    /// Whether its phone has not had it signed anew for too long.
    pub fn is_overdue(&self, day: i32) -> bool {
        self.renew_by_day.is_some_and(|by| day > by)
    }

    /// Last day of validity.
    pub fn expires_on(&self) -> Date {
        date_of(self.expires_day)
    }

    /// Day of birth.
    pub fn born_on(&self) -> Date {
        date_of(self.birth_day)
    }
}

fn date_of(day: i32) -> Date {
    EPOCH.checked_add(Duration::days(i64::from(day))).unwrap_or(Date::MAX)
}

/// By when a phone is to have a card signed anew that is signed for it on this day.
pub fn renew_by_day(day: i32, expires_day: i32) -> i32 {
    day.saturating_add(UNRENEWED_DAYS).min(expires_day)
}

/// Days from 1 January 1970 to `date`.
pub fn day_number(date: Date) -> i32 {
    date.to_julian_day() - EPOCH.to_julian_day()
}

/// `PUT /v1/cards/{dossier}`: the card of this dossier, for the phone that holds this key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardAsk {
    /// Public half of the phone's key, in hexadecimal.
    pub device_key: String,
    /// Whether to take it from the phone that has it.
    pub moving: bool,
}

/// `GET /v1/dossiers/{dossier}`: where a dossier stands, in the server's words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Why it was refused.
    pub decision: Option<Refusing>,
    /// The signed [`Card`], in base64.
    pub card: Option<String>,
    /// The same card for a printed page, which is bound to no phone: in base64.
    #[serde(default)]
    pub paper: Option<String>,
    /// Whether the phone that has the card is to have it signed anew: by the server's clock.
    #[serde(default)]
    pub renewal_due: bool,
    /// The cards that are not good any more, newest first; provisional ones are not told.
    #[serde(default)]
    pub former_cards: Vec<FormerCard>,
    /// The open duplicate request.
    pub duplicate: Option<DuplicateRequested>,
    /// What the student is asked to mend.
    #[serde(default)]
    pub correction: Option<CorrectionRequested>,
    /// What names the newest answer to such a request, in hexadecimal; the receipt names it too.
    #[serde(default)]
    pub corrected: Option<String>,
    /// What happened so far, oldest first.
    #[serde(default)]
    pub timeline: Vec<Reached>,
    /// What is left of what the card pays for; none while there is no card.
    #[serde(default)]
    pub balances: Option<Balances>,
}

/// A card that is not good any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormerCard {
    /// When it was issued, in milliseconds since 1970.
    pub issued_at_ms: i64,
    /// When it ended.
    pub ended_at_ms: i64,
    /// What it is since then: blocked or replaced.
    pub state: CardState,
}

/// A duplicate request that the server has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateRequested {
    /// The identifier that the phone made.
    pub id: uuid::Uuid,
    /// Why.
    pub reason: DuplicateReason,
    /// When the server took it, in milliseconds since 1970.
    pub asked_at_ms: i64,
}

#[cfg(test)]
pub(crate) mod tests;
