//! What students are asked to mend, and what they mended.

use std::collections::BTreeMap;

use ::dossier::document::Hash;
use ::dossier::form::correction::{Correction, Topic};
use ::dossier::form::{Answers, Field};
use ::dossier::review::{Correcting, CorrectionRequested, Reason};
use ::dossier::sync::Receipt;
use anyhow::Context;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::db::{Db, values};
use super::dossier::{self, Dossier};
use super::photo_report::Judged;
use super::{account, card, change, photo, photo_report};
use crate::failure::Failure;
use crate::keys::Keys;

/// Asks for a correction; why stands in the decision.
pub(super) fn ask(
    db: &mut dyn Db,
    dossier: Uuid,
    decision: i64,
    correcting: &Correcting,
) -> Result<(), Failure> {
    let id: [u8; 16] = crate::app::random()?;
    let topics = serde_json::to_string(correcting.topics()).map_err(anyhow::Error::from)?;
    db.insert(
        "correction",
        &[
            ("id", (&id).into()),
            ("dossier", (&dossier).into()),
            ("decision", decision.into()),
            ("topics", (&topics).into()),
        ],
    )
}

/// Nothing is asked for any more, and what was corrected before is forgotten: the dossier is decided.
pub(crate) fn close(db: &mut dyn Db, dossier: Uuid, now_ms: i64) -> Result<(), Failure> {
    let closed = "UPDATE correction SET closed_ms = ?2 WHERE dossier = ?1 AND closed_ms = 0";
    db.execute(closed, values![&dossier, now_ms])?;
    let nothing: &[u8] = &[];
    let columns = [("former", "".into()), ("former_photo", nothing.into())];
    db.update("correction", &columns, ("dossier", (&dossier).into()))
}

/// A request, by what names it.
pub(crate) struct Requested {
    pub(crate) id: Uuid,
    pub(crate) dossier: Uuid,
    pub(crate) asked: Correcting,
    asked_ms: i64,
    /// 0 while it is open.
    pub(crate) closed_ms: i64,
    /// SHA-256 of the answer, if there is one.
    pub(crate) digest: Option<Hash>,
    /// What the answer took the place of; nothing before it, and none once the dossier is decided.
    pub(crate) former: BTreeMap<Field, String>,
    pub(crate) former_photo: Option<Hash>,
}

const REQUESTED: &str = "SELECT correction.id, correction.dossier, topics, reasons, note, at_ms,
         closed_ms, digest, former, former_photo
     FROM correction JOIN decision ON decision.id = correction.decision";

fn one(db: &mut dyn Db, condition: &str, of: Uuid) -> Result<Option<Requested>, Failure> {
    let found = format!("{REQUESTED} WHERE {condition} ORDER BY decision DESC LIMIT 1");
    db.optional(&found, values![&of], |row| {
        let topics: Vec<Topic> = read(row.text(2)?)?;
        let reasons: Vec<Reason> = read(row.text(3)?)?;
        let asked = Correcting::new(&topics, &reasons, Some(row.text(4)?));
        Ok(Requested {
            id: row.uuid(0)?,
            dossier: row.uuid(1)?,
            asked: asked.context("a stored request cannot be read")?,
            asked_ms: row.int(5)?,
            closed_ms: row.int(6)?,
            digest: row.bytes(7)?.try_into().ok(),
            former: read(row.text(8)?)?,
            former_photo: row.bytes(9)?.try_into().ok(),
        })
    })
}

/// JSON, or nothing.
fn read<T: Default + serde::de::DeserializeOwned>(json: &str) -> Result<T, Failure> {
    if json.is_empty() {
        return Ok(T::default());
    }
    Ok(serde_json::from_str(json).context("a stored correction cannot be read")?)
}

/// The request of this name.
pub(crate) fn by_id(db: &mut dyn Db, id: Uuid) -> Result<Option<Requested>, Failure> {
    one(db, "correction.id = ?1", id)
}

/// What a student is asked to mend now.
pub(crate) fn open(db: &mut dyn Db, dossier: Uuid) -> Result<Option<Requested>, Failure> {
    one(db, "correction.dossier = ?1 AND closed_ms = 0", dossier)
}

/// The newest request that was answered.
pub(crate) fn answered(db: &mut dyn Db, dossier: Uuid) -> Result<Option<Requested>, Failure> {
    one(db, "correction.dossier = ?1 AND length(digest) > 0", dossier)
}

