//! The form in unusual hands: the very young, their parents, schools nobody listed, many drafts.

use std::collections::BTreeSet;

use journeys::power::disk::content;
use journeys::power::explorer::put;
use journeys::{World, lina};
use phone::Trouble;
use serde_json::{Value, json};

/// Sets some answers of a draft.
async fn answers(person: &journeys::Person, draft: &str, typed: &[(&str, &str)]) {
    for (field, typed) in typed {
        person.does("set_field", lina::set_field(draft, field, typed)).await;
    }
}

/// The fields that are refused, in the order of the form.
fn refused(view: &Value) -> Vec<&str> {
    let refusals = view["refusals"].as_array().unwrap();
    refusals.iter().map(|it| it["field"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn noe_who_is_thirteen_applies_with_his_mother() {
    let world = World::new();
    let noe = world.phone("Noé");
    let draft = noe.fills_the_form().await;
    answers(&noe, &draft, &[("birth_date", "5/1/2013"), ("filer", "OTHER")]).await;
    let view = noe.sees(&draft).await;
    assert_eq!(view["steps"][2], "guardian");
    assert_eq!(
        refused(&view),
        [
            "filer_family_name",
            "filer_given_name",
            "filer_link",
            "guardian_family_name",
            "guardian_given_name",
            "guardian_link",
            "guardian_contact",
            "guardian_consent"
        ]
    );
    let trouble = noe.call("deposit", json!({ "draft": draft })).await.unwrap_err();
    assert!(matches!(trouble, Trouble::Incomplete { .. }));

    let mother = [
        ("filer_family_name", "Diop"),
        ("filer_given_name", "Awa"),
        ("filer_link", "MERE"),
        ("guardian_family_name", "Diop"),
        ("guardian_given_name", "Awa"),
        ("guardian_link", "MERE"),
        ("guardian_contact", "06 11 22 33 44"),
        ("guardian_consent", "OUI"),
    ];
    answers(&noe, &draft, &mother).await;
    noe.does("deposit", json!({ "draft": draft })).await;
    noe.syncs_until_quiet().await;
    assert_eq!(noe.sees(&draft).await["state"], "received");
    let query =
        "SELECT filer_given_name || ' ' || guardian_link || ' ' || guardian_contact FROM dossier";
    assert_eq!(world.server_says(query), "Awa MERE +33611223344");
    let page = world.desk().await.get(&format!("/desk/dossiers/{draft}")).await.unwrap().html;
    for told in ["Dossier déposé par", "Représentant légal", "Awa Diop (mère)", "+33611223344"]
    {
        assert!(page.contains(told), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_and_a_track_that_nobody_listed_reach_the_desk_and_the_card() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let elsewhere = [
        ("school", "NOT_LISTED"),
        ("school_name", "École des Sources"),
        ("school_town", "Vichy"),
        ("track", "NOT_LISTED"),
        ("track_name", "Bac pro taille de pierre"),
    ];
    answers(&lina, &draft, &elsewhere).await;
    assert!(lina.sees(&draft).await["school"].is_null());
    lina.does("deposit", json!({ "draft": draft })).await;
    lina.syncs_until_quiet().await;

    let desk = world.desk().await;
    let page = desk.get(&format!("/desk/dossiers/{draft}")).await.unwrap().html;
    assert!(page.contains("École des Sources (Vichy), hors liste"), "{page}");
    assert!(page.contains("Bac pro taille de pierre, hors liste"));
    desk.accept(&draft).await.unwrap();
    lina.syncs_until_quiet().await;
    let card = lina.does("card", json!({ "draft": draft })).await;
    assert_eq!(card["school"], "École des Sources [Vichy]");
    assert_eq!(card["state"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_draft_comes_back_when_asked_and_is_erased_when_nobody_did() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let kept = lina.fills_the_form().await;
    let draft = lina.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
    answers(&lina, &draft, &[("given_name", "Paul"), ("family_name", "Moreau")]).await;
    let titles = |home: &Value| {
        let drafts = home["drafts"].as_array().unwrap().clone();
        drafts.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let which = json!({ "draft": draft });
    assert_eq!(titles(&lina.does("discard_draft", which.clone()).await), ["Lina Moreau"]);
    let home = lina.does("restore_draft", which.clone()).await;
    assert_eq!(titles(&home), ["Paul Moreau", "Lina Moreau"]);
    assert_eq!(lina.sees(&draft).await["values"]["given_name"], "Paul");

    lina.does("discard_draft", which.clone()).await;
    lina.restart();
    assert_eq!(lina.call("draft", which.clone()).await.unwrap_err(), Trouble::UnknownDraft);
    assert_eq!(lina.call("restore_draft", which).await.unwrap_err(), Trouble::UnknownDraft);
    assert_eq!(titles(&lina.does("home", json!({})).await), ["Lina Moreau"]);

    // What was deposited waits for its receipt and cannot be deleted, neither before nor after.
    let which = json!({ "draft": kept });
    lina.does("deposit", which.clone()).await;
    let trouble = lina.call("discard_draft", which.clone()).await.unwrap_err();
    assert_eq!(trouble, Trouble::AwaitsReceipt);
    lina.syncs_until_quiet().await;
    let trouble = lina.call("discard_draft", which).await.unwrap_err();
    assert_eq!(trouble, Trouble::AlreadyDeposited);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_is_offered_before_anything_is_typed_once_the_phone_knows_where_lina_lives() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
    let asked = json!({ "draft": draft, "typed": "" });
    assert_eq!(lina.does("find_schools", asked.clone()).await, json!([]));
    answers(&lina, &draft, &[("postal_code", "15000"), ("commune", "15014")]).await;
    let near = lina.does("find_schools", asked.clone()).await;
    assert_eq!(near[0]["town"], "Aurillac");
    assert!(near[0]["distance_km"].as_f64().unwrap() < 5.0);
    // At a stand, the school of the student before comes first.
    answers(&lina, &draft, &[("school", "0630020E")]).await;
    let near = lina.does("find_schools", asked).await;
    assert_eq!((&near[0]["uai"], &near[0]["used_here"]), (&json!("0630020E"), &json!(true)));
    assert_eq!(near[1]["town"], "Aurillac");
}

#[tokio::test(flavor = "multi_thread")]
async fn places_deals_and_questions_need_no_network() {
    let world = World::new();
    let lina = world.phone("Lina");
    lina.cable(journeys::network::Cable::Cut);
    let town = lina.does("find_towns", json!({ "typed": "aurilac" })).await;
    assert_eq!(town[0]["name"], "Aurillac");
    let near = json!({ "latitude": town[0]["latitude"], "longitude": town[0]["longitude"] });
    let around = lina.does("around", json!({ "near": near })).await;
    assert_eq!(around["places"][0]["town"], "Aurillac");
    let far = |at: usize| around["places"][at]["distance_km"].as_f64().unwrap();
    assert!(far(0) <= far(1) && far(1) <= far(50));
    assert!(!around["deals"].as_array().unwrap().is_empty());
    assert_eq!(around["is_demonstration"], true);
    let outline = lina.does("outline", json!({})).await;
    assert!(outline["topology"].as_str().unwrap().contains("Topology"));
    assert_eq!(outline["towns"][0]["name"], "Lyon");
    assert!(lina.does("faq", json!({})).await.as_array().unwrap().len() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_being_typed_does_not_hide_what_another_device_wrote_meanwhile() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
    lina.does("set_field", lina::set_field(&draft, "family_name", "Moreau")).await;
    lina.syncs_until_quiet().await;
    let copy = tempfile::tempdir().unwrap();
    put(&content(lina.data()).unwrap(), copy.path());
    let tablet = lina.open_at(copy.path()).unwrap();

    lina.does("type_field", lina::set_field(&draft, "family_name", "Moreaux")).await;
    tablet.answer("set_field", lina::set_field(&draft, "family_name", "Morel")).await.unwrap();
    tablet.answer("sync", json!({})).await.unwrap();
    lina.syncs_until_quiet().await;
    let both = |view: &Value, at: usize| {
        let values = view["conflicts"][at]["values"].as_array().expect("both are shown").clone();
        let typed = values.iter().filter_map(|value| value["typed"].as_str().map(str::to_owned));
        typed.collect::<BTreeSet<_>>()
    };
    let names = |names: [&str; 2]| names.map(str::to_owned).into();
    assert_eq!(both(&lina.sees(&draft).await, 0), names(["Moreaux", "Morel"]));

    // Nor does what is typed after it came, on a screen that does not show it yet.
    tablet.answer("set_field", lina::set_field(&draft, "given_name", "Line")).await.unwrap();
    tablet.answer("sync", json!({})).await.unwrap();
    lina.syncs_until_quiet().await;
    lina.does("type_field", lina::set_field(&draft, "given_name", "Lina")).await;
    assert_eq!(both(&lina.sees(&draft).await, 1), names(["Lina", "Line"]));

    // Nor when nobody looks at that screen any more before it becomes part of the draft.
    tablet.answer("set_field", lina::set_field(&draft, "birth_date", "03/04/2009")).await.unwrap();
    tablet.answer("sync", json!({})).await.unwrap();
    lina.syncs_until_quiet().await;
    lina.does("type_field", lina::set_field(&draft, "birth_date", "04/04/2009")).await;
    lina.is_hidden();
    lina.syncs_until_quiet().await;
    assert_eq!(both(&lina.sees(&draft).await, 2), names(["03/04/2009", "04/04/2009"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_typed_when_another_app_comes_to_the_front_is_kept_for_good() {
    let world = World::new();
    let lina = world.phone("Lina");
    let started = lina.does("start_draft", json!({})).await;
    let draft = started["draft"].as_str().expect("a draft").to_owned();
    answers(&lina, &draft, &[("given_name", "Lina")]).await;
    lina.syncs_until_quiet().await;
    let changes = || world.server_says("SELECT count(*) FROM change");
    let before = changes();
    let typed = json!({ "draft": draft, "field": "family_name", "typed": "Morea" });
    lina.does("type_field", typed).await;
    lina.syncs_until_quiet().await;
    assert_eq!(changes(), before, "a keystroke is not part of the draft yet");
    lina.is_hidden();
    lina.syncs_until_quiet().await;
    assert_ne!(changes(), before, "it is now: it left the phone too");
    assert_eq!(lina.sees(&draft).await["values"]["family_name"], "Morea");
    // Nothing was being typed: hiding the app again writes nothing.
    let after = changes();
    lina.is_hidden();
    lina.syncs_until_quiet().await;
    assert_eq!(changes(), after);
}
