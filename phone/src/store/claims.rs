//! Dossiers that this phone takes over from a stand, once the Region knows them.

use dossier::sync::DossierId;
use rusqlite::params;

use super::Store;
use crate::trouble::Trouble;

impl Store {
    /// Keeps a claim until the Region answers it.
    pub(crate) fn keep_claim(
        &self,
        dossier: &DossierId,
        secret: &[u8; 16],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.seal("claim", dossier, secret)?;
        self.connection.execute(
            "INSERT INTO claim (dossier, sealed, asked_ms) VALUES (?1, ?2, ?3)
             ON CONFLICT (dossier) DO UPDATE SET sealed = excluded.sealed",
            params![dossier, sealed, now_ms],
        )?;
        Ok(())
    }

    /// The claims that wait, oldest first. One that does not open any more is forgotten: its code is
    /// on paper.
    pub(crate) fn claims(&self) -> Result<Vec<(DossierId, [u8; 16])>, Trouble> {
        let query = "SELECT dossier, sealed FROM claim ORDER BY asked_ms, dossier";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let rows: Vec<(DossierId, Vec<u8>)> = rows.collect::<Result<_, _>>()?;
        let mut claims = Vec::with_capacity(rows.len());
        for (dossier, sealed) in rows {
            let secret = self.unseal("claim", &dossier, &sealed).ok();
            match secret.and_then(|secret| secret.try_into().ok()) {
                Some(secret) => claims.push((dossier, secret)),
                None => self.forget_claim(&dossier)?,
            }
        }
        Ok(claims)
    }

    /// A claim was answered.
    pub(crate) fn forget_claim(&self, dossier: &DossierId) -> Result<(), Trouble> {
        self.connection.execute("DELETE FROM claim WHERE dossier = ?1", [dossier])?;
        Ok(())
    }
}