/// What a student is asked to mend now, in the words to their phone.
pub(crate) fn requested(
    db: &mut dyn Db,
    dossier: Uuid,
) -> Result<Option<CorrectionRequested>, Failure> {
    let Some(Requested { id, asked, asked_ms, .. }) = open(db, dossier)? else { return Ok(None) };
    let mut typed = Answers::from(account::answers(db, dossier)?).of_topics(asked.topics());
    // The phone has the photo that it deposited, or fetches the one of the receipt.
    typed.remove(&Field::Photo);
    Ok(Some(CorrectionRequested { id, asked, typed, asked_at_ms: asked_ms }))
}

/// An answer that was examined and may be kept.
pub(crate) struct Mended {
    pub(crate) id: Uuid,
    pub(crate) digest: Hash,
    pub(crate) correction: Correction,
    /// What was made of the photo, when one was asked for.
    pub(crate) judged: Option<Judged>,
}

/// Keeps an answer, all or nothing: columns, state, receipt, what was measured on the photo, the
/// difference for the reviewer; the history that it came from is forgotten, and a provisional card
/// that says something else is replaced. The same answer again changes nothing.
pub(crate) fn take(
    db: &mut dyn Db,
    keys: &Keys,
    id: Uuid,
    mended: &Mended,
    now_ms: i64,
) -> Result<Dossier, Failure> {
    let before = dossier::by_id(db, id)?;
    let requested = by_id(db, mended.id)?.filter(|it| it.dossier == id).ok_or(Failure::Unknown)?;
    if requested.digest == Some(mended.digest) {
        return Ok(before);
    }
    let state = before.state.corrected().map_err(|_| Failure::IllegalMove)?;
    if requested.closed_ms != 0 {
        return Err(Failure::IllegalMove);
    }
    let photo = mended.correction.photo().map(|photo| photo.0);
    let told = account::told(db, id)?;
    let receipt = Receipt::open(&told.receipt, &keys.root().into()).map_err(anyhow::Error::from)?;
    let receipt = receipt.corrected(photo.unwrap_or(before.photo), mended.digest);
    let receipt = receipt.sign(keys.root());
    dossier::correct(db, id, &mended.correction, state, &receipt)?;
    if let (Some(photo), Some(judged)) = (photo, &mended.judged) {
        photo::refer(db, before.space, id, &photo)?;
        photo_report::replace(db, id, judged, now_ms)?;
    }
    keep_difference(
        db,
        &requested,
        told.answers.into(),
        photo.map(|_| before.photo),
        mended,
        now_ms,
    )?;
    change::forget_history(db, id)?;
    let after = dossier::by_id(db, id)?;
    card::renew(db, keys, (&before, &after), now_ms)?;
    change::advance(db, before.space, 1)?;
    Ok(after)
}

/// Closes a request with what the answer took the place of.
fn keep_difference(
    db: &mut dyn Db,
    requested: &Requested,
    before: Answers,
    former_photo: Option<Hash>,
    mended: &Mended,
    now_ms: i64,
) -> Result<(), Failure> {
    let mut former = before.of_topics(requested.asked.topics());
    former.remove(&Field::Photo);
    let former = serde_json::to_string(&former).map_err(anyhow::Error::from)?;
    let former_photo: &[u8] = former_photo.as_ref().map_or(&[], |hash| hash);
    let columns = [
        ("closed_ms", now_ms.into()),
        ("digest", (&mended.digest).into()),
        ("former", (&former).into()),
        ("former_photo", former_photo.into()),
    ];
    db.update("correction", &columns, ("id", (&requested.id).into()))
}

/// What was asked and mended, for the student's own copy.
#[derive(Serialize, ToSchema)]
pub(crate) struct CorrectionKept {
    asked: Correcting,
    asked_at_ms: i64,
    corrected_at_ms: Option<i64>,
    former: BTreeMap<Field, String>,
}

/// Every request of a dossier, oldest first.
pub(crate) fn all(db: &mut dyn Db, dossier: Uuid) -> Result<Vec<CorrectionKept>, Failure> {
    let ids = "SELECT id FROM correction WHERE dossier = ?1 ORDER BY decision";
    let ids = db.all(ids, values![&dossier], |row| row.uuid(0))?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(by_id(db, id)?.map(|it| CorrectionKept {
            asked: it.asked,
            asked_at_ms: it.asked_ms,
            corrected_at_ms: it.digest.map(|_| it.closed_ms),
            former: it.former,
        }));
    }
    Ok(all)
}
