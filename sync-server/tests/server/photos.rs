//! Photos that nothing names any more.

use dossier::form::Field;
use sha2::{Digest, Sha256};

use crate::phone::Phone;
use crate::world::Server;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The hashes of the photos that the server keeps.
fn kept(server: &Server) -> Vec<String> {
    let photos = rusqlite::Connection::open(server.data.path().join("photos.sqlite")).unwrap();
    let mut statement = photos.prepare("SELECT lower(hex(hash)) FROM photo ORDER BY 1").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_photo_that_was_replaced_is_erased_after_a_week_and_no_other_ever() {
    let server = Server::start().await;
    let mut phones = Vec::new();
    for letter in [1, 2, 3] {
        let mut phone = Phone::bound(&server, letter).await;
        phone.fill(&server);
        phone.push(&server).await;
        assert!(phone.put_photo(&server).await.status.is_success());
        phones.push(phone);
    }
    // Lina deposits, Karim takes another photo, Noé's draft stays as it is.
    let [lina, karim, noe] = &mut phones[..] else { panic!("three phones") };
    assert!(lina.deposit(&server).await.status.is_success());
    karim.set(Field::Photo, &hex::encode(Sha256::digest(b"another")));
    karim.push(&server).await;

    server.app.erase_leftover_photos().await;
    assert_eq!(kept(&server).len(), 3, "none is old");
    server.wait_ms(8 * DAY_MS);
    server.app.erase_leftover_photos().await;
    let mut named = vec![lina.photo_hash(), noe.photo_hash()];
    named.sort();
    assert_eq!(kept(&server), named);

    // As dossiers were kept before references were: the photo stays.
    server.kept.change("DELETE FROM photo_reference").unwrap();
    server.app.erase_leftover_photos().await;
    assert_eq!(kept(&server), [lina.photo_hash()]);
}
