use super::code::{STEP_MS, at_stand, live, on_paper};
use super::verify::{Colour, Freshness, Known, Seen, Verdict, VerdictReason, verify};
use super::*;
use crate::signed::delegation::Delegation;
use crate::signed::keys::IssuerKey;
use proptest::prelude::*;
use time::macros::{date, datetime};

pub(crate) const NOW_MS: i64 = datetime!(2026-11-22 10:00 UTC).unix_timestamp() * 1_000;
const DAY_MS: i64 = 86_400_000;

/// Who signs the cards of the season.
pub(crate) fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

/// Who signs the status lists.
pub(crate) fn lists() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn phone() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn key(usage: KeyUse, of: &SigningKey) -> IssuerKey {
    IssuerKey {
        usage,
        public: of.verifying_key().to_bytes().into(),
        not_before_ms: NOW_MS - 100 * DAY_MS,
        not_after_ms: datetime!(2027-09-01 0:00 UTC).unix_timestamp() * 1_000,
        season: "2026-2027".into(),
    }
}

pub(crate) fn keys() -> KeySet {
    let keys = vec![key(KeyUse::Card, &issuer()), key(KeyUse::StatusList, &lists())];
    KeySet { version: 1, made_at_ms: NOW_MS - 100 * DAY_MS, keys, ..KeySet::default() }
}

fn list(days_ago: i64, withdrawn: &[(u32, Withdrawal)]) -> StatusList {
    StatusList::new(1, NOW_MS - days_ago * DAY_MS, withdrawn.iter().copied())
}

/// Lina's card, which only her phone can show.
fn lina() -> Card {
    Card {
        status_index: 4_711,
        season: "2026-2027".into(),
        expires_day: day_number(date!(2027 - 08 - 31)),
        birth_day: day_number(date!(2009 - 03 - 07)),
        device: Some(phone().verifying_key().to_bytes().into()),
        name: "Lina Moreau".into(),
        school: "0630020E".into(),
        photo: [7; 32].into(),
        provisional: false,
        renew_by_day: None,
    }
}

fn paper() -> Card {
    Card { device: None, ..lina() }
}

fn shown(card: &Card, at_ms: i64) -> String {
    live(&card.sign(&issuer()), &phone(), at_ms)
}

/// What someone who knows these keys and this list is told.
fn told_at(scanned: &str, keys: &KeySet, list: &StatusList, now_ms: i64) -> Verdict {
    let known = Known { keys: Some(keys), list: Some(list) };
    verify(scanned, &known, now_ms, &mut Seen::default())
}

fn told(scanned: &str) -> Verdict {
    told_at(scanned, &keys(), &list(0, &[]), NOW_MS)
}

fn reason_at(scanned: &str, now_ms: i64) -> VerdictReason {
    told_at(scanned, &keys(), &list(0, &[]), now_ms).reason
}

#[test]
fn a_card_is_verified_from_its_live_code_alone() {
    let code = shown(&signed_on(date!(2026 - 11 - 22)), NOW_MS);
    let verdict = told(&code);
    assert_eq!((verdict.state, verdict.reason), (CardState::Active, VerdictReason::Good));
    assert_eq!((verdict.colour(), verdict.freshness()), (Colour::Green, Freshness::Fresh));
    let holder = verdict.holder.unwrap();
    assert_eq!((holder.name.as_str(), holder.birth_year), ("Lina Moreau", 2009));
    assert_eq!(holder.photo, [7; 32]);
    assert!(code.len() < 430, "{} characters", code.len());
}

#[test]
fn a_printed_card_asks_for_a_look_at_the_photo() {
    let verdict = told(&on_paper(&paper().sign(&issuer())));
    assert_eq!((verdict.state, verdict.reason), (CardState::Active, VerdictReason::Printed));
    assert_eq!(verdict.colour(), Colour::Orange);
}

#[test]
fn a_provisional_card_says_that_nobody_has_decided() {
    let verdict = told(&shown(&Card { provisional: true, ..lina() }, NOW_MS));
    assert_eq!(
        (verdict.state, verdict.reason),
        (CardState::Provisional, VerdictReason::NotDecided)
    );
    assert_eq!(verdict.colour(), Colour::Orange);
}

