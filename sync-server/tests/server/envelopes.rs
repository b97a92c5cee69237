//! What a tablet sealed becomes a dossier, or waits for a person; it is never refused and never lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use axum::http::{Method, StatusCode};
use dossier::form::Field;
use dossier::signed::SigningKey;
use dossier::stand::EnvelopeReceipt;
use dossier::stand::envelope::Envelope;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync_server::{Erase, PhotoPlace, Place, SystemClock};

use crate::desk::Desk;
use crate::phone::{PASSWORD, Phone};
use crate::postman::Postman;
use crate::tablet::{Tablet, administrator, claim, put, receipt, slip, student};
use crate::world::Server;

const A_DAY_MS: i64 = 24 * 3_600_000;

fn bytes_left(server: &Server) -> i64 {
    server.sql("SELECT count(*) FROM envelope WHERE length(bytes) > 0")
}

#[tokio::test]
async fn what_a_tablet_sealed_is_a_dossier_like_any_other_and_the_tablet_cannot_read_it() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    let first = tablet.send(&server, &sealed).await;
    assert_eq!((first.status, &first.json()["state"]), (StatusCode::OK, &json!("deposited")));
    EnvelopeReceipt::verify(&receipt(&first), &server.region, &sealed.digest).unwrap();
    // The answer was lost: the next one is the same, byte for byte, whoever brings it.
    server.wait_ms(5_000);
    let courier = Phone::bound(&server, 9).await;
    let again = put(&server, &courier, &sealed.digest, sealed.bytes.clone()).await;
    assert_eq!(again.body, first.body);

    let queue = Desk::signed_in(&server).await.get(&server, "/desk").await.text();
    assert!(queue.contains(&lina.number.to_string()) && queue.contains("Lina Moreau"), "{queue}");
    assert_eq!(server.sql::<String>("SELECT password_hash FROM account"), "");
    assert_eq!(server.sql::<String>("SELECT kind FROM mail"), "activation");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 1);
    for path in [
        format!("/v1/dossiers/{}", lina.id),
        format!("/v1/deposits/{}", lina.id),
        format!("/v1/accounts/{}/export", lina.id),
        format!("/v1/photos/{}", lina.photo_hash()),
    ] {
        assert_eq!(tablet.asks(&server, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let news = dossier::sync::SyncAsk::at([0; 16], 0);
    assert!(tablet.device.send(&server, &news).await.pull.is_empty());
}

#[tokio::test]
async fn an_envelope_of_another_key_or_name_or_altered_anywhere_is_not_taken() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    let misnamed = put(&server, &tablet.device, &[0; 32], sealed.bytes.clone()).await;
    assert_eq!(misnamed.code(), "not_the_envelope");
    for at in (0..sealed.bytes.len()).step_by(sealed.bytes.len() / 40 + 1) {
        let mut altered = sealed.bytes.clone();
        altered[at] ^= 1;
        let digest = Sha256::digest(&altered).into();
        let answer = put(&server, &tablet.device, &digest, altered).await;
        assert!(answer.status.is_client_error(), "byte {at}: {}", answer.status);
    }
    // Another stand's key under this stand's name.
    let neighbour = Tablet::at(&server, tablet.event, 2).await;
    let mut liar = Tablet { key: SigningKey::from_bytes(&[2; 32]), ..tablet };
    let forged = liar.seal(&server, &mut lina).await;
    assert_eq!(neighbour.send(&server, &forged).await.code(), "not_the_envelope");
    // A stand that nobody knows.
    liar.stand = uuid::Uuid::from_bytes([8; 16]);
    let unknown = liar.seal(&server, &mut lina).await;
    assert_eq!(liar.send(&server, &unknown).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM envelope"), 0);
}

#[tokio::test]
async fn two_envelopes_of_one_number_are_both_kept_and_the_desk_says_that_there_are_two_tablets() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let (mut lina, mut noe) = (student(&server, 7), student(&server, 8));
    let hers = tablet.seal(&server, &mut lina).await;
    assert_eq!(tablet.brings(&server, &hers).await, "deposited");
    tablet.sequence = 0;
    let his = tablet.seal(&server, &mut noe).await;
    assert_eq!(tablet.brings(&server, &his).await, "deposited");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 2);
    let odile = administrator(&server).await;
    let page = odile.get(&server, &format!("/desk/stands/{}", tablet.event)).await.text();
    assert!(page.contains("Une tablette a été copiée") && page.contains("2, dont 2"), "{page}");
    // Same names, same day of birth: the reviewer is told, nothing is merged.
    let desk = Desk::signed_in(&server).await;
    assert_eq!(desk.get(&server, "/desk").await.text().matches("même personne").count(), 2);
    let shown = desk.get(&server, &format!("/desk/dossiers/{}", noe.id)).await.text();
    assert!(shown.contains(&format!("/desk/dossiers/{}", lina.id)), "{shown}");
}

