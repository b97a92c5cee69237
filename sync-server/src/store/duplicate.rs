//! Requests to replace a card.

use ::dossier::card::DuplicateRequested;
use ::dossier::card::duplicate::{DuplicateAsk, DuplicateReason};
use ::dossier::card::status_list::Withdrawal;
use ::dossier::review::State;
use anyhow::Context;
use uuid::Uuid;

use super::db::{Db, Row, values};
use super::{card, dossier};
use crate::failure::Failure;
use crate::keys::Keys;

/// Takes a request: the old card is blocked at once and a new credential signed. The same request
/// again changes nothing.
pub(crate) fn take(
    db: &mut dyn Db,
    keys: &Keys,
    id: Uuid,
    ask: &DuplicateAsk,
    now_ms: i64,
) -> Result<(), Failure> {
    if let Some((dossier, known)) = known(db, id)? {
        let same = dossier == ask.dossier && known.reason == ask.reason;
        return if same { Ok(()) } else { Err(Failure::DuplicateOpen) };
    }
    if open(db, ask.dossier)?.is_some() {
        return Err(Failure::DuplicateOpen);
    }
    let asked = dossier::by_id(db, ask.dossier)?;
    let old = card::good(db, ask.dossier)?.ok_or(Failure::NoCard)?;
    if asked.state != State::Accepted || old.withdrawal.is_some() {
        return Err(Failure::NoCard);
    }
    card::withdraw(db, keys, old.place, Withdrawal::Blocked, now_ms)?;
    // Bound to no phone yet: whoever holds the old card's key must not hold the new one's.
    let new_card = card::issue(db, keys, &asked, None, now_ms)?;
    db.insert(
        "duplicate",
        &[
            ("id", (&id).into()),
            ("dossier", (&ask.dossier).into()),
            ("reason", ask.reason.as_str().into()),
            ("asked_ms", now_ms.into()),
            ("old_card", old.place.into()),
            ("new_card", new_card.into()),
        ],
    )
}

/// The open request of a dossier.
pub(crate) fn open(db: &mut dyn Db, dossier: Uuid) -> Result<Option<DuplicateRequested>, Failure> {
    db.optional(
        "SELECT id, reason, asked_ms FROM duplicate WHERE dossier = ?1 AND closed_ms = 0",
        values![&dossier],
        requested,
    )
}

/// Every open request, oldest first, with its dossier.
pub(crate) fn all_open(
    db: &mut dyn Db,
    most: u32,
) -> Result<Vec<(DuplicateRequested, dossier::Dossier)>, Failure> {
    let requests = db.all(
        "SELECT id, reason, asked_ms, dossier FROM duplicate
         WHERE closed_ms = 0 ORDER BY asked_ms, id LIMIT ?1",
        values![most],
        |row| Ok((requested(row)?, row.uuid(3)?)),
    )?;
    requests.into_iter().map(|(request, id)| Ok((request, dossier::by_id(db, id)?))).collect()
}

fn known(db: &mut dyn Db, id: Uuid) -> Result<Option<(Uuid, DuplicateRequested)>, Failure> {
    db.optional(
        "SELECT id, reason, asked_ms, dossier FROM duplicate WHERE id = ?1",
        values![&id],
        |row| Ok((row.uuid(3)?, requested(row)?)),
    )
}

fn requested(row: &dyn Row) -> Result<DuplicateRequested, Failure> {
    let reason = DuplicateReason::parse(row.text(1)?).context("a stored reason cannot be read")?;
    Ok(DuplicateRequested { id: row.uuid(0)?, reason, asked_at_ms: row.int(2)? })
}
