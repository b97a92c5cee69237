//! Group commit: one fsync for everything that waits, and no answer before it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;

use anyhow::anyhow;
use rusqlite::Connection;

use super::session::Session;
use crate::failure::Failure;
use crate::store::commits::CommitTimes;
use crate::store::{Done, Job};

/// Jobs of one transaction. Whoever comes later waits for one fsync more.
const MOST_JOBS: usize = 256;
/// Rows that one transaction changes, some 4,000 pushed changes: a larger one makes all wait.
const MOST_ROWS: u64 = 12_288;

/// The whole life of the writer. It never waits for more jobs: those that came during a commit
/// share the next one.
pub(super) fn commit_in_groups(connection: &Connection, jobs: &Receiver<Job>, times: &CommitTimes) {
    while let Ok(first) = jobs.recv() {
        commit(connection, times, first, || jobs.try_recv().ok());
    }
}

/// Runs `first` and what follows in one transaction, and tells everyone when it is on the disk.
/// When it is not, everyone hears that and nothing of it was kept.
pub(super) fn commit(
    connection: &Connection,
    times: &CommitTimes,
    first: Job,
    mut next: impl FnMut() -> Option<Job>,
) {
    let mut done = Vec::new();
    let mut outcome = run(connection, "BEGIN IMMEDIATE");
    let before = connection.total_changes();
    let mut job = Some(first);
    while let Some(work) = job {
        match &outcome {
            Ok(()) => outcome = kept_or_undone(connection, work, &mut done),
            Err(error) => done.extend(answer(work, Err(lost(error)))),
        }
        let rows = connection.total_changes().saturating_sub(before);
        job = if done.len() < MOST_JOBS && rows < MOST_ROWS { next() } else { None };
    }
    let outcome = outcome.and_then(|()| times.of(|| run(connection, "COMMIT")));
    if outcome.is_err() && !connection.is_autocommit() {
        let _ = run(connection, "ROLLBACK");
    }
    for done in done {
        done.tell(outcome.as_ref().err().map(lost));
    }
}

/// One job within the group: a failure undoes this job alone. An error is the end of the whole
/// transaction.
fn kept_or_undone(connection: &Connection, job: Job, done: &mut Vec<Done>) -> rusqlite::Result<()> {
    run(connection, "SAVEPOINT job")?;
    let ended = answer(job, Ok(&mut Session(connection)));
    let kept = ended.as_ref().is_some_and(Done::keeps);
    done.extend(ended);
    if !kept {
        // Without a transaction (the disk is full) this fails, as it must.
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")
}

/// A consistent view, which no writer delays.
pub(super) fn read(connection: &Connection, job: Job) {
    let begun = run(connection, "BEGIN DEFERRED");
    let done = match &begun {
        Ok(()) => answer(job, Ok(&mut Session(connection))),
        Err(error) => answer(job, Err(lost(error))),
    };
    if !connection.is_autocommit() {
        let _ = run(connection, "ROLLBACK");
    }
    if let Some(done) = done {
        done.tell(None);
    }
}

/// A job that panics tells nobody; whoever waits for it hears that it is gone, and the thread
/// lives on.
fn answer(job: Job, db: Result<&mut Session<'_>, Failure>) -> Option<Done> {
    catch_unwind(AssertUnwindSafe(|| job(db.map(|db| db as _)))).ok()
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(|_| ())
}

fn lost(error: &rusqlite::Error) -> Failure {
    Failure::Ours(anyhow!("nothing was kept: {error}"))
}
