//! Who may sign in at this tablet, and how often they were wrong.

use rusqlite::{Row, params};

use super::Store;
use crate::trouble::Trouble;

/// Somebody who may sign in.
pub(crate) struct AgentRow {
    pub(crate) id: [u8; 16],
    pub(crate) name: String,
    pub(crate) salt: [u8; 16],
    /// What only agents may use, under this one's PIN; empty once they are locked out.
    pub(crate) wrapped: Vec<u8>,
    pub(crate) failures: u32,
}

impl Store {
    /// Everyone who may sign in, the first added first.
    pub(crate) fn agents(&self) -> Result<Vec<AgentRow>, Trouble> {
        let query =
            "SELECT id, name, salt, wrapped, failures FROM stand_agent ORDER BY added_ms, id";
        let mut statement = self.connection.prepare_cached(query)?;
        let read =
            |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        type Stored = ([u8; 16], Vec<u8>, [u8; 16], Vec<u8>, u32);
        let rows: Vec<Stored> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
        rows.into_iter()
            .map(|(id, sealed, salt, wrapped, failures)| {
                let name = self.unseal("stand_agent", &id, &sealed)?;
                let name = String::from_utf8(name).map_err(|_| Trouble::Damaged)?;
                Ok(AgentRow { id, name, salt, wrapped, failures })
            })
            .collect()
    }

    /// Adds an agent; with the first, what was sealed for nobody goes.
    pub(crate) fn add_agent(&mut self, agent: &AgentRow, now_ms: i64) -> Result<(), Trouble> {
        let name = self.seal("stand_agent", &agent.id, agent.name.as_bytes())?;
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO stand_agent (id, name, salt, wrapped, added_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![agent.id, name, agent.salt, agent.wrapped, now_ms],
        )?;
        let first = transaction.execute("UPDATE stand SET bundle = x'' WHERE bundle <> x''", [])?;
        transaction.commit()?;
        if first > 0 { self.scrub() } else { Ok(()) }
    }

    /// Counts a try, before it is made: whoever cuts the power gains none.
    pub(crate) fn count_pin_try(&self, agent: &[u8; 16]) -> Result<(), Trouble> {
        let query = "UPDATE stand_agent SET failures = failures + 1 WHERE id = ?1";
        self.connection.execute(query, [agent])?;
        Ok(())
    }

    /// The PIN was right.
    pub(crate) fn forget_pin_tries(&self, agent: &[u8; 16]) -> Result<(), Trouble> {
        let query = "UPDATE stand_agent SET failures = 0 WHERE id = ?1";
        self.connection.execute(query, [agent])?;
        Ok(())
    }

    /// Erases what this agent's PIN opened: nothing is left to try it on.
    pub(crate) fn lock_agent(&self, agent: &[u8; 16]) -> Result<(), Trouble> {
        let query = "UPDATE stand_agent SET wrapped = x'' WHERE id = ?1";
        self.connection.execute(query, [agent])?;
        self.scrub()
    }
}
