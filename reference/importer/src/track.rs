//! The list of tracks: the Region's own, or made of the national nomenclature (BCN).

mod group;
mod label;

use std::collections::{BTreeMap, BTreeSet};

use dossier::reference::Track;

use crate::plain;
use crate::reading::{Around, Aside, LABEL, Opened, Progress, fitting};
use crate::report::Reason;
use crate::sheet::Row;
use crate::{code, day, spelling};
use group::Group;

/// Reads a list of tracks; it replaces the one there was.
pub(crate) fn import(file: &mut Opened, progress: &mut dyn FnMut(Progress)) -> Vec<Track> {
    let mut taken = BTreeSet::new();
    file.rows(progress, |row| {
        let code = row.text(&["code"]).to_uppercase();
        let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        if !(2..=40).contains(&code.len()) || !code.bytes().all(sign) {
            return Err(Aside::wrong(Reason::BadCode, "code", &code));
        }
        let (group, label) = (row.text(&["group", "groupe"]), row.text(&["label", "libelle"]));
        if group.is_empty() || label.is_empty() {
            return Err(Aside::wrong(Reason::NoName, "label", &code));
        }
        let way = row.text(&["way", "voie"]).to_uppercase();
        if !matches!(way.as_str(), "" | "G" | "T" | "P" | "A" | "S") {
            return Err(Aside::wrong(Reason::BadKind, "way", &way));
        }
        if !taken.insert(code.clone()) {
            return Err(Aside::wrong(Reason::Twice, "code", &code));
        }
        let group = fitting(spelling::verbatim(group), "group", LABEL)?;
        let label = fitting(spelling::verbatim(label), "label", LABEL)?;
        Ok(Track { code, group, label, way }.into())
    })
}

/// A training of the nomenclature: one year of one way to one diploma.
struct Training {
    group: &'static Group,
    /// Code of the diploma, eight signs (CFD): what its years have in common.
    diploma: String,
    /// Its codes in other files.
    codes: [String; 2],
    label: String,
    series: Option<(&'static str, &'static str)>,
    opened: String,
    is_open: bool,
}

/// What the nomenclature says: the tracks, and which of them every code means.
#[derive(Debug, Default)]
pub(crate) struct Nomenclature {
    pub(crate) tracks: Vec<Track>,
    /// Every code of a diploma or training that it names; none for those that are no track.
    codes: BTreeMap<String, Option<String>>,
}

impl Nomenclature {
    pub(crate) fn import(
        file: &mut Opened,
        around: &Around,
        progress: &mut dyn FnMut(Progress),
    ) -> Self {
        let mut days = Vec::new();
        file.sheet.each(|row| days.push(row.text(&["date_fermeture"]).to_owned()));
        let order = day::order(days.iter().map(String::as_str));
        let (mut closed, mut others) = (Vec::new(), Vec::new());
        let open = file.rows(progress, |row| {
            let Some(training) = training(row, order, around)? else {
                others.extend(codes(row));
                others.push(diploma(row));
                return Err(Aside::OutOfScope);
            };
            if training.is_open {
                return Ok(training.into());
            }
            closed.push(training);
            Err(Aside::OutOfScope)
        });
        Self::of(&open, &closed, others)
    }

    fn of(open: &[Training], closed: &[Training], others: Vec<String>) -> Self {
        let labels = labels(open);
        let label = |training: &Training| match (training.group.fixed, training.series) {
            (Some((_, label)), _) | (None, Some((_, label))) => label.to_owned(),
            _ => labels.get(&training.diploma).unwrap_or(&training.label).clone(),
        };
        // Renewed diplomas keep their label: the newest stands for all.
        let mut newest: BTreeMap<(&str, String), &Training> = BTreeMap::new();
        for training in open {
            let key = (training.group.name, plain::phrase(&label(training)));
            let known = newest.entry(key).or_insert(training);
            if known.opened < training.opened {
                *known = training;
            }
        }
        let mut codes: BTreeMap<String, Option<String>> =
            others.into_iter().map(|code| (code, None)).collect();
        for training in closed.iter().chain(open) {
            let key = (training.group.name, plain::phrase(&label(training)));
            let code = newest.get(&key).map(|newest| newest.code());
            let own = [training.diploma.clone()].into_iter().chain(training.codes.clone());
            codes.extend(own.filter(|own| !own.is_empty()).map(|own| (own, code.clone())));
        }
        let mut tracks: Vec<(usize, String, Track)> = Vec::new();
        for ((_, words), training) in newest {
            let group = training.group;
            let shown = format!("{}{}", label(training), group.suffix(&training.diploma));
            let track = Track {
                code: training.code(),
                group: group.name.to_owned(),
                label: shown,
                way: group.way.to_owned(),
            };
            tracks.push((group.place(), words, track));
        }
        tracks.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let tracks = tracks.into_iter().map(|(_, _, track)| track).collect();
        Self { tracks, codes }
    }

