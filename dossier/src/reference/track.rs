//! A track: what a student learns.

use super::List;
use super::refusal::PackRefusal;
use super::table::{self, Column, Row, needed, optional};

/// A track, chosen in two steps: its group, then itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its code, like `BAC_PRO_MELEC`.
    pub code: String,
    /// The group a student looks under, like « Bac professionnel ».
    pub group: String,
    /// Its name on screens.
    pub label: String,
    /// The way it belongs to, one of `G T P A S`; empty when it belongs to none.
    pub way: String,
}

const COLUMNS: &[Column] = &[
    needed(&["code"]),
    needed(&["group", "groupe"]),
    needed(&["label", "libelle"]),
    optional(&["way", "voie"]),
];

pub(super) fn read(text: &str) -> Result<Vec<Track>, PackRefusal> {
    table::rows(List::Tracks, text, COLUMNS, read_row, |track| track.code.clone())
}

fn read_row(row: &Row<'_>) -> Result<Track, &'static str> {
    Ok(Track {
        code: row.checked("code", is_code)?,
        group: row.checked("group", table::is_label)?,
        label: row.checked("label", table::is_label)?,
        way: row.checked("way", |it| it.is_empty() || table::is_way(it))?,
    })
}

fn is_code(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (2..=40).contains(&text.len()) && text.bytes().all(sign)
}
