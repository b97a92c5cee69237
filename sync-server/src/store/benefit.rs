//! What students' benefits were granted and spent, and what is left of them.

use ::dossier::benefit::{Balances, Movement, MovementKind, MovementRefusal, admit, balances};
use ::dossier::reference::Pack;
use ::dossier::review::State;
use anyhow::Context;
use uuid::Uuid;

use super::db::{Db, Row, values};
use super::dossier::{self, Dossier};
use crate::clock;
use crate::failure::Failure;

/// A movement as it is kept.
pub(crate) struct Kept {
    pub(crate) movement: Movement,
    pub(crate) at_ms: i64,
}

/// A movement to note: who says it, and what names it, so that it is noted once.
pub(crate) struct ToNote {
    pub(crate) id: Uuid,
    pub(crate) reviewer: i64,
    pub(crate) movement: Movement,
}

/// Why a movement was not noted.
pub(crate) enum NotNoted {
    Refused(MovementRefusal),
    /// Another one was noted under the same name: the form was sent before, with other answers.
    NotedOtherwise,
}

/// Notes a movement of an accepted dossier. The same again changes nothing.
pub(crate) fn note(
    db: &mut dyn Db,
    pack: &Pack,
    (dossier, new): (Uuid, &ToNote),
    now_ms: i64,
) -> Result<Result<Dossier, NotNoted>, Failure> {
    let dossier = dossier::by_id(db, dossier)?;
    let known = db.optional(
        "SELECT benefit, kind, cents, at_ms, dossier FROM movement WHERE id = ?1",
        values![&new.id],
        |row| Ok((row.uuid(4)?, kept(row)?)),
    )?;
    if let Some((of, known)) = known {
        let is_same = of == dossier.id && known.movement == new.movement;
        return Ok(if is_same { Ok(dossier) } else { Err(NotNoted::NotedOtherwise) });
    }
    if dossier.state != State::Accepted {
        return Err(Failure::IllegalMove);
    }
    let before: Vec<Movement> = all(db, dossier.id)?.into_iter().map(|it| it.movement).collect();
    if let Err(refusal) = admit(&pack.benefits_of(&dossier.season), &before, &new.movement) {
        return Ok(Err(NotNoted::Refused(refusal)));
    }
    db.insert(
        "movement",
        &[
            ("id", (&new.id).into()),
            ("dossier", (&dossier.id).into()),
            ("benefit", (&new.movement.benefit).into()),
            ("kind", new.movement.kind.as_str().into()),
            ("cents", new.movement.cents.into()),
            ("reviewer", new.reviewer.into()),
            ("at_ms", now_ms.into()),
        ],
    )?;
    Ok(Ok(dossier))
}

/// Every movement of a dossier, oldest first.
pub(crate) fn all(db: &mut dyn Db, dossier: Uuid) -> Result<Vec<Kept>, Failure> {
    db.all(
        "SELECT benefit, kind, cents, at_ms FROM movement WHERE dossier = ?1 ORDER BY at_ms, id",
        values![&dossier],
        kept,
    )
}

/// What is left to an accepted dossier, by the published amounts; none before it has a card.
pub(crate) fn left(
    db: &mut dyn Db,
    pack: &Pack,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Option<Balances>, Failure> {
    if dossier.state != State::Accepted {
        return Ok(None);
    }
    let moved: Vec<Movement> = all(db, dossier.id)?.into_iter().map(|it| it.movement).collect();
    let list = balances(&pack.benefits_of(&dossier.season), &moved);
    Ok(Some(Balances { on: clock::day(now_ms).to_string(), list }))
}

fn kept(row: &dyn Row) -> Result<Kept, Failure> {
    let kind = MovementKind::parse(row.text(1)?).context("a stored movement cannot be read")?;
    let movement = Movement { benefit: row.string(0)?, kind, cents: row.small(2)? };
    Ok(Kept { movement, at_ms: row.int(3)? })
}
