//! What the Region publishes: keys, the status list and the reference lists, as last verified.

use std::collections::BTreeMap;

use dossier::reference::{List, Texts};
use rusqlite::{Connection, OptionalExtension, params};

use super::Store;
use crate::trouble::Trouble;

const PUBLISH: &str = "INSERT INTO published (name, version, signed) VALUES (?1, ?2, ?3)
                       ON CONFLICT (name) DO UPDATE
                       SET version = excluded.version, signed = excluded.signed";

impl Store {
    /// Keeps the signed status list in place of the former one.
    pub(crate) fn keep_status_list(&self, version: u64, signed: &[u8]) -> Result<(), Trouble> {
        self.connection.execute(PUBLISH, params!["status_list", version.to_string(), signed])?;
        Ok(())
    }

    /// The signed status list.
    pub(crate) fn status_list(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(published(&self.connection, "status_list")?.map(|(_, signed)| signed))
    }

    /// Keeps the signed set of keys in place of the former one.
    pub(crate) fn keep_key_set(&self, version: u64, signed: &[u8]) -> Result<(), Trouble> {
        self.connection.execute(PUBLISH, params!["key_set", version.to_string(), signed])?;
        Ok(())
    }

    /// The signed set of keys.
    pub(crate) fn key_set(&self) -> Result<Option<Vec<u8>>, Trouble> {
        Ok(published(&self.connection, "key_set")?.map(|(_, signed)| signed))
    }

    /// Keeps a publication and its signed manifest in place of the former one, in one transaction.
    pub(crate) fn keep_reference(&mut self, texts: &Texts, manifest: &[u8]) -> Result<(), Trouble> {
        let transaction = self.connection.transaction()?;
        transaction.execute("DELETE FROM reference_list", [])?;
        for (list, text) in &texts.lists {
            let query = "INSERT INTO reference_list (name, text) VALUES (?1, ?2)";
            transaction.execute(query, params![list.as_str(), text])?;
        }
        transaction.execute(PUBLISH, params!["reference", texts.version, manifest])?;
        Ok(transaction.commit()?)
    }

    /// The publication last fetched, and its signed manifest.
    pub(crate) fn reference(&self) -> Result<Option<(Texts, Vec<u8>)>, Trouble> {
        let Some((version, manifest)) = published(&self.connection, "reference")? else {
            return Ok(None);
        };
        let query = "SELECT text FROM reference_list WHERE name = ?1";
        let mut lists = BTreeMap::new();
        for list in List::ALL {
            let text = self.connection.query_row(query, [list.as_str()], |row| row.get(0));
            if let Some(text) = text.optional()? {
                lists.insert(list, text);
            }
        }
        Ok(Some((Texts { version, lists }, manifest)))
    }
}

/// The version and the signed bytes of what is published under a name.
fn published(connection: &Connection, name: &str) -> Result<Option<(String, Vec<u8>)>, Trouble> {
    let query = "SELECT version, signed FROM published WHERE name = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(connection.query_row(query, [name], read).optional()?)
}
