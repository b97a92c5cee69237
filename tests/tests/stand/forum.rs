//! The forum of three days: ten stands, forty students, and no network before the last evening.

use std::collections::HashSet;

use journeys::desk::Desk;
use journeys::network::Cable;
use journeys::stand::PIN;
use journeys::{Person, World};
use phone::Trouble;
use phone::view::StandRefusal;
use serde_json::{Value, json};

use super::{hits, text};

const PLACES: [&str; 10] = [
    "Ambert",
    "Aurillac",
    "Bourg",
    "Chambéry",
    "Die",
    "Évian",
    "Givors",
    "Issoire",
    "Moulins",
    "Privas",
];

/// Who comes on which day: two in the morning of the first, then one a day.
const STUDENTS: [[(&str, &str); 4]; 10] = [
    [("Lina", "Moreau"), ("Hugo", "Fabre"), ("Inès", "Lopez"), ("Léo", "Picard")],
    [("Karim", "Benali"), ("Zoé", "Garnier"), ("Adam", "Roche"), ("Jade", "Roussel")],
    [("Noé", "Martin"), ("Sarah", "Cohen"), ("Tom", "Girard"), ("Lou", "Vidal")],
    [("Maël", "Bonnet"), ("Nour", "Haddad"), ("Paul", "Lemaire"), ("Rose", "Chevalier")],
    [("Yanis", "Meunier"), ("Ana", "Pereira"), ("Jules", "Barbier"), ("Mia", "Renard")],
    [("Sami", "Khelifi"), ("Alice", "Colin"), ("Théo", "Brun"), ("Eva", "Schmitt")],
    [("Nina", "Marchand"), ("Luc", "Dumas"), ("Aya", "Diallo"), ("Max", "Perrot")],
    [("Clara", "Guérin"), ("Enzo", "Rossi"), ("Lily", "Aubert"), ("Marc", "Poulain")],
    [("Agathe", "Leclerc"), ("Ilan", "Tessier"), ("Maya", "Nguyen"), ("Rémi", "Blanchard")],
    [("Gabin", "Charpentier"), ("Lola", "Da Silva"), ("Ismaël", "Traoré"), ("Ella", "Jacquet")],
];

/// Nadia puts the tablet down.
async fn is_left(tablet: &Person) {
    tablet.does("stand_sign_out", json!({})).await;
}

/// Whoever carried the tablet away sees nothing, and what lies on its disk says nothing.
async fn tells_a_thief_nothing(tablet: &Person) {
    let view = tablet.does("stand", json!({})).await;
    assert_eq!(view["unsent"], 2, "a number is all: {view}");
    for (command, args) in [
        ("stand_list", json!({ "after": null })),
        ("stand_drafts", json!({})),
        ("stand_start", json!({})),
        ("home", json!({})),
        ("claims", json!({})),
    ] {
        let closed = tablet.call(command, args).await.unwrap_err();
        assert_eq!(closed, Trouble::Closed, "{command}");
    }
    for mark in ["Moreau", "Fabre", "Hugo", "example.fr", "06 12 34", "Blatin"] {
        assert_eq!(hits(tablet.data(), mark.as_bytes()), 0, "{mark}");
    }
    let agent = tablet.does("stand", json!({})).await["agents"][0]["id"].clone();
    for _ in 0..5 {
        let tried = json!({ "agent": agent, "pin": "000001" });
        tablet.call("stand_sign_in", tried).await.unwrap_err();
    }
    // Not even by the right one.
    let tried = json!({ "agent": agent, "pin": PIN });
    let locked = tablet.call("stand_sign_in", tried).await.unwrap_err();
    assert_eq!(locked, StandRefusal::Locked.into());
}

/// Odile telephoned: the enrolments of a tablet that was stolen and found are good.
async fn takes_in_what_waits(odile: &Desk, event: &str) -> usize {
    let mut taken = 0;
    loop {
        let page = odile.get(event).await.unwrap().html;
        let Some((_, rest)) = page.split_once("action=\"/desk/envelopes/") else { return taken };
        let digest = rest.split('/').next().unwrap();
        odile.retries(event, digest).await.unwrap();
        taken += 1;
        assert!(taken <= STUDENTS.len() * 4, "it never ends");
    }
}

