//! Where the servers of these tests keep things: the default, a file in their folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::StatusCode;
use sync_server::Database;

use crate::world::{Server, get};

/// What a column may be read as.
pub(crate) use rusqlite::types::FromSql as Told;

pub(crate) struct Kept(PathBuf);

impl Kept {
    pub(crate) fn new(data: &Path) -> Self {
        Self(data.join("server.sqlite"))
    }

    pub(crate) fn address(&self) -> Option<Database> {
        None
    }

    /// The first column of what a query finds.
    pub(crate) fn column<T: Told>(&self, query: &str) -> Vec<T> {
        let db = rusqlite::Connection::open(&self.0).unwrap();
        let mut statement = db.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Does to the database what the server never does.
    pub(crate) fn change(&self, statement: &str) -> Result<(), String> {
        let db = rusqlite::Connection::open(&self.0).unwrap();
        db.execute(statement, []).map(|_| ()).map_err(|error| error.to_string())
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_written_makes_the_server_unready_within_seconds() {
    let server = Server::start().await;
    let held = rusqlite::Connection::open(&server.kept.0).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    let asked = tokio::time::timeout(Duration::from_secs(4), server.ask(get("/readyz")));
    assert_eq!(asked.await.unwrap().status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.ask(get("/livez")).await.status, StatusCode::OK);
    held.execute_batch("ROLLBACK").unwrap();
    server.wait_ms(1_000);
    assert_eq!(server.ask(get("/readyz")).await.status, StatusCode::OK);
}
