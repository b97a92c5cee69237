//! What the Region publishes: the status list and the reference pack, as last verified.

use rusqlite::{OptionalExtension, params};

use super::Store;
use crate::trouble::Trouble;

/// Something the Region signed, and what the signature is about when it stands apart.
pub(crate) struct Published {
    pub(crate) signed: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
}

impl Store {
    /// Keeps the signed status list in place of the former one.
    pub(crate) fn keep_status_list(&self, version: u64, signed: &[u8]) -> Result<(), Trouble> {
        self.publish("status_list", &version.to_string(), signed, &[])
    }

    /// The signed status list.
    pub(crate) fn status_list(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(self.published("status_list")?.map(|list| list.signed))
    }

    /// Keeps a reference pack and its signed manifest.
    pub(crate) fn keep_reference(
        &self,
        version: &str,
        manifest: &[u8],
        pack: &[u8],
    ) -> Result<(), Trouble> {
        self.publish("reference", version, manifest, pack)
    }

    /// The signed manifest and the bytes of the pack.
    pub(crate) fn reference(&self) -> Result<Option<Published>, Trouble> {
        self.published("reference")
    }

    fn publish(
        &self,
        name: &str,
        version: &str,
        signed: &[u8],
        bytes: &[u8],
    ) -> Result<(), Trouble> {
        self.connection.execute(
            "INSERT INTO published (name, version, signed, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE
             SET version = excluded.version, signed = excluded.signed, bytes = excluded.bytes",
            params![name, version, signed, bytes],
        )?;
        Ok(())
    }

    fn published(&self, name: &str) -> Result<Option<Published>, Trouble> {
        let query = "SELECT signed, bytes FROM published WHERE name = ?1";
        let read =
            |row: &rusqlite::Row<'_>| Ok(Published { signed: row.get(0)?, bytes: row.get(1)? });
        Ok(self.connection.query_row(query, [name], read).optional()?)
    }
}
