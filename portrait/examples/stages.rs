//! Times the stages of a portrait, in CPU milliseconds of this thread, for `bench/run photo`.
//!
//! `stages PICTURE ROUNDS` prints one JSON line with the median of each stage and the whole path.
//! `stages --points FILE…` prints one JSON line per picture: the points of its face.

#![allow(clippy::print_stdout, reason = "the answer of a command")]

use portrait::{Checker, Guard, bench, open_at};
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;

/// CPU time of this thread, in milliseconds; Linux counts it in nanoseconds.
fn cpu() -> Result<f64, Box<dyn Error>> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let spent = told.split(' ').next().ok_or("no time")?;
    Ok(spent.parse::<f64>()? / 1e6)
}

#[derive(Default)]
struct Times(BTreeMap<&'static str, Vec<f64>>);

impl Times {
    fn take<T>(
        &mut self,
        stage: &'static str,
        work: impl FnOnce() -> T,
    ) -> Result<T, Box<dyn Error>> {
        let begun = cpu()?;
        let done = work();
        self.0.entry(stage).or_default().push(cpu()? - begun);
        Ok(done)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [first, files @ ..] if first == "--points" => points(files),
        [picture, rounds] => stages(picture, rounds.parse()?),
        _ => Err("stages PICTURE ROUNDS".into()),
    }
}

fn points(files: &[String]) -> Result<(), Box<dyn Error>> {
    let checker = Checker::new();
    for file in files {
        let points = bench::points(&checker, &std::fs::read(file)?)?;
        println!("{}", json!({ "file": file, "points": points }));
    }
    Ok(())
}

fn stages(picture: &str, rounds: usize) -> Result<(), Box<dyn Error>> {
    let file = std::fs::read(picture)?;
    let mut times = Times::default();
    let checker = times.take("load", Checker::new)?;
    let mut bytes = 0;
    for _ in 0..rounds {
        let begun = cpu()?;
        let own = file.clone();
        let proof = times.take("open", || checker.open(own, &Guard::phone()))??;
        let framing = proof.proposed();
        let report = times.take("judge", || proof.judge(framing))?;
        let portrait = times.take("render", || proof.render(framing))??;
        let again = times.take("verify", || checker.verify(&portrait.jpeg))??;
        times.0.entry("whole").or_default().push(cpu()? - begun);
        let cut = times.take("decode", || open_at(&portrait.jpeg, &Guard::phone(), u32::MAX))??;
        bytes = times.take("encode", || bench::encoded(&cut))??.len();
        let frame = bench::frame(&cut)?;
        times.take("look", || checker.look(&frame))??;
        std::hint::black_box((report, again));
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or(0.0);
        json!({ "median": at(50), "p95": at(95) })
    };
    let stages: BTreeMap<_, _> =
        times.0.into_iter().map(|(stage, times)| (stage, median(times))).collect();
    println!("{}", json!({ "bytes": bytes, "stages": stages }));
    Ok(())
}
