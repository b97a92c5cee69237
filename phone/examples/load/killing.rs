//! A server that is killed right after its word, and what it still knows when it is back.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::Options;
use crate::device::{Device, known};
use crate::drafts::Drafts;

/// One draft; the server is killed `ms` after it acknowledged it.
pub(crate) fn kill(options: &Options) -> anyhow::Result<Value> {
    let draft = Drafts::read(1)?.written(0, 0)?;
    let mut device = known(&options.address, 0)?;
    // Started beforehand: only its own word stands between the acknowledgement and the end.
    let mut killer = Command::new("sh")
        .args(["-c", &format!("read -r now; kill -9 {}", options.pid)])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut trigger = killer.stdin.take().context("no trigger")?;
    std::thread::sleep(Duration::from_millis(100));
    device.sync(&[draft])?;
    std::thread::sleep(Duration::from_millis(options.ms));
    trigger.write_all(b"now\n")?;
    killer.wait()?;
    Ok(json!({ "key": "0" }))
}

/// Whether who reads that space from its beginning is told of the draft.
pub(crate) fn look(options: &Options) -> anyhow::Result<Value> {
    let mut device = Device::connect(&options.address, 0)?;
    let (wanted, _) = Drafts::read(1)?.written(0, 0)?;
    let found = device.sync(&[])?.pull.iter().any(|draft| *draft.draft == wanted);
    Ok(json!({ "found": u8::from(found) }))
}
