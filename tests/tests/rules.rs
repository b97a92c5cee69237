//! The architecture, held to its word: who may import whom, where SQL stands, how large rooms grow.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The life of a dossier. A module may use what comes before it, never what comes after.
const FLOW: &[&str] = &[
    "hexadecimal",
    "parts",
    "number",
    "season",
    "signed",
    "reference",
    "form",
    "document",
    "sync",
    "review",
    "benefit",
    "card",
    "account",
    "paper",
    "stand",
];

/// What each of our crates may use of ours, tests apart.
const MAY_USE: &[(&str, &[&str])] = &[
    ("dossier", &[]),
    ("portrait/nets", &[]),
    ("portrait", &["nets"]),
    ("reference/importer", &["dossier"]),
    ("phone", &["dossier", "portrait"]),
    ("src-tauri", &["phone"]),
    ("sync-server", &["dossier", "portrait", "importer"]),
    // Not shipped: what it opens is.
    ("tests/hostile", &["dossier", "portrait", "importer"]),
];

/// What the pure crates never touch.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "SystemTime",
    "Instant",
    "tokio",
    "axum",
    "tauri",
    "rusqlite",
    "getrandom",
    "async fn",
];

/// Lines of each room, tests apart, past which one should think.
const BUDGETS: &[(&str, usize)] = &[
    // A twentieth is the reader of change chunks that stands before automerge, and what bounds whole
    // messages and drafts; a tenth the card: keys, live code, list, verdict; another twentieth what
    // phone and server say of an account, a hundred lines of it about the links of its mails; another
    // what is asked to be corrected, and milestones. Two hundred are what the card pays for: amounts,
    // movements, what is left.
    // An eighth is what stands and phones say to each other: envelopes, prints, handovers, delegations.
    // The photo of a card as codes, held against what its card names: two hundred. Automerge's own
    // protocol without its documents, and what no draft has: a hundred and fifty.
    ("dossier/src", 9_500),
    // A fourth of it is the scaled JPEG decoder, a third the measures and their table.
    ("portrait/src", 5_200),
    ("portrait/nets/src", 2_000),
    ("reference/importer/src", 3_600),
    // A third of it keeps the store whole: keystrokes, snapshots, quarantine, mending. A tenth is
    // the card: shown live, moved, verified. Another the account, with its twenty commands: the links of
    // mails are held and followed in a hundred lines. A twentieth mends what the Region asks to be
    // mended, offline too. A duplicate that is taken back and what is left of benefits: two hundred. A
    // fourth is the stand: its gate, agents, « Terminer », list, delivery, and what screens are shown of
    // it; drafts handed over and dossiers claimed.
    // Two hundred give the photo of a card, and compare one. Rows whose tree is damaged are found on
    // their pages in two hundred more.
    ("phone/src", 11_400),
    ("src-tauri/src", 800),
    // Two databases, a second protocol, photos elsewhere: a fourth of it. Accounts take a fifth: mail,
    // activation, sign-in, recovery, export, erasure. Keys and cards at the console: three hundred. Which
    // apps may open the links of mails: a hundred.
    // Corrections a twelfth: asked at the desk, taken, shown beside what they took the place of.
    // A tenth describes the routes and their failures to programs; health and metrics take two hundred.
    // Movements of benefits with their form, and duplicates that end, four hundred. Stands a tenth:
    // events and tablets at the desk, intake, what envelopes are sealed to.
    // The vignette of each photo, a hundred. TLS to a database elsewhere, a hundred and fifty.
    ("sync-server/src", 17_600),
    // With the screens that verify a card, by the phone's own reader too, and a tenth for those of the account: fourteen, with their
    // tests. Three hundred for what is corrected, and for the way of a dossier. Two hundred for balances, the way back of a duplicate, another home.
    // A sixth for the stand: set-up, PINs, the turn of a student, check, evening, codes between two devices.
    // Two hundred and fifty for the lock of the phone and for files that are saved, with what a phone may fail to answer.
    // Two hundred to give the photo of a card to another screen, and to compare it there.
    ("ui/src", 16_800),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Files below a folder with one of these endings.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A source file without its tests.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// `tests.rs`, what stands in a folder `tests`, `*.test.ts`, and the pictures that tests draw.
fn is_test(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    let is_beside = file.parent().is_some_and(|folder| folder.ends_with("tests"));
    name == "tests.rs" || name == "drawn.rs" || name.contains(".test.") || is_beside
}

fn sources(room: &str) -> Vec<PathBuf> {
    files(&root().join(room), &[".rs", ".ts", ".svelte"])
        .into_iter()
        .filter(|file| !is_test(file) && !file.to_string_lossy().ends_with(".gen.ts"))
        .collect()
}

#[test]
fn a_step_of_the_dossier_uses_only_the_steps_before_it() {
    let source = root().join("dossier/src");
    for (at, step) in FLOW.iter().enumerate() {
        let own = source.join(format!("{step}.rs"));
        assert!(own.is_file(), "no step {step}");
        let mut all = files(&source.join(step), &[".rs"]);
        all.push(own);
        for file in all.iter().filter(|file| !is_test(file)) {
            for later in &FLOW[at + 1..] {
                let found = code(file).contains(&format!("crate::{later}"));
                assert!(!found, "{} uses `{later}`, after `{step}`", file.display());
            }
        }
    }
}

#[test]
fn lib_names_the_steps_in_the_order_of_a_dossiers_life() {
    let lib = fs::read_to_string(root().join("dossier/src/lib.rs")).unwrap();
    let named: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(named, FLOW);
}

#[test]
fn the_pure_crates_touch_no_clock_file_socket_or_thread() {
    for room in ["dossier/src", "portrait/src", "portrait/nets/src", "reference/importer/src"] {
        for file in sources(room) {
            for word in IMPURE {
                assert!(!code(&file).contains(word), "{} names {word}", file.display());
            }
        }
    }
}

#[test]
fn crates_use_only_the_crates_they_may() {
    let package = |path: &'static str| path.rsplit('/').next().unwrap_or(path);
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(path, _)| package(path)).collect();
    for (name, may) in MAY_USE {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let needed = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        for other in ours.iter().filter(|other| !may.contains(other)) {
            let line = format!("\n{other}.workspace");
            assert!(!needed.contains(&line), "{name} uses {other}");
        }
    }
}

