//! Statements on a PostgreSQL connection.

use std::error::Error;
use std::ops::ControlFlow;
use std::pin::pin;

use anyhow::anyhow;
use bytes::BytesMut;
use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use tokio::runtime::Handle;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::failure::Failure;
use crate::store::db::{Db, Read, Row, Value};

/// Statements that are on their way at the same time.
const IN_FLIGHT: usize = 256;

/// A connection within a transaction, used from a thread that may wait.
pub(super) struct Session<'c> {
    carriers: &'c Handle,
    client: &'c Object,
    /// Why the transaction can no longer be committed, even if the job goes on.
    pub(super) failed: Option<String>,
}

impl<'c> Session<'c> {
    pub(super) fn new(carriers: &'c Handle, client: &'c Object) -> Self {
        Self { carriers, client, failed: None }
    }

    fn wait<T>(
        &mut self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        self.carriers.block_on(work).map_err(|error| {
            let told = told(&error);
            self.failed = Some(told.clone());
            Failure::Ours(anyhow!(told))
        })
    }
}

impl Db for Session<'_> {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Failure> {
        let client = self.client;
        self.wait(async {
            let statement = client.prepare_cached(&numbered(sql)).await?;
            client.execute_raw(&statement, values.iter().copied()).await
        })
    }

    fn execute_many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
    ) -> Result<(), Failure> {
        let client = self.client;
        self.wait(async {
            let statement = client.prepare_cached(&numbered(sql)).await?;
            for some in values.chunks(width * IN_FLIGHT) {
                let each = some.chunks(width).map(|values| values.iter().copied());
                try_join_all(each.map(|values| client.execute_raw(&statement, values))).await?;
            }
            Ok(())
        })
    }

    fn each(&mut self, sql: &str, values: &[Value<'_>], read: Read<'_>) -> Result<(), Failure> {
        let client = self.client;
        let rows = self.wait(async {
            let statement = client.prepare_cached(&numbered(sql)).await?;
            client.query_raw(&statement, values.iter().copied()).await
        })?;
        let mut rows = pin!(rows);
        while let Some(row) = self.wait(rows.try_next())? {
            if read(&row)? == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    }

    fn each_many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        read: &mut dyn FnMut(usize, &dyn Row) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let client = self.client;
        let statement = self.wait(client.prepare_cached(&numbered(sql)))?;
        let mut at = 0;
        for some in values.chunks(width * IN_FLIGHT) {
            let asked = some.chunks(width).map(|values| {
                let rows = client.query_raw(&statement, values.iter().copied());
                async { rows.await?.try_collect::<Vec<_>>().await }
            });
            for rows in self.wait(try_join_all(asked))? {
                rows.iter().try_for_each(|row| read(at, row))?;
                at += 1;
            }
        }
        Ok(())
    }
}

/// `?1` as PostgreSQL writes it. No statement holds a question mark of its own.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Int(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl Row for tokio_postgres::Row {
    /// Numbers that a statement spells out (`1`) come as the smaller kind.
    fn int(&self, at: usize) -> Result<i64, Failure> {
        let small = self.columns().get(at).is_some_and(|column| *column.type_() == Type::INT4);
        let read = if small {
            self.try_get::<_, i32>(at).map(i64::from)
        } else {
            self.try_get::<_, i64>(at)
        };
        read.map_err(unread)
    }

    fn text(&self, at: usize) -> Result<&str, Failure> {
        self.try_get(at).map_err(unread)
    }

    fn bytes(&self, at: usize) -> Result<&[u8], Failure> {
        self.try_get(at).map_err(unread)
    }
}

fn unread(error: tokio_postgres::Error) -> Failure {
    Failure::Ours(anyhow!("a stored value cannot be read: {}", told(&error)))
}

/// What a log may hold of an error. The database's own sentences may quote a whole row: of them
/// only the code and the broken rule are kept.
pub(super) fn told(error: &(dyn Error + 'static)) -> String {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(db) = error.downcast_ref::<tokio_postgres::error::DbError>() {
            let rule = db.constraint().unwrap_or_default();
            return format!("SQLSTATE {} {rule}", db.code().code()).trim_end().to_owned();
        }
        at = error.source();
    }
    let mut words = error.to_string();
    let mut at = error.source();
    while let Some(error) = at {
        words = format!("{words}: {error}");
        at = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_as_postgresql_wants_them() {
        assert_eq!(numbered("a = ?1 AND b IN (?2, ?12)"), "a = $1 AND b IN ($2, $12)");
    }
}
