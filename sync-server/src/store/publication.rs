//! The published reference lists.

use std::collections::BTreeMap;

use dossier::reference::{List, Manifest, Texts};
use rusqlite::{Connection, OptionalExtension, params};

use crate::failure::Failure;

/// The version in force, if one was ever published here.
pub(crate) fn newest_version(db: &Connection) -> Result<Option<String>, Failure> {
    let query = "SELECT version FROM publication ORDER BY n DESC LIMIT 1";
    Ok(db.prepare_cached(query)?.query_row([], |row| row.get(0)).optional()?)
}

/// The texts of a version.
pub(crate) fn texts(db: &Connection, version: String) -> Result<Texts, Failure> {
    let mut statement = db.prepare_cached(
        "SELECT text FROM publication
         JOIN publication_list ON publication = n JOIN reference_text USING (sha256)
         WHERE version = ?1 AND name = ?2",
    )?;
    let mut lists = BTreeMap::new();
    for list in List::ALL {
        let text = statement.query_row([&version, list.as_str()], |row| row.get(0)).optional()?;
        if let Some(text) = text {
            lists.insert(list, text);
        }
    }
    Ok(Texts { version, lists })
}

/// Publishes texts under a version that was never published before.
pub(crate) fn publish(db: &Connection, texts: &Texts, now_ms: i64) -> Result<(), Failure> {
    db.prepare_cached("INSERT INTO publication (version, published_ms) VALUES (?1, ?2)")?
        .execute(params![texts.version, now_ms])?;
    let publication = db.last_insert_rowid();
    for (list, text) in &texts.lists {
        let sha256 = Manifest::digest_of(text);
        db.prepare_cached(
            "INSERT INTO reference_text (sha256, text) VALUES (?1, ?2)
             ON CONFLICT (sha256) DO NOTHING",
        )?
        .execute(params![sha256, text])?;
        db.prepare_cached(
            "INSERT INTO publication_list (publication, name, sha256) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![publication, list.as_str(), sha256])?;
    }
    Ok(())
}
