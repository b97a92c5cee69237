//! The store of several servers at once: a PostgreSQL database, one transaction a write.
//!
//! There is no single writer here, so locks give what SQLite gives by having one. A write that
//! touches one space only ([`Scope::Space`]) holds the lock of all writes shared and the lock of
//! its space's row: the numbers of a space are given in the order in which they are committed, and
//! whoever reads past a number never misses a smaller one. Any other write holds the lock of all
//! writes alone, and sees what SQLite's one writer would see: nothing moves while it runs. Such
//! writes are rare (a deposit, a decision, a page of the desk) and take milliseconds.

mod notify;
mod reach;
mod session;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime as Timers};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::Client;

use super::commits::CommitTimes;
use super::pokes::Pokes;
use super::{APPLIED, Job, Schema, Scope, Store, TOO_NEW};
use crate::config::Database;
use crate::failure::Failure;
use reach::Reach;
use session::{Session, told};

mod schema {
    refinery::embed_migrations!("../migrations/server-postgres");
}

/// Transactions at the same time, of one server.
const MOST_CONNECTIONS: usize = 16;
/// A database that is away is told to the caller, who comes back, rather than waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Threads that only move bytes between sockets and jobs.
const CARRIERS: usize = 2;
/// Whatever the database's own settings say: a commit is on the disk when it is told, and a server
/// that froze keeps no lock for long.
const SETTINGS: &str = "-c synchronous_commit=on -c lock_timeout=15s \
     -c idle_in_transaction_session_timeout=60s";
/// The lock of all writes, and the one of those who bring the schema up to date. Any two numbers.
const WRITES: i64 = 0x7061_7373_0001;
const MIGRATION: i64 = 0x7061_7373_0002;

/// An open PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
    carriers: Carriers,
    commits: CommitTimes,
}

/// Threads of its own: a job may be brought from anywhere, and waits for the database there.
struct Carriers(Option<Runtime>);

impl Carriers {
    fn new() -> anyhow::Result<Self> {
        let threads = Builder::new_multi_thread()
            .worker_threads(CARRIERS)
            .thread_name("store-postgres")
            .enable_all()
            .build()?;
        Ok(Self(Some(threads)))
    }

    fn handle(&self) -> anyhow::Result<Handle> {
        Ok(self.0.as_ref().context("the threads of the database have ended")?.handle().clone())
    }
}

/// What was begun may end by itself; nobody waits for it here, for here may be a serving thread.
impl Drop for Carriers {
    fn drop(&mut self) {
        if let Some(threads) = self.0.take() {
            threads.shutdown_background();
        }
    }
}

impl Postgres {
    /// Opens a database, brings its schema up to date, and listens to the pokes of other servers.
    pub(crate) fn open(database: &Database) -> anyhow::Result<(Self, Pokes)> {
        let reach = Reach::to(database)?;
        let carriers = Carriers::new()?;
        let (threads, prepared) = (carriers.handle()?, reach.clone());
        // On a thread of its own: this one may be serving already, and must not wait there.
        let ready = std::thread::spawn(move || threads.block_on(prepare(&prepared))).join();
        ready.map_err(|_| anyhow!("the database could not be prepared"))??;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let Reach { config, tls } = reach.clone();
        let pool = Pool::builder(Manager::from_config(config, tls, recycling))
            .max_size(MOST_CONNECTIONS)
            .runtime(Timers::Tokio1)
            .timeouts(deadpool_postgres::Timeouts::wait_millis(
                u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX),
            ))
            .build()?;
        let pokes = notify::start(&carriers.handle()?, reach);
        Ok((Self { pool, carriers, commits: CommitTimes::default() }, pokes))
    }

    fn take(&self, begin: String, job: Job) {
        // A job that finds no threads is dropped, and whoever waits for it hears so.
        let Ok(carriers) = self.carriers.handle() else { return };
        let (pool, times) = (self.pool.clone(), self.commits.clone());
        carriers.clone().spawn(async move {
            match pool.get().await {
                Ok(client) => {
                    let work = move || transact(&carriers, client, &times, &begin, job);
                    let _ = tokio::task::spawn_blocking(work).await;
                }
                Err(error) => {
                    let away = anyhow!("no connection to the database: {}", told(&error));
                    job(Err(Failure::Ours(away))).tell(None);
                }
            }
        });
    }
}

