//! A card that its phone has signed anew, month by month, and at once when a key is revoked.

use dossier::signed::RegionKey;
use dossier::signed::keys::{KeySet, KeyUse};
use journeys::network::Cable;
use journeys::{Person, World};
use serde_json::{Value, json};
use sync_server::{KeysTask, tend_keys};

use super::{accepted, checks, code};

/// What a verifier who was just in touch with the Region is told of the card that a phone shows now.
async fn told(verifier: &Person, lina: &Person, draft: &str) -> (Value, Value) {
    verifier.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    let verdict = checks(verifier, &code(&card)).await;
    (verdict["colour"].clone(), verdict["reason"].clone())
}

/// Whether a phone asked for its card since somebody looked last.
fn asked_for_card(lina: &Person) -> bool {
    lina.asked().iter().any(|path| path.starts_with("/v1/cards/"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_renewed_in_silence_and_after_a_winter_without_network_by_the_first_exchange() {
    let world = World::in_november();
    let (lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let draft = accepted(&world, &lina).await;
    let this = json!({ "draft": draft });
    lina.asked();
    world.passes(20);
    lina.syncs_until_quiet().await;
    assert!(!asked_for_card(&lina), "three weeks are no month");

    // Whatever she makes of her clock: it is the Region that says when.
    lina.sets_the_clock(-300);
    world.passes(11);
    lina.syncs_until_quiet().await;
    lina.sets_the_clock(0);
    assert!(asked_for_card(&lina));
    lina.syncs_until_quiet().await;
    assert!(!asked_for_card(&lina), "once");

    lina.cable(Cable::Cut);
    world.passes(90);
    let good = (json!("green"), json!("good"));
    assert_eq!(told(&partner, &lina, &draft).await, good, "ninety days from there");
    assert_eq!(lina.does("card", this.clone()).await["to_renew"], false);
    world.passes(1);
    let late = (json!("orange"), json!("not_renewed"));
    assert_eq!(told(&partner, &lina, &draft).await, late);
    let card = lina.does("card", this.clone()).await;
    assert_eq!((&card["to_renew"], &card["state"]), (&json!(true), &json!("active")));
    assert_eq!(card["expires_on"], "2027-08-31", "the card itself is as good as ever");

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.does("card", this).await["to_renew"], false);
    world.passes(1);
    assert_eq!(told(&partner, &lina, &draft).await, good);
    let places = world.server_says("SELECT count(*) FROM card WHERE provisional = 0");
    assert_eq!(places, "1", "it is the same card all along");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_of_a_revoked_key_is_signed_anew_at_the_next_exchange() {
    let world = World::in_november();
    let (lina, noe, partner) =
        (world.phone("Lina"), world.phone("Noé"), world.phone("La librairie"));
    let hers = accepted(&world, &lina).await;
    let his = accepted(&world, &noe).await;
    let good = (json!("green"), json!("good"));
    assert_eq!(told(&partner, &lina, &hers).await, good);
    world.passes(1);

    let data = world.server_data().to_owned();
    let signed = std::fs::read(data.join("keys/key-set.cose")).unwrap();
    let root = RegionKey::from_hex(world.region_key()).unwrap();
    let set = KeySet::open(&signed, &root).unwrap();
    let issuer = set.keys.iter().find(|key| key.usage == KeyUse::Card).unwrap().id();
    tend_keys(&KeysTask::Revoke { key: issuer, data }, world.calendar()).unwrap();
    let unknown = (json!("red"), json!("unknown_key"));
    for (phone, draft) in [(&lina, &hers), (&noe, &his)] {
        assert_eq!(told(&partner, phone, draft).await, unknown, "it has not heard of it");
        phone.syncs_until_quiet().await;
        assert_eq!(phone.sees(draft).await["deposit"]["trouble"], Value::Null);
        assert_eq!(told(&partner, phone, draft).await, good);
    }
}
