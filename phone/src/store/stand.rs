//! The stand that this tablet is, and what it heard of the other tablets of its event.

use dossier::sync::DossierId;
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use super::Store;
use crate::trouble::Trouble;

/// Where what is sealed for nobody yet belongs.
const BUNDLE: &str = "stand.bundle";
/// Setting that holds the seed of a set-up that was cut before its answer was kept.
const SEED: &str = "stand_seed";

/// The stand that this tablet is.
pub(crate) struct StandRow {
    pub(crate) id: [u8; 16],
    /// What the Region said of it.
    pub(crate) told: Vec<u8>,
    /// What only agents may use, while none of them has a PIN.
    pub(crate) bundle: Option<Zeroizing<Vec<u8>>>,
    /// The number of the last envelope.
    pub(crate) sequence: u32,
    /// Provisional cards that were made.
    pub(crate) cards: u32,
    /// How far the prints of the other tablets were read.
    pub(crate) prints_after: i64,
}

/// What another tablet finished.
pub(crate) struct PrintsRow {
    pub(crate) stand: [u8; 16],
    pub(crate) dossier: DossierId,
    pub(crate) finished_ms: i64,
    pub(crate) prints: Vec<u64>,
}

impl Store {
    /// The stand that this tablet is; none on a student's phone.
    pub(crate) fn stand(&self) -> Result<Option<StandRow>, Trouble> {
        let Some(row) = self.sealed_stand()? else { return Ok(None) };
        let told = self.unseal("stand", &row.id, &row.told)?;
        let bundle = match row.bundle {
            None => None,
            Some(bundle) => Some(Zeroizing::new(self.unseal(BUNDLE, &row.id, &bundle)?)),
        };
        Ok(Some(StandRow { told, bundle, ..row }))
    }

    /// The same as it is stored: what it was told and its bundle are sealed.
    pub(super) fn sealed_stand(&self) -> Result<Option<StandRow>, Trouble> {
        let query = "SELECT id, sealed, bundle, sequence, cards, prints_after FROM stand";
        let mut statement = self.connection.prepare_cached(query)?;
        let row = statement.query_row([], |row| {
            let bundle: Vec<u8> = row.get(2)?;
            Ok(StandRow {
                id: row.get(0)?,
                told: row.get(1)?,
                bundle: Some(Zeroizing::new(bundle)).filter(|bundle| !bundle.is_empty()),
                sequence: row.get(3)?,
                cards: row.get(4)?,
                prints_after: row.get(5)?,
            })
        });
        Ok(row.optional()?)
    }

    /// Whether this is a stand.
    pub(crate) fn is_stand(&self) -> Result<bool, Trouble> {
        Ok(self.connection.prepare_cached("SELECT 1 FROM stand")?.exists([])?)
    }

    /// The seed of the tablet's own key, from before the server is asked until it is a stand: asked
    /// again, the server must hear the same key.
    pub(crate) fn stand_seed(&self) -> Result<Zeroizing<[u8; 32]>, Trouble> {
        let kept = self.setting(SEED)?.and_then(|text| hex::decode(text).ok());
        let kept = kept.and_then(|sealed| self.unseal("setting", SEED.as_bytes(), &sealed).ok());
        if let Some(seed) = kept.and_then(|seed| seed.try_into().ok()) {
            return Ok(Zeroizing::new(seed));
        }
        let mut seed = Zeroizing::new([0; 32]);
        crate::fill_random(&mut *seed)?;
        let sealed = self.seal("setting", SEED.as_bytes(), &*seed)?;
        self.set_setting(SEED, &hex::encode(sealed))?;
        Ok(seed)
    }

    /// This tablet is a stand from now on, in place of a former one that nobody can open any more:
    /// its agents go, its finished dossiers stay.
    pub(crate) fn keep_stand(
        &mut self,
        id: &[u8; 16],
        told: &[u8],
        bundle: &[u8],
        now_ms: i64,
    ) -> Result<(), Trouble> {
        let sealed = self.seal("stand", id, told)?;
        let bundle = self.seal(BUNDLE, id, bundle)?;
        let transaction = self.connection.transaction()?;
        for table in ["stand", "stand_agent", "stand_print"] {
            transaction.execute(&format!("DELETE FROM {table}"), [])?;
        }
        transaction.execute(
            "INSERT INTO stand (id, sealed, bundle, set_up_ms) VALUES (?1, ?2, ?3, ?4)",
            params![id, sealed, bundle, now_ms],
        )?;
        transaction.execute("DELETE FROM setting WHERE name = ?1", [SEED])?;
        transaction.commit()?;
        self.scrub()
    }

    /// What the Region says now of the stand that this tablet is.
    pub(crate) fn keep_stand_told(&self, id: &[u8; 16], told: &[u8]) -> Result<(), Trouble> {
        let sealed = self.seal("stand", id, told)?;
        let query = "UPDATE stand SET sealed = ?2 WHERE id = ?1";
        self.connection.execute(query, params![id, sealed])?;
        Ok(())
    }

    /// Keeps what other tablets finished, and how far that was read.
    pub(crate) fn keep_prints(&mut self, heard: &[PrintsRow], next: i64) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        for row in heard {
            transaction.execute(
                "INSERT INTO stand_print (stand, dossier, finished_ms, prints)
                 VALUES (?1, ?2, ?3, ?4) ON CONFLICT (stand, dossier) DO UPDATE
                 SET finished_ms = excluded.finished_ms, prints = excluded.prints",
                params![row.stand, row.dossier, row.finished_ms, bytes_of(&row.prints)],
            )?;
        }
        transaction.execute("UPDATE stand SET prints_after = ?1", [next])?;
        Ok(transaction.commit()?)
    }

    /// What other tablets of the event finished, as far as this one heard.
    pub(crate) fn prints_heard(&self) -> Result<Vec<PrintsRow>, Trouble> {
        let query = "SELECT stand, dossier, finished_ms, prints FROM stand_print";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([], |row| {
            let (stand, dossier, finished_ms) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let prints: Vec<u8> = row.get(3)?;
            Ok(PrintsRow { stand, dossier, finished_ms, prints: prints_of(&prints) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Erases everything that this tablet was as a stand, in one transaction and without a trace.
    pub(crate) fn wipe_stand(&mut self) -> Result<(), Trouble> {
        self.recent.set(None);
        let transaction = self.connection.transaction()?;
        for table in [
            "draft",
            "envelope",
            "finished",
            "stand_print",
            "stand_agent",
            "stand",
            "erased",
            "chosen_school",
        ] {
            transaction.execute(&format!("DELETE FROM {table}"), [])?;
        }
        transaction.commit()?;
        self.connection.execute_batch("VACUUM")?;
        self.scrub()
    }
}

pub(super) fn bytes_of(prints: &[u64]) -> Vec<u8> {
    prints.iter().flat_map(|print| print.to_be_bytes()).collect()
}

pub(super) fn prints_of(bytes: &[u8]) -> Vec<u64> {
    let (each, _) = bytes.as_chunks::<8>();
    each.iter().map(|eight| u64::from_be_bytes(*eight)).collect()
}
