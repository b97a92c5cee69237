//! A card that was found again, and what is left of what it pays for.

use hyper::StatusCode;
use journeys::network::Cable;
use journeys::{Person, World};
use phone::Trouble;
use phone::transport::Answered;
use phone::view::CourierTrouble;
use serde_json::{Value, json};

use super::{accepted, checks, code};

/// The server takes a request for another card, and something between says that it could not.
fn unanswered(path: &str, mut answered: Answered) -> Answered {
    if path.starts_with("/v1/duplicates/") {
        answered.status = StatusCode::SERVICE_UNAVAILABLE;
    }
    answered
}

/// What a verifier who was just in touch with the Region is told of a code.
async fn told(verifier: &Person, code: &str) -> Value {
    verifier.syncs_until_quiet().await;
    checks(verifier, code).await["reason"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_found_is_taken_back_offline_before_its_request_left_and_online_after() {
    let world = World::new();
    let (mut lina, partner) = (world.phone("Lina"), world.phone("La librairie"));
    let draft = accepted(&world, &lina).await;
    let (this, lost) = (json!({ "draft": draft }), json!({ "draft": draft, "reason": "PERTE" }));

    // It lay under the bed: nothing ever left the phone.
    lina.cable(Cable::Cut);
    lina.does("ask_duplicate", lost.clone()).await;
    lina.restart();
    let card = lina.does("undo_duplicate", this.clone()).await;
    assert_eq!((&card["duplicate"], &card["state"]), (&Value::Null, &json!("active")));
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(world.server_says("SELECT count(*) FROM duplicate"), "0");

    // The request arrived, and the answer did not: it is not dropped behind the server's back.
    let first = code(&lina.does("card", this.clone()).await);
    lina.does("ask_duplicate", lost.clone()).await;
    lina.cable(Cable::Tampered(unanswered));
    lina.syncs().await;
    lina.cable(Cable::Cut);
    let offline = Trouble::Courier { trouble: CourierTrouble::Offline };
    assert_eq!(lina.call("undo_duplicate", this.clone()).await, Err(offline));
    assert_eq!(lina.does("card", this.clone()).await["duplicate"]["state"], "queued");
    assert_eq!(told(&partner, &first).await, "blocked");

    lina.cable(Cable::Whole);
    let card = lina.does("undo_duplicate", this.clone()).await;
    assert_eq!((&card["duplicate"], &card["state"]), (&Value::Null, &json!("active")));
    assert_eq!(card["held"], "here", "its key was made anew");
    assert_eq!(told(&partner, &code(&card)).await, "good");
    assert_eq!(lina.does("undo_duplicate", this.clone()).await["duplicate"], Value::Null);
    let taken_back = "SELECT count(*) FROM duplicate WHERE outcome = 'taken_back'";
    assert_eq!(world.server_says(taken_back), "1");

    // Really lost this time, and the workshop was faster.
    lina.does("ask_duplicate", lost).await;
    lina.syncs_until_quiet().await;
    let card = lina.does("card", this.clone()).await;
    assert!(card["duplicate"]["undo_until_ms"].is_i64(), "{card}");
    let desk = world.desk().await;
    desk.make(&draft, "in_production").await.unwrap();
    assert_eq!(lina.call("undo_duplicate", this.clone()).await, Err(Trouble::TooLate));
    lina.syncs_until_quiet().await;
    let card = lina.does("card", this.clone()).await;
    assert_eq!(card["duplicate"]["undo_until_ms"], Value::Null);
    desk.make(&draft, "handed_over").await.unwrap();
    lina.syncs_until_quiet().await;
    assert_eq!(lina.does("card", this).await["duplicate"], Value::Null, "the new card came");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_a_benefit_is_on_the_phone_without_network_with_its_day() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.deposits().await;
    let this = json!({ "draft": draft });
    lina.syncs_until_quiet().await;
    let none = lina.does("benefits", this.clone()).await;
    assert_eq!((&none["on"], &none["balances"]), (&Value::Null, &json!([])), "no card yet");
    let desk = world.desk().await;
    desk.accept(&draft).await.unwrap();
    let bafa = [("benefit", "BAFA"), ("kind", "granted"), ("amount", "200")];
    let name = desk.note_movement(&draft, &bafa).await.unwrap();
    let spent = [("benefit", "BAFA"), ("kind", "spent"), ("amount", "49,90")];
    desk.note_movement(&draft, &spent).await.unwrap();
    desk.send_movement(&draft, &name, &bafa).await.unwrap();
    lina.syncs_until_quiet().await;
    lina.cable(Cable::Cut);
    lina.restart();

    let told = lina.does("benefits", this.clone()).await;
    assert_eq!(told["on"].as_str().map(str::len), Some("2026-11-29".len()));
    let of = |code: &str| {
        let all = told["balances"].as_array().unwrap();
        all.iter().find(|it| it["benefit"] == code).unwrap().clone()
    };
    assert_eq!(
        (&of("BAFA")["left_cents"], &of("BAFA")["spent_cents"]),
        (&json!(15_010), &json!(4_990))
    );
    assert_eq!(of("CINEMA")["left_cents"], Value::Null, "nobody said how much");
    let terms = lina.does("duplicate_terms", this).await;
    assert_eq!((&terms["cents"], &terms["days"]), (&Value::Null, &Value::Null));
}
