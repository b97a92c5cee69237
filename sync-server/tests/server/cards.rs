//! Cards, the status list, duplicates.

use axum::http::StatusCode;
use dossier::card::{Card, CardState, code, read_code};
use time::macros::date;
use uuid::Uuid;

use crate::desk::Desk;
use crate::phone::{Phone, status_list};
use crate::world::Server;

const TODAY: time::Date = date!(2026 - 11 - 22);

#[tokio::test]
async fn an_accepted_dossier_gets_a_card_that_anyone_can_verify() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    assert_eq!(desk.accept(&server, lina.id).await.status, StatusCode::SEE_OTHER);

    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["state"], "accepted");
    let scanned = code(&lina.credential(&server).await);
    let card = read_code(&scanned, &server.region).unwrap();
    assert_eq!((card.name.as_str(), card.school.as_str()), ("Lina Moreau", "0630020E"));
    assert_eq!(card.expires_on(), date!(2027 - 08 - 31));
    assert_eq!(hex::encode(*card.photo), lina.photo_hash());
    assert_eq!(card.state(Some(&status_list(&server).await), TODAY), CardState::Active);
}

#[tokio::test]
async fn a_duplicate_blocks_the_old_card_at_once_and_the_new_one_is_active() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let request = Uuid::from_bytes([42; 16]);
    let early = lina.ask_duplicate(&server, request, "PERTE").await;
    assert_eq!(early.code(), "no_card");

    let desk = Desk::signed_in(&server).await;
    desk.accept(&server, lina.id).await;
    let old = lina.credential(&server).await;
    let before = status_list(&server).await;
    for again in ["first", "again"] {
        let answer = lina.ask_duplicate(&server, request, "PERTE").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{again}");
    }
    let list = status_list(&server).await;
    assert!(list.version > before.version);
    let state =
        |signed: &[u8]| Card::open(signed, &server.region).unwrap().state(Some(&list), TODAY);
    let new = lina.credential(&server).await;
    assert_eq!((state(&old), state(&new)), (CardState::Blocked, CardState::Active));
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 2);

    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["duplicate"]["id"], request.to_string());
    assert_eq!(standing["duplicate"]["reason"], "PERTE");
    let page = desk.get(&server, "/desk/duplicates").await.text();
    assert!(page.contains("Lina Moreau") && page.contains("Perte"));
}

#[tokio::test]
async fn only_one_duplicate_request_is_open() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    let (first, second) = (Uuid::from_bytes([42; 16]), Uuid::from_bytes([43; 16]));
    lina.ask_duplicate(&server, first, "VOL").await;
    assert_eq!(lina.ask_duplicate(&server, second, "VOL").await.code(), "duplicate_open");
    assert_eq!(lina.ask_duplicate(&server, first, "PERTE").await.code(), "duplicate_open");
    let unknown = lina.ask_duplicate(&server, second, "ENVIE").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_status_list_is_dated_anew_every_hour_and_its_version_never_goes_back() {
    let mut server = Server::start().await;
    let first = status_list(&server).await;
    assert_eq!(status_list(&server).await, first);
    server.wait_ms(3_600_000);
    server.restart();
    let second = status_list(&server).await;
    assert!(second.version > first.version && second.made_at_ms > first.made_at_ms);
}