#[tokio::test]
async fn what_the_form_refuses_waits_with_its_reason_until_the_tablet_sends_better() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    lina.set(Field::EmailConfirmation, "autre@example.fr");
    let wrong = tablet.seal(&server, &mut lina).await;
    let answer = tablet.send(&server, &wrong).await;
    assert_eq!(answer.json()["state"], "stuck");
    EnvelopeReceipt::verify(&receipt(&answer), &server.region, &wrong.digest).unwrap();
    assert_eq!(server.sql::<String>("SELECT reason FROM envelope"), "incomplete");
    let odile = administrator(&server).await;
    let event = format!("/desk/stands/{}", tablet.event);
    let page = odile.get(&server, &event).await.text();
    assert!(page.contains("E-mail") && page.contains("Réessayer"), "{page}");
    let address = format!("/desk/envelopes/{}", hex::encode(wrong.digest));
    odile.post(&server, &format!("{address}/retry"), &[]).await;
    assert_eq!(tablet.brings(&server, &wrong).await, "stuck", "nothing changed");

    lina.set(Field::EmailConfirmation, "lina.moreau@example.fr");
    let right = tablet.seal_again(&server, &mut lina, wrong.digest).await;
    assert_eq!(tablet.brings(&server, &right).await, "deposited");
    assert_eq!(tablet.brings(&server, &wrong).await, "deposited", "another took its place");
    assert!(!odile.get(&server, &event).await.text().contains("Enveloppes à voir"));
    assert_eq!(odile.get(&server, &address).await.status, StatusCode::NOT_FOUND);
}

/// The student again, in a document of its own, with another address.
fn redone(server: &Server, letter: u8, email: &str) -> Phone {
    let mut lina = Phone::new(letter);
    lina.draft = dossier::document::Draft::new(&[99; 16]);
    lina.fill(server);
    lina.set(Field::Email, email);
    lina.set(Field::EmailConfirmation, email);
    lina
}

#[tokio::test]
async fn a_mistake_that_is_mended_at_the_stand_takes_its_place_until_somebody_decides() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let former = tablet.seal(&server, &mut lina).await;
    assert_eq!(tablet.brings(&server, &former).await, "deposited");
    let phone = Phone::bound(&server, 3).await;
    assert_eq!(claim(&server, &phone, &slip(&lina, 1)).await.status, StatusCode::OK);

    let mut lina = redone(&server, 7, "lina@example.fr");
    let mended = tablet.seal_again(&server, &mut lina, former.digest).await;
    assert_eq!(tablet.brings(&server, &mended).await, "deposited");
    let one = "SELECT email FROM dossier";
    assert_eq!(server.kept.column::<String>(one), ["lina@example.fr"]);
    let mail = "SELECT recipient FROM mail WHERE kind = 'activation'";
    assert_eq!(server.kept.column::<String>(mail), ["lina@example.fr"]);
    // Whoever read it before signs in anew, with the new slip.
    let path = format!("/v1/dossiers/{}", lina.id);
    let over = phone.asks(&server, Method::GET, &path, Value::Null).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND);
    assert_eq!(claim(&server, &phone, &slip(&lina, 1)).await.status, StatusCode::FORBIDDEN);
    let told = claim(&server, &phone, &slip(&lina, 2)).await.json();
    assert_eq!(told["answers"]["typed"]["email"], "lina@example.fr");

    let desk = Desk::signed_in(&server).await;
    assert_eq!(desk.accept(&server, lina.id).await.status, StatusCode::SEE_OTHER);
    let mut late = redone(&server, 7, "encore@example.fr");
    let late = tablet.seal_again(&server, &mut late, mended.digest).await;
    assert_eq!(tablet.brings(&server, &late).await, "stuck");
    let reason = "SELECT reason FROM envelope WHERE state = 'stuck'";
    assert_eq!(server.sql::<String>(reason), "illegal_move");
    assert_eq!(server.kept.column::<String>(one), ["lina@example.fr"]);
}

