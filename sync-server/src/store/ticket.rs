//! Tickets, and the devices that they make of those who come with one.

use dossier::sync::Epoch;
use uuid::Uuid;

use super::db::{Db, values};
use crate::failure::Failure;
use crate::gate::Device;

/// Whom a ticket let in.
pub(crate) struct Admission {
    pub(crate) device: Device,
    /// Which life of this database it is.
    pub(crate) epoch: Epoch,
    /// How far its space has come.
    pub(crate) seq: i64,
}

/// Keeps the hash of a ticket for a space, which is made when there is none, until then.
///
/// The device that it makes has no token: whoever holds a used ticket holds nothing.
pub(crate) fn issue(
    db: &mut dyn Db,
    hash: &[u8; 32],
    space: Uuid,
    now_ms: i64,
    until_ms: i64,
) -> Result<(), Failure> {
    db.execute("DELETE FROM ticket WHERE until_ms <= ?1", values![now_ms])?;
    db.execute(
        "INSERT INTO space (id, created_ms) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        values![&space, now_ms],
    )?;
    let nobodys: [u8; 32] = crate::app::random()?;
    let device = db.one(
        "INSERT INTO device (token_hash, space, created_ms) VALUES (?1, ?2, ?3) RETURNING id",
        values![&nobodys, &space, now_ms],
        |row| row.int(0),
    )?;
    db.insert(
        "ticket",
        &[("hash", hash.into()), ("device", device.into()), ("until_ms", until_ms.into())],
    )
}

/// Takes a ticket, which nobody can use again. `None` when it is unknown, used or too old.
pub(crate) fn take(
    db: &mut dyn Db,
    hash: &[u8; 32],
    now_ms: i64,
) -> Result<Option<Admission>, Failure> {
    let taken = "DELETE FROM ticket WHERE hash = ?1 RETURNING device, until_ms";
    let taken = db.optional(taken, values![hash], |row| Ok((row.int(0)?, row.int(1)?)))?;
    let Some((id, _)) = taken.filter(|(_, until_ms)| now_ms < *until_ms) else { return Ok(None) };
    let whose = "SELECT space.id, space.seq FROM device JOIN space ON space.id = device.space
         WHERE device.id = ?1";
    let (space, seq) = db.one(whose, values![id], |row| Ok((row.uuid(0)?, row.int(1)?)))?;
    let epoch = super::epoch::now(db)?;
    Ok(Some(Admission { device: Device { id, space }, epoch, seq }))
}
