//! What the Region publishes: schools, tracks, communes, places, charter, read from one publication.

mod benefit;
mod charter;
mod commune;
mod likeness;
mod list;
mod manifest;
mod offer;
mod place;
mod point;
mod question;
mod refusal;
mod school;
mod search;
mod table;
mod track;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

pub use benefit::{
    Benefit, DuplicateTerms, MOST_CENTS, MOST_DAYS, cents_of, is_code as is_benefit_code,
};
pub use charter::Charter;
pub use commune::Commune;
pub use list::{List, Texts};
pub use manifest::Manifest;
pub use place::{Deal, Place, PlaceKind};
pub use point::Point;
pub use question::Question;
pub use refusal::PackRefusal;
pub use school::School;
pub use track::Track;
pub use words::fold;

use search::Index;

/// Kilometres at which a school is half as near as next door.
const NEAR_KM: f64 = 20.0;

/// A long name of a version is a mistake, not a name.
const LONGEST_VERSION: usize = 40;

/// One version of everything the Region publishes. Lists keep the order of their file.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Names this publication, like `2026.11.1`.
    pub version: String,
    /// The schools a student can name.
    pub schools: Vec<School>,
    /// The tracks a student can follow, group by group.
    pub tracks: Vec<Track>,
    /// The communes of the region.
    pub communes: Vec<Commune>,
    /// The places that take the card.
    pub places: Vec<Place>,
    /// What is cheaper there.
    pub deals: Vec<Deal>,
    /// What the card pays for, season by season.
    pub benefits: Vec<Benefit>,
    /// On which terms a lost card is made anew, season by season.
    pub duplicate_terms: Vec<DuplicateTerms>,
    /// What a student agrees to before anything else.
    pub charter: Charter,
    /// Questions that are asked often.
    pub questions: Vec<Question>,
    /// The outline of the departments, a TopoJSON text; empty when there is none.
    pub outline: String,
    offers: BTreeMap<String, Vec<String>>,
    school_index: Index,
    commune_index: Index,
    /// Places in `communes` of those that a postal code serves, by name.
    served: HashMap<String, Vec<usize>>,
}

/// What makes one of several equal schools the likelier one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Likely<'a> {
    /// Where the student lives.
    pub near: Option<Point>,
    /// UAIs of the schools last chosen on this device, the last one first.
    pub used: &'a [String],
}

impl Likely<'_> {
    /// From 0 to 1; a school that was chosen here comes before one that is only near.
    fn of(&self, school: &School) -> f32 {
        if self.used.contains(&school.uai) {
            return 1.0;
        }
        self.near.map_or(0.0, |near| {
            #[allow(clippy::cast_possible_truncation, reason = "a share needs no more precision")]
            let nearness = (NEAR_KM / (NEAR_KM + near.distance_km(school.point()))) as f32;
            nearness * 0.9
        })
    }
}

/// The lists inside the app, read when they are first asked for: that takes longer than all else
/// at a start, and a process never needs them twice.
static SHIPPED: LazyLock<(Texts, Result<Arc<Pack>, PackRefusal>)> = LazyLock::new(|| {
    let texts = Texts::shipped();
    let pack = Pack::read(&texts).map(Arc::new);
    (texts, pack)
});

impl Pack {
    /// The pack of these texts; of those that are shipped, the one that this process shares.
    pub fn of(texts: &Texts) -> Result<Arc<Self>, PackRefusal> {
        let (shipped, pack) = &*SHIPPED;
        if texts == shipped { pack.clone() } else { Self::read(texts).map(Arc::new) }
    }

    /// Reads the published texts. One bad row refuses the whole publication: a phone keeps the
    /// one it has rather than one with holes.
    pub fn read(texts: &Texts) -> Result<Self, PackRefusal> {
        if texts.version.is_empty() || texts.version.len() > LONGEST_VERSION {
            return Err(PackRefusal::BadVersion);
        }
        let schools = school::read(texts.text(List::Schools))?;
        let communes = commune::read(texts.text(List::Communes))?;
        Ok(Self {
            version: texts.version.clone(),
            tracks: track::read(texts.text(List::Tracks))?,
            offers: offer::read(texts.text(List::Offers))?,
            places: place::places(texts.text(List::Places))?,
            deals: place::deals(texts.text(List::Deals))?,
            benefits: benefit::benefits(texts.text(List::Benefits))?,
            duplicate_terms: benefit::duplicate_terms(texts.text(List::DuplicateTerms))?,
            charter: Charter::read(texts.text(List::Charter))?,
            questions: question::read(texts.text(List::Faq))?,
            outline: outline(texts.text(List::Outline))?,
            school_index: Index::of_schools(&schools, &communes),
            commune_index: Index::of_communes(&communes),
            served: served(&communes),
            schools,
            communes,
        })
    }

