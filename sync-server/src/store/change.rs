//! The log of automerge changes, per space.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use dossier::document::guard::{Admitted, admit};
use dossier::document::{Draft, Hash};
use dossier::hexadecimal;
use uuid::Uuid;

use super::db::{Db, values};
use crate::failure::Failure;
use crate::gate::Device;

/// What one draft may weigh: a filled form with some corrections weighs 5 kB.
const MOST_DRAFT_BYTES: i64 = 256 * 1024;
const MOST_DRAFT_CHANGES: i64 = 2_000;
/// Changes that one answer tells: whoever asks may not take more in a message either.
const MOST_TOLD: i64 = 2_000;
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
    Rejected(&'static str),
}

/// Appends a change to the log, if it may stand there.
pub(crate) fn keep(db: &mut dyn Db, device: Device, pushed: &Pushed) -> Result<Fate, Failure> {
    let (draft, change) = (pushed.draft, &pushed.change);
    let (hash, size) = (change.hash(), size(change));
    match weight(db, draft)? {
        Some(known) if known.space != device.space => return Ok(Fate::Rejected("foreign_draft")),
        Some(_) if is_stored(db, draft, &hash)? => return Ok(Fate::Kept),
        Some(_) if super::dossier::bound(db, draft)?.is_some() => {
            return Ok(Fate::Rejected("deposited"));
        }
        Some(known) if known.bytes + size > MOST_DRAFT_BYTES => return Ok(Fate::Rejected("guard")),
        Some(known) if known.changes >= MOST_DRAFT_CHANGES => return Ok(Fate::Rejected("guard")),
        _ => {}
    }
    for dependency in change.deps() {
        if !is_stored(db, draft, &dependency)? {
            return Ok(Fate::Rejected("missing_deps"));
        }
    }
    let (actor, actor_seq) = change.actor();
    let Ok(actor_seq) = i64::try_from(actor_seq) else { return Ok(Fate::Rejected("guard")) };
    let taken = "SELECT 1 FROM change WHERE draft = ?1 AND actor = ?2 AND actor_seq = ?3";
    let taken = db.exists(taken, values![&draft, actor, actor_seq])?;
    if taken {
        return Ok(Fate::Rejected("duplicate_seq"));
    }
    count(db, device.space, draft, size)?;
    let seq = next_seq(db, device.space)?;
    db.execute(
        "INSERT INTO change (space, seq, draft, hash, actor, actor_seq, device, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        values![&device.space, seq, &draft, &hash, actor, actor_seq, device.id, change.bytes()],
    )?;
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
    db: &mut dyn Db,
    device: Device,
    cursor: u64,
    most_bytes: usize,
) -> Result<News, Failure> {
    let last = "SELECT seq FROM space WHERE id = ?1";
    let last = db.one(last, values![&device.space], |row| row.int(0))?;
    // A cursor from the future: this server was restored from a backup. Everything is told anew.
    let from = i64::try_from(cursor).ok().filter(|cursor| *cursor <= last).unwrap_or(0);
    let mut news = News { changes: BTreeMap::new(), cursor: last.unsigned_abs(), more: false };
    let (mut told, mut size, mut count) = (from, 0, 0);
    db.each(
        "SELECT seq, draft, bytes FROM change
         WHERE space = ?1 AND seq > ?2 AND device <> ?3 ORDER BY seq LIMIT ?4",
        values![&device.space, from, device.id, MOST_TOLD + 1],
        &mut |row| {
            let bytes = row.bytes(2)?;
            size += bytes.len();
            count += 1;
            if size > most_bytes || count > MOST_TOLD {
                news.cursor = told.unsigned_abs();
                news.more = true;
                return Ok(ControlFlow::Break(()));
            }
            told = row.int(0)?;
            news.changes.entry(row.uuid(1)?).or_default().push(bytes.to_vec());
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(news)
}

/// The document of a draft of this space. `None` when nothing of it arrived yet.
pub(crate) fn document(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
) -> Result<Option<Draft>, Failure> {
    match weight(db, draft)? {
        None => return Ok(None),
        Some(known) if known.space != space => return Err(Failure::Forbidden),
        Some(_) => {}
    }
    let changes = "SELECT bytes FROM change WHERE draft = ?1 ORDER BY seq";
    let changes = db.all(changes, values![&draft], |row| {
        Ok(admit(row.bytes(0)?).map_err(anyhow::Error::from)?)
    })?;
    // Each change alone was let in; together they may still contradict each other.
    Draft::from_changes(READER, changes).map(Some).map_err(|_| Failure::Malformed)
}

/// Whether a draft of this space names this photo now.
pub(crate) fn names_photo(db: &mut dyn Db, space: Uuid, photo: &Hash) -> Result<bool, Failure> {
    let hex = hexadecimal::text(photo);
    let drafts = "SELECT id FROM draft WHERE space = ?1";
    for draft in db.all(drafts, values![&space], |row| row.uuid(0))? {
        let document = document(db, space, draft)?;
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

fn weight(db: &mut dyn Db, draft: Uuid) -> Result<Option<Weight>, Failure> {
    db.optional("SELECT space, changes, bytes FROM draft WHERE id = ?1", values![&draft], |row| {
        Ok(Weight { space: row.uuid(0)?, changes: row.int(1)?, bytes: row.int(2)? })
    })
}

fn size(change: &Admitted) -> i64 {
    i64::try_from(change.bytes().len()).unwrap_or(i64::MAX)
}

fn count(db: &mut dyn Db, space: Uuid, draft: Uuid, bytes: i64) -> Result<(), Failure> {
    db.execute(
        "INSERT INTO draft (id, space, changes, bytes) VALUES (?1, ?2, 1, ?3)
         ON CONFLICT (id) DO UPDATE SET
             changes = draft.changes + 1, bytes = draft.bytes + excluded.bytes",
        values![&draft, &space, bytes],
    )?;
    Ok(())
}

fn next_seq(db: &mut dyn Db, space: Uuid) -> Result<i64, Failure> {
    let next = "UPDATE space SET seq = seq + 1 WHERE id = ?1 RETURNING seq";
    db.one(next, values![&space], |row| row.int(0))
}

fn is_stored(db: &mut dyn Db, draft: Uuid, hash: &Hash) -> Result<bool, Failure> {
    db.exists("SELECT 1 FROM change WHERE draft = ?1 AND hash = ?2", values![&draft, hash])
}
