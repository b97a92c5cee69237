//! What phones say to the server, for `bench/run sync`: as bare requests that cost little, and as
//! the real phone. `load TASK OPTIONS` does one task, its options in JSON, and prints what it found.

mod bomb;
mod device;
mod drafts;
mod killing;
mod many;
mod pictures;
mod stand;

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// What a task may be told; each takes what it needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    /// The server, or the wire in front of it.
    address: String,
    /// The server behind that wire, for what is not measured.
    behind: Option<String>,
    region_key: String,
    folder: PathBuf,
    count: usize,
    batch: usize,
    spaces: usize,
    seed: u64,
    phones: usize,
    edits: usize,
    elsewhere: usize,
    times: usize,
    bytes: usize,
    flying: usize,
    pid: u32,
    ms: u64,
    key: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: String::new(),
            behind: None,
            region_key: "00".repeat(32),
            folder: PathBuf::new(),
            count: 0,
            batch: 500,
            spaces: 1,
            seed: 0,
            phones: 1,
            edits: 0,
            elsewhere: 0,
            times: 0,
            bytes: 0,
            flying: 1,
            pid: 0,
            ms: 0,
            key: String::new(),
        }
    }
}

impl Options {
    /// Where what is not measured goes.
    fn aside(&self) -> &str {
        self.behind.as_deref().unwrap_or(&self.address)
    }
}

#[expect(clippy::print_stdout, reason = "the last line is the answer")]
fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let task = words.next().context("usage: load TASK OPTIONS")?;
    let options: Options = serde_json::from_str(&words.next().unwrap_or_else(|| "{}".into()))?;
    println!("{}", perform(&task, &options)?);
    Ok(())
}

fn perform(task: &str, options: &Options) -> anyhow::Result<Value> {
    match task {
        "introduce" => many::introduce(options),
        "push" => many::push(options),
        "phones" => many::phones(options),
        "pull" => many::pull(options),
        "kill" => killing::kill(options),
        "look" => killing::look(options),
        "photos" => pictures::photos(options),
        "prepare" => stand::prepare(options),
        "elsewhere" => stand::elsewhere(options),
        "reconcile" => stand::reconcile(options),
        "edit" => stand::edit(options),
        "bomb" => bomb::make(options),
        "refuse" => bomb::refuse(options),
        _ => bail!("no such task: {task}"),
    }
}
