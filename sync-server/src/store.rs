//! Where everything is kept: one trait, whose every write is on the disk before it is told.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod benefit;
pub(crate) mod card;
pub(crate) mod change;
pub(crate) mod claim;
pub(crate) mod commits;
pub(crate) mod correction;
pub(crate) mod db;
pub(crate) mod desk;
pub(crate) mod dossier;
pub(crate) mod duplicate;
pub(crate) mod envelope;
pub(crate) mod epoch;
pub(crate) mod erase;
pub(crate) mod event;
pub(crate) mod export;
pub(crate) mod mail;
pub(crate) mod photo;
pub(crate) mod photo_report;
pub(crate) mod pokes;
pub(crate) mod postgres;
pub(crate) mod print;
pub(crate) mod proof;
pub(crate) mod publication;
pub(crate) mod review;
pub(crate) mod session;
pub(crate) mod space;
pub(crate) mod sqlite;
pub(crate) mod stand;
pub(crate) mod ticket;
pub(crate) mod vignette;
pub(crate) mod waiting;

use std::path::Path;
use std::sync::{Arc, mpsc};

use anyhow::anyhow;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::config::Database;
use crate::failure::Failure;
use commits::CommitTimes;
use db::Db;
use pokes::Pokes;
use postgres::Postgres;
use sqlite::Sqlite;

/// Why a database is not opened.
const TOO_NEW: &str =
    "cannot bring the database up to date: a newer server wrote it, or a migration failed";

/// Opens the main database: the one that is named, else the SQLite file under `data`.
pub(crate) fn open(
    data: &Path,
    database: Option<&Database>,
    inline: bool,
) -> anyhow::Result<(Arc<dyn Store>, Pokes)> {
    Ok(match database {
        Some(database) => {
            anyhow::ensure!(!inline, "a database elsewhere is never without threads");
            let (store, pokes) = Postgres::open(database)?;
            (Arc::new(store), pokes)
        }
        None => (Arc::new(Sqlite::open(data, inline)?), Pokes::default()),
    })
}

/// How far a database is, and how far this server would bring it; 0 when nothing was made yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schema {
    pub(crate) applied: i64,
    pub(crate) known: i64,
}

/// What a server has of its schema, without changing anything.
const APPLIED: &str = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";

/// How far the main database is.
pub(crate) fn schema(data: &Path, database: Option<&Database>) -> anyhow::Result<Schema> {
    match database {
        Some(database) => postgres::schema_of(database),
        None => sqlite::schema_of(data),
    }
}

/// A database that runs jobs: SQLite by default, PostgreSQL for several servers.
pub(crate) trait Store: Send + Sync {
    /// Runs a job that only reads, on a consistent view.
    fn take_read(&self, job: Job);

    /// Runs a job: all of it is kept or nothing, and it is told only when it is on the disk.
    fn take_write(&self, scope: Scope, job: Job);

    /// How long its commits take.
    fn commits(&self) -> &CommitTimes;
}

/// What else may be written at the same time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope {
    /// Nothing: this write reads and changes whatever it likes.
    Everything,
    /// Other spaces: this write reads and changes the drafts of one space only.
    Space(Uuid),
}

/// Work on a database, run once, on a thread that may block. It learns why when there is none.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut dyn Db, Failure>) -> Done + Send>;

/// A job that ended: whether it is to be kept, and how its outcome is told.
pub(crate) struct Done {
    keeps: bool,
    tell: Box<dyn FnOnce(Option<Failure>) + Send>,
}

impl Done {
    /// Whether what the job did is to be kept.
    pub(crate) fn keeps(&self) -> bool {
        self.keeps
    }

    /// Tells the outcome: the job's own, unless its transaction was `lost`.
    pub(crate) fn tell(self, lost: Option<Failure>) {
        (self.tell)(lost);
    }
}

impl dyn Store + '_ {
    /// A consistent view of the database, which no writer delays.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (job, told) = asked(work);
        self.take_read(job);
        told.await.map_err(|_| unanswered())?
    }

    /// One transaction: all of `work` or nothing of it. Returns after the COMMIT is on the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (job, told) = asked(work);
        self.take_write(Scope::Everything, job);
        told.await.map_err(|_| unanswered())?
    }

    /// As `write`, for work that reads and changes the drafts of one space only: other spaces do
    /// not wait for it.
    pub(crate) async fn write_in<T: Send + 'static>(
        &self,
        space: Uuid,
        work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (job, told) = asked(work);
        self.take_write(Scope::Space(space), job);
        told.await.map_err(|_| unanswered())?
    }

    /// As `write`, for the start, before anything is served: waits on this thread.
    pub(crate) fn write_now<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (tell, told) = mpsc::sync_channel(1);
        self.take_write(Scope::Everything, job(work, move |outcome| drop(tell.send(outcome))));
        told.recv().map_err(|_| unanswered())?
    }
}

fn asked<T: Send + 'static>(
    work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, Failure>>) {
    let (tell, told) = oneshot::channel();
    (job(work, move |outcome| drop(tell.send(outcome))), told)
}

fn job<T: Send + 'static>(
    work: impl FnOnce(&mut dyn Db) -> Result<T, Failure> + Send + 'static,
    tell: impl FnOnce(Result<T, Failure>) + Send + 'static,
) -> Job {
    Box::new(move |db| {
        let outcome = db.and_then(work);
        let keeps = outcome.is_ok();
        Done { keeps, tell: Box::new(move |lost| tell(lost.map_or(outcome, Err))) }
    })
}

fn unanswered() -> Failure {
    Failure::Ours(anyhow!("work on the database ended without an answer"))
}

#[cfg(test)]
#[path = "../tests/postgres/cluster.rs"]
mod cluster;
#[cfg(test)]
mod tests;
