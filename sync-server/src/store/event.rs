//! Events at which tablets enrol students.

use anyhow::Context;
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use super::db::{Db, Row, values};
use crate::failure::Failure;

/// An event. Its tablets share the key of their prints.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) first_day: Date,
    pub(crate) last_day: Date,
    /// UAIs; none when students of any school are expected.
    pub(crate) schools: Vec<String>,
    /// Provisional cards that each of its tablets may sign.
    pub(crate) most_cards: u32,
    pub(crate) prints_key: [u8; 32],
}

impl Event {
    /// In the order of [`COLUMNS`].
    fn read(row: &dyn Row) -> Result<Self, Failure> {
        Ok(Self {
            id: row.uuid(0)?,
            name: row.string(1)?,
            place: row.string(2)?,
            first_day: day(row.text(3)?)?,
            last_day: day(row.text(4)?)?,
            schools: row.text(5)?.split_whitespace().map(str::to_owned).collect(),
            most_cards: row.small(6)?,
            prints_key: row.array(7)?,
        })
    }
}

const COLUMNS: &str = "id, name, place, first_day, last_day, schools, most_cards, prints_key";

fn day(text: &str) -> Result<Date, Failure> {
    let date = Date::parse(text, format_description!("[year]-[month]-[day]"));
    Ok(date.context("a stored day cannot be read")?)
}

/// Adds an event.
pub(crate) fn add(db: &mut dyn Db, event: &Event, now_ms: i64) -> Result<(), Failure> {
    let days = [event.first_day, event.last_day].map(|day| day.to_string());
    let [first_day, last_day] = &days;
    let schools = event.schools.join(" ");
    db.insert(
        "event",
        &[
            ("id", (&event.id).into()),
            ("name", (&event.name).into()),
            ("place", (&event.place).into()),
            ("first_day", first_day.into()),
            ("last_day", last_day.into()),
            ("schools", (&schools).into()),
            ("most_cards", event.most_cards.into()),
            ("prints_key", (&event.prints_key).into()),
            ("made_ms", now_ms.into()),
        ],
    )
}

/// An event, or that there is none.
pub(crate) fn by_id(db: &mut dyn Db, id: Uuid) -> Result<Event, Failure> {
    let found = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
    db.optional(&found, values![&id], Event::read)?.ok_or(Failure::Unknown)
}

/// The newest events.
pub(crate) fn newest(db: &mut dyn Db, most: u32) -> Result<Vec<Event>, Failure> {
    let found =
        format!("SELECT {COLUMNS} FROM event ORDER BY last_day DESC, made_ms DESC LIMIT ?1");
    db.all(&found, values![most], Event::read)
}
