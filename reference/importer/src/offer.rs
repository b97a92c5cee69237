//! Which school teaches which track: by the code of the track, or by those of the State.

use std::collections::BTreeSet;

use dossier::reference::Track;

use crate::code;
use crate::reading::{Aside, Opened, Progress};
use crate::report::Reason;
use crate::school::Schools;
use crate::sheet::Row;
use crate::track::Nomenclature;

/// School and track.
pub(crate) type Offers = BTreeSet<(String, String)>;

/// Reads a list of offers. Our own replaces the one there was; any other, the offers of the
/// schools that it names.
pub(crate) fn import(
    file: &mut Opened,
    offers: &mut Offers,
    (schools, tracks): (&Schools, &[Track]),
    nomenclature: &Nomenclature,
    progress: &mut dyn FnMut(Progress),
) {
    let is_whole = file.has(&["track"]);
    let rows = file.rows(progress, |row| {
        let typed = row.text(&["uai"]);
        let department = typed.get(..3).and_then(code::department);
        if department.is_some_and(|department| !code::is_ours(&department)) {
            return Err(Aside::OutOfScope);
        }
        let uai = code::uai(typed).ok_or_else(|| Aside::wrong(Reason::BadUai, "uai", typed))?;
        if !schools.contains_key(&uai) {
            return Err(Aside::wrong(Reason::UnknownSchool, "uai", &uai));
        }
        Ok((uai, track(row, tracks, nomenclature)?).into())
    });
    let named: BTreeSet<String> = rows.iter().map(|(uai, _)| uai.clone()).collect();
    offers.retain(|(uai, _)| !is_whole && !named.contains(uai));
    offers.extend(rows);
}

/// The track that a row means.
fn track(row: &Row, tracks: &[Track], nomenclature: &Nomenclature) -> Result<String, Aside> {
    let is_listed = |code: &str| tracks.iter().any(|track| track.code == code);
    let unknown = |column, code: &str| Aside::wrong(Reason::UnknownTrack, column, code);
    let own = row.text(&["track", "filiere"]).to_uppercase();
    if !own.is_empty() {
        return if is_listed(&own) { Ok(own) } else { Err(unknown("track", &own)) };
    }
    let diploma = code::trimmed(row.text(&["code_formation_diplome", "formation_diplome"]));
    let training = code::trimmed(row.text(&["mef_stat_11", "mef"]));
    let meant = nomenclature.track(training).or_else(|| nomenclature.track(diploma));
    if let Some(code) = meant.flatten().filter(|code| is_listed(code)) {
        return Ok(code.to_owned());
    }
    // Our codes of tracks end with the diploma's.
    let ends = |track: &&Track| track.code.rsplit_once('_').is_some_and(|(_, end)| end == diploma);
    if let Some(track) = tracks.iter().find(ends) {
        return Ok(track.code.clone());
    }
    // A training that closed without a successor is nobody's mistake.
    if meant.is_some_and(|code| code.is_none()) {
        return Err(Aside::OutOfScope);
    }
    Err(unknown("code_formation_diplome", if diploma.is_empty() { training } else { diploma }))
}
