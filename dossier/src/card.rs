//! The card: a credential that the Region signs and that anyone can verify without network.

pub mod duplicate;
pub mod status_list;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use ts_rs::TS;

use crate::review::{Refusing, State};
use crate::signed::{Purpose, RegionKey, SignatureRefusal, SigningKey, open, sign};
use duplicate::DuplicateReason;
use status_list::StatusList;

/// What every card code starts with, so that a scanner knows it before reading it.
const PREFIX: &str = "PR1:";
/// The longest code that is looked at; ours have about 330 characters.
const LONGEST_CODE: usize = 1_024;
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
    /// First name and family name.
    #[n(10)]
    pub name: String,
    /// UAI of the school.
    #[n(11)]
    pub school: String,
    /// SHA-256 of the photo that belongs to it.
    #[n(12)]
    pub photo: ByteArray<32>,
}

/// Says nothing of the person, so that no log carries one by accident.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Card(…)")
    }
}

/// Why a card is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardRefusal {
    /// Not one of our codes.
    #[error("not a card code")]
    NotACard,
    /// The Region did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureRefusal),
}

/// What a card is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// Good.
    Active,
    /// On the status list.
    Blocked,
    /// Its last day has passed.
    Expired,
    /// Not signed by the Region, or altered.
    Untrusted,
}

impl Card {
    /// Signs the credential.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Card, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// Opens a signed credential.
    pub fn open(signed: &[u8], pinned: &RegionKey) -> Result<Self, CardRefusal> {
        let payload = open(Purpose::Card, signed, pinned)?;
        minicbor::decode(&payload).map_err(|_| CardRefusal::NotACard)
    }

    /// What the card is worth on this day, by this list.
    pub fn state(&self, list: Option<&StatusList>, today: Date) -> CardState {
        if list.is_some_and(|list| list.is_blocked(self.status_index)) {
            CardState::Blocked
        } else if day_number(today) > self.expires_day {
            CardState::Expired
        } else {
            CardState::Active
        }
    }

    /// Last day of validity.
    pub fn expires_on(&self) -> Date {
        EPOCH.checked_add(Duration::days(i64::from(self.expires_day))).unwrap_or(Date::MAX)
    }
}

/// Days from 1 January 1970 to `date`.
pub fn day_number(date: Date) -> i32 {
    date.to_julian_day() - EPOCH.to_julian_day()
}

/// The text inside the QR code of a signed credential.
pub fn code(signed: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(signed))
}

/// Reads a scanned code and verifies its signature. Needs no network.
pub fn read_code(scanned: &str, pinned: &RegionKey) -> Result<Card, CardRefusal> {
    if scanned.len() > LONGEST_CODE {
        return Err(CardRefusal::NotACard);
    }
    let text = scanned.strip_prefix(PREFIX).ok_or(CardRefusal::NotACard)?;
    let signed = base45::decode(text).map_err(|_| CardRefusal::NotACard)?;
    Card::open(&signed, pinned)
}

/// `GET /v1/dossiers/{dossier}`: where a dossier stands, in the server's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// Why it was refused.
    pub decision: Option<Refusing>,
    /// The signed [`Card`], in base64.
    pub card: Option<String>,
    /// The open duplicate request.
    pub duplicate: Option<DuplicateRequested>,
}

/// A duplicate request that the server has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DuplicateRequested {
    /// The identifier that the phone made.
    pub id: uuid::Uuid,
    /// Why.
    pub reason: DuplicateReason,
    /// When the server took it, in milliseconds since 1970.
    pub asked_at_ms: i64,
}

#[cfg(test)]
mod tests;
