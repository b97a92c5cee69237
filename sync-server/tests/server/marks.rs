//! Marked data: a student whose every word can be told, all that may go wrong with it, and no trace
//! of it in logs (of every crate, at their loudest) or metrics.

use std::io;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode, header};
use dossier::form::Field;
use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::account::press;
use crate::desk::{self, Desk};
use crate::health::metrics;
use crate::phone::{PASSWORD, Phone};
use crate::postman::{Mood, Postman};
use crate::world::{Server, get, with_token};

const HOUR_MS: i64 = 60 * 60_000;

/// What is typed, and what a machine may make of it: in whichever letters, it must not be found.
const TYPED: &[(Field, &str)] = &[
    (Field::GivenName, "Zorglubine"),
    (Field::FamilyName, "Quetzalmarc"),
    (Field::Email, "zq.mark@quetzal.example"),
    (Field::EmailConfirmation, "zq.mark@quetzal.example"),
    (Field::PhoneNumber, "06 98 76 54 31"),
    (Field::CareOf, "Chez Xylophina"),
    (Field::AddressLine, "77 rue Fantasmagorie"),
];
const MARKS: &[&str] = &[
    "zorgl",
    "quetzal",
    "zq.mark",
    "698765431",
    "06 98 76",
    "xylophina",
    "fantasmagorie",
    "neige en aout",
    "un tout autre secret",
];

/// Everything that is logged in this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn listen() -> Self {
        let log = Self::default();
        sync_server::log_to(log.clone(), EnvFilter::new("trace"));
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).to_lowercase()
    }
}

/// A student who fills in everything with marks.
async fn marked(server: &Server, letter: u8) -> Phone {
    let mut phone = Phone::bound(server, letter).await;
    phone.fill(server);
    for (field, typed) in TYPED {
        phone.set(*field, typed);
    }
    phone
}

