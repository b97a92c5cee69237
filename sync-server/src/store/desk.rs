//! Reviewers and their sessions.

use anyhow::Context;

use super::db::{Db, Row, values};
use crate::failure::Failure;

/// Staff on shared office machines: a short pause signs out, and so does the end of the day.
const IDLE_MS: i64 = 15 * 60_000;
const LONGEST_MS: i64 = 10 * 3_600_000;

/// What somebody at the desk may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Decides on dossiers.
    Reviewer,
    /// That, and sends tablets to events.
    Administrator,
}

impl Role {
    /// Its word in the table.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Administrator => "administrator",
        }
    }

    fn read(row: &dyn Row, at: usize) -> Result<Self, Failure> {
        let known = [Self::Reviewer, Self::Administrator];
        let word = row.text(at)?;
        let role = known.into_iter().find(|role| role.as_str() == word);
        Ok(role.context("a stored role cannot be read")?)
    }
}

/// Somebody who decides.
#[derive(Debug, Clone)]
pub(crate) struct KnownReviewer {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) role: Role,
}

impl KnownReviewer {
    /// Refuses whoever is none.
    pub(crate) fn must_be_administrator(&self) -> Result<(), Failure> {
        match self.role {
            Role::Administrator => Ok(()),
            Role::Reviewer => Err(Failure::NotAdministrator),
        }
    }

    fn read(row: &dyn Row) -> Result<Self, Failure> {
        Ok(Self { id: row.int(0)?, name: row.string(1)?, role: Role::read(row, 2)? })
    }
}

/// Whether this is the very first start: nobody can sign in yet.
pub(crate) fn has_nobody(db: &mut dyn Db) -> Result<bool, Failure> {
    Ok(!db.exists("SELECT 1 FROM reviewer", &[])?)
}

/// Adds a reviewer.
pub(crate) fn add(
    db: &mut dyn Db,
    name: &str,
    password_hash: &str,
    role: Role,
) -> Result<(), Failure> {
    db.insert(
        "reviewer",
        &[
            ("name", name.into()),
            ("password_hash", password_hash.into()),
            ("role", role.as_str().into()),
        ],
    )
}

/// Another hash for a reviewer, and no session that the former one opened.
pub(crate) fn change_password(
    db: &mut dyn Db,
    reviewer: i64,
    password_hash: &str,
) -> Result<(), Failure> {
    let changed = "UPDATE reviewer SET password_hash = ?2 WHERE id = ?1";
    db.execute(changed, values![reviewer, password_hash])?;
    db.execute("DELETE FROM desk_session WHERE reviewer = ?1", values![reviewer])?;
    Ok(())
}

/// Every reviewer, and the hash of their password.
pub(crate) fn all(db: &mut dyn Db) -> Result<Vec<(KnownReviewer, String)>, Failure> {
    let all = "SELECT id, name, role, password_hash FROM reviewer ORDER BY name";
    db.all(all, &[], |row| Ok((KnownReviewer::read(row)?, row.string(3)?)))
}

/// A reviewer and the hash of their password.
pub(crate) fn by_name(
    db: &mut dyn Db,
    name: &str,
) -> Result<Option<(KnownReviewer, String)>, Failure> {
    db.optional(
        "SELECT id, name, role, password_hash FROM reviewer WHERE name = ?1",
        values![name],
        |row| Ok((KnownReviewer::read(row)?, row.string(3)?)),
    )
}

/// What a reviewer is called; nothing when there is none of this number.
pub(crate) fn name(db: &mut dyn Db, reviewer: i64) -> Result<String, Failure> {
    let name = "SELECT name FROM reviewer WHERE id = ?1";
    Ok(db.optional(name, values![reviewer], |row| row.string(0))?.unwrap_or_default())
}

/// Opens a session, and forgets those that ended.
pub(crate) fn open_session(
    db: &mut dyn Db,
    token_hash: &[u8; 32],
    reviewer: i64,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute(
        "DELETE FROM desk_session WHERE seen_ms <= ?1 OR opened_ms <= ?2",
        values![now_ms - IDLE_MS, now_ms - LONGEST_MS],
    )?;
    db.execute(
        "INSERT INTO desk_session (token_hash, reviewer, opened_ms, seen_ms)
         VALUES (?1, ?2, ?3, ?3)",
        values![token_hash, reviewer, now_ms],
    )?;
    Ok(())
}

/// Who holds this session, if it is still open; being asked keeps it open.
pub(crate) fn session(
    db: &mut dyn Db,
    token_hash: &[u8; 32],
    now_ms: i64,
) -> Result<Option<KnownReviewer>, Failure> {
    let open = db.execute(
        "UPDATE desk_session SET seen_ms = ?2
         WHERE token_hash = ?1 AND seen_ms > ?3 AND opened_ms > ?4",
        values![token_hash, now_ms, now_ms - IDLE_MS, now_ms - LONGEST_MS],
    )?;
    if open == 0 {
        return Ok(None);
    }
    db.optional(
        "SELECT reviewer.id, reviewer.name, reviewer.role
         FROM desk_session JOIN reviewer ON reviewer.id = desk_session.reviewer
         WHERE desk_session.token_hash = ?1",
        values![token_hash],
        KnownReviewer::read,
    )
}

/// Ends a session.
pub(crate) fn close_session(db: &mut dyn Db, token_hash: &[u8; 32]) -> Result<(), Failure> {
    db.execute("DELETE FROM desk_session WHERE token_hash = ?1", values![token_hash])?;
    Ok(())
}
