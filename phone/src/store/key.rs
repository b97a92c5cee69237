//! Whether the data key is the one of this database.
//!
//! Under another key everything would look damaged, and be set aside as if it were.

use dossier::hexadecimal;

use super::Store;
use crate::trouble::Trouble;

/// Setting that holds a sealed value by which the key is known.
const PROOF: &str = "key";
/// The place of that seal, and what is sealed.
const PLACE: (&str, &[u8]) = ("setting", b"key");

impl Store {
    /// Holds the key against the proof of it; if that is lost, against what is sealed here.
    pub(super) fn know_key(&self) -> Result<(), Trouble> {
        let (table, value) = PLACE;
        let proof = self.setting(PROOF)?.and_then(|text| hex::decode(text).ok());
        if proof.is_some_and(|sealed| self.unseal(table, value, &sealed).is_ok()) {
            return Ok(());
        }
        if !self.opens_something()? {
            return Err(Trouble::KeyLost);
        }
        let sealed = self.seal(table, value, value)?;
        self.set_setting(PROOF, &hexadecimal::text(&sealed))
    }

    /// Whether any change opens; `true` also when there is none.
    fn opens_something(&self) -> Result<bool, Trouble> {
        let mut statement = self.connection.prepare("SELECT draft, sealed FROM change")?;
        let mut rows = statement.query([])?;
        let mut is_any = false;
        while let Some(row) = rows.next()? {
            is_any = true;
            let (draft, sealed): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
            if self.unseal("change", &draft, &sealed).is_ok() {
                return Ok(true);
            }
        }
        Ok(!is_any)
    }
}
