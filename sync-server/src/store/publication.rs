//! The published reference lists.

use std::collections::BTreeMap;

use dossier::reference::{List, Manifest, Texts};

use super::db::{Db, Value, values};
use crate::failure::Failure;

/// The version in force, if one was ever published here.
pub(crate) fn newest_version(db: &mut dyn Db) -> Result<Option<String>, Failure> {
    let query = "SELECT version FROM publication ORDER BY n DESC LIMIT 1";
    db.optional(query, &[], |row| row.string(0))
}

/// The texts of a version.
pub(crate) fn texts(db: &mut dyn Db, version: String) -> Result<Texts, Failure> {
    let mut lists = BTreeMap::new();
    for list in List::ALL {
        let text = db.optional(
            "SELECT text FROM publication
             JOIN publication_list ON publication = n JOIN reference_text USING (sha256)
             WHERE version = ?1 AND name = ?2",
            values![&version, list.as_str()],
            |row| row.string(0),
        )?;
        lists.extend(text.map(|text| (list, text)));
    }
    Ok(Texts { version, lists })
}

/// Publishes texts under a version that was never published before.
pub(crate) fn publish(db: &mut dyn Db, texts: &Texts, now_ms: i64) -> Result<(), Failure> {
    let publication = db.one(
        "INSERT INTO publication (version, published_ms) VALUES (?1, ?2) RETURNING n",
        values![&texts.version, now_ms],
        |row| row.int(0),
    )?;
    let digests: Vec<[u8; 32]> =
        texts.lists.values().map(|text| Manifest::digest_of(text)).collect();
    let kept: Vec<Value<'_>> = digests
        .iter()
        .zip(texts.lists.values())
        .flat_map(|(sha256, text)| [sha256.into(), text.into()])
        .collect();
    db.execute_many(
        "INSERT INTO reference_text (sha256, text) VALUES (?1, ?2)
         ON CONFLICT (sha256) DO NOTHING",
        2,
        &kept,
    )?;
    let named: Vec<Value<'_>> = digests
        .iter()
        .zip(texts.lists.keys())
        .flat_map(|(sha256, list)| [publication.into(), list.as_str().into(), sha256.into()])
        .collect();
    db.execute_many(
        "INSERT INTO publication_list (publication, name, sha256) VALUES (?1, ?2, ?3)",
        3,
        &named,
    )
}
