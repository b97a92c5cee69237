//! What was typed, as the listed words that each typed word may mean.

use super::super::likeness::Typed;
use super::super::words;
use super::Index;

/// More words or signs than these are not a search but a text; each would cost time.
const MOST_WORDS: usize = 12;
const MOST_SIGNS: usize = 200;

/// Words typed without a space between them, or with one too many, are read a little less surely.
const TYPED_TOGETHER: f32 = 0.9;

/// `gal` stands for « général », and perhaps begins « Galilée »; a last `la`, « Lamartine ».
const PERHAPS_BEGUN: f32 = 0.3;

/// A typed word as likely as this is read as it stands, without guessing.
const LIKE_ENOUGH: f32 = 0.7;

/// Fewer letters than these are never two listed words.
const SHORTEST_TOGETHER: usize = 4;

/// The listed words that one typed word is like.
#[derive(Debug)]
pub(super) struct Likes {
    /// Places in `Index::words`, and how alike.
    pub(super) alike: Vec<(usize, f32)>,
    /// How alike the likest is.
    likest: f32,
    /// How telling the likest is. A rare word that is only alike must not beat a common one that
    /// is meant: no word counts as rarer than this.
    pub(super) rarity: f32,
}

/// One way to understand what was typed between spaces.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) words: Vec<Likes>,
    /// What each word earns is multiplied by this.
    pub(super) trust: f32,
    /// Whether the words were typed as one, so that having only some of them means little.
    pub(super) is_one: bool,
}

impl Reading {
    fn as_typed(word: Likes) -> Self {
        Self { words: vec![word], trust: 1.0, is_one: false }
    }

    fn as_one(words: Vec<Likes>) -> Self {
        Self { words, trust: TYPED_TOGETHER, is_one: true }
    }

    /// What it earns an entry that has the likest words.
    pub(super) fn worth(&self) -> f32 {
        self.trust * self.words.iter().map(|word| word.likest * word.rarity).sum::<f32>()
    }

    /// How sure it is, from 0 to 1.
    fn likeness(&self) -> f32 {
        let rarity: f32 = self.words.iter().map(|word| word.rarity).sum();
        if rarity > 0.0 { self.worth() / rarity } else { 0.0 }
    }
}

/// What was typed.
#[derive(Debug)]
pub(super) struct Asked {
    /// Every folded word, without spaces.
    pub(super) compact: String,
    /// The places in `Index::words` of the typed words, sorted, when each is listed as typed.
    pub(super) exactly: Option<Vec<usize>>,
    /// For each typed word the ways to read it; an entry takes the best for it.
    pub(super) readings: Vec<Vec<Reading>>,
}

impl Asked {
    pub(super) fn of(typed: &str, index: &Index) -> Self {
        let typed: String = typed.chars().take(MOST_SIGNS).collect();
        let mut plain = words::plain(&typed);
        let compact = plain.concat();
        // « TLP 0678 » is a code, whatever stands between its parts.
        if compact.bytes().any(|sign| sign.is_ascii_digit()) && index.place(&compact).is_some() {
            plain = vec![compact.clone()];
        }
        let mut telling = words::telling_of(&plain);
        telling.truncate(MOST_WORDS);

        let exactly = telling.iter().map(|word| index.place(word)).collect::<Option<Vec<_>>>();
        let exactly = exactly.map(|mut places| {
            places.sort_unstable();
            places
        });
        let mut readings: Vec<_> = telling.iter().map(|word| index.readings(word)).collect();
        index.read_pairs(&plain, &telling, &mut readings);
        index.read_beginnings(&plain, &telling, &mut readings);
        readings.iter_mut().for_each(|readings| level(readings));
        Self { compact, exactly, readings }
    }
}

/// However a word is read, it counts no more than its surest reading.
fn level(readings: &mut [Reading]) {
    let surest = readings.iter().max_by(|a, b| a.likeness().total_cmp(&b.likeness()));
    let most = surest.map_or(0.0, Reading::worth);
    for reading in readings {
        let worth = reading.worth();
        if worth > most {
            reading.trust *= most / worth;
        }
    }
}

impl Index {
    /// `word` as it stands, and as several words typed together.
    fn readings(&self, word: &str) -> Vec<Reading> {
        let whole = self.likes(word);
        let likest = whole.likest;
        let mut readings = vec![Reading::as_typed(whole)];
        if likest < 1.0 && word.len() >= SHORTEST_TOGETHER {
            let parts = self.parts(word, likest < LIKE_ENOUGH);
            if !parts.is_empty() {
                readings.push(Reading::as_one(parts.iter().map(|part| self.likes(part)).collect()));
            }
        }
        readings
    }

    /// Neighbours that may have been one word: « mont plaisir » is also Montplaisir.
    fn read_pairs(&self, plain: &[String], telling: &[String], readings: &mut [Vec<Reading>]) {
        let place = |word: &str| telling.iter().position(|it| it == word);
        for (first, second) in plain.iter().zip(plain.iter().skip(1)).take(MOST_WORDS) {
            let one = format!("{first}{second}");
            if one.len() < SHORTEST_TOGETHER || !self.begins(&one) {
                continue;
            }
            let (Some(at), after) = (place(first).or(place(second)), place(second)) else {
                continue;
            };
            // Two telling words are understood together from now on.
            let taken = after.filter(|after| *after != at).and_then(|it| readings.get_mut(it));
            let taken = taken.map(std::mem::take).unwrap_or_default();
            let Some(here) = readings.get_mut(at) else { continue };
            if let (Some(whole), Some(taken)) = (here.first_mut(), taken.into_iter().next()) {
                whole.words.extend(taken.words);
            }
            here.push(Reading::as_one(vec![self.likes(&one)]));
        }
    }

    /// Words that were written out or left out, but may be the beginning of a name.
    fn read_beginnings(
        &self,
        plain: &[String],
        telling: &[String],
        readings: &mut Vec<Vec<Reading>>,
    ) {
        for (from_end, word) in plain.iter().rev().enumerate().take(MOST_WORDS) {
            let may_begin = words::written_out(word).is_some() || from_end == 0;
            if may_begin && !telling.contains(word) && readings.len() < MOST_WORDS {
                let begun = self.likes(word);
                readings.push(vec![Reading { trust: PERHAPS_BEGUN, ..Reading::as_typed(begun) }]);
            }
        }
    }

    /// The listed words that `word` is like, or loosely like when there are no others.
    fn likes(&self, word: &str) -> Likes {
        let typed = Typed::of(word);
        let mut alike = self.alike(|listed| typed.likeness(&listed.shape));
        if alike.is_empty() {
            alike = self.alike(|listed| typed.loose_likeness(&listed.shape));
        }
        let likest = alike.iter().map(|(_, likeness)| *likeness).fold(0.0, f32::max);
        let meant = alike.iter().filter(|(_, likeness)| *likeness >= likest);
        let rarity = meant.filter_map(|(at, _)| self.words.get(*at)).map(|word| word.rarity);
        let rarity = rarity.fold(0.0, f32::max);
        Likes { alike, likest, rarity }
    }

    fn alike(&self, likeness: impl Fn(&super::Listed) -> f32) -> Vec<(usize, f32)> {
        let words = self.words.iter().enumerate();
        words.map(|(at, listed)| (at, likeness(listed))).filter(|(_, it)| *it > 0.0).collect()
    }
}