    /// The schools that `typed` most likely means, best first: name, town, postal code, UAI and
    /// the Region's code, with the usual abbreviations and a slip of the finger. With nothing
    /// typed: those chosen here before, then the nearest ones.
    pub fn find_schools(&self, typed: &str, likely: Likely<'_>, limit: usize) -> Vec<&School> {
        if typed.trim().is_empty() {
            return self.likely_schools(likely, limit);
        }
        let nearer = |at: usize| self.schools.get(at).map_or(0.0, |school| likely.of(school));
        let found = self.school_index.find(typed, limit, nearer);
        found.into_iter().filter_map(|at| self.schools.get(at)).collect()
    }

    fn likely_schools(&self, likely: Likely<'_>, limit: usize) -> Vec<&School> {
        let mut found: Vec<&School> =
            likely.used.iter().filter_map(|uai| self.school(uai)).take(limit).collect();
        if let Some(near) = likely.near {
            let mut others: Vec<(f64, &School)> = self
                .schools
                .iter()
                .filter(|school| !likely.used.contains(&school.uai))
                .map(|school| (near.distance_km(school.point()), school))
                .collect();
            others.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.name.cmp(&other.name)));
            found.extend(others.into_iter().map(|(_, school)| school));
        }
        found.truncate(limit);
        found
    }

    /// The school with this UAI.
    pub fn school(&self, uai: &str) -> Option<&School> {
        self.schools.iter().find(|school| school.uai == uai)
    }

    /// The track with this code.
    pub fn track(&self, code: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.code == code)
    }

    /// The tracks that a school is known to teach, by the list of offers or else by its ways;
    /// `None` when nothing is known. A hint, never a rule: lists are a year behind.
    pub fn tracks_at(&self, uai: &str) -> Option<Vec<&Track>> {
        let offered = self.offers.get(uai).map(Vec::as_slice).unwrap_or_default();
        let ways = self.school(uai).map_or("", |school| school.ways.as_str());
        let is_taught = |track: &&Track| {
            if offered.is_empty() {
                // Nearly every school has apprentices, or classes after the baccalauréat.
                matches!(track.way.as_str(), "" | "A" | "S")
                    || ways.split_whitespace().any(|way| way == track.way)
            } else {
                offered.contains(&track.code)
            }
        };
        let known = !(offered.is_empty() && ways.is_empty());
        let taught: Vec<&Track> = self.tracks.iter().filter(is_taught).collect();
        (known && !taught.is_empty()).then_some(taught)
    }

    /// The communes that this postal code serves, by name; several often share one.
    pub fn communes_of(&self, postal_code: &str) -> Vec<&Commune> {
        let places = self.served.get(postal_code).into_iter().flatten();
        places.filter_map(|place| self.communes.get(*place)).collect()
    }

    /// The commune with this INSEE code.
    pub fn commune(&self, insee: &str) -> Option<&Commune> {
        self.communes.iter().find(|commune| commune.insee == insee)
    }

    /// The communes that `typed` most likely means, the larger first among equals.
    pub fn find_communes(&self, typed: &str, limit: usize) -> Vec<&Commune> {
        let larger = |at: usize| {
            #[allow(clippy::cast_precision_loss, reason = "people of a commune, far below 2^24")]
            let people = self.communes.get(at).map_or(0.0, |commune| commune.population as f32);
            people / (people + 10_000.0)
        };
        let found = self.commune_index.find(typed, limit, larger);
        found.into_iter().filter_map(|at| self.communes.get(at)).collect()
    }

    /// What the card pays for in a season, in the order of the list.
    pub fn benefits_of(&self, season: &str) -> Vec<&Benefit> {
        self.benefits.iter().filter(|benefit| benefit.season == season).collect()
    }

    /// On which terms a lost card of a season is made anew, where the Region said it.
    pub fn duplicate_terms_of(&self, season: &str) -> Option<&DuplicateTerms> {
        self.duplicate_terms.iter().find(|terms| terms.season == season)
    }

    /// The place with this id.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }
}

/// The places of communes by the postal codes that serve them, by name.
fn served(communes: &[Commune]) -> HashMap<String, Vec<usize>> {
    let mut by_name: Vec<(usize, &Commune)> = communes.iter().enumerate().collect();
    by_name.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));
    let mut served: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, commune) in by_name {
        for code in &commune.postal_codes {
            served.entry(code.clone()).or_default().push(place);
        }
    }
    served
}

/// The outline is drawn by the screens; here it must only be what it says.
fn outline(text: &str) -> Result<String, PackRefusal> {
    let list = List::Outline;
    if text.len() > table::MOST_BYTES {
        return Err(PackRefusal::TooHeavy { list, most_bytes: table::MOST_BYTES as u32 });
    }
    let is_topology = text.trim_start().starts_with('{') && text.contains("\"Topology\"");
    if text.is_empty() || is_topology {
        Ok(text.to_owned())
    } else {
        Err(PackRefusal::Malformed { list })
    }
}

#[cfg(test)]
mod tests;
