//! The log as it is read for whoever follows some drafts of a space.

use dossier::document::exchange::History;
use uuid::Uuid;

use super::changes;
use crate::failure::Failure;
use crate::gate::Device;
use crate::store::db::{Db, values};

/// The history of a draft that this space may read and write now, empty when nothing of it arrived
/// yet. `None` when it is another's, deposited or deleted.
pub(crate) fn open(db: &mut dyn Db, space: Uuid, draft: Uuid) -> Result<Option<History>, Failure> {
    let gone = db.exists("SELECT 1 FROM tombstone WHERE draft = ?1", values![&draft])?;
    if gone || crate::store::dossier::bound(db, draft)?.is_some() {
        return Ok(None);
    }
    match changes(db, space, draft) {
        Ok(known) => Ok(Some(History::of(known.into_iter().flatten()))),
        Err(Failure::Forbidden) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The drafts that other devices of the space changed after `seq`, and how far that reads.
pub(crate) fn changed_elsewhere(
    db: &mut dyn Db,
    device: Device,
    seq: i64,
) -> Result<(Vec<Uuid>, i64), Failure> {
    let space = device.space;
    let last = db.one("SELECT seq FROM space WHERE id = ?1", values![&space], |row| row.int(0))?;
    let changed = db.all(
        "SELECT DISTINCT draft FROM change
         WHERE space = ?1 AND seq > ?2 AND seq <= ?3 AND device <> ?4",
        values![&space, seq, last, device.id],
        |row| row.uuid(0),
    )?;
    Ok((changed, last))
}
