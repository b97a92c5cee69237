//! Forgotten numbers and passwords, changed ones, other addresses; and that none of it tells who
//! has an account.

use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use dossier::number::DossierNumber;
use serde_json::{Value, json};

use crate::account::{active, press};
use crate::phone::{PASSWORD, Phone};
use crate::postman::Postman;
use crate::world::{Answer, Server};

const NEW: &str = "orage en mars sancy";
const HOUR_MS: i64 = 60 * 60_000;

impl Phone {
    async fn forgot_password(&self, server: &Server) -> Answer {
        let ask = json!({ "number": self.number });
        let answer = self.asks(server, Method::POST, "/v1/password/mail", ask).await;
        server.app.send_due_mail().await;
        answer
    }

    async fn resets(&self, server: &Server, other: &Phone, code: &str, password: &str) -> Answer {
        let ask = json!({ "number": other.number, "code": code, "password": password });
        self.asks(server, Method::PUT, "/v1/password", ask).await
    }

    async fn asks_own(&self, server: &Server, method: Method, what: &str, ask: Value) -> Answer {
        let path = format!("/v1/accounts/{}{what}", self.id);
        self.asks(server, method, &path, ask).await
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_once_and_every_other_device_is_signed_out() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let [thief, new_phone] = [Phone::bound(&server, 8).await, Phone::bound(&server, 9).await];
    assert_eq!(thief.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);

    assert_eq!(lina.forgot_password(&server).await.status, StatusCode::NO_CONTENT);
    let mail = postman.brings_one();
    assert_eq!(lina.activate(&server, &mail.code()).await.code(), "wrong_code", "another purpose");
    let weak = new_phone.resets(&server, &lina, &mail.code(), "Lina").await;
    assert_eq!(weak.json()["refusals"][0]["field"], "password");
    let reset = new_phone.resets(&server, &lina, &mail.code(), NEW).await;
    assert_eq!(reset.status, StatusCode::NO_CONTENT, "{}", reset.text());
    let replayed = thief.resets(&server, &lina, &mail.code(), "des mots du voleur").await;
    assert_eq!(replayed.code(), "wrong_code");
    let replayed = "password=des+mots+du+voleur&again=des+mots+du+voleur";
    let replayed = server.ask(press(&mail.link(), replayed)).await;
    assert_eq!(replayed.status, StatusCode::NOT_FOUND);

    server.app.send_due_mail().await;
    assert!(postman.brings_one().text.contains("vient de changer"), "told by mail");
    assert_eq!(thief.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(lina.standing(&server).await.code(), "session_over");
    assert_eq!(thief.sign_in(&server, &lina, PASSWORD).await.code(), "wrong_sign_in");
    assert_eq!(new_phone.sign_in(&server, &lina, NEW).await.status, StatusCode::OK);
    assert_eq!(new_phone.reads(&server, &lina, "").await.json()["has_password"], true);
}

#[tokio::test]
async fn a_reset_link_ends_after_an_hour_and_nobodys_mailbox_is_filled() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    lina.forgot_password(&server).await;
    let mail = postman.brings_one();
    server.wait_ms(HOUR_MS);
    let fields = "password=orage+en+mars+sancy&again=orage+en+mars+sancy";
    assert_eq!(server.ask(press(&mail.link(), fields)).await.status, StatusCode::NOT_FOUND);
    let mut refused = 0;
    for _ in 0..100 {
        if lina.forgot_password(&server).await.status == StatusCode::TOO_MANY_REQUESTS {
            refused += 1;
        }
    }
    assert!(refused > 90, "{refused}");
    assert!(postman.brings().len() <= 3);
}

#[tokio::test]
async fn a_known_password_is_changed_and_this_device_alone_stays() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let other = Phone::bound(&server, 9).await;
    assert_eq!(other.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    let wrong = json!({ "current": "pas le bon", "password": NEW });
    let answer = lina.asks_own(&server, Method::PUT, "/password", wrong).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "wrong_password"));
    let right = json!({ "current": PASSWORD, "password": NEW });
    let answer = lina.asks_own(&server, Method::PUT, "/password", right).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(lina.standing(&server).await.status, StatusCode::OK);
    assert_eq!(other.reads(&server, &lina, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.sign_in(&server, &lina, NEW).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_address_is_taken_once_it_is_proved_and_both_are_told() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    lina.forgot_password(&server).await;
    let to_old = postman.brings_one();
    let ask = |password: &str| json!({ "password": password, "email": " Lina@Nouveau.example " });
    let answer = lina.asks_own(&server, Method::POST, "/address", ask("pas le bon")).await;
    assert_eq!(answer.code(), "wrong_password");
    let answer = lina.asks_own(&server, Method::POST, "/address", ask(PASSWORD)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    server.app.send_due_mail().await;
    let mail = postman.brings_one();
    assert_eq!(mail.to, "lina@nouveau.example");
    let standing = lina.reads(&server, &lina, "").await.json();
    assert_eq!(standing["email_masked"], "l•••@example.fr");
    assert_eq!(standing["new_email_masked"], "l•••@nouveau.example");

    let code = json!({ "code": mail.code() });
    let answer = lina.asks_own(&server, Method::PUT, "/address", code.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(lina.asks_own(&server, Method::PUT, "/address", code).await.code(), "wrong_code");
    server.app.send_due_mail().await;
    let mut told: Vec<String> = postman.brings().into_iter().map(|mail| mail.to).collect();
    told.sort();
    assert_eq!(told, ["lina.moreau@example.fr", "lina@nouveau.example"]);
    assert_eq!(server.sql::<String>("SELECT email FROM dossier"), "lina@nouveau.example");
    // Who reads the former mail opens nothing with it any more.
    let other = Phone::bound(&server, 9).await;
    assert_eq!(other.resets(&server, &lina, &to_old.code(), NEW).await.code(), "wrong_code");
}

#[tokio::test]
async fn a_new_home_is_read_by_the_rules_of_the_form_and_nothing_else_is_changed_there() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let home = |commune: &str| {
        json!({ "typed": { "phone_number": "07 11 22 33 44", "address_line": "3, place de Jaude",
            "postal_code": "63000", "commune": commune } })
    };
    let answer = lina.asks_own(&server, Method::PUT, "/contact", home("69123")).await;
    assert_eq!(answer.json()["refusals"][0]["field"], "commune");
    let answer = lina.asks_own(&server, Method::PUT, "/contact", home("63113")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let kept = "SELECT phone_number || ' ' || address_line || ' ' || given_name FROM dossier";
    assert_eq!(server.sql::<String>(kept), "+33711223344 3 place de Jaude Lina");
    let more = json!({ "typed": { "given_name": "Autre" } });
    assert_eq!(lina.asks_own(&server, Method::PUT, "/contact", more).await.code(), "malformed");
}

#[tokio::test]
async fn a_mistyped_address_of_a_stand_is_mended_there_until_the_account_is_active() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    lina.push(&server).await;
    lina.put_photo(&server).await;
    lina.deposit_with(&server, None).await;
    let ask = json!({ "password": "", "email": "lina@example.fr" });
    let answer = lina.asks_own(&server, Method::POST, "/address", ask.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    server.app.send_due_mail().await;
    let mail = postman.brings().into_iter().find(|mail| mail.to == "lina@example.fr").unwrap();
    assert!(server.ask(press(&mail.link(), "")).await.text().contains("confirmée"));
    let answer = lina.asks_own(&server, Method::POST, "/address", ask).await;
    assert_eq!(answer.code(), "wrong_password", "proved: no more without a password");
}

#[tokio::test]
async fn the_numbers_of_an_address_go_to_that_address_and_to_nobody_else() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let [lina, noe] = [active(&server, &postman, 1).await, active(&server, &postman, 2).await];
    let ask = |email: &str| json!({ "email": email });
    for email in ["nobody@example.fr", " Lina.Moreau@example.fr "] {
        let answer = lina.asks(&server, Method::POST, "/v1/numbers/mail", ask(email)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert!(answer.body.is_empty());
    }
    server.app.send_due_mail().await;
    let mail = postman.brings_one();
    assert_eq!(mail.to, "lina.moreau@example.fr");
    for number in [&lina.number, &noe.number] {
        assert!(mail.text.contains(&number.to_string()), "{}", mail.text);
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM mail_ask"), 0);
    for typed in ["a@b.fr\r\nBcc: c@d.fr", "a@b.fr, c@d.fr", "", "a"] {
        let answer = lina.asks(&server, Method::POST, "/v1/numbers/mail", ask(typed)).await;
        assert_eq!(answer.code(), "malformed", "{typed:?}");
    }
}

/// What is asked without being signed in, of a number that is or is not somebody's.
fn asked_of(number: &DossierNumber) -> [(Method, &'static str, Value); 5] {
    [
        (
            Method::POST,
            "/v1/sign-in",
            json!({ "number": number, "password": "pas le bon", "device": "" }),
        ),
        (Method::POST, "/v1/activation", json!({ "number": number, "code": "00000000" })),
        (Method::POST, "/v1/activation/mail", json!({ "number": number })),
        (Method::POST, "/v1/password/mail", json!({ "number": number })),
        (
            Method::PUT,
            "/v1/password",
            json!({ "number": number, "code": "00000000", "password": NEW }),
        ),
    ]
}

#[tokio::test]
async fn known_unknown_and_inactive_accounts_get_the_same_bytes() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let inactive = Phone::deposited(&server, 2).await;
    let nobody = DossierNumber::draw([9; 16]);
    let asker = Phone::bound(&server, 9).await;
    let mut answers = Vec::new();
    for number in [&lina.number, &inactive.number, &nobody] {
        let mut of_number = Vec::new();
        for (method, path, ask) in asked_of(number) {
            for _ in 0..8 {
                let answer = asker.asks(&server, method.clone(), path, ask.clone()).await;
                of_number.push((answer.status, format!("{:?}", answer.headers), answer.body));
            }
        }
        answers.push(of_number);
    }
    assert!(answers[0] == answers[2] && answers[1] == answers[2]);
}

/// `PASSREGION_TIMING=500` asks so often. Each pair is asked back to back, in turn first and second,
/// so that whatever else this machine does is done to both.
#[tokio::test]
async fn known_and_unknown_accounts_take_the_same_time() {
    let rounds = std::env::var("PASSREGION_TIMING").ok().and_then(|text| text.parse().ok());
    let rounds: usize = rounds.unwrap_or(12);
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let asker = Phone::bound(&server, 9).await;
    for at in 0..5 {
        let mut differences = Vec::new();
        let (mut times, path) = ([Vec::new(), Vec::new()], asked_of(&lina.number)[at].1);
        for round in 0..rounds {
            // A wait, so that neither is throttled; another unknown number each time.
            server.wait_ms(2 * HOUR_MS);
            let nobody = DossierNumber::draw((round as u128 + 1_000).to_le_bytes());
            let mut pair = [Duration::ZERO; 2];
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for which in order {
                let number = if which == 0 { &lina.number } else { &nobody };
                let (method, path, ask) = asked_of(number)[at].clone();
                let begun = Instant::now();
                asker.asks(&server, method, path, ask).await;
                pair[which] = begun.elapsed();
                times[which].push(pair[which]);
            }
            differences.push(pair[0].as_secs_f64() - pair[1].as_secs_f64());
        }
        differences.sort_by(f64::total_cmp);
        let [known, unknown] = times.map(|mut times| {
            times.sort();
            times
        });
        let ms = |time: &Duration| time.as_secs_f64() * 1e3;
        let median_ms = differences[differences.len() / 2] * 1e3;
        eprintln!(
            "{path}: median {:.2} ms known, {:.2} unknown, {median_ms:+.3} between",
            ms(&known[rounds / 2]),
            ms(&unknown[rounds / 2]),
        );
        if rounds >= 500 {
            // A password hash takes 40 ms, a commit 4: what must not show.
            assert!(median_ms.abs() < 3.0, "{path}: {median_ms} ms");
        } else {
            // The fastest of each: what else a busy machine does is in neither.
            let (known, unknown) = (ms(&known[0]), ms(&unknown[0]));
            let room = 5.0 + known.max(unknown) / 2.0;
            assert!((known - unknown).abs() < room, "{path}: {known} ms, {unknown} ms");
        }
    }
}
