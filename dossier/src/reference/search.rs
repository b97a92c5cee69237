//! The tolerant search: which schools or communes a few typed words most likely mean.
//!
//! Every word of every entry is listed once with the entries that use it. A typed word is
//! compared with each listed word, and each entry takes the best of its words: likeness × rarity
//! × weight of the field. A word that an entry lacks is not fatal; it just earns nothing. What the
//! whole looks like then decides between entries that earned about as much.

mod asked;
mod building;
mod lists;
mod together;

use super::likeness::Shape;
use asked::{Asked, Reading};
use std::collections::BTreeMap;
use std::ops::Bound;

// What the whole adds, as a share of what all typed words can earn. Measured on thousands of
// searches of the region's schools; none of these needs to be exact.

/// How much of the name was typed.
const SHARE_OF_NAME: f32 = 0.15;
/// The words stand side by side as they were typed.
const SIDE_BY_SIDE: f32 = 0.15;
/// The first word that names the entry was typed.
const FIRST_WORD: f32 = 0.05;
/// All that was typed is how the name begins.
const BEGINS_SO: f32 = 0.05;
/// Being the nearer one: too little to outweigh a word.
const NEARER: f32 = 0.03;
/// What an entry that comes last loses among equals.
const COMES_LAST: f32 = 0.03;

/// An entry that earns less than this share of the best one is noise, not a choice.
const WORTH_SHOWING: f32 = 0.25;

/// The words by which one entry is found.
#[derive(Debug, Default)]
pub(super) struct Words<'a> {
    /// Typed whole, it comes before all others.
    pub(super) name: &'a str,
    /// More words, worth as much as those of the name.
    pub(super) also: &'a str,
    pub(super) town: &'a str,
    pub(super) department: &'a str,
    pub(super) postal_codes: &'a [String],
    /// Codes that are its own.
    pub(super) codes: Vec<&'a str>,
    /// Among equals it comes after the others.
    pub(super) comes_last: bool,
}

/// Where a listed word occurs.
#[derive(Debug, Clone)]
struct Listed {
    shape: Shape,
    rarity: f32,
    /// Places in `Index::entries`, and what the word is worth there.
    uses: Vec<(usize, f32)>,
}

/// One thing that can be found. Its words are places in `Index::words`.
#[derive(Debug, Clone)]
struct Entry {
    /// The folded name, without spaces.
    compact: String,
    /// How much of that is an article that people leave out.
    article: usize,
    /// The words of its name, sorted.
    name: Vec<usize>,
    /// The words of its name that do not only say which kind it is; all when there are no others.
    naming: Vec<usize>,
    /// The words of its name and town, as they follow one another.
    sequence: Vec<usize>,
    /// Every word that it is found by, sorted.
    all: Vec<usize>,
    /// What the rarities of its naming words add up to.
    rarity: f32,
    comes_last: bool,
    /// Orders entries that score the same.
    order: String,
}

/// Every word of a list, made once when the list is read.
#[derive(Debug, Clone)]
pub(super) struct Index {
    words: Vec<Listed>,
    places: BTreeMap<String, usize>,
    entries: Vec<Entry>,
}

/// What was seen of a listed word in what was typed.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    likeness: f32,
    /// One bit for each typed word that it is like.
    turns: u32,
}

/// How an entry compares with the others: first by `whole`, then by `score`.
struct Found {
    at: usize,
    whole: u8,
    score: f32,
}

impl Index {
    /// Places of the entries meant by `typed`, best first. `nearer`, from 0 to 1, decides between
    /// entries that are meant equally.
    pub(super) fn find(
        &self,
        typed: &str,
        limit: usize,
        nearer: impl Fn(usize) -> f32,
    ) -> Vec<usize> {
        let asked = Asked::of(typed, self);
        let mut seen = vec![Seen::default(); self.words.len()];
        let mut scores = vec![0.0_f32; self.entries.len()];
        let mut possible = 0.0;
        for (turn, readings) in asked.readings.iter().enumerate() {
            possible += readings.iter().map(Reading::worth).fold(0.0, f32::max);
            for (score, earned) in scores.iter_mut().zip(self.earned(readings, turn, &mut seen)) {
                *score += earned;
            }
        }
        let least = scores.iter().copied().fold(0.0, f32::max) * WORTH_SHOWING;
        let worth_showing =
            scores.into_iter().enumerate().filter(|(_, it)| *it > 0.0 && *it >= least);
        let found = worth_showing.filter_map(|(at, score)| {
            let entry = self.entries.get(at)?;
            // Not `clamp`, which would let a number that is none through.
            let near = Some(nearer(at)).filter(|near| *near > 0.0).map_or(0.0, |it| it.min(1.0));
            let looks = self.looks(entry, &asked, &seen) + NEARER * near;
            let score = score + possible * looks;
            Some(Found { at, whole: entry.wholeness(&asked), score })
        });
        self.best(found.collect(), limit)
    }

