//! Cards, the phone that holds one, keys, the status list, duplicates.

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::code::{live, on_paper};
use dossier::card::verify::{Known, Seen, VerdictReason, verify};
use dossier::card::{Card, CardState};
use dossier::signed::SigningKey;
use dossier::signed::keys::{KeySet, KeyUse};
use serde_json::json;
use sync_server::{CardOf, CardTask, Clock, KeysTask, tend_card, tend_keys};
use time::macros::date;
use uuid::Uuid;

use crate::desk::Desk;
use crate::phone::{Phone, key_set, status_list};
use crate::world::Server;

const TODAY: time::Date = date!(2026 - 11 - 22);

fn phone_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// What a verifier who fetched keys and list just now is told of a code.
async fn reason(server: &Server, code: &str) -> VerdictReason {
    let (keys, list) = (key_set(server).await, status_list(server).await);
    let known = Known { keys: Some(&keys), list: Some(&list) };
    verify(code, &known, server.clock.now_ms(), &mut Seen::default()).reason
}

/// What a verifier is told when the phone with this key shows what the server handed out.
async fn shown(server: &Server, lina: &Phone, key: &SigningKey) -> VerdictReason {
    let credential = lina.credential(server).await;
    reason(server, &live(&credential, key, server.clock.now_ms())).await
}

#[tokio::test]
async fn an_accepted_dossier_gets_a_card_that_anyone_can_verify() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    assert_eq!(desk.accept(&server, lina.id).await.status, StatusCode::SEE_OTHER);

    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["state"], "accepted");
    let card = Card::open(&lina.credential(&server).await, &key_set(&server).await).unwrap();
    assert_eq!((card.name.as_str(), card.school.as_str()), ("Lina Moreau", "0630020E"));
    assert_eq!(card.expires_on(), date!(2027 - 08 - 31));
    let vignette = lina.vignette(&server).await;
    assert!(vignette.is_of(&card));
    assert_eq!(hex::encode(vignette.photo()), lina.photo_hash());
    assert_eq!(card.state(Some(&status_list(&server).await), TODAY), CardState::Active);
    let paper = BASE64_STANDARD.decode(standing["paper"].as_str().unwrap()).unwrap();
    assert_eq!(reason(&server, &on_paper(&paper)).await, VerdictReason::Printed);
}

#[tokio::test]
async fn a_dossier_from_before_vignettes_gets_one_and_a_card_that_names_it_under_its_place() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let made = lina.vignette(&server).await;
    server.kept.change("DELETE FROM vignette").unwrap();
    let key = phone_key(7);
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    lina.hold(&server, &key, false).await;
    let card =
        async || Card::open(&lina.credential(&server).await, &key_set(&server).await).unwrap();
    let before = card().await;
    assert_eq!(hex::encode(*before.photo), lina.photo_hash(), "as it was signed then");
    let due = async || lina.standing(&server).await.json()["renewal_due"] == true;
    assert!(!due().await);

    assert!(lina.vignette(&server).await == made, "the same photo, the same bytes");
    assert!(due().await);
    lina.hold(&server, &key, false).await;
    assert!(!due().await);
    let after = card().await;
    assert!(made.is_of(&after));
    assert_eq!((after.status_index, after.device), (before.status_index, before.device));
    assert_eq!(shown(&server, &lina, &key).await, VerdictReason::Good);
}

