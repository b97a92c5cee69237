//! The default store: a SQLite file, one writer with group commit, a few readers.

pub(crate) mod backup;
mod group;
mod session;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use rusqlite::{Connection, OpenFlags};

use super::commits::CommitTimes;
use super::photo;
use super::{APPLIED, Job, Schema, Scope, Store, TOO_NEW};

mod schema {
    refinery::embed_migrations!("../migrations/server-sqlite");
}
mod photo_schema {
    refinery::embed_migrations!("../migrations/server-photos");
}

/// A writer waits this long for another process (a backup, an operator) to let go.
const BUSY: Duration = Duration::from_secs(5);
/// Reads that run at the same time. More threads than cores only wait for each other.
const READERS: usize = 4;
/// More statements than the server has: none is ever prepared twice.
const STATEMENTS: usize = 128;
/// Pages of the log before it is folded into the file: a fold costs an fsync of its own.
const LOG_PAGES: u32 = 4_000;

/// An open SQLite file.
pub(crate) struct Sqlite {
    running: Running,
    commits: CommitTimes,
}

/// Who runs the jobs.
enum Running {
    /// Threads of its own: one writes, some read.
    Threads(Threads),
    /// Each job on the thread that brings it, one after the other, as a simulation needs it.
    Inline(Mutex<Connection>),
}

/// The threads behind a file. They end when nobody can bring another job.
struct Threads {
    writes: Option<Sender<Job>>,
    reads: Option<Sender<Job>>,
    running: Vec<JoinHandle<()>>,
}

impl Sqlite {
    /// Opens the main database under `data`, and brings its schema up to date.
    pub(crate) fn open(data: &Path, inline: bool) -> anyhow::Result<Self> {
        Self::open_file(&data.join("server.sqlite"), schema::migrations::runner(), inline)
    }

    /// Opens the database of the photos, likewise.
    pub(crate) fn open_photos(data: &Path, inline: bool) -> anyhow::Result<Self> {
        Self::open_file(&data.join(photo::FILE), photo_schema::migrations::runner(), inline)
    }

    fn open_file(file: &Path, schema: refinery::Runner, inline: bool) -> anyhow::Result<Self> {
        let mut writer = open(file)?;
        schema.set_grouped(true).run(&mut writer).context(TOO_NEW)?;
        let commits = CommitTimes::default();
        if inline {
            return Ok(Self { running: Running::Inline(Mutex::new(writer)), commits });
        }
        let (writes, waiting_writes) = channel();
        let (reads, waiting_reads) = channel();
        let waiting_reads = Arc::new(Mutex::new(waiting_reads));
        let times = commits.clone();
        let write = move || group::commit_in_groups(&writer, &waiting_writes, &times);
        let mut running = vec![thread::Builder::new().name("store-writer".into()).spawn(write)?];
        for _ in 0..READERS {
            let reader = open_to_read(file)?;
            let waiting = Arc::clone(&waiting_reads);
            let read =
                move || while next(&waiting).map(|job| group::read(&reader, job)).is_some() {};
            running.push(thread::Builder::new().name("store-reader".into()).spawn(read)?);
        }
        let threads = Threads { writes: Some(writes), reads: Some(reads), running };
        Ok(Self { running: Running::Threads(threads), commits })
    }
}

/// How far the main database under `data` is.
pub(crate) fn schema_of(data: &Path) -> anyhow::Result<Schema> {
    let file = data.join("server.sqlite");
    let known = schema::migrations::runner().get_migrations().iter().map(|it| it.version()).max();
    let known = known.map_or(0, i64::from);
    if !file.exists() {
        return Ok(Schema { applied: 0, known });
    }
    let applied = open_to_read(&file)?.query_row(APPLIED, [], |row| row.get(0))?;
    Ok(Schema { applied, known })
}

/// The next job of a queue that several threads share.
fn next(waiting: &Mutex<Receiver<Job>>) -> Option<Job> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl Store for Sqlite {
    fn take_read(&self, job: Job) {
        match &self.running {
            Running::Threads(threads) => bring(threads.reads.as_ref(), job),
            Running::Inline(connection) => {
                group::read(&connection.lock().unwrap_or_else(PoisonError::into_inner), job);
            }
        }
    }

    /// One writer gives every scope its order.
    fn take_write(&self, _: Scope, job: Job) {
        match &self.running {
            Running::Threads(threads) => bring(threads.writes.as_ref(), job),
            Running::Inline(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                group::commit(&connection, &self.commits, job, || None);
            }
        }
    }

    fn commits(&self) -> &CommitTimes {
        &self.commits
    }
}

/// A job that finds no thread is dropped, and whoever waits for it hears so.
fn bring(queue: Option<&Sender<Job>>, job: Job) {
    if let Some(queue) = queue {
        let _ = queue.send(job);
    }
}

/// What was brought is finished first, and the file is closed when this returns.
impl Drop for Threads {
    fn drop(&mut self) {
        (self.writes, self.reads) = (None, None);
        for thread in self.running.drain(..) {
            // The last hold on a store may be in a job that it runs itself.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

/// FULL: with NORMAL, a power cut loses commits that were already acknowledged.
fn open(file: &Path) -> anyhow::Result<Connection> {
    // Made by us, so that nobody else may read it; SQLite's side files take the same mode.
    let private = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
    private.with_context(|| format!("cannot make {}", file.display()))?;
    let connection =
        Connection::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn open_to_read(file: &Path) -> anyhow::Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

#[cfg(test)]
mod tests;
