//! The lists that the Region publishes: imported beside a running server, taken by a phone.

use std::fs;
use std::path::PathBuf;

use journeys::World;
use journeys::network::Cable;
use serde_json::json;
use sync_server::{Import, SystemClock, import};

/// The Region's own list gives a code and a name to a school that had neither.
const REGION_SCHOOLS: &str = "uai;code_region;nom_affiche;sigle\n\
    0010010F;TLG0001;Lycée du Bugey;LGT\n";

fn asked(world: &World, name: &str, text: &str) -> (tempfile::TempDir, Import) {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join(name);
    fs::write(&file, text).unwrap();
    let data = Some(world.server_data().to_owned());
    (folder, Import { files: vec![file], data, database: None, dry_run: false })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_list_reaches_a_phone_that_fetches_only_what_changed() {
    let world = World::new();
    let mut lina = world.phone("Lina");
    lina.syncs().await;
    let before = lina.does("home", json!({})).await["reference_version"].clone();

    let (_folder, mut asked) = asked(&world, "region.csv", REGION_SCHOOLS);
    asked.dry_run = true;
    assert!(import(&asked, &SystemClock).unwrap());
    assert_eq!(world.server_says("SELECT count(*) FROM publication"), "0");
    asked.dry_run = false;
    assert!(import(&asked, &SystemClock).unwrap());
    assert_eq!(world.server_says("SELECT count(*) FROM publication"), "1");

    lina.asked();
    lina.syncs().await;
    let after = lina.does("home", json!({})).await["reference_version"].clone();
    assert_ne!(before, after);
    let asked = lina.asked();
    let lists: Vec<_> = asked.iter().filter(|it| it.starts_with("/v1/reference/")).collect();
    assert_eq!(lists.len(), 1, "only the schools are fetched: {asked:?}");
    let draft = lina.does("start_draft", json!({})).await["draft"].clone();
    let found = lina.does("find_schools", json!({ "draft": draft, "typed": "TLG0001" })).await;
    assert_eq!(found[0]["label"], "LYCÉE DU BUGEY [BELLEY] [TLG0001]");

    // It is there without network and after a restart.
    lina.cable(Cable::Cut);
    lina.restart();
    assert_eq!(lina.does("home", json!({})).await["reference_version"], after);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_would_be_worse_leave_those_in_force() {
    let world = World::new();
    // A directory of one school: nearly every school of the region would vanish.
    let header = "uai;name;town;postal_code;insee;department;latitude;longitude\n";
    let row = "0010010F;Lycée du Bugey;Belley;01300;01034;01;45.76085;5.68626\n";
    let (_folder, asked) = asked(&world, "schools.csv", &format!("{header}{row}"));
    assert!(!import(&asked, &SystemClock).unwrap());
    assert_eq!(world.server_says("SELECT count(*) FROM publication"), "0");
}
