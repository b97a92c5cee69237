//! Issued cards, and the signed list of those that are not good any more.

use anyhow::Context;
use dossier::card::status_list::{StatusList, Withdrawal, places_for};
use dossier::card::{Card, FormerCard, day_number, renew_by_day};
use dossier::season::Season;
use uuid::Uuid;

use super::db::{Db, Row, values};
use super::dossier::Dossier;
use crate::clock;
use crate::failure::Failure;
use crate::keys::{Keys, next_version};

/// Draws before giving up: with nine places in ten taken, all of them fail once in 10²³ issues.
const MOST_DRAWS: u32 = 500;
/// A card that nobody has decided on is worth something for sixty days.
const PROVISIONAL_MS: i64 = 60 * 86_400_000;

/// The one card of a dossier: good, or suspended for a while.
pub(crate) struct GoodCard {
    /// Its place on the status list.
    pub(crate) place: u32,
    pub(crate) credential: Vec<u8>,
    /// Public key of the phone that may show it; none while no phone has asked.
    device: Option<[u8; 32]>,
    pub(crate) withdrawal: Option<Withdrawal>,
    provisional: bool,
}

/// A phone that asks for a card.
pub(crate) struct Held {
    /// Public half of its key.
    pub(crate) key: [u8; 32],
    /// Whether it takes the card from the phone that has it.
    pub(crate) moving: bool,
    pub(crate) now_ms: i64,
}

/// The one card of a dossier, if it has one.
pub(crate) fn good(db: &mut dyn Db, dossier: Uuid) -> Result<Option<GoodCard>, Failure> {
    db.optional(
        "SELECT status_index, credential, device_key, status, provisional
         FROM card WHERE dossier = ?1 AND blocked_ms = 0",
        values![&dossier],
        |row: &dyn Row| {
            Ok(GoodCard {
                place: row.small(0)?,
                credential: row.bytes(1)?.to_vec(),
                device: row.bytes(2)?.try_into().ok(),
                withdrawal: Withdrawal::parse(row.text(3)?),
                provisional: row.int(4)? != 0,
            })
        },
    )
}

/// Those that are not good any more, newest first, but for the provisional ones.
pub(crate) fn former(db: &mut dyn Db, dossier: Uuid) -> Result<Vec<FormerCard>, Failure> {
    db.all(
        "SELECT issued_ms, blocked_ms, status FROM card
         WHERE dossier = ?1 AND blocked_ms <> 0 AND provisional = 0
         ORDER BY issued_ms DESC, status_index",
        values![&dossier],
        |row| {
            let why = Withdrawal::parse(row.text(2)?).context("a stored status cannot be read")?;
            let (issued_at_ms, ended_at_ms) = (row.int(0)?, row.int(1)?);
            Ok(FormerCard { issued_at_ms, ended_at_ms, state: why.into() })
        },
    )
}

impl GoodCard {
    /// Whether the phone that has it is to have it signed anew: its time has come, the key that signed it
    /// was revoked or ended before it, or it does not name the vignette.
    pub(crate) fn is_due(
        &self,
        keys: &Keys,
        dossier: &Dossier,
        now_ms: i64,
    ) -> Result<bool, Failure> {
        let loaded = keys.now()?;
        let today = day_number(clock::day(now_ms));
        let due = match Card::read(&self.credential, &loaded.set) {
            Ok((card, key)) if key.is_in_force(now_ms) && *card.photo == dossier.photo_on_card => {
                card.is_due(today)
            }
            Ok((card, _)) => today <= card.expires_day,
            Err(_) => true,
        };
        Ok(due && self.device.is_some())
    }

    /// The same card for a printed page; none of a card that nobody has decided on, or whose last day
    /// has passed.
    pub(crate) fn on_paper(
        &self,
        keys: &Keys,
        dossier: &Dossier,
        now_ms: i64,
    ) -> Result<Option<Vec<u8>>, Failure> {
        if self.provisional {
            return Ok(None);
        }
        let card = card_of(dossier, self.place, None, now_ms)?;
        if day_number(clock::day(now_ms)) > card.expires_day {
            return Ok(None);
        }
        Ok(Some(card.sign(&keys.issuer(&dossier.season, now_ms)?)))
    }
}

