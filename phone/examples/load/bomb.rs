//! A compressed change of 194 kB that inflates to 200 MB.

use anyhow::Context;
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT, ScalarValue};
use serde_json::{Value, json};

use crate::Options;

const INFLATED: usize = 200_000_000;

/// Writes the change to `folder`.
pub(crate) fn make(options: &Options) -> anyhow::Result<Value> {
    let mut document = AutoCommit::new();
    document.put(ROOT, "family_name", ScalarValue::Bytes(vec![0; INFLATED]))?;
    document.commit();
    let mut change = document.get_last_local_change().context("no change")?;
    let bytes = change.bytes().into_owned();
    std::fs::write(options.folder.join("bomb.change"), &bytes)?;
    Ok(json!({ "bytes": bytes.len() }))
}