#[test]
fn every_flipped_bit_of_a_live_code_and_of_a_printed_one_is_refused() {
    let card = signed_on(date!(2026 - 11 - 22));
    for code in [shown(&card, NOW_MS), on_paper(&paper().sign(&issuer()))] {
        let bytes = base45::decode(code.strip_prefix("PR1:").unwrap()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let verdict = told(&format!("PR1:{}", base45::encode(&forged)));
            assert_eq!(verdict.colour(), Colour::Red, "bit {bit}");
            assert_eq!(verdict.holder, None, "bit {bit}");
        }
        for bit in 0..code.len() * 8 {
            let mut forged = code.clone().into_bytes();
            forged[bit / 8] ^= 1 << (bit % 8);
            let Ok(forged) = String::from_utf8(forged) else { continue };
            assert_eq!(told(&forged).colour(), Colour::Red, "bit {bit} of the text");
        }
    }
}

#[test]
fn a_code_that_was_filmed_is_refused_a_minute_later() {
    let code = shown(&lina(), NOW_MS);
    assert_eq!(reason_at(&code, NOW_MS + 2 * STEP_MS), VerdictReason::Good);
    assert_eq!(reason_at(&code, NOW_MS - 2 * STEP_MS), VerdictReason::Good);
    for late_ms in [3 * STEP_MS, 60_000, 3_600_000] {
        assert_eq!(reason_at(&code, NOW_MS + late_ms), VerdictReason::NotNow, "{late_ms}");
    }
    assert_eq!(reason_at(&code, NOW_MS - 3 * STEP_MS), VerdictReason::NotNow);
}

#[test]
fn the_same_code_is_not_good_twice_at_one_place() {
    let (keys, list) = (keys(), list(0, &[]));
    let known = Known { keys: Some(&keys), list: Some(&list) };
    let (code, mut seen) = (shown(&lina(), NOW_MS), Seen::default());
    let mut reason = |code: &str, now_ms| verify(code, &known, now_ms, &mut seen).reason;
    assert_eq!(reason(&code, NOW_MS), VerdictReason::Good);
    assert_eq!(reason(&code, NOW_MS + 1_000), VerdictReason::SeenBefore);
    let next = shown(&lina(), NOW_MS + STEP_MS);
    assert_eq!(reason(&next, NOW_MS + STEP_MS), VerdictReason::Good);
    let friend = shown(&Card { status_index: 4_712, ..lina() }, NOW_MS);
    assert_eq!(reason(&friend, NOW_MS), VerdictReason::Good, "another card at the same step");
}

#[test]
fn a_copied_credential_is_refused_without_the_word_of_its_phone() {
    let credential = lina().sign(&issuer());
    assert_eq!(told(&on_paper(&credential)).reason, VerdictReason::NotLive);
    let thief = SigningKey::from_bytes(&[8; 32]);
    assert_eq!(told(&live(&credential, &thief, NOW_MS)).reason, VerdictReason::OtherPhone);
    // A printed page is not made a live card by any phone.
    let dressed = live(&paper().sign(&issuer()), &thief, NOW_MS);
    assert_eq!(told(&dressed).reason, VerdictReason::OtherPhone);
}

#[test]
fn each_way_of_being_withdrawn_is_told_apart() {
    for why in [Withdrawal::Blocked, Withdrawal::Suspended, Withdrawal::Replaced] {
        let list = list(60, &[(4_711, why)]);
        let verdict = told_at(&shown(&lina(), NOW_MS), &keys(), &list, NOW_MS);
        assert_eq!((verdict.state, verdict.reason), (why.into(), why.into()), "however old");
        assert_eq!(verdict.colour(), Colour::Red);
        let neighbour = Card { status_index: 4_712, ..lina() };
        assert_eq!(neighbour.state(Some(&list), date!(2026 - 11 - 22)), CardState::Active);
    }
}

