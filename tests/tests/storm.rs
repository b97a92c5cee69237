//! Thousands of storms, each another one, and every promise kept when they are over.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use journeys::storm::flaw::Flaw;
use journeys::storm::{Aftermath, Promised, play};

/// Seeds that are played unless `STORM_SEEDS` says otherwise; from 0 on, or from `STORM_FROM` on.
/// `STORM_SEED` plays one and tells its story.
const SEEDS: u64 = 40;
/// Seeds in which a flaw must show at least once.
const FLAWED_SEEDS: u64 = 40;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Plays these seeds on every core; gives those with something wrong, and what was promised in all.
fn play_all(
    seeds: std::ops::Range<u64>,
    flaw: Flaw,
    enough: usize,
) -> (Vec<(u64, Aftermath)>, Promised) {
    let (next, found) =
        (AtomicU64::new(seeds.start), Mutex::new((Vec::new(), Promised::default())));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || found.lock().unwrap().0.len() >= enough {
                        return;
                    }
                    let aftermath = play(seed, flaw);
                    let (wrong, all) = &mut *found.lock().unwrap();
                    *all = all.and(aftermath.promised);
                    if !aftermath.wrong.is_empty() {
                        wrong.push((seed, aftermath));
                    }
                }
            });
        }
    });
    found.into_inner().unwrap()
}

fn verdict(seed: u64, aftermath: &Aftermath) -> String {
    format!("STORM_SEED={seed}\n  {}", aftermath.wrong.join("\n  "))
}

#[test]
fn after_any_storm_every_promise_is_kept() {
    let started = Instant::now();
    let seeds = match (number("STORM_SEED"), number("STORM_SEEDS")) {
        (Some(seed), _) => seed..seed + 1,
        (None, seeds) => {
            let from = number("STORM_FROM").unwrap_or(0);
            from..from + seeds.unwrap_or(SEEDS)
        }
    };
    let count = seeds.end - seeds.start;
    if count == 1 {
        let aftermath = play(seeds.start, Flaw::None);
        println!("{}", aftermath.story.join("\n"));
        assert!(aftermath.wrong.is_empty(), "{}", verdict(seeds.start, &aftermath));
        return;
    }
    let (wrong, promised) = play_all(seeds, Flaw::None, usize::MAX);
    let seconds = started.elapsed().as_secs_f32();
    println!("{count} storms in {seconds:.1} s: {promised:?}");
    let wrong: Vec<_> = wrong.iter().map(|(seed, aftermath)| verdict(*seed, aftermath)).collect();
    assert!(wrong.is_empty(), "{} of {count} storms:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_same_seed_is_the_same_story() {
    for seed in 0..3 {
        let (first, second) = (play(seed, Flaw::None), play(seed, Flaw::None));
        for (nth, (one, other)) in first.story.iter().zip(&second.story).enumerate() {
            assert_eq!(one, other, "seed {seed}, line {nth}");
        }
        assert_eq!(first.story.len(), second.story.len());
        assert!(first.story.len() > 100, "too little happens: {}", first.story.len());
    }
}

fn finds(flaw: Flaw) {
    let (wrong, _) = play_all(0..FLAWED_SEEDS, flaw, 1);
    let (seed, aftermath) = wrong.first().unwrap_or_else(|| panic!("{flaw:?} is never found"));
    println!("{flaw:?}: {}", verdict(*seed, aftermath));
}

#[test]
fn a_storm_finds_an_acknowledgement_that_the_server_never_gave() {
    finds(Flaw::FalseAcknowledgement);
}

#[test]
fn a_storm_finds_a_phone_that_makes_a_new_dossier_at_each_try() {
    finds(Flaw::NewDossierEachTry);
}

#[test]
fn a_storm_finds_a_server_that_comes_back_older_and_says_nothing() {
    finds(Flaw::OldCopy);
}