#[tokio::test]
async fn what_comes_after_the_one_that_took_its_place_changes_nothing() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let former = tablet.seal(&server, &mut lina).await;
    let mut lina = redone(&server, 7, "lina@example.fr");
    let mended = tablet.seal_again(&server, &mut lina, former.digest).await;
    assert_eq!(tablet.brings(&server, &mended).await, "deposited");
    assert_eq!(tablet.brings(&server, &former).await, "deposited");
    let email = "SELECT email FROM dossier";
    assert_eq!(server.kept.column::<String>(email), ["lina@example.fr"]);
    // Another that takes nobody's place is a person's to judge, who finds that it is the same.
    let mut again = redone(&server, 7, "autre@example.fr");
    let again = tablet.seal(&server, &mut again).await;
    assert_eq!(tablet.brings(&server, &again).await, "stuck");
    let reason = "SELECT reason FROM envelope WHERE state = 'stuck'";
    assert_eq!(server.sql::<String>(reason), "already_deposited");
    let odile = administrator(&server).await;
    let discard = format!("/desk/envelopes/{}/discard", hex::encode(again.digest));
    assert_eq!(odile.post(&server, &discard, &[]).await.status, StatusCode::BAD_REQUEST);
    let discarded = odile.post(&server, &discard, &[("confirmed", "yes")]).await;
    assert_eq!(discarded.status, StatusCode::SEE_OTHER);
    let twice = odile.post(&server, &discard, &[("confirmed", "yes")]).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    assert_eq!(tablet.brings(&server, &again).await, "stuck", "nothing else to say to its tablet");
    assert_eq!(bytes_left(&server), 2);
}

#[tokio::test]
async fn an_envelope_that_was_kept_and_not_opened_is_opened_by_the_next_start() {
    let mut server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    // Nobody reads the key just now: as if the server ended between COMMIT and opening.
    let key = fs::read_dir(server.data.path().join("keys")).unwrap().map(|it| it.unwrap().path());
    let key = key.into_iter().find(|it| it.to_string_lossy().contains("sealing-")).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let answer = tablet.send(&server, &sealed).await;
    assert_eq!((answer.status, &answer.json()["state"]), (StatusCode::OK, &json!("stored")));
    EnvelopeReceipt::verify(&receipt(&answer), &server.region, &sealed.digest).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();

    server.restart();
    server.app.open_kept_envelopes().await;
    assert_eq!(
        server.sql::<i64>("SELECT count(*) FROM dossier"),
        0,
        "whoever brought it may be at it"
    );
    server.wait_ms(61_000);
    server.app.open_kept_envelopes().await;
    assert_eq!(server.sql::<String>("SELECT state FROM envelope"), "deposited");
    let again = tablet.send(&server, &sealed).await;
    assert_eq!(receipt(&again), receipt(&answer));
    assert_eq!(again.json()["state"], "deposited");
    let path = format!("/v1/envelopes/{}", hex::encode(sealed.digest));
    let told = tablet.asks(&server, &path).await;
    assert_eq!(told.json(), again.json(), "who asks without bringing it hears the same");
}