#[test]
fn a_list_loses_its_weight_with_age() {
    let code = shown(&lina(), NOW_MS);
    let told = |days| told_at(&code, &keys(), &list(days, &[]), NOW_MS);
    for (days, colour, freshness) in [
        (7, Colour::Green, Freshness::Fresh),
        (8, Colour::Green, Freshness::Old),
        (30, Colour::Green, Freshness::Old),
        (31, Colour::Grey, Freshness::Stale),
    ] {
        let verdict = told(days);
        assert_eq!((verdict.colour(), verdict.freshness()), (colour, freshness), "{days} days");
        assert_eq!(verdict.list_age_days, Some(days));
    }
    assert_eq!(told(31).reason, VerdictReason::StaleList);
}

#[test]
fn without_keys_or_list_nobody_can_tell() {
    let (code, keys) = (shown(&lina(), NOW_MS), keys());
    let told = |known: Known<'_>| verify(&code, &known, NOW_MS, &mut Seen::default());
    let nothing = told(Known::default());
    assert_eq!((nothing.colour(), nothing.reason), (Colour::Grey, VerdictReason::NoKeys));
    let no_list = told(Known { keys: Some(&keys), list: None });
    assert_eq!((no_list.colour(), no_list.reason), (Colour::Grey, VerdictReason::NoList));
}

#[test]
fn a_clock_behind_the_regions_own_words_is_not_believed() {
    let then = NOW_MS - 30 * DAY_MS;
    let verdict = told_at(&shown(&lina(), then), &keys(), &list(0, &[]), then);
    assert_eq!((verdict.colour(), verdict.reason), (Colour::Grey, VerdictReason::WrongClock));
}

#[test]
fn a_card_is_good_through_its_last_day() {
    assert_eq!(paper().state(None, date!(2027 - 08 - 31)), CardState::Active);
    assert_eq!(paper().state(None, date!(2027 - 09 - 01)), CardState::Expired);
    let after = datetime!(2027-09-01 8:00 UTC).unix_timestamp() * 1_000;
    let verdict = told_at(&shown(&lina(), after), &keys(), &list(0, &[]), after);
    assert_eq!((verdict.colour(), verdict.reason), (Colour::Red, VerdictReason::Expired));
}

/// Lina's card, signed for her phone on that day.
fn signed_on(day: Date) -> Card {
    let renew_by = renew_by_day(day_number(day), lina().expires_day);
    Card { renew_by_day: Some(renew_by), ..lina() }
}

#[test]
fn a_card_whose_phone_was_long_without_network_is_good_and_worth_a_second_look() {
    let card = signed_on(date!(2026 - 08 - 24));
    let last_day = datetime!(2026-11-22 23:59 UTC).unix_timestamp() * 1_000;
    assert_eq!(told_on(&card, last_day).reason, VerdictReason::Good, "ninety days later");
    let late = told_on(&card, last_day + DAY_MS);
    assert_eq!((late.state, late.reason), (CardState::Active, VerdictReason::NotRenewed));
    assert_eq!(late.colour(), Colour::Orange, "no worse than the page that it could print");
    assert_eq!(late.holder.unwrap().name, "Lina Moreau");
    let list = list(0, &[(4_711, Withdrawal::Blocked)]);
    let lost = told_at(&shown(&card, NOW_MS), &keys(), &list, NOW_MS);
    assert_eq!(lost.colour(), Colour::Red, "what is known of the card comes first");
}

fn told_on(card: &Card, now_ms: i64) -> Verdict {
    told_at(&shown(card, now_ms), &keys(), &list(0, &[]), now_ms)
}

#[test]
fn a_card_is_due_after_a_month_unless_it_would_not_last_longer() {
    let due = |card: &Card, on: Date| card.is_due(day_number(on));
    let card = signed_on(date!(2026 - 11 - 22));
    assert!(!due(&card, date!(2026 - 12 - 21)));
    assert!(due(&card, date!(2026 - 12 - 22)) && due(&card, date!(2027 - 06 - 22)), "overdue too");
    let in_may = signed_on(date!(2027 - 05 - 31));
    assert!(due(&in_may, date!(2027 - 07 - 15)), "two days more");
    let in_june = signed_on(date!(2027 - 06 - 10));
    assert_eq!(in_june.renew_by_day, Some(lina().expires_day), "never beyond the card's own end");
    assert!(!due(&in_june, date!(2027 - 08 - 30)));
    assert!(due(&lina(), date!(2026 - 11 - 22)), "it was signed before there was a renewal");
    assert!(!due(&lina(), date!(2027 - 09 - 01)) && !due(&paper(), date!(2026 - 11 - 22)));
}

