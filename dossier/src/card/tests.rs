use super::*;
use proptest::prelude::*;
use time::macros::date;

fn region() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn lina() -> Card {
    Card {
        status_index: 4_711,
        season: "2026-2027".into(),
        expires_day: day_number(date!(2027 - 08 - 31)),
        birth_day: day_number(date!(2009 - 03 - 07)),
        name: "Lina Moreau".into(),
        school: "0630020E".into(),
        photo: [7; 32].into(),
    }
}

#[test]
fn a_card_is_verified_from_its_code_alone() {
    let scanned = code(&lina().sign(&region()));
    let card = read_code(&scanned, &(&region()).into()).unwrap();
    assert_eq!(card.name, "Lina Moreau");
    assert_eq!(card.expires_on(), date!(2027 - 08 - 31));
    assert_eq!(card.state(None, date!(2026 - 11 - 22)), CardState::Active);
    assert!(scanned.len() < 400, "{} characters", scanned.len());
}

#[test]
fn a_card_is_good_through_its_last_day() {
    assert_eq!(lina().state(None, date!(2027 - 08 - 31)), CardState::Active);
    assert_eq!(lina().state(None, date!(2027 - 09 - 01)), CardState::Expired);
}

#[test]
fn a_blocked_card_is_blocked_and_its_neighbour_is_not() {
    let list = StatusList::new(1, 0, [4_711]);
    assert_eq!(lina().state(Some(&list), date!(2026 - 11 - 22)), CardState::Blocked);
    let neighbour = Card { status_index: 4_712, ..lina() };
    assert_eq!(neighbour.state(Some(&list), date!(2026 - 11 - 22)), CardState::Active);
}

#[test]
fn a_card_of_another_signer_is_refused() {
    let forged = code(&lina().sign(&SigningKey::from_bytes(&[2; 32])));
    let verdict = read_code(&forged, &(&region()).into());
    assert_eq!(verdict, Err(CardRefusal::Signature(SignatureRefusal::UnknownKey)));
}

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(day_number(date!(1970 - 01 - 01)), 0);
    assert_eq!(day_number(date!(1969 - 12 - 31)), -1);
}

proptest! {
    #[test]
    fn any_scanned_text_is_a_card_or_refused(text: String) {
        let _ = read_code(&text, &(&region()).into());
        let _ = read_code(&format!("{PREFIX}{text}"), &(&region()).into());
    }
}
