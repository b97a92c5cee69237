//! From a reviewer's decision to a card, and to another card when one is lost.

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
    assert!(card["code"].as_str().unwrap().starts_with("PR1:"));
    assert!(card["code_svg"].as_str().unwrap().contains("<svg"));
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
    let old = lina.does("card", json!({ "draft": draft })).await["code"].clone();

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
    assert_ne!(card["code"], old);
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
    assert_eq!(view["has_card"], false);

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.does("card", json!({ "draft": draft })).await["state"], "active");
}
