//! Movements of benefits: noted once, never below nothing, told with their day.

use axum::http::StatusCode;
use sync_server::{Import, import};
use uuid::Uuid;

use crate::desk::Desk;
use crate::phone::Phone;
use crate::world::{Answer, Server, get};

/// What the Region publishes in these tests: one amount for all, one that is granted to each, and
/// one of another season.
const BENEFITS: &str = "code;season;label;cents;source\n\
     LIVRES_LOISIRS;2026-2027;Livres loisirs;800;test\n\
     BAFA;2026-2027;BAFA;;test\n\
     PECHE;2025-2026;Carte de pêche;3000;test\n";

/// A server on which the Region published them.
async fn server() -> Server {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("avantages.csv");
    std::fs::write(&file, BENEFITS).unwrap();
    let (data, database) = (server.data.path().to_owned(), server.kept.address());
    let asked = Import { files: vec![file], data: Some(data), database, dry_run: false };
    let clock = server.clock.clone();
    let published = tokio::task::spawn_blocking(move || import(&asked, &*clock)).await;
    assert!(published.unwrap().unwrap());
    server.ask(get("/v1/reference")).await;
    server
}

async fn note(
    server: &Server,
    desk: &Desk,
    (lina, id): (&Phone, u8),
    (benefit, kind, amount): (&str, &str, &str),
) -> Answer {
    let id = Uuid::from_bytes([id; 16]).to_string();
    let path = format!("/desk/dossiers/{}/movement", lina.id);
    let fields = [("movement", &*id), ("benefit", benefit), ("kind", kind), ("amount", amount)];
    desk.post(server, &path, &fields).await
}

#[tokio::test]
async fn what_is_spent_is_noted_once_and_told_with_its_day() {
    let server = server().await;
    let (desk, lina) = (Desk::signed_in(&server).await, Phone::deposited(&server, 1).await);
    let books = ("LIVRES_LOISIRS", "spent", "7,50");
    let early = note(&server, &desk, (&lina, 1), books).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "no card yet");
    assert!(lina.standing(&server).await.json()["balances"].is_null());
    desk.accept(&server, lina.id).await;

    for again in ["first", "again"] {
        let noted = note(&server, &desk, (&lina, 1), books).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER, "{again}: {}", noted.text());
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM movement"), 1);
    let told = lina.standing(&server).await.json()["balances"].clone();
    assert_eq!(told["on"], "2026-11-22");
    assert_eq!(told["list"][0]["benefit"], "LIVRES_LOISIRS");
    assert_eq!(
        (&told["list"][0]["granted_cents"], &told["list"][0]["spent_cents"]),
        (&800.into(), &750.into())
    );
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await.text();
    assert!(page.contains("0,50\u{a0}€") && page.contains("Livres loisirs"), "{page}");
    let otherwise = note(&server, &desk, (&lina, 1), ("LIVRES_LOISIRS", "spent", "1")).await;
    assert_eq!(otherwise.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(otherwise.text().contains("Ce formulaire a déjà servi"));
    let audited = "SELECT count(*) FROM audit WHERE action = 'movement_noted'";
    assert_eq!(server.sql::<i64>(audited), 2, "who pressed twice did so twice");
}

/// What a page says, as the PDF has it: in hexadecimal where it is not plain ASCII.
fn written(text: &str) -> String {
    let in_windows = |c: char| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() };
    let bytes: Vec<u8> = text.chars().map(in_windows).collect();
    format!("<{}>", hex::encode_upper(bytes))
}

#[tokio::test]
async fn the_page_of_my_data_has_each_movement_with_its_day_and_what_was_left() {
    let server = server().await;
    let lina = Phone::deposited(&server, 1).await;
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    for (id, kind, amount) in [(1, "spent", "7,50"), (2, "refunded", "1,20")] {
        let desk = Desk::signed_in(&server).await;
        note(&server, &desk, (&lina, id), ("LIVRES_LOISIRS", kind, amount)).await;
        server.wait_ms(86_400_000);
    }
    let answer = lina.reads(&server, &lina, "/export.pdf").await;
    let page = String::from_utf8_lossy(&answer.body);
    let said = [
        "Livres loisirs\u{a0}: reste 1,70\u{a0}€ sur 8,00\u{a0}€",
        "Utilisé\u{a0}: 7,50\u{a0}€, reste 0,50\u{a0}€",
        "Remboursé\u{a0}: 1,20\u{a0}€, reste 1,70\u{a0}€",
        "BAFA\u{a0}: montant non communiqué",
    ];
    let places = said.map(|said| page.find(&written(said)).unwrap_or_else(|| panic!("{said}")));
    assert!(places.is_sorted(), "benefit by benefit, oldest first");
    for day in ["(22 novembre 2026)", "(23 novembre 2026)", "(24 novembre 2026)"] {
        assert!(page.contains(day), "{day}");
    }
}

#[tokio::test]
async fn no_balance_falls_below_nothing_and_no_other_season_pays() {
    let server = server().await;
    let (desk, lina) = (Desk::signed_in(&server).await, Phone::deposited(&server, 1).await);
    desk.accept(&server, lina.id).await;
    for (movement, said) in [
        (("LIVRES_LOISIRS", "spent", "8,01"), "Il ne reste que 8,00\u{a0}€"),
        (("LIVRES_LOISIRS", "refunded", "1"), "Seuls 0,00\u{a0}€ ont été utilisés"),
        (("LIVRES_LOISIRS", "spent", "-1"), "Écrivez un montant en euros"),
        (("LIVRES_LOISIRS", "spent", "beaucoup"), "Écrivez un montant en euros"),
        (("LIVRES_LOISIRS", "granted", "10000,01"), "Écrivez un montant en euros"),
        (("BAFA", "spent", "1"), "Accordez-en un d’abord"),
        (("PECHE", "spent", "1"), "n’est pas publié pour l’année scolaire"),
        (("LICENCE", "granted", "1"), "n’est pas publié pour l’année scolaire"),
    ] {
        let refused = note(&server, &desk, (&lina, 1), movement).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{movement:?}");
        let page = refused.text();
        assert!(page.contains(said), "{movement:?}: {page}");
        assert!(page.contains(&format!("value=\"{}\"", movement.2)), "nothing typed is lost");
    }
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM movement"), 0);
    for (id, movement) in
        [("granted", "200"), ("spent", "200"), ("refunded", "0,50")].into_iter().enumerate()
    {
        let id = u8::try_from(id).unwrap() + 2;
        let noted = note(&server, &desk, (&lina, id), ("BAFA", movement.0, movement.1)).await;
        assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
    }
    let told = lina.standing(&server).await.json()["balances"]["list"][1].clone();
    assert_eq!((&told["granted_cents"], &told["spent_cents"]), (&20_000.into(), &19_950.into()));
}

#[tokio::test]
async fn movements_cannot_be_changed_and_a_form_of_another_dossier_moves_nothing() {
    let server = server().await;
    let desk = Desk::signed_in(&server).await;
    let (lina, noe) = (Phone::deposited(&server, 1).await, Phone::deposited(&server, 2).await);
    for phone in [&lina, &noe] {
        desk.accept(&server, phone.id).await;
    }
    let books = ("LIVRES_LOISIRS", "spent", "1");
    note(&server, &desk, (&lina, 1), books).await;
    let again = note(&server, &desk, (&noe, 1), books).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM movement"), 1);
    for change in ["UPDATE movement SET cents = 1", "DELETE FROM movement"] {
        assert!(server.kept.change(change).is_err(), "{change}");
    }
}
