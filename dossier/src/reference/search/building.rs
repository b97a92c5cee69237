//! An index while its words are being gathered.

use super::super::likeness::Shape;
use super::super::words;
use super::{Entry, Index, Listed, Words};
use std::collections::BTreeMap;

const NAME: f32 = 1.0;
const TOWN: f32 = 0.9;
const POSTAL_CODE: f32 = 0.8;
/// Less than a postal code: the INSEE code of one commune may be the postal code of another.
const OWN_CODE: f32 = 0.7;
/// Words like « lycée », which hundreds of schools share and students mix up.
const KIND: f32 = 0.6;
const DEPARTMENT: f32 = 0.5;

/// Words in the order they come, with the entries that use them.
#[derive(Default)]
struct Building {
    places: BTreeMap<String, usize>,
    uses: Vec<Vec<(usize, f32)>>,
}

impl Building {
    /// Notes that entry `at` uses `word` with this weight; answers the place of the word.
    fn add(&mut self, word: &str, at: usize, weight: f32) -> usize {
        let place = match self.places.get(word) {
            Some(place) => *place,
            None => {
                self.places.insert(word.to_owned(), self.uses.len());
                self.uses.push(Vec::new());
                self.uses.len() - 1
            }
        };
        if let Some(uses) = self.uses.get_mut(place) {
            match uses.last_mut() {
                Some((last, known)) if *last == at => *known = known.max(weight),
                _ => uses.push((at, weight)),
            }
        }
        place
    }

    fn add_entry(&mut self, at: usize, words: &Words<'_>) -> Entry {
        let telling = words::telling(words.name);
        let by_kind = |word: &str| if words::is_kind(word) { KIND } else { NAME };
        let mut sequence: Vec<usize> =
            telling.iter().map(|word| self.add(word, at, by_kind(word))).collect();
        let naming = telling.iter().zip(&sequence).filter(|(word, _)| !words::is_kind(word));
        let naming: Vec<usize> = naming.map(|(_, place)| *place).collect();
        let mut name = sequence.clone();
        name.sort_unstable();
        let mut all = Vec::new();
        for word in words::telling(words.also) {
            all.push(self.add(&word, at, by_kind(&word)));
        }
        for word in words::telling(words.town) {
            sequence.push(self.add(&word, at, TOWN));
        }
        for word in words::telling(words.department) {
            all.push(self.add(&word, at, DEPARTMENT));
        }
        for code in words.postal_codes.iter().filter(|code| !code.is_empty()) {
            all.push(self.add(code, at, POSTAL_CODE));
        }
        for code in &words.codes {
            all.push(self.add(&words::fold(code).concat(), at, OWN_CODE));
        }
        all.extend(&sequence);
        all.sort_unstable();
        all.dedup();
        let plain = words::plain(words.name);
        Entry {
            compact: plain.concat(),
            article: plain.iter().take_while(|word| words::is_empty(word)).map(String::len).sum(),
            order: words::fold(&format!("{} {}", words.name, words.town)).join(" "),
            naming: if naming.is_empty() { name.clone() } else { naming },
            sequence,
            rarity: 0.0,
            comes_last: words.comes_last,
            name,
            all,
        }
    }
}

impl Index {
    /// Lists every word of `entries`, in their order.
    pub(in super::super) fn of<'a>(entries: impl IntoIterator<Item = Words<'a>>) -> Self {
        let mut building = Building::default();
        let entries = entries.into_iter().enumerate();
        let mut entries: Vec<Entry> =
            entries.map(|(at, words)| building.add_entry(at, &words)).collect();
        let Building { places, uses } = building;
        let mut words: Vec<Listed> = uses
            .into_iter()
            .map(|uses| Listed {
                shape: Shape::of(""),
                rarity: rarity(entries.len(), uses.len()),
                uses,
            })
            .collect();
        for (word, place) in &places {
            if let Some(listed) = words.get_mut(*place) {
                listed.shape = Shape::of(word);
            }
        }
        for entry in &mut entries {
            let naming = entry.naming.iter().filter_map(|at| words.get(*at));
            entry.rarity = naming.map(|word| word.rarity).sum();
        }
        Self { words, places, entries }
    }
}

/// How telling a word is that `used` of `all` entries have (inverse document frequency).
#[allow(clippy::cast_precision_loss, reason = "counts of entries are far below 2^24")]
fn rarity(all: usize, used: usize) -> f32 {
    (1.0 + all as f32 / used.max(1) as f32).ln()
}