impl Store for Postgres {
    fn take_read(&self, job: Job) {
        self.take("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned(), job);
    }

    fn take_write(&self, scope: Scope, job: Job) {
        let begin = match scope {
            Scope::Everything => format!("BEGIN; SELECT pg_advisory_xact_lock({WRITES})"),
            Scope::Space(space) => format!(
                "BEGIN; SELECT pg_advisory_xact_lock_shared({WRITES});
                 SELECT seq FROM space WHERE id = '\\x{}' FOR NO KEY UPDATE",
                space.simple()
            ),
        };
        self.take(begin, job);
    }

    fn commits(&self) -> &CommitTimes {
        &self.commits
    }
}

/// One job, one transaction. A connection that failed is not used again: the pool opens another.
fn transact(carriers: &Handle, client: Object, times: &CommitTimes, begin: &str, job: Job) {
    let run = |sql: &str| carriers.block_on(client.batch_execute(sql));
    if let Err(error) = run(begin) {
        drop(Object::take(client));
        job(Err(lost(&told(&error)))).tell(None);
        return;
    }
    let mut session = Session::new(carriers, &client);
    // A panic tells nobody: whoever waits hears that the job is gone.
    let done = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut session)))).ok();
    // COMMIT after a failed statement is a rollback that calls itself a success: it is not sent.
    let spoiled = session.failed.take();
    let keeps = spoiled.is_none() && done.as_ref().is_some_and(super::Done::keeps);
    let ended = if keeps { times.of(|| run("COMMIT")) } else { run("ROLLBACK") };
    let failed = ended.as_ref().err().map(|error| told(error));
    let outcome = if keeps { failed } else { spoiled };
    if ended.is_err() {
        drop(Object::take(client));
    }
    if let Some(done) = done {
        let lost = outcome.filter(|_| done.keeps()).map(|error| lost(&error));
        done.tell(lost);
    }
}

/// Of an unanswered COMMIT nobody knows: to the caller it is lost, and asking again is harmless.
fn lost(error: &str) -> Failure {
    Failure::Ours(anyhow!("nothing is known to be kept: {error}"))
}

/// How far a database is.
pub(crate) fn schema_of(database: &Database) -> anyhow::Result<Schema> {
    let (reach, carriers) = (Reach::to(database)?, Carriers::new()?);
    let known = schema::migrations::runner().get_migrations().iter().map(|it| it.version()).max();
    let known = known.map_or(0, i64::from);
    carriers.handle()?.block_on(async {
        let client = connect(&reach).await?;
        let made = "SELECT count(*) FROM pg_tables WHERE tablename = 'refinery_schema_history'";
        let made: i64 = client.query_one(made, &[]).await?.try_get(0)?;
        let applied = match made {
            0 => 0,
            _ => i64::from(client.query_one(APPLIED, &[]).await?.try_get::<_, i32>(0)?),
        };
        Ok(Schema { applied, known })
    })
}

/// Brings the schema up to date, one server after the other, on a database that keeps its word.
async fn prepare(reach: &Reach) -> anyhow::Result<()> {
    let mut client = connect(reach).await?;
    for setting in ["fsync", "full_page_writes"] {
        let row = client.query_one(&format!("SHOW {setting}"), &[]).await?;
        let on: &str = row.try_get(0)?;
        ensure!(on == "on", "the database runs with {setting} off: what it keeps may be lost");
    }
    client.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION})")).await?;
    schema::migrations::runner().set_grouped(true).run_async(&mut client).await.context(TOO_NEW)?;
    client.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION})")).await?;
    Ok(())
}

/// A connection outside the pool. It ends when its client is dropped.
async fn connect(reach: &Reach) -> anyhow::Result<Client> {
    let reached = reach.connect().await;
    let (client, connection) =
        reached.map_err(|error| anyhow!("cannot reach the database: {}", told(&error)))?;
    tokio::spawn(connection);
    Ok(client)
}
