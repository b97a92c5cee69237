//! What the card pays for, and on which terms another card is made: the Region's figures of a season.

use super::List;
use super::refusal::PackRefusal;
use super::table::{self, Column, Row, needed, optional};
use crate::season::Season;

/// The most that a figure may be, in cents: ten thousand euros. Beyond, somebody's finger slipped.
pub const MOST_CENTS: u32 = 1_000_000;
/// The longest delay that a term may name, in days.
pub const MOST_DAYS: u32 = 365;

/// Something that the card pays for in one season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benefit {
    /// Names it, in every season: `LIVRES_LOISIRS`.
    pub code: String,
    /// The school year, `2026-2027`.
    pub season: String,
    /// What students call it.
    pub label: String,
    /// How much everybody has, in cents; none where the Region has not said it, or says it to each.
    pub cents: Option<u32>,
    /// Who says so.
    pub source: String,
}

/// On which terms a lost card is made anew in one season.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateTerms {
    /// The school year, `2026-2027`.
    pub season: String,
    /// What it costs, in cents; none where the Region has not said it.
    pub cents: Option<u32>,
    /// In how many days it comes; none where the Region has not said it.
    pub days: Option<u32>,
    /// Who says so.
    pub source: String,
}

const BENEFIT: &[Column] = &[
    needed(&["code"]),
    needed(&["season", "saison"]),
    needed(&["label", "libelle"]),
    needed(&["cents"]),
    needed(&["source"]),
];

const TERMS: &[Column] = &[
    needed(&["season", "saison"]),
    needed(&["cents"]),
    needed(&["days", "jours"]),
    optional(&["source"]),
];

pub(super) fn benefits(text: &str) -> Result<Vec<Benefit>, PackRefusal> {
    let key = |it: &Benefit| format!("{} {}", it.code, it.season);
    table::rows(List::Benefits, text, BENEFIT, read_benefit, key)
}

fn read_benefit(row: &Row<'_>) -> Result<Benefit, &'static str> {
    Ok(Benefit {
        code: row.checked("code", is_code)?,
        season: row.checked("season", is_season)?,
        label: row.checked("label", table::is_label)?,
        cents: figure(row, "cents", MOST_CENTS)?,
        source: row.checked("source", table::is_label)?,
    })
}

pub(super) fn duplicate_terms(text: &str) -> Result<Vec<DuplicateTerms>, PackRefusal> {
    table::rows(List::DuplicateTerms, text, TERMS, read_terms, |it| it.season.clone())
}

fn read_terms(row: &Row<'_>) -> Result<DuplicateTerms, &'static str> {
    Ok(DuplicateTerms {
        season: row.checked("season", is_season)?,
        cents: figure(row, "cents", MOST_CENTS)?,
        days: figure(row, "days", MOST_DAYS)?,
        source: row.checked("source", |it| it.is_empty() || table::is_label(it))?,
    })
}

/// A figure, or nothing where the cell is empty.
fn figure(row: &Row<'_>, name: &'static str, most: u32) -> Result<Option<u32>, &'static str> {
    match row.text(name) {
        "" => Ok(None),
        text => text.parse().ok().filter(|figure| *figure <= most).map(Some).ok_or(name),
    }
}

/// Euros as people write them, in cents: `50`, `7,5`, `7.50 €`.
pub fn cents_of(typed: &str) -> Option<u32> {
    let plain: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    let plain = plain.trim_end_matches('€').replace(',', ".");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(part)
}

/// A code of benefits: capitals, digits and `_`.
pub fn is_code(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (2..=40).contains(&text.len()) && text.bytes().all(is_sign)
}

fn is_season(text: &str) -> bool {
    Season::parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "code;season;label;cents;source\n";

    #[test]
    fn an_amount_that_nobody_said_is_none_and_not_nothing() {
        let text = format!("{HEADER}PECHE;2025-2026;Pêche;3000;x\nPECHE;2026-2027;Pêche;;x\n");
        let read = benefits(&text).unwrap();
        let cents: Vec<_> = read.iter().map(|it| it.cents).collect();
        assert_eq!(cents, [Some(3_000), None]);
    }

    #[test]
    fn what_is_no_figure_no_season_and_stands_twice_is_refused() {
        for (row, column) in [
            ("PECHE;2026-2027;Pêche;30,00;x", "cents"),
            ("PECHE;2026-2027;Pêche;-1;x", "cents"),
            ("PECHE;2026-2027;Pêche;1000001;x", "cents"),
            ("PECHE;2026;Pêche;;x", "season"),
            ("pêche;2026-2027;Pêche;;x", "code"),
            ("PECHE;2026-2027;Pêche;;", "source"),
        ] {
            let wrong = PackRefusal::BadRow { list: List::Benefits, line: 2, column };
            assert_eq!(benefits(&format!("{HEADER}{row}\n")), Err(wrong), "{row}");
        }
        let row = "PECHE;2026-2027;Pêche;;x\n";
        let twice = benefits(&format!("{HEADER}{row}{row}"));
        assert!(matches!(twice, Err(PackRefusal::Twice { .. })), "{twice:?}");
    }

    #[test]
    fn euros_are_read_as_people_write_them() {
        for (typed, cents) in [("50", 5_000), ("7,5", 750), ("7.50 €", 750), ("0", 0)] {
            assert_eq!(cents_of(typed), Some(cents), "{typed}");
        }
        for wrong in ["", "-3", "1,234", "cinq", "1.2.3", "99999999"] {
            assert_eq!(cents_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn terms_may_name_a_price_a_delay_or_neither() {
        let read = duplicate_terms("season;cents;days\n2025-2026;500;21\n2026-2027;;\n").unwrap();
        let known: Vec<_> = read.iter().map(|it| (it.cents, it.days)).collect();
        assert_eq!(known, [(Some(500), Some(21)), (None, None)]);
        assert!(duplicate_terms("season;cents;days\n2026-2027;0;366\n").is_err());
    }
}
