//! The lists while an import works on them, and as they are written again.

use std::collections::BTreeMap;

use csv::WriterBuilder;
use dossier::reference::{
    Benefit, Commune, Deal, DuplicateTerms, List, Place, Point, School, Texts, Track,
};

use crate::offer::Offers;
use crate::place;
use crate::reading::Opened;
use crate::report::ListReport;
use crate::school::Schools;
use crate::towns::Towns;

/// The lists that files can change.
pub(crate) const LISTS: [List; 8] = [
    List::Communes,
    List::Schools,
    List::Tracks,
    List::Offers,
    List::Places,
    List::Deals,
    List::Benefits,
    List::DuplicateTerms,
];

/// The rows of every list.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lists {
    pub(crate) communes: Vec<Commune>,
    /// The communes once more, ready to be found: [`Lists::settle`] keeps them the same.
    pub(crate) towns: Towns,
    pub(crate) schools: Schools,
    pub(crate) tracks: Vec<Track>,
    pub(crate) offers: Offers,
    pub(crate) places: Vec<Place>,
    pub(crate) deals: Vec<Deal>,
    pub(crate) benefits: Vec<Benefit>,
    pub(crate) duplicate_terms: Vec<DuplicateTerms>,
}

impl Lists {
    /// The texts of a publication as files to be read.
    pub(crate) fn files(current: &Texts) -> Vec<Opened> {
        let texts = LISTS.into_iter().map(|list| (list, current.text(list)));
        let texts = texts.filter(|(_, text)| !text.is_empty());
        texts.map(|(list, text)| Opened::new(list.as_str(), text.as_bytes())).collect()
    }

    /// A list as it is published.
    pub(crate) fn text(&self, list: List) -> String {
        let mut writer = WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        let header = header(list).split(';').map(str::to_owned).collect();
        for row in std::iter::once(header).chain(self.rows(list)) {
            // Writing into memory cannot fail, and every row has the cells of its header.
            let _ = writer.write_record(row);
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// What happened to a list since `before`.
    pub(crate) fn compared(&self, before: &Self, list: List) -> ListReport {
        // An offer and a benefit are named by two cells, any other row by its first.
        let names = if matches!(list, List::Offers | List::Benefits) { 2 } else { 1 };
        let named = |lists: &Self| -> BTreeMap<Vec<String>, Vec<String>> {
            let rows = lists.rows(list).into_iter();
            rows.map(|row| (row.iter().take(names).cloned().collect(), row)).collect()
        };
        let (old, new) = (named(before), named(self));
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let kept = || new.iter().filter_map(|(name, row)| Some((row, old.get(name)?)));
        ListReport {
            before: count(old.len()),
            after: count(new.len()),
            added: count(new.len() - kept().count()),
            removed: count(old.len() - kept().count()),
            changed: count(kept().filter(|(new, old)| new != old).count()),
        }
    }

    /// Makes the communes ready to be found.
    pub(crate) fn settle(&mut self) {
        self.communes.sort_by(|a, b| a.insee.cmp(&b.insee));
        self.towns = Towns::of(&self.communes);
    }

    /// Takes out the offers and deals that point to nothing any more.
    pub(crate) fn tidy(&mut self) {
        let Self { schools, tracks, offers, places, deals, .. } = self;
        deals.retain(|deal| places.iter().any(|place| place.id == deal.place));
        let is_listed = |code: &str| tracks.iter().any(|track| track.code == code);
        offers.retain(|(uai, track)| schools.contains_key(uai) && is_listed(track));
    }

    fn rows(&self, list: List) -> Vec<Vec<String>> {
        match list {
            List::Schools => self.schools.values().map(school).collect(),
            List::Communes => self.communes.iter().map(commune).collect(),
            List::Tracks => self.tracks.iter().map(track).collect(),
            List::Places => self.places.iter().map(place).collect(),
            List::Deals => self.deals.iter().map(deal).collect(),
            List::Benefits => self.benefits.iter().map(benefit).collect(),
            List::DuplicateTerms => self.duplicate_terms.iter().map(terms).collect(),
            List::Offers => {
                self.offers.iter().map(|(uai, track)| vec![uai.clone(), track.clone()]).collect()
            }
            List::Charter | List::Faq | List::Outline => Vec::new(),
        }
    }
}

fn header(list: List) -> &'static str {
    match list {
        List::Schools => concat!(
            "uai;region_code;name;town;postal_code;insee;department;latitude;longitude;",
            "also;ways;category"
        ),
        List::Communes => "insee;name;postal_codes;department;latitude;longitude;population",
        List::Tracks => "code;group;label;way",
        List::Offers => "uai;track",
        List::Places => "id;kind;name;address;town;postal_code;insee;latitude;longitude;source",
        List::Deals => "id;kind;title;text;place;until",
        List::Benefits => "code;season;label;cents;source",
        List::DuplicateTerms => "season;cents;days;source",
        List::Charter | List::Faq | List::Outline => "",
    }
}

/// Five decimals are a metre: nothing here is known better.
fn degrees(point: Point) -> [String; 2] {
    [format!("{:.5}", point.latitude), format!("{:.5}", point.longitude)]
}

fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).into()
}

fn school(it: &School) -> Vec<String> {
    let [latitude, longitude] = degrees(it.point());
    cells([
        &it.uai,
        it.region_code.as_deref().unwrap_or_default(),
        &it.name,
        &it.town,
        &it.postal_code,
        &it.insee,
        &it.department,
        &latitude,
        &longitude,
        &it.also,
        &it.ways,
        &it.category,
    ])
}

fn commune(it: &Commune) -> Vec<String> {
    let [latitude, longitude] = degrees(it.point);
    let (postal_codes, population) = (it.postal_codes.join(" "), it.population.to_string());
    cells([&it.insee, &it.name, &postal_codes, &it.department, &latitude, &longitude, &population])
}

fn track(it: &Track) -> Vec<String> {
    cells([&it.code, &it.group, &it.label, &it.way])
}

fn place(it: &Place) -> Vec<String> {
    let [latitude, longitude] = degrees(it.point);
    cells([
        &it.id,
        place::kind_code(it.kind),
        &it.name,
        &it.address,
        &it.town,
        &it.postal_code,
        &it.insee,
        &latitude,
        &longitude,
        &it.source,
    ])
}

fn deal(it: &Deal) -> Vec<String> {
    cells([&it.id, place::kind_code(it.kind), &it.title, &it.text, &it.place, &it.until])
}

/// Empty where nobody said it.
fn figure(known: Option<u32>) -> String {
    known.map(|figure| figure.to_string()).unwrap_or_default()
}

fn benefit(it: &Benefit) -> Vec<String> {
    cells([&it.code, &it.season, &it.label, &figure(it.cents), &it.source])
}

fn terms(it: &DuplicateTerms) -> Vec<String> {
    cells([&it.season, &figure(it.cents), &figure(it.days), &it.source])
}
