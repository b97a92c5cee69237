//! How well schools are found, measured on every school of a real list, the way people type.
//!
//! Reads the region's thousand schools beside the project when they are there, and otherwise the
//! project's own list; says which. The searches come from a generator with a fixed seed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it fails")]
#![allow(clippy::print_stdout, reason = "the figures are worth reading")]

#[path = "search/typing.rs"]
mod typing;

use dossier::reference::{Likely, List, Pack, School, Texts};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use typing::{Chance, FAMILIES, Family, fold, telling, town};

/// What a phone shows at once.
const SHOWN: usize = 8;

/// The share of the searches that must show the school that was meant.
const ENOUGH: f64 = 0.99;

static PACK: LazyLock<Pack> = LazyLock::new(|| {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/etablissements.csv");
    let (texts, which) = match std::fs::read_to_string(beside) {
        Ok(list) => (Texts::shipped().with(List::Schools, list), beside),
        Err(_) => (Texts::shipped(), "the project’s own list: there is none beside the project"),
    };
    let pack = Pack::read(&texts).unwrap();
    println!("{} schools of {which}", pack.schools.len());
    pack
});

/// What became of the searches of one family.
#[derive(Default)]
struct Tally {
    asked: usize,
    /// Showed a school with that name, and town where it was typed.
    found: usize,
    /// Showed that very school.
    itself: usize,
    /// Not asked: more schools than a phone shows fit what was typed, or was meant to be.
    too_many: usize,
    missed: Vec<String>,
}

impl Tally {
    #[allow(clippy::cast_precision_loss, reason = "a few thousand")]
    fn share(&self) -> f64 {
        self.found as f64 / self.asked.max(1) as f64
    }
}

/// The words of each school, in the order of the list.
static WORDS: LazyLock<Vec<BTreeSet<String>>> = LazyLock::new(|| {
    let words = |school: &School| spelt_out(&format!("{} {}", school.name, school.town));
    PACK.schools.iter().map(|school| words(school).into_iter().collect()).collect()
});

fn spelt_out(text: &str) -> Vec<String> {
    let word = |word: String| match word.as_str() {
        "st" => "saint".to_owned(),
        "ste" => "sainte".to_owned(),
        _ => word,
    };
    telling(&fold(text)).into_iter().map(word).collect()
}

/// How many schools fit: each typed word begins one of their words.
fn fitting(typed: &str) -> usize {
    let typed = spelt_out(typed);
    let begins = |words: &BTreeSet<String>, typed: &String| {
        words.range(typed.clone()..).next().is_some_and(|word| word.starts_with(typed.as_str()))
    };
    WORDS.iter().filter(|words| typed.iter().all(|typed| begins(words, typed))).count()
}

/// Looks for every fourth school, other ones in each family: enough to see one miss in a hundred.
fn measure(family: &Family, turn: usize) -> Tally {
    let mut chance = Chance::new(turn);
    let mut tally = Tally::default();
    for school in PACK.schools.iter().skip(turn % 4).step_by(4) {
        let Some(typed) = (family.typed)(school, &mut chance) else { continue };
        let is_same = |other: &&School| {
            let same_town = !family.types_town || town(other) == town(school);
            same_town && fold(&other.name) == fold(&school.name)
        };
        let shown = PACK.find_schools(&typed, Likely::default(), SHOWN);
        let found = shown.iter().any(is_same);
        let meant = family.without_slips(school);
        if !found && fitting(&typed).max(fitting(&meant)) > SHOWN {
            tally.too_many += 1;
            continue;
        }
        tally.asked += 1;
        tally.found += usize::from(found);
        tally.itself += usize::from(shown.iter().any(|other| other.uai == school.uai));
        if !found {
            tally.missed.push(format!("{typed} for {} [{}]", school.name, school.town));
        }
    }
    tally
}

#[test]
fn the_school_that_is_meant_is_among_the_first_eight() {
    let (first, second) = FAMILIES.split_at(FAMILIES.len() / 2);
    let all = |families: &'static [Family]| {
        let families = families.iter().enumerate();
        families.map(|(turn, family)| (family.name, measure(family, turn))).collect::<Vec<_>>()
    };
    let mut tallies = std::thread::scope(|scope| {
        let second = scope.spawn(|| all(second));
        let mut tallies = all(first);
        tallies.extend(second.join().unwrap());
        tallies
    });
    for (name, tally) in &tallies {
        let Tally { asked, itself, too_many, .. } = tally;
        let share = 100.0 * tally.share();
        let rest = format!("{itself:4} itself; {too_many:3} fit too many");
        println!("{name:40} {asked:4} asked, {share:6.2} % found, {rest}");
    }
    tallies.retain(|(_, tally)| tally.share() < ENOUGH);
    let weak: Vec<_> = tallies.iter().map(|(name, tally)| (name, &tally.missed)).collect();
    assert!(weak.is_empty(), "{weak:#?}");
}

#[test]
fn the_schools_with_exactly_the_typed_name_come_before_all_others() {
    for (turn, school) in PACK.schools.iter().enumerate() {
        let name = fold(&school.name);
        let has_it = |other: &&School| fold(&other.name) == name;
        let namesakes = PACK.schools.iter().filter(has_it).count().min(SHOWN);
        let folded = name.join(" ").to_uppercase();
        let typed = if turn % 2 == 0 { &school.name } else { &folded };
        let shown = PACK.find_schools(typed, Likely::default(), SHOWN);
        let first = shown.iter().take(namesakes).copied();
        assert_eq!(first.filter(has_it).count(), namesakes, "{typed}");
    }
}

#[test]
fn a_name_typed_whole_with_its_town_is_first() {
    for school in PACK.schools.iter().step_by(8) {
        let typed = format!("{} {}", school.name, school.town);
        let shown = PACK.find_schools(&typed, Likely::default(), 1);
        let is_it =
            |first: &&School| fold(&first.name) == fold(&school.name) && first.town == school.town;
        assert!(shown.first().is_some_and(is_it), "{typed}");
    }
}
