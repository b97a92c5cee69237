//! Finished dossiers: their lines, and their envelopes until the Region has them.

use dossier::stand::EnvelopeState;
use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, Row, params};

use super::Store;
use super::stand::{bytes_of, prints_of};
use crate::trouble::Trouble;
use crate::view::LineState;

/// The life of the server's database that this tablet last heard of.
const EPOCH: &str = "stand_epoch";

/// A dossier that is being finished.
pub(crate) struct Finishing<'a> {
    pub(crate) dossier: DossierId,
    pub(crate) stand: [u8; 16],
    pub(crate) sequence: u32,
    pub(crate) digest: [u8; 32],
    /// The envelope whose place it takes.
    pub(crate) supersedes: Option<[u8; 32]>,
    pub(crate) number: &'a str,
    pub(crate) initials: &'a str,
    pub(crate) agent: [u8; 16],
    pub(crate) finished_ms: i64,
    pub(crate) prints: &'a [u64],
    pub(crate) envelope: &'a [u8],
    /// Provisional cards that were made, with this one's.
    pub(crate) cards: u32,
}

/// A finished dossier, as the tablet keeps it.
pub(crate) struct LineRow {
    pub(crate) line: i64,
    pub(crate) dossier: DossierId,
    pub(crate) digest: [u8; 32],
    pub(crate) number: String,
    pub(crate) initials: String,
    pub(crate) agent: [u8; 16],
    pub(crate) finished_ms: i64,
    pub(crate) prints: Vec<u64>,
    pub(crate) state: LineState,
    /// Whether a later line takes its place.
    pub(crate) redone: bool,
}

const LINE: &str = "line, dossier, digest, number, initials, agent, finished_ms, prints, told,
                    receipt = x'',
                    EXISTS (SELECT 1 FROM finished AS later WHERE later.supersedes = finished.digest
                            AND later.dossier = finished.dossier)";

fn line_row(row: &Row<'_>) -> rusqlite::Result<LineRow> {
    let (prints, told): (Vec<u8>, String) = (row.get(7)?, row.get(8)?);
    let state = match (row.get(9)?, told.as_str()) {
        (true, _) => LineState::Sealed,
        (false, "stuck") => LineState::Stuck,
        (false, _) => LineState::Delivered,
    };
    Ok(LineRow {
        line: row.get(0)?,
        dossier: row.get(1)?,
        digest: row.get(2)?,
        number: row.get(3)?,
        initials: row.get(4)?,
        agent: row.get(5)?,
        finished_ms: row.get(6)?,
        prints: prints_of(&prints),
        state,
        redone: row.get(10)?,
    })
}

/// How many finished dossiers there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LineCounts {
    pub(crate) all: u32,
    pub(crate) unsent: u32,
    pub(crate) stuck: u32,
    /// Since a moment that was asked for.
    pub(crate) since: u32,
}

