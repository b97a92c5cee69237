//! The identity photo, from the file that a student chooses to the reviewer who looks at it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journeys::{Person, World, lina, picture};
use phone::Trouble;
use serde_json::{Value, json};
use tempfile::TempDir;

const NOTE: &str = "C’est la seule photo que j’ai.";

fn with_note(draft: &str, framing: &Value, note: Option<&str>) -> Value {
    json!({ "draft": draft, "framing": framing, "bare_head": false, "note": note })
}

fn framing(proof: &Value) -> Value {
    proof["framed"]["framing"].clone()
}

fn faults(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap();
    let failed = findings.iter().filter(|it| it["level"] == "fail");
    failed.filter_map(|it| it["fault"].as_str()).collect()
}

async fn new_draft(person: &Person) -> String {
    let view = person.does("start_draft", json!({})).await;
    let draft = view["draft"].as_str().unwrap().to_owned();
    // Else the next one started would be the same.
    person.does("set_field", lina::set_field(&draft, "given_name", "Lina")).await;
    draft
}

async fn dossier(world: &World, draft: &str) -> String {
    world.desk().await.get(&format!("/desk/dossiers/{draft}")).await.unwrap().html
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_photo_is_made_right_and_reaches_the_desk_with_every_measure() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let proof = lina.opens_picture(&draft, &picture::good_from_a_camera()).await;
    assert_ne!(proof["framed"]["report"]["verdict"], "fail", "{}", proof["framed"]["report"]);
    assert_eq!((&proof["width"], &proof["height"]), (&json!(728 * 4), &json!(952 * 4)));
    let preview = BASE64.decode(proof["preview"].as_str().unwrap()).unwrap();
    assert!(preview.starts_with(&[0xFF, 0xD8, 0xFF]) && preview.len() < 500_000);

    let view = lina.does("keep_picture", lina::keep_picture(&draft, &framing(&proof))).await;
    let photo = &view["photo"];
    assert_eq!((&photo["width"], &photo["height"]), (&json!(840), &json!(1080)));
    assert!(photo["bytes"].as_u64().unwrap() <= 200_000);
    assert_eq!(view["values"]["bare_head"], "OUI");
    assert!(view["values"]["photo_note"].is_null());
    assert_eq!(view["refusals"], json!([]));

    lina.does("deposit", json!({ "draft": draft })).await;
    lina.syncs_until_quiet().await;
    assert_ne!(world.server_says("SELECT verdict FROM photo_report"), "fail");
    let page = dossier(&world, &draft).await;
    for told in
        ["Contrôle de la photo", "Taille du visage", "réussi", "L’élève déclare être tête nue"]
    {
        assert!(page.contains(told), "{told}");
    }
    for absent in ["explique", "non respecté", "class=\"measured\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    let queue = world.desk().await.get("/desk").await.unwrap().html;
    assert!(queue.contains("Lina Moreau") && !queue.contains("photo à vérifier"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_without_a_face_is_kept_with_a_sentence_at_the_second_try_and_marked_so() {
    let world = World::new();
    let noe = world.phone("Noé");
    let draft = noe.fills_the_form().await;
    let before = noe.sees(&draft).await["photo"].clone();

    let first = noe.opens_picture(&draft, &picture::nobody()).await;
    assert_eq!(first["may_insist"], false);
    assert_eq!(faults(&first["framed"]["report"]), ["nobody"]);
    let early = with_note(&draft, &framing(&first), Some(NOTE));
    assert_eq!(noe.call("keep_picture", early.clone()).await, Err(Trouble::PhotoFails));

    let second = noe.opens_picture(&draft, &picture::nobody()).await;
    assert_eq!(second["may_insist"], true);
    for silent in [None, Some(""), Some(" \n ")] {
        let asked = with_note(&draft, &framing(&second), silent);
        assert_eq!(noe.call("keep_picture", asked).await, Err(Trouble::PhotoFails));
    }
    assert_eq!(noe.sees(&draft).await["photo"], before);
    let kept = noe.does("keep_picture", early).await;
    assert_eq!(kept["values"]["photo_note"], NOTE);
    assert!(kept["values"]["bare_head"].is_null());
    assert_eq!(kept["refusals"], json!([]));

    noe.does("deposit", json!({ "draft": draft })).await;
    noe.syncs_until_quiet().await;
    assert_eq!(noe.sees(&draft).await["state"], "received");
    assert_eq!(world.server_says("SELECT verdict FROM photo_report"), "fail");
    let queue = world.desk().await.get("/desk").await.unwrap().html;
    assert!(queue.contains("photo à vérifier"));
    let page = dossier(&world, &draft).await;
    for told in [
        "L’élève a gardé cette photo et explique\u{a0}: «\u{a0}C’est la seule photo que j’ai.\u{a0}»",
        "non respecté",
        "mesuré\u{a0}: aucun visage",
        "L’élève n’a pas déclaré être tête nue",
    ] {
        assert!(page.contains(told), "{told} in {page}");
    }
    let measured: usize =
        world.server_says("SELECT json_array_length(findings) FROM photo_report").parse().unwrap();
    let shown = first["framed"]["report"]["findings"].as_array().unwrap().len();
    assert_eq!((measured, page.matches("<th scope=\"row\"").count()), (shown, shown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_picture_clears_the_sentence_of_a_former_one() {
    let world = World::new();
    let noe = world.phone("Noé");
    let draft = new_draft(&noe).await;
    noe.opens_picture(&draft, &picture::nobody()).await;
    let second = noe.opens_picture(&draft, &picture::nobody()).await;
    let kept = noe.does("keep_picture", with_note(&draft, &framing(&second), Some(NOTE))).await;
    assert_eq!(kept["values"]["photo_note"], NOTE);
    let good = noe.opens_picture(&draft, &picture::good()).await;
    // Said out of habit; nobody asks for it any more.
    let kept = noe.does("keep_picture", with_note(&draft, &framing(&good), Some(NOTE))).await;
    assert!(kept["values"]["photo_note"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_counted_for_one_draft_and_through_a_kill() {
    let world = World::new();
    let mut noe = world.phone("Noé");
    let draft = new_draft(&noe).await;
    noe.opens_picture(&draft, &picture::nobody()).await;
    noe.restart();
    let other = new_draft(&noe).await;
    assert_eq!(noe.opens_picture(&other, &picture::nobody()).await["may_insist"], false);
    assert_eq!(noe.opens_picture(&draft, &picture::good()).await["may_insist"], false);
    assert_eq!(noe.opens_picture(&draft, &picture::nobody()).await["may_insist"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_framing_has_another_verdict_and_a_failing_one_is_not_kept() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = new_draft(&lina).await;
    let proof = lina.opens_picture(&draft, &picture::good()).await;
    let proposed = framing(&proof);
    let mut close = proposed.clone();
    close["height"] = json!(proposed["height"].as_f64().unwrap() * 0.6);
    let asked = |framing: &Value| json!({ "draft": draft, "framing": framing });
    let framed = lina.does("frame_picture", asked(&close)).await;
    assert_eq!(framed["report"]["verdict"], "fail");
    assert!(faults(&framed["report"]).contains(&"too_close"), "{}", framed["report"]);
    let kept = lina.call("keep_picture", lina::keep_picture(&draft, &close)).await;
    assert_eq!(kept, Err(Trouble::PhotoFails));
    assert!(lina.sees(&draft).await["photo"].is_null());

    let framed = lina.does("frame_picture", asked(&proposed)).await;
    assert_eq!(framed, proof["framed"]);
    // Beyond the picture: the nearest that lies inside.
    let far = json!({ "x": 40.0, "y": -3.0, "height": 9.0, "turn": 0.0 });
    let framed = lina.does("frame_picture", asked(&far)).await;
    assert!(framed["framing"]["height"].as_f64().unwrap() <= 1.0, "{framed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_deposited_deleted_or_another_drafts_is_not_framed_any_more() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    let other = new_draft(&lina).await;
    let good = picture::good();
    let proof = lina.opens_picture(&draft, &good).await;
    let at = |draft: &str| json!({ "draft": draft, "framing": framing(&proof) });
    let keep = |draft: &str| lina::keep_picture(draft, &framing(&proof));

    assert_eq!(lina.call("frame_picture", at(&other)).await, Err(Trouble::NoPicture));
    assert_eq!(lina.call("keep_picture", keep(&other)).await, Err(Trouble::NoPicture));
    // Closing the other one leaves this one open.
    lina.does("close_picture", json!({ "draft": other })).await;
    lina.does("frame_picture", at(&draft)).await;
    for _ in 0..2 {
        lina.does("close_picture", json!({ "draft": draft })).await;
        assert_eq!(lina.call("frame_picture", at(&draft)).await, Err(Trouble::NoPicture));
    }
    // One picture at a time; and a refused one leaves none.
    lina.opens_picture(&draft, &good).await;
    lina.opens_picture(&other, &good).await;
    assert_eq!(lina.call("frame_picture", at(&draft)).await, Err(Trouble::NoPicture));
    let none = json!({ "draft": other, "picture": BASE64.encode(b"%PDF-1.7") });
    assert!(matches!(lina.call("open_picture", none).await, Err(Trouble::Photo { .. })));
    assert_eq!(lina.call("frame_picture", at(&other)).await, Err(Trouble::NoPicture));

    lina.opens_picture(&other, &good).await;
    lina.does("discard_draft", json!({ "draft": other })).await;
    assert_eq!(lina.call("frame_picture", at(&other)).await, Err(Trouble::NoPicture));
    lina.opens_picture(&draft, &good).await;
    lina.does("keep_picture", keep(&draft)).await;
    assert_eq!(lina.call("keep_picture", keep(&draft)).await, Err(Trouble::NoPicture));
    lina.opens_picture(&draft, &good).await;
    lina.does("deposit", json!({ "draft": draft })).await;
    assert_eq!(lina.call("frame_picture", at(&draft)).await, Err(Trouble::NoPicture));
    let again = json!({ "draft": draft, "picture": BASE64.encode(&good) });
    assert_eq!(lina.call("open_picture", again).await, Err(Trouble::AlreadyDeposited));
    lina.restart();
    assert_eq!(lina.call("frame_picture", at(&draft)).await, Err(Trouble::NoPicture));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_photo_is_kept_with_it_and_not_by_itself() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = new_draft(&lina).await;
    for (field, typed) in [("photo", "00"), ("bare_head", "OUI"), ("photo_note", NOTE)] {
        let alone = lina.call("set_field", lina::set_field(&draft, field, typed)).await;
        assert_eq!(alone, Err(Trouble::MalformedArgs), "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_the_preview_is_looked_at_and_nothing_of_it_is_kept() {
    let world = World::new();
    let lina = world.phone("Lina");
    let look = lina
        .does("look", json!({ "frame": BASE64.encode(picture::nobody_in_the_preview()) }))
        .await;
    assert_eq!(look["fault"], "nobody");
    let none = lina.call("look", json!({ "frame": BASE64.encode(b"GIF89a") })).await;
    assert!(matches!(none, Err(Trouble::Photo { .. })), "{none:?}");
    let bytes = std::fs::read_dir(lina.data()).unwrap().count();
    assert_eq!(lina.does("home", json!({})).await["drafts"], json!([]));
    assert_eq!(std::fs::read_dir(lina.data()).unwrap().count(), bytes);
}

/// Copies a database as a power cut would leave it: the file first, then what was appended since.
fn snapshot(data: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["phone.sqlite", "phone.sqlite-wal"] {
        std::fs::copy(data.join(file), copy.path().join(file)).unwrap();
    }
    copy
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_killed_while_it_keeps_a_photo_has_kept_it_whole_or_not_at_all() {
    let world = World::new();
    let lina = world.phone("Lina");
    let draft = new_draft(&lina).await;
    let proof = lina.opens_picture(&draft, &picture::good()).await;
    let kept = Arc::new(AtomicBool::new(false));
    let (data, done) = (lina.data().to_owned(), Arc::clone(&kept));
    let copying = tokio::task::spawn_blocking(move || {
        let mut copies = vec![snapshot(&data)];
        while !done.load(Ordering::Acquire) {
            copies.push(snapshot(&data));
            std::thread::sleep(Duration::from_millis(5));
        }
        copies.push(snapshot(&data));
        copies
    });
    lina.does("keep_picture", lina::keep_picture(&draft, &framing(&proof))).await;
    kept.store(true, Ordering::Release);
    let copies = copying.await.unwrap();

    let mut whole = Vec::new();
    for copy in &copies {
        let phone = lina.open_at(copy.path()).unwrap();
        let view = phone.answer("draft", json!({ "draft": draft })).await.unwrap();
        whole.push(!view["photo"].is_null());
        assert_eq!(view["photo"].is_null(), view["values"]["photo"].is_null());
        assert_eq!(view["photo"].is_null(), view["values"]["bare_head"].is_null());
        if !view["photo"].is_null() {
            assert_eq!(view["photo"]["sha256"], view["values"]["photo"]);
            let shown = phone.answer("photo", json!({ "draft": draft })).await.unwrap();
            let bytes = BASE64.decode(shown["jpeg"].as_str().unwrap()).unwrap().len();
            assert_eq!(view["photo"]["bytes"], bytes);
        }
    }
    assert_eq!((whole.first(), whole.last()), (Some(&false), Some(&true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_offered_when_the_server_can_know_of_it_however_much_goes_before_it() {
    let world = World::new();
    let stand = world.phone("Stand");
    // More than one request takes.
    let first = new_draft(&stand).await;
    for nth in 0..500 {
        stand.does("set_field", lina::set_field(&first, "residence", &format!("{nth}"))).await;
    }
    let draft = new_draft(&stand).await;
    let proof = stand.opens_picture(&draft, &picture::good()).await;
    stand.does("keep_picture", lina::keep_picture(&draft, &framing(&proof))).await;
    assert_eq!(stand.syncs().await["pending"], 0);
    let photos = rusqlite::Connection::open(world.server_data().join("photos.sqlite")).unwrap();
    let kept = photos.query_row("SELECT count(*) FROM photo", [], |row| row.get::<_, i64>(0));
    assert_eq!(kept.unwrap(), 1, "the phone says that it was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn deposits_that_arrive_together_are_each_answered_within_a_phones_patience() {
    let world = World::new();
    let phones: Vec<Person> =
        ["Lina", "Noé", "Awa", "Jules"].into_iter().map(|name| world.phone(name)).collect();
    for phone in &phones {
        phone.deposits().await;
    }
    let begun = Instant::now();
    let mut syncing = tokio::task::JoinSet::new();
    for phone in phones {
        syncing.spawn(async move { phone.syncs_until_quiet().await });
    }
    while let Some(synced) = syncing.join_next().await {
        synced.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "4");
    assert_eq!(world.server_says("SELECT count(*) FROM photo_report"), "4");
}
