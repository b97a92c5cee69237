//! What every store promises, asked of each of them; and what only PostgreSQL must be asked.

use std::future::poll_fn;
use std::sync::mpsc;
use std::task::Poll;
use std::time::{Duration, Instant};

use db::{Value, values};

use super::*;

/// Longer than anything here takes; only a failing test waits so long.
const TOO_LONG: Duration = Duration::from_secs(20);

/// Asks each kind of store, and says which one when it fails.
fn every_store(ask: impl Fn(Arc<dyn Store>)) {
    for inline in [false, true] {
        eprintln!("SQLite, inline: {inline}");
        let data = tempfile::tempdir().unwrap();
        ask(Arc::new(Sqlite::open(data.path(), inline).unwrap()));
    }
    if let Some(database) = database() {
        eprintln!("PostgreSQL");
        ask(Arc::new(Postgres::open(&database).unwrap().0));
    }
}

/// A database for one test, where PostgreSQL is installed.
fn database() -> Option<Database> {
    let address = cluster::empty_database();
    if address.is_none() {
        eprintln!("skipped: PostgreSQL is not installed");
    }
    address.map(|address| address.parse().unwrap())
}

fn add(db: &mut dyn Db, name: &str) -> Result<(), Failure> {
    desk::add(db, name, "hash", desk::Role::Reviewer)
}

fn reviewers(store: &dyn Store) -> Vec<String> {
    let names = "SELECT name FROM reviewer ORDER BY name";
    store.write_now(move |db| db.all(names, &[], |row| row.string(0))).unwrap()
}

#[test]
fn a_job_that_fails_or_panics_undoes_itself_alone_and_the_store_lives_on() {
    every_store(|store| {
        store.write_now(|db| add(db, "kept")).unwrap();
        let fails = store.write_now(|db| {
            add(db, "undone")?;
            Err::<(), _>(Failure::Busy)
        });
        assert!(matches!(fails, Err(Failure::Busy)));
        let breaks_a_rule = store.write_now(|db| {
            add(db, "undone")?;
            add(db, "kept")
        });
        assert!(matches!(breaks_a_rule, Err(Failure::Ours(_))));
        let panics = store.write_now::<()>(|db| {
            add(db, "undone")?;
            panic!("a job panics");
        });
        assert!(matches!(panics, Err(Failure::Ours(_))));
        assert_eq!(reviewers(&*store), ["kept"]);
    });
}

#[test]
fn a_read_changes_nothing_and_values_come_back_as_they_went() {
    every_store(|store| {
        let space = Uuid::from_u128(7);
        store
            .write_now(move |db| {
                let spaces: Vec<[u8; 16]> = (0..600_u128).map(u128::to_be_bytes).collect();
                let values: Vec<Value<'_>> =
                    spaces.iter().zip(0_i64..).flat_map(|(id, n)| [id.into(), n.into()]).collect();
                db.execute_many("INSERT INTO space (id, created_ms) VALUES (?1, ?2)", 2, &values)?;
                db.execute("UPDATE space SET seq = ?2 WHERE id = ?1", values![&space, i64::MIN])?;
                add(db, "Zoé d’Aubière \"?1\"")
            })
            .unwrap();
        let (tell, told) = mpsc::channel();
        let read = job(
            move |db| {
                let nobody = Uuid::from_u128(999);
                let asked = values![&space, &nobody, &space];
                let mut found = Vec::new();
                let read = "SELECT seq, created_ms FROM space WHERE id = ?1";
                db.each_many(read, 1, asked, &mut |at, row| {
                    found.push((at, row.int(0)?, row.int(1)?));
                    Ok(())
                })?;
                let all = db.one("SELECT count(*) FROM space", &[], |row| row.int(0))?;
                let name = db.one("SELECT name FROM reviewer", &[], |row| row.string(0))?;
                Ok((found, all, name))
            },
            move |outcome| drop(tell.send(outcome.unwrap())),
        );
        store.take_read(read);
        let (found, all, name) = told.recv().unwrap();
        assert_eq!(found, [(0, i64::MIN, 7), (2, i64::MIN, 7)]);
        assert_eq!((all, name.as_str()), (600, "Zoé d’Aubière \"?1\""));
        let (tell, told) = mpsc::channel();
        let tell = move |outcome: Result<(), _>| {
            let _ = tell.send(outcome.is_ok());
        };
        store.take_read(job(|db| add(db, "from a read"), tell));
        told.recv().unwrap();
        assert_eq!(reviewers(&*store).len(), 1);
    });
}

