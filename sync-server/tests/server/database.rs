//! Where the servers of these tests keep things: the default, a file in their folder.

use std::path::{Path, PathBuf};

use sync_server::Database;

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
