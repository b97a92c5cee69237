//! The one door to SQL: statements that SQLite and PostgreSQL both understand.
//!
//! Values are written `?1`, `?2`, …; numbers are `i64` (`INTEGER`, `BIGINT`), truths are 0 or 1,
//! bytes are `BLOB` or `BYTEA`, and nothing is NULL.

use std::ops::ControlFlow;

use anyhow::Context;
use uuid::Uuid;

use crate::failure::Failure;

/// What goes into a statement; borrowed, so that nothing is copied on its way.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// Says nothing of what it is, as a driver may log what it was given.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}

/// A database within a transaction.
pub(crate) trait Db {
    /// Runs a statement; how many rows it changed.
    fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, Failure>;

    /// Runs one statement for every `width` values, in as few round trips as the database allows.
    fn execute_many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
    ) -> Result<(), Failure>;

    /// Reads rows until `read` breaks.
    fn each(&mut self, sql: &str, values: &[Value<'_>], read: Read<'_>) -> Result<(), Failure>;

    /// Asks one question for every `width` values; `read` also learns which one a row answers.
    fn each_many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        read: &mut dyn FnMut(usize, &dyn Row) -> Result<(), Failure>,
    ) -> Result<(), Failure>;
}

/// What is done with a row.
pub(crate) type Read<'r> = &'r mut dyn FnMut(&dyn Row) -> Result<ControlFlow<()>, Failure>;

/// A row, whose columns are named by their place.
pub(crate) trait Row {
    fn int(&self, at: usize) -> Result<i64, Failure>;
    fn text(&self, at: usize) -> Result<&str, Failure>;
    fn bytes(&self, at: usize) -> Result<&[u8], Failure>;
}

impl dyn Db + '_ {
    /// What the first row says, if there is one.
    pub(crate) fn optional<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        let mut found = None;
        self.each(sql, values, &mut |row| {
            found = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// What the one row says that is there for sure.
    pub(crate) fn one<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(&dyn Row) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let found = self.optional(sql, values, read)?;
        Ok(found.context("a row that must be there is not")?)
    }

    /// What every row says.
    pub(crate) fn all<T>(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut found = Vec::new();
        self.each(sql, values, &mut |row| {
            found.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Whether there is a row.
    pub(crate) fn exists(&mut self, sql: &str, values: &[Value<'_>]) -> Result<bool, Failure> {
        Ok(self.optional(sql, values, |_| Ok(()))?.is_some())
    }

    /// Adds a row, each value beside the name of its column.
    pub(crate) fn insert(
        &mut self,
        table: &str,
        columns: &[(&str, Value<'_>)],
    ) -> Result<(), Failure> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
        let values: Vec<Value<'_>> = columns.iter().map(|(_, value)| *value).collect();
        let (names, places) = (names.join(", "), places.join(", "));
        self.execute(&format!("INSERT INTO {table} ({names}) VALUES ({places})"), &values)?;
        Ok(())
    }

    /// Changes the row of a key, each value beside the name of its column.
    pub(crate) fn update(
        &mut self,
        table: &str,
        columns: &[(&str, Value<'_>)],
        (key, is): (&str, Value<'_>),
    ) -> Result<(), Failure> {
        let set: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, (name, _))| format!("{name} = ?{}", at + 2))
            .collect();
        let values: Vec<Value<'_>> =
            [is].into_iter().chain(columns.iter().map(|(_, value)| *value)).collect();
        self.execute(&format!("UPDATE {table} SET {} WHERE {key} = ?1", set.join(", ")), &values)?;
        Ok(())
    }
}

impl dyn Row + '_ {
    pub(crate) fn uuid(&self, at: usize) -> Result<Uuid, Failure> {
        Ok(Uuid::from_bytes(self.array(at)?))
    }

    /// Bytes of a known number, as a hash.
    pub(crate) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Failure> {
        Ok(self.bytes(at)?.try_into().context("stored bytes of another length")?)
    }

    /// A number that was one of ours when it was stored.
    pub(crate) fn small<T: TryFrom<i64>>(&self, at: usize) -> Result<T, Failure> {
        Ok(T::try_from(self.int(at)?).ok().context("a stored number is too large")?)
    }

    pub(crate) fn string(&self, at: usize) -> Result<String, Failure> {
        self.text(at).map(str::to_owned)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Int(truth.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Uuid> for Value<'a> {
    fn from(id: &'a Uuid) -> Self {
        Self::Bytes(id.as_bytes())
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

/// The values of a statement, in their order: `values![id, now_ms]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::db::Value::from($value)),*] };
}
pub(crate) use values;
