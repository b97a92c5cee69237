//! The restore drill: a backup of a server that runs, the server lost, and nobody loses anything.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use journeys::stage::database;
use journeys::{Person, World, lina};
use serde_json::json;

/// Every row of these, in an order of its own: what a dossier is.
const DOSSIERS: [&str; 4] = [
    "SELECT * FROM dossier ORDER BY draft",
    "SELECT draft, hash, bytes FROM change ORDER BY draft, seq",
    "SELECT * FROM photo_report ORDER BY dossier",
    "SELECT * FROM photo_reference ORDER BY draft, photo",
];
const PHOTOS: &str = "SELECT space, hash, bytes FROM photo ORDER BY space, hash";

/// What a query finds, every value of it.
fn rows(file: &Path, query: &str) -> Vec<Vec<rusqlite::types::Value>> {
    let database = database(file).unwrap();
    let mut statement = database.prepare(query).unwrap();
    let columns = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get(at)).collect();
    statement.query_map([], read).unwrap().map(Result::unwrap).collect()
}

/// Everything that a folder of a server, or a backup of it, has of dossiers.
fn dossiers(folder: &Path) -> Vec<Vec<Vec<rusqlite::types::Value>>> {
    let main = |query: &&str| rows(&folder.join("server.sqlite"), query);
    let mut all: Vec<_> = DOSSIERS.iter().map(main).collect();
    all.push(rows(&folder.join("photos.sqlite"), PHOTOS));
    all
}

fn wipe(folder: &Path) {
    std::fs::remove_dir_all(folder).unwrap();
    std::fs::create_dir(folder).unwrap();
}

/// Goes on typing until told to stop, every letter on its way to the server at once.
async fn goes_on_typing(noe: &Person, draft: &str, stopped: &AtomicBool) {
    for name in ["Noé", "Noël", "Noémie"].into_iter().cycle() {
        noe.does("set_field", lina::set_field(draft, "given_name", name)).await;
        noe.syncs().await;
        if stopped.load(Ordering::Relaxed) {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_restored_has_all_of_before_and_gets_all_of_after_from_the_phones() {
    let mut world = World::new();
    let (lina, karim, noe) = (world.phone("Lina"), world.phone("Karim"), world.phone("Noé"));
    for early in [&lina, &karim] {
        early.deposits().await;
        early.syncs_until_quiet().await;
    }
    let typed = noe.fills_the_form().await;
    noe.syncs_until_quiet().await;

    let safe = tempfile::tempdir().unwrap();
    let copy = safe.path().join("copy");
    let (data, stopped) = (world.server_data().to_owned(), AtomicBool::new(false));
    let backed_up = async {
        let to = copy.clone();
        let made = tokio::task::spawn_blocking(move || sync_server::backup(&data, &to)).await;
        stopped.store(true, Ordering::Relaxed);
        made.unwrap().unwrap();
    };
    tokio::join!(backed_up, goes_on_typing(&noe, &typed, &stopped));
    let before = dossiers(&copy);
    assert_eq!(before[0].len(), 2, "both dossiers");

    // After the backup: Noé's deposit, another draft of Lina's, and all of Zoé.
    noe.does("deposit", json!({ "draft": typed })).await;
    noe.syncs_until_quiet().await;
    let number = noe.does("reveal_number", json!({ "draft": typed })).await["number"].clone();
    let second = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let zoe = world.phone("Zoé");
    let late = zoe.deposits().await;
    zoe.syncs_until_quiet().await;
    let known = |query: &str| world.server_says(query);
    let counts = ["draft", "dossier", "change", "photo_report"];
    let counted = |world: &World| {
        counts.map(|table| world.server_says(&format!("SELECT count(*) FROM {table}")))
    };
    let epoch = known("SELECT hex(id) FROM epoch");
    let photos = rows(&world.server_data().join("photos.sqlite"), PHOTOS);
    let all = counted(&world);

    world.stop_server();
    wipe(world.server_data());
    sync_server::restore(&copy, world.server_data()).unwrap();
    assert_eq!(dossiers(world.server_data()), before, "all of before, bit for bit");
    world.start_server();
    assert_ne!(world.server_says("SELECT hex(id) FROM epoch"), epoch);

    let everyone = [&lina, &karim, &noe, &zoe];
    for _ in 0..3 {
        for person in everyone {
            person.syncs_until_quiet().await;
        }
    }
    assert_eq!(counted(&world), all, "everything once");
    assert_eq!(rows(&world.server_data().join("photos.sqlite"), PHOTOS), photos);
    for (person, draft) in [(&noe, &typed), (&zoe, &late)] {
        assert_eq!(person.sees(draft).await["state"], "received");
    }
    assert_eq!(lina.sees(&second).await["state"], "draft");
    let number = number.as_str().unwrap().replace('-', "");
    let numbered = format!("SELECT count(*) FROM dossier WHERE number = '{number}'");
    assert_eq!(world.server_says(&numbered), "1", "under its own number");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_after_a_backup_stays_deleted_when_the_server_comes_back_from_it() {
    let mut world = World::new();
    let lina = world.phone("Lina");
    let draft = lina.fills_the_form().await;
    lina.syncs_until_quiet().await;
    let mut tablet = lina.copied();
    tablet.restart();
    let safe = tempfile::tempdir().unwrap();
    let copy = safe.path().join("copy");
    sync_server::backup(world.server_data(), &copy).unwrap();

    tablet.does("discard_draft", json!({ "draft": draft })).await;
    // Nobody undoes a deletion of the time before.
    tablet.restart();
    tablet.syncs_until_quiet().await;
    lina.syncs_until_quiet().await;
    let changes = |world: &World| world.server_says("SELECT count(*) FROM change");
    assert_eq!(changes(&world), "0");

    world.stop_server();
    wipe(world.server_data());
    sync_server::restore(&copy, world.server_data()).unwrap();
    world.start_server();
    assert_ne!(changes(&world), "0", "the copy is older than the deletion");

    // The phone that only heard of it tells it, too.
    for device in [&lina, &tablet] {
        device.syncs_until_quiet().await;
        assert_eq!(device.does("home", json!({})).await["drafts"], json!([]));
        assert_eq!(changes(&world), "0");
    }
    assert_eq!(world.server_says("SELECT count(*) FROM tombstone"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_not_restored_and_nothing_is_written_over() {
    let mut world = World::new();
    let safe = tempfile::tempdir().unwrap();
    let copy = safe.path().join("copy");
    sync_server::backup(world.server_data(), &copy).unwrap();
    assert!(sync_server::backup(world.server_data(), &copy).is_err(), "it is there already");
    world.stop_server();
    let refused = sync_server::restore(&copy, world.server_data()).unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");

    let file = copy.join("server.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let other = safe.path().join("other");
    let refused = sync_server::restore(&copy, &other).unwrap_err();
    assert!(refused.to_string().contains("server.sqlite"), "{refused}");
    assert!(!other.exists());
}
