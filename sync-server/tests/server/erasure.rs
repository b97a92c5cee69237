//! What is left of a student who wants to be forgotten.

use axum::http::{Method, StatusCode};
use dossier::signed::SigningKey;
use serde_json::{Value, json};
use sync_server::{Erase, PhotoPlace, Place, SystemClock};

use crate::account::active;
use crate::desk::Desk;
use crate::phone::{PASSWORD, Phone, key_set, status_list};
use crate::postman::Postman;
use crate::world::Server;

async fn erase(server: &Server, lina: &Phone, password: &str) -> crate::world::Answer {
    let path = format!("/v1/accounts/{}/erasure", lina.id);
    lina.asks(server, Method::POST, &path, json!({ "password": password })).await
}

#[tokio::test]
async fn an_erased_dossier_leaves_a_tombstone_and_nothing_of_the_person() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let mut lina = active(&server, &postman, 1).await;
    let noe = active(&server, &postman, 2).await;
    let desk = Desk::signed_in(&server).await;
    assert_eq!(erase(&server, &lina, "pas le bon").await.code(), "wrong_password");
    assert_eq!(erase(&server, &lina, PASSWORD).await.status, StatusCode::NO_CONTENT);

    assert_eq!(lina.standing(&server).await.code(), "erased");
    assert_eq!(lina.deposit(&server).await.code(), "erased");
    assert_eq!(lina.push(&server).await.rejected.len(), lina.changes.len());
    let path = format!("/v1/photos/{}", lina.photo_hash());
    let photo = lina.asks(&server, Method::GET, &path, Value::Null).await;
    assert_eq!(photo.status, StatusCode::NOT_FOUND);
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    for table in ["dossier", "account", "photo_report", "vignette", "draft", "photo_reference"] {
        let rows: i64 = server.sql(&format!("SELECT count(*) FROM {table}"));
        assert_eq!(rows, 1, "{table}: only Noé's");
    }
    let hers = "SELECT count(*) FROM change WHERE draft NOT IN (SELECT id FROM draft)";
    assert_eq!(server.sql::<i64>(hers), 0);
    server.app.send_due_mail().await;
    assert!(postman.brings_one().text.contains("effacés"), "the last word");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM mail"), 0);
    assert_eq!(noe.standing(&server).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_runs_the_server_erases_a_dossier_once_its_number_was_typed_again() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let (data, database) = (server.data.path().to_owned(), server.kept.address());
    let of = Place { data, database, photos: PhotoPlace::File };
    let asked = Erase { number: lina.number.to_string(), yes: false, of };
    let typed = Phone::new(2).number.to_string();
    let erase = |asked: Erase, typed: String| {
        // As at a console: nothing of it is asynchronous there.
        tokio::task::spawn_blocking(move || {
            let done = sync_server::erase(&asked, &SystemClock, typed.as_bytes());
            (asked, done.map_err(|error| error.to_string()))
        })
    };
    let (asked, refused) = erase(asked, typed).await.unwrap();
    assert!(refused.unwrap_err().contains("rien n’est effacé"));
    assert_eq!(lina.standing(&server).await.status, StatusCode::OK);
    let (_, done) = erase(asked, lina.number.as_str().to_lowercase()).await.unwrap();
    assert_eq!(done, Ok(()));
    assert_eq!(lina.standing(&server).await.code(), "erased");
    let path = format!("/v1/photos/{}", lina.photo_hash());
    assert_eq!(lina.asks(&server, Method::GET, &path, Value::Null).await.code(), "unknown");
    let told = "SELECT count(*) FROM audit WHERE action = 'erased' AND actor = 'console'";
    assert_eq!(server.sql::<i64>(told), 1);
}

#[tokio::test]
async fn the_place_of_an_erased_card_stays_blocked_under_nobodys_name() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let desk = Desk::signed_in(&server).await;
    desk.accept(&server, lina.id).await;
    let credential = lina.credential(&server).await;
    let keys = key_set(&server).await;
    let card = dossier::card::Card::open(&credential, &keys).unwrap();
    assert_eq!(erase(&server, &lina, PASSWORD).await.status, StatusCode::NO_CONTENT);
    let list = status_list(&server).await;
    let state = card.state(Some(&list), time::macros::date!(2026 - 11 - 22));
    assert_eq!(state, dossier::card::CardState::Blocked);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM vignette"), 0);
    let said = "SELECT given_name || family_name || email || phone_number || number FROM dossier";
    assert_eq!(server.sql::<String>(said), lina.id.simple().to_string());
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM decision"), 0);
    assert_eq!(server.sql::<i64>("SELECT CAST(length(credential) AS BIGINT) FROM card"), 0);
    assert_eq!(lina.standing(&server).await.code(), "erased");
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    // Another card is drawn and blocked afterwards: hers stays on the list.
    server.app.send_due_mail().await;
    postman.brings();
    let noe = active(&server, &postman, 2).await;
    desk.accept(&server, noe.id).await;
    noe.ask_duplicate(&server, noe.space, "PERTE").await;
    let state = card.state(Some(&status_list(&server).await), time::macros::date!(2026 - 11 - 22));
    assert_eq!(state, dossier::card::CardState::Blocked);
}

#[tokio::test]
async fn what_is_kept_is_told_as_data_and_on_paper_and_to_no_stranger() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let stranger = Phone::bound(&server, 9).await;
    for what in ["/export", "/export.pdf"] {
        assert_eq!(stranger.reads(&server, &lina, what).await.status, StatusCode::NOT_FOUND);
    }
    let deposit = format!("/v1/deposits/{}", lina.id);
    let refused = stranger.asks(&server, Method::GET, &deposit, Value::Null).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let own = lina.asks(&server, Method::GET, &deposit, Value::Null).await.json();
    assert_eq!(own["number"], lina.number.as_str());
    let kept = lina.reads(&server, &lina, "/export").await.json();
    assert_eq!(kept["answers"]["typed"]["email"], "lina.moreau@example.fr");
    assert_eq!(kept["number"], lina.number.as_str());
    assert_eq!(kept["photo_report"]["verdict"], "fail");
    assert!(!kept.to_string().contains("argon2"), "no secret of hers, not even its hash");
    let answer = lina.reads(&server, &lina, "/export.pdf").await;
    assert_eq!(answer.header(axum::http::header::CONTENT_TYPE), "application/pdf");
    let says = |text: &str| answer.body.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(says("(Moreau)") && says("(22 novembre 2026)"), "{:?}", answer.body.len());
    assert!(answer.body.windows(lina.photo.len()).any(|at| at == lina.photo), "the photo itself");

    // The provisional card ended with the other one: nobody blocked it.
    lina.hold(&server, &SigningKey::from_bytes(&[7; 32]), false).await;
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    let answer = lina.reads(&server, &lina, "/export.pdf").await;
    let says = |text: &str| answer.body.windows(text.len()).any(|at| at == text.as_bytes());
    // A line with an accent stands there in hexadecimal.
    let says_in_hex = |text: &str| says(&hex::encode_upper(text));
    assert!(says_in_hex("remplac") && !says_in_hex("bloqu"));
}
