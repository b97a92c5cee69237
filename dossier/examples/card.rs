//! Verifies card codes without network, as the app does:
//! `cargo run --release -p dossier --example card -- verify --keys FILE --status FILE --at TIME CODE…`
//!
//! FILE are the two that `sync-server card show` writes: `keys.json` (the root key and the signed
//! set of keys) and `status.cose`. TIME is RFC 3339 or milliseconds since 1970. Per code it prints
//! one line of JSON: state, reason, name, age of the list, and the microseconds that it took.
//!
//! `… -- bench` measures signing, verifying, and the list of 300,000 cards of which 5 % are blocked.

#![allow(clippy::print_stdout, reason = "printing is what this is for")]

use std::error::Error;
use std::fs;
use std::time::Instant;

use dossier::card::code::{STEP_MS, live};
use dossier::card::status_list::{StatusList, Withdrawal, places_for};
use dossier::card::verify::{Colour, Known, Seen, verify};
use dossier::card::{Card, day_number};
use dossier::signed::keys::{IssuerKey, KeySet, KeyUse};
use dossier::signed::{RegionKey, SigningKey};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::{date, datetime};

const USAGE: &str = "usage: card verify --keys FILE --status FILE --at TIME CODE… | card bench";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == "verify" => check(rest),
        Some((task, [])) if task == "bench" => bench(),
        _ => Err(USAGE.into()),
    }
}

fn check(arguments: &[String]) -> Outcome<()> {
    let [keys_flag, keys, status_flag, status, at_flag, at, codes @ ..] = arguments else {
        return Err(USAGE.into());
    };
    if (keys_flag.as_str(), status_flag.as_str(), at_flag.as_str())
        != ("--keys", "--status", "--at")
    {
        return Err(USAGE.into());
    }
    let keys = read_keys(&fs::read_to_string(keys)?)?;
    let list = StatusList::open(&fs::read(status)?, &keys)?;
    let known = Known { keys: Some(&keys), list: Some(&list) };
    let (now_ms, mut seen) = (moment(at)?, Seen::default());
    for code in codes {
        let start = Instant::now();
        let verdict = verify(code, &known, now_ms, &mut seen);
        let micros = start.elapsed().as_micros();
        let line = json!({
            "state": verdict.state,
            "reason": verdict.reason,
            "colour": verdict.colour(),
            "name": verdict.holder.map(|holder| holder.name),
            "list_age_days": verdict.list_age_days,
            "micros": micros,
        });
        println!("{line}");
    }
    Ok(())
}

/// The keys of a file, if the root that it names signed them.
fn read_keys(text: &str) -> Outcome<KeySet> {
    let file: Value = serde_json::from_str(text)?;
    let said = |name: &str| file.get(name).and_then(Value::as_str).ok_or("not a file of keys");
    let root = RegionKey::from_hex(said("region_key")?).ok_or("not a root key")?;
    let signed = bytes(said("key_set")?).ok_or("not a set of keys")?;
    Ok(KeySet::open(&signed, &root)?)
}

/// What hexadecimal digits stand for.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: char| digit.to_digit(16).and_then(|nibble| u8::try_from(nibble).ok());
    let nibbles: Vec<u8> = digits.chars().map(nibble).collect::<Option<_>>()?;
    Some(nibbles.chunks(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | half)).collect())
}

fn moment(text: &str) -> Outcome<i64> {
    if let Ok(ms) = text.parse() {
        return Ok(ms);
    }
    let moment = OffsetDateTime::parse(text, &Rfc3339)?;
    Ok(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000)?)
}

// ── figures ───────────────────────────────────────────────────────────────────────────────────

const CARDS: u32 = 300_000;
const BLOCKED: usize = 15_000;
const ROUNDS: usize = 2_000;
const NOW_MS: i64 = datetime!(2026-11-22 10:00 UTC).unix_timestamp() * 1_000;

