//! The log of automerge changes, per space.

use std::collections::BTreeMap;

use dossier::document::guard::{Admitted, admit};
use dossier::document::{Draft, Hash};
use dossier::hexadecimal;
use dossier::sync::RejectedCode;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::failure::Failure;
use crate::gate::Device;

/// What one draft may weigh: a filled form with some corrections weighs 5 kB.
const MOST_DRAFT_BYTES: i64 = 256 * 1024;
const MOST_DRAFT_CHANGES: i64 = 2_000;
/// The server only reads documents: it never writes as this actor.
const READER: &[u8] = b"server";

/// A change that passed the guard, for this draft.
pub(crate) struct Pushed {
    pub(crate) draft: Uuid,
    pub(crate) change: Admitted,
}

/// What became of a pushed change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Stored, now or since before.
    Kept,
    /// Not stored, for this reason.
    Rejected(RejectedCode),
}

/// Appends a change to the log, if it may stand there.
pub(crate) fn keep(db: &Connection, device: Device, pushed: &Pushed) -> Result<Fate, Failure> {
    let (draft, change) = (pushed.draft, &pushed.change);
    let (hash, size) = (change.hash(), size(change));
    match weight(db, draft)? {
        Some(known) if known.space != device.space => {
            return Ok(Fate::Rejected(RejectedCode::Foreign));
        }
        Some(_) if is_stored(db, draft, &hash)? => return Ok(Fate::Kept),
        Some(_) if super::dossier::bound(db, draft)?.is_some() => {
            return Ok(Fate::Rejected(RejectedCode::Deposited));
        }
        Some(known) if known.bytes + size > MOST_DRAFT_BYTES => {
            return Ok(Fate::Rejected(RejectedCode::TooMany));
        }
        Some(known) if known.changes >= MOST_DRAFT_CHANGES => {
            return Ok(Fate::Rejected(RejectedCode::TooMany));
        }
        _ => {}
    }
    for dependency in change.deps() {
        if !is_stored(db, draft, dependency)? {
            return Ok(Fate::Rejected(RejectedCode::TooMany));
        }
    }
    let (actor, actor_seq) = change.actor();
    let Ok(actor_seq) = i64::try_from(actor_seq) else {
        return Ok(Fate::Rejected(RejectedCode::Guard));
    };
    let taken = "SELECT 1 FROM change WHERE draft = ?1 AND actor = ?2 AND actor_seq = ?3";
    let taken = db.prepare_cached(taken)?.exists(params![draft.as_bytes(), actor, actor_seq])?;
    if taken {
        return Ok(Fate::Rejected(RejectedCode::DuplicateSeq));
    }
    count(db, device.space, draft, size)?;
    db.prepare_cached(
        "INSERT INTO change (space, seq, draft, hash, actor, actor_seq, device, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        device.space.as_bytes(),
        next_seq(db, device.space)?,
        draft.as_bytes(),
        hash,
        actor,
        actor_seq,
        device.id,
        change.bytes()
    ])?;
    Ok(Fate::Kept)
}

/// What other devices added to a space.
pub(crate) struct News {
    pub(crate) changes: BTreeMap<Uuid, Vec<Vec<u8>>>,
    /// How far this reads the space.
    pub(crate) cursor: u64,
    pub(crate) more: bool,
}

