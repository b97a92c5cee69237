//! What the default store promises, held to its word.

use std::os::unix::fs::PermissionsExt;

use rusqlite::types::Value as Stored;

use super::*;
use crate::failure::Failure;
use crate::store::db::{Db, values};
use crate::store::desk;

fn opened(data: &Path) -> Box<dyn Store> {
    Box::new(Sqlite::open(data, false).unwrap())
}

fn reviewers(store: &dyn Store) -> Vec<String> {
    let names = "SELECT name FROM reviewer ORDER BY name";
    store.write_now(move |db| db.all(names, &[], |row| row.string(0))).unwrap()
}

fn add(db: &mut dyn Db, name: &str) -> Result<(), Failure> {
    desk::add(db, name, "hash", desk::Role::Reviewer)
}

#[test]
fn both_databases_run_with_the_durable_settings() {
    let data = tempfile::tempdir().unwrap();
    for file in ["server.sqlite", "photos.sqlite"] {
        let database = open(&data.path().join(file)).unwrap();
        let pragma = |name: &str| {
            database.pragma_query_value(None, name, |row| row.get::<_, Stored>(0)).unwrap()
        };
        assert_eq!(pragma("journal_mode"), Stored::Text("wal".into()));
        assert_eq!(pragma("synchronous"), Stored::Integer(2), "FULL");
        assert_eq!(pragma("foreign_keys"), Stored::Integer(1));
        assert_eq!(pragma("secure_delete"), Stored::Integer(1));
        assert_eq!(pragma("temp_store"), Stored::Integer(2), "MEMORY");
        assert_eq!(pragma("busy_timeout"), Stored::Integer(5000));
        assert_eq!(pragma("wal_autocheckpoint"), Stored::Integer(4000));
    }
}

