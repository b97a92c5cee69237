//! Requests to replace a card.

use ::dossier::card::DuplicateRequested;
use ::dossier::card::duplicate::{DuplicateAsk, DuplicateReason};
use ::dossier::review::State;
use ::dossier::signed::SigningKey;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{card, dossier};
use crate::failure::Failure;

/// Takes a request: the old card is blocked at once and a new credential signed. The same request
/// again changes nothing.
pub(crate) fn take(
    db: &Connection,
    key: &SigningKey,
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
    if asked.state != State::Accepted {
        return Err(Failure::NoCard);
    }
    card::block(db, key, old.status_index, now_ms)?;
    let new_card = card::issue(db, key, &asked, now_ms)?;
    db.prepare_cached(
        "INSERT INTO duplicate (id, dossier, reason, asked_ms, old_card, new_card)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id.as_bytes(),
        ask.dossier.as_bytes(),
        ask.reason.as_str(),
        now_ms,
        old.status_index,
        new_card
    ])?;
    Ok(())
}

/// The open request of a dossier.
pub(crate) fn open(db: &Connection, dossier: Uuid) -> Result<Option<DuplicateRequested>, Failure> {
    let found = db
        .prepare_cached(
            "SELECT id, reason, asked_ms FROM duplicate WHERE dossier = ?1 AND closed_ms = 0",
        )?
        .query_row([dossier.as_bytes()], requested)
        .optional()?;
    Ok(found)
}

/// Every open request, oldest first, with its dossier.
pub(crate) fn all_open(
    db: &Connection,
    most: u32,
) -> Result<Vec<(DuplicateRequested, dossier::Dossier)>, Failure> {
    let requests: Vec<(DuplicateRequested, [u8; 16])> = db
        .prepare_cached(
            "SELECT id, reason, asked_ms, dossier FROM duplicate
             WHERE closed_ms = 0 ORDER BY asked_ms, id LIMIT ?1",
        )?
        .query_map([most], |row| Ok((requested(row)?, row.get(3)?)))?
        .collect::<Result<_, _>>()?;
    requests
        .into_iter()
        .map(|(request, id)| Ok((request, dossier::by_id(db, Uuid::from_bytes(id))?)))
        .collect()
}

fn known(db: &Connection, id: Uuid) -> Result<Option<(Uuid, DuplicateRequested)>, Failure> {
    let found = db
        .prepare_cached("SELECT id, reason, asked_ms, dossier FROM duplicate WHERE id = ?1")?
        .query_row([id.as_bytes()], |row| Ok((Uuid::from_bytes(row.get(3)?), requested(row)?)))
        .optional()?;
    Ok(found)
}

fn requested(row: &Row<'_>) -> rusqlite::Result<DuplicateRequested> {
    let reason: String = row.get(1)?;
    Ok(DuplicateRequested {
        id: Uuid::from_bytes(row.get(0)?),
        reason: DuplicateReason::parse(&reason).ok_or(rusqlite::Error::InvalidQuery)?,
        asked_at_ms: row.get(2)?,
    })
}