/// Changes after `cursor` that this device did not push, up to `most_bytes`.
pub(crate) fn news(
    db: &Connection,
    device: Device,
    cursor: u64,
    most_bytes: usize,
) -> Result<News, Failure> {
    let last: i64 = db
        .prepare_cached("SELECT seq FROM space WHERE id = ?1")?
        .query_row([device.space.as_bytes()], |row| row.get(0))?;
    // A cursor from the future: this server was restored from a backup. Everything is told anew.
    let from = i64::try_from(cursor).ok().filter(|cursor| *cursor <= last).unwrap_or(0);
    let mut news = News { changes: BTreeMap::new(), cursor: last.unsigned_abs(), more: false };
    let mut statement = db.prepare_cached(
        "SELECT seq, draft, bytes FROM change
         WHERE space = ?1 AND seq > ?2 AND device <> ?3 ORDER BY seq",
    )?;
    let mut rows = statement.query(params![device.space.as_bytes(), from, device.id])?;
    let (mut told, mut size) = (from, 0);
    while let Some(row) = rows.next()? {
        let (seq, draft, bytes): (i64, [u8; 16], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        size += bytes.len();
        if size > most_bytes {
            news.cursor = told.unsigned_abs();
            news.more = true;
            break;
        }
        told = seq;
        news.changes.entry(Uuid::from_bytes(draft)).or_default().push(bytes);
    }
    Ok(news)
}

/// The document of a draft of this space. `None` when nothing of it arrived yet.
pub(crate) fn document(
    db: &Connection,
    space: Uuid,
    draft: Uuid,
) -> Result<Option<Draft>, Failure> {
    match weight(db, draft)? {
        None => return Ok(None),
        Some(known) if known.space != space => return Err(Failure::Forbidden),
        Some(_) => {}
    }
    let mut statement =
        db.prepare_cached("SELECT bytes FROM change WHERE draft = ?1 ORDER BY seq")?;
    let mut rows = statement.query([draft.as_bytes()])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        changes.push(admit(&bytes).map_err(anyhow::Error::from)?);
    }
    // Each change alone was let in; together they may still contradict each other.
    Draft::from_changes(READER, changes).map(Some).map_err(|_| Failure::Malformed)
}

/// Whether a draft of this space names this photo now.
pub(crate) fn names_photo(db: &Connection, space: Uuid, photo: &Hash) -> Result<bool, Failure> {
    let hex = hexadecimal::text(photo);
    // A change holds its texts as they are, so only drafts that ever said these digits are read.
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT draft FROM change WHERE space = ?1 AND instr(bytes, ?2) > 0",
    )?;
    let drafts = statement
        .query_map(params![space.as_bytes(), hex.as_bytes()], |row| row.get(0))?
        .collect::<Result<Vec<[u8; 16]>, _>>()?;
    for draft in drafts {
        let document = document(db, space, Uuid::from_bytes(draft))?;
        let named = document.is_some_and(|document| {
            document.answers().typed(dossier::form::Field::Photo).eq_ignore_ascii_case(&hex)
        });
        if named {
            return Ok(true);
        }
    }
    Ok(false)
}

struct Weight {
    space: Uuid,
    changes: i64,
    bytes: i64,
}

fn weight(db: &Connection, draft: Uuid) -> Result<Option<Weight>, Failure> {
    let row = db
        .prepare_cached("SELECT space, changes, bytes FROM draft WHERE id = ?1")?
        .query_row([draft.as_bytes()], |row| {
            let space = Uuid::from_bytes(row.get(0)?);
            Ok(Weight { space, changes: row.get(1)?, bytes: row.get(2)? })
        })
        .optional()?;
    Ok(row)
}

fn size(change: &Admitted) -> i64 {
    i64::try_from(change.bytes().len()).unwrap_or(i64::MAX)
}

fn count(db: &Connection, space: Uuid, draft: Uuid, bytes: i64) -> Result<(), Failure> {
    db.prepare_cached(
        "INSERT INTO draft (id, space, changes, bytes) VALUES (?1, ?2, 1, ?3)
         ON CONFLICT (id) DO UPDATE SET changes = changes + 1, bytes = bytes + excluded.bytes",
    )?
    .execute(params![draft.as_bytes(), space.as_bytes(), bytes])?;
    Ok(())
}

fn next_seq(db: &Connection, space: Uuid) -> Result<i64, Failure> {
    let seq = db
        .prepare_cached("UPDATE space SET seq = seq + 1 WHERE id = ?1 RETURNING seq")?
        .query_row([space.as_bytes()], |row| row.get(0))?;
    Ok(seq)
}

fn is_stored(db: &Connection, draft: Uuid, hash: &Hash) -> Result<bool, Failure> {
    let mut stored = db.prepare_cached("SELECT 1 FROM change WHERE draft = ?1 AND hash = ?2")?;
    Ok(stored.exists(params![draft.as_bytes(), hash])?)
}