#[test]
fn nobody_else_may_read_the_databases() {
    let data = tempfile::tempdir().unwrap();
    let _main = Sqlite::open(data.path(), false).unwrap();
    let _photos = Sqlite::open_photos(data.path(), false).unwrap();
    for file in std::fs::read_dir(data.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[test]
fn a_database_of_a_newer_server_is_refused_with_a_sentence_and_left_alone() {
    let data = tempfile::tempdir().unwrap();
    drop(Sqlite::open(data.path(), false).unwrap());
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                 VALUES (999, 'from_the_future', '2030-01-01T00:00:00Z', '1')";
    Connection::open(data.path().join("server.sqlite")).unwrap().execute(newer, []).unwrap();
    let refused = Sqlite::open(data.path(), false).err().unwrap();
    assert!(refused.to_string().contains("newer server"));
}

#[test]
fn dossiers_and_decisions_of_before_corrections_are_kept_and_still_only_added_to() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("server.sqlite");
    let before = schema::migrations::runner().set_target(refinery::Target::Version(7));
    let mut old = open(&file).unwrap();
    before.set_grouped(true).run(&mut old).unwrap();
    old.execute_batch(
        "INSERT INTO space (id, created_ms) VALUES (zeroblob(16), 1);
         INSERT INTO draft (id, space) VALUES (zeroblob(16), zeroblob(16));
         INSERT INTO reviewer (name, password_hash) VALUES ('reviewer', 'hash');
         INSERT INTO dossier (draft, space, number, state, heads, receipt, received_ms, season,
             reference_version, charter_version, charter_hash, charter_accepted_at_ms, civility,
             family_name, given_name, birth_date, email, phone_number, address_line, postal_code,
             commune, school, track, photo, sending)
         VALUES (zeroblob(16), zeroblob(16), 'N', 'accepted', x'', x'', 1, '', '', '', '', 1, '',
             '', '', '', '', '', '', '', '', '', '', zeroblob(32), '');
         INSERT INTO decision (dossier, reviewer, verdict, at_ms)
         VALUES (zeroblob(16), 1, 'accepted', 7);",
    )
    .unwrap();
    drop(old);
    drop(Sqlite::open(data.path(), false).unwrap());
    let now = open(&file).unwrap();
    let says = |query: &str| now.query_row(query, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(says("SELECT state || reviewer FROM dossier"), "accepted0");
    assert_eq!(says("SELECT verdict || at_ms FROM decision"), "accepted7");
    for change in ["DELETE FROM decision", "UPDATE decision SET at_ms = 0"] {
        assert!(now.execute(change, []).is_err(), "{change}");
    }
    for (state, kept) in [("to_correct", true), ("lost", false)] {
        let set = format!("UPDATE dossier SET state = '{state}'");
        assert_eq!(now.execute(&set, []).is_ok(), kept, "{state}");
    }
    let orphans = now.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!orphans);
}

#[test]
fn what_waits_during_a_commit_shares_the_next_one_and_is_told_after_it() {
    let data = tempfile::tempdir().unwrap();
    let store = opened(data.path());
    let (held, holds) = channel::<()>();
    let (told, tells) = channel();
    let bring = |name: &'static str, holds: Option<Receiver<()>>| {
        let told = told.clone();
        let work = move |db: &mut dyn Db| {
            holds.map(|holds| holds.recv());
            add(db, name)
        };
        let tell = move |outcome: Result<(), Failure>| {
            let _ = told.send((name, outcome.is_ok()));
        };
        store.take_write(Scope::Everything, crate::store::job(work, tell));
    };
    bring("first", Some(holds));
    bring("second", None);
    let other = Connection::open(data.path().join("server.sqlite")).unwrap();
    let seen = || {
        let count = "SELECT count(*) FROM reviewer";
        other.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert!(tells.try_recv().is_err(), "nobody is told before the commit");
    assert_eq!(seen(), 0);
    drop(held);
    assert_eq!(tells.recv().unwrap(), ("first", true));
    assert_eq!(seen(), 2, "the second was committed with the first");
    assert_eq!(tells.recv().unwrap(), ("second", true));
}

/// A group of jobs, of which one ends the transaction that all share.
#[test]
fn when_the_commit_fails_everyone_is_told_so_and_nothing_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let _schema = Sqlite::open(data.path(), false).unwrap();
    let connection = open(&data.path().join("server.sqlite")).unwrap();
    let (told, tells) = channel();
    let job = |work: fn(&mut dyn Db) -> Result<(), Failure>| {
        let told = told.clone();
        crate::store::job(work, move |outcome| {
            let _ = told.send(outcome.is_ok());
        })
    };
    // A reference that is checked at the end of the transaction: COMMIT itself fails.
    let mut jobs = vec![job(|db| {
        db.execute("PRAGMA defer_foreign_keys = ON", &[])?;
        let nobody = "INSERT INTO account (dossier, password_hash) VALUES (?1, 'hash')";
        db.execute(nobody, values![&[9_u8; 16]]).map(|_| ())
    })];
    group::commit(&connection, &CommitTimes::default(), job(|db| add(db, "lost")), || jobs.pop());
    assert_eq!([tells.recv().unwrap(), tells.recv().unwrap()], [false, false]);
    assert!(connection.is_autocommit());
    group::commit(&connection, &CommitTimes::default(), job(|db| add(db, "next")), || None);
    assert!(tells.recv().unwrap());
    drop(connection);
    assert_eq!(reviewers(&*opened(data.path())), ["next"]);
}

#[test]
fn on_a_full_disk_exactly_what_was_acknowledged_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let _schema = Sqlite::open(data.path(), false).unwrap();
    let connection = open(&data.path().join("server.sqlite")).unwrap();
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = |pages: i64| {
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
    };
    let (told, tells) = channel();
    let job = |name: &str| {
        let (told, name) = (told.clone(), name.to_owned());
        let copy = name.clone();
        let tell = move |outcome: Result<(), _>| {
            let _ = told.send((name, outcome.is_ok()));
        };
        crate::store::job(move |db| add(db, &copy), tell)
    };
    let large = "too large ".repeat(100_000);
    limit(pages);
    let mut jobs = vec![job("after"), job(&large)];
    group::commit(&connection, &CommitTimes::default(), job("before"), || jobs.pop());
    limit(pages + 1_000);
    group::commit(&connection, &CommitTimes::default(), job("next"), || None);
    drop(connection);
    let told: Vec<(String, bool)> = tells.try_iter().collect();
    assert_eq!(told.len(), 4, "everyone is told");
    assert!(told.contains(&(large, false)));
    assert!(told.contains(&("next".into(), true)));
    let mut acknowledged: Vec<String> =
        told.into_iter().filter(|(_, kept)| *kept).map(|(name, _)| name).collect();
    acknowledged.sort();
    assert_eq!(reviewers(&*opened(data.path())), acknowledged);
}
