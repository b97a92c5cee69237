//! Judges picture files as a phone would, one JSON line each.
//!
//! `cargo run --release -p portrait --example judge -- [--render DIR] FILE…`
//!
//! `verdict` and `rules` speak of the picture as it is framed in the file; `crop` is the framing
//! that would be proposed, `proposed` the verdict on it. `--render` also writes, for each picture,
//! the portrait that would be kept.

#![allow(clippy::print_stdout, reason = "the answer of a command")]

use portrait::{Checker, Finding, Guard, Level, PhotoRefusal, Report};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> io::Result<()> {
    let mut render = None;
    let mut files = Vec::new();
    let mut args = std::env::args_os().skip(1);
    while let Some(arg) = args.next() {
        match arg.to_str() {
            Some("--render") => render = args.next().map(PathBuf::from),
            _ => files.push(PathBuf::from(arg)),
        }
    }
    if let Some(folder) = &render {
        std::fs::create_dir_all(folder)?;
    }
    let checker = Checker::new();
    for file in files {
        println!("{}", judged(&checker, &file, render.as_deref())?);
    }
    Ok(())
}

fn judged(checker: &Checker, file: &Path, render: Option<&Path>) -> io::Result<Value> {
    let bytes = std::fs::read(file)?;
    let begun = Instant::now();
    let name = file.display().to_string();
    let milliseconds = || (begun.elapsed().as_secs_f64() * 1e4).round() / 10.0;
    let proof = match checker.open(bytes, &Guard::phone()) {
        Ok(proof) => proof,
        Err(refusal) => return Ok(refused(&name, &refusal, milliseconds())),
    };
    let report = proof.judge(proof.whole());
    let crop = proof.proposed();
    let proposed = proof.judge(crop);
    let milliseconds = milliseconds();
    if let Some(folder) = render {
        let written = file.with_extension("jpg");
        let written = folder.join(written.file_name().unwrap_or(written.as_os_str()));
        match proof.render(crop) {
            Ok(portrait) => std::fs::write(written, portrait.jpeg)?,
            Err(refusal) => return Ok(refused(&name, &refusal, milliseconds)),
        }
    }
    Ok(json!({
        "file": name,
        "verdict": verdict(&report),
        "reason": reason(&report),
        "rules": rules(&report),
        "crop": crop,
        "proposed": {
            "verdict": verdict(&proposed), "reason": reason(&proposed), "rules": rules(&proposed),
        },
        "milliseconds": milliseconds,
    }))
}

fn refused(name: &str, refusal: &PhotoRefusal, milliseconds: f64) -> Value {
    let refusal = json!(refusal);
    json!({
        "file": name, "verdict": "refused", "reason": refusal.get("code"), "rules": [],
        "crop": null, "milliseconds": milliseconds,
    })
}

/// A picture of which little could be said is not therefore a bad one.
fn verdict(report: &Report) -> Level {
    report.verdict.max(Level::Pass)
}

fn reason(report: &Report) -> Value {
    report.faults().next().map_or(Value::Null, |(_, fault)| json!(fault))
}

fn rules(report: &Report) -> Vec<Value> {
    let mut rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let line = |it: &Finding| {
        json!({
            "rule": it.rule, "level": it.level, "value": it.value, "measure": it.measure,
            "fault": it.fault,
        })
    };
    rules.into_iter().filter_map(|rule| report.worst_of(rule)).map(line).collect()
}
