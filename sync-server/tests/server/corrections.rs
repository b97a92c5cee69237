//! What the desk asks to be mended, what comes back, and whose queue it comes back to.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::Card;
use dossier::signed::SigningKey;
use dossier::sync::Receipt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::account::active;
use crate::desk::Desk;
use crate::phone::{Phone, key_set, status_list};
use crate::postman::Postman;
use crate::world::{Answer, Server};

const NAME: [(&str, &str); 2] = [("topics", "given_name"), ("note", "Ton prénom ?")];
const PHOTO: [(&str, &str); 2] = [("topics", "photo"), ("reasons", "PHOTO_FLOUE")];

/// A dossier of which this was asked again.
async fn to_correct(server: &Server, desk: &Desk, fields: &[(&str, &str)]) -> Phone {
    let lina = Phone::deposited(server, 1).await;
    let asked = desk.correct(server, lina.id, fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    lina
}

impl Phone {
    async fn asked(&self, server: &Server) -> Value {
        self.standing(server).await.json()["correction"].clone()
    }

    /// Answers what is asked now.
    async fn mends(&self, server: &Server, typed: Value, photo: Option<&[u8]>) -> Answer {
        let id = self.asked(server).await["id"].clone();
        self.mends_that(server, self, (id, typed, photo)).await
    }

    async fn mends_that(
        &self,
        server: &Server,
        of: &Phone,
        (id, typed, photo): (Value, Value, Option<&[u8]>),
    ) -> Answer {
        let photo = photo.map(|jpeg| BASE64_STANDARD.encode(jpeg));
        let ask = json!({ "correction": id, "typed": typed, "photo": photo });
        self.asks(server, Method::PUT, &format!("/v1/corrections/{}", of.id), ask).await
    }
}

fn hash(jpeg: &[u8]) -> String {
    hex::encode(Sha256::digest(jpeg))
}

fn refused(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.code(), "incomplete", "{}", answer.text());
    let word = |it: &Value| it.as_str().unwrap().to_owned();
    let refusals = answer.json()["refusals"].as_array().unwrap().clone();
    refusals.iter().map(|it| (word(&it["field"]), word(&it["refusal"]["code"]))).collect()
}

#[tokio::test]
async fn a_request_says_what_and_why_and_nothing_typed_in_it_is_lost() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = Phone::deposited(&server, 1).await;
    for fields in [
        &[("note", "Ton nom")][..],
        &[("topics", "given_name"), ("reasons", "PHOTO_FLOUE")],
        &[("topics", "email"), ("note", "Ton adresse")],
        &[("topics", "state"), ("note", "accepted")],
        &[("topics", "photo"), ("reasons", "AUTRE")],
    ] {
        let answer = desk.correct(&server, lina.id, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        let page = answer.text();
        assert!(page.contains("au moins une réponse à corriger"), "{page}");
        if let Some((_, note)) = fields.iter().find(|(name, _)| *name == "note") {
            assert!(page.contains(note), "{note}");
        }
    }
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM decision"), 0);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM mail WHERE kind = 'to_correct'"), 0);
}

