//! How well the rules tell good portraits from spoiled ones, on a folder of pictures:
//! `cargo run --release -p portrait --example accuracy -- DIR`.
//!
//! DIR holds `acceptance/PERSON.jpg` (good light, framed by somebody), `negatives/PERSON__KIND.jpg`
//! (spoiled on purpose; `ok` is the good one) and `labels.json` (skin lightness: `ita_deg`).

#![allow(clippy::print_stdout, reason = "a report for a terminal")]

use portrait::{Checker, Fault, Guard, Level, Report, Rule};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// How many pictures of a kind may slip through (of `ok`: may be refused), as a share.
const GOALS: &[(&str, f32)] = &[
    ("ok", 1.0 / 24.0),
    ("noface", 0.0),
    ("twofaces", 0.0),
    ("bystander", 0.0),
    ("far", 0.0),
    ("close", 0.0),
    ("offcentre", 0.0),
    ("frame", 0.0),
    ("dark", 0.0),
    ("over", 0.0),
    ("sidelight", 0.0),
    ("lowres", 0.0),
    ("blur", 0.0),
    ("blur_strong", 0.0),
    ("roll+20", 0.0),
    ("motion", 0.10),
    ("roll-14", 0.10),
    ("yaw32", 0.10),
    ("eyesclosed", 0.15),
    ("yaw22", 0.15),
    ("hat", 0.05),
    ("mask", 0.05),
    ("sunglasses", 0.05),
    // As their makers framed them: only the rules that no framing and no pose can mend.
    ("acceptance", 0.04),
];

/// Rules about how a picture is framed and how a head is held: nobody asked these people.
const MENDABLE: &[Rule] =
    &[Rule::OneFace, Rule::FaceSize, Rule::Centred, Rule::Straight, Rule::Facing, Rule::Resolution];

struct Seen {
    kind: String,
    person: String,
    /// None: not even opened.
    report: Option<Report>,
    proposed: Option<Level>,
    milliseconds: f64,
}

impl Seen {
    fn level(&self) -> Level {
        self.report.as_ref().map_or(Level::Fail, |it| it.verdict)
    }

    fn faults(&self, level: Level) -> Vec<Fault> {
        let all = self.report.iter().flat_map(Report::faults);
        all.filter(|it| it.0 == level).map(|it| it.1).collect()
    }

    fn breaks(&self, level: Level, is_asked: impl Fn(Rule) -> bool) -> bool {
        let findings = self.report.iter().flat_map(|it| &it.findings);
        findings.into_iter().any(|it| it.level >= level && is_asked(it.rule))
    }

    /// Whether it counts against its kind's goal.
    fn is_missed(&self) -> bool {
        let refused = self.level() == Level::Fail;
        match self.kind.as_str() {
            "ok" => refused,
            "acceptance" => self.breaks(Level::Fail, |it| !MENDABLE.contains(&it)),
            "hat" => !refused && !self.breaks(Level::Warn, |it| it == Rule::BareHead),
            "mask" | "sunglasses" => {
                !refused && !self.breaks(Level::Warn, |it| it == Rule::Uncovered)
            }
            _ => !refused,
        }
    }
}

fn main() -> ExitCode {
    let folder = std::env::args().nth(1).map(PathBuf::from);
    let Some(folder) = folder.filter(|it| it.join("negatives").is_dir()) else {
        println!("no pictures here: name a folder with acceptance/, negatives/ and labels.json");
        return ExitCode::SUCCESS;
    };
    let checker = Checker::new();
    let mut all = Vec::new();
    for (part, fixed) in [("acceptance", Some("acceptance")), ("negatives", None)] {
        for path in pictures(&folder.join(part)) {
            let name = path.file_stem().map(|it| it.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            let (person, kind) = name.split_once("__").unwrap_or((&name, "acceptance"));
            let kind = fixed.unwrap_or(kind);
            all.push(see(&checker, &path, person, kind));
        }
    }
    let met = table(&all);
    details(&all);
    thirds(&all, &folder.join("labels.json"));
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|it| it.path()).collect();
    found.retain(|it| it.extension().is_some_and(|it| it == "jpg"));
    found.sort();
    found
}

fn see(checker: &Checker, path: &Path, person: &str, kind: &str) -> Seen {
    let bytes = std::fs::read(path).unwrap_or_default();
    let start = Instant::now();
    let proof = checker.open(bytes, &Guard::phone()).ok();
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    let report = proof.as_ref().map(|it| it.judge(it.whole()));
    let proposed = proof.as_ref().map(|it| it.judge(it.proposed()).verdict);
    Seen { kind: kind.to_owned(), person: person.to_owned(), report, proposed, milliseconds }
}

