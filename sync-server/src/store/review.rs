//! What reviewers decide, in whose hands a dossier is, and what happened to it so far.

use ::dossier::review::{Decision, Making, Milestone, Reached, Refusing, State};
use anyhow::Context;
use uuid::Uuid;

use super::correction;
use super::db::{Db, values};
use super::dossier::{self, Dossier};
use crate::failure::Failure;

/// Decides a dossier, if its state allows it, and keeps who decided what.
pub(crate) fn decide(
    db: &mut dyn Db,
    id: Uuid,
    reviewer: i64,
    decision: &Decision,
    now_ms: i64,
) -> Result<Dossier, Failure> {
    let mut dossier = dossier::by_id(db, id)?;
    let state = dossier.state.after(decision).map_err(|_| Failure::IllegalMove)?;
    let (reasons, note) = match decision {
        Decision::Take | Decision::Accept => (&[][..], None),
        Decision::Correct(correcting) => (correcting.reasons(), correcting.note()),
        Decision::Refuse(refusing) => (refusing.reasons(), refusing.note()),
    };
    let reasons = if reasons.is_empty() {
        String::new()
    } else {
        serde_json::to_string(reasons).map_err(anyhow::Error::from)?
    };
    let decided = Decided { reviewer, verdict: state.as_str(), reasons: &reasons, note, now_ms };
    let decided = note_decision(db, id, &decided)?;
    match decision {
        Decision::Take => dossier.reviewer = reviewer,
        Decision::Correct(correcting) => {
            correction::ask(db, id, decided, correcting)?;
            dossier.reviewer = reviewer;
        }
        Decision::Accept | Decision::Refuse(_) => correction::close(db, id, now_ms)?,
    }
    dossier.state = state;
    let columns = [("state", state.as_str().into()), ("reviewer", dossier.reviewer.into())];
    db.update("dossier", &columns, ("draft", (&id).into()))?;
    Ok(dossier)
}

/// A decision to keep.
struct Decided<'a> {
    reviewer: i64,
    verdict: &'a str,
    /// As JSON.
    reasons: &'a str,
    note: Option<&'a str>,
    now_ms: i64,
}

/// Keeps a decision; what names it.
fn note_decision(db: &mut dyn Db, id: Uuid, decided: &Decided<'_>) -> Result<i64, Failure> {
    let Decided { reviewer, verdict, reasons, note, now_ms } = *decided;
    db.one(
        "INSERT INTO decision (dossier, reviewer, verdict, reasons, note, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        values![&id, reviewer, verdict, reasons, note.unwrap_or_default(), now_ms],
        |row| row.int(0),
    )
}

/// Why a dossier was refused, if it was.
pub(crate) fn refusal(db: &mut dyn Db, id: Uuid) -> Result<Option<Refusing>, Failure> {
    let found = db.optional(
        "SELECT reasons, note FROM decision
         WHERE dossier = ?1 AND verdict = ?2 ORDER BY id DESC LIMIT 1",
        values![&id, State::Refused.as_str()],
        |row| Ok((row.string(0)?, row.string(1)?)),
    )?;
    let Some((reasons, note)) = found else { return Ok(None) };
    let reasons: Vec<_> = serde_json::from_str(&reasons).map_err(anyhow::Error::from)?;
    Ok(Some(Refusing::new(&reasons, Some(&note)).map_err(anyhow::Error::from)?))
}

/// How far the plastic card has come; none while none is being made.
pub(crate) fn making(db: &mut dyn Db, id: Uuid) -> Result<Option<Making>, Failure> {
    let last = "SELECT verdict FROM decision WHERE dossier = ?1 ORDER BY id DESC LIMIT 1";
    let last = db.optional(last, values![&id], |row| row.string(0))?;
    Ok(last.as_deref().and_then(Making::parse))
}

/// Notes the next stage of the plastic card of an accepted dossier. Another stage than the next is
/// refused: whoever pressed twice does not skip one.
pub(crate) fn make(
    db: &mut dyn Db,
    id: Uuid,
    reviewer: i64,
    stage: Making,
    now_ms: i64,
) -> Result<Dossier, Failure> {
    let dossier = dossier::by_id(db, id)?;
    if dossier.state != State::Accepted || Making::next(making(db, id)?) != stage {
        return Err(Failure::IllegalMove);
    }
    let decided = Decided { reviewer, verdict: stage.as_str(), reasons: "", note: None, now_ms };
    note_decision(db, id, &decided)?;
    Ok(dossier)
}

/// What happened to a dossier, oldest first.
pub(crate) fn timeline(db: &mut dyn Db, dossier: &Dossier) -> Result<Vec<Reached>, Failure> {
    let decided = "SELECT verdict, at_ms FROM decision WHERE dossier = ?1 ORDER BY id";
    let mut reached = vec![Reached { milestone: Milestone::Received, at_ms: dossier.received_ms }];
    reached.extend(db.all(decided, values![&dossier.id], |row| {
        let milestone = Milestone::of_verdict(row.text(0)?);
        let milestone = milestone.context("a stored verdict cannot be read")?;
        Ok(Reached { milestone, at_ms: row.int(1)? })
    })?);
    let corrected = "SELECT closed_ms FROM correction
         WHERE dossier = ?1 AND length(digest) > 0 ORDER BY closed_ms";
    for at_ms in db.all(corrected, values![&dossier.id], |row| row.int(0))? {
        let corrected = Reached { milestone: Milestone::Corrected, at_ms };
        // After the first question that nobody answered yet, as clocks may go back.
        let asked = reached.iter().enumerate().position(|(at, it)| {
            let next = reached.get(at + 1).map(|it| it.milestone);
            it.milestone == Milestone::ToCorrect && next != Some(Milestone::Corrected)
        });
        reached.insert(asked.map_or(reached.len(), |at| at + 1), corrected);
    }
    Ok(reached)
}

/// What a reviewer finds on the first page.
pub(crate) struct Queue {
    /// In this reviewer's hands.
    pub(crate) mine: Vec<Dossier>,
    /// In nobody's.
    pub(crate) waiting: Vec<Dossier>,
    /// How many there are of those in all.
    pub(crate) all_waiting: u32,
    /// With their students, who were asked to mend something.
    pub(crate) with_students: Vec<Dossier>,
    /// In the hands of other reviewers.
    pub(crate) elsewhere: Vec<Dossier>,
}

/// The dossiers that wait for a decision, oldest first.
pub(crate) fn queue(db: &mut dyn Db, reviewer: i64) -> Result<Queue, Failure> {
    let [received, in_review, to_correct] =
        [State::Received, State::InReview, State::ToCorrect].map(State::as_str);
    let all = "SELECT count(*) FROM dossier WHERE state = ?1";
    let (mine, others) = ("state = ?1 AND reviewer = ?2", "state = ?1 AND reviewer <> ?2");
    Ok(Queue {
        mine: dossier::those(db, mine, values![in_review, reviewer])?,
        waiting: dossier::those(db, "state = ?1", values![received])?,
        all_waiting: db.one(all, values![received], |row| row.small(0))?,
        with_students: dossier::those(db, "state = ?1", values![to_correct])?,
        elsewhere: dossier::those(db, others, values![in_review, reviewer])?,
    })
}
