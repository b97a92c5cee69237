//! The tolerant search: which schools a few typed words most likely mean.
//!
//! Every word of every school is listed once with the schools that use it. A typed word is
//! compared with each listed word, and each school takes the best of its words: likeness × rarity
//! × weight of the field. A word that a school lacks is not fatal; it just earns nothing.

use super::likeness::Shape;
use super::words;
use super::{Commune, School};
use std::collections::BTreeMap;

const NAME: f32 = 1.0;
const TOWN: f32 = 0.9;
const POSTAL: f32 = 0.8;
/// Words like « lycée », which hundreds of schools share and students mix up.
const KIND: f32 = 0.6;

/// How much a name that was typed whole is worth beside what its words are worth: enough for
/// « lycée du parc » to find Lycée du Parc before Lycée Parc Chabrières.
const WHOLE_NAME: f32 = 0.15;

/// A school with less than this share of the best one's score is noise, not a choice.
const WORTH_SHOWING: f32 = 0.4;

/// More words or signs than these are not a search but a text; each would cost time.
const MOST_WORDS: usize = 12;
const MOST_SIGNS: usize = 200;

/// Where a listed word occurs.
#[derive(Debug, Clone)]
struct Listed {
    shape: Shape,
    rarity: f32,
    uses: Vec<(usize, f32)>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// Places in `Index::words` of the words of its name.
    name: Vec<usize>,
    /// What their rarities add up to.
    rarity: f32,
    /// Orders schools that score the same.
    order: String,
}

/// Every word of the schools, made once when a pack is read.
#[derive(Debug, Clone)]
pub(super) struct Index {
    words: Vec<Listed>,
    entries: Vec<Entry>,
    codes: BTreeMap<String, usize>,
}

impl Index {
    pub(super) fn of_communes(communes: &[Commune]) -> Self {
        let mut building = Building::default();
        let mut entries = Vec::with_capacity(communes.len());
        for (at, commune) in communes.iter().enumerate() {
            let name = words::telling(&commune.name);
            let name = name.iter().map(|word| building.add(word, at, NAME)).collect();
            for code in &commune.postal_codes {
                building.add(code, at, POSTAL);
            }
            building.add_code(&commune.insee, at);
            let order = words::fold(&commune.name).join(" ");
            entries.push(Entry { name, rarity: 0.0, order });
        }
        building.finish(entries)
    }

    pub(super) fn of_schools(schools: &[School], communes: &[Commune]) -> Self {
        let mut building = Building::default();
        let postal: BTreeMap<&str, &[String]> =
            communes.iter().map(|it| (it.insee.as_str(), it.postal_codes.as_slice())).collect();
        let mut entries = Vec::with_capacity(schools.len());
        for (at, school) in schools.iter().enumerate() {
            let mut name = Vec::new();
            for word in words::telling(&school.name) {
                let weight = if words::is_kind(&word) { KIND } else { NAME };
                name.push(building.add(&word, at, weight));
            }
            for word in words::telling(&school.town) {
                building.add(&word, at, TOWN);
            }
            let codes = match postal.get(school.insee.as_str()) {
                Some(codes) if school.postal_code.is_empty() => codes,
                _ => std::slice::from_ref(&school.postal_code),
            };
            for code in codes.iter().filter(|code| !code.is_empty()) {
                building.add(code, at, POSTAL);
            }
            building.add_code(&school.uai, at);
            school.region_code.iter().for_each(|code| building.add_code(code, at));
            let order = words::fold(&format!("{} {}", school.name, school.town)).join(" ");
            entries.push(Entry { name, rarity: 0.0, order });
        }
        building.finish(entries)
    }

    /// Places of the schools meant by `typed`, best first.
    pub(super) fn find(
        &self,
        typed: &str,
        limit: usize,
        _nearer: impl Fn(usize) -> f32,
    ) -> Vec<usize> {
        let typed: String = typed.chars().take(MOST_SIGNS).collect();
        let compact = words::fold(&typed).concat();
        if let Some(&at) = self.codes.get(&compact) {
            return vec![at].into_iter().take(limit).collect();
        }
        let mut asked = words::telling(&typed);
        asked.truncate(MOST_WORDS);

        let mut scores = vec![0.0_f32; self.entries.len()];
        let mut seen = vec![0.0_f32; self.words.len()];
        let mut possible = 0.0;
        for word in &asked {
            possible += self.score(&Shape::of(word), &mut scores, &mut seen);
        }
        for (score, entry) in scores.iter_mut().zip(&self.entries) {
            if *score > 0.0 {
                *score += WHOLE_NAME * possible * self.share_of_name(entry, &seen);
            }
        }
        self.best(&scores, limit)
    }