fn table(all: &[Seen]) -> bool {
    let mut kinds: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for seen in all {
        kinds.entry(&seen.kind).or_default().push(seen);
    }
    println!("kind            n  pass  warn  fail  missed  goal      main faults");
    let mut met = true;
    for (kind, seen) in &kinds {
        let count = |level| seen.iter().filter(|it| it.level() == level).count();
        let missed = seen.iter().filter(|it| it.is_missed()).count();
        let goal = GOALS.iter().find(|it| it.0 == *kind).map(|it| it.1);
        // One picture more than the share allows is allowed in a set too small for the share.
        let most = goal.map(|it| (it * seen.len() as f32).max(if it > 0.0 { 1.0 } else { 0.0 }));
        let kept = most.is_none_or(|most| missed as f32 <= most + 1e-3);
        met &= kept;
        let said = goal.map_or("reported".to_owned(), |it| format!("≤ {:.0} %", it * 100.0));
        let (pass, warn, fail) = (count(Level::Pass), count(Level::Warn), count(Level::Fail));
        println!(
            "{kind:12} {:4} {pass:5} {warn:5} {fail:5} {missed:7}  {said:8} {} {}",
            seen.len(),
            if kept { " " } else { "!" },
            main_faults(seen),
        );
    }
    let mut times: Vec<f64> = all.iter().map(|it| it.milliseconds).collect();
    times.sort_by(f64::total_cmp);
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("opened and measured in {middle:.0} ms (median of {})", times.len());
    println!("{}", if met { "every goal is met" } else { "a goal is missed (!)" });
    met
}

fn main_faults(seen: &[&Seen]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for it in seen {
        let fail = it.faults(Level::Fail).into_iter().map(|fault| format!("{fault:?}"));
        let warn = it.faults(Level::Warn).into_iter().map(|fault| format!("({fault:?})"));
        let unopened = it.report.is_none().then(|| "not opened".to_owned());
        for fault in fail.chain(warn).chain(unopened) {
            *counts.entry(fault).or_default() += 1;
        }
    }
    let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
    sorted.sort_by_key(|it| std::cmp::Reverse(it.1));
    let shown: Vec<String> = sorted.iter().take(4).map(|it| format!("{} {}", it.0, it.1)).collect();
    shown.join(", ")
}

fn details(all: &[Seen]) {
    for seen in all.iter().filter(|it| it.is_missed()) {
        let faults = (seen.faults(Level::Fail), seen.faults(Level::Warn));
        println!("missed: {} {} {faults:?}", seen.person, seen.kind);
    }
    let raw: Vec<&Seen> = all.iter().filter(|it| it.kind == "acceptance").collect();
    let after = |level| raw.iter().filter(|it| it.proposed == Some(level)).count();
    println!(
        "acceptance, framed as proposed: {} pass, {} warn, {} fail",
        after(Level::Pass),
        after(Level::Warn),
        after(Level::Fail)
    );
}

/// Rates for each third of skin lightness, darkest first.
fn thirds(all: &[Seen], labels: &Path) {
    let text = std::fs::read_to_string(labels).unwrap_or_default();
    let Ok(labels) = serde_json::from_str::<serde_json::Value>(&text) else {
        println!("no labels.json: nothing to say about skin lightness");
        return;
    };
    let people: BTreeMap<&str, f64> = labels
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(person, it)| Some((person.as_str(), it.get("ita_deg")?.as_f64()?)))
        .collect();
    for part in ["acceptance", "ok", "every spoiled kind"] {
        let is_part = |it: &&Seen| match part {
            "every spoiled kind" => it.kind != "acceptance" && it.kind != "ok",
            kind => it.kind == kind,
        };
        let mut seen: Vec<(f64, &Seen)> = all
            .iter()
            .filter(is_part)
            .filter_map(|it| Some((*people.get(it.person.as_str())?, it)))
            .collect();
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        for third in seen.chunks(seen.len().div_ceil(3).max(1)) {
            let rate = |test: &dyn Fn(&Seen) -> bool| {
                let count = third.iter().filter(|it| test(it.1)).count();
                100.0 * count as f64 / third.len() as f64
            };
            let ends = [third.first(), third.last()].map(|it| it.map_or(0.0, |it| it.0));
            println!(
                "{part:18} ITA {:5.1} to {:5.1} (n {:3}): {:5.1} % fail, {:5.1} % fail beyond framing and pose, {:5.1} % warned, {:5.1} % missed",
                ends[0],
                ends[1],
                third.len(),
                rate(&|it| it.level() == Level::Fail),
                rate(&|it| it.breaks(Level::Fail, |rule| !MENDABLE.contains(&rule))),
                rate(&|it| it.level() == Level::Warn),
                rate(&|it| it.is_missed()),
            );
        }
    }
}