/// What the server refuses, in each of the ways in which it reads.
async fn refused(server: &Server, phone: &mut Phone) {
    phone.set(Field::GivenName, "Zorgl1bine");
    phone.push(server).await;
    phone.put_photo(server).await;
    assert_eq!(phone.deposit(server).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    phone.set(Field::GivenName, "Zorglubine");
    phone.push(server).await;
    let ask =
        |method, path: &str, body: &str| with_token(method, path, &phone.token, body.to_owned());
    for request in [
        ask(Method::POST, "/v1/sync", "Quetzalmarc"),
        ask(Method::POST, "/v1/sign-in", "{\"number\": \"Quetzalmarc\""),
        ask(Method::POST, "/v1/numbers/mail", "{\"email\": \"zq.mark@quetzal.example\\nBcc: x\"}"),
        ask(Method::PUT, "/v1/photos/quetzalmarc", "Zorglubine"),
        ask(Method::GET, "/v1/dossiers/Quetzalmarc?name=Zorglubine", ""),
        ask(Method::GET, "/Quetzalmarc/Zorglubine", ""),
        ask(Method::GET, "/automerge?ticket=Quetzalmarc", ""),
        get("/compte/Quetzalmarc"),
        press("/compte/Quetzalmarc", "password=Zorglubine&again=Zorglubine"),
    ] {
        let status = server.ask(request).await.status;
        assert!(status.is_client_error(), "{status}");
    }
    let mut odd = get("/v1/probe");
    odd.headers_mut().insert(header::USER_AGENT, "Quetzalmarc".parse().unwrap());
    odd.headers_mut().insert("x-forwarded-for", "Zorglubine".parse().unwrap());
    assert!(server.ask(odd).await.status.is_success());
    assert_eq!(desk::sign_in(server, "Quetzalmarc", PASSWORD).await.status, 401);
}

/// The account, from its mail to its last hour; the secrets that were used on the way.
async fn lives(server: &Server, postman: &Postman, lina: &Phone) -> Vec<String> {
    for mood in [Mood::Refuses("451 no Quetzalmarc today"), Mood::HangsUp, Mood::Takes] {
        postman.is(mood);
        server.app.send_due_mail().await;
        server.wait_ms(HOUR_MS);
    }
    let mail = postman.brings_one();
    let mut secrets = vec![mail.code(), mail.link().replace("/compte/", "")];
    assert!(server.ask(get(&mail.link())).await.status.is_success());
    assert!(server.ask(press(&mail.link(), "")).await.status.is_success());
    let other = Phone::bound(server, 9).await;
    assert_eq!(other.sign_in(server, lina, "Zorglubine").await.code(), "wrong_sign_in");
    assert!(other.sign_in(server, lina, PASSWORD).await.status.is_success());
    for what in ["", "/devices", "/export", "/export.pdf"] {
        assert!(other.reads(server, lina, what).await.status.is_success(), "{what}");
    }
    let path = |what: &str| format!("/v1/accounts/{}{what}", lina.id);
    let changed = json!({ "typed": { "phone_number": "06 98 76 54 31", "address_line": "" } });
    let answer = lina.asks(server, Method::PUT, &path("/contact"), changed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ask = json!({ "current": PASSWORD, "password": "un tout autre secret" });
    let answer = lina.asks(server, Method::PUT, &path("/password"), ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let ask = json!({ "email": "autre@quetzal.example", "password": "un tout autre secret" });
    let answer = lina.asks(server, Method::POST, &path("/address"), ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    postman.is(Mood::Refuses("550 no mailbox Quetzalmarc here"));
    server.app.send_due_mail().await;
    secrets.extend([lina.token.clone(), other.token, lina.number.as_str().to_owned()]);
    secrets.push(lina.number.to_string());
    secrets
}

#[tokio::test]
async fn no_word_of_a_student_stands_in_a_log_or_a_metric_whatever_goes_wrong() {
    let log = Log::listen();
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let mut lina = marked(&server, 1).await;
    refused(&server, &mut lina).await;
    assert_eq!(lina.deposit(&server).await.status, StatusCode::OK);
    let mut secrets = lives(&server, &postman, &lina).await;

    let desk = Desk::signed_in(&server).await;
    for page in ["", "/photo"] {
        let page = desk.get(&server, &format!("/desk/dossiers/{}{page}", lina.id)).await;
        assert!(page.status.is_success());
    }
    let note = [("reasons", "AUTRE"), ("note", "Bonjour Zorglubine")];
    assert_eq!(desk.refuse(&server, lina.id, &note).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.refuse(&server, lina.id, &note).await.status, StatusCode::CONFLICT);
    assert_eq!(desk.accept(&server, Uuid::nil()).await.status, StatusCode::NOT_FOUND);
    secrets.extend(desk.cookie.split('=').nth(1).map(str::to_owned));

    let ask = json!({ "password": "un tout autre secret" });
    let erasure = format!("/v1/accounts/{}/erasure", lina.id);
    let answer = lina.asks(&server, Method::POST, &erasure, ask).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let counted = metrics(&server).await.to_lowercase();
    // Ours to mend: the database's own words are logged.
    server.kept.change("ALTER TABLE mail_ask RENAME TO mail_ask_gone").unwrap();
    let ask = json!({ "email": "zq.mark@quetzal.example" });
    let answer = lina.asks(&server, Method::POST, "/v1/numbers/mail", ask).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (500, "ours"));
    assert_eq!(lina.asks(&server, Method::GET, &erasure, Value::Null).await.status, 405);

    let logged = log.text();
    // It was listened to: what must be there is.
    for told in ["/v1/deposits/{draft}", "request failed", "a mail was given up", "\"trace\""] {
        assert!(logged.contains(told), "{told} is not in the log");
    }
    let secrets = secrets.iter().map(|secret| secret.to_lowercase());
    for mark in MARKS.iter().map(|mark| (*mark).to_owned()).chain(secrets) {
        for (place, text) in [("log", &logged), ("metrics", &counted)] {
            let found = text.lines().find(|line| line.contains(&mark));
            assert!(found.is_none(), "{mark} stands in the {place}: {}", found.unwrap_or_default());
        }
    }
}
