//! Where the student learns what.

use crate::form::Refusal;
use crate::reference::Pack;

/// The UAI of a school of the list.
pub(crate) fn school(typed: &str, pack: &Pack) -> Result<String, Refusal> {
    listed(typed, pack.school(typed).map(|school| school.uai.as_str()))
}

/// The code of a track of the list.
pub(crate) fn track(typed: &str, pack: &Pack) -> Result<String, Refusal> {
    listed(typed, pack.track(typed).map(|track| track.code.as_str()))
}

fn listed(typed: &str, found: Option<&str>) -> Result<String, Refusal> {
    match found {
        Some(found) => Ok(found.to_owned()),
        None if typed.is_empty() => Err(Refusal::Missing),
        None => Err(Refusal::Unknown),
    }
}
