//! A deposit: made anywhere, kept through anything, received once.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::form::Refusal;
use dossier::number::DossierNumber;
use dossier::signed::{RegionKey, SigningKey};
use dossier::sync::{DraftChanges, SyncAnswer};
use journeys::network::Cable;
use journeys::power::disk::content;
use journeys::power::explorer::put;
use journeys::{World, lina, picture};
use phone::Trouble;
use phone::transport::Answered;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn lina_deposits_without_network_and_the_region_receives_it_when_it_is_back() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    lina.cable(Cable::Cut);

    let draft = lina.deposits().await;
    let shown = lina.does("reveal_number", json!({ "draft": draft })).await;
    let number = shown["number"].as_str().unwrap().to_owned();
    assert!(DossierNumber::parse(&number).is_ok());
    assert_eq!(lina.vault().holds(&format!("dossier-number:{draft}")), Some(number.clone()));
    let offline = lina.syncs().await;
    assert_eq!((&offline["network"], &offline["trouble"]), (&json!("offline"), &json!("offline")));
    assert!(lina.sees(&draft).await["deposit"]["received_at_ms"].is_null());

    lina.restart();
    let kept = lina.sees(&draft).await;
    assert_eq!(kept["state"], "ready");
    assert_eq!(lina.does("reveal_number", json!({ "draft": draft })).await["number"], number);

    let slip = lina.does("slip", json!({ "draft": draft })).await;
    assert_eq!((&slip["number"], &slip["name"]), (&json!(number), &json!("Lina Moreau")));
    assert_eq!(slip["received_at_ms"], Value::Null);
    let school = slip["school"].as_str().unwrap();
    assert!(school.starts_with("LOT SIDOINE APOLLINAIRE"), "{school}");
    let pdf = BASE64.decode(slip["pdf"].as_str().unwrap()).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains(&format!("({number}) Tj")));

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    let received = lina.sees(&draft).await;
    assert_eq!(received["state"], "received");
    assert!(received["deposit"]["received_at_ms"].is_i64());
    let compact = number.replace('-', "");
    assert_eq!(world.server_says("SELECT number FROM dossier"), compact);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_whose_answers_are_lost_again_and_again_is_one_dossier() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.cable(Cable::AnswersLost);
    for _ in 0..3 {
        lina.syncs().await;
    }
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "received");
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_and_started_again_still_knows_everything() {
    let mut world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    world.stop_server();
    assert_eq!(lina.syncs().await["network"], "offline");
    world.start_server();
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "received");
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_reaches_the_server_before_it_is_deposited_and_never_holds_the_password() {
    let world = World::new();
    let lina = world.phone("Lina");
    lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    assert_eq!(world.server_says("SELECT count(*) FROM draft"), "1");
    assert_ne!(world.server_says("SELECT count(*) FROM change"), "0");
    let held = format!(
        "SELECT count(*) FROM change WHERE instr(bytes, CAST('{}' AS BLOB)) > 0",
        lina::PASSWORD
    );
    assert_eq!(world.server_says(&held), "0");
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_stands_in_clear_on_the_phone() {
    let world = World::new();
    let lina = world.phone("Lina");
    lina.cable(Cable::Cut);
    let draft = lina.deposits().await;
    let number = lina.does("reveal_number", json!({ "draft": draft })).await["number"].clone();
    let number = number.as_str().unwrap().to_owned();
    for entry in std::fs::read_dir(lina.data()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let compact = number.replace('-', "");
        for mark in ["Moreau", "Blatin", "lina.moreau", lina::PASSWORD, &number, &compact, "JFIF"] {
            let found = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert!(!found, "{mark} stands in clear");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_form_is_not_deposited_and_says_what_is_missing() {
    let world = World::new();
    let noe = world.phone("Noé");
    let draft = noe.does("start_draft", json!({})).await["draft"].clone();
    let trouble = noe.call("deposit", json!({ "draft": draft })).await.unwrap_err();
    let Trouble::Incomplete { refusals } = trouble else { panic!("{trouble}") };
    assert_eq!(refusals.len(), 16);
    assert!(noe.vault().holds(&format!("dossier-number:{}", draft.as_str().unwrap())).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_photo_is_on_another_device_is_not_deposited_without_it() {
    let world = World::new();
    let lina = world.phone("Lina");
    lina.syncs().await;
    let before = tempfile::tempdir().unwrap();
    put(&content(lina.data()).unwrap(), before.path());
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;

    // The same keyring and space, and a disk that never had the picture.
    let tablet = lina.open_at(before.path()).unwrap();
    tablet.answer("sync", json!({})).await.unwrap();
    let chosen = json!({ "draft": draft, "typed": lina::PASSWORD, "confirmation": lina::PASSWORD });
    let seen = tablet.answer("set_password", chosen).await.unwrap();
    assert_eq!(seen["refusals"][0]["field"], "photo", "{}", seen["refusals"]);
    let refused = tablet.answer("deposit", json!({ "draft": draft })).await.unwrap_err();
    let Trouble::Incomplete { refusals } = refused else { panic!("{refused}") };
    let missing = refusals.iter().map(|it| (it.field.as_str(), it.refusal.clone()));
    assert_eq!(missing.collect::<Vec<_>>(), [("photo", Refusal::Missing)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_typed_after_the_password_and_stands_in_it_is_noticed() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let view = lina.does("set_field", lina::set_field(&draft, "family_name", "Volcan")).await;
    let refused =
        json!([{ "field": "password", "step": "account", "refusal": { "code": "personal" } }]);
    assert_eq!(view["refusals"], refused);
    let trouble = lina.call("deposit", json!({ "draft": draft })).await;
    assert!(matches!(trouble, Err(Trouble::Incomplete { .. })), "{trouble:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_that_the_server_cannot_take_is_a_draft_again_under_the_same_number() {
    fn outdated(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/deposits/") {
            answered.status = hyper::StatusCode::UNPROCESSABLE_ENTITY;
            answered.body = r#"{"code":"incomplete"}"#.into();
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    let number = lina.does("reveal_number", json!({ "draft": draft })).await;
    lina.cable(Cable::Tampered(outdated));
    lina.syncs().await;
    let view = lina.sees(&draft).await;
    assert_eq!((&view["state"], &view["returned"]), (&json!("draft"), &json!(true)));
    lina.does("set_field", lina::set_field(&draft, "care_of", "")).await;
    let again = lina.does("deposit", json!({ "draft": draft })).await;
    assert_eq!((&again["state"], &again["returned"]), (&json!("ready"), &json!(false)));
    assert_eq!(lina.does("reveal_number", json!({ "draft": draft })).await, number);
}

#[tokio::test(flavor = "multi_thread")]
async fn starting_twice_without_an_answer_is_one_draft() {
    let world = World::new();
    let lina = world.phone("Lina");
    let first = lina.does("start_draft", json!({})).await["draft"].clone();
    assert_eq!(lina.does("start_draft", json!({})).await["draft"], first);
    lina.does("set_field", lina::set_field(first.as_str().unwrap(), "given_name", "Lina")).await;
    assert_ne!(lina.does("start_draft", json!({})).await["draft"], first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposited_draft_is_not_edited_any_more() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    let edit = lina.call("set_field", lina::set_field(&draft, "family_name", "Martin")).await;
    assert_eq!(edit, Err(Trouble::AlreadyDeposited));
    let again = lina.call("deposit", json!({ "draft": draft })).await;
    assert_eq!(again, Err(Trouble::AlreadyDeposited));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_somebody_rewrote_is_never_shown_as_received() {
    fn forge(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/deposits/") && answered.status.is_success() {
            let body: serde_json::Value = serde_json::from_slice(&answered.body).unwrap();
            let mut receipt = BASE64.decode(body["receipt"].as_str().unwrap()).unwrap();
            let last = receipt.len() - 1;
            receipt[last] ^= 1;
            answered.body =
                json!({ "receipt": BASE64.encode(receipt) }).to_string().into_bytes().into();
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.cable(Cable::Tampered(forge));
    lina.syncs().await;
    let view = lina.sees(&draft).await;
    assert_eq!(
        (&view["state"], &view["deposit"]["trouble"]),
        (&json!("ready"), &json!("tampered_receipt"))
    );

    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    let view = lina.sees(&draft).await;
    assert_eq!((&view["state"], &view["deposit"]["trouble"]), (&json!("received"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_key_gets_nothing_and_is_shown_as_foreign() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let other = RegionKey::from(&SigningKey::from_bytes(&[9; 32])).to_hex();
    lina.trusts(&other);
    lina.deposits().await;
    let view = lina.syncs().await;
    let seen = (&view["network"], &view["trouble"]);
    assert_eq!(seen, (&json!("untrusted"), &json!("wrong_server_key")));
    assert_eq!(world.server_says("SELECT count(*) FROM draft"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_a_deposit_says_so_and_stays_a_draft() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.vault().lock(true);
    let trouble = lina.call("deposit", json!({ "draft": draft })).await;
    assert_eq!(trouble, Err(Trouble::NoKeyring));
    lina.vault().lock(false);
    assert_eq!(lina.sees(&draft).await["state"], "draft");
    lina.does("deposit", json!({ "draft": draft })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_none_is_refused_and_the_former_one_stays() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let before = lina.sees(&draft).await["photo"].clone();
    let picture = BASE64.encode(b"%PDF-1.7 not a picture");
    let refused = lina.call("open_picture", json!({ "draft": draft, "picture": picture })).await;
    assert!(matches!(refused, Err(Trouble::Photo { .. })), "{refused:?}");
    assert_eq!(lina.sees(&draft).await["photo"], before);

    let proof = lina.opens_picture(&draft, &picture::good_png()).await;
    let mut closer = proof["framed"]["framing"].clone();
    closer["height"] = json!(closer["height"].as_f64().unwrap() * 0.98);
    let after = lina.does("keep_picture", lina::keep_picture(&draft, &closer)).await;
    assert_ne!(after["photo"]["sha256"], before["sha256"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_not_kept_and_says_why() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let weak = json!({ "draft": draft, "typed": "Moreau2009", "confirmation": "Moreau2009" });
    let view = lina.does("set_password", weak).await;
    assert_eq!(view["password_kept"], false);
    assert_eq!(view["refusals"][0]["field"], "password");
    assert_eq!(view["refusals"][0]["refusal"]["code"], "personal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_somebody_else_holds_is_replaced_and_the_student_is_told() {
    let world = World::new();
    let lina = world.phone("Lina");
    let first = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let taken = lina.vault().holds(&format!("dossier-number:{first}")).unwrap();

    let noe = world.phone("Noé");
    let draft = noe.fills_the_form().await;
    noe.vault().put(&format!("dossier-number:{draft}"), &taken);
    noe.does("deposit", json!({ "draft": draft })).await;
    noe.syncs_until_quiet().await;
    let view = noe.sees(&draft).await;
    assert_eq!(view["state"], "received");
    assert_eq!(view["deposit"]["number_replaced"], true);
    let number = noe.does("reveal_number", json!({ "draft": draft })).await["number"].clone();
    assert_ne!(number, taken);
    assert_eq!(world.server_says("SELECT count(DISTINCT number) FROM dossier"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lost_everything_but_its_key_gets_everything_again() {
    let mut world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    world.stop_server();
    world.forget_databases();
    world.start_server();
    lina.does("deposit", json!({ "draft": draft })).await;
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "received");
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_deleted_here_is_deleted_there() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    lina.does("discard_draft", json!({ "draft": draft })).await;
    // Nobody undoes a deletion of the time before.
    lina.restart();
    lina.syncs_until_quiet().await;
    for table in ["change", "photo_reference"] {
        assert_eq!(world.server_says(&format!("SELECT count(*) FROM \"{table}\"")), "0");
    }
    assert_eq!(world.server_says("SELECT count(*) FROM tombstone"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_decision_neither_side_keeps_what_was_typed_before() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    world.desk().await.accept(&draft).await.unwrap();
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "accepted");
    assert_eq!(world.server_says("SELECT count(*) FROM change"), "0");
    lina.restart();
    let view = lina.sees(&draft).await;
    assert_eq!(view["values"]["family_name"], "Moreau", "the answers stay");
    assert_eq!(view["has_card"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lost_a_received_dossier_gets_it_again_under_its_number() {
    let mut world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let number = lina.does("reveal_number", json!({ "draft": draft })).await;
    world.stop_server();
    world.forget_databases();
    world.start_server();
    lina.syncs_until_quiet().await;
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "received");
    assert_eq!(lina.does("reveal_number", json!({ "draft": draft })).await, number);
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_changes_from_a_server_are_not_let_in() {
    fn poison(path: &str, mut answered: Answered) -> Answered {
        if path == "/v1/sync" && answered.status.is_success() {
            let mut answer = SyncAnswer::from_bytes(&answered.body).unwrap();
            // A compressed change: whoever inflates it has lost.
            let bomb = [&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 2, 4][..], &[0; 4]].concat();
            let changes = vec![bomb.into()];
            answer.pull.push(DraftChanges { draft: [9; 16].into(), changes });
            answered.body = answer.to_bytes(dossier::sync::wire::Dictionary::NEWEST).into();
        }
        answered
    }
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.cable(Cable::Tampered(poison));
    lina.syncs_until_quiet().await;
    lina.restart();
    assert_eq!(lina.sees(&draft).await["values"]["family_name"], "Moreau");
    let home = lina.does("home", json!({})).await;
    assert_eq!(home["drafts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_devices_that_deposit_one_draft_the_second_takes_the_dossier_of_the_first() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let mut tablet = lina.copied();
    tablet.restart();
    let which = json!({ "draft": draft });
    lina.does("deposit", which.clone()).await;
    let number = lina.does("reveal_number", which.clone()).await;

    // Not yet told of it, the tablet deposits the same draft otherwise, under a number of its own.
    tablet.does("set_field", lina::set_field(&draft, "floor", "3")).await;
    tablet.does("deposit", which.clone()).await;
    assert_ne!(tablet.does("reveal_number", which.clone()).await, number);
    lina.syncs_until_quiet().await;
    tablet.syncs_until_quiet().await;

    let seen = tablet.sees(&draft).await;
    assert_eq!(seen["state"], "received");
    assert_eq!(seen["deposit"]["number_replaced"], true);
    assert_eq!(seen["deposit"]["trouble"], Value::Null);
    assert_eq!(seen["values"]["floor"], Value::Null, "{seen}");
    assert_eq!(seen["values"]["given_name"], "Lina");
    assert_eq!(tablet.does("reveal_number", which.clone()).await, number);
    assert_eq!(tablet.syncs().await["pending"], 0);
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
    assert_eq!(tablet.does("photo", which.clone()).await, lina.does("photo", which).await);
}

#[tokio::test]
async fn a_draft_that_one_device_deletes_and_another_deposits_becomes_a_dossier() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let mut tablet = lina.copied();
    tablet.restart();
    let which = json!({ "draft": draft });

    // Her brother deletes it on the tablet, for good; in the bus she deposits it, and reads a number.
    tablet.does("discard_draft", which.clone()).await;
    tablet.restart();
    tablet.syncs_until_quiet().await;
    lina.does("deposit", which.clone()).await;
    let number = lina.does("reveal_number", which.clone()).await;
    let photo = lina.does("photo", which).await;
    lina.syncs_until_quiet().await;

    let home = lina.does("home", json!({})).await;
    let [kept] = home["drafts"].as_array().unwrap().as_slice() else { panic!("{home}") };
    let kept = kept["draft"].as_str().unwrap();
    assert_ne!(kept, draft);
    let seen = lina.sees(kept).await;
    assert_eq!(seen["state"], "received");
    assert_eq!(seen["values"]["given_name"], "Lina");
    assert_eq!(seen["deposit"]["number_replaced"], false);
    let which = json!({ "draft": kept });
    assert_eq!(lina.does("reveal_number", which.clone()).await, number);
    assert_eq!(lina.does("photo", which).await, photo);
    let bound = world.server_says("SELECT number FROM dossier");
    assert_eq!(bound, number["number"].as_str().unwrap().replace('-', ""));
    // The account's password went along: it was never in the document.
    assert_eq!(world.server_says("SELECT count(*) FROM account WHERE password_hash <> ''"), "1");
    tablet.syncs_until_quiet().await;
    assert_eq!(tablet.sees(kept).await["values"]["given_name"], "Lina");
}
