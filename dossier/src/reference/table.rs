//! Rows of a published list, their columns found by name and never by position.

use super::List;
use super::refusal::PackRefusal;
use super::words;
use csv::{ReaderBuilder, StringRecord};
use std::collections::BTreeSet;

/// France has 35,000 communes; nothing that one region publishes comes near.
const MOST_ROWS: u32 = 50_000;
/// Ours weigh 0.2 MB; those of the whole country would weigh about 5.
pub(super) const MOST_BYTES: usize = 8_000_000;

/// A column: the names it goes by, our own first.
pub(super) struct Column {
    names: &'static [&'static str],
    needed: bool,
}

impl Column {
    fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    fn place(&self, header: &[String]) -> Option<usize> {
        header.iter().position(|title| self.names.iter().any(|name| title == name))
    }
}

/// A column without which the list says nothing.
pub(super) const fn needed(names: &'static [&'static str]) -> Column {
    Column { names, needed: true }
}

/// A column that a list may lack; it then reads as empty.
pub(super) const fn optional(names: &'static [&'static str]) -> Column {
    Column { names, needed: false }
}

/// One row while it is being read.
pub(super) struct Row<'a> {
    columns: &'static [Column],
    places: &'a [Option<usize>],
    record: &'a StringRecord,
}

impl Row<'_> {
    /// The text of a column, trimmed; empty when the list lacks the column.
    pub(super) fn text(&self, name: &str) -> &str {
        let at = self.columns.iter().position(|column| column.name() == name);
        let place = at.and_then(|at| self.places.get(at)).copied().flatten();
        place.and_then(|place| self.record.get(place)).unwrap_or_default().trim()
    }

    /// The text of a column when `holds` is true of it, or the column that is wrong.
    pub(super) fn checked(
        &self,
        name: &'static str,
        holds: impl Fn(&str) -> bool,
    ) -> Result<String, &'static str> {
        let text = self.text(name);
        if holds(text) { Ok(text.to_owned()) } else { Err(name) }
    }
}

/// Reads every row of `text` with `read`, which names the column that it cannot read.
/// `key` is what no two rows may share.
pub(super) fn rows<T>(
    list: List,
    text: &str,
    columns: &'static [Column],
    read: impl Fn(&Row) -> Result<T, &'static str>,
    key: impl Fn(&T) -> String,
) -> Result<Vec<T>, PackRefusal> {
    if text.is_empty() && !list.is_needed() {
        return Ok(Vec::new());
    }
    if text.len() > MOST_BYTES {
        return Err(PackRefusal::TooHeavy { list, most_bytes: MOST_BYTES as u32 });
    }
    // Spreadsheets put a byte order mark before the first header.
    let bytes = text.trim_start_matches('\u{feff}').as_bytes();
    let mut reader = ReaderBuilder::new().delimiter(b';').comment(Some(b'#')).from_reader(bytes);
    let broken = |line: u64, column| PackRefusal::BadRow {
        list,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column,
    };
    let header = reader.headers().map_err(|_| broken(1, "row"))?;
    let header: Vec<String> = header.iter().map(|title| words::fold(title).join("_")).collect();
    let places: Vec<Option<usize>> = columns.iter().map(|column| column.place(&header)).collect();
    for (column, place) in columns.iter().zip(&places) {
        if column.needed && place.is_none() {
            return Err(PackRefusal::MissingColumn { list, column: column.name() });
        }
    }

    let mut made = Vec::new();
    let mut seen = BTreeSet::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| broken(error.position().map_or(0, |at| at.line()), "row"))?;
        let row = Row { columns, places: &places, record: &record };
        let line = record.position().map_or(0, csv::Position::line);
        let one = read(&row).map_err(|column| broken(line, column))?;
        if !seen.insert(key(&one)) {
            return Err(PackRefusal::Twice { list, value: key(&one) });
        }
        made.push(one);
        if made.len() > MOST_ROWS as usize {
            return Err(PackRefusal::TooLong { list, most: MOST_ROWS });
        }
    }
    if made.is_empty() && list.is_needed() { Err(PackRefusal::Empty { list }) } else { Ok(made) }
}

/// The key letter of a UAI catches every single mistyped digit: it is the number modulo 23.
pub(super) fn is_uai(text: &str) -> bool {
    const KEYS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let Some((digits, [key])) = text.as_bytes().split_at_checked(7) else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = digits.iter().fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    KEYS.get(number % KEYS.len()) == Some(key)
}

/// A postal code has five digits.
pub(super) fn is_postal_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An INSEE code of a commune has five signs; Corsica has a letter in it.
pub(super) fn is_insee(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'A' | b'B'))
}

/// A department has two signs, overseas three.
pub(super) fn is_department(text: &str) -> bool {
    matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A way of studying: general, technological, professional, apprenticeship (`A`), higher (`S`).
pub(super) fn is_way(text: &str) -> bool {
    matches!(text, "G" | "T" | "P" | "A" | "S")
}

/// A name or label that fits on a screen.
pub(super) fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uai_needs_its_key_letter() {
        assert!(is_uai("0630020E"));
        for wrong in ["0630020F", "0630021E", "630020E", "0630020", "0630020EE", "063002éE", ""] {
            assert!(!is_uai(wrong), "{wrong}");
        }
    }
}
