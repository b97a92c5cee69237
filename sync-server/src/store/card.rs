//! Issued cards, and the signed list of the blocked ones.

use anyhow::Context;
use dossier::card::status_list::{MOST_CARDS, StatusList};
use dossier::card::{Card, day_number};
use dossier::season::Season;
use dossier::signed::SigningKey;
use uuid::Uuid;

use super::db::{Db, values};
use super::dossier::Dossier;
use crate::failure::Failure;

/// Draws before giving up: with nine indexes in ten taken, all of them fail once in 10²³ issues.
const MOST_DRAWS: u32 = 500;

/// A dossier's card that is not blocked.
pub(crate) struct GoodCard {
    pub(crate) status_index: u32,
    pub(crate) credential: Vec<u8>,
}

/// The good card of a dossier, if it has one.
pub(crate) fn good(db: &mut dyn Db, dossier: Uuid) -> Result<Option<GoodCard>, Failure> {
    db.optional(
        "SELECT status_index, credential FROM card WHERE dossier = ?1 AND blocked_ms = 0",
        values![&dossier],
        |row| Ok(GoodCard { status_index: row.small(0)?, credential: row.bytes(1)?.to_vec() }),
    )
}

/// Signs and stores a card for an accepted dossier; its index on the status list.
pub(crate) fn issue(
    db: &mut dyn Db,
    key: &SigningKey,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<u32, Failure> {
    let status_index = free_index(db)?;
    let season = Season::parse(&dossier.season).context("a stored season cannot be read")?;
    let card = Card {
        status_index,
        season: dossier.season.clone(),
        expires_day: day_number(season.end()),
        birth_day: day_number(dossier.birth()?),
        name: dossier.name(),
        school: dossier.school_on_card(),
        photo: dossier.photo.into(),
    };
    db.insert(
        "card",
        &[
            ("status_index", status_index.into()),
            ("dossier", (&dossier.id).into()),
            ("credential", (&card.sign(key)).into()),
            ("issued_ms", now_ms.into()),
        ],
    )?;
    Ok(status_index)
}

/// Blocks a card for ever, and publishes the list that says so.
pub(crate) fn block(
    db: &mut dyn Db,
    key: &SigningKey,
    status_index: u32,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute(
        "UPDATE card SET blocked_ms = ?2 WHERE status_index = ?1",
        values![status_index, now_ms],
    )?;
    publish(db, key, now_ms)?;
    Ok(())
}

/// The newest signed status list, and when it was made.
pub(crate) fn status_list(db: &mut dyn Db) -> Result<Option<(Vec<u8>, i64)>, Failure> {
    db.optional("SELECT signed, made_ms FROM status_list", &[], |row| {
        Ok((row.bytes(0)?.to_vec(), row.int(1)?))
    })
}

/// Signs the list of the cards that are blocked now, one version up.
pub(crate) fn publish(db: &mut dyn Db, key: &SigningKey, now_ms: i64) -> Result<Vec<u8>, Failure> {
    let version = "SELECT coalesce(max(version), 0) + 1 FROM status_list";
    let version = db.one(version, &[], |row| row.int(0))?;
    let blocked = "SELECT status_index FROM card WHERE blocked_ms <> 0";
    let blocked = db.all(blocked, &[], |row| row.small(0))?;
    let signed = StatusList::new(version.unsigned_abs(), now_ms, blocked).sign(key);
    db.execute(
        "INSERT INTO status_list (one, version, made_ms, signed) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET
             version = excluded.version, made_ms = excluded.made_ms, signed = excluded.signed",
        values![version, now_ms, &signed],
    )?;
    Ok(signed)
}

/// An index that no card ever had, drawn at random.
fn free_index(db: &mut dyn Db) -> Result<u32, Failure> {
    for _ in 0..MOST_DRAWS {
        // The number of indexes is a power of two: the remainder is as random as the draw.
        let index = u32::from_le_bytes(crate::app::random()?) % MOST_CARDS;
        if !db.exists("SELECT 1 FROM card WHERE status_index = ?1", values![index])? {
            return Ok(index);
        }
    }
    Err(Failure::Ours(anyhow::anyhow!("the status list is full")))
}