/// A card as an app reads it that knows nothing of renewal.
#[derive(minicbor::Decode)]
#[cbor(map)]
struct CardOfBefore {
    #[n(1)]
    status_index: u32,
    #[n(4)]
    expires_day: i32,
    #[n(13)]
    #[cbor(default)]
    provisional: bool,
}

#[test]
fn former_apps_read_renewed_cards_and_cards_of_former_servers_are_read() {
    let card = signed_on(date!(2026 - 11 - 22));
    let former: CardOfBefore = minicbor::decode(&minicbor::to_vec(&card).unwrap()).unwrap();
    assert_eq!(former.status_index, card.status_index);
    assert_eq!(former.expires_day, card.expires_day, "it goes by the card's own end");
    assert!(!former.provisional);
    // As a former server wrote it.
    let head = b"\xa8\x01\x19\x12\x67\x03i2026-2027\x04\x19\x52\x45\x05\x19\x37\xe6";
    let whose = b"\x0akLina Moreau\x0bh0630020E\x0cX ";
    let written = [&head[..], whose, &[7; 32], b"\x0d\xf4"].concat();
    let verdict = told(&on_paper(&sign(Purpose::Card, written, &issuer())));
    assert_eq!(verdict.reason, VerdictReason::Printed);
    assert_eq!(minicbor::to_vec(paper()).unwrap().len(), 84, "and a page is not a byte longer");
}

#[test]
fn keys_rotate_overlap_end_and_vanish() {
    let second = SigningKey::from_bytes(&[4; 32]);
    let (old, new) = (shown(&lina(), NOW_MS), live(&lina().sign(&second), &phone(), NOW_MS));
    let reason = |code: &str, keys: &KeySet| told_at(code, keys, &list(0, &[]), NOW_MS).reason;
    assert_eq!(reason(&new, &keys()), VerdictReason::UnknownKey, "before the rotation");
    let mut rotated = keys();
    rotated.keys.push(key(KeyUse::Card, &second));
    assert_eq!(
        (reason(&old, &rotated), reason(&new, &rotated)),
        (VerdictReason::Good, VerdictReason::Good)
    );
    rotated.keys[0].not_after_ms = NOW_MS - 1;
    assert_eq!(reason(&old, &rotated), VerdictReason::KeyOutOfForce);
    rotated.keys[0].not_after_ms = NOW_MS + 2;
    rotated.keys[0].not_before_ms = NOW_MS + 1;
    assert_eq!(reason(&old, &rotated), VerdictReason::KeyOutOfForce, "not yet");
    rotated.keys.remove(0);
    assert_eq!(
        (reason(&old, &rotated), reason(&new, &rotated)),
        (VerdictReason::UnknownKey, VerdictReason::Good)
    );
}

#[test]
fn a_card_of_another_signer_or_of_the_key_for_lists_is_refused() {
    for forger in [SigningKey::from_bytes(&[9; 32]), lists()] {
        let forged = live(&lina().sign(&forger), &phone(), NOW_MS);
        assert_eq!(told(&forged).reason, VerdictReason::UnknownKey);
    }
}

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(day_number(date!(1970 - 01 - 01)), 0);
    assert_eq!(day_number(date!(1969 - 12 - 31)), -1);
}

proptest! {
    #[test]
    fn any_scanned_text_is_refused_without_a_name(text: String, bytes: Vec<u8>) {
        for scanned in [text.clone(), format!("PR1:{text}"), on_paper(&bytes)] {
            let verdict = told(&scanned);
            prop_assert_eq!(verdict.colour(), Colour::Red);
            prop_assert_eq!(verdict.holder, None);
        }
    }
}

/// Who signs delegations.
fn delegator() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

