//! By what the tablets of an event tell each other whom they enrolled, without a name.

use uuid::Uuid;

use super::db::{Db, values};
use super::stand::Stand;
use crate::failure::Failure;

/// The prints of one enrolment.
pub(crate) struct Printed {
    pub(crate) id: i64,
    pub(crate) stand: Uuid,
    pub(crate) dossier: Uuid,
    /// By the clock of the tablet.
    pub(crate) made_ms: i64,
    pub(crate) prints: Vec<u64>,
}

/// Keeps the prints of an enrolment, in the place of what its dossier had.
pub(super) fn put(
    db: &mut dyn Db,
    stand: &Stand,
    (dossier, made_ms): (Uuid, i64),
    prints: &Vec<u8>,
) -> Result<(), Failure> {
    forget(db, dossier)?;
    db.insert(
        "stand_print",
        &[
            ("event", (&stand.event).into()),
            ("stand", (&stand.id).into()),
            ("dossier", (&dossier).into()),
            ("made_ms", made_ms.into()),
            ("prints", prints.into()),
        ],
    )
}

/// Forgets the prints of a dossier.
pub(super) fn forget(db: &mut dyn Db, dossier: Uuid) -> Result<(), Failure> {
    db.execute("DELETE FROM stand_print WHERE dossier = ?1", values![&dossier])?;
    Ok(())
}

/// What the other tablets of an event printed after a place, in its order.
pub(crate) fn after(
    db: &mut dyn Db,
    stand: &Stand,
    after: i64,
    most: u32,
) -> Result<Vec<Printed>, Failure> {
    db.all(
        "SELECT id, stand, dossier, made_ms, prints FROM stand_print
         WHERE event = ?1 AND stand <> ?2 AND id > ?3 ORDER BY id LIMIT ?4",
        values![&stand.event, &stand.id, after, most],
        |row| {
            let eights = row.bytes(4)?.chunks_exact(8);
            let print = |eight: &[u8]| eight.try_into().map(u64::from_le_bytes).unwrap_or_default();
            Ok(Printed {
                id: row.int(0)?,
                stand: row.uuid(1)?,
                dossier: row.uuid(2)?,
                made_ms: row.int(3)?,
                prints: eights.map(print).collect(),
            })
        },
    )
}
