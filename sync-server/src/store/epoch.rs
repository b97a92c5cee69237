//! Which life of this database it is: a cursor means nothing in another.

use dossier::sync::Epoch;

use super::db::{Db, values};
use crate::failure::Failure;

/// The epoch of this database; begun now if it has none yet.
pub(crate) fn now(db: &mut dyn Db) -> Result<Epoch, Failure> {
    let known = db.optional("SELECT id FROM epoch", &[], |row| row.array(0))?;
    match known {
        Some(epoch) => Ok(epoch),
        None => begin(db),
    }
}

/// Writes the epoch anew as it is, so that it is known whether this database can be written.
pub(crate) fn write_again(db: &mut dyn Db) -> Result<(), Failure> {
    let epoch = now(db)?;
    // In two steps: a value that is already there would not touch the disk.
    db.execute("DELETE FROM epoch", &[])?;
    db.insert("epoch", &[("one", 1_i64.into()), ("id", (&epoch).into())])
}

/// Begins another epoch: whoever restores a backup does this, so that every phone hears that what
/// it was told may be lost, and sends it again.
pub(crate) fn begin(db: &mut dyn Db) -> Result<Epoch, Failure> {
    let epoch: Epoch = crate::app::random()?;
    db.execute(
        "INSERT INTO epoch (one, id) VALUES (1, ?1)
         ON CONFLICT (one) DO UPDATE SET id = excluded.id",
        values![&epoch],
    )?;
    Ok(epoch)
}
