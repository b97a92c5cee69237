//! Which school teaches which track.

use std::collections::BTreeMap;

use super::List;
use super::refusal::PackRefusal;
use super::table::{self, Column, needed};

const COLUMNS: &[Column] = &[needed(&["uai"]), needed(&["track", "filiere"])];

/// The codes of the tracks of each school that is known to the list.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, Vec<String>>, PackRefusal> {
    let read = |row: &table::Row<'_>| {
        Ok((row.checked("uai", table::is_uai)?, row.checked("track", table::is_label)?))
    };
    let rows =
        table::rows(List::Offers, text, COLUMNS, read, |(uai, track)| format!("{uai} {track}"))?;
    let mut offers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (uai, track) in rows {
        offers.entry(uai).or_default().push(track);
    }
    Ok(offers)
}
