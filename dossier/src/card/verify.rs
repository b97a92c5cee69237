//! Is this card good? What anyone finds out from its code, the keys and a list, without network.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use ts_rs::TS;

use super::code::{Shown, Word, is_near};
use super::status_list::{StatusList, Withdrawal};
use super::{AT_STAND_DAYS, Card, CardState, day_number};
use crate::signed::delegation::{Delegation, DelegationRefusal};
use crate::signed::keys::{IssuerKey, KeySet, KeyUse};
use crate::signed::{Purpose, SignatureRefusal, open_by};

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

unprinted!(Holder);

/// Why a card is worth what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictReason {
    /// Everything holds.
    Good,
    /// Everything holds, but a printed page can be copied: the photo decides.
    Printed,
    /// Everything holds, but its phone has not been in touch with the Region for long: the photo
    /// decides, as on a page.
    NotRenewed,
    /// Received and not decided yet.
    NotDecided,
    /// Applied for at a stand; whether it was received nobody can tell here.
    AtStand,
    /// Not one of our codes.
    NotACard,
    /// Signed by none of the Region's keys.
    UnknownKey,
    /// Signed by a key that is not in force any more, or not yet.
    KeyOutOfForce,
    /// Altered after it was signed.
    Tampered,
    /// Signed by a stand whose word the Region took back.
    StandRevoked,
    /// Signed by a stand that may not sign this.
    NotDelegated,
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
    let believed = match Believed::read(&shown, keys) {
        Ok(believed) => believed,
        Err(reason) => return told(CardState::Untrusted, reason, None),
    };
    let (state, reason) = withdrawn(&believed, known, now_ms)
        .or_else(|| out_of_time(&believed, now_ms))
        .or_else(|| not_live(&believed.card, &shown, now_ms, seen))
        .or_else(|| unsure(known, now_ms))
        .unwrap_or(match (believed.card.provisional, &shown.word) {
            (_, Word::Stand(_)) => (CardState::Provisional, VerdictReason::AtStand),
            (true, _) => (CardState::Provisional, VerdictReason::NotDecided),
            (false, Word::Paper) => (CardState::Active, VerdictReason::Printed),
            (false, Word::Phone(_)) if believed.card.is_overdue(day_of(now_ms)) => {
                (CardState::Active, VerdictReason::NotRenewed)
            }
            (false, Word::Phone(_)) => (CardState::Active, VerdictReason::Good),
        });
    told(state, reason, Some(Holder::of(believed.card)))
}

/// What is wrong, if something is.
type Fault = Option<(CardState, VerdictReason)>;

/// The card of a code, if the Region signed it or has a stand do so, and if the phone that the card
/// belongs to shows it.
struct Believed<'a> {
    card: Card,
    /// The key of the Region behind it.
    key: &'a IssuerKey,
    /// What the stand that signed it may do.
    by: Option<Delegation>,
}

impl<'a> Believed<'a> {
    fn read(shown: &Shown, keys: &'a KeySet) -> Result<Self, VerdictReason> {
        let believed = match &shown.word {
            Word::Stand(delegation) => Self::of_a_stand(delegation, &shown.credential, keys)?,
            Word::Paper | Word::Phone(_) => {
                let (payload, key) = keys.read(KeyUse::Card, &shown.credential)?;
                Self { card: card_in(&payload)?, key, by: None }
            }
        };
        match (&believed.card.device, &shown.word) {
            (None, Word::Paper | Word::Stand(_)) => Ok(believed),
            (Some(_), Word::Paper | Word::Stand(_)) => Err(VerdictReason::NotLive),
            (Some(device), Word::Phone(live)) if live.is_by(device, &shown.credential) => {
                Ok(believed)
            }
            (_, Word::Phone(_)) => Err(VerdictReason::OtherPhone),
        }
    }

    fn of_a_stand(
        delegation: &[u8],
        credential: &[u8],
        keys: &'a KeySet,
    ) -> Result<Self, VerdictReason> {
        let (by, key) = Delegation::open(delegation, keys).map_err(|refusal| match refusal {
            DelegationRefusal::Signature(refusal) => refusal.into(),
            DelegationRefusal::Unreadable => VerdictReason::NotACard,
            DelegationRefusal::Revoked => VerdictReason::StandRevoked,
        })?;
        let card = card_in(&open_by(Purpose::StandCard, credential, &by.device)?)?;
        let last_day = day_of(by.not_after_ms).saturating_add(AT_STAND_DAYS);
        let within = card.provisional
            && card.season == by.season
            && card.status_index < by.most_cards
            && card.expires_day <= last_day;
        if within { Ok(Self { card, key, by: Some(by) }) } else { Err(VerdictReason::NotDelegated) }
    }
}

fn card_in(payload: &[u8]) -> Result<Card, VerdictReason> {
    minicbor::decode(payload).map_err(|_| VerdictReason::NotACard)
}

impl From<SignatureRefusal> for VerdictReason {
    fn from(refusal: SignatureRefusal) -> Self {
        match refusal {
            SignatureRefusal::UnknownKey => Self::UnknownKey,
            SignatureRefusal::Tampered => Self::Tampered,
            SignatureRefusal::Malformed => Self::NotACard,
        }
    }
}

/// What is on the list counts however old the list is, and whatever the clock says. The cards of a
/// stand have no place there: theirs only count them.
fn withdrawn(believed: &Believed<'_>, known: &Known<'_>, now_ms: i64) -> Fault {
    let listed = known.list.filter(|_| believed.by.is_none());
    if let Some(why) = listed.and_then(|list| list.withdrawal(believed.card.status_index)) {
        return Some((why.into(), why.into()));
    }
    let wrong_clock = known.is_ahead_of(now_ms);
    wrong_clock.then_some((CardState::Unknown, VerdictReason::WrongClock))
}

fn out_of_time(believed: &Believed<'_>, now_ms: i64) -> Fault {
    if day_of(now_ms) > believed.card.expires_day {
        return Some((CardState::Expired, VerdictReason::Expired));
    }
    let began = believed.by.as_ref().is_none_or(|by| by.not_before_ms <= now_ms);
    let in_force = believed.key.is_in_force(now_ms) && began;
    (!in_force).then_some((CardState::Untrusted, VerdictReason::KeyOutOfForce))
}

/// The day of a moment, in days since 1970; beyond the calendar it is long over.
fn day_of(at_ms: i64) -> i32 {
    OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1_000))
        .map_or(i32::MAX, |moment| day_number(moment.date()))
}

fn not_live(card: &Card, shown: &Shown, now_ms: i64, seen: &mut Seen) -> Fault {
    let Word::Phone(live) = &shown.word else { return None };
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
