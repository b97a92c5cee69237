//! Turns official open files, as they are, into the lists that the Region publishes.
//!
//! Pure: bytes in, values out. Nothing here reads a file, a clock or a network, and nothing
//! panics on any bytes.

mod benefit;
mod category;
mod code;
mod commune;
mod day;
mod deal;
mod decode;
mod kind;
mod lambert;
mod lists;
mod offer;
mod outline;
mod place;
mod plain;
mod reading;
mod report;
mod school;
mod sheet;
mod spelling;
mod towns;
mod track;
mod verdict;

use std::collections::BTreeMap;

use dossier::reference::{List, Texts};

pub use decode::{Encoding, decode};
pub use kind::{Kind, Known};
pub use reading::Progress;
pub use report::{FileReport, ListReport, Reason, Refused, Repaired, Report, Verdict, Why};

use lists::{LISTS, Lists};
use outline::Outline;
use reading::{Around, Opened};
use school::Directories;
use track::Nomenclature;

/// What an import gives: what happened, and the lists as they would be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// File by file and list by list.
    pub report: Report,
    /// The publication with the new lists, its version unchanged. To be published only when the
    /// verdict is not `worse`.
    pub texts: Texts,
}

/// Imports files, each with its name, into the current publication. `today` is `AAAA-MM-JJ`: it
/// decides which trainings and schools are closed. Of files of one kind the last one wins.
pub fn import(
    current: &Texts,
    files: &[(&str, &[u8])],
    today: &str,
    progress: &mut dyn FnMut(Progress),
) -> Outcome {
    let outline = Outline::read(current.text(List::Outline));
    let read = |lists: &mut Lists, files: &mut [Opened], progress: &mut dyn FnMut(Progress)| {
        Import { lists, outline: outline.as_ref(), today }.run(files, progress)
    };
    let mut old = Lists::default();
    read(&mut old, &mut Lists::files(current), &mut |_| {});
    let mut new = old.clone();
    let mut opened: Vec<Opened> =
        files.iter().map(|(name, bytes)| Opened::new(name, bytes)).collect();
    let mut why = read(&mut new, &mut opened, progress);
    why.extend(outline.is_none().then_some(Why::NoOutline));

    let compared: BTreeMap<List, ListReport> =
        LISTS.into_iter().map(|list| (list, new.compared(&old, list))).collect();
    let mut texts = current.clone();
    for list in LISTS {
        let text = new.text(list);
        // A list that says the same keeps its remarks.
        if text != old.text(list) {
            texts.lists.insert(list, text);
        }
    }
    let files: Vec<FileReport> = opened.into_iter().map(|file| file.report).collect();
    why.extend(verdict::against((current, &texts), (&old, &new), &files, &compared));
    let verdict = verdict::of(current, &texts, &why);
    let lists = compared.into_iter().map(|(list, report)| (list.as_str(), report)).collect();
    Outcome { report: Report { files, lists, verdict, why }, texts }
}

/// Imports one file of any bytes: the door for fuzzing.
pub fn import_any(current: &Texts, bytes: &[u8]) -> Outcome {
    import(current, &[("any", bytes)], "2026-11-22", &mut |_| {})
}

/// One import at work.
struct Import<'a> {
    lists: &'a mut Lists,
    outline: Option<&'a Outline>,
    today: &'a str,
}

impl Import<'_> {
    /// Reads the files list by list, in the order in which one list needs another.
    fn run(&mut self, files: &mut [Opened], progress: &mut dyn FnMut(Progress)) -> Vec<Why> {
        self.communes(files, progress);
        let towns = std::mem::take(&mut self.lists.towns);
        let around = Around { towns: &towns, outline: self.outline, today: self.today };
        let why = self.schools(files, &around, progress);
        let nomenclature = self.tracks(files, &around, progress);
        let lists = &mut *self.lists;
        each(files, Kind::Offers, |file| {
            let known = (&lists.schools, lists.tracks.as_slice());
            offer::import(file, &mut lists.offers, known, &nomenclature, progress);
        });
        for kind in [Kind::Places, Kind::Cinemas, Kind::Museums, Kind::Basilic] {
            each(files, kind, |file| {
                place::import(file, &mut lists.places, &lists.deals, &around, progress);
            });
        }
        each(files, Kind::Deals, |file| lists.deals = deal::import(file, &lists.places, progress));
        each(files, Kind::Benefits, |file| lists.benefits = benefit::import(file, progress));
        each(files, Kind::DuplicateTerms, |file| {
            lists.duplicate_terms = benefit::import_terms(file, progress);
        });
        lists.tidy();
        lists.towns = towns;
        why
    }

    fn communes(&mut self, files: &mut [Opened], progress: &mut dyn FnMut(Progress)) {
        let lists = &mut *self.lists;
        each(files, Kind::Communes, |file| {
            lists.communes = commune::import(file, &lists.communes, progress);
            lists.settle();
        });
        each(files, Kind::PostalCodes, |file| {
            commune::import_postal_codes(file, &mut lists.communes, &lists.towns, progress);
            lists.settle();
        });
    }

    /// The list, then the national files in the order they were given, then the Region's word.
    fn schools(
        &mut self,
        files: &mut [Opened],
        around: &Around,
        progress: &mut dyn FnMut(Progress),
    ) -> Vec<Why> {
        let schools = &mut self.lists.schools;
        let mut directories = Directories::default();
        each(files, Kind::Schools, |file| {
            school::import(file, schools, around, progress);
        });
        let before = schools.clone();
        for file in files.iter_mut() {
            let kind = file.report.kind;
            let is_national = matches!(
                kind,
                Some(Kind::Directory | Kind::Geolocation | Kind::Acce | Kind::SomeSchools)
            );
            if is_national {
                let named = school::import(file, schools, around, progress);
                directories.add(named, kind == Some(Kind::Directory));
            }
        }
        let why = directories.drop_gone(&before, schools);
        each(files, Kind::RegionSchools, |file| {
            school::import(file, schools, around, progress);
        });
        why
    }

    /// The Region's list, or else what the nomenclature makes of the list there is.
    fn tracks(
        &mut self,
        files: &mut [Opened],
        around: &Around,
        progress: &mut dyn FnMut(Progress),
    ) -> Nomenclature {
        let tracks = &mut self.lists.tracks;
        let mut is_listed = false;
        each(files, Kind::Tracks, |file| {
            (*tracks, is_listed) = (track::import(file, progress), true);
        });
        let mut nomenclature = Nomenclature::default();
        each(files, Kind::Nomenclature, |file| {
            nomenclature = Nomenclature::import(file, around, progress);
        });
        if !is_listed && !nomenclature.tracks.is_empty() {
            *tracks = nomenclature.merged(tracks);
        }
        nomenclature
    }
}

/// The files of one kind, in the order they were given.
fn each(files: &mut [Opened], kind: Kind, read: impl FnMut(&mut Opened)) {
    files.iter_mut().filter(|file| file.report.kind == Some(kind)).for_each(read);
}
