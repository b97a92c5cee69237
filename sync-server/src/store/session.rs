//! Devices that may read a dossier: the one that deposited it, and those that signed in to it.

use ::dossier::account::DeviceSeen;
use ::dossier::document::Hash;
use uuid::Uuid;

use super::db::{Db, values};
use super::dossier::{self, Dossier};
use super::photo::{self, Named};
use super::{account, change};
use crate::failure::Failure;
use crate::gate::Device;

/// A phone that is not used for a season signs in again; each does once a year.
const IDLE_MS: i64 = 90 * 24 * 3_600_000;
const LONGEST_MS: i64 = 365 * 24 * 3_600_000;
/// That a device was seen is noted once an hour: a read is not a write.
const NOTED_MS: i64 = 3_600_000;
/// What names the device that deposited the dossier.
pub(crate) const DEPOSITOR: i64 = 0;

/// A dossier, and whether it is time to note that this device was seen.
pub(crate) struct Admitted {
    pub(crate) dossier: Dossier,
    pub(crate) is_noted: bool,
}

/// The dossier, if this device may read it.
pub(crate) fn admit(
    db: &mut dyn Db,
    device: Device,
    id: Uuid,
    now_ms: i64,
) -> Result<Admitted, Failure> {
    change::refuse_buried(db, device.space, id)?;
    let dossier = dossier::by_id(db, id)?;
    if dossier.space == device.space {
        let closed = account::of(db, id)?.space_closed_ms != 0;
        let admitted = Admitted { dossier, is_noted: true };
        return if closed { Err(Failure::SessionOver) } else { Ok(admitted) };
    }
    let seen = "SELECT seen_ms FROM session
         WHERE dossier = ?1 AND device = ?2 AND seen_ms > ?3 AND opened_ms > ?4";
    let values = values![&id, device.id, now_ms - IDLE_MS, now_ms - LONGEST_MS];
    let seen = db.optional(seen, values, |row| row.int(0))?;
    let is_noted = seen.ok_or(Failure::Unknown)? > now_ms - NOTED_MS;
    Ok(Admitted { dossier, is_noted })
}

/// Notes that a device was seen.
pub(crate) fn note(db: &mut dyn Db, device: Device, id: Uuid, now_ms: i64) -> Result<(), Failure> {
    let seen = "UPDATE session SET seen_ms = ?3 WHERE dossier = ?1 AND device = ?2";
    db.execute(seen, values![&id, device.id, now_ms])?;
    Ok(())
}

/// Lets a device read a dossier, and forgets the sessions that ended. The space that deposited the
/// dossier needs no session: it has its access back.
pub(crate) fn open(
    db: &mut dyn Db,
    device: Device,
    (id, space): (Uuid, Uuid),
    name: &str,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute(
        "DELETE FROM session WHERE dossier = ?1 AND (seen_ms <= ?2 OR opened_ms <= ?3)",
        values![&id, now_ms - IDLE_MS, now_ms - LONGEST_MS],
    )?;
    if device.space == space {
        return account::close_space(db, id, 0);
    }
    db.execute(
        "INSERT INTO session (dossier, device, name, opened_ms, seen_ms)
         VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (dossier, device) DO UPDATE SET
             name = excluded.name, opened_ms = excluded.opened_ms, seen_ms = excluded.seen_ms",
        values![&id, device.id, name, now_ms],
    )?;
    Ok(())
}

/// Ends what a device may read of a dossier.
pub(crate) fn close(
    db: &mut dyn Db,
    device: Device,
    (id, space): (Uuid, Uuid),
    now_ms: i64,
) -> Result<(), Failure> {
    if device.space == space {
        return account::close_space(db, id, now_ms);
    }
    let closed = "DELETE FROM session WHERE dossier = ?1 AND device = ?2";
    db.execute(closed, values![&id, device.id])?;
    Ok(())
}

/// Ends the session that this names, or the depositor's access.
pub(crate) fn close_named(
    db: &mut dyn Db,
    id: Uuid,
    session: i64,
    now_ms: i64,
) -> Result<(), Failure> {
    if session == DEPOSITOR {
        return account::close_space(db, id, now_ms);
    }
    let closed = "DELETE FROM session WHERE dossier = ?1 AND id = ?2";
    match db.execute(closed, values![&id, session])? {
        0 => Err(Failure::Unknown),
        _ => Ok(()),
    }
}

/// Ends what every device but this one may read of a dossier.
pub(crate) fn close_others(
    db: &mut dyn Db,
    device: Option<Device>,
    (id, space): (Uuid, Uuid),
    now_ms: i64,
) -> Result<(), Failure> {
    let here = device.map_or(-1, |device| device.id);
    let closed = "DELETE FROM session WHERE dossier = ?1 AND device <> ?2";
    db.execute(closed, values![&id, here])?;
    if device.is_none_or(|device| device.space != space) {
        account::close_space(db, id, now_ms)?;
    }
    Ok(())
}

/// Every device that may read a dossier, the depositor first.
pub(crate) fn all(
    db: &mut dyn Db,
    device: Device,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Vec<DeviceSeen>, Failure> {
    let depositor = DeviceSeen {
        id: DEPOSITOR,
        name: String::new(),
        opened_at_ms: dossier.received_ms,
        seen_at_ms: None,
        here: dossier.space == device.space,
    };
    let is_open = account::of(db, dossier.id)?.space_closed_ms == 0;
    let mut all: Vec<DeviceSeen> = is_open.then_some(depositor).into_iter().collect();
    let sessions = "SELECT id, name, opened_ms, seen_ms, device FROM session
         WHERE dossier = ?1 AND seen_ms > ?2 AND opened_ms > ?3 ORDER BY opened_ms, id";
    let values = values![&dossier.id, now_ms - IDLE_MS, now_ms - LONGEST_MS];
    all.extend(db.all(sessions, values, |row| {
        Ok(DeviceSeen {
            id: row.int(0)?,
            name: row.string(1)?,
            opened_at_ms: row.int(2)?,
            seen_at_ms: Some(row.int(3)?),
            here: row.int(4)? == device.id,
        })
    })?);
    Ok(all)
}

/// Where a photo is kept that this device may read: its own space's, or a dossier's that it signed
/// in to. Whoever only knows a hash gets nowhere.
pub(crate) fn photo(
    db: &mut dyn Db,
    device: Device,
    hash: &Hash,
    now_ms: i64,
) -> Result<Named, Failure> {
    if photo::may_be_sent(db, device.space, hash)? {
        return Ok(Named { space: device.space, hash: *hash });
    }
    let dossiers = "SELECT draft FROM dossier JOIN session ON session.dossier = draft
         WHERE session.device = ?1 AND photo = ?2";
    for id in db.all(dossiers, values![device.id, hash], |row| row.uuid(0))? {
        if let Ok(admitted) = admit(db, device, id, now_ms) {
            return Ok(Named { space: admitted.dossier.space, hash: *hash });
        }
    }
    Err(Failure::Unknown)
}