impl Store {
    /// Keeps the envelope of a dossier and erases its draft with all that belongs to it, in one
    /// transaction; then nothing of it is left in the log either.
    pub(crate) fn finish(&mut self, finishing: &Finishing<'_>) -> Result<i64, Trouble> {
        self.recent.set(None);
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO finished (dossier, stand, sequence, digest, supersedes, number, initials,
                                   agent, finished_ms, prints)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                finishing.dossier,
                finishing.stand,
                finishing.sequence,
                finishing.digest,
                finishing.supersedes.map(Vec::from).unwrap_or_default(),
                finishing.number,
                finishing.initials,
                finishing.agent,
                finishing.finished_ms,
                bytes_of(finishing.prints),
            ],
        )?;
        let line = transaction.last_insert_rowid();
        let query = "INSERT INTO envelope (line, sealed) VALUES (?1, ?2)";
        transaction.execute(query, params![line, finishing.envelope])?;
        let query = "UPDATE stand SET sequence = ?2, cards = ?3 WHERE id = ?1";
        transaction
            .execute(query, params![finishing.stand, finishing.sequence, finishing.cards])?;
        transaction.execute("DELETE FROM draft WHERE id = ?1", [finishing.dossier])?;
        transaction.commit()?;
        // It is finished: what is left in the log, the next start or the next one erases too.
        let _ = self.scrub();
        Ok(line)
    }

    /// The lines that were finished before this one, the last first.
    pub(crate) fn lines(&self, before: Option<i64>, most: u32) -> Result<Vec<LineRow>, Trouble> {
        let query =
            format!("SELECT {LINE} FROM finished WHERE line < ?1 ORDER BY line DESC LIMIT ?2");
        let mut statement = self.connection.prepare_cached(&query)?;
        let rows = statement.query_map(params![before.unwrap_or(i64::MAX), most], line_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One line.
    pub(crate) fn line(&self, line: i64) -> Result<Option<LineRow>, Trouble> {
        let query = format!("SELECT {LINE} FROM finished WHERE line = ?1");
        Ok(self.connection.prepare_cached(&query)?.query_row([line], line_row).optional()?)
    }

    /// The last line of a dossier.
    pub(crate) fn line_of(&self, dossier: &DossierId) -> Result<Option<LineRow>, Trouble> {
        let query =
            format!("SELECT {LINE} FROM finished WHERE dossier = ?1 ORDER BY line DESC LIMIT 1");
        Ok(self.connection.prepare_cached(&query)?.query_row([dossier], line_row).optional()?)
    }

    /// How many there are, and how many were finished since a moment.
    pub(crate) fn count_lines(&self, since_ms: i64) -> Result<LineCounts, Trouble> {
        let query = "SELECT (SELECT count(*) FROM finished),
                            (SELECT count(*) FROM finished WHERE receipt = x''),
                            (SELECT count(*) FROM finished WHERE told = 'stuck'),
                            (SELECT count(*) FROM finished WHERE finished_ms >= ?1)";
        let read = |row: &Row<'_>| {
            let (all, unsent) = (row.get(0)?, row.get(1)?);
            Ok(LineCounts { all, unsent, stuck: row.get(2)?, since: row.get(3)? })
        };
        Ok(self.connection.prepare_cached(query)?.query_row([since_ms], read)?)
    }

    /// The envelopes that wait for their receipt, oldest first: line and digest.
    pub(crate) fn unsent(&self) -> Result<Vec<(i64, [u8; 32])>, Trouble> {
        let query = "SELECT line, digest FROM finished WHERE receipt = x'' ORDER BY line";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Some of those that the Region has, and had not opened when it last spoke of them.
    pub(crate) fn unopened(&self, most: u32) -> Result<Vec<[u8; 32]>, Trouble> {
        let query = "SELECT digest FROM finished WHERE receipt <> x'' AND told = ''
                     ORDER BY random() LIMIT ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([most], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An envelope; none once it was erased here.
    pub(crate) fn envelope(&self, line: i64) -> Result<Option<Vec<u8>>, Trouble> {
        let query = "SELECT sealed FROM envelope WHERE line = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement.query_row([line], |row| row.get(0)).optional()?)
    }

    /// Keeps the verified receipt of an envelope, and what the Region made of it.
    pub(crate) fn keep_envelope_receipt(
        &self,
        digest: &[u8; 32],
        signed: &[u8],
        stored_ms: i64,
        state: EnvelopeState,
    ) -> Result<(), Trouble> {
        let told = match state {
            EnvelopeState::Stored => "",
            EnvelopeState::Deposited => "deposited",
            EnvelopeState::Stuck => "stuck",
        };
        let query = "UPDATE finished SET receipt = ?2, stored_ms = ?3, told = ?4 WHERE digest = ?1";
        self.connection.execute(query, params![digest, signed, stored_ms, told])?;
        Ok(())
    }

    /// The server lives in this epoch. In another one than it was heard to live in before, it came back
    /// from a backup: every envelope that is still here waits again, and the prints of the other
    /// tablets are read anew. `true` when it is another.
    pub(crate) fn hear_epoch(&self, epoch: &str) -> Result<bool, Trouble> {
        let known = self.setting(EPOCH)?;
        if known.as_deref() == Some(epoch) {
            return Ok(false);
        }
        let transaction = self.connection.unchecked_transaction()?;
        if known.is_some() {
            transaction.execute_batch(
                "UPDATE finished SET receipt = x'', stored_ms = NULL, told = ''
                     WHERE line IN (SELECT line FROM envelope);
                 UPDATE stand SET prints_after = 0;",
            )?;
        }
        self.set_setting(EPOCH, epoch)?;
        transaction.commit()?;
        Ok(known.is_some())
    }

    /// Erases the envelopes that the Region stored before this moment, by its own clock.
    pub(crate) fn erase_stored(&self, before_ms: i64) -> Result<(), Trouble> {
        let query = "DELETE FROM envelope WHERE line IN
                         (SELECT line FROM finished WHERE receipt <> x'' AND stored_ms < ?1)";
        let erased = self.connection.execute(query, [before_ms])?;
        if erased == 0 { Ok(()) } else { self.scrub() }
    }

    /// When the Region stored the newest envelope of this tablet, by its own clock.
    pub(crate) fn last_stored(&self) -> Result<Option<i64>, Trouble> {
        let query = "SELECT max(stored_ms) FROM finished";
        Ok(self.connection.prepare_cached(query)?.query_row([], |row| row.get(0))?)
    }
}
