//! The photo of a card, given by its phone to whoever verifies it.

use journeys::network::Cable;
use journeys::{Person, World, lina, picture};
use phone::Trouble;
use phone::transport::Answered;
use serde_json::{Value, json};

use super::{accepted, checks, code};

/// The codes of the photo that a phone gives.
async fn gives(person: &Person, draft: &str) -> Vec<String> {
    let codes = person.does("photo_codes", json!({ "draft": draft })).await;
    let text = |it: &Value| it["code"].as_str().unwrap().to_owned();
    codes.as_array().unwrap().iter().map(text).collect()
}

/// What a verifier's screen says of a code of a photo.
async fn compares(verifier: &Person, scanned: &str) -> Value {
    verifier.does("compare_photo", json!({ "scanned": scanned })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_compares_the_photo_that_a_phone_gives_both_without_network() {
    let world = World::new();
    let (mut lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let draft = accepted(&world, &lina).await;
    partner.syncs().await;
    lina.cable(Cable::Cut);
    partner.cable(Cable::Cut);
    lina.restart();

    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(card["gives_photo"], true);
    assert!(card["photo"].as_str().unwrap().len() > 10_000, "she sees the whole photo");
    assert_eq!(checks(&partner, &code(&card)).await["comparable"], true);
    let codes = gives(&lina, &draft).await;
    assert!((2..=5).contains(&codes.len()), "{} codes", codes.len());
    assert!(codes.iter().all(|code| code.starts_with("PRV1:") && code.len() <= 900));
    let (last, first) = codes.split_last().unwrap();
    for (at, scanned) in first.iter().rev().enumerate() {
        let so_far = json!({ "name": "some", "have": at + 1, "of": codes.len() });
        assert_eq!(compares(&partner, scanned).await, so_far);
    }
    assert_eq!(compares(&partner, &code(&card)).await["name"], "not_a_photo");
    let same = compares(&partner, last).await;
    assert_eq!(same["name"], "same");
    assert!(same["jpeg"].as_str().unwrap().starts_with("/9j/"), "a JPEG");

    partner.does("leave_verdict", json!({})).await;
    let asked = json!({ "scanned": last });
    assert_eq!(partner.call("compare_photo", asked).await, Err(Trouble::NoCard), "nothing stays");
}

/// Karim, who looks a little different: his photo is framed otherwise.
async fn with_another_photo(world: &World) -> (Person, String) {
    let karim = world.phone("Karim");
    let draft = karim.fills_the_form().await;
    let proof = karim.opens_picture(&draft, &picture::good_from_a_camera()).await;
    karim.does("keep_picture", lina::keep_picture(&draft, &proof["framed"]["framing"])).await;
    karim.does("deposit", json!({ "draft": draft })).await;
    karim.syncs_until_quiet().await;
    (karim, draft)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_photo_of_somebody_else_is_refused_beside_a_card_and_never_comes_out() {
    let world = World::new();
    let (lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let hers = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let (karim, his) = with_another_photo(&world).await;
    partner.syncs().await;
    let card = lina.does("card", json!({ "draft": hers })).await;
    let verdict = checks(&partner, &code(&card)).await;
    assert_eq!((&verdict["colour"], &verdict["comparable"]), (&json!("orange"), &json!(true)));
    for scanned in gives(&karim, &his).await {
        assert_eq!(compares(&partner, &scanned).await, json!({ "name": "other" }));
    }
    let own = gives(&lina, &hers).await;
    let (last, first) = own.split_last().unwrap();
    for scanned in first {
        assert_eq!(compares(&partner, scanned).await["name"], "some");
    }
    assert_eq!(compares(&partner, last).await["name"], "same", "a provisional card has one, too");

    // A verdict that does not hold compares nothing.
    assert_eq!(checks(&partner, &code(&card)).await["comparable"], false, "seen before");
    let asked = json!({ "scanned": last });
    assert_eq!(partner.call("compare_photo", asked).await, Err(Trouble::NoCard));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vignette_that_somebody_rewrote_on_its_way_is_not_kept() {
    fn forge(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/vignettes/") {
            let mut bytes = answered.body.to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            answered.body = bytes.into();
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    lina.cable(Cable::Tampered(forge));
    let draft = lina.deposits().await;
    lina.syncs().await;
    lina.syncs().await;
    let asked = json!({ "draft": draft });
    let card = lina.does("card", asked.clone()).await;
    assert_eq!((&card["state"], &card["gives_photo"]), (&json!("provisional"), &json!(false)));
    assert_eq!(card["photo"], "", "nothing says that the photo here is the one of the card");
    assert_eq!(lina.call("photo_codes", asked.clone()).await, Err(Trouble::NoCard));
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.does("card", asked.clone()).await["gives_photo"], true);
    // It is asked for once.
    lina.asked();
    lina.syncs().await;
    assert!(!lina.asked().iter().any(|path| path.starts_with("/v1/vignettes/")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_that_a_stand_signed_names_the_photo_that_her_phone_gives_later() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.cable(Cable::Cut);
    let finished = aurillac.enrols("Lina", "Moreau").await;
    aurillac.cable(Cable::Whole);
    aurillac.delivers().await;
    let (lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    lina.does("claim", json!({ "code": finished["claim"]["code"] })).await;
    lina.syncs_until_quiet().await;
    partner.syncs().await;
    let draft = lina.does("home", json!({})).await["drafts"][0]["draft"].clone();
    let at_stand = finished["card"]["code"]["code"].as_str().unwrap();
    let verdict = checks(&partner, at_stand).await;
    assert_eq!((&verdict["reason"], &verdict["comparable"]), (&json!("at_stand"), &json!(true)));
    let codes = gives(&lina, draft.as_str().unwrap()).await;
    let mut told = Value::Null;
    for scanned in &codes {
        told = compares(&partner, scanned).await;
    }
    assert_eq!(told["name"], "same");
}
