//! Where everything is kept: two `SQLite` files, one writer each, every commit on the disk.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod card;
pub(crate) mod change;
pub(crate) mod desk;
pub(crate) mod dossier;
pub(crate) mod duplicate;
pub(crate) mod photo;
pub(crate) mod photo_report;
pub(crate) mod publication;
pub(crate) mod space;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::failure::Failure;

mod schema {
    refinery::embed_migrations!("../migrations/server-sqlite");
}
mod photo_schema {
    refinery::embed_migrations!("../migrations/server-photos");
}

/// A writer waits this long for another process (a backup, an operator) to let go.
const BUSY: Duration = Duration::from_secs(5);

/// The open databases. Work runs on threads that may block, never on those that serve requests.
#[derive(Clone)]
pub(crate) struct Store {
    writer: Arc<Mutex<Connection>>,
    reader: Arc<Mutex<Connection>>,
    photos: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the databases under `data`, and brings their schemas up to date.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let main = data.join("server.sqlite");
        let mut writer = open(&main)?;
        schema::migrations::runner().set_grouped(true).run(&mut writer).context(TOO_NEW)?;
        let mut photos = open(&data.join("photos.sqlite"))?;
        photo_schema::migrations::runner().set_grouped(true).run(&mut photos).context(TOO_NEW)?;
        let reader = Connection::open_with_flags(&main, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.busy_timeout(BUSY)?;
        reader.pragma_update(None, "temp_store", "MEMORY")?;
        let share = |connection| Arc::new(Mutex::new(connection));
        Ok(Self { writer: share(writer), reader: share(reader), photos: share(photos) })
    }

    /// One transaction: all of `work` or nothing of it. Returns after the COMMIT is on the disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        transact(self.writer.clone(), work).await
    }

    /// A consistent view of the main database, which no writer delays.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let reader = self.reader.clone();
        blocking(move || {
            let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let view = reader.transaction_with_behavior(TransactionBehavior::Deferred)?;
            work(&view)
        })
        .await
    }

    /// One transaction on the photos.
    pub(crate) async fn photos<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        transact(self.photos.clone(), work).await
    }

    /// For the start, before anything is served.
    pub(crate) fn write_now<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        transact_now(&self.writer, work)
    }
}

const TOO_NEW: &str =
    "cannot bring the database up to date: a newer server wrote it, or a migration failed";

/// Runs work that blocks (a disk, a hash, a picture) on a thread made for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?
}

async fn transact<T: Send + 'static>(
    connection: Arc<Mutex<Connection>>,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    blocking(move || transact_now(&connection, work)).await
}

/// A poisoned lock is taken again: the transaction of the thread that panicked was rolled back.
fn transact_now<T>(
    connection: &Mutex<Connection>,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
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
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn pragma(connection: &Mutex<Connection>, name: &str) -> String {
        let connection = connection.lock().unwrap();
        connection
            .pragma_query_value(None, name, |row| {
                row.get::<_, rusqlite::types::Value>(0).map(|value| format!("{value:?}"))
            })
            .unwrap()
    }

    #[test]
    fn both_databases_run_with_the_durable_settings() {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(data.path()).unwrap();
        for database in [&store.writer, &store.photos] {
            assert_eq!(pragma(database, "journal_mode"), r#"Text("wal")"#);
            assert_eq!(pragma(database, "synchronous"), "Integer(2)", "FULL");
            assert_eq!(pragma(database, "foreign_keys"), "Integer(1)");
            assert_eq!(pragma(database, "secure_delete"), "Integer(1)");
            assert_eq!(pragma(database, "temp_store"), "Integer(2)", "MEMORY");
            assert_eq!(pragma(database, "busy_timeout"), "Integer(5000)");
        }
    }

    #[test]
    fn nobody_else_may_read_the_databases() {
        let data = tempfile::tempdir().unwrap();
        let _store = Store::open(data.path()).unwrap();
        for file in std::fs::read_dir(data.path()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", file.path().display());
        }
    }

    #[test]
    fn a_database_of_a_newer_server_is_refused_with_a_sentence_and_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(data.path()).unwrap();
        let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                     VALUES (999, 'from_the_future', '2030-01-01T00:00:00Z', '1')";
        store.writer.lock().unwrap().execute(newer, []).unwrap();
        drop(store);
        let refused = Store::open(data.path()).err().unwrap();
        assert!(refused.to_string().contains("newer server"));
    }
}