/// The tablet of the stand at Aurillac.
fn tablet() -> SigningKey {
    SigningKey::from_bytes(&[8; 32])
}

fn aurillac() -> Delegation {
    Delegation {
        stand: [1; 16].into(),
        device: tablet().verifying_key().to_bytes().into(),
        not_before_ms: NOW_MS - DAY_MS,
        not_after_ms: NOW_MS + DAY_MS,
        season: "2026-2027".into(),
        most_cards: 300,
    }
}

fn keys_of_stands() -> KeySet {
    let mut set = keys();
    set.keys.push(key(KeyUse::Delegation, &delegator()));
    set
}

fn from_the_stand() -> Card {
    let expires_day = day_number(date!(2026 - 12 - 22));
    Card { status_index: 12, provisional: true, expires_day, ..paper() }
}

fn code_of_the_stand(card: &Card, by: &Delegation) -> String {
    at_stand(&by.sign(&delegator()), &card.sign_at_stand(&tablet())).unwrap()
}

fn told_of_the_stand(card: &Card, by: &Delegation) -> Verdict {
    told_at(&code_of_the_stand(card, by), &keys_of_stands(), &list(0, &[]), NOW_MS)
}

#[test]
fn the_card_of_a_stand_is_provisional_and_verified_without_network() {
    let code = code_of_the_stand(&from_the_stand(), &aurillac());
    assert!(code.len() < 700, "{} characters", code.len());
    let verdict = told_of_the_stand(&from_the_stand(), &aurillac());
    assert_eq!((verdict.state, verdict.reason), (CardState::Provisional, VerdictReason::AtStand));
    assert_eq!(verdict.colour(), Colour::Orange);
    assert_eq!(verdict.holder.unwrap().name, "Lina Moreau");
    // Its count is no place on the list of withdrawn cards.
    let withdrawn = list(0, &[(12, Withdrawal::Blocked)]);
    let verdict = told_at(&code, &keys_of_stands(), &withdrawn, NOW_MS);
    assert_eq!(verdict.reason, VerdictReason::AtStand);
    let after = told_at(&code, &keys_of_stands(), &list(0, &[]), NOW_MS + 31 * DAY_MS);
    assert_eq!(after.state, CardState::Expired);
}

#[test]
fn a_stand_signs_no_more_than_the_region_lets_it() {
    let good = from_the_stand();
    for (card, why) in [
        (Card { provisional: false, ..good.clone() }, "a card that is not provisional"),
        (Card { status_index: 300, ..good.clone() }, "one more than it may"),
        (Card { season: "2027-2028".into(), ..good.clone() }, "another season"),
        (Card { expires_day: good.expires_day + 30, ..good.clone() }, "too long"),
    ] {
        let reason = told_of_the_stand(&card, &aurillac()).reason;
        assert_eq!(reason, VerdictReason::NotDelegated, "{why}");
    }
    let tomorrow = Delegation { not_before_ms: NOW_MS + 1, ..aurillac() };
    let reason = told_of_the_stand(&good, &tomorrow).reason;
    assert_eq!(reason, VerdictReason::KeyOutOfForce);
    let stranger = Delegation { device: [9; 32].into(), ..aurillac() };
    assert_eq!(told_of_the_stand(&good, &stranger).state, CardState::Untrusted);
    // A tablet's signature is no signature of the Region's own, and the other way round.
    let alone = on_paper(&good.sign_at_stand(&tablet()));
    assert_eq!(
        told_at(&alone, &keys_of_stands(), &list(0, &[]), NOW_MS).state,
        CardState::Untrusted
    );
}

#[test]
fn the_cards_of_a_revoked_stand_are_refused() {
    let mut set = keys_of_stands();
    set.revoked.push([1; 16].into());
    let code = code_of_the_stand(&from_the_stand(), &aurillac());
    let verdict = told_at(&code, &set, &list(0, &[]), NOW_MS);
    assert_eq!(
        (verdict.state, verdict.reason),
        (CardState::Untrusted, VerdictReason::StandRevoked)
    );
    assert_eq!(verdict.holder, None);
}
