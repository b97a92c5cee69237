//! Activation, sign-in on another phone, and what it may read there.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::account::{DeviceSeen, SignedIn};
use dossier::card::{Card, CardState};
use dossier::form::{Answers, Application, Field};
use dossier::sync::Receipt;
use serde_json::{Value, json};
use time::macros::date;

use crate::desk::Desk;
use crate::phone::{PASSWORD, Phone, key_set, status_list};
use crate::postman::Postman;
use crate::world::{Answer, Server, get, with_token};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// What a form of the public page sends.
pub(crate) fn press(path: &str, fields: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(fields.to_owned().into())
        .unwrap()
}

impl Phone {
    pub(crate) async fn asks(
        &self,
        server: &Server,
        method: Method,
        path: &str,
        body: Value,
    ) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        server.ask(with_token(method, path, &self.token, body)).await
    }

    pub(crate) async fn sign_in(&self, server: &Server, other: &Phone, password: &str) -> Answer {
        let ask = json!({ "number": other.number, "password": password, "device": "Tel de Lina" });
        self.asks(server, Method::POST, "/v1/sign-in", ask).await
    }

    pub(crate) async fn activate(&self, server: &Server, code: &str) -> Answer {
        let ask = json!({ "number": self.number, "code": code });
        self.asks(server, Method::POST, "/v1/activation", ask).await
    }

    /// `what` of this phone's dossier, asked by another phone.
    pub(crate) async fn reads(&self, server: &Server, other: &Phone, what: &str) -> Answer {
        let path = format!("/v1/accounts/{}{what}", other.id);
        self.asks(server, Method::GET, &path, Value::Null).await
    }
}

/// A dossier whose account is active.
pub(crate) async fn active(server: &Server, postman: &Postman, letter: u8) -> Phone {
    let phone = Phone::deposited(server, letter).await;
    server.app.send_due_mail().await;
    let answer = phone.activate(server, &postman.brings_one().code()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    phone
}

#[tokio::test]
async fn the_link_of_the_mail_activates_once_and_to_look_at_it_spends_nothing() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = Phone::deposited(&server, 1).await;
    let early = lina.sign_in(&server, &lina, PASSWORD).await;
    assert_eq!((early.status, early.code().as_str()), (StatusCode::UNAUTHORIZED, "wrong_sign_in"));

    server.app.send_due_mail().await;
    let mail = postman.brings_one();
    assert_eq!(mail.to, "lina.moreau@example.fr");
    assert!(mail.text.contains("Bonjour Lina,"), "{}", mail.text);
    assert!(mail.text.contains(&lina.number.to_string()));
    assert!(mail.text.contains("https://pass.example/compte/"));
    server.app.send_due_mail().await;
    assert!(postman.brings().is_empty(), "sent once");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM mail"), 0);

    for scanner in ["first", "second"] {
        let page = server.ask(get(&mail.link())).await;
        assert_eq!(page.status, StatusCode::OK, "{scanner}");
        assert_eq!(page.header(header::REFERRER_POLICY), "no-referrer");
        assert_eq!(page.header(header::CACHE_CONTROL), "no-store");
        let html = page.text();
        assert!(html.contains("Activer mon compte") && html.contains(&lina.number.masked()));
        assert!(!html.contains("<script") && !html.contains("Moreau"), "{html}");
    }
    let page = server.ask(press(&mail.link(), "")).await;
    assert!(page.text().contains("Ton compte est activé"), "{}", page.text());
    let again = server.ask(press(&mail.link(), "")).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.text().contains("Ce lien ne sert plus"));
    assert_eq!(lina.activate(&server, &mail.code()).await.code(), "wrong_code", "neither the code");
    assert_eq!(lina.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    // Nothing is left to activate: whoever asks again hears the same, and gets no mail.
    let again = json!({ "number": lina.number });
    lina.asks(&server, Method::POST, "/v1/activation/mail", again).await;
    server.app.send_due_mail().await;
    assert!(postman.brings().is_empty());
}

