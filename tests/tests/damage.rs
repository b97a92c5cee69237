//! Storage that fails: what is lost is said, what is left goes on, and the server gives back.

use std::fs;

use journeys::lina;
use journeys::network::Cable;
use journeys::world::{Person, World};
use serde_json::{Value, json};

/// The line of a draft in the list.
async fn listed(person: &Person, draft: &str) -> Value {
    let home = person.does("home", json!({})).await;
    let drafts = home["drafts"].as_array().unwrap();
    drafts.iter().find(|line| line["draft"] == draft).cloned().unwrap()
}

/// Damages the first changes of a draft, as failing storage would.
fn damage(person: &Person, draft: &str) {
    let database = rusqlite::Connection::open(person.data().join("phone.sqlite")).unwrap();
    let id = uuid::Uuid::parse_str(draft).unwrap();
    let query = "UPDATE change SET sealed = zeroblob(length(sealed))
                 WHERE draft = ?1 AND n < 3 + (SELECT min(n) FROM change WHERE draft = ?1)";
    assert_eq!(database.execute(query, [id.as_bytes()]).unwrap(), 3);
}

#[tokio::test]
async fn one_damaged_draft_is_listed_as_such_keeps_its_number_and_comes_back_from_the_server() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let deposited = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let other = lina.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
    lina.does("set_field", lina::set_field(&other, "given_name", "Jade")).await;
    lina.syncs_until_quiet().await;
    let number = lina.does("reveal_number", json!({ "draft": deposited })).await;
    let whole = lina.sees(&deposited).await;

    lina.cable(Cable::Cut);
    damage(&lina, &deposited);
    lina.restart();
    let line = listed(&lina, &deposited).await;
    assert_eq!((&line["damaged"], &line["state"]), (&json!(true), &json!("received")));
    assert_eq!(lina.does("reveal_number", json!({ "draft": deposited })).await, number);
    assert_eq!(lina.sees(&other).await["values"]["given_name"], "Jade");
    assert_eq!(listed(&lina, &other).await["damaged"], false);

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(listed(&lina, &deposited).await["damaged"], false);
    assert_eq!(lina.sees(&deposited).await["values"], whole["values"]);
}

#[tokio::test]
async fn a_database_that_is_destroyed_is_said_once_and_filled_again_by_the_server() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let values = lina.sees(&draft).await["values"].clone();
    // Everything stands in the file; the log holds nothing but that the app is open.
    lina.restart();
    let file = lina.data().join("phone.sqlite");
    let mut bytes = fs::read(&file).unwrap();
    // The second half of it: the first still says whose space this is.
    let half = bytes.len() / 8192 * 4096;
    bytes[half..].fill(0);
    let spoilt = tempfile::tempdir().unwrap();
    fs::write(spoilt.path().join("phone.sqlite"), bytes).unwrap();
    let lina = lina.moved_to(spoilt);
    assert_eq!(lina.does("home", json!({})).await["mended"], true);
    assert_eq!(lina.does("close_notice", json!({})).await["mended"], false);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["values"], values);
}

#[tokio::test]
async fn keystrokes_of_an_app_that_was_killed_stand_in_the_form_when_it_opens_again() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    lina.cable(Cable::Cut);
    let draft = lina.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
    for typed in ["M", "Mo", "Mor"] {
        let kept = lina.does("type_field", lina::set_field(&draft, "family_name", typed)).await;
        assert!(kept["typed_at_ms"].is_i64() && kept["kept_at_ms"].is_null(), "{kept}");
    }
    lina.restart();
    assert_eq!(lina.sees(&draft).await["values"]["family_name"], "Mor");
    // Typed, and never left: a deposit takes it all the same.
    lina.does("type_field", lina::set_field(&draft, "family_name", "Moreau")).await;
    lina.call("deposit", json!({ "draft": draft })).await.unwrap_err();
    assert_eq!(lina.sees(&draft).await["values"]["family_name"], "Moreau");
    let too_long = "x".repeat(501);
    for (field, typed) in [("photo", "x"), ("password", "x"), ("email", too_long.as_str())] {
        let refused = lina.call("type_field", lina::set_field(&draft, field, typed)).await;
        assert_eq!(refused.unwrap_err().to_string(), "malformed arguments", "{field}");
    }
}

#[tokio::test]
async fn a_clone_and_an_old_copy_of_a_phone_write_on_and_every_answer_arrives() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let mut clone = lina.copied();
    // The phone goes on; then the old copy is started beside it, and both write.
    lina.does("set_field", lina::set_field(&draft, "building", "B")).await;
    clone.restart();
    clone.does("set_field", lina::set_field(&draft, "floor", "3")).await;
    lina.does("set_field", lina::set_field(&draft, "locality", "Les Roches")).await;
    lina.syncs_until_quiet().await;
    clone.syncs().await;
    lina.syncs_until_quiet().await;
    clone.syncs().await;
    let here = lina.sees(&draft).await["values"].clone();
    let there = clone.sees(&draft).await["values"].clone();
    assert_eq!(here, there);
    for (field, typed) in [("building", "B"), ("floor", "3"), ("locality", "Les Roches")] {
        assert_eq!(here[field], typed, "{here}");
    }
}
