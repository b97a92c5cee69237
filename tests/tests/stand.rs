//! A day at a stand: a hall without network, a shared tablet, and an evening with a bad line.

#[path = "stand/forum.rs"]
mod forum;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use journeys::network::Cable;
use journeys::power::{Explorer, Trace};
use journeys::stand::PIN;
use journeys::unplugged::keys::Keys;
use journeys::unplugged::stand::Agent;
use journeys::world::World;
use phone::Trouble;
use phone::view::StandRefusal;
use serde_json::{Value, json};

/// How often this is found in the files of a folder.
fn hits(folder: &Path, mark: &[u8]) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found += match path.is_dir() {
            true => hits(&path, mark),
            false => {
                std::fs::read(path).unwrap().windows(mark.len()).filter(|it| *it == mark).count()
            }
        };
    }
    found
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_without_network_is_at_the_region_in_the_evening_whatever_the_line_does() {
    let world = World::new();
    let odile = world.administrator().await;
    let event = odile.make_event(2).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.cable(Cable::Cut);
    let students = [("Lina", "Moreau"), ("Karim", "Benali"), ("Noé", "Martin")];
    let mut numbers = Vec::new();
    for (given, family) in students {
        let finished = aurillac.enrols(given, family).await;
        numbers.push(text(&finished, "number").replace('-', ""));
    }
    let view = aurillac.does("stand_send", json!({})).await;
    assert_eq!((&view["unsent"], &view["delivered"]), (&json!(3), &json!(0)));
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "0");
    // The answers are lost: the Region has them, and the tablet says nothing of it yet.
    aurillac.cable(Cable::AnswersLost);
    for _ in 0..3 {
        let view = aurillac.does("stand_send", json!({})).await;
        assert_eq!(view["delivered"], 0);
    }
    aurillac.cable(Cable::Whole);
    let view = aurillac.delivers().await;
    assert_eq!((&view["delivered"], &view["stuck"]), (&json!(3), &json!(0)));
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "3");
    for number in numbers {
        let found = format!("SELECT state FROM dossier WHERE number = '{number}'");
        assert_eq!(world.server_says(&found), "received");
    }
    let lines = aurillac.does("stand_list", json!({})).await["lines"].clone();
    assert!(lines.as_array().unwrap().iter().all(|line| line["state"] == "delivered"), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_comes_back_from_yesterday_is_sent_again_what_it_lacks() {
    let mut world = World::new();
    let event = world.administrator().await.make_event(2).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.enrols("Lina", "Moreau").await;
    aurillac.delivers().await;
    let safe = tempfile::tempdir().unwrap();
    let copy = safe.path().join("copy");
    sync_server::backup(world.server_data(), &copy).unwrap();
    aurillac.enrols("Karim", "Benali").await;
    aurillac.delivers().await;
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "2");

    world.stop_server();
    std::fs::remove_dir_all(world.server_data()).unwrap();
    sync_server::restore(&copy, world.server_data()).unwrap();
    world.start_server();
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1", "only what was backed up");
    aurillac.delivers().await;
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "2", "and each once");
    let view = aurillac.does("stand", json!({})).await;
    assert_eq!((&view["delivered"], &view["unsent"]), (&json!(2), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_asks_by_itself_what_became_of_what_the_region_has_and_could_not_open_yet() {
    let world = World::new();
    let odile = world.administrator().await;
    let event = odile.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.enrols("Lina", "Moreau").await;
    aurillac.enrols("Karim", "Benali").await;
    // Everybody could read the key just now: until somebody looks at that, nothing is opened.
    let keys = world.server_data().join("keys");
    let mut files = std::fs::read_dir(&keys).unwrap().map(|it| it.unwrap().path());
    let key = files.find(|it| it.to_string_lossy().contains("sealing-")).unwrap();
    let readable_by = |mode| std::fs::set_permissions(&key, Permissions::from_mode(mode)).unwrap();
    readable_by(0o644);
    let view = aurillac.delivers().await;
    assert_eq!((&view["delivered"], &view["stuck"]), (&json!(2), &json!(0)));
    assert_eq!(world.server_says("SELECT count(*) FROM envelope WHERE state = 'kept'"), "2");

    // Nobody is on duty any more. A round asks for each of them, and sends neither again.
    aurillac.does("stand_sign_out", json!({})).await;
    let asks = async || {
        aurillac.asked();
        let view = aurillac.does("stand_send", json!({})).await;
        let of_envelopes = |path: &String| path.starts_with("/v1/envelopes/");
        (view, aurillac.asked().into_iter().filter(of_envelopes).count())
    };
    let (view, asked) = asks().await;
    assert_eq!((&view["delivered"], &view["stuck"], asked), (&json!(2), &json!(0), 2));

    let digest = |sequence| {
        let found = format!("SELECT lower(hex(digest)) FROM envelope WHERE sequence = {sequence}");
        world.server_says(&found)
    };
    readable_by(0o600);
    odile.retries(&event, &digest(1)).await.unwrap();
    // And here no key is left that opens Karim's.
    for file in std::fs::read_dir(&keys).unwrap().map(|it| it.unwrap().path()) {
        if ["sealing-", "escrow-"].iter().any(|name| file.to_string_lossy().contains(name)) {
            std::fs::remove_file(file).unwrap();
        }
    }
    odile.retries(&event, &digest(2)).await.unwrap();
    let (view, asked) = asks().await;
    assert_eq!((&view["delivered"], &view["stuck"], asked), (&json!(2), &json!(1), 2));
    let (_, asked) = asks().await;
    assert_eq!(asked, 0, "what became of both is known");
    aurillac.signs_in_at_the_stand().await;
    let lines = aurillac.does("stand_list", json!({})).await["lines"].clone();
    let told = |at: usize| (text(&lines[at], "initials"), text(&lines[at], "state"));
    assert_eq!([told(0), told(1)], [("KB", "stuck"), ("LM", "delivered")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_somebody_rewrote_is_never_shown_as_delivered() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.enrols("Lina", "Moreau").await;
    aurillac.cable(Cable::Tampered(|path, mut answered| {
        if path.starts_with("/v1/envelopes/") {
            let forged = json!({ "receipt": "AAAA", "state": "deposited" });
            answered.body = forged.to_string().into();
        }
        answered
    }));
    let view = aurillac.does("stand_send", json!({})).await;
    assert_eq!((&view["unsent"], &view["delivered"]), (&json!(1), &json!(0)));
    aurillac.cable(Cable::Whole);
    aurillac.delivers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lina_takes_her_dossier_home_by_the_code_of_the_slip_once_and_nobody_else_does() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.cable(Cable::Cut);
    let finished = aurillac.enrols("Lina", "Moreau").await;
    let code = json!({ "code": finished["claim"]["code"] });
    let lina = world.phone("Lina");
    // Still on the tablet: her phone keeps asking.
    assert_eq!(lina.does("claim", code.clone()).await["waits"], true);
    lina.syncs().await;
    assert_eq!(lina.does("claims", json!({})).await.as_array().unwrap().len(), 1);
    aurillac.cable(Cable::Whole);
    aurillac.delivers().await;
    lina.syncs().await;
    assert_eq!(lina.does("claims", json!({})).await, json!([]));
    let home = lina.does("home", json!({})).await;
    assert_eq!(home["drafts"][0]["title"], "Lina Moreau");
    assert_eq!(home["drafts"][0]["state"], "received");
    let number = lina.does("reveal_number", json!({ "draft": home["drafts"][0]["draft"] })).await;
    assert_eq!(number["number"], finished["number"]);
    let thief = world.phone("A thief");
    let refused = thief.call("claim", code).await.unwrap_err();
    assert_eq!(refused, StandRefusal::ClaimRefused.into());
    assert_eq!(thief.does("claims", json!({})).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_goes_from_the_phone_to_the_stand_and_back_and_is_one_dossier() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    aurillac.cable(Cable::Cut);
    let lina = world.phone("Lina");
    let draft = text(&lina.does("start_draft", json!({})).await, "draft").to_owned();
    lina.does("set_field", json!({ "draft": draft, "field": "given_name", "typed": "Lina" })).await;
    let view = lina.hands_over(&draft, &aurillac).await;
    assert_eq!((&view["draft"], &view["values"]["given_name"]), (&json!(draft), &json!("Lina")));
    // And back: what the stand typed is on her phone as well.
    aurillac
        .does("set_field", json!({ "draft": draft, "field": "care_of", "typed": "Mme Martin" }))
        .await;
    let view = aurillac.hands_over(&draft, &lina).await;
    assert_eq!(view["values"]["care_of"], "Mme Martin");
    lina.syncs_until_quiet().await;
    aurillac.fills_at_the_stand(&draft, "Lina", "Moreau").await;
    let finished = aurillac.finishes_at_the_stand(&draft).await;
    aurillac.cable(Cable::Whole);
    let view = aurillac.delivers().await;
    assert_eq!(view["stuck"], 0);
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
    lina.does("claim", json!({ "code": finished["claim"]["code"] })).await;
    assert_eq!(lina.sees(&draft).await["state"], "received");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_person_is_known_again_on_the_tablet_beside_once_both_met_the_region() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let (first, second) = (world.stand("First", &event).await, world.stand("Second", &event).await);
    first.enrols("Lina", "Moreau").await;
    first.delivers().await;
    second.does("stand_send", json!({})).await;
    let draft = second.does("stand_start", json!({})).await["draft"].clone();
    for (field, typed) in
        [("given_name", "Lina"), ("family_name", "Moreau"), ("birth_date", "7/3/2009")]
    {
        second.does("set_field", json!({ "draft": draft, "field": field, "typed": typed })).await;
    }
    let alike = second.does("stand_alike", json!({ "draft": draft })).await;
    assert_eq!((&alike[0]["same"], &alike[0]["place"]), (&json!(true), &json!("other_tablet")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_was_copied_loses_no_dossier_and_the_desk_says_so() {
    let world = World::new();
    let odile = world.administrator().await;
    let event = odile.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    let mut copy = aurillac.copied();
    copy.restart();
    copy.signs_in_at_the_stand().await;
    aurillac.enrols("Lina", "Moreau").await;
    copy.enrols("Karim", "Benali").await;
    aurillac.delivers().await;
    copy.delivers().await;
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "2");
    assert!(odile.get(&event).await.unwrap().html.contains("copiée"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_tablet_begins_nothing_and_brings_what_it_has() {
    let world = World::new();
    let odile = world.administrator().await;
    let event = odile.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    let finished = aurillac.enrols("Lina", "Moreau").await;
    let card = json!({ "code": finished["card"]["code"]["code"] });
    let guard = world.phone("A guard");
    guard.syncs().await;
    assert_eq!(guard.does("check_card", card.clone()).await["reason"], "at_stand");
    odile.revoke_tablet(&event).await.unwrap();
    guard.syncs().await;
    assert_eq!(guard.does("check_card", card).await["reason"], "stand_revoked");
    let view = aurillac.delivers().await;
    assert_eq!((&view["delivered"], &view["stuck"]), (&json!(1), &json!(1)));
    let refused = aurillac.call("stand_start", json!({})).await.unwrap_err();
    assert_eq!(refused, StandRefusal::Revoked.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_another_server_or_one_that_was_used_makes_no_stand() {
    let (world, other) = (World::new(), World::new());
    let odile = world.administrator().await;
    let event = odile.make_event(1).await.unwrap();
    let code = odile.tablet_code(&event).await.unwrap();
    let asks = |code: &str| json!({ "code": code, "name": "Tablette" });
    let foreign = other.phone("Of another Region");
    let refused = foreign.call("stand_set_up", asks(&code)).await.unwrap_err();
    assert_eq!(refused, StandRefusal::OtherServer.into());
    assert!(foreign.asked().is_empty(), "nobody was asked anything");
    let first = world.phone("First");
    // The answer is lost: asked again, the code still makes this very tablet a stand.
    first.cable(Cable::AnswersLost);
    assert!(matches!(first.call("stand_set_up", asks(&code)).await, Err(Trouble::Courier { .. })));
    first.cable(Cable::Whole);
    first.does("stand_set_up", asks(&code)).await;
    let second = world.phone("Second");
    let refused = second.call("stand_set_up", asks(&code)).await.unwrap_err();
    assert_eq!(refused, StandRefusal::SpentCode.into());
    let lina = world.phone("Lina");
    let draft = lina.does("start_draft", json!({})).await["draft"].clone();
    lina.does("set_field", json!({ "draft": draft, "field": "given_name", "typed": "Lina" })).await;
    let code = odile.tablet_code(&event).await.unwrap();
    let refused = lina.call("stand_set_up", asks(&code)).await.unwrap_err();
    assert_eq!(refused, StandRefusal::NotEmpty.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_that_is_mended_at_the_stand_before_the_evening_is_one_dossier_of_the_new_answers()
 {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let aurillac = world.stand("Aurillac", &event).await;
    let first = aurillac.enrols("Lina", "Moraud").await;
    let line = aurillac.does("stand_list", json!({})).await["lines"][0]["line"].clone();
    let again = aurillac.does("stand_redo", json!({ "line": line })).await;
    let draft = text(&again, "draft").to_owned();
    aurillac.fills_at_the_stand(&draft, "Lina", "Moreau").await;
    let second = aurillac.finishes_at_the_stand(&draft).await;
    assert_eq!(first["number"], second["number"]);
    let view = aurillac.delivers().await;
    assert_eq!((&view["delivered"], &view["stuck"]), (&json!(2), &json!(0)));
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "1");
    assert_eq!(world.server_says("SELECT family_name FROM dossier"), "Moreau");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_thirty_students_no_file_of_the_tablet_says_who_they_were() {
    let world = World::new();
    let event = world.administrator().await.make_event(1).await.unwrap();
    let mut aurillac = world.stand("Aurillac", &event).await;
    aurillac.cable(Cable::Cut);
    for n in 0..30u8 {
        let family = format!("Dupré{}", char::from(b'a' + n % 26));
        aurillac.enrols("Héloïse", &family).await;
        if n == 15 {
            aurillac.restart();
            aurillac.signs_in_at_the_stand().await;
        }
    }
    let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE0][..], b"\x00\x10JFIF"].concat();
    let marks =
        ["Dupré", "dupré", "Héloïse", "example.fr", "06 12 34", "+3361", "Blatin", "0630020E"];
    for mark in marks.iter().map(|mark| mark.as_bytes()).chain([&*jpeg, &[0xFF, 0xD8, 0xFF, 0xDB]])
    {
        let found = hits(aurillac.data(), mark);
        // The school chosen last is offered to the next student: it stands there without who chose it.
        let may = if mark == b"0630020E" { found } else { 0 };
        assert_eq!(found, may, "{}", String::from_utf8_lossy(mark));
    }
    assert_eq!(aurillac.does("stand", json!({})).await["unsent"], 30);
}

#[test]
fn a_tablet_whose_power_goes_at_any_moment_has_the_draft_or_its_envelope() {
    if let Some(why) = Trace::hindrance() {
        println!("skipped: power cuts cannot be recorded here: {why}");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = World::new();
    let tablet = runtime.block_on(async {
        let event = world.administrator().await.make_event(1).await.unwrap();
        let tablet = world.stand("Aurillac", &event).await;
        tablet.does("stand_sign_out", json!({})).await;
        tablet
    });
    let secrets = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secrets.path(), tablet.vault().lines()).unwrap();
    let keys = Keys::from_lines(tablet.vault().lines().lines());
    let stopped = tablet.switched_off();
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(stopped.path()).unwrap() {
        let file = entry.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let before = journeys::power::disk::content(folder.path()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_unplugged"));
    command.arg("stand").arg(folder.path()).arg(world.region_key()).arg(secrets.path());
    let trace = Trace::record(folder.path(), &mut command).unwrap();
    let search = Explorer { ways: 4, enough: 5 };
    let report = search.explore(&before, &trace, &Agent::new(world.region_key(), keys));
    println!("a stand: {report}");
    assert_eq!(report.failures(), 0, "{report}\n{:?}", report.first);
    assert!(report.states >= 100, "too few states were looked at: {report}");
    assert_eq!(PIN, journeys::unplugged::stand::PIN);
}
