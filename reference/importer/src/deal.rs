//! The list of deals: the Region's own; a new one replaces the one there was.

use std::collections::BTreeSet;

use dossier::reference::{Deal, Place};

use crate::day;
use crate::place;
use crate::reading::{Aside, LABEL, Opened, Progress, fitting};
use crate::report::Reason;
use crate::spelling;

/// Signs that the text of a deal may have.
const TEXT: usize = 1_000;

/// Reads a list of deals, each at a place that is listed.
pub(crate) fn import(
    file: &mut Opened,
    places: &[Place],
    progress: &mut dyn FnMut(Progress),
) -> Vec<Deal> {
    let mut taken = BTreeSet::new();
    file.rows(progress, |row| {
        let id = row.text(&["id"]);
        if id.is_empty() || id.len() > 60 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Aside::wrong(Reason::BadCode, "id", id));
        }
        let word = row.text(&["kind", "type"]);
        let kind = place::kind(word).ok_or_else(|| Aside::wrong(Reason::BadKind, "kind", word))?;
        let title = spelling::verbatim(row.text(&["title", "titre"]));
        if title.is_empty() {
            return Err(Aside::wrong(Reason::NoName, "title", id));
        }
        let place = row.text(&["place", "lieu"]);
        if !places.iter().any(|known| known.id == place) {
            return Err(Aside::wrong(Reason::UnknownPlace, "place", place));
        }
        let typed = row.text(&["until", "fin"]);
        let until = day::iso(typed, day::Order::DayFirst);
        if until.is_none() && !typed.is_empty() {
            return Err(Aside::wrong(Reason::BadDate, "until", typed));
        }
        if !taken.insert(id.to_owned()) {
            return Err(Aside::wrong(Reason::Twice, "id", id));
        }
        let text = row.text(&["text", "texte"]).replace('\'', "’");
        let (title, text) = (fitting(title, "title", LABEL)?, fitting(text, "text", TEXT)?);
        Ok(Deal {
            id: id.to_owned(),
            kind,
            title,
            text,
            place: place.to_owned(),
            until: until.unwrap_or_default(),
        }
        .into())
    })
}
