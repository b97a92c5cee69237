//! Deposits and their receipts.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT};
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::document::Change;
use dossier::document::guard::admit;
use dossier::form::Field;
use dossier::sync::{Deposited, Receipt};
use serde_json::json;

use crate::phone::{PASSWORD, Phone};
use crate::world::Server;

#[tokio::test]
async fn a_deposit_sent_twice_is_one_dossier_with_one_receipt() {
    let mut server = Server::start().await;
    let mut lina = Phone::deposited(&server, 1).await;
    let first = lina.deposit(&server).await.json();
    server.wait_ms(60_000);
    server.restart();
    assert_eq!(lina.deposit(&server).await.json(), first);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 1);

    let signed = BASE64_STANDARD.decode(first["receipt"].as_str().unwrap()).unwrap();
    let heads = lina.draft.heads();
    let photo = hex::decode(lina.photo_hash()).unwrap().try_into().unwrap();
    let mine =
        Deposited { dossier: lina.id.into_bytes(), number: &lina.number, heads: &heads, photo };
    Receipt::verify(&signed, &server.region, &mine).unwrap();
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
}

#[tokio::test]
async fn the_same_deposit_three_times_at_once_is_one_dossier() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    lina.push(&server).await;
    lina.put_photo(&server).await;
    let [mut one, mut two, mut three] = [copy(&lina), copy(&lina), copy(&lina)];
    let (one, two, three) =
        tokio::join!(one.deposit(&server), two.deposit(&server), three.deposit(&server));
    assert_eq!(one.status, StatusCode::OK);
    assert!(one.json() == two.json() && two.json() == three.json());
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 1);
}

