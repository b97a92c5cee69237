//! What a student brings from a stand to have the dossier on a phone.

use ::dossier::stand::claim::hash_of;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::db::{Db, values};
use crate::failure::Failure;
use crate::gate::Device;

/// Keeps by what a dossier may be claimed, once; what was kept before opens nothing any more.
pub(crate) fn put(db: &mut dyn Db, dossier: Uuid, secret_hash: &[u8; 32]) -> Result<(), Failure> {
    db.execute(
        "INSERT INTO claim (dossier, secret_hash) VALUES (?1, ?2) ON CONFLICT (dossier)
         DO UPDATE SET secret_hash = excluded.secret_hash, device = 0, claimed_ms = 0",
        values![&dossier, secret_hash],
    )?;
    Ok(())
}

/// Whether anybody may claim this dossier, or did; one that is not here yet is unknown.
pub(crate) fn is_known(db: &mut dyn Db, dossier: Uuid) -> Result<(), Failure> {
    let erased = "SELECT 1 FROM tombstone WHERE draft = ?1 AND erased = 1";
    if db.exists(erased, values![&dossier])? {
        return Err(Failure::Erased);
    }
    let known = db.exists("SELECT 1 FROM claim WHERE dossier = ?1", values![&dossier])?;
    if known { Ok(()) } else { Err(Failure::Unknown) }
}

/// Spends the claim of a dossier on this device; the same device may ask again.
pub(crate) fn take(
    db: &mut dyn Db,
    device: Device,
    (dossier, secret): (Uuid, &[u8; 16]),
    now_ms: i64,
) -> Result<(), Failure> {
    is_known(db, dossier)?;
    let found = "SELECT secret_hash, device FROM claim WHERE dossier = ?1";
    let (hash, by) =
        db.one(found, values![&dossier], |row| Ok((row.array::<32>(0)?, row.int(1)?)))?;
    let right = bool::from(hash.ct_eq(&hash_of(secret)));
    if !right || (by != 0 && by != device.id) {
        return Err(Failure::Forbidden);
    }
    if by == 0 {
        let columns = [("device", device.id.into()), ("claimed_ms", now_ms.into())];
        db.update("claim", &columns, ("dossier", (&dossier).into()))?;
    }
    Ok(())
}
