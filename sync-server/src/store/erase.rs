//! What is left of a dossier that its student had erased: a tombstone, and the places of its cards
//! on the status list, which stay blocked.

use ::dossier::card::status_list::Withdrawal;
use ::dossier::document::Hash;
use uuid::Uuid;

use super::db::{Db, values};
use super::dossier::Dossier;
use super::mail::{self, Kind};
use super::{account, card, change, envelope, print};
use crate::failure::Failure;
use crate::keys::Keys;

/// What speaks of a dossier, in an order in which it may go.
const OF_A_DOSSIER: [(&str, &str); 12] = [
    ("claim", "dossier"),
    ("correction", "dossier"),
    ("duplicate", "dossier"),
    ("movement", "dossier"),
    ("decision", "dossier"),
    ("photo_report", "dossier"),
    ("vignette", "dossier"),
    ("proof", "dossier"),
    ("session", "dossier"),
    ("mail", "dossier"),
    ("account", "dossier"),
    ("photo_reference", "draft"),
];

/// Erases a dossier; the photos that nothing names any more.
pub(crate) fn erase(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Vec<Hash>, Failure> {
    let (id, space) = (dossier.id, dossier.space);
    let email = account::of(db, id)?.email;
    if let Some(good) = card::good(db, id)? {
        card::withdraw(db, keys, good.place, Withdrawal::Blocked, now_ms)?;
    }
    let photos = "SELECT photo FROM photo_reference WHERE draft = ?1";
    let mut photos = db.all(photos, values![&id], |row| row.array(0))?;
    photos.push(dossier.photo);
    let seq = change::advance(db, space, 1)?;
    // First: what was decided may only go with it.
    db.execute(
        "INSERT INTO tombstone (draft, space, seq, gone_ms, erased) VALUES (?1, ?2, ?3, ?4, 1)",
        values![&id, &space, seq, now_ms],
    )?;
    for (table, column) in OF_A_DOSSIER {
        db.execute(&format!("DELETE FROM {table} WHERE {column} = ?1"), values![&id])?;
    }
    print::forget(db, id)?;
    envelope::erase(db, id)?;
    change::forget_history(db, id)?;
    if db.exists("SELECT 1 FROM card WHERE dossier = ?1", values![&id])? {
        blank(db, id)?;
    } else {
        db.execute("DELETE FROM dossier WHERE draft = ?1", values![&id])?;
        db.execute("DELETE FROM draft WHERE id = ?1", values![&id])?;
    }
    mail::queue(db, Kind::Erased, &email, None, None, now_ms)?;
    let named = "SELECT 1 FROM photo_reference WHERE space = ?1 AND photo = ?2";
    let mut gone = Vec::new();
    for photo in photos {
        // A brother's draft may name the very same picture.
        if !db.exists(named, values![&space, &photo])? {
            gone.push(photo);
        }
    }
    Ok(gone)
}

/// The row stays, because a place on the status list belongs to it; nothing of a person does.
fn blank(db: &mut dyn Db, id: Uuid) -> Result<(), Failure> {
    let (nobody, number) = ([0; 32], id.simple().to_string());
    db.execute(
        "UPDATE card SET credential = ?2, device_key = ?2 WHERE dossier = ?1",
        values![&id, &[] as &[u8]],
    )?;
    db.execute(
        "UPDATE dossier SET number = ?2, photo = ?3, heads = ?4, receipt = ?4, bare_head = 0,
             state = 'refused', reviewer = 0, charter_accepted_at_ms = 0, received_ms = 0,
             season = '', reference_version = '', charter_version = '', charter_hash = '',
             civility = '', family_name = '', given_name = '', birth_date = '', email = '',
             phone_number = '', care_of = '', address_line = '', building = '', floor = '',
             residence = '', locality = '', postal_code = '', commune = '', school = '',
             track = '', sending = '', filer_family_name = '', filer_given_name = '',
             filer_link = '', guardian_family_name = '', guardian_given_name = '',
             guardian_link = '', guardian_contact = '', school_name = '', school_town = '',
             track_name = '', photo_note = ''
         WHERE draft = ?1",
        values![&id, &number, &nobody, &[] as &[u8]],
    )?;
    Ok(())
}
