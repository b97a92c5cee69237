//! Requests to replace a card.

use ::dossier::card::DuplicateRequested;
use ::dossier::card::duplicate::{DuplicateAsk, DuplicateReason, is_in_production, undo_until_ms};
use ::dossier::card::status_list::Withdrawal;
use ::dossier::review::State;
use anyhow::Context;
use uuid::Uuid;

use super::audit::{Action, STUDENT, note};
use super::db::{Db, Row, values};
use super::dossier::Dossier;
use super::{card, change, dossier, review, session};
use crate::failure::Failure;
use crate::gate::Device;
use crate::keys::Keys;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its card was handed over.
    HandedOver,
    /// Its student found the old card.
    TakenBack,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::TakenBack => "taken_back",
        }
    }

    /// Reads a stored word; the table admits no other.
    fn parse(word: &str) -> Self {
        if word == "taken_back" { Self::TakenBack } else { Self::HandedOver }
    }
}

/// A request that ended.
pub(crate) struct Closed {
    pub(crate) request: DuplicateRequested,
    pub(crate) outcome: Outcome,
    pub(crate) closed_ms: i64,
}

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

/// Takes a request back: the card that it replaced is good again, and the one that took its place
/// is not. The same again changes nothing. The dossier that it is about.
pub(crate) fn take_back(
    db: &mut dyn Db,
    keys: &Keys,
    (device, id): (Device, Uuid),
    now_ms: i64,
) -> Result<Dossier, Failure> {
    let (asked_of, known) = known(db, id)?.ok_or(Failure::Unknown)?;
    let dossier = session::admit(db, device, asked_of, now_ms)?.dossier;
    if open(db, dossier.id)?.as_ref() != Some(&known) {
        let taken_back = Outcome::TakenBack.as_str();
        let query = "SELECT 1 FROM duplicate WHERE id = ?1 AND outcome = ?2";
        let was_before = db.exists(query, values![&id, taken_back])?;
        return if was_before { Ok(dossier) } else { Err(Failure::TooLate) };
    }
    let until_ms = undo_until_ms(known.asked_at_ms, &review::timeline(db, &dossier)?);
    if until_ms.is_none_or(|until_ms| now_ms >= until_ms) {
        return Err(Failure::TooLate);
    }
    // Perhaps not the very card that was issued then: another phone may have taken it since. A
    // measure is not escaped by an older card.
    let good = card::good(db, dossier.id)?.filter(|it| it.withdrawal.is_none());
    let replacing = good.ok_or(Failure::NoCard)?;
    let query = "SELECT old_card FROM duplicate WHERE id = ?1";
    let old = db.one(query, values![&id], |row| row.small(0))?;
    card::withdraw(db, keys, replacing.place, Withdrawal::Replaced, now_ms)?;
    card::revive(db, keys, (&dossier, old), now_ms)?;
    close(db, id, Outcome::TakenBack, now_ms)?;
    note(db, STUDENT, Action::DuplicateTakenBack, Some(dossier.id), now_ms)?;
    change::advance(db, dossier.space, 1)?;
    Ok(dossier)
}

/// The plastic card of a dossier was handed over: that ends the request that it was made for.
pub(crate) fn handed_over(db: &mut dyn Db, dossier: &Dossier, now_ms: i64) -> Result<(), Failure> {
    let Some(request) = open(db, dossier.id)? else { return Ok(()) };
    // The card that was lost may have been on its way to the school.
    if is_in_production(request.asked_at_ms, &review::timeline(db, dossier)?) {
        close(db, request.id, Outcome::HandedOver, now_ms)?;
    }
    Ok(())
}

fn close(db: &mut dyn Db, id: Uuid, outcome: Outcome, now_ms: i64) -> Result<(), Failure> {
    let columns = [("closed_ms", now_ms.into()), ("outcome", outcome.as_str().into())];
    db.update("duplicate", &columns, ("id", (&id).into()))
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
) -> Result<Vec<(DuplicateRequested, Dossier)>, Failure> {
    let requests = db.all(
        "SELECT id, reason, asked_ms, dossier FROM duplicate
         WHERE closed_ms = 0 ORDER BY asked_ms, id LIMIT ?1",
        values![most],
        |row| Ok((requested(row)?, row.uuid(3)?)),
    )?;
    requests.into_iter().map(|(request, id)| Ok((request, dossier::by_id(db, id)?))).collect()
}

/// The requests that ended last, the newest first, with their dossiers.
pub(crate) fn closed_last(db: &mut dyn Db, most: u32) -> Result<Vec<(Closed, Dossier)>, Failure> {
    let closed = db.all(
        "SELECT id, reason, asked_ms, dossier, outcome, closed_ms FROM duplicate
         WHERE closed_ms <> 0 ORDER BY closed_ms DESC, id LIMIT ?1",
        values![most],
        |row| {
            let outcome = Outcome::parse(row.text(4)?);
            let closed = Closed { request: requested(row)?, outcome, closed_ms: row.int(5)? };
            Ok((closed, row.uuid(3)?))
        },
    )?;
    closed.into_iter().map(|(closed, id)| Ok((closed, dossier::by_id(db, id)?))).collect()
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
