//! Many drafts: in batches from few devices, one by one from many, and all of them read.

use std::thread;
use std::time::Instant;

use anyhow::anyhow;
use serde_json::{Value, json};

use crate::Options;
use crate::device::{Device, known};
use crate::drafts::Drafts;

/// Drafts that differ; whoever asks for more gets them again under other names.
const DIFFERENT: usize = 5_000;

/// Devices that the server knows, by their tokens.
pub(crate) fn introduce(options: &Options) -> anyhow::Result<Value> {
    let tokens = (0..options.spaces as u64)
        .map(|number| Ok(known(&options.address, number)?.token))
        .collect::<anyhow::Result<Vec<String>>>()?;
    Ok(json!({ "tokens": tokens }))
}

/// Pushes `count` drafts in batches, from one device per space.
pub(crate) fn push(options: &Options) -> anyhow::Result<Value> {
    let drafts = Drafts::read(options.count.min(DIFFERENT))?;
    let each = options.count.div_ceil(options.spaces);
    let mut spent = 0.0;
    for at in 0..options.spaces as u64 {
        let number = options.seed * 1_000_000 + at;
        known(options.aside(), number)?;
        let mut device = Device::connect(&options.address, number)?;
        let first = at * each as u64;
        let last = (first + each as u64).min(options.count as u64);
        let written = (first..last).map(|n| drafts.written(n, number));
        let written = written.collect::<anyhow::Result<Vec<_>>>()?;
        let begun = Instant::now();
        for batch in written.chunks(options.batch) {
            device.sync(batch)?;
        }
        spent += begun.elapsed().as_secs_f64();
    }
    Ok(json!({ "wall": spent }))
}

/// Each phone pushes its share of `count` drafts, one a request, on a connection that it keeps.
pub(crate) fn phones(options: &Options) -> anyhow::Result<Value> {
    let drafts = Drafts::read(options.count.min(DIFFERENT))?;
    let each = options.count / options.phones;
    let mut phones = Vec::new();
    for number in 0..options.phones as u64 {
        known(options.aside(), number)?;
        let numbers = number * each as u64..(number + 1) * each as u64;
        let written = numbers.map(|n| drafts.written(n, number));
        let written = written.collect::<anyhow::Result<Vec<_>>>()?;
        phones.push((Device::connect(&options.address, number)?, written));
    }
    let begun = Instant::now();
    let phones: Vec<_> = phones
        .into_iter()
        .map(|(mut device, written)| {
            thread::spawn(move || -> anyhow::Result<Vec<f64>> {
                let mut took = Vec::new();
                for draft in written.chunks(1) {
                    let begun = Instant::now();
                    device.sync(draft)?;
                    took.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
                Ok(took)
            })
        })
        .collect();
    let mut took = Vec::new();
    for phone in phones {
        took.extend(phone.join().map_err(|_| anyhow!("a phone panicked"))??);
    }
    let wall = begun.elapsed().as_secs_f64();
    Ok(json!({ "wall": wall, "p50": share(&mut took, 0.5), "p99": share(&mut took, 0.99) }))
}

/// Each space is read from its beginning, as by a phone that came back from a backup.
pub(crate) fn pull(options: &Options) -> anyhow::Result<Value> {
    let begun = Instant::now();
    let mut changes = 0;
    for at in 0..options.spaces as u64 {
        let number = options.seed * 1_000_000 + at;
        let mut device = Device::connect(&options.address, number)?;
        loop {
            let answer = device.sync(&[])?;
            changes += answer.pull.iter().map(|draft| draft.changes.len()).sum::<usize>();
            if !answer.more {
                break;
            }
        }
    }
    Ok(json!({ "wall": begun.elapsed().as_secs_f64(), "changes": changes }))
}

/// The value below which this share of them lies.
pub(crate) fn share(values: &mut [f64], of: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len().saturating_sub(1)) as f64 * of;
    values.get(at as usize).copied().unwrap_or(f64::NAN)
}
