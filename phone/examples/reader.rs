//! Opens a phone's data as the app does after a crash, and says everything that it finds.
//!
//! `cargo run -p phone --example reader -- DIR…`, with the data key in `PASSREGION_TEST_KEY`. Prints a
//! line for each `draft ID STATE`, `edit I`, `key I` and `photo SHA256` of `writer`, `damaged ID`
//! for a draft of which something is lost, and `mended` when the database was damaged. Exits with 1
//! when anything is unreadable. Of several folders, each begins with `in DIR` and ends with
//! `whole` or `unreadable`: one process reads thousands.
#![expect(clippy::indexing_slicing, reason = "a JSON value without this name answers null")]

#[path = "proof/open.rs"]
mod proof;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use phone::Phone;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    if let [folder] = folders.as_slice() {
        let is_whole = read_folder(folder).await?;
        return Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    anyhow::ensure!(!folders.is_empty(), "usage: reader DIR…");
    let mut code = ExitCode::SUCCESS;
    for folder in &folders {
        say(&format!("in {}", folder.display()));
        if read_folder(folder).await.unwrap_or(false) {
            say("whole");
        } else {
            say("unreadable");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Says what stands in one folder; `false` when a part of it is unreadable.
async fn read_folder(data: &Path) -> anyhow::Result<bool> {
    let phone = proof::open(data)?;
    let home = phone.answer("home", json!({})).await?;
    if home["mended"] == true {
        say("mended");
    }
    let mut is_whole = true;
    for line in home["drafts"].as_array().context("a list of drafts")? {
        let draft = &line["draft"];
        say(&format!("draft {} {}", shown(draft), shown(&line["state"])));
        let read = read_draft(&phone, draft).await;
        if line["damaged"] == true || read.is_err() {
            say(&format!("damaged {}", shown(draft)));
            is_whole = false;
        }
    }
    Ok(is_whole)
}

/// Says what stands in one draft.
async fn read_draft(phone: &Arc<Phone>, draft: &Value) -> anyhow::Result<()> {
    let view = phone.answer("draft", json!({ "draft": draft })).await?;
    for typed in view["values"].as_object().context("answers")?.values() {
        let typed = shown(typed);
        if typed.starts_with("edit ") || typed.starts_with("key ") {
            say(typed);
        }
    }
    let named = shown(&view["values"]["photo"]);
    if view["photo"].is_object() || !named.is_empty() {
        let photo = phone.answer("photo", json!({ "draft": draft })).await?;
        let hash = hex::encode(Sha256::digest(BASE64.decode(shown(&photo["jpeg"]))?));
        anyhow::ensure!(view["photo"]["sha256"] == hash.as_str(), "not the photo of its row");
        anyhow::ensure!(named == hash, "not the photo of its draft");
        say(&format!("photo {hash}"));
    }
    Ok(())
}

fn shown(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "what it finds is what it is for")]
fn say(line: &str) {
    println!("{line}");
}
