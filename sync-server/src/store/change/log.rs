//! The log of one draft during one push: what stands in it, and what it takes.

use std::borrow::Cow;
use std::collections::HashSet;

use dossier::document::Hash;
use dossier::document::guard::{Admitted, admit};
use dossier::sync::RejectedCode;
use uuid::Uuid;

use crate::failure::Failure;
use crate::gate::Device;
use crate::store::db::{Db, Row, Value};

/// What one draft may weigh: a filled form with some corrections weighs 5 kB.
const MOST_BYTES: i64 = 256 * 1024;
const MOST_CHANGES: i64 = 2_000;
/// Changes of a draft that wait for those they follow.
const MOST_PARKED: usize = 64;

/// A change that is added to the log.
pub(super) struct Taken<'a> {
    pub(super) hash: Hash,
    pub(super) actor: Cow<'a, [u8]>,
    pub(super) actor_seq: u64,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// A change that waits for those it follows.
struct Parked {
    hash: Hash,
    change: Admitted,
    /// Whether it waits since before this push.
    stored: bool,
}

/// What stands in the log of a draft, and what this push does to it.
#[derive(Default)]
pub(super) struct Log<'a> {
    /// Who owns the draft; none yet when it is new.
    space: Option<Uuid>,
    is_gone: bool,
    is_deposited: bool,
    changes: i64,
    bytes: i64,
    hashes: HashSet<Hash>,
    written: HashSet<(Vec<u8>, u64)>,
    parked: Vec<Parked>,
    added: Vec<Taken<'a>>,
    unparked: Vec<Hash>,
}

/// Reads the logs of these drafts, one question for each kind of row.
pub(super) fn read<'a>(db: &mut dyn Db, ids: &[Uuid]) -> Result<Vec<Log<'a>>, Failure> {
    let mut logs: Vec<Log<'a>> = Vec::new();
    logs.resize_with(ids.len(), Log::default);
    ask(
        db,
        "SELECT space, changes, bytes FROM draft WHERE id = ?1",
        ids,
        &mut logs,
        |log, row| {
            log.space = Some(row.uuid(0)?);
            (log.changes, log.bytes) = (row.int(1)?, row.int(2)?);
            Ok(())
        },
    )?;
    ask(db, "SELECT 1 FROM tombstone WHERE draft = ?1", ids, &mut logs, |log, _| {
        log.is_gone = true;
        Ok(())
    })?;
    if logs.iter().all(|log| log.space.is_none()) {
        return Ok(logs);
    }
    let written = "SELECT hash, actor, actor_seq FROM change WHERE draft = ?1";
    ask(db, written, ids, &mut logs, |log, row| {
        log.hashes.insert(row.array(0)?);
        log.written.insert((row.bytes(1)?.to_vec(), row.int(2)?.unsigned_abs()));
        Ok(())
    })?;
    ask(db, "SELECT bytes FROM parked WHERE draft = ?1", ids, &mut logs, |log, row| {
        let change = admit(row.bytes(0)?).map_err(anyhow::Error::from)?;
        log.parked.push(Parked { hash: change.hash(), change, stored: true });
        Ok(())
    })?;
    ask(db, "SELECT 1 FROM dossier WHERE draft = ?1", ids, &mut logs, |log, _| {
        log.is_deposited = true;
        Ok(())
    })?;
    Ok(logs)
}

