//! Is this card good? What anyone finds out from its code, the keys and a list, without network.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use ts_rs::TS;

use super::code::{Shown, is_near};
use super::status_list::{StatusList, Withdrawal};
use super::{Card, CardState, day_number};
use crate::signed::SignatureRefusal;
use crate::signed::keys::{IssuerKey, KeySet, KeyUse};

const DAY_MS: i64 = 86_400_000;
/// A list of a week is news.
const FRESH_DAYS: i64 = 7;
/// One older than this says too little.
const STALE_DAYS: i64 = 30;
/// A clock that lies further behind the newest thing that the Region signed is wrong.
const MOST_BEHIND_MS: i64 = DAY_MS;

/// What a verifier is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the card is worth.
    pub state: CardState,
    /// Why.
    pub reason: VerdictReason,
    /// Who holds it; none when the Region did not sign it.
    pub holder: Option<Holder>,
    /// How old the list is; none without one.
    pub list_age_days: Option<i64>,
}

/// Who holds a card, as the Region signed it.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    /// First name and family name.
    pub name: String,
    /// The year of birth: enough to compare with a face.
    pub birth_year: i32,
    /// School year, `2026-2027`.
    pub season: String,
    /// SHA-256 of the photo.
    pub photo: [u8; 32],
}

impl Holder {
    fn of(card: Card) -> Self {
        let birth_year = card.born_on().year();
        Self { birth_year, name: card.name, season: card.season, photo: *card.photo }
    }
}

/// Says nothing of the person, so that no log carries one by accident.
impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Holder(…)")
    }
}

/// Why a card is worth what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictReason {
    /// Everything holds.
    Good,
    /// Everything holds, but a printed page can be copied: the photo decides.
    Printed,
    /// Received and not decided yet.
    NotDecided,
    /// Not one of our codes.
    NotACard,
    /// Signed by none of the Region's keys.
    UnknownKey,
    /// Signed by a key that is not in force any more, or not yet.
    KeyOutOfForce,
    /// Altered after it was signed.
    Tampered,
    /// A card of a phone, without that phone's word: a copy.
    NotLive,
    /// The word of another phone.
    OtherPhone,
    /// Not shown just now: a picture of a code, or one of the two clocks is wrong.
    NotNow,
    /// This very code was shown here a moment ago.
    SeenBefore,
    /// On the list: lost, stolen or withdrawn.
    Blocked,
    /// On the list: for a while.
    Suspended,
    /// On the list: another card took its place.
    Replaced,
    /// Its last day has passed.
    Expired,
    /// No keys of the Region were fetched yet.
    NoKeys,
    /// No list was fetched yet.
    NoList,
    /// The list is too old.
    StaleList,
    /// This clock is behind what the Region has already signed.
    WrongClock,
}

impl From<Withdrawal> for VerdictReason {
    fn from(why: Withdrawal) -> Self {
        match why {
            Withdrawal::Blocked => Self::Blocked,
            Withdrawal::Suspended => Self::Suspended,
            Withdrawal::Replaced => Self::Replaced,
        }
    }
}

/// The colour of a verdict; a screen adds a shape, a word and a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Good.
    Green,
    /// Look twice.
    Orange,
    /// Not good.
    Red,
    /// Nobody can tell.
    Grey,
}

/// How much a list is worth by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// At most a week.
    Fresh,
    /// At most a month.
    Old,
    /// Older, or none.
    Stale,
}

impl Verdict {
    /// The colour.
    pub fn colour(&self) -> Colour {
        match (self.state, self.reason) {
            (CardState::Active, VerdictReason::Good) => Colour::Green,
            (CardState::Active | CardState::Provisional, _) => Colour::Orange,
            (CardState::Unknown, _) => Colour::Grey,
            _ => Colour::Red,
        }
    }

    /// What the list is worth.
    pub fn freshness(&self) -> Freshness {
        Freshness::of(self.list_age_days)
    }
}

impl Freshness {
    /// What a list of this age is worth.
    pub fn of(age_days: Option<i64>) -> Self {
        match age_days {
            Some(days) if days <= FRESH_DAYS => Self::Fresh,
            Some(days) if days <= STALE_DAYS => Self::Old,
            _ => Self::Stale,
        }
    }
}

/// The live codes that were shown here a moment ago: places on the list and steps, nothing of
/// persons. Kept in memory alone, and no longer than a code is good.
#[derive(Debug, Clone, Default)]
pub struct Seen(Vec<(u32, u32)>);

impl Seen {
    /// Whether this one is new here; from now on it is not.
    fn is_first(&mut self, index: u32, step: u32, now_ms: i64) -> bool {
        self.0.retain(|(_, step)| is_near(*step, now_ms));
        let first = !self.0.contains(&(index, step));
        if first {
            self.0.push((index, step));
        }
        first
    }
}

