//! Spaces, sync and photos.

use axum::http::{Method, StatusCode};
use dossier::form::Field;
use dossier::sync::{RejectedCode, SyncAnswer, SyncAsk};
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
    assert_eq!(first.rejected, []);
    server.restart();
    let again = lina.push(&server).await;
    assert_eq!(again, first, "the same epoch, the same cursor");
    assert_eq!(again.cursor, 2);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 2);
    assert_eq!(again.pull, [], "a phone is not told what it just said");
    assert_eq!(again.photos_missing, [], "no draft names the photo that it offers");
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
        assert_eq!((answer.rejected.len(), answer.cursor), (0, 3));
    }
    assert_eq!(server.kept.column::<i64>("SELECT seq FROM change ORDER BY seq"), [1, 2, 3]);
}

#[tokio::test]
async fn a_change_before_what_it_follows_waits_for_it_and_is_told_in_order() {
    let mut server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    for typed in ["Moreau", "Moreau-Faure", "Faure"] {
        lina.set(Field::FamilyName, typed);
    }
    let bytes: Vec<_> = lina.changes.iter().map(|change| change.bytes.clone()).collect();
    let late = lina.send(&server, &lina.ask_with(lina.id, &bytes[2..])).await;
    assert_eq!((late.rejected.len(), late.cursor), (0, 0), "it is stored and nobody is told");
    server.restart();
    let later = lina.send(&server, &lina.ask_with(lina.id, &bytes[1..2])).await;
    assert_eq!((later.rejected.len(), later.cursor), (0, 0));
    let whole = lina.send(&server, &lina.ask_with(lina.id, &bytes[..1])).await;
    assert_eq!(whole.cursor, 3);
    let read = lina.send(&server, &SyncAsk::at([0; 16], 0)).await;
    let told: Vec<_> = read.pull[0].changes.iter().map(|bytes| bytes.to_vec()).collect();
    assert_eq!(told, bytes);
}

#[tokio::test]
async fn more_changes_that_wait_than_an_honest_draft_has_are_refused() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    for number in 0..70 {
        lina.set(Field::FamilyName, &format!("Moreau {number}"));
    }
    let waiting: Vec<_> = lina.changes[1..].iter().map(|change| change.bytes.clone()).collect();
    let answer = lina.send(&server, &lina.ask_with(lina.id, &waiting)).await;
    let codes: Vec<_> = answer.rejected.iter().map(|rejected| rejected.code).collect();
    assert_eq!(codes, [RejectedCode::TooMany; 5]);
    assert_eq!(lina.push(&server).await.rejected, [], "in order they are all taken");
}

#[tokio::test]
async fn a_deleted_draft_is_gone_for_every_device_and_never_comes_back() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    let hash = lina.photo_hash();
    lina.set(Field::Photo, &hash);
    lina.push(&server).await;
    lina.put_photo(&server).await;
    let mut ask = SyncAsk::at([0; 16], 0);
    ask.gone.push(lina.id.into_bytes().into());
    for _ in 0..2 {
        let answer = lina.send(&server, &ask).await;
        assert_eq!((answer.gone.len(), answer.pull.len()), (1, 0));
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 0);
    let again = lina.push(&server).await;
    assert_eq!(again.rejected[0].code, RejectedCode::Gone);
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_draft_of_another_space_is_not_deleted() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    lina.push(&server).await;
    let thief = Phone::bound(&server, 2).await;
    let mut ask = SyncAsk::at([0; 16], 0);
    ask.gone.push(lina.id.into_bytes().into());
    assert_eq!(thief.send(&server, &ask).await.gone, []);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 1);
}

#[tokio::test]
async fn a_phone_that_came_back_from_a_backup_is_told_its_own_changes() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    let before: SyncAnswer = lina.push(&server).await;
    lina.set(Field::GivenName, "Lina");
    lina.push(&server).await;
    // The copy was made before the first name was typed.
    let restored = SyncAsk::at(*before.epoch, before.cursor);
    let told = lina.send(&server, &restored).await;
    assert_eq!(told.pull[0].changes[0].to_vec(), lina.changes[1].bytes);
}

#[tokio::test]
async fn a_cursor_of_another_epoch_is_not_heard() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.set(Field::FamilyName, "Moreau");
    let known = lina.push(&server).await;
    let told = lina.send(&server, &SyncAsk::at([9; 16], known.cursor)).await;
    assert_eq!((told.epoch, told.pull.len()), (known.epoch, 1));
    let told = lina.send(&server, &SyncAsk::at(*known.epoch, known.cursor)).await;
    assert_eq!(told.pull, []);
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
    assert_eq!(answer.rejected[0].code, RejectedCode::Foreign);
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
    assert_eq!(answer.rejected.len(), 3);
    assert!(answer.rejected.iter().all(|rejected| rejected.code == RejectedCode::Guard));
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM change"), 1);
}

#[tokio::test]
async fn a_request_that_is_no_message_or_too_large_is_refused() {
    let server = Server::start().await;
    let lina = Phone::bound(&server, 1).await;
    for (body, code) in [(vec![0xff; 10], "malformed"), (vec![0; 1_048_577], "too_large")] {
        let answer = server.ask(with_token(Method::POST, "/v1/sync", &lina.token, body)).await;
        assert_eq!(answer.code(), code);
    }
    let other = SyncAsk { version: 9, ..SyncAsk::at([0; 16], 0) }.to_bytes();
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
