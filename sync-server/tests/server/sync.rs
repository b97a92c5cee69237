//! Spaces, sync and photos.

use axum::http::{Method, StatusCode};
use dossier::form::Field;
use dossier::sync::SyncAsk;
use uuid::Uuid;

use crate::phone::Phone;
use crate::world::{Server, get, with_token};

#[tokio::test]
async fn a_token_is_bound_to_its_space_for_ever() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    assert_eq!(lina.bind(&server).await.status, StatusCode::NO_CONTENT, "the same again");

    let mut thief = Phone::new(2);
    thief.space = lina.space;
    assert_eq!(thief.bind(&server).await.status, StatusCode::FORBIDDEN);
    lina.space = Uuid::from_bytes([9; 16]);
    assert_eq!(lina.bind(&server).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_a_known_token_nobody_gets_past_the_gate() {
    let server = Server::start().await;
    let stranger = Phone::new(1);
    for (method, path) in [
        (Method::POST, "/v1/sync".to_owned()),
        (Method::PUT, format!("/v1/photos/{}", stranger.photo_hash())),
        (Method::PUT, format!("/v1/deposits/{}", stranger.id)),
        (Method::GET, format!("/v1/dossiers/{}", stranger.id)),
        (Method::PUT, format!("/v1/duplicates/{}", stranger.id)),
    ] {
        for token in [stranger.token.as_str(), "", "abc", "zz"] {
            let answer = server.ask(with_token(method.clone(), &path, token, "{}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.code(), "signed_out");
        }
    }
}

#[tokio::test]
async fn pushed_changes_are_acknowledged_and_the_same_push_again_changes_nothing() {
    let mut server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    lina.set(Field::GivenName, "Lina");
    let first = lina.push(&server).await;
    assert_eq!(first.acked.len(), 2);
    assert_eq!(*first.acked[0], lina.changes[0].hash);
    server.restart();
    let again = lina.push(&server).await;
    assert_eq!(again.acked, first.acked);
    assert_eq!(again.cursor, 2);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 2);
    assert_eq!(again.pull, [], "a phone is not told its own changes");
    assert_eq!(again.photos_missing.len(), 1);
}

#[tokio::test]
async fn the_same_push_three_times_at_once_is_stored_once_and_acknowledged_three_times() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    for typed in ["Moreau", "Moreau-Faure", "Faure"] {
        lina.set(Field::FamilyName, typed);
    }
    let (first, second, third) =
        tokio::join!(lina.push(&server), lina.push(&server), lina.push(&server));
    for answer in [first, second, third] {
        assert_eq!((answer.acked.len(), answer.cursor), (3, 3));
    }
    assert_eq!(server.kept.column::<i64>("SELECT seq FROM change ORDER BY seq"), [1, 2, 3]);
}

#[tokio::test]
async fn a_change_before_what_it_follows_is_not_kept_yet() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    lina.set(Field::GivenName, "Lina");
    let late = lina.ask_with(lina.id, &[lina.changes[1].bytes.clone()]);
    let answer = lina.send(&server, &late).await;
    assert_eq!((answer.acked.len(), answer.rejected[0].code.as_str()), (0, "missing_deps"));
    assert_eq!(lina.push(&server).await.acked.len(), 2);
}

#[tokio::test]
async fn a_draft_of_another_space_is_refused() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    lina.push(&server).await;

    let mut thief = Phone::bound(&server, 2).await;
    thief.set(Field::FamilyName, "Voleur");
    thief.id = lina.id;
    let answer = thief.push(&server).await;
    assert_eq!(answer.acked, []);
    assert_eq!(answer.rejected[0].code, "foreign_draft");
    assert_eq!(answer.pull, []);
    assert_eq!(thief.deposit(&server).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_bomb_or_a_damaged_change_is_refused_and_the_honest_one_beside_it_is_kept() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    let honest = lina.changes[0].bytes.clone();
    let mut compressed = honest.clone();
    compressed[8] = 2;
    let mut damaged = honest.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let bomb = vec![0; 200_000];
    let ask = lina.ask_with(lina.id, &[compressed, damaged, bomb, honest]);
    let answer = lina.send(&server, &ask).await;
    assert_eq!(answer.acked.len(), 1);
    assert_eq!(answer.rejected.len(), 3);
    assert!(answer.rejected.iter().all(|rejected| rejected.code == "guard"));
}

#[tokio::test]
async fn a_request_that_is_no_message_or_too_large_is_refused() {
    let server = Server::start().await;
    let lina = Phone::bound(&server, 1).await;
    for (body, code) in [(vec![0xff; 10], "malformed"), (vec![0; 1_048_577], "too_large")] {
        let answer = server.ask(with_token(Method::POST, "/v1/sync", &lina.token, body)).await;
        assert_eq!(answer.code(), code);
    }
    let other = SyncAsk { version: 9, ..SyncAsk::default() }.to_bytes();
    let answer = server.ask(with_token(Method::POST, "/v1/sync", &lina.token, other)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_photo_that_no_draft_names_is_refused_and_a_named_one_is_kept() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::FORBIDDEN);
    let hash = lina.photo_hash();
    lina.set(Field::Photo, &hash);
    assert_eq!(lina.push(&server).await.photos_missing.len(), 1);
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::NO_CONTENT);
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::NO_CONTENT, "the same again");
    assert_eq!(lina.push(&server).await.photos_missing, []);

    let thief = Phone { photo: lina.photo.clone(), ..Phone::bound(&server, 2).await };
    assert_eq!(thief.put_photo(&server).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bytes_that_are_not_the_named_photo_are_refused() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    let hash = lina.photo_hash();
    lina.set(Field::Photo, &hash);
    lina.push(&server).await;
    let path = format!("/v1/photos/{hash}");
    let mut other = lina.photo.clone();
    other.push(0);
    let answer = server.ask(with_token(Method::PUT, &path, &lina.token, other)).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "not_the_photo")
    );
    let heavy = vec![0xff; 512 * 1024 + 1];
    let answer = server.ask(with_token(Method::PUT, &path, &lina.token, heavy)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_probe_names_the_key_and_an_unknown_route_says_so_in_json() {
    let server = Server::start().await;
    let probe = server.ask(get("/v1/probe")).await;
    assert_eq!(probe.json()["region_key"], server.region.to_hex());
    assert_eq!(probe.header(axum::http::header::CACHE_CONTROL), "no-store");
    assert_eq!(server.ask(get("/v1/nothing")).await.code(), "unknown");
}