#[tokio::test]
async fn a_request_is_told_in_the_standing_with_what_the_region_has_and_by_a_mail_that_says_nothing()
 {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let desk = Desk::signed_in(&server).await;
    let lina = active(&server, &postman, 1).await;
    let fields = [("topics", "address"), ("topics", "photo"), ("note", "Quel étage ?")];
    desk.correct(&server, lina.id, &fields).await;
    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["state"], "to_correct");
    let asked = &standing["correction"];
    assert_eq!(asked["asked"]["topics"], json!(["address", "photo"]));
    let typed =
        json!({ "address_line": "12 rue Blatin", "postal_code": "63000", "commune": "63113" });
    assert_eq!(asked["typed"], typed);
    let reached: Vec<&str> = standing["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["milestone"].as_str().unwrap())
        .collect();
    assert_eq!(reached, ["received", "to_correct"]);
    server.app.send_due_mail().await;
    let mail = postman.brings_one();
    assert_eq!(mail.to, "lina.moreau@example.fr");
    assert!(mail.text.contains(&lina.number.to_string()) && mail.text.contains("Mon espace"));
    for kept_apart in ["étage", "photo", "Blatin", "Moreau", "/compte/"] {
        assert!(!mail.text.contains(kept_apart), "{kept_apart} in {}", mail.text);
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_refused_and_words_of_the_state_change_nothing() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = to_correct(&server, &desk, &NAME).await;
    for typed in [
        json!({ "given_name": "Line", "family_name": "Diaz" }),
        json!({ "given_name": "Line", "email": "autre@example.fr" }),
        json!({ "given_name": "Line", "state": "accepted" }),
        json!({ "given_name": "Line", "reviewer": "1" }),
    ] {
        let answer = lina.mends(&server, typed.clone(), None).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "malformed"),
            "{typed}"
        );
    }
    let answer = lina.mends(&server, json!({ "given_name": "Line" }), Some(&lina.photo)).await;
    assert_eq!(answer.code(), "malformed", "no photo was asked for");
    // Beside the answer, words that nobody reads.
    let id = lina.asked(&server).await["id"].clone();
    let ask = json!({
        "correction": id, "typed": { "given_name": "Line" }, "photo": null,
        "state": "accepted", "received_at_ms": 0, "number": "22222222222",
    });
    let path = format!("/v1/corrections/{}", lina.id);
    let answer = lina.asks(&server, Method::PUT, &path, ask).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let standing = lina.standing(&server).await.json();
    assert_eq!((&standing["state"], &standing["card"]), (&json!("in_review"), &Value::Null));
    let says = |column| server.sql::<String>(&format!("SELECT {column} FROM dossier"));
    assert_eq!((says("given_name").as_str(), says("family_name").as_str()), ("Line", "Moreau"));
    assert_eq!(says("number"), lina.number.as_str());
}

#[tokio::test]
async fn a_wrong_answer_is_refused_with_its_reason_and_may_be_mended() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let fields = [("topics", "birth_date"), ("topics", "phone_number"), ("note", "Vérifie.")];
    let lina = to_correct(&server, &desk, &fields).await;
    let wrong =
        lina.mends(&server, json!({ "birth_date": "7/3/2009", "phone_number": "0612" }), None);
    let code = ("phone_number".to_owned(), "digit_count".to_owned());
    assert_eq!(refused(&wrong.await), [code]);
    // Under fifteen somebody must agree: the date opens those fields too.
    let young = json!({ "birth_date": "7/3/2014", "phone_number": "06 12 34 56 78" });
    let missing = refused(&lina.mends(&server, young, None).await);
    assert_eq!(missing.len(), 5);
    assert!(missing.iter().all(|(field, _)| field.starts_with("guardian_")));
    let right = json!({
        "birth_date": "7/3/2014", "phone_number": "06 98 76 54 32", "guardian_link": "MERE",
        "guardian_family_name": "Moreau", "guardian_given_name": "Anne",
        "guardian_contact": "anne@example.fr", "guardian_consent": "OUI",
    });
    let answer = lina.mends(&server, right, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(server.sql::<String>("SELECT guardian_given_name FROM dossier"), "Anne");
    assert_eq!(server.sql::<String>("SELECT phone_number FROM dossier"), "+33698765432");
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await.text();
    for shown in ["Ce que l’élève a corrigé", "07/03/2009", "07/03/2014", "+33612345678", "rien"]
    {
        assert!(page.contains(shown), "{shown} in {page}");
    }
}