    /// What each entry earns by one typed word: the best of its readings.
    fn earned(&self, readings: &[Reading], turn: usize, seen: &mut [Seen]) -> Vec<f32> {
        let mut best = vec![0.0_f32; self.entries.len()];
        for reading in readings {
            let mut sums = vec![0.0_f32; self.entries.len()];
            for word in &reading.words {
                let mut earned = vec![0.0_f32; self.entries.len()];
                for (place, likeness) in &word.alike {
                    let Some(listed) = self.words.get(*place) else { continue };
                    let likeness = likeness * reading.trust;
                    if let Some(seen) = seen.get_mut(*place) {
                        seen.likeness = seen.likeness.max(likeness);
                        seen.turns |= 1 << turn;
                    }
                    let worth = likeness * listed.rarity.min(word.rarity);
                    for &(at, weight) in &listed.uses {
                        if let Some(earned) = earned.get_mut(at) {
                            *earned = earned.max(worth * weight);
                        }
                    }
                }
                sums.iter_mut().zip(earned).for_each(|(sum, earned)| *sum += earned);
            }
            let worth = reading.worth();
            for (best, sum) in best.iter_mut().zip(sums).filter(|(_, sum)| *sum > 0.0) {
                let share = if reading.is_one { (sum / worth).min(1.0) } else { 1.0 };
                *best = best.max(sum * share);
            }
        }
        best
    }

    /// What the whole of an entry adds.
    fn looks(&self, entry: &Entry, asked: &Asked, seen: &[Seen]) -> f32 {
        let first = entry.naming.first().and_then(|at| seen.get(*at));
        let has_first = first.is_some_and(|first| first.likeness > 0.0);
        let begins_so = entry.begins_with(&asked.compact);
        SHARE_OF_NAME * self.share_of_name(entry, seen)
            + SIDE_BY_SIDE * side_by_side(entry, seen, asked.readings.len())
            + if has_first { FIRST_WORD } else { 0.0 }
            + if begins_so { BEGINS_SO } else { 0.0 }
            - if entry.comes_last { COMES_LAST } else { 0.0 }
    }

    /// How much of an entry's name was typed, by rarity, from 0 to 1.
    fn share_of_name(&self, entry: &Entry, seen: &[Seen]) -> f32 {
        let part = |&at: &usize| Some(seen.get(at)?.likeness * self.words.get(at)?.rarity);
        let typed: f32 = entry.naming.iter().filter_map(part).sum();
        if entry.rarity > 0.0 { typed / entry.rarity } else { 0.0 }
    }

    fn best(&self, mut found: Vec<Found>, limit: usize) -> Vec<usize> {
        let order = |found: &Found| {
            let entry = self.entries.get(found.at);
            entry.map(|entry| (entry.compact.len(), &entry.order))
        };
        found.sort_by(|a, b| {
            let by_words = b.whole.cmp(&a.whole).then_with(|| b.score.total_cmp(&a.score));
            by_words.then_with(|| order(a).cmp(&order(b)))
        });
        found.into_iter().take(limit).map(|found| found.at).collect()
    }

    /// The place of a listed word.
    fn place(&self, word: &str) -> Option<usize> {
        self.places.get(word).copied()
    }

    /// Whether a listed word begins with `word`, or is it.
    fn begins(&self, word: &str) -> bool {
        let mut after = self.places.range::<str, _>((Bound::Included(word), Bound::Unbounded));
        after.next().is_some_and(|(listed, _)| listed.starts_with(word))
    }
}

/// The share of the typed words that stand beside the next one in the entry too, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "a dozen words")]
fn side_by_side(entry: &Entry, seen: &[Seen], typed: usize) -> f32 {
    let turns = |at: &usize| seen.get(*at).map_or(0, |seen| seen.turns);
    let pairs = entry.sequence.iter().zip(entry.sequence.iter().skip(1));
    let found = pairs.fold(0, |found, (one, next)| found | ((turns(one) << 1) & turns(next)));
    found.count_ones() as f32 / typed.saturating_sub(1).max(1) as f32
}

impl Entry {
    fn begins_with(&self, compact: &str) -> bool {
        let without_article = self.compact.get(self.article..).unwrap_or_default();
        self.compact.starts_with(compact) || without_article.starts_with(compact)
    }

    /// 2 when exactly the name was typed; 1 when the name was, and besides only other words of
    /// this entry, like its town.
    fn wholeness(&self, asked: &Asked) -> u8 {
        if self.compact == asked.compact {
            return 2;
        }
        let is_in = |place: &usize, places: &[usize]| places.binary_search(place).is_ok();
        let is_whole = asked.exactly.as_ref().is_some_and(|typed| {
            self.name.iter().all(|place| is_in(place, typed))
                && typed.iter().all(|place| is_in(place, &self.all))
        });
        u8::from(is_whole)
    }
}

#[cfg(test)]
mod tests;