#[tokio::test]
async fn a_link_lives_three_days_and_a_code_ten_minutes_from_when_the_mail_left() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = Phone::deposited(&server, 1).await;
    server.wait_ms(2 * DAY_MS);
    server.app.send_due_mail().await;
    let first = postman.brings_one();
    server.wait_ms(10 * MINUTE_MS);
    assert_eq!(lina.activate(&server, &first.code()).await.code(), "wrong_code");

    let ask = json!({ "number": lina.number });
    let answer = lina.asks(&server, Method::POST, "/v1/activation/mail", ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    server.app.send_due_mail().await;
    let second = postman.brings_one();
    assert_ne!(first.code(), second.code());
    server.wait_ms(9 * MINUTE_MS);
    assert_eq!(lina.activate(&server, &first.code()).await.code(), "wrong_code");
    assert_eq!(server.ask(get(&first.link())).await.status, StatusCode::OK, "both links serve");
    assert_eq!(lina.activate(&server, &second.code()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.ask(get(&first.link())).await.status, StatusCode::NOT_FOUND);

    let karim = Phone::deposited(&server, 2).await;
    server.app.send_due_mail().await;
    let mail = postman.brings_one();
    server.wait_ms(3 * DAY_MS - 1);
    assert_eq!(server.ask(get(&mail.link())).await.status, StatusCode::OK);
    server.wait_ms(1);
    assert_eq!(server.ask(press(&mail.link(), "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(karim.sign_in(&server, &karim, PASSWORD).await.code(), "wrong_sign_in");
}

#[tokio::test]
async fn a_code_cannot_be_guessed_and_its_owner_only_has_to_wait() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = Phone::deposited(&server, 1).await;
    let thief = Phone::bound(&server, 2).await;
    server.app.send_due_mail().await;
    let code = postman.brings_one().code();
    for guess in 0..5 {
        let guess = format!("0000000{guess}");
        let ask = json!({ "number": lina.number, "code": guess });
        let answer = thief.asks(&server, Method::POST, "/v1/activation", ask).await;
        assert_eq!(answer.code(), "wrong_code");
    }
    let blocked = lina.activate(&server, &code).await;
    let expected = (StatusCode::TOO_MANY_REQUESTS, "too_many_tries");
    assert_eq!((blocked.status, blocked.code().as_str()), expected);
    server.wait_ms(MINUTE_MS);
    assert_eq!(lina.activate(&server, &code).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_dossier_of_a_stand_gets_its_password_on_the_page_of_the_link_or_with_the_code() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let mut brought = Vec::new();
    for letter in [1, 2] {
        let mut student = Phone::bound(&server, letter).await;
        student.fill(&server);
        student.push(&server).await;
        student.put_photo(&server).await;
        assert_eq!(student.deposit_with(&server, None).await.status, StatusCode::OK);
        server.app.send_due_mail().await;
        brought.push((student, postman.brings_one()));
    }
    let [(lina, by_link), (noe, by_code)] = &brought[..] else { panic!("two students") };
    let page = server.ask(get(&by_link.link())).await.text();
    assert!(page.contains("autocomplete=\"new-password\""), "{page}");
    for (fields, sentence) in [
        ("", "Choisis un mot de passe."),
        ("password=lina&again=lina", "12\u{a0}caractères minimum"),
        ("password=neige+en+aout+volcan&again=neige", "ne sont pas identiques"),
        ("password=Moreau+2009+volcan&again=Moreau+2009+volcan", "contient ton nom"),
    ] {
        let answer = server.ask(press(&by_link.link(), fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(answer.text().contains(sentence), "{fields}: {}", answer.text());
    }
    let fields = "password=neige+en+aout+volcan&again=neige+en+aout+volcan";
    assert_eq!(server.ask(press(&by_link.link(), fields)).await.status, StatusCode::OK);
    assert_eq!(lina.sign_in(&server, lina, PASSWORD).await.status, StatusCode::OK);

    let missing = noe.activate(&server, &by_code.code()).await;
    assert_eq!(missing.json()["refusals"][0]["refusal"]["code"], "missing");
    let ask = json!({ "number": noe.number, "code": by_code.code(), "password": PASSWORD });
    let answer = noe.asks(&server, Method::POST, "/v1/activation", ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(noe.sign_in(&server, noe, PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_phone_that_signs_in_shows_the_dossier_its_photo_and_its_card() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let new_phone = Phone::bound(&server, 9).await;
    let answer = new_phone.sign_in(&server, &lina, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let signed_in: SignedIn = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((signed_in.dossier, &signed_in.number), (lina.id, &lina.number));
    let receipt = BASE64_STANDARD.decode(&signed_in.receipt).unwrap();
    let receipt = Receipt::open(&receipt, &server.region).unwrap();
    assert_eq!(receipt.number, lina.number.as_str());

    // The answers are those that were deposited: they make the very same application.
    let told: Answers = signed_in.answers.into();
    let today = date!(2026 - 11 - 22);
    let read = |answers: &Answers| Application::read(answers, &server.pack, today).ok().unwrap();
    assert!(read(&told) == read(&lina.draft.answers()));
    assert_eq!(told.typed(Field::BirthDate), "07/03/2009");

    let path = format!("/v1/photos/{}", lina.photo_hash());
    let photo = new_phone.asks(&server, Method::GET, &path, Value::Null).await;
    assert!(photo.body == lina.photo && photo.header(header::CONTENT_TYPE) == "image/jpeg");
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    let path = format!("/v1/dossiers/{}", lina.id);
    let standing = new_phone.asks(&server, Method::GET, &path, Value::Null).await.json();
    assert_eq!(standing["state"], "accepted");

    // The card was lost: it is blocked from the new phone as well.
    let ask = json!({ "dossier": lina.id, "reason": "PERTE" });
    let path = "/v1/duplicates/2a2a2a2a-2a2a-2a2a-2a2a-2a2a2a2a2a2a";
    let answer = new_phone.asks(&server, Method::PUT, path, ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let old = BASE64_STANDARD.decode(standing["card"].as_str().unwrap()).unwrap();
    let old = Card::open(&old, &key_set(&server).await).unwrap();
    assert_eq!(old.state(Some(&status_list(&server).await), today), CardState::Blocked);
    // An accepted dossier has no history any more, and is shown all the same.
    let again = Phone::bound(&server, 10).await.sign_in(&server, &lina, PASSWORD).await;
    assert_eq!(again.json()["answers"]["typed"]["given_name"], "Lina");
}

#[tokio::test]
async fn a_sign_in_opens_one_dossier_and_nothing_else_of_its_space() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    // Her brother applied on the same phone.
    let mut noe = Phone::new(2);
    (noe.space, noe.token) = (lina.space, lina.token.clone());
    noe.fill(&server);
    noe.push(&server).await;
    noe.put_photo(&server).await;
    assert_eq!(noe.deposit(&server).await.status, StatusCode::OK);

    let new_phone = Phone::bound(&server, 9).await;
    let stranger = Phone::bound(&server, 10).await;
    assert_eq!(new_phone.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    for (phone, other, may) in [
        (&new_phone, &lina, true),
        (&new_phone, &noe, false),
        (&stranger, &lina, false),
        (&lina, &noe, true),
    ] {
        let expected = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
        let photo = format!("/v1/photos/{}", other.photo_hash());
        let dossier = format!("/v1/dossiers/{}", other.id);
        for path in [photo, dossier] {
            let answer = phone.asks(&server, Method::GET, &path, Value::Null).await;
            assert_eq!(answer.status, expected, "{path}");
        }
        for what in ["", "/devices"] {
            assert_eq!(phone.reads(&server, other, what).await.status, expected, "{what}");
        }
    }
    let audited = "SELECT count(*) FROM audit WHERE actor = 'student' AND action = 'signed_in'";
    assert_eq!(server.sql::<i64>(audited), 1);
    // Nor does it pull what the space says.
    let answer = new_phone.send(&server, &dossier::sync::SyncAsk::at([0; 16], 0)).await;
    assert!(answer.pull.is_empty());
}

#[tokio::test]
async fn devices_are_listed_signed_out_and_forgotten_when_they_are_not_used() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let [tablet, lost] = [Phone::bound(&server, 8).await, Phone::bound(&server, 9).await];
    for phone in [&tablet, &lost] {
        server.wait_ms(MINUTE_MS);
        assert_eq!(phone.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    }
    let answer = tablet.reads(&server, &lina, "/devices").await;
    let devices: Vec<DeviceSeen> = serde_json::from_slice(&answer.body).unwrap();
    let here: Vec<bool> = devices.iter().map(|device| device.here).collect();
    assert_eq!(here, [false, true, false]);
    assert_eq!((devices[0].id, devices[1].name.as_str()), (0, "Tel de Lina"));

    let path = format!("/v1/accounts/{}/devices/{}", lina.id, devices[2].id);
    let answer = tablet.asks(&server, Method::DELETE, &path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(lost.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);
    // The phone that deposited is one of them; it comes back by the password.
    let path = format!("/v1/accounts/{}/devices/0", lina.id);
    tablet.asks(&server, Method::DELETE, &path, Value::Null).await;
    assert_eq!(lina.standing(&server).await.code(), "session_over");
    assert_eq!(lina.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(lina.standing(&server).await.status, StatusCode::OK);

    // Used every two months it lives a year, and no longer; unused it ends after three months.
    for _ in 0..6 {
        server.wait_ms(60 * DAY_MS);
        assert_eq!(tablet.reads(&server, &lina, "").await.status, StatusCode::OK);
    }
    server.wait_ms(6 * DAY_MS);
    assert_eq!(tablet.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(lost.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    server.wait_ms(90 * DAY_MS);
    assert_eq!(lost.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);

    assert_eq!(tablet.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    let path = format!("/v1/sign-in/{}", lina.id);
    let answer = tablet.asks(&server, Method::DELETE, &path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(tablet.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);
}
