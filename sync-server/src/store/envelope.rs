//! Enrolments that tablets sealed: kept as they came, opened, settled.

use ::dossier::document::Hash;
use ::dossier::form::FieldRefusal;
use anyhow::Context;
use uuid::Uuid;

use super::db::{Db, Row, Value, values};
use super::stand;
use crate::failure::Failure;

/// An envelope that cannot be opened without an end of the server is left to a person.
const MOST_TRIES: i64 = 5;

/// What became of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is on the disk and nobody has opened it yet.
    Kept,
    /// Its enrolment is a dossier.
    Deposited,
    /// Another one took its place.
    Superseded,
    /// It waits for a person at the desk.
    Stuck,
    /// A person looked at it and nothing is to come of it, or its student had the dossier erased.
    Discarded,
}

impl Stage {
    const ALL: [Self; 5] =
        [Self::Kept, Self::Deposited, Self::Superseded, Self::Stuck, Self::Discarded];

    /// Its word in the table.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Deposited => "deposited",
            Self::Superseded => "superseded",
            Self::Stuck => "stuck",
            Self::Discarded => "discarded",
        }
    }

    fn read(row: &dyn Row, at: usize) -> Result<Self, Failure> {
        let word = row.text(at)?;
        let stage = Self::ALL.into_iter().find(|stage| stage.as_str() == word);
        Ok(stage.context("a stored stage cannot be read")?)
    }
}

/// An envelope whose signature was checked.
pub(crate) struct Arrived {
    pub(crate) digest: Hash,
    pub(crate) stand: Uuid,
    pub(crate) sequence: i64,
    pub(crate) dossier: Uuid,
    pub(crate) supersedes: Option<Hash>,
    pub(crate) prints: Vec<u64>,
    /// By the clock of the tablet.
    pub(crate) made_ms: i64,
    pub(crate) receipt: Vec<u8>,
    pub(crate) bytes: Vec<u8>,
}

/// What its tablet hears of an envelope.
pub(crate) struct Told {
    pub(crate) stage: Stage,
    pub(crate) receipt: Vec<u8>,
}

/// Receipt and stage of an envelope, if it is known.
pub(crate) fn told(db: &mut dyn Db, digest: &Hash) -> Result<Option<Told>, Failure> {
    db.optional("SELECT state, receipt FROM envelope WHERE digest = ?1", values![digest], |row| {
        Ok(Told { stage: Stage::read(row, 0)?, receipt: row.bytes(1)?.to_vec() })
    })
}

/// Keeps an envelope and what it tells the other tablets; the same one again changes nothing. Two
/// different ones of one number mean that there are two of their tablet.
pub(crate) fn keep(db: &mut dyn Db, arrived: &Arrived, now_ms: i64) -> Result<(), Failure> {
    let Arrived { digest, stand, sequence, dossier, supersedes, .. } = arrived;
    if told(db, digest)?.is_some() {
        return Ok(());
    }
    let of_stand = stand::by_id(db, *stand)?;
    let twin = "SELECT 1 FROM envelope WHERE stand = ?1 AND sequence = ?2";
    if db.exists(twin, values![stand, *sequence])? {
        stand::note_clone(db, *stand, now_ms)?;
    }
    let supersedes: &[u8] = supersedes.as_ref().map_or(&[], |former| former);
    let prints: Vec<u8> = arrived.prints.iter().flat_map(|print| print.to_le_bytes()).collect();
    db.insert(
        "envelope",
        &[
            ("digest", digest.into()),
            ("stand", stand.into()),
            ("sequence", (*sequence).into()),
            ("dossier", dossier.into()),
            ("supersedes", supersedes.into()),
            ("prints", (&prints).into()),
            ("stored_ms", now_ms.into()),
            ("receipt", (&arrived.receipt).into()),
            ("bytes", (&arrived.bytes).into()),
        ],
    )?;
    stand::seen(db, &of_stand, now_ms)?;
    // Whoever stole a tablet does not tell the others whom to turn away.
    if of_stand.is_revoked() {
        return Ok(());
    }
    super::print::put(db, &of_stand, (*dossier, arrived.made_ms), &prints)
}

/// An envelope with what it was sealed by, to be opened.
pub(crate) struct Sealed {
    pub(crate) digest: Hash,
    pub(crate) stand: stand::Stand,
    pub(crate) dossier: Uuid,
    pub(crate) supersedes: Option<Hash>,
    pub(crate) stage: Stage,
    pub(crate) bytes: Vec<u8>,
}

