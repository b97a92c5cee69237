//! Where the student learns what: from the lists, or written when the lists lack it.

use crate::form::{Field, Reading, Refusal};
use crate::reference::Pack;

/// What is answered when the list lacks it.
pub const NOT_LISTED: &str = "NOT_LISTED";

/// More than any name of a school or a training of the lists has.
const LONGEST: usize = 100;

/// A school.
#[derive(Clone, PartialEq, Eq)]
pub enum SchoolChoice {
    /// One of the list.
    Listed {
        /// Its UAI.
        uai: String,
    },
    /// Another one; a reviewer finds it.
    Written {
        /// Its name, as typed.
        name: String,
        /// Its town, as typed.
        town: String,
    },
}

/// A track.
#[derive(Clone, PartialEq, Eq)]
pub enum TrackChoice {
    /// One of the list.
    Listed {
        /// Its code.
        code: String,
    },
    /// Another one; a reviewer finds it.
    Written {
        /// As typed.
        name: String,
    },
}

pub(super) fn school(reading: &mut Reading<'_>, pack: &Pack) -> Option<SchoolChoice> {
    if reading.answers.typed(Field::School) == NOT_LISTED {
        let name = reading.parse(Field::SchoolName, written);
        let town = reading.parse(Field::SchoolTown, written);
        return Some(SchoolChoice::Written { name: name?, town: town? });
    }
    let listed = |typed: &str| listed(typed, pack.school(typed).map(|it| it.uai.as_str()));
    reading.parse(Field::School, listed).map(|uai| SchoolChoice::Listed { uai })
}

pub(super) fn track(reading: &mut Reading<'_>, pack: &Pack) -> Option<TrackChoice> {
    if reading.answers.typed(Field::Track) == NOT_LISTED {
        let name = reading.parse(Field::TrackName, written)?;
        return Some(TrackChoice::Written { name });
    }
    let listed = |typed: &str| listed(typed, pack.track(typed).map(|it| it.code.as_str()));
    reading.parse(Field::Track, listed).map(|code| TrackChoice::Listed { code })
}

fn listed(typed: &str, found: Option<&str>) -> Result<String, Refusal> {
    match found {
        Some(found) => Ok(found.to_owned()),
        None if typed.is_empty() => Err(Refusal::Missing),
        None => Err(Refusal::Unknown),
    }
}

/// One line of text, spaces put in order.
fn written(typed: &str) -> Result<String, Refusal> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if !line.chars().any(char::is_alphanumeric) {
        return Err(Refusal::Missing);
    }
    if line.chars().any(char::is_control) {
        return Err(Refusal::Malformed);
    }
    if line.chars().count() > LONGEST {
        return Err(Refusal::TooLong { most: LONGEST as u32 });
    }
    Ok(line)
}