#[tokio::test]
async fn an_envelope_whose_key_is_not_here_waits_and_the_key_from_the_safe_opens_it() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    let keys = server.data.path().join("keys");
    let safe = tempfile::tempdir().unwrap();
    let mut escrow = None;
    for file in fs::read_dir(&keys).unwrap().map(|it| it.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("sealing-") {
            fs::remove_file(&file).unwrap();
        } else if name.starts_with("escrow-") {
            fs::copy(&file, safe.path().join(&name)).unwrap();
            fs::remove_file(&file).unwrap();
            escrow = Some(name);
        }
    }
    assert_eq!(tablet.brings(&server, &sealed).await, "stuck");
    let escrow = escrow.unwrap();
    fs::copy(safe.path().join(&escrow), keys.join(&escrow)).unwrap();
    let odile = administrator(&server).await;
    let retry = format!("/desk/envelopes/{}/retry", hex::encode(sealed.digest));
    assert_eq!(odile.post(&server, &retry, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited");
}

#[tokio::test]
async fn a_draft_that_came_from_the_students_own_phone_stays_theirs() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = Phone::bound(&server, 7).await;
    lina.fill(&server);
    assert_eq!(lina.push(&server).await.rejected, []);
    lina.set(Field::PhoneNumber, "06 98 76 54 32");
    let sealed = tablet.seal(&server, &mut lina).await;
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited");
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
    assert_eq!(server.sql::<String>("SELECT phone_number FROM dossier"), "+33698765432");
    let path = format!("/v1/dossiers/{}", lina.id);
    assert_eq!(tablet.asks(&server, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_draft_that_the_tablet_pushed_itself_leaves_the_space_that_it_reads() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let changes: Vec<_> = lina.changes.iter().map(|change| change.bytes.clone()).collect();
    let ask = tablet.device.ask_with(lina.id, &changes);
    assert_eq!(tablet.device.send(&server, &ask).await.rejected, []);
    let sealed = tablet.seal(&server, &mut lina).await;
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited");
    let news = dossier::sync::SyncAsk::at([0; 16], 0);
    assert!(tablet.device.send(&server, &news).await.pull.is_empty());
    let path = format!("/v1/dossiers/{}", lina.id);
    assert_eq!(tablet.asks(&server, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_bytes_go_when_the_dossier_is_accepted_or_old_but_never_those_that_wait() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let (mut lina, mut noe, mut zoe) =
        (student(&server, 7), student(&server, 8), student(&server, 9));
    zoe.set(Field::Email, "");
    let mut sealed: Vec<Envelope> = Vec::new();
    for student in [&mut lina, &mut noe, &mut zoe] {
        sealed.push(tablet.seal(&server, student).await);
    }
    for (envelope, state) in sealed.iter().zip(["deposited", "deposited", "stuck"]) {
        assert_eq!(tablet.brings(&server, envelope).await, state);
    }
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    assert_eq!(bytes_left(&server), 2, "Lina's are gone");
    server.app.open_kept_envelopes().await;
    assert_eq!(bytes_left(&server), 2);
    server.wait_ms(31 * A_DAY_MS);
    server.app.open_kept_envelopes().await;
    assert_eq!(bytes_left(&server), 1, "Zoé's wait for a person");
    assert_eq!(tablet.brings(&server, &sealed[0]).await, "deposited", "the receipt stays");
}

#[tokio::test]
async fn an_erased_dossier_takes_its_slip_its_prints_and_its_envelope_along() {
    let server = Server::start().await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited");
    let (data, database) = (server.data.path().to_owned(), server.kept.address());
    let of = Place { data, database, photos: PhotoPlace::File };
    let asked = Erase { number: lina.number.to_string(), yes: true, of };
    let erased = tokio::task::spawn_blocking(move || {
        sync_server::erase(&asked, &SystemClock, b"".as_slice()).map_err(|it| it.to_string())
    });
    erased.await.unwrap().unwrap();
    assert_eq!(bytes_left(&server), 0);
    for table in ["claim", "stand_print", "dossier"] {
        assert_eq!(server.sql::<i64>(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let phone = Phone::bound(&server, 3).await;
    assert_eq!(claim(&server, &phone, &slip(&lina, 1)).await.code(), "erased");
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited", "nothing comes back");
    // What was sealed before and comes later is nobody's to see.
    let late = tablet.seal_again(&server, &mut lina, sealed.digest).await;
    assert_eq!(tablet.brings(&server, &late).await, "stuck");
    let late = "SELECT state FROM envelope ORDER BY sequence DESC LIMIT 1";
    assert_eq!(server.sql::<String>(late), "discarded");
    assert_eq!(bytes_left(&server), 0);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM stand_print"), 0);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM dossier"), 0);
}

#[tokio::test]
async fn a_slip_opens_the_dossier_once_and_only_with_its_secret() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let mut tablet = Tablet::at_an_event(&server, 1).await;
    let mut lina = student(&server, 7);
    let sealed = tablet.seal(&server, &mut lina).await;
    let (phone, brother) = (Phone::bound(&server, 3).await, Phone::bound(&server, 4).await);
    let slip = slip(&lina, 1);
    // The tablet has no network yet: her phone asks again and again, and is never told to wait.
    for _ in 0..10 {
        assert_eq!(claim(&server, &phone, &slip).await.code(), "unknown");
    }
    assert_eq!(tablet.brings(&server, &sealed).await, "deposited");
    let guessed = dossier::stand::claim::ClaimCode { secret: [9; 16], ..slip.clone() };
    assert_eq!(claim(&server, &brother, &guessed).await.code(), "forbidden");
    let told = claim(&server, &phone, &slip).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    assert_eq!(told.json()["number"], json!(lina.number));
    assert_eq!(claim(&server, &phone, &slip).await.status, StatusCode::OK, "the answer was lost");
    assert_eq!(claim(&server, &brother, &slip).await.code(), "forbidden");
    let path = format!("/v1/dossiers/{}", lina.id);
    let standing = phone.asks(&server, Method::GET, &path, Value::Null).await;
    assert_eq!(standing.json()["state"], "received");
    // Whoever guesses is soon made to wait.
    let tries = [(); 8].map(|()| claim(&server, &brother, &guessed));
    let mut codes = Vec::new();
    for tried in tries {
        codes.push(tried.await.code());
    }
    assert!(codes.contains(&"too_many_tries".to_owned()), "{codes:?}");
    // The account is activated by mail, as any: she chooses her password then.
    server.app.send_due_mail().await;
    let link = postman.brings_one().link();
    let end = link.rsplit('/').next().unwrap();
    let body = json!({ "link": end, "password": PASSWORD });
    let followed = phone.asks(&server, Method::PUT, "/v1/link", body).await;
    assert!(followed.status.is_success(), "{}", followed.text());
    server.wait_ms(2 * 3_600_000);
    let signed_in = brother.sign_in(&server, &lina, PASSWORD).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text());
}
