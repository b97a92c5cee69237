//! Single bytes of a phone's data change: the app starts, what is whole is shown, the rest is named.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use journeys::lina;
use journeys::power::Dice;
use journeys::power::disk::{Content, content};
use journeys::power::explorer::put;
use journeys::unplugged::phone::{Hand, photo};
use journeys::unplugged::typist::keys;
use serde_json::{Value, json};

/// Bytes that are flipped, one at a time, unless `FLIPS` says otherwise; the first is `FLIP_FROM`.
const FLIPS: usize = 1_000;
const DRAFTS: usize = 8;

/// What a draft says, when it can be read.
fn reads(hand: &Hand, draft: &str) -> Result<String, String> {
    let one = json!({ "draft": draft });
    let view = hand.does("draft", one.clone())?;
    let photo = match view["photo"].is_null() {
        true => Value::Null,
        false => hand.does("photo", one)?["jpeg"].clone(),
    };
    Ok(json!([view["values"], view["state"], photo]).to_string())
}

/// A phone with some drafts, one of them with a photo: its data, and what each of them says.
fn phone() -> (Content, Vec<(String, String)>) {
    let folder = tempfile::tempdir().unwrap();
    let hand = Hand::opens(folder.path(), keys()).unwrap();
    let mut drafts = Vec::new();
    for nth in 0..DRAFTS {
        let draft =
            hand.does("start_draft", json!({})).unwrap()["draft"].as_str().unwrap().to_owned();
        for (field, typed) in lina::answers().into_iter().take(6) {
            let typed = format!("{typed} {nth}");
            hand.does("set_field", lina::set_field(&draft, field, &typed)).unwrap();
        }
        if nth == 0 {
            photo(&hand, &draft, 1.0).unwrap();
        }
        drafts.push(draft);
    }
    let drafts = drafts.into_iter().map(|draft| (draft.clone(), reads(&hand, &draft).unwrap()));
    let drafts = drafts.collect();
    drop(hand);
    (content(folder.path()).unwrap(), drafts)
}

/// What became of the drafts after one flip.
#[derive(Debug, Default)]
struct Outcome {
    starts: AtomicUsize,
    /// After which the app, started once more, does not show its drafts.
    stopped: AtomicUsize,
    /// Starts that had to be made once more.
    again: AtomicUsize,
    mended: AtomicUsize,
    whole: AtomicUsize,
    /// Not as before, and the app says so.
    named: AtomicUsize,
    /// Not as before, without a word.
    silent: AtomicUsize,
    /// Drafts that were hurt beside the one that a single byte can belong to.
    others: AtomicUsize,
}

#[test]
fn a_thousand_flipped_bytes_stop_no_start_and_no_draft_is_hurt_without_a_word() {
    let started = Instant::now();
    let (flips, from) = (number("FLIPS").unwrap_or(FLIPS), number("FLIP_FROM").unwrap_or(0));
    let (data, drafts) = phone();
    let (next, outcome) = (AtomicUsize::new(from), Outcome::default());
    let count = |at: &AtomicUsize| at.fetch_add(1, Ordering::Relaxed);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from).min(flips) {
            scope.spawn(|| {
                let folder = tempfile::tempdir_in("/dev/shm").unwrap();
                loop {
                    let nth = count(&next);
                    if nth >= from + flips {
                        return;
                    }
                    let (flipped, place) = flip(&data, nth);
                    put(&flipped, &folder.path().join("data"));
                    let place = format!("flip {nth} of {place}");
                    if let Err(trouble) =
                        judge(&folder.path().join("data"), &drafts, &outcome, &place)
                    {
                        println!("{place}, stopped: {trouble}");
                        count(&outcome.stopped);
                    }
                }
            });
        }
    });
    println!("{flips} flips in {:.1} s: {outcome:?}", started.elapsed().as_secs_f32());
    assert_eq!(outcome.starts.into_inner(), flips);
    assert_eq!(outcome.stopped.into_inner(), 0, "the app does not start, or shows nothing");
    assert_eq!(outcome.silent.into_inner(), 0, "hurt without a word");
    assert_eq!(outcome.others.into_inner(), 0, "more than one draft hurt by one byte");
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|asked| asked.parse().unwrap())
}

/// The data with one byte changed, and where.
fn flip(data: &Content, nth: usize) -> (Content, String) {
    let mut dice = Dice::new(&[nth as u64, 77]);
    let mut flipped = data.clone();
    let mut at = dice.below(data.values().flatten().map(|bytes| bytes.len()).sum());
    for (path, bytes) in &mut flipped {
        let Some(bytes) = bytes else { continue };
        if at < bytes.len() {
            Arc::make_mut(bytes)[at] ^= 1 + dice.below(255) as u8;
            let place = format!("{} at {at}", path.display());
            return (flipped, place);
        }
        at -= bytes.len();
    }
    unreachable!("the place is within the data")
}

/// What one start shows: the drafts that are not as before, and whether that is said.
struct Shown {
    mended: bool,
    whole: usize,
    named: Vec<String>,
    silent: Vec<String>,
}

fn look(hand: &Hand, drafts: &[(String, String)]) -> Result<Shown, String> {
    // What is only met when it is read is said when the drafts are listed again.
    hand.does("home", json!({}))?;
    let read: Vec<_> = drafts.iter().map(|(draft, _)| reads(hand, draft)).collect();
    let home = hand.does("home", json!({}))?;
    let lines = home["drafts"].as_array().ok_or("no list")?;
    let mended = home["mended"] == true;
    let mut shown = Shown { mended, whole: 0, named: Vec::new(), silent: Vec::new() };
    for ((draft, before), read) in drafts.iter().zip(read) {
        let line = lines.iter().find(|line| line["draft"] == draft.as_str());
        let named = mended || read.is_err() || line.is_some_and(|line| line["damaged"] == true);
        match read {
            Ok(says) if says == *before => shown.whole += 1,
            says if named => shown.named.push(format!("{draft}: {says:?}")),
            says => shown.silent.push(format!("{draft}: {says:?}")),
        }
    }
    Ok(shown)
}

/// Looks; an app that met damage below what it can read mends it at its next start.
fn judge(
    data: &Path,
    drafts: &[(String, String)],
    outcome: &Outcome,
    flip: &str,
) -> Result<(), String> {
    let count = |at: &AtomicUsize, by| at.fetch_add(by, Ordering::Relaxed);
    count(&outcome.starts, 1);
    let hand = Hand::opens(data, keys())?;
    let shown = match look(&hand, drafts) {
        Ok(shown) if shown.named.len() <= 1 => shown,
        _ => {
            drop(hand);
            count(&outcome.again, 1);
            look(&Hand::opens(data, keys())?, drafts)?
        }
    };
    count(&outcome.mended, usize::from(shown.mended));
    count(&outcome.whole, shown.whole);
    count(&outcome.named, shown.named.len());
    count(&outcome.silent, shown.silent.len());
    count(&outcome.others, shown.named.len().saturating_sub(1));
    if !shown.silent.is_empty() || shown.named.len() > 1 {
        println!("{flip}, silent {:.300?}, named {:.300?}", shown.silent, shown.named);
    }
    Ok(())
}
