//! Events and their tablets: made by an administrator, set up once, revoked.

use axum::http::{Method, StatusCode};
use dossier::signed::SigningKey;
use dossier::signed::delegation::{Delegation, DelegationRefusal};
use dossier::signed::keys::SealingHolder;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::phone::{Phone, key_set};
use crate::tablet::{Tablet, administrator, ask, base64, code, event, student};
use crate::world::Server;

const A_DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test]
async fn a_tablet_is_set_up_once_and_its_delegation_is_of_the_keys_that_everyone_fetches() {
    let server = Server::start().await;
    let odile = administrator(&server).await;
    let forum = event(&server, &odile).await;
    let code = code(&server, &odile, forum).await;
    assert_eq!(hex::encode(*code.root), server.region.to_hex());
    assert_eq!(code.server, "https://pass.example");

    let (tablet, key) = (Phone::bound(&server, 1).await, SigningKey::from_bytes(&[1; 32]));
    let told = ask(&server, &tablet, &key, &code).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    let told = told.json();
    assert_eq!((&told["event"], &told["place"]), (&json!("Forum des lycées"), &json!("Aurillac")));
    assert_eq!(told["schools"], json!(["0630020E"]));
    assert_eq!((&told["first_day"], &told["revoked"]), (&json!("2026-11-22"), &json!(false)));

    let keys = key_set(&server).await;
    let signed = base64(&told["delegation"]);
    let (delegation, _) = Delegation::open(&signed, &keys).unwrap();
    assert_eq!(*delegation.device, key.verifying_key().to_bytes());
    assert_eq!((delegation.most_cards, delegation.season.as_str()), (300, "2026-2027"));
    let holders: Vec<SealingHolder> = keys
        .to_seal_to(delegation.not_before_ms + A_DAY_MS * 2)
        .iter()
        .map(|it| it.holder)
        .collect();
    assert_eq!(holders, [SealingHolder::Operations, SealingHolder::Escrow]);

    // The answer was lost on its way: asked again, it is the same.
    assert_eq!(ask(&server, &tablet, &key, &code).await.json(), told);
    assert_eq!(tablet.asks(&server, Method::GET, "/v1/stand", Value::Null).await.json(), told);
    let name = "SELECT name FROM stand";
    assert_eq!(server.sql::<String>(name), "Tablette 3");
    // Whoever photographed the code comes too late, and so does the tablet with another key.
    let thief = Phone::bound(&server, 2).await;
    let spent = ask(&server, &thief, &SigningKey::from_bytes(&[2; 32]), &code).await;
    assert_eq!((spent.status, spent.code()), (StatusCode::FORBIDDEN, "setup_code_spent".into()));
    let other_key = ask(&server, &tablet, &SigningKey::from_bytes(&[3; 32]), &code).await;
    assert_eq!(other_key.code(), "setup_code_spent");
    let none = thief.asks(&server, Method::GET, "/v1/stand", Value::Null).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let page = odile.get(&server, &format!("/desk/stands/{forum}")).await.text();
    assert!(page.contains("Tablette 3") && page.contains("installée"), "{page}");
}

#[tokio::test]
async fn a_code_that_nobody_used_is_good_for_a_day() {
    let server = Server::start().await;
    let odile = administrator(&server).await;
    let forum = event(&server, &odile).await;
    let code = code(&server, &odile, forum).await;
    server.wait_ms(A_DAY_MS + 1);
    let tablet = Phone::bound(&server, 1).await;
    let late = ask(&server, &tablet, &SigningKey::from_bytes(&[1; 32]), &code).await;
    assert_eq!(late.code(), "setup_code_spent");
    let odile = administrator(&server).await;
    let page = odile.get(&server, &format!("/desk/stands/{forum}")).await.text();
    assert!(page.contains("Code dépassé"), "{page}");
    let malformed = json!({ "token": "00", "device_key": "00", "name": "" });
    let malformed = tablet.asks(&server, Method::PUT, "/v1/stand", malformed).await;
    assert_eq!(malformed.code(), "malformed");
}