#[test]
fn only_the_shell_knows_tauri_and_only_one_screen_file_its_api() {
    for room in ["phone/src", "sync-server/src"] {
        for file in sources(room) {
            assert!(!code(&file).contains("tauri::"), "{} knows Tauri", file.display());
        }
    }
    for file in sources("ui/src") {
        let imports = fs::read_to_string(&file).unwrap().contains("@tauri-apps/");
        assert_eq!(imports, file.ends_with("host/tauri.ts"), "{}", file.display());
    }
}

#[test]
fn sql_stands_in_the_stores_and_in_migrations_only() {
    for room in ["phone/src", "sync-server/src", "src-tauri/src", "dossier/src"] {
        for file in sources(room) {
            let in_store = file
                .components()
                .any(|part| part.as_os_str() == "store" || part.as_os_str() == "store.rs");
            let has_sql = ["INSERT INTO", "DELETE FROM", "PRAGMA ", "FROM draft", "FROM dossier"]
                .iter()
                .any(|word| code(&file).contains(word));
            assert!(in_store || !has_sql, "{} holds SQL", file.display());
        }
    }
}

#[test]
fn durability_is_set_in_one_place_per_store() {
    let server = ["sync-server/src/store/postgres.rs", "sync-server/src/store/sqlite.rs"];
    for (room, stores) in [("phone/src", None), ("sync-server/src", Some(server))] {
        let places: Vec<_> = sources(room)
            .into_iter()
            .filter(|file| code(file).to_lowercase().contains("synchronous"))
            .collect();
        match stores {
            Some(stores) => assert_eq!(places, stores.map(|store| root().join(store))),
            None => assert_eq!(places.len(), 1, "{places:?}"),
        }
    }
}