/// An envelope, or that there is none.
pub(crate) fn by_digest(db: &mut dyn Db, digest: &Hash) -> Result<Sealed, Failure> {
    let found = "SELECT stand, dossier, supersedes, state, bytes FROM envelope WHERE digest = ?1";
    let found = db.optional(found, values![digest], |row| {
        let supersedes = row.bytes(2)?.try_into().ok();
        Ok((row.uuid(0)?, row.uuid(1)?, supersedes, Stage::read(row, 3)?, row.bytes(4)?.to_vec()))
    })?;
    let (stand, dossier, supersedes, stage, bytes) = found.ok_or(Failure::Unknown)?;
    let stand = stand::by_id(db, stand)?;
    Ok(Sealed { digest: *digest, stand, dossier, supersedes, stage, bytes })
}

/// The envelopes that were stored before a time and that nobody has opened yet, oldest first.
pub(crate) fn unopened(db: &mut dyn Db, before_ms: i64, most: u32) -> Result<Vec<Hash>, Failure> {
    let found = "SELECT digest FROM envelope WHERE state = 'kept' AND stored_ms <= ?1
         ORDER BY stored_ms, digest LIMIT ?2";
    db.all(found, values![before_ms, most], |row| row.array(0))
}

/// Counts that an envelope is about to be opened once more, before it is; `false` when it ended the
/// server too often.
pub(crate) fn try_again(db: &mut dyn Db, digest: &Hash) -> Result<bool, Failure> {
    let tries = "UPDATE envelope SET tries = tries + 1 WHERE digest = ?1 RETURNING tries";
    let tries = db.one(tries, values![digest], |row| row.int(0))?;
    Ok(tries <= MOST_TRIES)
}

/// Notes what became of an envelope that was opened.
pub(crate) fn settle(
    db: &mut dyn Db,
    digest: &Hash,
    stage: Stage,
    now_ms: i64,
) -> Result<(), Failure> {
    let columns = [
        ("state", stage.as_str().into()),
        ("reason", "".into()),
        ("refusals", "".into()),
        ("opened_ms", now_ms.into()),
    ];
    db.update("envelope", &columns, ("digest", digest.into()))
}

/// Nothing is to come of an envelope that waits: its bytes and its prints go.
pub(crate) fn discard(db: &mut dyn Db, digest: &Hash, now_ms: i64) -> Result<(), Failure> {
    let nothing: &[u8] = &[];
    let dossier = by_digest(db, digest)?.dossier;
    let discarded = db.execute(
        "UPDATE envelope SET state = 'discarded', refusals = '', prints = ?2, bytes = ?2,
             opened_ms = ?3
         WHERE digest = ?1 AND state IN ('kept', 'stuck')",
        values![digest, nothing, now_ms],
    )?;
    if discarded != 0 && super::dossier::bound(db, dossier)?.is_none() {
        super::print::forget(db, dossier)?;
    }
    Ok(())
}

/// Leaves an envelope to a person, and says why; one that was settled meanwhile stays so. Of a dossier
/// that its student had erased nobody needs to see anything.
pub(crate) fn stick(
    db: &mut dyn Db,
    digest: &Hash,
    why: &Failure,
    now_ms: i64,
) -> Result<Stage, Failure> {
    if matches!(why, Failure::Erased) {
        let dossier = by_digest(db, digest)?.dossier;
        discard(db, digest, now_ms)?;
        super::print::forget(db, dossier)?;
        return Ok(told(db, digest)?.ok_or(Failure::Unknown)?.stage);
    }
    let refusals = match why {
        Failure::Incomplete(refusals) => {
            serde_json::to_string(refusals).map_err(anyhow::Error::from)?
        }
        _ => String::new(),
    };
    db.execute(
        "UPDATE envelope SET state = 'stuck', reason = ?2, refusals = ?3, opened_ms = ?4
         WHERE digest = ?1 AND state IN ('kept', 'stuck')",
        values![digest, why.code(), &refusals, now_ms],
    )?;
    Ok(told(db, digest)?.ok_or(Failure::Unknown)?.stage)
}

/// Whether an enrolment that took the place of this one is a dossier.
pub(crate) fn is_superseded(db: &mut dyn Db, sealed: &Sealed) -> Result<bool, Failure> {
    db.exists(
        "SELECT 1 FROM envelope WHERE supersedes = ?1 AND stand = ?2 AND dossier = ?3
             AND state IN ('deposited', 'superseded')",
        values![&sealed.digest, &sealed.stand.id, &sealed.dossier],
    )
}

