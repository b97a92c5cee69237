//! A compressed change of 194 kB that inflates to 200 MB, and our guard in front of it.

use std::time::Instant;

use anyhow::Context;
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT, ScalarValue};
use dossier::document::guard;
use serde_json::{Value, json};

use crate::Options;

const FILE: &str = "bomb.change";
const INFLATED: usize = 200_000_000;

/// Writes the change to `folder`.
pub(crate) fn make(options: &Options) -> anyhow::Result<Value> {
    let mut document = AutoCommit::new();
    document.put(ROOT, "family_name", ScalarValue::Bytes(vec![0; INFLATED]))?;
    document.commit();
    let mut change = document.get_last_local_change().context("no change")?;
    let bytes = change.bytes().into_owned();
    std::fs::write(options.folder.join(FILE), &bytes)?;
    Ok(json!({ "bytes": bytes.len() }))
}

/// What it costs to refuse that change: milliseconds, and kilobytes more than before.
pub(crate) fn refuse(options: &Options) -> anyhow::Result<Value> {
    let bytes = std::fs::read(options.folder.join(FILE))?;
    let before = most_memory()?;
    let begun = Instant::now();
    let refused = guard::admit(&bytes).is_err();
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    anyhow::ensure!(refused, "the bomb was let in");
    Ok(json!({ "ms": ms, "kb": most_memory()? - before }))
}

/// The most memory of this process so far, in kilobytes.
fn most_memory() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