    /// Adds what one typed word is worth to each school; answers the most it can be worth.
    fn score(&self, typed: &Shape, scores: &mut [f32], seen: &mut [f32]) -> f32 {
        let mut alike: Vec<(f32, &Listed)> = Vec::new();
        for (listed, seen) in self.words.iter().zip(seen) {
            let likeness = typed.likeness(&listed.shape);
            if likeness > 0.0 {
                *seen = seen.max(likeness);
                alike.push((likeness, listed));
            }
        }
        // A rare word that is only alike must not beat a common one that is meant: no word counts
        // as rarer than the likest.
        let Some(likest) = alike.iter().map(|(likeness, _)| *likeness).max_by(f32::total_cmp)
        else {
            return 0.0;
        };
        let meant = alike.iter().filter(|(likeness, _)| *likeness >= likest);
        let rarity = meant.map(|(_, listed)| listed.rarity).fold(0.0, f32::max);

        let mut earned = vec![0.0_f32; scores.len()];
        for (likeness, listed) in alike {
            let worth = likeness * listed.rarity.min(rarity);
            for &(at, weight) in &listed.uses {
                if let Some(best) = earned.get_mut(at) {
                    *best = best.max(worth * weight);
                }
            }
        }
        for (score, worth) in scores.iter_mut().zip(earned) {
            *score += worth;
        }
        likest * rarity
    }

    /// How much of a school's name was typed, by rarity, from 0 to 1.
    fn share_of_name(&self, entry: &Entry, seen: &[f32]) -> f32 {
        let part = |&at: &usize| {
            let word = self.words.get(at)?;
            Some(seen.get(at)? * word.rarity)
        };
        let typed: f32 = entry.name.iter().filter_map(part).sum();
        if entry.rarity > 0.0 { typed / entry.rarity } else { 0.0 }
    }

    fn best(&self, scores: &[f32], limit: usize) -> Vec<usize> {
        let top = scores.iter().copied().fold(0.0, f32::max);
        let found = scores.iter().zip(&self.entries).enumerate();
        let mut found: Vec<_> = found
            .filter(|(_, (score, _))| **score > 0.0 && **score >= top * WORTH_SHOWING)
            .collect();
        found.sort_by(|(_, (a, first)), (_, (b, second))| {
            b.total_cmp(a).then_with(|| first.order.cmp(&second.order))
        });
        found.into_iter().take(limit).map(|(at, _)| at).collect()
    }
}

/// An index while its words are being gathered.
#[derive(Default)]
struct Building {
    places: BTreeMap<String, usize>,
    words: Vec<(String, Vec<(usize, f32)>)>,
    codes: BTreeMap<String, usize>,
}

impl Building {
    /// Notes that school `at` uses `word` with this weight; answers the place of the word.
    fn add(&mut self, word: &str, at: usize, weight: f32) -> usize {
        let place = *self.places.entry(word.to_owned()).or_insert(self.words.len());
        match self.words.get_mut(place) {
            None => self.words.push((word.to_owned(), vec![(at, weight)])),
            Some((_, uses)) => match uses.last_mut() {
                Some((last, known)) if *last == at => *known = known.max(weight),
                _ => uses.push((at, weight)),
            },
        }
        place
    }

    /// A code is found when it is all that was typed, and counts as a word beside others.
    fn add_code(&mut self, code: &str, at: usize) {
        let code = code.to_lowercase();
        self.add(&code, at, NAME);
        self.codes.insert(code, at);
    }

    fn finish(self, mut entries: Vec<Entry>) -> Index {
        let listed = |(word, uses): (String, Vec<_>)| {
            let rarity = rarity(entries.len(), uses.len());
            Listed { shape: Shape::of(&word), rarity, uses }
        };
        let words: Vec<Listed> = self.words.into_iter().map(listed).collect();
        for entry in &mut entries {
            let name = entry.name.iter().filter_map(|&at| words.get(at));
            entry.rarity = name.map(|word| word.rarity).sum();
        }
        Index { words, entries, codes: self.codes }
    }
}

/// How telling a word is that `used` of `all` schools have (inverse document frequency).
#[allow(clippy::cast_precision_loss, reason = "counts of schools are far below 2^24")]
fn rarity(all: usize, used: usize) -> f32 {
    (1.0 + all as f32 / used.max(1) as f32).ln()
}
