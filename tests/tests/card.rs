//! From a reviewer's decision to a card, and to another card when one is lost.

#[path = "card/found.rs"]
mod found;
#[path = "card/photo.rs"]
mod photo;
#[path = "card/renewed.rs"]
mod renewed;

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journeys::network::Cable;
use journeys::{Person, World};
use phone::transport::Answered;
use serde_json::{Value, json};

async fn accepted(world: &World, lina: &Person) -> String {
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    world.desk().await.accept(&draft).await.unwrap();
    lina.syncs_until_quiet().await;
    draft
}

/// The live code that a card's screen shows.
fn code(card: &Value) -> String {
    card["live"]["code"].as_str().unwrap().to_owned()
}

/// What a verifier's screen says of a code.
async fn checks(verifier: &Person, code: &str) -> Value {
    verifier.does("check_card", json!({ "code": code })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_dossier_becomes_a_card_that_shows_without_network() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = accepted(&world, &lina).await;
    lina.cable(Cable::Cut);
    lina.restart();
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(card["name"], "Lina Moreau");
    assert_eq!(card["state"], "active");
    assert!(card["school"].as_str().unwrap().contains("[CLERMONT-FERRAND]"), "{}", card["school"]);
    assert_eq!(card["held"], "here");
    assert!(code(&card).starts_with("PR1:"));
    assert!(card["live"]["code_svg"].as_str().unwrap().contains("<svg"));
    assert!(card["number_masked"].as_str().unwrap().starts_with("••••"));
    assert!(card["photo"].as_str().unwrap().len() > 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_dossier_tells_its_reasons_in_the_reviewers_words() {
    let world = World::new();
    let noe = world.phone("Noé");
    let draft = noe.deposits().await;
    noe.syncs_until_quiet().await;
    let desk = world.desk().await;
    desk.refuse(&draft, "PHOTO_FLOUE", "On ne te reconnaît pas.").await.unwrap();
    noe.syncs_until_quiet().await;
    let view = noe.sees(&draft).await;
    assert_eq!(view["state"], "refused");
    assert_eq!(view["decision"]["reasons"], json!(["PHOTO_FLOUE"]));
    assert_eq!(view["decision"]["note"], "On ne te reconnaît pas.");
    assert_eq!(view["has_card"], false);
    assert!(desk.accept(&draft).await.is_err(), "a dossier is decided once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_card_is_asked_anew_offline_and_blocked_once_with_the_network() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = accepted(&world, &lina).await;
    let old = code(&lina.does("card", json!({ "draft": draft })).await);
    let old_key = lina.vault().holds(&format!("card-key:{draft}")).unwrap();

    lina.cable(Cable::Cut);
    let asked = json!({ "draft": draft, "reason": "PERTE" });
    let card = lina.does("ask_duplicate", asked.clone()).await;
    assert_eq!(card["duplicate"]["state"], "queued");
    lina.does("ask_duplicate", asked.clone()).await;
    lina.restart();
    let kept = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(kept["duplicate"]["state"], "queued");

    lina.cable(Cable::AnswersLost);
    lina.syncs().await;
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(card["duplicate"]["state"], "requested");
    assert_eq!(card["duplicate"]["reason"], "PERTE");
    assert_eq!(card["state"], "active", "the digital card stays");
    assert_eq!(card["former"][0]["state"], "blocked", "and the plastic one is told beside it");
    assert_eq!(card["held"], "here");
    let new_key = lina.vault().holds(&format!("card-key:{draft}")).unwrap();
    assert_ne!(new_key, old_key, "whoever has the old key has nothing of the new card");
    lina.syncs().await;
    assert_eq!(checks(&lina, &old).await["reason"], "blocked");
    assert_eq!(checks(&lina, &code(&card)).await["reason"], "good");
    assert_eq!(world.server_says("SELECT count(*) FROM duplicate"), "1");

    lina.does("ask_duplicate", asked).await;
    lina.syncs_until_quiet().await;
    assert_eq!(world.server_says("SELECT count(*) FROM duplicate"), "1");
    let page = world.desk().await.get("/desk/duplicates").await.unwrap();
    assert!(page.html.contains("Moreau"), "the desk sees the request");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_shows_a_dossier_with_its_photo_and_only_to_reviewers() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let desk = world.desk().await;
    let page = desk.get(&format!("/desk/dossiers/{draft}")).await.unwrap();
    assert!(page.html.contains("Moreau") && page.html.contains("/photo"), "{}", page.html);
    let photo = desk.get(&format!("/desk/dossiers/{draft}/photo")).await.unwrap();
    assert!(photo.status.is_success());
    let anonymous =
        journeys::desk::Desk::sign_in(desk.server(), "reviewer", "not the password").await;
    assert!(anonymous.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_somebody_rewrote_is_refused_and_shown_as_such() {
    fn forge(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/dossiers/") && answered.status.is_success() {
            let mut body: Value = serde_json::from_slice(&answered.body).unwrap();
            if let Some(card) = body["card"].as_str() {
                let mut card = BASE64.decode(card).unwrap();
                let at = card.len() / 2;
                card[at] ^= 1;
                body["card"] = json!(BASE64.encode(card));
            }
            answered.body = body.to_string().into_bytes().into();
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    world.desk().await.accept(&draft).await.unwrap();
    lina.cable(Cable::Tampered(forge));
    lina.syncs().await;
    let view = lina.sees(&draft).await;
    assert_eq!(view["deposit"]["trouble"], "tampered_card");
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(
        card["state"], "replaced",
        "the former one stays: nothing of the forged one is kept"
    );

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.does("card", json!({ "draft": draft })).await["state"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_received_deposit_shows_an_orange_card_that_turns_green_on_the_same_phone() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!((&card["state"], &card["held"]), (&json!("provisional"), &json!("here")));
    assert_eq!(card["printable"], false);
    let verdict = checks(&lina, &code(&card)).await;
    assert_eq!((&verdict["colour"], &verdict["reason"]), (&json!("orange"), &json!("not_decided")));

    world.desk().await.accept(&draft).await.unwrap();
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!((&card["state"], &card["held"]), (&json!("active"), &json!("here")));
    assert_eq!(checks(&lina, &code(&card)).await["colour"], "green");
}

#[tokio::test(flavor = "multi_thread")]
async fn anyone_verifies_a_card_without_account_and_without_network() {
    let world = World::new();
    let (lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let draft = accepted(&world, &lina).await;
    assert_eq!(checks(&partner, "https://example.org").await["reason"], "not_a_card");
    let live = lina.does("live_code", json!({ "draft": draft })).await;
    assert_eq!(checks(&partner, live["code"].as_str().unwrap()).await["reason"], "no_keys");
    partner.syncs().await;
    lina.cable(Cable::Cut);
    partner.cable(Cable::Cut);

    let live = code(&lina.does("card", json!({ "draft": draft })).await);
    let good = checks(&partner, &live).await;
    assert_eq!((&good["colour"], &good["name"]), (&json!("green"), &json!("Lina Moreau")));
    assert_eq!((&good["birth_year"], &good["freshness"]), (&json!(2009), &json!("fresh")));
    assert_eq!(checks(&partner, &live).await["reason"], "seen_before");
    let paper = lina.does("paper_code", json!({ "draft": draft })).await;
    let printed = checks(&partner, paper["code"].as_str().unwrap()).await;
    assert_eq!((&printed["colour"], &printed["reason"]), (&json!("orange"), &json!("printed")));
    let counted = partner.does("checks", json!({})).await;
    assert_eq!((&counted["green"], &counted["orange"]), (&json!(1), &json!(1)));
    assert_eq!((&counted["red"], &counted["grey"]), (&json!(2), &json!(1)));
    let kept = std::fs::read(partner.data().join("phone.sqlite")).unwrap();
    let log = std::fs::read(partner.data().join("phone.sqlite-wal")).unwrap_or_default();
    for trace in [&b"Moreau"[..], b"PR1:"] {
        let is_there = |bytes: &[u8]| bytes.windows(trace.len()).any(|part| part == trace);
        assert!(!is_there(&kept) && !is_there(&log), "only counters are kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_on_one_phone_and_comes_to_another_only_when_asked() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = accepted(&world, &lina).await;
    let left_behind = code(&lina.does("card", json!({ "draft": draft })).await);
    // Her next phone: the same drafts, and a keyring of its own.
    lina.vault().put(&format!("card-key:{draft}"), "");
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!((&card["held"], &card["live"]), (&json!("elsewhere"), &Value::Null));

    lina.cable(Cable::Cut);
    assert_eq!(lina.does("move_card", json!({ "draft": draft })).await["moving"], true);
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!((&card["held"], &card["moving"]), (&json!("here"), &json!(false)));
    lina.syncs_until_quiet().await;
    assert_eq!(checks(&lina, &left_behind).await["reason"], "replaced");
    assert_eq!(checks(&lina, &code(&card)).await["reason"], "good");
}

/// What was published before.
static FORMER: Mutex<Vec<(String, Vec<u8>)>> = Mutex::new(Vec::new());

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_or_tampered_list_or_set_of_keys_is_not_taken() {
    /// The first time it keeps what was published; from then on it hands that out again.
    fn replay(path: &str, mut answered: Answered) -> Answered {
        let mut former = FORMER.lock().unwrap();
        if ["/v1/key-set", "/v1/status-list"].contains(&path) {
            match former.iter().find(|(known, _)| known == path) {
                Some((_, body)) => answered.body = body.clone().into(),
                None => former.push((path.to_owned(), answered.body.to_vec())),
            }
        }
        answered
    }
    fn flip(path: &str, mut answered: Answered) -> Answered {
        if path == "/v1/status-list" {
            let mut body = answered.body.to_vec();
            let at = body.len() / 2;
            body[at] ^= 1;
            answered.body = body.into();
        }
        answered
    }
    let world = World::new();
    let (lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let draft = accepted(&world, &lina).await;
    let old = code(&lina.does("card", json!({ "draft": draft })).await);
    partner.cable(Cable::Tampered(replay));
    partner.syncs().await;
    partner.cable(Cable::Whole);
    lina.does("ask_duplicate", json!({ "draft": draft, "reason": "VOL" })).await;
    lina.syncs_until_quiet().await;
    partner.syncs().await;
    assert_eq!(checks(&partner, &old).await["reason"], "blocked");

    for cable in [Cable::Tampered(replay), Cable::Tampered(flip)] {
        partner.cable(cable);
        partner.syncs().await;
        assert_eq!(checks(&partner, &old).await["reason"], "blocked");
    }
    assert_eq!(partner.syncs().await["trouble"], "wrong_server_key", "the flipped one is told");
}