fn bench() -> Outcome<()> {
    let [issuer, lists, phone] = [2, 3, 7].map(|seed| SigningKey::from_bytes(&[seed; 32]));
    let key = |usage, of: &SigningKey| IssuerKey {
        usage,
        public: of.verifying_key().to_bytes().into(),
        not_before_ms: 0,
        not_after_ms: i64::MAX,
        season: "2026-2027".into(),
    };
    let keys = vec![key(KeyUse::Card, &issuer), key(KeyUse::StatusList, &lists)];
    let keys = KeySet { version: 1, made_at_ms: NOW_MS, keys, ..KeySet::default() };
    let withdrawn = blocked();
    for (name, list) in [
        (
            "all blocked",
            StatusList::new(1, NOW_MS, withdrawn.iter().map(|at| (*at, Withdrawal::Blocked))),
        ),
        ("three kinds", StatusList::new(1, NOW_MS, withdrawn.iter().map(|at| (*at, kind(*at))))),
    ] {
        let start = Instant::now();
        let signed = list.sign(&lists);
        let sign_ms = start.elapsed().as_secs_f64() * 1e3;
        let start = Instant::now();
        let opened = StatusList::open(&signed, &keys)?;
        let open_ms = start.elapsed().as_secs_f64() * 1e3;
        assert_eq!(opened, list);
        let line = json!({ "list": name, "cards": CARDS, "withdrawn": withdrawn.len(),
            "bytes": signed.len(), "sign_ms": sign_ms, "open_ms": open_ms });
        println!("{line}");
    }
    let list = StatusList::new(1, NOW_MS, withdrawn.iter().map(|at| (*at, Withdrawal::Blocked)));
    let good = (0..CARDS).find(|at| list.withdrawal(*at).is_none()).ok_or("no good card")?;
    let card = lina(good, &phone);
    let (mut signing, mut showing, mut verifying) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = Seen::default();
    for round in 0..ROUNDS {
        let now_ms = NOW_MS + i64::try_from(round)? * STEP_MS;
        let start = Instant::now();
        let credential = card.sign(&issuer);
        signing.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        let code = live(&credential, &phone, now_ms);
        showing.push(start.elapsed().as_secs_f64() * 1e6);
        let start = Instant::now();
        let known = Known { keys: Some(&keys), list: Some(&list) };
        let verdict = verify(&code, &known, now_ms, &mut seen);
        verifying.push(start.elapsed().as_secs_f64() * 1e6);
        assert_eq!(verdict.colour(), Colour::Green);
    }
    for (name, mut micros) in [("sign", signing), ("show", showing), ("verify", verifying)] {
        micros.sort_by(f64::total_cmp);
        let at = |share: usize| micros.get(micros.len() * share / 100).copied().unwrap_or_default();
        let line = json!({ "step": name, "rounds": ROUNDS, "median_us": at(50), "p95_us": at(95) });
        println!("{line}");
    }
    Ok(())
}

/// 5 % of the cards, spread over the places that the server would have given them.
fn blocked() -> Vec<u32> {
    let mut state = 42_u64;
    let mut draw = move |below: u32| {
        // Knuth's MMIX; its upper bits are good enough to spread cards.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 33).unwrap_or_default() % below
    };
    let mut taken = std::collections::HashSet::new();
    let mut cards = Vec::new();
    for issued in 0..CARDS {
        let index = std::iter::repeat_with(|| draw(places_for(issued)))
            .find(|index| taken.insert(*index))
            .unwrap_or_default();
        cards.push(index);
    }
    let mut blocked = Vec::new();
    while blocked.len() < BLOCKED {
        let at = usize::try_from(draw(u32::try_from(cards.len()).unwrap_or(1))).unwrap_or_default();
        blocked.push(cards.swap_remove(at));
    }
    blocked
}

/// Four in five blocked, one suspended or replaced.
fn kind(index: u32) -> Withdrawal {
    match index % 10 {
        0 => Withdrawal::Suspended,
        1 => Withdrawal::Replaced,
        _ => Withdrawal::Blocked,
    }
}

fn lina(status_index: u32, phone: &SigningKey) -> Card {
    Card {
        status_index,
        season: "2026-2027".into(),
        expires_day: day_number(date!(2027 - 08 - 31)),
        birth_day: day_number(date!(2009 - 03 - 07)),
        device: Some(phone.verifying_key().to_bytes().into()),
        name: "Lina Moreau".into(),
        school: "0630020E".into(),
        photo: [7; 32].into(),
        provisional: false,
        renew_by_day: None,
    }
}
