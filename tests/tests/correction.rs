//! A reviewer asks for something to be mended: it is mended anywhere, once, and nothing else moves.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journeys::mailbox::Mailbox;
use journeys::network::Cable;
use journeys::{Person, World, lina, picture};
use phone::Trouble;
use phone::transport::Answered;
use serde_json::{Value, json};

const NOTE: &str = "Ton nom n’est pas celui de ta pièce d’identité.";

/// Lina's dossier, received.
async fn received(lina: &Person) -> String {
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    draft
}

/// What was asked of her, opened: the draft in which she mends it.
async fn opens(lina: &Person, dossier: &str) -> String {
    let view = lina.does("correct", json!({ "draft": dossier })).await;
    assert_eq!(view["state"], "correction", "{view}");
    view["draft"].as_str().unwrap().to_owned()
}

async fn types(person: &Person, correction: &str, field: &str, typed: &str) {
    person.does("set_field", lina::set_field(correction, field, typed)).await;
}

async fn sends(lina: &Person, correction: &str) -> Value {
    lina.does("send_correction", json!({ "draft": correction })).await
}

/// The fields that still stand against sending.
async fn refused(lina: &Person, correction: &str) -> Vec<String> {
    match lina.call("send_correction", json!({ "draft": correction })).await {
        Err(Trouble::Incomplete { refusals }) => {
            refusals.iter().map(|it| it.field.as_str().to_owned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn milestones(view: &Value) -> Vec<&str> {
    let reached = view["timeline"].as_array().unwrap();
    reached.iter().map(|it| it["milestone"].as_str().unwrap()).collect()
}

async fn another_photo(lina: &Person, correction: &str) {
    let proof = lina.opens_picture(correction, &picture::good_from_a_camera()).await;
    let framing = &proof["framed"]["framing"];
    lina.does("keep_picture", lina::keep_picture(correction, framing)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lina_mends_name_and_photo_without_network_and_the_reviewer_sees_the_difference() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let dossier = received(&lina).await;
    let before = lina.does("photo", json!({ "draft": dossier })).await;
    let desk = world.desk().await;
    desk.take(&dossier).await.unwrap();
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&dossier).await["state"], "in_review");
    desk.correct(&dossier, &["photo", "family_name"], &["PHOTO_FLOUE"], NOTE).await.unwrap();
    assert!(desk.correct(&dossier, &["given_name"], &[], NOTE).await.is_err(), "one at a time");
    lina.syncs_until_quiet().await;
    let told = lina.sees(&dossier).await;
    assert_eq!(told["state"], "to_correct");
    assert_eq!(milestones(&told), ["received", "in_review", "to_correct"]);
    let asked = &told["correction"];
    assert_eq!(asked["topics"], json!(["family_name", "photo"]));
    assert_eq!((&asked["reasons"], &asked["note"]), (&json!(["PHOTO_FLOUE"]), &json!(NOTE)));

    // From here on there is no network.
    lina.cable(Cable::Cut);
    let correction = opens(&lina, &dossier).await;
    let open = lina.sees(&correction).await;
    assert_eq!(open["values"]["family_name"], "Moreau", "as the Region has it");
    for (command, args) in [
        ("set_field", lina::set_field(&correction, "given_name", "Lea")),
        ("type_field", lina::set_field(&correction, "given_name", "L")),
        ("set_password", json!({ "draft": correction, "typed": "x", "confirmation": "x" })),
        ("deposit", json!({ "draft": correction })),
    ] {
        assert_eq!(lina.call(command, args).await, Err(Trouble::MalformedArgs), "{command}");
    }
    let args = lina::set_field(&dossier, "family_name", "Diaz");
    assert_eq!(lina.call("set_field", args).await, Err(Trouble::AlreadyDeposited));
    types(&lina, &correction, "family_name", "Moreau 9").await;
    assert_eq!(refused(&lina, &correction).await, ["family_name", "photo"]);
    // Killed in the middle of a word.
    let args = lina::set_field(&correction, "family_name", "Moreau Diaz");
    lina.does("type_field", args).await;
    lina.restart();
    assert_eq!(opens(&lina, &dossier).await, correction, "it stays as it was typed");
    assert_eq!(refused(&lina, &correction).await, ["photo"], "the same photo is none");
    assert_eq!(lina.sees(&correction).await["values"]["family_name"], "Moreau Diaz");
    another_photo(&lina, &correction).await;
    let sent = sends(&lina, &correction).await;
    assert_eq!(sent["state"], "to_correct", "only the server moves it");
    assert!(sent["correction"]["queued_at_ms"].is_i64());
    assert_eq!(sent["values"]["family_name"], "Moreau", "not before the Region has it");
    let args = lina::set_field(&correction, "family_name", "Diaz");
    assert_eq!(lina.call("set_field", args).await, Err(Trouble::AlreadyDeposited));
    let out = lina.call("sign_out", json!({ "draft": dossier })).await;
    assert_eq!(out, Err(Trouble::AwaitsReceipt), "nothing that waits is left behind");
    lina.restart();
    for file in ["phone.sqlite", "phone.sqlite-wal"] {
        let kept = std::fs::read(lina.data().join(file)).unwrap_or_default();
        assert!(!kept.windows(4).any(|part| part == b"Diaz"), "{file}: sealed like all the rest");
    }
    let home = lina.does("home", json!({})).await;
    assert_eq!(home["drafts"].as_array().unwrap().len(), 1, "it is no application of its own");
    assert_eq!(home["sync"]["pending"], 1);

    lina.cable(Cable::Whole);
    lina.asked();
    lina.syncs_until_quiet().await;
    let asked = lina.asked();
    assert!(!asked.iter().any(|path| path.contains(&correction)), "never sent as a draft");
    let mended = lina.sees(&dossier).await;
    assert_eq!((&mended["state"], &mended["correction"]), (&json!("in_review"), &Value::Null));
    assert_eq!(milestones(&mended), ["received", "in_review", "to_correct", "corrected"]);
    assert_eq!(mended["values"]["family_name"], "Moreau Diaz");
    assert_eq!(mended["values"]["given_name"], "Lina");
    let after = lina.does("photo", json!({ "draft": dossier })).await;
    assert_ne!(after, before);
    assert_eq!(
        lina.call("draft", json!({ "draft": correction })).await,
        Err(Trouble::UnknownDraft)
    );

    // Back in the same hands, with the difference.
    let queue = desk.get("/desk").await.unwrap().html;
    assert!(queue.contains("Vos dossiers") && queue.contains("corrigé"), "{queue}");
    let page = desk.get(&format!("/desk/dossiers/{dossier}")).await.unwrap().html;
    for shown in
        [">Moreau</td>", "<strong>Moreau Diaz</strong>", "Ancienne photo", "Nouvelle photo"]
    {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("Prénom</th>"), "only what was asked for");

    // The provisional card says the new name over the new photo.
    let card = lina.does("card", json!({ "draft": dossier })).await;
    assert_eq!(
        (&card["state"], &card["name"]),
        (&json!("provisional"), &json!("Lina Moreau Diaz"))
    );
    assert_eq!(card["photo"], after["jpeg"]);

    desk.accept(&dossier).await.unwrap();
    desk.make(&dossier, "in_production").await.unwrap();
    assert!(desk.make(&dossier, "in_production").await.is_err(), "pressed twice is once");
    desk.make(&dossier, "handed_over").await.unwrap();
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": dossier })).await;
    assert_eq!((&card["state"], &card["name"]), (&json!("active"), &json!("Lina Moreau Diaz")));
    lina.cable(Cable::Cut);
    lina.restart();
    let told = lina.sees(&dossier).await;
    let last = ["corrected", "accepted", "in_production", "handed_over"];
    assert_eq!(milestones(&told)[3..], last, "without network too");
    let page = desk.get(&format!("/desk/dossiers/{dossier}")).await.unwrap().html;
    assert!(!page.contains(">Moreau</td>"), "what was corrected is forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_whose_answers_are_lost_again_and_again_is_one() {
    /// It arrives, and a proxy in between never heard what was answered.
    fn lose(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/corrections/") || path.starts_with("/v1/dossiers/") {
            answered.status = hyper::StatusCode::BAD_GATEWAY;
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    let dossier = received(&lina).await;
    world.desk().await.correct(&dossier, &["given_name"], &[], NOTE).await.unwrap();
    lina.syncs_until_quiet().await;
    let correction = opens(&lina, &dossier).await;
    types(&lina, &correction, "given_name", "Line").await;
    sends(&lina, &correction).await;
    lina.cable(Cable::Tampered(lose));
    for _ in 0..3 {
        lina.syncs().await;
    }
    assert_eq!(world.server_says("SELECT given_name FROM dossier"), "Line");
    assert_eq!(lina.sees(&dossier).await["state"], "to_correct", "nobody told her yet");
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    lina.syncs_until_quiet().await;
    let mended = lina.sees(&dossier).await;
    assert_eq!(
        (&mended["state"], &mended["values"]["given_name"]),
        (&json!("in_review"), &json!("Line"))
    );
    assert_eq!(milestones(&mended), ["received", "to_correct", "corrected"]);
    // Mended twice, it is mended twice.
    world.desk().await.correct(&dossier, &["given_name"], &[], NOTE).await.unwrap();
    lina.syncs_until_quiet().await;
    let correction = opens(&lina, &dossier).await;
    types(&lina, &correction, "given_name", "Lina").await;
    sends(&lina, &correction).await;
    lina.syncs_until_quiet().await;
    let mended = lina.sees(&dossier).await;
    assert_eq!(milestones(&mended)[3..], ["to_correct", "corrected"]);
    assert_eq!(mended["values"]["given_name"], "Lina");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_of_a_correction_that_somebody_rewrote_is_not_believed() {
    fn rewrite(path: &str, mut answered: Answered) -> Answered {
        if path.starts_with("/v1/corrections/") && answered.status.is_success() {
            let mut body: Value = serde_json::from_slice(&answered.body).unwrap();
            let mut receipt = BASE64.decode(body["receipt"].as_str().unwrap()).unwrap();
            let middle = receipt.len() / 2;
            receipt[middle] ^= 1;
            body["receipt"] = json!(BASE64.encode(receipt));
            answered.body = body.to_string().into();
        }
        answered
    }
    let world = World::new();
    let lina = world.phone("Lina");
    let dossier = received(&lina).await;
    world.desk().await.correct(&dossier, &["given_name"], &[], NOTE).await.unwrap();
    lina.syncs_until_quiet().await;
    let correction = opens(&lina, &dossier).await;
    types(&lina, &correction, "given_name", "Line").await;
    sends(&lina, &correction).await;
    lina.cable(Cable::Tampered(rewrite));
    let view = lina.syncs().await;
    assert_eq!(view["trouble"], "tampered_receipt", "{view}");
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&dossier).await["values"]["given_name"], "Line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_phone_mends_and_the_first_shows_it_and_a_third_may_still_sign_in() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, tablet, third] = ["Lina", "Lina's tablet", "Lina's third"].map(|it| world.phone(it));
    let dossier = received(&lina).await;
    let which = json!({ "draft": dossier, "number": null });
    let code = mailbox.next().await.code().to_owned();
    lina.does("activate", json!({ "of": which, "code": code, "password": null })).await;
    let number = lina.does("reveal_number", json!({ "draft": dossier })).await["number"].clone();
    let sign_in = json!({ "number": number, "password": lina::PASSWORD });
    tablet.does("sign_in", sign_in.clone()).await;

    let desk = world.desk().await;
    desk.correct(&dossier, &["photo", "address"], &["TROP_SOMBRE"], "Quel bâtiment ?")
        .await
        .unwrap();
    let mail = mailbox.next().await;
    assert_eq!(mail.subject, "Ta demande est à corriger");
    assert!(!mail.text.contains("bâtiment") && !mail.text.contains("photo"), "{}", mail.text);
    for phone in [&lina, &tablet] {
        phone.syncs_until_quiet().await;
        assert_eq!(phone.sees(&dossier).await["state"], "to_correct");
    }
    // Both begin; the tablet is first.
    let on_phone = opens(&lina, &dossier).await;
    types(&lina, &on_phone, "building", "A").await;
    let on_tablet = opens(&tablet, &dossier).await;
    types(&tablet, &on_tablet, "building", "B").await;
    another_photo(&tablet, &on_tablet).await;
    sends(&tablet, &on_tablet).await;
    tablet.syncs_until_quiet().await;
    lina.syncs_until_quiet().await;
    let asked = json!({ "draft": dossier });
    for phone in [&lina, &tablet] {
        let view = phone.sees(&dossier).await;
        assert_eq!(
            (&view["state"], &view["values"]["building"]),
            (&json!("in_review"), &json!("B"))
        );
        assert_eq!(view["correction"], Value::Null);
    }
    let photo = lina.does("photo", asked.clone()).await;
    assert_eq!(photo, tablet.does("photo", asked.clone()).await);
    assert_eq!(lina.call("draft", json!({ "draft": on_phone })).await, Err(Trouble::UnknownDraft));

    // The receipt was written anew: a sign-in believes it, with the new photo.
    let there = third.does("sign_in", sign_in).await;
    assert_eq!(there["values"]["building"], "B");
    assert_eq!(third.does("photo", asked.clone()).await, photo);
    // And the phone of the deposit is still that.
    let devices = lina.does("devices", asked).await;
    assert_eq!(devices[0]["here"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_that_both_mend_without_network_are_one_correction() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, tablet] = ["Lina", "Lina's tablet"].map(|it| world.phone(it));
    let dossier = received(&lina).await;
    let which = json!({ "draft": dossier, "number": null });
    let code = mailbox.next().await.code().to_owned();
    lina.does("activate", json!({ "of": which, "code": code, "password": null })).await;
    let number = lina.does("reveal_number", json!({ "draft": dossier })).await["number"].clone();
    tablet.does("sign_in", json!({ "number": number, "password": lina::PASSWORD })).await;
    world.desk().await.correct(&dossier, &["given_name"], &[], NOTE).await.unwrap();
    for (phone, name) in [(&tablet, "Line"), (&lina, "Lena")] {
        phone.syncs_until_quiet().await;
        phone.cable(Cable::Cut);
        let correction = opens(phone, &dossier).await;
        types(phone, &correction, "given_name", name).await;
        sends(phone, &correction).await;
    }
    for phone in [&tablet, &lina] {
        phone.cable(Cable::Whole);
        phone.syncs_until_quiet().await;
    }
    for phone in [&tablet, &lina] {
        let view = phone.sees(&dossier).await;
        assert_eq!(
            (&view["state"], &view["values"]["given_name"]),
            (&json!("in_review"), &json!("Line"))
        );
        assert_eq!(phone.syncs().await["pending"], 0, "what came second waits for nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_that_is_decided_meanwhile_asks_for_nothing_any_more() {
    let world = World::new();
    let lina = world.phone("Lina");
    let dossier = received(&lina).await;
    let desk = world.desk().await;
    desk.correct(&dossier, &["given_name"], &[], NOTE).await.unwrap();
    lina.syncs_until_quiet().await;
    lina.cable(Cable::Cut);
    let correction = opens(&lina, &dossier).await;
    types(&lina, &correction, "given_name", "Line").await;
    sends(&lina, &correction).await;
    desk.accept(&dossier).await.unwrap();
    lina.cable(Cable::Whole);
    lina.syncs_until_quiet().await;
    let view = lina.sees(&dossier).await;
    assert_eq!(
        (&view["state"], &view["values"]["given_name"]),
        (&json!("accepted"), &json!("Lina"))
    );
    assert_eq!(lina.syncs().await["pending"], 0);
    assert_eq!(
        lina.call("correct", json!({ "draft": dossier })).await,
        Err(Trouble::AlreadyDeposited)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lost_everything_gets_the_dossier_again_as_it_was_mended() {
    let mut world = World::new();
    let lina = world.phone("Lina");
    let dossier = received(&lina).await;
    world
        .desk()
        .await
        .correct(&dossier, &["given_name", "photo"], &["TROP_CLAIR"], NOTE)
        .await
        .unwrap();
    lina.syncs_until_quiet().await;
    let correction = opens(&lina, &dossier).await;
    types(&lina, &correction, "given_name", "Line").await;
    another_photo(&lina, &correction).await;
    sends(&lina, &correction).await;
    lina.syncs_until_quiet().await;
    world.stop_server();
    world.forget_databases();
    world.start_server();
    lina.syncs().await;
    lina.syncs_until_quiet().await;
    assert_eq!(world.server_says("SELECT given_name || state FROM dossier"), "Linereceived");
    let view = lina.sees(&dossier).await;
    assert_eq!(
        (&view["state"], &view["values"]["given_name"]),
        (&json!("received"), &json!("Line"))
    );
}
