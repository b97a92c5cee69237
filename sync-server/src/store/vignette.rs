//! The vignette of a dossier: its photo as its card names it.

use ::dossier::card::vignette::Vignette;
use anyhow::Context;
use uuid::Uuid;

use super::db::{Db, values};
use crate::failure::Failure;

/// Keeps the vignette of the photo that the dossier has now; that of another one is not kept.
pub(crate) fn put(db: &mut dyn Db, dossier: Uuid, vignette: &Vignette) -> Result<(), Failure> {
    db.execute(
        "INSERT INTO vignette (dossier, digest, bytes)
         SELECT draft, ?2, ?3 FROM dossier WHERE draft = ?1 AND photo = ?4
         ON CONFLICT (dossier) DO UPDATE SET digest = excluded.digest, bytes = excluded.bytes",
        values![&dossier, &vignette.digest(), &vignette.bytes(), &vignette.photo()],
    )?;
    Ok(())
}

/// The vignette of a dossier; none when nobody asked for it since it was deposited, before there were
/// any.
pub(crate) fn of(db: &mut dyn Db, dossier: Uuid) -> Result<Option<Vignette>, Failure> {
    let bytes = "SELECT bytes FROM vignette WHERE dossier = ?1";
    let bytes = db.optional(bytes, values![&dossier], |row| Ok(row.bytes(0)?.to_vec()))?;
    let read = |bytes: Vec<u8>| Vignette::read(&bytes).context("a vignette cannot be read");
    Ok(bytes.map(read).transpose()?)
}