#[test]
fn a_statement_that_failed_is_never_acknowledged_even_if_the_job_goes_on() {
    let Some(database) = database() else { return };
    let store: Arc<dyn Store> = Arc::new(Postgres::open(&database).unwrap().0);
    let goes_on = store.write_now(|db| {
        add(db, "first")?;
        let _ = add(db, "first");
        Ok(())
    });
    assert!(matches!(goes_on, Err(Failure::Ours(_))));
    assert!(reviewers(&*store).is_empty());
}

#[test]
fn a_connection_that_breaks_is_told_as_a_failure_and_the_next_write_has_another() {
    let Some(database) = database() else { return };
    let store: Arc<dyn Store> = Arc::new(Postgres::open(&database).unwrap().0);
    let broken = store.write_now(|db| {
        add(db, "lost")?;
        let _ = db.exists("SELECT pg_terminate_backend(pg_backend_pid())", &[]);
        Ok(())
    });
    assert!(matches!(broken, Err(Failure::Ours(_))));
    store.write_now(|db| add(db, "next")).unwrap();
    assert_eq!(reviewers(&*store), ["next"]);
}

/// The lock of all writes keeps a sync waiting while anything else is written.
#[test]
fn a_write_of_everything_runs_while_no_space_is_written() {
    let Some(database) = database() else { return };
    let store: Arc<dyn Store> = Arc::new(Postgres::open(&database).unwrap().0);
    let (begun, begins) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let other = Arc::clone(&store);
    let everything = std::thread::spawn(move || {
        other.write_now(move |db| {
            begun.send(()).unwrap();
            let waits = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
            let begun = Instant::now();
            while !db.exists(waits, &[])? && begun.elapsed() < TOO_LONG {
                assert!(told.try_recv().is_err(), "the space was written meanwhile");
            }
            add(db, "alone")
        })
    });
    begins.recv().unwrap();
    let in_space =
        job(|db| add(db, "after"), move |outcome: Result<(), _>| drop(tell.send(outcome)));
    store.take_write(Scope::Space(Uuid::from_u128(1)), in_space);
    everything.join().unwrap().unwrap();
    let both = Instant::now();
    while reviewers(&*store) != ["after", "alone"] {
        assert!(both.elapsed() < TOO_LONG, "both are kept in the end");
    }
}

#[test]
fn a_database_of_a_newer_server_is_refused_with_a_sentence() {
    let Some(database) = database() else { return };
    drop(Postgres::open(&database).unwrap());
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                 VALUES (999, 'from_the_future', '2030-01-01T00:00:00Z', '1')";
    cluster::run(database.url(), newer);
    let refused = Postgres::open(&database).err().unwrap();
    assert!(refused.to_string().contains("newer server"), "{refused:#}");
}

/// As a server opens it: from a thread that serves, which must neither wait nor panic.
#[tokio::test]
async fn a_database_that_is_away_is_told_without_its_password() {
    let database: Database = "postgres://region:tres-secret@127.0.0.1:1/dossiers".parse().unwrap();
    let refused = Postgres::open(&database).err().unwrap();
    for told in [format!("{refused:#}"), format!("{refused:?}"), format!("{database:?}")] {
        assert!(!told.contains("tres-secret"), "{told}");
    }
    assert!("tres-secret@127.0.0.1".parse::<Database>().is_err());
}

#[tokio::test]
async fn a_poke_at_one_server_reaches_those_who_listen_at_another() {
    let Some(database) = database() else { return };
    let (_one, here) = Postgres::open(&database).unwrap();
    let (_other, elsewhere) = Postgres::open(&database).unwrap();
    let (space, quiet) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut poked = elsewhere.subscribe(space);
    let begun = Instant::now();
    // Told again until the other one listens: until then pokes are lost, and may be.
    while !poked.has_changed().unwrap() {
        assert!(begun.elapsed() < TOO_LONG, "no poke arrives");
        here.tell(space);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let unpoked = elsewhere.subscribe(quiet);
    poked.borrow_and_update();
    here.tell(space);
    tokio::time::timeout(TOO_LONG, poked.changed()).await.unwrap().unwrap();
    assert!(!unpoked.has_changed().unwrap(), "only who listens to this space");
}

/// A caller that goes away (a phone out of reach) takes nothing back.
#[tokio::test]
async fn a_write_whose_caller_went_away_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(data.path(), false).unwrap());
    let mut asked = Box::pin(store.write(|db| add(db, "kept")));
    poll_fn(|context| {
        let _ = asked.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
    drop(asked);
    assert_eq!(reviewers(&*store), ["kept"]);
}
