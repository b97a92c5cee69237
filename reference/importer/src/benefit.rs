//! What the card pays for, and on which terms a lost one is made anew: the Region's own lists.

use std::collections::BTreeSet;

use dossier::reference::{
    Benefit, DuplicateTerms, MOST_CENTS, MOST_DAYS, cents_of, is_benefit_code,
};
use dossier::season::Season;

use crate::reading::{Aside, LABEL, Opened, Progress, fitting};
use crate::report::Reason;
use crate::sheet::Row;
use crate::spelling;

/// Reads a list of benefits; it replaces the one there was.
pub(crate) fn import(file: &mut Opened, progress: &mut dyn FnMut(Progress)) -> Vec<Benefit> {
    let mut taken = BTreeSet::new();
    file.rows(progress, |row| {
        let code = row.text(&["code"]).to_uppercase();
        if !is_benefit_code(&code) {
            return Err(Aside::wrong(Reason::BadCode, "code", &code));
        }
        let season = season(row)?;
        let label = spelling::verbatim(row.text(&["label", "libelle"]));
        if label.is_empty() {
            return Err(Aside::wrong(Reason::NoName, "label", &code));
        }
        if !taken.insert((code.clone(), season.clone())) {
            return Err(Aside::wrong(Reason::Twice, "code", &code));
        }
        let cents = price(row, &["montant"])?;
        let label = fitting(label, "label", LABEL)?;
        Ok(Benefit { code, season, label, cents, source: source(row)? }.into())
    })
}

/// Reads the terms of duplicates; they replace those there were.
pub(crate) fn import_terms(
    file: &mut Opened,
    progress: &mut dyn FnMut(Progress),
) -> Vec<DuplicateTerms> {
    let mut taken = BTreeSet::new();
    file.rows(progress, |row| {
        let season = season(row)?;
        if !taken.insert(season.clone()) {
            return Err(Aside::wrong(Reason::Twice, "season", &season));
        }
        let typed = row.text(&["days", "jours", "delai_jours"]);
        let days = match typed {
            "" => None,
            typed => Some(
                typed
                    .parse()
                    .ok()
                    .filter(|days| *days <= MOST_DAYS)
                    .ok_or_else(|| Aside::wrong(Reason::BadFigure, "days", typed))?,
            ),
        };
        let cents = price(row, &["prix"])?;
        Ok(DuplicateTerms { season, cents, days, source: source(row)? }.into())
    })
}

fn season(row: &Row<'_>) -> Result<String, Aside> {
    let typed = row.text(&["season", "saison"]);
    if Season::parse(typed).is_some() {
        Ok(typed.to_owned())
    } else {
        Err(Aside::wrong(Reason::BadDate, "season", typed))
    }
}

/// Cents as we publish them, or euros as people write them.
fn price(row: &Row<'_>, euros: &[&'static str]) -> Result<Option<u32>, Aside> {
    let (cents, typed) = (row.text(&["cents"]), row.text(euros));
    let read = match (cents, typed) {
        ("", "") => return Ok(None),
        ("", typed) => cents_of(typed),
        (cents, _) => cents.parse().ok(),
    };
    let read = read.filter(|cents| *cents <= MOST_CENTS);
    let wrong =
        || Aside::wrong(Reason::BadFigure, "cents", if cents.is_empty() { typed } else { cents });
    read.map(Some).ok_or_else(wrong)
}

fn source(row: &Row<'_>) -> Result<String, Aside> {
    let source = spelling::verbatim(row.text(&["source"]));
    let source = if source.is_empty() { "liste de la Région".to_owned() } else { source };
    fitting(source, "source", LABEL)
}
