//! The columns that answers are written to.

use dossier::form::contact::{Address, AddressLine, Town};
use dossier::form::guardian::{Filer, Guardian};
use dossier::form::photo_choice::PhotoNote;
use dossier::form::school::{SchoolChoice, TrackChoice};

use crate::store::db::Value;

type Column<'a> = (&'static str, Value<'a>);

pub(in crate::store) fn address(address: &Address) -> [Column<'_>; 8] {
    let commune = match &address.town {
        Town::Listed { insee } => insee.as_str(),
        Town::Elsewhere(name) => name.as_str(),
    };
    [
        ("care_of", optional(&address.care_of).into()),
        ("address_line", address.line.as_str().into()),
        ("building", optional(&address.building).into()),
        ("floor", optional(&address.floor).into()),
        ("residence", optional(&address.residence).into()),
        ("locality", optional(&address.locality).into()),
        ("postal_code", (&address.postal_code).into()),
        ("commune", commune.into()),
    ]
}

fn optional(line: &Option<AddressLine>) -> &str {
    line.as_ref().map_or("", AddressLine::as_str)
}

/// The code of the list, or what was written because the list lacks it.
pub(super) fn school(school: &SchoolChoice) -> [Column<'_>; 3] {
    let (school, name, town) = match school {
        SchoolChoice::Listed { uai } => (uai.as_str(), "", ""),
        SchoolChoice::Written { name, town } => ("", name.as_str(), town.as_str()),
    };
    [("school", school.into()), ("school_name", name.into()), ("school_town", town.into())]
}

/// The code of the list, or what was written because the list lacks it.
pub(super) fn track(track: &TrackChoice) -> [Column<'_>; 2] {
    let (track, name) = match track {
        TrackChoice::Listed { code } => (code.as_str(), ""),
        TrackChoice::Written { name } => ("", name.as_str()),
    };
    [("track", track.into()), ("track_name", name.into())]
}

/// What the student says of the photo.
pub(super) fn said_of_photo(bare_head: bool, note: Option<&PhotoNote>) -> [Column<'_>; 2] {
    let note = note.map_or("", PhotoNote::as_str);
    [("bare_head", bare_head.into()), ("photo_note", note.into())]
}

/// What is empty when the student filed alone.
pub(super) const NO_FILER: [&str; 3] = ["filer_family_name", "filer_given_name", "filer_link"];

pub(super) fn filer(filer: &Filer) -> [Column<'_>; 3] {
    [
        ("filer_family_name", filer.family_name.as_str().into()),
        ("filer_given_name", filer.given_name.as_str().into()),
        ("filer_link", filer.link.as_str().into()),
    ]
}

/// Empty when nobody needs to agree.
pub(super) fn guardian(guardian: Option<&Guardian>) -> [Column<'_>; 4] {
    let [family_name, given_name, link, contact] = guardian.map_or([""; 4], |guardian| {
        let Guardian { family_name, given_name, link, contact } = guardian;
        [family_name.as_str(), given_name.as_str(), link.as_str(), contact]
    });
    [
        ("guardian_family_name", family_name.into()),
        ("guardian_given_name", given_name.into()),
        ("guardian_link", link.into()),
        ("guardian_contact", contact.into()),
    ]
}
