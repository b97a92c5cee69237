//! Several servers on one database.

use std::mem::swap;

use axum::http::StatusCode;
use sync_server::{Import, PhotoPlace, Place, SystemClock, import, migrate};

use crate::phone::Phone;
use crate::world::{Server, get};

#[tokio::test]
async fn two_servers_on_one_database_answer_as_one() {
    let mut server = Server::start().await;
    let mut other = server.router.clone();
    // Another one on the same database; the first goes on.
    server.restart();
    let mut lina = Phone::bound(&server, 1).await;
    lina.fill(&server);
    let (half, rest) = lina.changes.split_at(lina.changes.len() / 2);
    let (half, rest) = [half, rest].map(|some| lina.ask_with(lina.id, &bytes(some))).into();
    assert_eq!(lina.send(&server, &half).await.rejected, []);
    swap(&mut server.router, &mut other);
    let answer = lina.send(&server, &rest).await;
    assert_eq!((answer.rejected.len(), answer.cursor), (0, lina.changes.len() as u64));
    assert_eq!(lina.put_photo(&server).await.status, StatusCode::NO_CONTENT);
    swap(&mut server.router, &mut other);
    let received = lina.deposit(&server).await;
    assert_eq!(received.status, StatusCode::OK, "{}", received.text());
    swap(&mut server.router, &mut other);
    assert_eq!(lina.deposit(&server).await.body, received.body, "the same receipt");
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
}

fn bytes(changes: &[dossier::document::Change]) -> Vec<Vec<u8>> {
    changes.iter().map(|change| change.bytes.clone()).collect()
}

#[tokio::test]
async fn an_import_beside_a_running_server_is_served_by_it() {
    let server = Server::start().await;
    let version = async || server.ask(get("/v1/reference")).await.json()["version"].clone();
    let before = version().await;
    let list = server.data.path().join("region.csv");
    let rows = "uai;code_region;nom_affiche;sigle\n0010010F;TLG0001;Lycée du Bugey;LGT\n";
    std::fs::write(&list, rows).unwrap();
    let asked = Import {
        files: vec![list],
        data: Some(server.data.path().to_owned()),
        database: server.kept.address(),
        dry_run: false,
    };
    assert!(import(&asked, &SystemClock).unwrap());
    assert_ne!(version().await, before);
}

#[tokio::test]
async fn a_schema_that_is_up_to_date_is_seen_to_be_so_beside_a_running_server() {
    let server = Server::start().await;
    let (data, database) = (server.data.path().to_owned(), server.kept.address());
    let place = Place { data, database, photos: PhotoPlace::File };
    let migrated = tokio::task::spawn_blocking(move || migrate(&place));
    migrated.await.unwrap().unwrap();
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::OK);
}
