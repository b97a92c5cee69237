//! The log of automerge changes, per space: what a push adds, what a pull tells.

pub(crate) mod followed;
mod log;

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;

use dossier::document::guard::{Admitted, admit};
use dossier::document::{Draft, Hash};
use dossier::form::Field;
use dossier::sync::RejectedCode;
use uuid::Uuid;

use super::db::{Db, Value, values};
use super::stand::Stand;
use crate::failure::Failure;
use crate::gate::Device;
use log::Log;

/// Changes that one answer tells: whoever asks may not take more in a message either.
const MOST_TOLD: i64 = 2_000;
/// The server only reads documents: it never writes as this actor.
const READER: &[u8] = b"server";

/// A change that passed the guard, for this draft.
pub(crate) struct Pushed {
    pub(crate) draft: Uuid,
    pub(crate) change: Admitted,
}

/// What became of a push.
pub(crate) struct Kept {
    /// Places in the push of the changes that are not stored, and why.
    pub(crate) rejected: Vec<(usize, RejectedCode)>,
    /// How the log of the space grew, when other devices have something to read.
    pub(crate) grown: Option<Grown>,
}

/// How the log of a space grew by a push.
pub(crate) struct Grown {
    /// The last number before it.
    pub(crate) before: i64,
    /// The last number now.
    pub(crate) to: i64,
    /// Whether all of it came with this very push, and nothing had waited for it.
    pub(crate) by_itself: bool,
}

/// Appends what may stand in the log, parks what came too early, and says what is refused. The
/// work of a push is one statement for each kind of row, whatever its length.
pub(crate) fn keep(db: &mut dyn Db, device: Device, pushed: &[Pushed]) -> Result<Kept, Failure> {
    let mut places: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (at, one) in pushed.iter().enumerate() {
        places.entry(one.draft).or_default().push(at);
    }
    let ids: Vec<Uuid> = places.keys().copied().collect();
    let mut logs = log::read(db, &ids)?;
    let mut rejected = Vec::new();
    for (log, places) in logs.iter_mut().zip(places.values()) {
        for at in places {
            let Some(one) = pushed.get(*at) else { continue };
            if let Err(code) = log.take(device, &one.change) {
                rejected.push((*at, code));
            }
        }
    }
    let grown = append(db, device, &ids, &logs)?;
    Ok(Kept { rejected, grown })
}