#[tokio::test]
async fn only_an_administrator_sees_the_stands_and_a_fault_of_the_form_loses_nothing() {
    let server = Server::start().await;
    let claire = Desk::signed_in(&server).await;
    let refused = claire.get(&server, "/desk/stands").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("réservée aux administrateurs"));
    assert!(!claire.get(&server, "/desk").await.text().contains("/desk/stands"));

    let odile = administrator(&server).await;
    assert!(odile.get(&server, "/desk").await.text().contains("/desk/stands"));
    let fields = [
        ("name", "Forum"),
        ("place", "Aurillac"),
        ("first_day", "2026-11-23"),
        ("last_day", "2026-11-22"),
        ("schools", "0000000X"),
        ("most_cards", "beaucoup"),
    ];
    let again = odile.post(&server, "/desk/stands", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = again.text();
    for told in ["venir après", "0000000X. Vérifiez", "va de 1", "value=\"Forum\"", "beaucoup"] {
        assert!(page.contains(told), "{told} in {page}");
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM event"), 0);
}

#[tokio::test]
async fn a_revoked_tablet_is_named_in_the_keys_and_what_it_brings_waits_for_a_person() {
    let mut server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let odile = administrator(&server).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    let path = format!("/desk/tablets/{}/revoke", tablet.stand);
    let unconfirmed = odile.post(&server, &path, &[]).await;
    assert_eq!(unconfirmed.status, StatusCode::BAD_REQUEST);
    assert_eq!(tablet.asks(&server, "/v1/stand").await.json()["revoked"], false);

    let revoked = odile.post(&server, &path, &[("confirmed", "yes")]).await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER);
    let told = tablet.asks(&server, "/v1/stand").await.json();
    assert_eq!(told["revoked"], true);
    let keys = key_set(&server).await;
    let signed = base64(&told["delegation"]);
    assert_eq!(Delegation::open(&signed, &keys).err(), Some(DelegationRefusal::Revoked));
    assert_eq!(tablet.asks(&server, "/v1/stand/prints").await.code(), "revoked");

    assert_eq!(tablet.brings(&server, &sealed).await, "stuck");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 0);
    let event = format!("/desk/stands/{}", tablet.event);
    let page = odile.get(&server, &event).await.text();
    assert!(page.contains("révoquée") && page.contains("Déposer quand même"), "{page}");
    let address = format!("/desk/envelopes/{}", hex::encode(sealed.digest));
    let shown = odile.get(&server, &address).await.text();
    for told in ["Moreau", "06 12 34 56 78", &lina.number.to_string()] {
        assert!(shown.contains(told), "{told} in {shown}");
    }
    // The agent says that it was him.
    let retried = odile.post(&server, &format!("{address}/retry"), &[]).await;
    assert_eq!(retried.status, StatusCode::SEE_OTHER);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 1);
    let actions: Vec<String> = server.kept.column("SELECT action FROM audit ORDER BY id");
    for action in [
        "event_made",
        "tablet_added",
        "tablet_set_up",
        "tablet_revoked",
        "envelope_seen",
        "envelope_tried_again",
    ] {
        assert!(actions.iter().any(|it| it == action), "{action} in {actions:?}");
    }
    // Cut between the database and the keys, a server says it at its next look.
    let set = server.data.path().join("keys/key-set.cose");
    let before = std::fs::read(&set).unwrap();
    let other = Tablet::at(&server, tablet.event, 2).await;
    server.kept.change("UPDATE stand SET revoked_ms = 1 WHERE revoked_ms = 0").unwrap();
    server.restart();
    server.app.open_kept_envelopes().await;
    let keys = key_set(&server).await;
    assert!(keys.revoked.contains(&other.stand.into_bytes().into()));
    assert!(keys.revoked.contains(&tablet.stand.into_bytes().into()));
    assert_ne!(before, std::fs::read(&set).unwrap());
}

#[tokio::test]
async fn tablets_of_one_event_hear_of_each_other_without_a_name() {
    let server = Server::start().await;
    let mut aurillac = Tablet::at_an_event(&server, 1).await;
    let neighbour = Tablet::at(&server, aurillac.event, 2).await;
    let elsewhere = Tablet::at_an_event(&server, 3).await;
    let mut lina = student(&server, 7);
    let sealed = aurillac.seal(&server, &mut lina).await;
    assert_eq!(aurillac.brings(&server, &sealed).await, "deposited");

    let told = neighbour.asks(&server, "/v1/stand/prints?after=0").await;
    assert!(!told.text().contains("Moreau"));
    let told = told.json();
    assert_eq!(told["prints"][0]["dossier"], json!(lina.id));
    assert_eq!(told["prints"][0]["stand"], json!(aurillac.stand));
    let expected = dossier::stand::print::prints(
        &neighbour.prints_key,
        "Moreau",
        "Lina",
        time::macros::date!(2009 - 03 - 07),
    );
    let first = told["prints"][0]["prints"][0].as_str().unwrap();
    assert_eq!(u64::from_str_radix(first, 16).unwrap(), expected[0]);
    let next = format!("/v1/stand/prints?after={}", told["next"]);
    assert_eq!(neighbour.asks(&server, &next).await.json()["prints"], json!([]));
    assert_eq!(neighbour.asks(&server, &next).await.json()["next"], told["next"]);
    for other in [&aurillac, &elsewhere] {
        assert_eq!(other.asks(&server, "/v1/stand/prints").await.json()["prints"], json!([]));
    }
    let nonsense = neighbour.asks(&server, "/v1/stand/prints?after=x").await;
    assert_eq!(nonsense.code(), "malformed");
}
