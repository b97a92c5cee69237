//! Duplicate requests that end: taken back within a day, or by the card that is handed over.

use axum::http::StatusCode;
use dossier::card::duplicate::UNDO_MS;
use dossier::card::{Card, CardState};
use dossier::signed::SigningKey;
use sync_server::{CardOf, CardTask, tend_card};
use time::macros::date;
use uuid::Uuid;

use crate::desk::Desk;
use crate::phone::{Phone, key_set, status_list};
use crate::world::Server;

const TODAY: time::Date = date!(2026 - 11 - 22);
const REQUEST: Uuid = Uuid::from_bytes([42; 16]);

/// Lina's accepted dossier, and her request for another card, which is a minute old.
async fn asked(server: &Server, desk: &Desk) -> Phone {
    let lina = Phone::deposited(server, 1).await;
    desk.accept(server, lina.id).await;
    let key = SigningKey::from_bytes(&[7; 32]);
    assert_eq!(lina.hold(server, &key, false).await.status, StatusCode::OK);
    let answer = lina.ask_duplicate(server, REQUEST, "PERTE").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    server.wait_ms(60_000);
    lina
}

/// What the newest list says of a card.
async fn state(server: &Server, credential: &[u8]) -> CardState {
    let card = Card::open(credential, &key_set(server).await).unwrap();
    card.state(Some(&status_list(server).await), TODAY)
}

async fn is_open(server: &Server, lina: &Phone) -> bool {
    !lina.standing(server).await.json()["duplicate"].is_null()
}

#[tokio::test]
async fn a_card_that_was_found_is_good_again_and_the_one_that_replaced_it_is_not() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = asked(&server, &desk).await;
    let replacing = lina.credential(&server).await;
    let keys = key_set(&server).await;
    let answer = lina.take_back(&server, REQUEST).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.json()["duplicate"].is_null());
    let list = status_list(&server).await;
    let again = lina.take_back(&server, REQUEST).await;
    assert_eq!(again.json(), answer.json(), "asked again, the same answer");
    assert_eq!(status_list(&server).await, list, "and nothing happens");
    let found = lina.credential(&server).await;
    let card = Card::open(&found, &keys).unwrap();
    assert_eq!(card.device, None, "whoever has the former key has nothing of this card");
    assert_eq!(state(&server, &found).await, CardState::Active);
    assert_eq!(state(&server, &replacing).await, CardState::Replaced);
    let held = lina.hold(&server, &SigningKey::from_bytes(&[8; 32]), false).await;
    assert_eq!(held.status, StatusCode::OK);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card WHERE blocked_ms = 0"), 1);
    let audited = "SELECT count(*) FROM audit WHERE action = 'duplicate_taken_back'
         AND actor = 'student'";
    assert_eq!(server.sql::<i64>(audited), 1);
    let page = desk.get(&server, "/desk/duplicates").await.text();
    assert!(page.contains("Aucune demande de duplicata"), "{page}");
    assert!(page.contains("Annulée par l’élève"), "{page}");

    // A request that was cut off on its way and comes late opens nothing again.
    lina.ask_duplicate(&server, REQUEST, "PERTE").await;
    assert!(!is_open(&server, &lina).await);
    let second = Uuid::from_bytes([43; 16]);
    let answer = lina.ask_duplicate(&server, second, "VOL").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "lost for good this time");
    assert_eq!(state(&server, &found).await, CardState::Blocked);
}

#[tokio::test]
async fn a_day_later_a_request_is_not_taken_back_any_more() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = asked(&server, &desk).await;
    server.wait_ms(UNDO_MS - 60_000);
    let late = lina.take_back(&server, REQUEST).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "too_late"));
    assert!(is_open(&server, &lina).await, "nothing changed");
}

#[tokio::test]
async fn a_card_that_is_being_made_is_not_taken_back_and_ends_its_request_when_handed_over() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = asked(&server, &desk).await;
    desk.make(&server, lina.id, "in_production").await;
    assert_eq!(lina.take_back(&server, REQUEST).await.code(), "too_late");
    desk.make(&server, lina.id, "handed_over").await;
    assert!(!is_open(&server, &lina).await);
    assert_eq!(lina.take_back(&server, REQUEST).await.code(), "too_late");
    assert_eq!(state(&server, &lina.credential(&server).await).await, CardState::Active);
    let page = desk.get(&server, "/desk/duplicates").await.text();
    assert!(page.contains("Carte remise"), "{page}");
}

#[tokio::test]
async fn the_first_card_that_arrives_late_ends_no_request() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = Phone::deposited(&server, 1).await;
    desk.accept(&server, lina.id).await;
    desk.make(&server, lina.id, "in_production").await;
    server.wait_ms(60_000);
    lina.ask_duplicate(&server, REQUEST, "PERTE").await;
    server.wait_ms(60_000);
    desk.make(&server, lina.id, "handed_over").await;
    assert!(is_open(&server, &lina).await);
    assert_eq!(lina.take_back(&server, REQUEST).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_measure_is_not_escaped_by_an_older_card_and_nobody_takes_back_for_another() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = asked(&server, &desk).await;
    let noe = Phone::deposited(&server, 2).await;
    assert_eq!(noe.take_back(&server, REQUEST).await.status, StatusCode::NOT_FOUND);
    assert_eq!(lina.take_back(&server, Uuid::nil()).await.status, StatusCode::NOT_FOUND);
    let of = CardOf {
        number: lina.number.to_string(),
        data: server.data.path().to_owned(),
        database: server.kept.address(),
    };
    tend_card(&CardTask::Suspend { of }, &*server.clock).unwrap();
    assert_eq!(lina.take_back(&server, REQUEST).await.code(), "no_card");
    assert!(is_open(&server, &lina).await);
}