/// What a verifier knows of the Region, as last fetched.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The keys that sign cards and lists.
    pub keys: Option<&'a KeySet>,
    /// The cards that are not good any more.
    pub list: Option<&'a StatusList>,
}

impl Known<'_> {
    /// The age of the list in whole days.
    pub fn list_age_days(&self, now_ms: i64) -> Option<i64> {
        self.list.map(|list| (now_ms - list.made_at_ms).div_euclid(DAY_MS).max(0))
    }

    /// Whether this clock shows a time that the Region's own words show to be over.
    fn is_ahead_of(&self, now_ms: i64) -> bool {
        let made = [self.keys.map(|it| it.made_at_ms), self.list.map(|it| it.made_at_ms)];
        made.into_iter().flatten().any(|made| now_ms < made.saturating_sub(MOST_BEHIND_MS))
    }
}

/// What a scanned code is worth at this moment.
pub fn verify(scanned: &str, known: &Known<'_>, now_ms: i64, seen: &mut Seen) -> Verdict {
    let told = |state, reason, holder| {
        let list_age_days = known.list_age_days(now_ms);
        Verdict { state, reason, holder, list_age_days }
    };
    let Some(shown) = Shown::read(scanned) else {
        return told(CardState::Untrusted, VerdictReason::NotACard, None);
    };
    let Some(keys) = known.keys else {
        return told(CardState::Unknown, VerdictReason::NoKeys, None);
    };
    let (card, key) = match believed(&shown, keys) {
        Ok(believed) => believed,
        Err(reason) => return told(CardState::Untrusted, reason, None),
    };
    let (state, reason) = withdrawn(&card, known, now_ms)
        .or_else(|| out_of_time(&card, key, now_ms))
        .or_else(|| not_live(&card, &shown, now_ms, seen))
        .or_else(|| unsure(known, now_ms))
        .unwrap_or(match (card.provisional, &shown.live) {
            (true, _) => (CardState::Provisional, VerdictReason::NotDecided),
            (false, None) => (CardState::Active, VerdictReason::Printed),
            (false, Some(_)) => (CardState::Active, VerdictReason::Good),
        });
    told(state, reason, Some(Holder::of(card)))
}

/// What is wrong, if something is.
type Fault = Option<(CardState, VerdictReason)>;

/// The card of a code and the key that signed it, if the Region did, and if the phone that the
/// card belongs to shows it.
fn believed<'a>(shown: &Shown, keys: &'a KeySet) -> Result<(Card, &'a IssuerKey), VerdictReason> {
    let (payload, key) =
        keys.read(KeyUse::Card, &shown.credential).map_err(|refusal| match refusal {
            SignatureRefusal::UnknownKey => VerdictReason::UnknownKey,
            SignatureRefusal::Tampered => VerdictReason::Tampered,
            SignatureRefusal::Malformed => VerdictReason::NotACard,
        })?;
    let card: Card = minicbor::decode(&payload).map_err(|_| VerdictReason::NotACard)?;
    match (&card.device, &shown.live) {
        (None, None) => Ok((card, key)),
        (Some(_), None) => Err(VerdictReason::NotLive),
        (Some(device), Some(live)) if live.is_by(device, &shown.credential) => Ok((card, key)),
        (_, Some(_)) => Err(VerdictReason::OtherPhone),
    }
}

/// What is on the list counts however old the list is, and whatever the clock says.
fn withdrawn(card: &Card, known: &Known<'_>, now_ms: i64) -> Fault {
    if let Some(why) = known.list.and_then(|list| list.withdrawal(card.status_index)) {
        return Some((why.into(), why.into()));
    }
    let wrong_clock = known.is_ahead_of(now_ms);
    wrong_clock.then_some((CardState::Unknown, VerdictReason::WrongClock))
}

fn out_of_time(card: &Card, key: &IssuerKey, now_ms: i64) -> Fault {
    let today = OffsetDateTime::from_unix_timestamp(now_ms.div_euclid(1_000)).ok()?.date();
    if day_number(today) > card.expires_day {
        return Some((CardState::Expired, VerdictReason::Expired));
    }
    let in_force = key.is_in_force(now_ms);
    (!in_force).then_some((CardState::Untrusted, VerdictReason::KeyOutOfForce))
}

fn not_live(card: &Card, shown: &Shown, now_ms: i64, seen: &mut Seen) -> Fault {
    let live = shown.live.as_ref()?;
    if !is_near(live.step, now_ms) {
        return Some((CardState::Untrusted, VerdictReason::NotNow));
    }
    let first = seen.is_first(card.status_index, live.step, now_ms);
    (!first).then_some((CardState::Untrusted, VerdictReason::SeenBefore))
}

fn unsure(known: &Known<'_>, now_ms: i64) -> Fault {
    let Some(days) = known.list_age_days(now_ms) else {
        return Some((CardState::Unknown, VerdictReason::NoList));
    };
    (days > STALE_DAYS).then_some((CardState::Unknown, VerdictReason::StaleList))
}