    /// The track that a code means: `None` when the code is not known, `Some(None)` when it is and
    /// means no track.
    pub(crate) fn track(&self, code: &str) -> Option<Option<&str>> {
        self.codes.get(code).map(Option::as_deref)
    }

    /// The tracks of the nomenclature, and those of the groups that it does not know.
    pub(crate) fn merged(&self, current: &[Track]) -> Vec<Track> {
        let is_known = |track: &&Track| self.tracks.iter().any(|own| own.group == track.group);
        let before = current.iter().take_while(|track| !is_known(track));
        let after = current.iter().skip_while(|track| !is_known(track));
        let after = after.filter(|track| !is_known(track));
        before.chain(&self.tracks).chain(after).cloned().collect()
    }
}

impl Training {
    /// The code of its track: the usual one where there is one, otherwise group and diploma.
    fn code(&self) -> String {
        match (self.group.fixed, self.series) {
            (Some((code, _)), _) | (None, Some((code, _))) => code.to_owned(),
            _ => format!("{}_{}", self.group.prefix, self.diploma),
        }
    }
}

/// The best label of each diploma: the one with the fewest words cut short, then the longest.
fn labels(open: &[Training]) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let rank = |label: &str| (label.matches(". ").count(), usize::MAX - label.len());
    for training in open {
        let best = labels.entry(training.diploma.clone()).or_insert_with(|| training.label.clone());
        if rank(&training.label) < rank(best) {
            best.clone_from(&training.label);
        }
    }
    labels
}

/// The two codes by which other files mean a training.
fn codes(row: &Row) -> [String; 2] {
    [row.text(&["mef", "mef_exemple"]), row.text(&["mef_stat_11"])]
        .map(|it| code::trimmed(it).to_owned())
}

fn diploma(row: &Row) -> String {
    code::trimmed(row.text(&["formation_diplome", "code_formation_diplome"])).to_uppercase()
}

/// The training of a row; `None` when it is no track of ours.
fn training(row: &Row, order: day::Order, around: &Around) -> Result<Option<Training>, Aside> {
    let codes = codes(row);
    let stated = row.text(&["dispositif_formation"]);
    let mef = codes.first().map(|mef| format!("{mef:0>10}")).unwrap_or_default();
    let device = if stated.is_empty() { mef.get(..3).unwrap_or_default() } else { stated };
    let Some(group) = Group::of(device) else { return Ok(None) };
    let diploma = diploma(row);
    if diploma.len() != 8 || !diploma.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Aside::wrong(Reason::BadCode, "formation_diplome", &diploma));
    }
    let said = label::SOURCES.iter().map(|source| row.text(&[source]));
    let all = said.collect::<Vec<_>>().join(" ");
    if label::is_overseas(&all) {
        return Ok(None);
    }
    let label = label::of(row.text(label::SOURCES));
    if label.is_empty() {
        return Err(Aside::wrong(Reason::NoName, "libelle_long", &diploma));
    }
    let label = fitting(label, "libelle_long", LABEL - 20)?;
    let closes = day::iso(row.text(&["date_fermeture"]), order);
    let is_open = closes.is_none_or(|day| day.as_str() > around.today);
    let opened = day::iso(row.text(&["date_ouverture"]), order).unwrap_or_default();
    let series = group.series.then(|| label::series(&all)).flatten();
    Ok(Some(Training { group, diploma, codes, label, series, opened, is_open }))
}
