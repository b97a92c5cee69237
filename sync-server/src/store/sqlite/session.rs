//! Statements on a SQLite connection.

use std::ops::ControlFlow;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::failure::Failure;
use crate::store::db::{Db, Read, Row, Value};

/// A connection within a transaction.
pub(super) struct Session<'c>(pub(super) &'c Connection);

impl Db for Session<'_> {
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Failure> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()? as u64)
    }

    fn execute_many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
    ) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached(sql)?;
        for values in values.chunks(width) {
            bind(&mut statement, values)?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    fn each(&mut self, sql: &str, values: &[Value<'_>], read: Read<'_>) -> Result<(), Failure> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if read(row)? == ControlFlow::Break(()) {
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
        let mut statement = self.0.prepare_cached(sql)?;
        for (at, values) in values.chunks(width).enumerate() {
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                read(at, row)?;
            }
        }
        Ok(())
    }
}

fn bind(statement: &mut CachedStatement<'_>, values: &[Value<'_>]) -> Result<(), Failure> {
    for (place, value) in (1..).zip(values) {
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Row for rusqlite::Row<'_> {
    fn int(&self, at: usize) -> Result<i64, Failure> {
        Ok(self.get_ref(at)?.as_i64().map_err(rusqlite::Error::from)?)
    }

    fn text(&self, at: usize) -> Result<&str, Failure> {
        Ok(self.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?)
    }

    fn bytes(&self, at: usize) -> Result<&[u8], Failure> {
        Ok(self.get_ref(at)?.as_blob().map_err(rusqlite::Error::from)?)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Ours(error.into())
    }
}
