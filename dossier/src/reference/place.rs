//! A place that takes the card, and what is cheaper there.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::point::Point;
use super::refusal::PackRefusal;
use super::table::{self, Column, Row, needed, optional};
use super::{List, school};

/// What kind of place it is. The codes are those of the published lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum PlaceKind {
    /// A cinema.
    Cinema,
    /// A museum.
    Musee,
    /// A bookshop.
    Librairie,
    /// A theatre, a concert hall.
    Spectacle,
    /// A library.
    Bibliotheque,
    /// A sports ground, a swimming pool.
    Sport,
    /// Anything else.
    Autre,
}

impl PlaceKind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "CINEMA" => Self::Cinema,
            "MUSEE" => Self::Musee,
            "LIBRAIRIE" => Self::Librairie,
            "SPECTACLE" => Self::Spectacle,
            "BIBLIOTHEQUE" => Self::Bibliotheque,
            "SPORT" => Self::Sport,
            "AUTRE" => Self::Autre,
            _ => return None,
        })
    }
}

/// A place where the card serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Names it in its list.
    pub id: String,
    /// What it is.
    pub kind: PlaceKind,
    /// As its sign says.
    pub name: String,
    /// Number and street; empty where only the commune is known.
    pub address: String,
    /// The commune's name.
    pub town: String,
    /// Five digits.
    pub postal_code: String,
    /// INSEE code of the commune.
    pub insee: String,
    /// Where it stands.
    pub point: Point,
    /// Who says so.
    pub source: String,
}

/// Something that is cheaper with the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// Names it in its list.
    pub id: String,
    /// What it is about.
    pub kind: PlaceKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub text: String,
    /// The place that grants it.
    pub place: String,
    /// Its last day, `AAAA-MM-JJ`; empty when it lasts.
    pub until: String,
}

const PLACE: &[Column] = &[
    needed(&["id"]),
    needed(&["kind", "type"]),
    needed(&["name", "nom"]),
    optional(&["address", "adresse"]),
    needed(&["town", "commune"]),
    optional(&["postal_code", "code_postal"]),
    needed(&["insee", "code_insee"]),
    needed(&["latitude"]),
    needed(&["longitude"]),
    optional(&["source"]),
];

const DEAL: &[Column] = &[
    needed(&["id"]),
    needed(&["kind", "type"]),
    needed(&["title", "titre"]),
    needed(&["text", "texte"]),
    needed(&["place", "lieu"]),
    optional(&["until", "fin"]),
];

pub(super) fn places(text: &str) -> Result<Vec<Place>, PackRefusal> {
    table::rows(List::Places, text, PLACE, read_place, |place| place.id.clone())
}

fn read_place(row: &Row<'_>) -> Result<Place, &'static str> {
    Ok(Place {
        id: row.checked("id", is_id)?,
        kind: kind(row)?,
        name: row.checked("name", table::is_label)?,
        address: row.checked("address", |it| it.is_empty() || table::is_label(it))?,
        town: row.checked("town", table::is_label)?,
        postal_code: row.checked("postal_code", |it| it.is_empty() || table::is_postal_code(it))?,
        insee: row.checked("insee", table::is_insee)?,
        point: school::point(row)?,
        source: row.checked("source", |it| it.is_empty() || table::is_label(it))?,
    })
}

pub(super) fn deals(text: &str) -> Result<Vec<Deal>, PackRefusal> {
    table::rows(List::Deals, text, DEAL, read_deal, |deal| deal.id.clone())
}

fn read_deal(row: &Row<'_>) -> Result<Deal, &'static str> {
    Ok(Deal {
        id: row.checked("id", is_id)?,
        kind: kind(row)?,
        title: row.checked("title", table::is_label)?,
        text: row.checked("text", |it| it.chars().count() <= 1_000)?,
        place: row.checked("place", is_id)?,
        until: row.checked("until", |it| it.is_empty() || is_day(it))?,
    })
}

fn kind(row: &Row<'_>) -> Result<PlaceKind, &'static str> {
    PlaceKind::parse(row.text("kind")).ok_or("kind")
}

fn is_id(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_day(text: &str) -> bool {
    let form = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(text, form).is_ok()
}