#[tokio::test]
async fn a_received_dossier_has_a_provisional_card_until_it_is_decided() {
    let server = Server::start().await;
    let (lina, noe) = (Phone::deposited(&server, 1).await, Phone::deposited(&server, 2).await);
    let (hers, his) = (phone_key(7), phone_key(8));
    for (phone, key) in [(&lina, &hers), (&noe, &his)] {
        let standing = phone.hold(&server, key, false).await;
        assert_eq!(standing.status, StatusCode::OK, "{}", standing.text());
        assert!(standing.json()["paper"].is_null(), "nothing to print yet");
        assert_eq!(shown(&server, phone, key).await, VerdictReason::NotDecided);
    }
    let provisional = noe.credential(&server).await;
    let old = live(&lina.credential(&server).await, &hers, server.clock.now_ms());
    let desk = Desk::signed_in(&server).await;
    desk.accept(&server, lina.id).await;
    assert_eq!(
        shown(&server, &lina, &hers).await,
        VerdictReason::Good,
        "for the same phone at once"
    );
    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["former_cards"], json!([]), "what was provisional is no former card");
    assert_eq!(reason(&server, &old).await, VerdictReason::Replaced);
    desk.refuse(&server, noe.id, &[("reasons", "PHOTO_FLOUE")]).await;
    assert!(noe.standing(&server).await.json()["card"].is_null());
    let refused = live(&provisional, &his, server.clock.now_ms());
    assert_eq!(reason(&server, &refused).await, VerdictReason::Blocked);
    assert_eq!(noe.hold(&server, &his, false).await.code(), "no_card");
}

#[tokio::test]
async fn one_phone_at_a_time_holds_a_card() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let (old, new) = (phone_key(7), phone_key(8));
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    for again in ["first", "again"] {
        assert_eq!(lina.hold(&server, &old, false).await.status, StatusCode::OK, "{again}");
        assert_eq!(shown(&server, &lina, &old).await, VerdictReason::Good);
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 1);
    let hers = lina.credential(&server).await;
    assert_eq!(lina.hold(&server, &new, false).await.code(), "card_elsewhere");
    assert_eq!(lina.hold(&server, &new, true).await.status, StatusCode::OK);
    assert_eq!(lina.hold(&server, &new, true).await.status, StatusCode::OK, "sent twice");
    assert_eq!(shown(&server, &lina, &new).await, VerdictReason::Good);
    let left = live(&hers, &old, server.clock.now_ms());
    assert_eq!(reason(&server, &left).await, VerdictReason::Replaced);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 2);
    let somebody = Phone::bound(&server, 9).await;
    let stranger = Phone { id: lina.id, ..somebody };
    assert_eq!(stranger.hold(&server, &new, true).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_suspended_card_comes_back_and_no_other_phone_nor_duplicate_escapes_it() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let key = phone_key(7);
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    lina.hold(&server, &key, false).await;
    let of = || CardOf {
        number: lina.number.to_string(),
        data: server.data.path().to_owned(),
        database: server.kept.address(),
    };
    let task = |task: CardTask| tend_card(&task, &*server.clock);
    task(CardTask::Suspend { of: of() }).unwrap();
    assert_eq!(shown(&server, &lina, &key).await, VerdictReason::Suspended);
    assert_eq!(lina.hold(&server, &phone_key(8), true).await.code(), "no_card");
    let request = Uuid::from_bytes([42; 16]);
    assert_eq!(lina.ask_duplicate(&server, request, "PERTE").await.code(), "no_card");
    task(CardTask::Restore { of: of() }).unwrap();
    assert_eq!(shown(&server, &lina, &key).await, VerdictReason::Good);
    let to = tempfile::tempdir().unwrap();
    let show = CardTask::Show { of: of(), to: to.path().to_owned() };
    task(show).unwrap();
    assert!(to.path().join("keys.json").exists() && to.path().join("status.cose").exists());
    task(CardTask::Block { of: of() }).unwrap();
    assert!(lina.standing(&server).await.json()["card"].is_null());
    let audited = "SELECT count(*) FROM audit WHERE action LIKE 'card_%' AND actor = 'console'";
    assert_eq!(server.sql::<i64>(audited), 3);
}