#[test]
fn the_server_names_a_database_only_in_its_own_store() {
    for (database, store) in [("rusqlite", "store/sqlite"), ("tokio_postgres", "store/postgres")] {
        for file in sources("sync-server/src") {
            let named = code(&file).contains(&format!("{database}::"));
            let own = file.to_string_lossy().contains(store);
            assert!(own || !named, "{} names {database}", file.display());
        }
    }
}

/// A route is taken from its description (`routes!`), so that none is forgotten there. What Prometheus
/// reads is at another address, and described in OPERATIONS.
#[test]
fn no_public_route_goes_without_a_description() {
    let undescribed = |file: &PathBuf| code(file).contains(".route(");
    let found: Vec<_> = sources("sync-server/src").into_iter().filter(undescribed).collect();
    assert_eq!(found, [root().join("sync-server/src/metrics.rs")]);
}

/// What is asked of one database must be there in the other.
#[test]
fn both_databases_of_the_server_have_the_same_tables_and_columns() {
    let names = |folder: &str| {
        let mut names = BTreeSet::new();
        for file in files(&root().join("migrations").join(folder), &[".sql"]) {
            let mut table = String::new();
            for line in fs::read_to_string(file).unwrap().lines() {
                let words: Vec<&str> = line.split_whitespace().collect();
                match words.as_slice() {
                    ["CREATE", "TABLE", name, ..] => table = (*name).to_owned(),
                    ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                        names.insert(format!("{name}.{column}"));
                    }
                    ["ALTER", "TABLE", name, "DROP", "COLUMN", column] => {
                        names.remove(&format!("{name}.{}", column.trim_end_matches(';')));
                    }
                    ["ALTER", "TABLE", name, "RENAME", "COLUMN", old, "TO", new] => {
                        names.remove(&format!("{name}.{old}"));
                        names.insert(format!("{name}.{}", new.trim_end_matches(';')));
                    }
                    ["DROP", "TABLE", name, ..] => {
                        let own = format!("{}.", name.trim_end_matches(';'));
                        names.retain(|column: &String| !column.starts_with(&own));
                    }
                    ["ALTER", "TABLE", old, "RENAME", "TO", new] => {
                        let (old, new) = (format!("{old}."), new.trim_end_matches(';'));
                        names = names
                            .iter()
                            .map(|name: &String| match name.strip_prefix(&old) {
                                Some(column) => format!("{new}.{column}"),
                                None => name.clone(),
                            })
                            .collect();
                    }
                    [column, "TEXT" | "BLOB" | "BYTEA" | "INTEGER" | "BIGINT", ..] => {
                        names.insert(format!("{table}.{column}"));
                    }
                    _ => {}
                }
            }
        }
        names
    };
    let columns = names("server-sqlite");
    assert!(columns.contains("change.hash"), "{columns:?}");
    assert_eq!(columns, names("server-postgres"));
}

#[test]
fn every_table_says_what_it_is_for_and_is_strict() {
    for file in files(&root().join("migrations"), &[".sql"]) {
        let sql = fs::read_to_string(&file).unwrap();
        for (at, table) in sql.match_indices("CREATE TABLE") {
            let before = sql[..at].trim_end().lines().last().unwrap_or_default();
            assert!(before.starts_with("--"), "{}: a table without a comment", file.display());
            let rest = &sql[at + table.len()..];
            let whole = &rest[..rest.find("CREATE ").unwrap_or(rest.len())];
            // The other database is strict by itself.
            let strict = whole.contains("STRICT") || file.to_string_lossy().contains("postgres");
            assert!(strict, "{}: {table} is not STRICT", file.display());
        }
    }
}

#[test]
fn no_room_outgrows_its_budget_and_no_file_five_hundred_lines() {
    for (room, budget) in BUDGETS {
        let mut lines = 0;
        for file in sources(room) {
            let count = code(&file).lines().count();
            assert!(count <= 500, "{} has {count} lines", file.display());
            lines += count;
        }
        assert!(lines <= *budget, "{room} has {lines} lines of {budget}");
    }
}