/// Signs the card of an accepted dossier, for the phone that had the provisional one.
pub(crate) fn accept(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<(), Failure> {
    let provisional = good(db, dossier.id)?;
    if let Some(card) = &provisional {
        withdraw(db, keys, card.place, Withdrawal::Replaced, now_ms)?;
    }
    issue(db, keys, dossier, provisional.and_then(|card| card.device), now_ms)?;
    Ok(())
}

/// Replaces the provisional card of a corrected dossier, for the phone that has it, when it says
/// something else now: its photo, above all. A suspended one is not escaped that way.
pub(crate) fn renew(
    db: &mut dyn Db,
    keys: &Keys,
    (before, after): (&Dossier, &Dossier),
    now_ms: i64,
) -> Result<(), Failure> {
    let Some(card) = good(db, after.id)? else { return Ok(()) };
    let said = |dossier: &Dossier| card_of(dossier, card.place, card.device, now_ms);
    if said(before)? == said(after)? || card.withdrawal.is_some() {
        return Ok(());
    }
    withdraw(db, keys, card.place, Withdrawal::Replaced, now_ms)?;
    issue(db, keys, after, card.device, now_ms)?;
    Ok(())
}

/// Gives a phone the card of a dossier: a provisional one while nobody has decided.
pub(crate) fn hold(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    by: &Held,
) -> Result<(), Failure> {
    let Some(card) = good(db, dossier.id)? else {
        if !dossier.state.is_open() {
            return Err(Failure::NoCard);
        }
        issue(db, keys, dossier, Some(by.key), by.now_ms)?;
        return Ok(());
    };
    match card.device {
        Some(key) if key != by.key && !by.moving => Err(Failure::CardElsewhere),
        // A measure is not escaped by another phone.
        Some(key) if key != by.key && card.withdrawal.is_some() => Err(Failure::NoCard),
        Some(key) if key != by.key => {
            withdraw(db, keys, card.place, Withdrawal::Replaced, by.now_ms)?;
            issue(db, keys, dossier, Some(by.key), by.now_ms)?;
            Ok(())
        }
        Some(_) if !card.is_due(keys, dossier, by.now_ms)? => Ok(()),
        _ => sign_anew(db, keys, dossier, &card, by),
    }
}

/// The same card under the same place, for this phone, signed by the key in force.
fn sign_anew(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    card: &GoodCard,
    by: &Held,
) -> Result<(), Failure> {
    let signed = card_of(dossier, card.place, Some(by.key), by.now_ms)?
        .sign(&keys.issuer(&dossier.season, by.now_ms)?);
    db.execute(
        "UPDATE card SET credential = ?2, device_key = ?3 WHERE status_index = ?1",
        values![card.place, &signed, &by.key],
    )?;
    Ok(())
}

/// Signs and stores a card; its place on the status list.
pub(crate) fn issue(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    device: Option<[u8; 32]>,
    now_ms: i64,
) -> Result<u32, Failure> {
    let place = free_place(db)?;
    let card = card_of(dossier, place, device, now_ms)?;
    let device = device.unwrap_or_default();
    let device: &[u8] = if card.device.is_some() { &device } else { &[] };
    db.insert(
        "card",
        &[
            ("status_index", place.into()),
            ("dossier", (&dossier.id).into()),
            ("credential", (&card.sign(&keys.issuer(&dossier.season, now_ms)?)).into()),
            ("issued_ms", now_ms.into()),
            ("device_key", device.into()),
            ("provisional", i64::from(card.provisional).into()),
        ],
    )?;
    Ok(place)
}

/// What a card says of a dossier as it stands, signed now.
fn card_of(
    dossier: &Dossier,
    place: u32,
    device: Option<[u8; 32]>,
    now_ms: i64,
) -> Result<Card, Failure> {
    let season = Season::parse(&dossier.season).context("a stored season cannot be read")?;
    let provisional = dossier.state.is_open();
    let until = clock::day(dossier.received_ms.saturating_add(PROVISIONAL_MS));
    let last_day = day_number(if provisional { until.min(season.end()) } else { season.end() });
    let today = day_number(clock::day(now_ms));
    Ok(Card {
        status_index: place,
        season: dossier.season.clone(),
        expires_day: last_day,
        birth_day: day_number(dossier.birth()?),
        device: device.map(Into::into),
        name: dossier.name(),
        school: dossier.school_on_card(),
        photo: dossier.photo_on_card.into(),
        provisional,
        renew_by_day: device.map(|_| renew_by_day(today, last_day)),
    })
}

/// Says of a card that it is not good any more, and publishes the list that says so. Only a
/// suspended card can be restored.
pub(crate) fn withdraw(
    db: &mut dyn Db,
    keys: &Keys,
    place: u32,
    why: Withdrawal,
    now_ms: i64,
) -> Result<(), Failure> {
    let for_ever = if why == Withdrawal::Suspended { 0 } else { now_ms };
    db.execute(
        "UPDATE card SET status = ?2, blocked_ms = ?3 WHERE status_index = ?1",
        values![place, why.as_str(), for_ever],
    )?;
    publish(db, keys, now_ms)?;
    Ok(())
}

/// Makes a suspended card good again.
pub(crate) fn restore(
    db: &mut dyn Db,
    keys: &Keys,
    place: u32,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute(
        "UPDATE card SET status = 'good' WHERE status_index = ?1 AND status = 'suspended'",
        values![place],
    )?;
    publish(db, keys, now_ms)?;
    Ok(())
}

/// Makes a card good again that another took the place of, for no phone: the one that holds it next
/// makes a new key for it, as whoever had the former key may still have it.
pub(crate) fn revive(
    db: &mut dyn Db,
    keys: &Keys,
    (dossier, place): (&Dossier, u32),
    now_ms: i64,
) -> Result<(), Failure> {
    let card = card_of(dossier, place, None, now_ms)?;
    let signed = card.sign(&keys.issuer(&dossier.season, now_ms)?);
    db.execute(
        "UPDATE card SET credential = ?2, device_key = ?3, status = 'good', blocked_ms = 0
         WHERE status_index = ?1",
        values![place, &signed, &[] as &[u8]],
    )?;
    publish(db, keys, now_ms)?;
    Ok(())
}

/// The newest signed status list, and when it was made.
pub(crate) fn status_list(db: &mut dyn Db) -> Result<Option<(Vec<u8>, i64)>, Failure> {
    db.optional("SELECT signed, made_ms FROM status_list", &[], |row| {
        Ok((row.bytes(0)?.to_vec(), row.int(1)?))
    })
}

/// Signs the list of the cards that are not good now, one version up.
pub(crate) fn publish(db: &mut dyn Db, keys: &Keys, now_ms: i64) -> Result<Vec<u8>, Failure> {
    let version = "SELECT coalesce(max(version), 0) FROM status_list";
    let version = db.one(version, &[], |row| row.int(0))?;
    let version = next_version(version.unsigned_abs(), now_ms);
    let withdrawn = "SELECT status_index, status FROM card WHERE status <> 'good'";
    let withdrawn = db.all(withdrawn, &[], |row| {
        let why = Withdrawal::parse(row.text(1)?).context("a stored status cannot be read")?;
        Ok((row.small(0)?, why))
    })?;
    let signed = StatusList::new(version, now_ms, withdrawn).sign(&keys.lists(now_ms)?);
    db.execute(
        "INSERT INTO status_list (one, version, made_ms, signed) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET
             version = excluded.version, made_ms = excluded.made_ms, signed = excluded.signed",
        values![i64::try_from(version).unwrap_or(i64::MAX), now_ms, &signed],
    )?;
    Ok(signed)
}

/// A place that no card ever had, drawn at random.
fn free_place(db: &mut dyn Db) -> Result<u32, Failure> {
    let taken = db.one("SELECT count(*) FROM card", &[], |row| row.small(0))?;
    for _ in 0..MOST_DRAWS {
        // Of 64 bits the remainder is as random as the draw, but for one part in 10¹³.
        let drawn = u64::from_le_bytes(crate::app::random()?) % u64::from(places_for(taken).max(1));
        let place = u32::try_from(drawn).unwrap_or_default();
        if !db.exists("SELECT 1 FROM card WHERE status_index = ?1", values![place])? {
            return Ok(place);
        }
    }
    Err(Failure::Ours(anyhow::anyhow!("the status list is full")))
}