/// Writes what the logs took.
fn append(
    db: &mut dyn Db,
    device: Device,
    ids: &[Uuid],
    logs: &[Log],
) -> Result<Option<Grown>, Failure> {
    let added: i64 = logs.iter().map(|log| i64::try_from(log.added().len()).unwrap_or(0)).sum();
    let to = if added > 0 { advance(db, device.space, added)? } else { 0 };
    let mut seq = to - added;
    let (mut drafts, mut changes) = (Vec::new(), Vec::new());
    let (mut parked, mut unparked) = (Vec::new(), Vec::new());
    for (draft, log) in ids.iter().zip(logs) {
        if log.is_touched() {
            let (count, bytes) = log.weight();
            let row: [Value<'_>; 4] =
                [draft.into(), (&device.space).into(), count.into(), bytes.into()];
            drafts.extend(row);
        }
        for taken in log.added() {
            seq += 1;
            changes.extend(change_row(&device, seq, draft, taken)?);
        }
        for (hash, bytes) in log.newly_parked() {
            let row: [Value<'_>; 4] = [draft.into(), hash.into(), device.id.into(), bytes.into()];
            parked.extend(row);
        }
        for hash in log.unparked() {
            let row: [Value<'_>; 2] = [draft.into(), hash.into()];
            unparked.extend(row);
        }
    }
    db.execute_many(
        "INSERT INTO draft (id, space, changes, bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET changes = excluded.changes, bytes = excluded.bytes",
        4,
        &drafts,
    )?;
    db.execute_many(
        "INSERT INTO change (space, seq, draft, hash, actor, actor_seq, device, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        8,
        &changes,
    )?;
    db.execute_many(
        "INSERT INTO parked (draft, hash, device, bytes) VALUES (?1, ?2, ?3, ?4)",
        4,
        &parked,
    )?;
    db.execute_many("DELETE FROM parked WHERE draft = ?1 AND hash = ?2", 2, &unparked)?;
    let by_itself = unparked.is_empty();
    Ok((added > 0).then_some(Grown { before: to - added, to, by_itself }))
}

fn change_row<'a>(
    device: &'a Device,
    seq: i64,
    draft: &'a Uuid,
    taken: &'a log::Taken<'_>,
) -> Result<[Value<'a>; 8], Failure> {
    let actor_seq = i64::try_from(taken.actor_seq).map_err(anyhow::Error::from)?;
    Ok([
        (&device.space).into(),
        seq.into(),
        draft.into(),
        (&taken.hash).into(),
        taken.actor.as_ref().into(),
        actor_seq.into(),
        device.id.into(),
        taken.bytes.as_ref().into(),
    ])
}

/// Numbers for so many news of a space; the last of them.
pub(crate) fn advance(db: &mut dyn Db, space: Uuid, by: i64) -> Result<i64, Failure> {
    let next = "UPDATE space SET seq = seq + ?2 WHERE id = ?1 RETURNING seq";
    db.one(next, values![&space, by], |row| row.int(0))
}

/// What a space has to tell.
pub(crate) struct News {
    pub(crate) changes: BTreeMap<Uuid, Vec<Vec<u8>>>,
    pub(crate) gone: Vec<Uuid>,
    /// How far this reads the space.
    pub(crate) cursor: u64,
    pub(crate) more: bool,
}

/// Everything after `cursor` but the changes in `known`, up to `most_bytes`.
///
/// A device is told its own earlier changes too: one that came back from a backup lacks them.
pub(crate) fn news(
    db: &mut dyn Db,
    space: Uuid,
    cursor: u64,
    known: &HashSet<Hash>,
    most_bytes: usize,
) -> Result<News, Failure> {
    let last = db.one("SELECT seq FROM space WHERE id = ?1", values![&space], |row| row.int(0))?;
    // A cursor from the future: this server came back from an older copy. Everything is told anew.
    let from = i64::try_from(cursor).ok().filter(|cursor| *cursor <= last).unwrap_or(0);
    let (changes, gone) = (BTreeMap::new(), Vec::new());
    let mut news = News { changes, gone, cursor: last.unsigned_abs(), more: false };
    let (mut told, mut size, mut count) = (from, 0, 0);
    db.each(
        "SELECT seq, draft, hash, bytes FROM change WHERE space = ?1 AND seq > ?2
         ORDER BY seq LIMIT ?3",
        values![&space, from, MOST_TOLD + 1],
        &mut |row| {
            count += 1;
            if !known.contains(&row.array::<32>(2)?) {
                let bytes = row.bytes(3)?;
                size += bytes.len();
                if size <= most_bytes && count <= MOST_TOLD {
                    news.changes.entry(row.uuid(1)?).or_default().push(bytes.to_vec());
                }
            }
            if size > most_bytes || count > MOST_TOLD {
                news.cursor = told.unsigned_abs();
                news.more = true;
                return Ok(ControlFlow::Break(()));
            }
            told = row.int(0)?;
            Ok(ControlFlow::Continue(()))
        },
    )?;
    let to = i64::try_from(news.cursor).map_err(anyhow::Error::from)?;
    news.gone = db.all(
        "SELECT draft FROM tombstone WHERE space = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
        values![&space, from, to],
        |row| row.uuid(0),
    )?;
    Ok(news)
}

/// The document of a draft of this space. `None` when nothing of it arrived yet.
pub(crate) fn document(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
) -> Result<Option<Draft>, Failure> {
    let Some(changes) = changes(db, space, draft)? else { return Ok(None) };
    // Each change alone was let in; together they may still contradict each other.
    Draft::from_changes(READER, changes).map(Some).map_err(|_| Failure::Malformed)
}

/// The changes of a draft of this space. `None` when nothing of it arrived yet.
fn changes(db: &mut dyn Db, space: Uuid, draft: Uuid) -> Result<Option<Vec<Admitted>>, Failure> {
    let owner = "SELECT space FROM draft WHERE id = ?1";
    match db.optional(owner, values![&draft], |row| row.uuid(0))? {
        None => return Ok(None),
        Some(owner) if owner != space => return Err(Failure::Forbidden),
        Some(_) => {}
    }
    let changes = "SELECT bytes FROM change WHERE draft = ?1 ORDER BY seq";
    let read = |row: &dyn super::db::Row| Ok(admit(row.bytes(0)?).map_err(anyhow::Error::from)?);
    db.all(changes, values![&draft], read).map(Some)
}

/// Whether this draft of this space names this photo now.
pub(crate) fn names_photo(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
    photo: &Hash,
) -> Result<bool, Failure> {
    let hex = dossier::hexadecimal::text(photo);
    match document(db, space, draft) {
        Ok(document) => Ok(document.is_some_and(|document| {
            document.answers().typed(Field::Photo).eq_ignore_ascii_case(&hex)
        })),
        Err(Failure::Forbidden | Failure::Malformed) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Deletes a draft of this space with its history, for ever. `None` when there is nothing to
/// delete: it is another's, deposited, or deleted before; else the photos that it named.
pub(crate) fn bury(
    db: &mut dyn Db,
    space: Uuid,
    draft: Uuid,
    now_ms: i64,
) -> Result<Option<Vec<Hash>>, Failure> {
    let owner = "SELECT space FROM draft WHERE id = ?1";
    let owner = db.optional(owner, values![&draft], |row| row.uuid(0))?;
    let buried = db.exists("SELECT 1 FROM tombstone WHERE draft = ?1", values![&draft])?;
    let theirs = owner.is_some_and(|owner| owner != space);
    if theirs || buried || super::dossier::bound(db, draft)?.is_some() {
        return Ok(None);
    }
    let photos = "SELECT photo FROM photo_reference WHERE draft = ?1";
    let photos = db.all(photos, values![&draft], |row| row.array(0))?;
    forget_history(db, draft)?;
    db.execute("DELETE FROM photo_reference WHERE draft = ?1", values![&draft])?;
    db.execute("DELETE FROM draft WHERE id = ?1", values![&draft])?;
    let seq = advance(db, space, 1)?;
    db.execute(
        "INSERT INTO tombstone (draft, space, seq, gone_ms, erased) VALUES (?1, ?2, ?3, ?4, 0)",
        values![&draft, &space, seq, now_ms],
    )?;
    Ok(Some(photos))
}

/// Refuses what is gone for ever, from whatever space.
pub(crate) fn refuse_gone(db: &mut dyn Db, draft: Uuid) -> Result<(), Failure> {
    let space = "SELECT space FROM tombstone WHERE draft = ?1";
    match db.optional(space, values![&draft], |row| row.uuid(0))? {
        Some(space) => refuse_buried(db, space, draft),
        None => Ok(()),
    }
}

/// The space that a sealed enrolment goes to: the student's own, when the draft came from there; else
/// that of the stand, which no device may read.
pub(crate) fn home(db: &mut dyn Db, stand: &Stand, draft: Uuid) -> Result<Uuid, Failure> {
    let owner = "SELECT space FROM draft WHERE id = ?1";
    let owner = db.optional(owner, values![&draft], |row| row.uuid(0))?;
    let tablet = "SELECT space FROM device WHERE id = ?1";
    let tablet = db.optional(tablet, values![stand.device], |row| row.uuid(0))?;
    Ok(owner.filter(|owner| Some(*owner) != tablet).unwrap_or(stand.space))
}

/// Takes a draft that its tablet pushed itself out of the space that the tablet may read.
pub(crate) fn leave(db: &mut dyn Db, draft: Uuid, home: Uuid) -> Result<(), Failure> {
    let elsewhere = "SELECT 1 FROM draft WHERE id = ?1 AND space <> ?2";
    if db.exists(elsewhere, values![&draft, &home])? {
        forget_history(db, draft)?;
        db.execute("DELETE FROM photo_reference WHERE draft = ?1", values![&draft])?;
        db.execute("DELETE FROM draft WHERE id = ?1", values![&draft])?;
    }
    Ok(())
}

/// Refuses what is gone for ever from this space: a deleted draft, an erased dossier.
pub(crate) fn refuse_buried(db: &mut dyn Db, space: Uuid, draft: Uuid) -> Result<(), Failure> {
    let buried = "SELECT erased FROM tombstone WHERE draft = ?1 AND space = ?2";
    match db.optional(buried, values![&draft, &space], |row| row.int(0))? {
        None => Ok(()),
        Some(0) => Err(Failure::Deleted),
        Some(_) => Err(Failure::Erased),
    }
}

/// Forgets every former value of a draft: what is decided stands in the dossier.
pub(crate) fn forget_history(db: &mut dyn Db, draft: Uuid) -> Result<(), Failure> {
    db.execute("DELETE FROM change WHERE draft = ?1", values![&draft])?;
    db.execute("DELETE FROM parked WHERE draft = ?1", values![&draft])?;
    Ok(())
}