#[tokio::test]
async fn rotated_keys_overlap_and_a_revoked_one_has_its_cards_signed_anew() {
    let server = Server::start().await;
    let (lina, noe) = (Phone::deposited(&server, 1).await, Phone::deposited(&server, 2).await);
    let (hers, his) = (phone_key(7), phone_key(8));
    let desk = Desk::signed_in(&server).await;
    desk.accept(&server, lina.id).await;
    lina.hold(&server, &hers, false).await;
    let first = key_set(&server).await;
    let issuer = first.keys.iter().find(|key| key.season == "2026-2027").unwrap().id();

    let data = server.data.path().to_owned();
    server.wait_ms(1_000);
    let rotate = KeysTask::Rotate { data: data.clone(), season: None };
    tend_keys(&rotate, &*server.clock).unwrap();
    desk.accept(&server, noe.id).await;
    noe.hold(&server, &his, false).await;
    assert!(key_set(&server).await.version > first.version);
    assert_eq!(shown(&server, &lina, &hers).await, VerdictReason::Good, "signed by the former key");
    assert_eq!(shown(&server, &noe, &his).await, VerdictReason::Good, "signed by the new one");
    let late = Known { keys: Some(&first), list: None };
    let code = live(&noe.credential(&server).await, &his, server.clock.now_ms());
    let told = verify(&code, &late, server.clock.now_ms(), &mut Seen::default());
    assert_eq!(told.reason, VerdictReason::UnknownKey, "who has not fetched the new set");

    tend_keys(&KeysTask::Revoke { key: issuer, data }, &*server.clock).unwrap();
    assert_eq!(shown(&server, &lina, &hers).await, VerdictReason::UnknownKey);
    assert_eq!(lina.hold(&server, &hers, false).await.status, StatusCode::OK);
    assert_eq!(shown(&server, &lina, &hers).await, VerdictReason::Good);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 2, "under the same place");
}

#[tokio::test]
async fn a_card_is_signed_anew_each_month_for_the_phone_that_has_it() {
    const DAY_MS: i64 = 86_400_000;
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let (hers, other) = (phone_key(7), phone_key(8));
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    lina.hold(&server, &hers, false).await;
    let due = async || lina.standing(&server).await.json()["renewal_due"] == true;
    let first = lina.credential(&server).await;
    server.wait_ms(29 * DAY_MS);
    assert!(!due().await);
    lina.hold(&server, &hers, false).await;
    assert_eq!(lina.credential(&server).await, first, "asked for too early, it is as it was");

    server.wait_ms(DAY_MS);
    assert!(due().await);
    assert_eq!(lina.hold(&server, &other, false).await.code(), "card_elsewhere");
    for again in ["first", "again"] {
        let answer = lina.hold(&server, &hers, false).await;
        assert_eq!((answer.status, &answer.json()["renewal_due"]), (StatusCode::OK, &false.into()));
        assert_eq!(shown(&server, &lina, &hers).await, VerdictReason::Good, "{again}");
    }
    let code = |credential: &[u8]| live(credential, &hers, server.clock.now_ms());
    let second = lina.credential(&server).await;
    server.wait_ms(61 * DAY_MS);
    assert_eq!(reason(&server, &code(&first)).await, VerdictReason::NotRenewed);
    assert_eq!(reason(&server, &code(&second)).await, VerdictReason::Good);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 1, "under the same place");

    // Its key has ended too by then, and neither is made anew for a season that is over.
    server.wait_ms(240 * DAY_MS);
    let over = lina.standing(&server).await.json();
    assert_eq!((&over["renewal_due"], &over["paper"]), (&json!(false), &json!(null)));
    let issuers = |set: &KeySet| set.keys.iter().filter(|key| key.usage == KeyUse::Card).count();
    assert_eq!(issuers(&key_set(&server).await), 1);
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
    let keys = key_set(&server).await;
    let state = |signed: &[u8]| Card::open(signed, &keys).unwrap().state(Some(&list), TODAY);
    let new = lina.credential(&server).await;
    assert_eq!((state(&old), state(&new)), (CardState::Blocked, CardState::Active));
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM card"), 2);

    let standing = lina.standing(&server).await.json();
    let now_ms = server.clock.now_ms();
    let former = json!([{ "issued_at_ms": now_ms, "ended_at_ms": now_ms, "state": "blocked" }]);
    assert_eq!(standing["former_cards"], former);
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