#[tokio::test]
async fn the_answers_are_kept_by_column_and_the_password_only_as_a_hash() {
    let server = Server::start().await;
    Phone::deposited(&server, 1).await;
    let columns = "SELECT given_name || '/' || birth_date || '/' || phone_number || '/' || commune
                   || '/' || season FROM dossier";
    assert_eq!(server.sql::<String>(columns), "Lina/2009-03-07/+33612345678/63113/2026-2027");
    let hash: String = server.sql("SELECT password_hash FROM account");
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    for file in std::fs::read_dir(server.data.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_missing_field_is_listed_and_nothing_is_stored() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    lina.set(Field::School, "");
    lina.set(Field::GivenName, "L1na");
    lina.push(&server).await;
    lina.put_photo(&server).await;
    let answer = lina.deposit(&server).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
    let expected = json!({
        "type": "urn:problem-type:passregion:incomplete",
        "title": "Des réponses sont à corriger.",
        "status": 422,
        "code": "incomplete",
        "refusals": [
            { "field": "given_name", "step": "identity", "refusal": { "code": "has_digit" } },
            { "field": "school", "step": "school", "refusal": { "code": "missing" } },
        ],
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(lina.standing(&server).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_or_a_photo_that_did_not_arrive_are_asked_for() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    assert_eq!(lina.deposit(&server).await.code(), "changes_missing");
    lina.push(&server).await;
    lina.set(Field::Sending, "DOMICILE");
    assert_eq!(lina.deposit(&server).await.code(), "changes_missing");
    lina.push(&server).await;
    assert_eq!(lina.deposit(&server).await.code(), "photo_missing");
    lina.put_photo(&server).await;
    assert_eq!(lina.deposit(&server).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_number_of_another_dossier_is_refused_and_a_new_one_is_taken() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let mut noah = Phone::bound(&server, 2).await;
    noah.fill(&server);
    noah.push(&server).await;
    noah.put_photo(&server).await;
    let drawn = std::mem::replace(&mut noah.number, lina.number.clone());
    let answer = noah.deposit(&server).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::CONFLICT, "number_taken"));
    noah.number = drawn;
    assert_eq!(noah.deposit(&server).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_deposit_of_the_same_dossier_is_refused() {
    let server = Server::start().await;
    let mut lina = Phone::deposited(&server, 1).await;
    lina.set(Field::GivenName, "Line");
    let answer = lina.push(&server).await;
    assert_eq!(answer.rejected[0].code, dossier::sync::RejectedCode::Deposited);
    assert_eq!(lina.deposit(&server).await.code(), "already_deposited");
}

#[tokio::test]
async fn a_photo_that_is_no_picture_is_refused_as_a_field() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.photo = [&[0xff, 0xd8, 0xff][..], &[0; 500]].concat();
    lina.fill(&server);
    lina.push(&server).await;
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::NO_CONTENT);
    let answer = lina.deposit(&server).await;
    assert_eq!(answer.json()["refusals"][0]["field"], "photo");
}

#[tokio::test]
async fn a_photo_that_shows_nobody_is_received_with_its_report_and_what_the_student_says() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    lina.set(Field::BareHead, "OUI");
    lina.set(Field::PhotoNote, "Ma seule\nphoto.");
    lina.push(&server).await;
    lina.put_photo(&server).await;
    assert_eq!(lina.deposit(&server).await.status, StatusCode::OK);
    assert_eq!(server.sql::<String>("SELECT verdict FROM photo_report"), "fail");
    let said = "SELECT bare_head || ' ' || photo_note FROM dossier";
    assert_eq!(server.sql::<String>(said), "1 Ma seule photo.");
    // Asked again, neither judged nor kept again.
    assert_eq!(lina.deposit(&server).await.status, StatusCode::OK);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM photo_report"), 1);
}

#[tokio::test]
async fn nobody_reads_the_dossier_of_another_space() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let mut thief = Phone::bound(&server, 2).await;
    thief.id = lina.id;
    assert_eq!(thief.standing(&server).await.status, StatusCode::NOT_FOUND);
    let answer = thief.ask_duplicate(&server, thief.space, "PERTE").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

/// The same phone, asking again at the same time.
fn copy(phone: &Phone) -> Phone {
    let mut copy = Phone::new(1);
    copy.draft = dossier::document::Draft::from_changes(
        &[7; 16],
        phone.changes.iter().map(|c| admit(&c.bytes).unwrap()),
    )
    .unwrap();
    copy
}

/// A change by which a student says what only the Region decides, beside what they may say.
fn says_what_the_region_decides(lina: &mut Phone) {
    let mut document = AutoCommit::new().with_actor(ActorId::from([99].as_slice()));
    let known = lina
        .changes
        .iter()
        .map(|change| automerge::Change::from_bytes(change.bytes.clone()).unwrap());
    document.apply_changes(known).unwrap();
    for (key, value) in [
        ("state", "accepted"),
        ("status", "good"),
        ("decision", "accept"),
        ("milestone", "handed_over"),
        ("number", "22222222222"),
        ("season", "2030-2031"),
        ("reviewer", "1"),
        ("role", "administrator"),
        ("password_hash", "$argon2id$v=19$m=8,t=1,p=1$"),
        ("activated_ms", "1"),
    ] {
        document.put(ROOT, key, value).unwrap();
    }
    document.put(ROOT, "received_ms", 0_i64).unwrap();
    document.put(ROOT, "provisional", false).unwrap();
    document.put(ROOT, "given_name", "Line").unwrap();
    document.commit();
    let change = document.get_last_local_change().unwrap();
    let change = Change { hash: change.hash().0, bytes: change.raw_bytes().to_vec() };
    lina.draft.apply([admit(&change.bytes).unwrap()]).unwrap();
    lina.changes.push(change);
}

#[tokio::test]
async fn operations_on_keys_that_sound_like_a_state_change_nothing_but_the_answers() {
    let server = Server::start().await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    says_what_the_region_decides(&mut lina);
    assert_eq!(lina.push(&server).await.rejected, [], "an answer may stand among them");
    lina.put_photo(&server).await;
    assert_eq!(lina.deposit(&server).await.status, StatusCode::OK);
    let says = "SELECT state || '/' || season || '/' || given_name FROM dossier";
    let said = || server.sql::<String>(says);
    assert_eq!(said(), "received/2026-2027/Line");
    assert_eq!(server.sql::<i64>("SELECT activated_ms FROM account"), 0);
    let hash = server.sql::<String>("SELECT password_hash FROM account");
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_eq!(server.sql::<String>("SELECT number FROM dossier"), lina.number.as_str());
    for table in ["card", "decision"] {
        assert_eq!(server.sql::<i64>(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }

    // Once deposited, not even the answers.
    lina.set(Field::GivenName, "Lison");
    says_what_the_region_decides(&mut lina);
    lina.push(&server).await;
    let standing = lina.standing(&server).await.json();
    assert_eq!((&standing["state"], &standing["card"]), (&json!("received"), &json!(null)));
    assert_eq!(said(), "received/2026-2027/Line");
}