#[tokio::test]
async fn the_same_answer_again_gets_the_same_receipt_and_another_is_too_late() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = to_correct(&server, &desk, &NAME).await;
    let id = lina.asked(&server).await["id"].clone();
    let typed = json!({ "given_name": "Line" });
    let first = lina.mends_that(&server, &lina, (id.clone(), typed.clone(), None)).await.json();
    server.wait_ms(60_000);
    let again = lina.mends_that(&server, &lina, (id.clone(), typed, None)).await.json();
    assert_eq!(first["receipt"], again["receipt"]);
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM correction"), 1);
    let other = json!({ "given_name": "Lena" });
    let late = lina.mends_that(&server, &lina, (id.clone(), other.clone(), None)).await;
    assert_eq!((late.status, late.code().as_str()), (StatusCode::CONFLICT, "illegal_move"));
    // The receipt is the former one, and names the correction.
    let signed = BASE64_STANDARD.decode(first["receipt"].as_str().unwrap()).unwrap();
    let receipt = Receipt::open(&signed, &server.region).unwrap();
    assert_eq!(hex::encode(*receipt.photo), lina.photo_hash());
    let named = receipt.corrected.map(|digest| hex::encode(*digest)).unwrap();
    assert_eq!(first["standing"]["corrected"], named);
    assert_eq!(first["answers"]["typed"]["given_name"], "Line");
    // Neither a stranger nor a dossier of one's own opens it.
    let noe = Phone::deposited(&server, 2).await;
    let stranger = noe.mends_that(&server, &lina, (id.clone(), other.clone(), None)).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    let of_another = noe.mends_that(&server, &noe, (id, other, None)).await;
    assert_eq!(of_another.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_photo_is_judged_shown_beside_the_former_one_and_signed_on_the_provisional_card() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = Phone::deposited(&server, 1).await;
    let key = SigningKey::from_bytes(&[7; 32]);
    assert_eq!(lina.hold(&server, &key, false).await.status, StatusCode::OK);
    let former = lina.credential(&server).await;
    let former_vignette = lina.vignette(&server).await;
    desk.correct(&server, lina.id, &PHOTO).await;
    let new = Phone::new(3).photo;
    let named = json!({ "photo": hash(&new) });
    let same = json!({ "photo": lina.photo_hash() });
    let same = refused(&lina.mends(&server, same, Some(&lina.photo)).await);
    assert_eq!(same, [("photo".to_owned(), "unchanged".to_owned())]);
    assert_eq!(lina.mends(&server, named.clone(), None).await.code(), "photo_missing");
    assert_eq!(lina.mends(&server, named.clone(), Some(&lina.photo)).await.code(), "not_the_photo");
    let broken = b"\xff\xd8\xff no picture";
    let broken = lina.mends(&server, json!({ "photo": hash(broken) }), Some(broken)).await;
    assert_eq!(refused(&broken), [("photo".to_owned(), "malformed".to_owned())]);
    server.kept.change("DELETE FROM photo_report").unwrap();
    let answer = lina.mends(&server, named, Some(&new)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());

    assert_eq!(server.sql::<i64>("SELECT count(*) FROM photo_report"), 1, "it was judged");
    let path = format!("/desk/dossiers/{}", lina.id);
    assert_eq!(desk.get(&server, &format!("{path}/photo")).await.body, new);
    assert_eq!(desk.get(&server, &format!("{path}/photo/former")).await.body, lina.photo);
    let path_of_new = format!("/v1/photos/{}", hash(&new));
    let fetched = lina.asks(&server, Method::GET, &path_of_new, Value::Null).await;
    assert_eq!(fetched.body, new, "for the other devices of the space");

    let keys = key_set(&server).await;
    let [before, after] =
        [former, lina.credential(&server).await].map(|signed| Card::open(&signed, &keys).unwrap());
    let vignette = lina.vignette(&server).await;
    assert_eq!((hex::encode(vignette.photo()), after.provisional), (hash(&new), true));
    assert!(vignette.is_of(&after) && former_vignette.is_of(&before));
    assert_eq!(after.device.as_deref(), Some(key.verifying_key().as_bytes()));
    let list = status_list(&server).await;
    assert!(list.withdrawal(before.status_index).is_some(), "the former photo is good no more");
    assert!(list.withdrawal(after.status_index).is_none());

    desk.accept(&server, lina.id).await;
    let gone = desk.get(&server, &format!("{path}/photo/former")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "forgotten with the decision");
    assert_eq!(server.sql::<String>("SELECT former FROM correction"), "");
}