/// The last evening: answers are lost, the server dies, and in the end all of it is there.
async fn delivers_in_the_evening(world: &mut World, tablets: &[&Person]) {
    for tablet in tablets {
        tablet.cable(Cable::AnswersLost);
        let view = tablet.does("stand_send", json!({})).await;
        assert_eq!(view["delivered"], 0, "no receipt came: {view}");
    }
    world.stop_server();
    for tablet in tablets {
        tablet.cable(Cable::Whole);
        tablet.does("stand_send", json!({})).await;
    }
    world.start_server();
    for tablet in tablets {
        tablet.delivers().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_stands_and_forty_students_in_three_days_without_network_and_nobody_is_lost() {
    let mut world = World::new();
    let event = world.administrator().await.make_event(3).await.unwrap();
    let mut tablets = Vec::new();
    for place in PLACES {
        let tablet = world.stand(place, &event).await;
        tablet.cable(Cable::Cut);
        tablets.push(tablet);
    }
    let mut numbers = HashSet::new();
    let mut shown = |finished: Value| {
        assert!(numbers.insert(text(&finished, "number").replace('-', "")), "given twice");
    };

    // The first day. At Givors the tablet dies while Nina fills in the form.
    for (tablet, [first, second, ..]) in tablets.iter_mut().zip(STUDENTS) {
        let draft = text(&tablet.does("stand_start", json!({})).await, "draft").to_owned();
        tablet.fills_at_the_stand(&draft, first.0, first.1).await;
        if first.0 == "Nina" {
            tablet.restart();
            tablet.signs_in_at_the_stand().await;
        }
        shown(tablet.finishes_at_the_stand(&draft).await);
        shown(tablet.enrols(second.0, second.1).await);
    }
    let [ambert, others @ ..] = &tablets[..] else { unreachable!("ten") };
    is_left(ambert).await;
    tells_a_thief_nothing(ambert).await;
    let mut copy = others[4].copied();

    // The second. Odile, elsewhere, revokes what was stolen; at Die the clock is two years off.
    world.passes(1);
    let odile = world.administrator().await;
    odile.revoke_tablet(&event).await.unwrap();
    others[3].sets_the_clock(-730);
    for (tablet, [.., third, _]) in others.iter().zip(&STUDENTS[1..]) {
        shown(tablet.enrols(third.0, third.1).await);
    }
    others[3].sets_the_clock(0);

    // The third. Évian's tablet and its copy both go on; whom Ambert missed goes to Aurillac, and
    // Lina, who is not sure that Ambert was real, to Privas.
    world.passes(1);
    for (tablet, [.., last]) in others.iter().zip(&STUDENTS[1..]) {
        shown(tablet.enrols(last.0, last.1).await);
    }
    copy.cable(Cable::Cut);
    copy.restart();
    copy.signs_in_at_the_stand().await;
    let [_, _, missed, late] = STUDENTS[0];
    shown(copy.enrols(missed.0, missed.1).await);
    shown(others[0].enrols(late.0, late.1).await);
    shown(others[8].enrols("Lina", "Moreau").await);
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "0");

    let mut bring: Vec<&Person> = others.iter().collect();
    bring.push(&copy);
    delivers_in_the_evening(&mut world, &bring).await;
    for tablet in &bring {
        let view = tablet.does("stand", json!({})).await;
        assert_eq!((&view["unsent"], &view["stuck"]), (&json!(0), &json!(0)), "{view}");
    }
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "39");

    // The stolen one turns up: what was sealed in it waits for Odile's word.
    let odile = world.administrator().await;
    assert!(odile.get(&event).await.unwrap().html.contains("copiée"), "the desk knows of the copy");
    ambert.cable(Cable::Whole);
    ambert.does("stand_send", json!({})).await;
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "39");
    assert_eq!(takes_in_what_waits(&odile, &event).await, 2);

    // Forty people, of whom one came twice; nobody merged her with herself.
    assert_eq!(numbers.len(), 41);
    assert_eq!(world.server_says("SELECT count(*) FROM dossier"), "41");
    assert_eq!(world.server_says("SELECT count(DISTINCT number) FROM dossier"), "41");
    for number in &numbers {
        let state = format!("SELECT state FROM dossier WHERE number = '{number}'");
        assert_eq!(world.server_says(&state), "received", "{number}");
    }
    let families = "SELECT count(DISTINCT given_name || family_name) FROM dossier";
    assert_eq!(world.server_says(families), "40");
    let queue = world.desk().await.get("/desk").await.unwrap().html;
    assert_eq!(queue.matches("même personne").count(), 2, "Lina's two dossiers");
}