/// Whether a dossier is what this tablet enrolled and sealed under this digest.
pub(crate) fn made_dossier(db: &mut dyn Db, former: &Hash, by: &Sealed) -> Result<bool, Failure> {
    db.exists(
        "SELECT 1 FROM envelope WHERE digest = ?1 AND stand = ?2 AND dossier = ?3
             AND state = 'deposited'",
        values![former, &by.stand.id, &by.dossier],
    )
}

/// Notes that another one took the place of this one, whatever had become of it.
pub(crate) fn supersede(
    db: &mut dyn Db,
    former: &Hash,
    by: &Sealed,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute(
        "UPDATE envelope SET state = 'superseded', reason = '', refusals = '', opened_ms = ?4
         WHERE digest = ?1 AND stand = ?2 AND dossier = ?3",
        values![former, &by.stand.id, &by.dossier, now_ms],
    )?;
    Ok(())
}

/// An envelope that waits for a person.
pub(crate) struct Stuck {
    pub(crate) digest: Hash,
    pub(crate) stand: Uuid,
    pub(crate) sequence: i64,
    pub(crate) stored_ms: i64,
    /// The code of a [`Failure`].
    pub(crate) reason: String,
    pub(crate) refusals: Vec<FieldRefusal>,
}

/// What is read of a stuck one, in the order of [`Stuck::read`].
const STUCK: &str = "SELECT digest, stand, sequence, stored_ms, reason, refusals FROM envelope
     WHERE state = 'stuck'";

impl Stuck {
    fn read(row: &dyn Row) -> Result<Self, Failure> {
        let refusals = match row.text(5)? {
            "" => Vec::new(),
            json => serde_json::from_str(json).context("stored refusals cannot be read")?,
        };
        Ok(Self {
            digest: row.array(0)?,
            stand: row.uuid(1)?,
            sequence: row.int(2)?,
            stored_ms: row.int(3)?,
            reason: row.string(4)?,
            refusals,
        })
    }
}

/// The stuck ones of an event, oldest first.
pub(crate) fn stuck(db: &mut dyn Db, event: Uuid, most: u32) -> Result<Vec<Stuck>, Failure> {
    let found = format!(
        "{STUCK} AND stand IN (SELECT id FROM stand WHERE event = ?1)
         ORDER BY stored_ms, digest LIMIT ?2"
    );
    db.all(&found, values![&event, most], Stuck::read)
}

/// A stuck one, or that there is none of this name.
pub(crate) fn stuck_one(db: &mut dyn Db, digest: &Hash) -> Result<Stuck, Failure> {
    let found = format!("{STUCK} AND digest = ?1");
    db.optional(&found, values![digest], Stuck::read)?.ok_or(Failure::Unknown)
}

/// Erases the bytes of the envelopes of a dossier: what they held stands in it, or is erased with it.
pub(crate) fn forget_bytes(db: &mut dyn Db, dossier: Uuid) -> Result<(), Failure> {
    blank(db, "dossier = ?1 AND state IN ('deposited', 'superseded')", &[(&dossier).into()])
}

/// Erases the bytes of every envelope of a dossier that its student had erased.
pub(super) fn erase(db: &mut dyn Db, dossier: Uuid) -> Result<(), Failure> {
    blank(db, "dossier = ?1", &[(&dossier).into()])?;
    let nothing: &[u8] = &[];
    let columns = [("prints", nothing.into()), ("refusals", "".into())];
    db.update("envelope", &columns, ("dossier", (&dossier).into()))
}

/// Erases the bytes of the envelopes that became dossiers before a time. Those that wait for a person
/// stay: they are all that there is of somebody's enrolment.
pub(crate) fn forget_older(db: &mut dyn Db, before_ms: i64) -> Result<(), Failure> {
    let old = "opened_ms <= ?1 AND state IN ('deposited', 'superseded')";
    blank(db, old, &[before_ms.into()])
}

fn blank(db: &mut dyn Db, condition: &str, of: &[Value<'_>]) -> Result<(), Failure> {
    let nothing: &[u8] = &[];
    let place = of.len() + 1;
    let erased =
        format!("UPDATE envelope SET bytes = ?{place} WHERE {condition} AND length(bytes) > 0");
    let values: Vec<Value<'_>> = of.iter().copied().chain([nothing.into()]).collect();
    db.execute(&erased, &values)?;
    Ok(())
}