#[tokio::test]
async fn a_dossier_comes_back_to_the_hands_that_sent_it_and_waits_in_no_other() {
    let server = Server::start().await;
    let other = "INSERT INTO reviewer (name, password_hash)
                 SELECT 'other', password_hash FROM reviewer";
    server.kept.change(other).unwrap();
    let (mine, others) =
        (Desk::signed_in(&server).await, Desk::signed_in_as(&server, "other").await);
    let lina = Phone::deposited(&server, 1).await;
    let number = lina.number.to_string();
    let take = format!("/desk/dossiers/{}/take", lina.id);
    assert_eq!(mine.post(&server, &take, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(others.post(&server, &take, &[]).await.status, StatusCode::CONFLICT);
    /// Under which title the dossier stands.
    async fn place(server: &Server, desk: &Desk, number: &str) -> &'static str {
        let page = desk.get(server, "/desk").await.text();
        let (before, _) = page.split_once(number).unwrap();
        let titles = ["Vos dossiers", "À corriger par l’élève", "En contrôle par d’autres"];
        let last = |title: &&str| before.rfind(*title);
        titles.into_iter().filter(|title| last(title).is_some()).max_by_key(last).unwrap_or("")
    }
    assert_eq!(place(&server, &mine, &number).await, "Vos dossiers");
    assert_eq!(place(&server, &others, &number).await, "En contrôle par d’autres");
    mine.correct(&server, lina.id, &NAME).await;
    assert_eq!(place(&server, &mine, &number).await, "À corriger par l’élève");
    lina.mends(&server, json!({ "given_name": "Line" }), None).await;
    assert_eq!(place(&server, &mine, &number).await, "Vos dossiers");
    assert_eq!(place(&server, &others, &number).await, "En contrôle par d’autres");
    let verdicts: Vec<String> = server.kept.column("SELECT verdict FROM decision ORDER BY id");
    assert_eq!(verdicts, ["in_review", "to_correct"]);
    let actions =
        "SELECT action FROM audit WHERE action IN ('taken', 'correction_asked') ORDER BY id";
    let actions: Vec<String> = server.kept.column(actions);
    assert_eq!(actions, ["taken", "correction_asked"]);
}

#[tokio::test]
async fn a_plastic_card_is_made_and_handed_over_only_after_a_dossier_was_accepted() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let lina = Phone::deposited(&server, 1).await;
    let path = format!("/desk/dossiers/{}/card", lina.id);
    let make = async |stage: &str| desk.post(&server, &path, &[("stage", stage)]).await.status;
    assert_eq!(make("in_production").await, StatusCode::CONFLICT);
    desk.accept(&server, lina.id).await;
    assert_eq!(make("handed_over").await, StatusCode::CONFLICT, "not before it is made");
    assert_eq!(make("accepted").await, StatusCode::BAD_REQUEST);
    assert_eq!(make("in_production").await, StatusCode::SEE_OTHER);
    server.wait_ms(600_000);
    assert_eq!(make("handed_over").await, StatusCode::SEE_OTHER);
    let standing = lina.standing(&server).await.json();
    let timeline = standing["timeline"].as_array().unwrap();
    let apart = timeline[3]["at_ms"].as_i64().unwrap() - timeline[2]["at_ms"].as_i64().unwrap();
    assert_eq!((timeline[3]["milestone"].as_str(), apart), (Some("handed_over"), 600_000));
    assert_eq!(standing["state"], "accepted", "the card stays good");
}

#[tokio::test]
async fn a_corrected_dossier_that_is_erased_leaves_nothing_of_what_was_corrected() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let desk = Desk::signed_in(&server).await;
    let lina = active(&server, &postman, 1).await;
    desk.correct(&server, lina.id, &PHOTO).await;
    let new = Phone::new(3).photo;
    lina.mends(&server, json!({ "photo": hash(&new) }), Some(&new)).await;
    let export = lina.reads(&server, &lina, "/export").await.json();
    assert_eq!(export["corrections"][0]["asked"]["reasons"], json!(["PHOTO_FLOUE"]));
    let path = format!("/v1/accounts/{}/erasure", lina.id);
    let password = json!({ "password": crate::phone::PASSWORD });
    let erased = lina.asks(&server, Method::POST, &path, password).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT, "{}", erased.text());
    for table in ["correction", "decision", "dossier"] {
        assert_eq!(server.sql::<i64>(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    for photo in [&new, &lina.photo] {
        let path = format!("/v1/photos/{}", hash(photo));
        let answer = lina.asks(&server, Method::GET, &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}
