//! From the deposit over the mail to a second phone; and what is done when something is forgotten.

#[path = "account/encrypted.rs"]
mod encrypted;

use journeys::desk::Desk;
use journeys::lina;
use journeys::mailbox::Mailbox;
use journeys::network::Cable;
use journeys::{Person, World};
use phone::Trouble;
use phone::transport::Answered;
use phone::view::CourierTrouble;
use serde_json::{Value, json};

const NEW: &str = "orage en mars sancy";

/// The path of a link, as the desk's browser takes it.
fn path(link: &str) -> &str {
    &link[link.find("/compte/").unwrap()..]
}

fn of(number: &str) -> Value {
    json!({ "draft": null, "number": number })
}

async fn number(person: &Person, draft: &str) -> String {
    let shown = person.does("reveal_number", json!({ "draft": draft })).await;
    shown["number"].as_str().unwrap().to_owned()
}

/// Lina's dossier, received, her account active; its number.
async fn active(mailbox: &Mailbox, lina: &Person) -> (String, String) {
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let mail = mailbox.next().await;
    let which = json!({ "draft": draft, "number": null });
    lina.does("activate", json!({ "of": which, "code": mail.code(), "password": null })).await;
    let number = number(lina, &draft).await;
    (draft, number)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deposit_is_activated_by_its_mail_and_shown_on_a_second_phone() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let lina = world.phone("Lina");
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let account = lina.does("account", json!({ "draft": draft })).await;
    assert_eq!(account["activated_at_ms"], Value::Null);
    assert_eq!(account["email_masked"], "l•••@example.fr");
    let number = number(&lina, &draft).await;
    let mail = mailbox.next().await;
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("lina.moreau@example.fr", "Active ton compte Pass’Région")
    );
    assert!(mail.text.contains(&number));

    let mut tablet = world.phone("Lina's tablet");
    let sign_in = json!({ "number": number, "password": lina::PASSWORD });
    assert_eq!(tablet.call("sign_in", sign_in.clone()).await, Err(Trouble::WrongSignIn));
    let browser: Desk = world.desk().await;
    assert!(browser.get(path(mail.link())).await.unwrap().html.contains("Activer mon compte"));
    let page = browser.post(path(mail.link()), &[]).await.unwrap();
    assert!(page.html.contains("Ton compte est activé"), "{}", page.html);

    let here = lina.sees(&draft).await;
    let there = tablet.does("sign_in", sign_in).await;
    assert_eq!(
        (there["state"].as_str(), there["draft"].as_str()),
        (Some("received"), Some(&*draft))
    );
    assert_eq!(there["values"]["given_name"], "Lina");
    assert_eq!(there["school"]["uai"], here["school"]["uai"]);
    for same in ["track", "commune", "photo"] {
        assert_eq!(there[same], here[same], "{same}");
    }
    let asked = json!({ "draft": draft });
    assert_eq!(tablet.does("photo", asked.clone()).await, lina.does("photo", asked).await);

    // It stays, without network and after a restart; and it is never sent anywhere.
    tablet.syncs_until_quiet().await;
    tablet.cable(Cable::Cut);
    tablet.restart();
    assert_eq!(tablet.sees(&draft).await["values"]["family_name"], "Moreau");
    tablet.cable(Cable::Whole);
    tablet.asked();
    world.desk().await.accept(&draft).await.unwrap();
    tablet.syncs_until_quiet().await;
    let card = tablet.does("card", json!({ "draft": draft })).await;
    assert_eq!(
        (card["name"].as_str(), card["state"].as_str()),
        (Some("Lina Moreau"), Some("active"))
    );
    assert!(card["photo"].as_str().unwrap().len() > 1_000);
    assert!(!tablet.asked().iter().any(|path| path.starts_with("/v1/deposits")));
    assert_eq!(tablet.syncs().await["pending"], 0);
    assert_eq!(mailbox.waiting(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_mail_opens_the_app_and_is_followed_there_once_there_is_network() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, mother] = [world.phone("Lina"), world.phone("her mother's phone")];
    let draft = lina.deposits().await;
    lina.syncs_until_quiet().await;
    let mail = mailbox.next().await;
    assert_eq!(lina.does("link_waits", json!({})).await, false);
    assert!(!lina.opens_link("https://pass.example.org/compte/00112233445566778899aabbccddeeff"));
    assert!(lina.opens_link(mail.link()));
    assert_eq!(lina.does("link_waits", json!({})).await, true);

    lina.cable(Cable::Cut);
    let offline = Trouble::Courier { trouble: CourierTrouble::Offline };
    assert_eq!(lina.call("look_at_link", json!({})).await, Err(offline.clone()));
    let nothing = json!({ "typed": null, "confirmation": null });
    assert_eq!(lina.call("follow_link", nothing.clone()).await, Err(offline));
    lina.cable(Cable::Whole);
    let seen = lina.does("look_at_link", json!({})).await;
    assert_eq!((&seen["purpose"], &seen["draft"]), (&json!("activation"), &json!(draft)));
    assert!(mother.opens_link(mail.link()));
    assert_eq!(mother.does("look_at_link", json!({})).await["draft"], Value::Null);
    lina.does("follow_link", nothing.clone()).await;
    assert!(lina.does("account", json!({ "draft": draft })).await["activated_at_ms"].is_i64());
    assert_eq!(lina.does("link_waits", json!({})).await, false);
    assert_eq!(mother.call("follow_link", nothing).await, Err(Trouble::WrongCode));

    // A forgotten password: the link asks for two entries that are the same.
    let number = number(&lina, &draft).await;
    lina.does("forgotten_password", of(&number)).await;
    assert!(mother.opens_link(mailbox.next().await.link()));
    assert_eq!(mother.does("look_at_link", json!({})).await["needs_password"], true);
    let secrets = |again: &str| json!({ "typed": NEW, "confirmation": again });
    let refused = mother.call("follow_link", secrets("orage en avril")).await;
    assert!(matches!(refused, Err(Trouble::Incomplete { .. })), "{refused:?}");
    mother.does("follow_link", secrets(NEW)).await;
    mother.does("sign_in", json!({ "number": number, "password": NEW })).await;
    assert!(lina.asked().iter().all(|path| !path.contains("compte")), "never in an address");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_where_the_same_draft_waits_gets_the_dossier_with_its_receipt() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let lina = world.phone("Lina");
    let typed = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let [mut waits, mut types] = [lina.copied(), lina.copied()];
    lina.does("deposit", json!({ "draft": typed })).await;
    lina.syncs_until_quiet().await;
    let number = number(&lina, &typed).await;
    let mail = mailbox.next().await;
    lina.does("activate", json!({ "of": of(&number), "code": mail.code(), "password": null }))
        .await;

    // One copy deposited the draft too and has not reached the server since; the other still types.
    waits.restart();
    types.restart();
    waits.does("deposit", json!({ "draft": typed })).await;
    for (copy, other_number) in [(&waits, true), (&types, false)] {
        let sign_in = json!({ "number": number, "password": lina::PASSWORD });
        let seen = copy.does("sign_in", sign_in).await;
        assert_eq!(seen["state"], "received");
        assert_eq!(seen["deposit"]["number_replaced"], other_number);
        assert!(seen["deposit"]["received_at_ms"].is_i64(), "by the receipt: {seen}");
        copy.syncs_until_quiet().await;
        assert_eq!(copy.syncs().await["pending"], 0);
    }
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_signed_out_says_so_and_leaves_nothing_when_its_owner_signs_out() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, tablet] = [world.phone("Lina"), world.phone("Lina's tablet")];
    let (draft, number) = active(&mailbox, &lina).await;
    let which = json!({ "draft": draft });
    let sign_in = json!({ "number": number.to_lowercase(), "password": lina::PASSWORD });
    tablet.does("sign_in", sign_in.clone()).await;
    let devices = lina.does("devices", which.clone()).await;
    assert_eq!(
        (devices[0]["here"].as_bool(), devices[1]["here"].as_bool()),
        (Some(true), Some(false))
    );

    let other = json!({ "draft": draft, "device": devices[1]["id"] });
    let left = lina.does("sign_out_device", other).await;
    assert_eq!(left.as_array().unwrap().len(), 1);
    tablet.syncs().await;
    assert_eq!(tablet.sees(&draft).await["deposit"]["trouble"], "signed_out");
    assert_eq!(
        world.server_says("SELECT count(*) FROM dossier"),
        "1",
        "nothing was deposited again"
    );
    tablet.does("sign_in", sign_in).await;
    tablet.syncs_until_quiet().await;
    assert_eq!(tablet.sees(&draft).await["deposit"]["trouble"], Value::Null);

    let home = tablet.does("sign_out", which.clone()).await;
    assert_eq!(home["drafts"], json!([]));
    assert_eq!(tablet.call("draft", which.clone()).await, Err(Trouble::UnknownDraft));
    assert_eq!(world.server_says("SELECT count(*) FROM session"), "0");
    tablet.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["state"], "received", "hers stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_who_forgot_number_and_password_gets_both_back_by_mail() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, new_phone] = [world.phone("Lina"), world.phone("Lina's new phone")];
    let (draft, number) = active(&mailbox, &lina).await;
    new_phone.does("forgotten_number", json!({ "email": " Lina.Moreau@example.fr" })).await;
    let mail = mailbox.next().await;
    assert!(mail.text.contains(&number), "{}", mail.text);
    new_phone.does("forgotten_password", of(&number)).await;
    let mail = mailbox.next().await;
    let reset = |code: &str, again: &str| json!({ "of": of(&number), "code": code, "typed": NEW, "confirmation": again });
    let Err(Trouble::Incomplete { refusals }) =
        new_phone.call("set_new_password", reset(mail.code(), "autre")).await
    else {
        panic!("two passwords that differ")
    };
    assert_eq!(refusals[0].field, dossier::form::Field::Password);
    let wrong = new_phone.call("set_new_password", reset("ZZZZ-ZZZZ", NEW)).await;
    assert_eq!(wrong, Err(Trouble::WrongCode));
    new_phone.does("set_new_password", reset(&mail.code().to_lowercase(), NEW)).await;
    assert!(mailbox.next().await.subject.contains("a changé"));
    let sign_in = |password: &str| json!({ "number": number, "password": password });
    assert_eq!(new_phone.call("sign_in", sign_in(lina::PASSWORD)).await, Err(Trouble::WrongSignIn));
    new_phone.does("sign_in", sign_in(NEW)).await;

    // Her old phone was signed out, and comes back with the new password: still the depositor's.
    lina.syncs().await;
    assert_eq!(lina.sees(&draft).await["deposit"]["trouble"], "signed_out");
    lina.does("sign_in", sign_in(NEW)).await;
    lina.syncs_until_quiet().await;
    assert_eq!(lina.sees(&draft).await["deposit"]["trouble"], Value::Null);
    assert_eq!(world.server_says("SELECT count(*) FROM session"), "1");
    let slip = json!({ "number": "4K7Q", "password": "x" });
    assert_eq!(lina.call("sign_in", slip).await, Err(Trouble::WrongNumber));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_changed_exported_and_erased() {
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, tablet] = [world.phone("Lina"), world.phone("Lina's tablet")];
    let (draft, number) = active(&mailbox, &lina).await;
    tablet.does("sign_in", json!({ "number": number, "password": lina::PASSWORD })).await;

    let change =
        json!({ "draft": draft, "password": lina::PASSWORD, "email": "lina@autre.example" });
    let account = lina.does("change_address", change).await;
    assert_eq!(account["new_email_masked"], "l•••@autre.example");
    let mail = mailbox.next().await;
    assert_eq!(mail.to, "lina@autre.example");
    let account = lina.does("prove_address", json!({ "draft": draft, "code": mail.code() })).await;
    assert_eq!(account["email_masked"], "l•••@autre.example");
    let mut told = [mailbox.next().await.to, mailbox.next().await.to];
    told.sort();
    assert_eq!(told, ["lina.moreau@example.fr", "lina@autre.example"]);

    let home = json!({ "draft": draft, "typed": { "phone_number": "07 00 00 00 01",
        "address_line": "3 place de Jaude", "postal_code": "63000", "commune": "63113" } });
    let account = lina.does("change_contact", home).await;
    assert_eq!(account["contact"]["phone_number"], "+33700000001");
    let wrong = json!({ "draft": draft, "typed": { "phone_number": "07" } });
    assert!(matches!(lina.call("change_contact", wrong).await, Err(Trouble::Incomplete { .. })));

    let export = tablet.does("export", json!({ "draft": draft })).await;
    let data: Value = serde_json::from_str(export["json"].as_str().unwrap()).unwrap();
    assert_eq!(data["answers"]["typed"]["email"], "lina@autre.example");
    assert!(export["pdf"].as_str().unwrap().len() > 10_000);
    assert!(export["photo"].as_str().unwrap().len() > 10_000);

    let erase = |password: &str| json!({ "draft": draft, "password": password });
    assert_eq!(lina.call("erase", erase("pas le bon")).await, Err(Trouble::WrongPassword));
    let home = lina.does("erase", erase(lina::PASSWORD)).await;
    assert_eq!(home["drafts"], json!([]));
    assert!(mailbox.next().await.subject.contains("effacées"));
    lina.syncs_until_quiet().await;
    // A row stays for the place of the provisional card on the status list, under nobody's name.
    let named = "SELECT count(*) FROM dossier WHERE family_name || given_name || email <> ''";
    assert_eq!(world.server_says(named), "0");
    // The tablet hears that there is nothing for it any more.
    tablet.syncs().await;
    assert_eq!(tablet.sees(&draft).await["deposit"]["trouble"], "signed_out");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_dossier_that_somebody_rewrote_is_not_kept() {
    fn forge(path: &str, mut answered: Answered) -> Answered {
        if path == "/v1/sign-in" && answered.status.is_success() {
            let mut body: Value = serde_json::from_slice(&answered.body).unwrap();
            body["answers"]["typed"]["photo"] = json!("00".repeat(32));
            answered.body = body.to_string().into_bytes().into();
        }
        answered
    }
    let Some(mailbox) = Mailbox::open() else { return };
    let world = World::with(&mailbox);
    let [lina, tablet] = [world.phone("Lina"), world.phone("Lina's tablet")];
    let (draft, number) = active(&mailbox, &lina).await;
    let sign_in = json!({ "number": number, "password": lina::PASSWORD });
    tablet.cable(Cable::Tampered(forge));
    let trouble = CourierTrouble::TamperedReceipt;
    assert_eq!(tablet.call("sign_in", sign_in.clone()).await, Err(Trouble::Courier { trouble }));
    assert!(tablet.call("draft", json!({ "draft": draft })).await.is_err());
    tablet.cable(Cable::Cut);
    let trouble = CourierTrouble::Offline;
    assert_eq!(tablet.call("sign_in", sign_in).await, Err(Trouble::Courier { trouble }));
}