fn ask<'a>(
    db: &mut dyn Db,
    sql: &str,
    ids: &[Uuid],
    logs: &mut [Log<'a>],
    mut note: impl FnMut(&mut Log<'a>, &dyn Row) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let values: Vec<Value<'_>> = ids.iter().map(Into::into).collect();
    db.each_many(sql, 1, &values, &mut |at, row| match logs.get_mut(at) {
        Some(log) => note(log, row),
        None => Ok(()),
    })
}

impl<'a> Log<'a> {
    /// Takes a change, parks it, or says why neither.
    pub(super) fn take(
        &mut self,
        device: Device,
        change: &'a Admitted,
    ) -> Result<(), RejectedCode> {
        let hash = change.hash();
        if self.space.is_some_and(|space| space != device.space) {
            return Err(RejectedCode::Foreign);
        }
        if self.is_gone {
            return Err(RejectedCode::Gone);
        }
        let waits = |parked: &Parked| parked.hash == hash;
        if self.hashes.contains(&hash) || self.parked.iter().any(waits) {
            return Ok(());
        }
        if self.is_deposited {
            return Err(RejectedCode::Deposited);
        }
        self.fits(change)?;
        if !self.has_all(change.deps()) {
            if self.parked.len() >= MOST_PARKED {
                return Err(RejectedCode::TooMany);
            }
            self.parked.push(Parked { hash, change: change.clone(), stored: false });
            return Ok(());
        }
        let (actor, actor_seq) = change.actor();
        let (actor, bytes) = (Cow::Borrowed(actor), Cow::Borrowed(change.bytes()));
        self.add(Taken { hash, actor, actor_seq, bytes });
        // At once: what waits may be what the next change of this push follows.
        self.unpark();
        Ok(())
    }

    /// Whether the draft stays an honest one with this change.
    fn fits(&self, change: &Admitted) -> Result<(), RejectedCode> {
        let waiting: usize = self.parked.iter().map(|parked| parked.change.bytes().len()).sum();
        let bytes = i64::try_from(change.bytes().len() + waiting).unwrap_or(i64::MAX);
        if self.bytes.saturating_add(bytes) > MOST_BYTES || self.changes >= MOST_CHANGES {
            return Err(RejectedCode::TooMany);
        }
        let (actor, seq) = change.actor();
        if i64::try_from(seq).is_err() {
            return Err(RejectedCode::Guard);
        }
        if self.written.contains(&(actor.to_vec(), seq)) {
            return Err(RejectedCode::DuplicateSeq);
        }
        Ok(())
    }

    fn has_all(&self, hashes: &[Hash]) -> bool {
        hashes.iter().all(|hash| self.hashes.contains(hash))
    }

    fn add(&mut self, taken: Taken<'a>) {
        self.hashes.insert(taken.hash);
        self.written.insert((taken.actor.to_vec(), taken.actor_seq));
        self.changes += 1;
        self.bytes += i64::try_from(taken.bytes.len()).unwrap_or(i64::MAX);
        self.added.push(taken);
    }

    /// Takes what waited only for what is there now.
    fn unpark(&mut self) {
        while let Some(at) =
            self.parked.iter().position(|parked| self.has_all(parked.change.deps()))
        {
            let Parked { hash, change, stored } = self.parked.swap_remove(at);
            if stored {
                self.unparked.push(hash);
            }
            let (actor, actor_seq) = change.actor();
            // Another change took its number meanwhile: two under one number break the draft.
            if self.written.contains(&(actor.to_vec(), actor_seq)) {
                continue;
            }
            let taken = Taken {
                hash,
                actor: Cow::Owned(actor.to_vec()),
                actor_seq,
                bytes: Cow::Owned(change.bytes().to_vec()),
            };
            self.add(taken);
        }
    }

    /// Whether the row of the draft is to be written: it must be there before its changes are.
    pub(super) fn is_touched(&self) -> bool {
        !self.added.is_empty() || self.newly_parked().next().is_some()
    }

    /// How many changes the log has now, and what they weigh.
    pub(super) fn weight(&self) -> (i64, i64) {
        (self.changes, self.bytes)
    }

    pub(super) fn added(&self) -> &[Taken<'a>] {
        &self.added
    }

    /// Hash and bytes of what is to be parked.
    pub(super) fn newly_parked(&self) -> impl Iterator<Item = (&Hash, &[u8])> {
        let new = self.parked.iter().filter(|parked| !parked.stored);
        new.map(|parked| (&parked.hash, parked.change.bytes()))
    }

    pub(super) fn unparked(&self) -> &[Hash] {
        &self.unparked
    }
}
