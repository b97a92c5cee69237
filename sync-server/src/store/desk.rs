//! Reviewers and their sessions.

use rusqlite::{Connection, OptionalExtension, params};

use crate::failure::Failure;

/// Staff on shared office machines: a short pause signs out, and so does the end of the day.
const IDLE_MS: i64 = 15 * 60_000;
const LONGEST_MS: i64 = 10 * 3_600_000;

/// Somebody who decides.
#[derive(Debug, Clone)]
pub(crate) struct KnownReviewer {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// Whether this is the very first start: nobody can sign in yet.
pub(crate) fn has_nobody(db: &Connection) -> Result<bool, Failure> {
    Ok(!db.prepare_cached("SELECT 1 FROM reviewer")?.exists([])?)
}

/// Adds a reviewer.
pub(crate) fn add(db: &Connection, name: &str, password_hash: &str) -> Result<(), Failure> {
    db.prepare_cached("INSERT INTO reviewer (name, password_hash) VALUES (?1, ?2)")?
        .execute([name, password_hash])?;
    Ok(())
}

/// A reviewer and the hash of their password.
pub(crate) fn by_name(
    db: &Connection,
    name: &str,
) -> Result<Option<(KnownReviewer, String)>, Failure> {
    let found = db
        .prepare_cached("SELECT id, name, password_hash FROM reviewer WHERE name = ?1")?
        .query_row([name], |row| {
            Ok((KnownReviewer { id: row.get(0)?, name: row.get(1)? }, row.get(2)?))
        })
        .optional()?;
    Ok(found)
}

/// Opens a session, and forgets those that ended.
pub(crate) fn open_session(
    db: &Connection,
    token_hash: &[u8; 32],
    reviewer: i64,
    now_ms: i64,
) -> Result<(), Failure> {
    db.prepare_cached("DELETE FROM desk_session WHERE seen_ms <= ?1 OR opened_ms <= ?2")?
        .execute([now_ms - IDLE_MS, now_ms - LONGEST_MS])?;
    db.prepare_cached(
        "INSERT INTO desk_session (token_hash, reviewer, opened_ms, seen_ms)
         VALUES (?1, ?2, ?3, ?3)",
    )?
    .execute(params![token_hash, reviewer, now_ms])?;
    Ok(())
}

/// Who holds this session, if it is still open; being asked keeps it open.
pub(crate) fn session(
    db: &Connection,
    token_hash: &[u8; 32],
    now_ms: i64,
) -> Result<Option<KnownReviewer>, Failure> {
    let open = db
        .prepare_cached(
            "UPDATE desk_session SET seen_ms = ?2
             WHERE token_hash = ?1 AND seen_ms > ?3 AND opened_ms > ?4",
        )?
        .execute(params![token_hash, now_ms, now_ms - IDLE_MS, now_ms - LONGEST_MS])?;
    if open == 0 {
        return Ok(None);
    }
    let found = db
        .prepare_cached(
            "SELECT reviewer.id, reviewer.name
             FROM desk_session JOIN reviewer ON reviewer.id = desk_session.reviewer
             WHERE desk_session.token_hash = ?1",
        )?
        .query_row([token_hash], |row| Ok(KnownReviewer { id: row.get(0)?, name: row.get(1)? }))
        .optional()?;
    Ok(found)
}

/// Ends a session.
pub(crate) fn close_session(db: &Connection, token_hash: &[u8; 32]) -> Result<(), Failure> {
    db.prepare_cached("DELETE FROM desk_session WHERE token_hash = ?1")?.execute([token_hash])?;
    Ok(())
}
