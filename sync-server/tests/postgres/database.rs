//! Where the servers of these tests keep things: a PostgreSQL database for each test.

use std::io::Write;
use std::path::Path;

use sync_server::Database;
use tokio_postgres::types::FromSql;

use crate::cluster;

/// What a column may be read as.
pub(crate) trait Told: for<'a> FromSql<'a> + Send {}
impl<T: for<'a> FromSql<'a> + Send> Told for T {}

pub(crate) struct Kept(String);

impl Kept {
    /// A database of its own. Without PostgreSQL nothing here can run: the program ends.
    pub(crate) fn new(_: &Path) -> Self {
        let Some(address) = cluster::empty_database() else {
            // Not by a macro, whose words are kept from whoever runs the tests.
            let why = b"skipped: PostgreSQL is not installed (sudo apt-get install postgresql)\n";
            std::io::stderr().write_all(why).unwrap();
            std::process::exit(0);
        };
        Self(address)
    }

    pub(crate) fn address(&self) -> Option<Database> {
        Some(self.0.parse().unwrap())
    }

    /// The first column of what a query finds.
    pub(crate) fn column<T: Told>(&self, query: &str) -> Vec<T> {
        cluster::within(&self.0, async |client| {
            let rows = client.query(query, &[]).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        })
    }

    /// Does to the database what the server never does.
    pub(crate) fn change(&self, statement: &str) -> Result<(), String> {
        cluster::within(&self.0, async |client| {
            client.batch_execute(statement).await.map_err(|error| error.to_string())
        })
    }
}
