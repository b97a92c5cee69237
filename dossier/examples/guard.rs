//! What the guard says of hostile inputs, how long it takes, and how much memory.
//!
//! `cargo run --release -p dossier --example guard -- FILE…`, or `-- --bomb FILE` to write the bomb
//! of 194 kB that inflates to 200 MB inside automerge. Each file is taken for a change; one that is let in is also
//! read by automerge and applied to an empty draft, as a server does at the deposit.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::time::Instant;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};
use dossier::document::Draft;
use dossier::document::guard::admit;
use dossier::sync::SyncAsk;

/// Answers that a whole message or a change gets, and what they cost.
fn main() -> Result<(), Box<dyn Error>> {
    // What panics inside automerge is caught, and told as a refusal; its words are not wanted here.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, file] = arguments.as_slice()
        && flag == "--bomb"
    {
        fs::write(file, bomb())?;
        return Ok(());
    }
    for file in &arguments {
        let bytes = fs::read(file)?;
        let before_kb = reset_peak()?;
        let began = Instant::now();
        let verdict = verdict(&bytes);
        let ms = began.elapsed().as_secs_f64() * 1e3;
        let more_kb = peak_kb()?.saturating_sub(before_kb);
        let out = &mut std::io::stdout();
        writeln!(out, "{verdict}  {ms:.3} ms  +{more_kb} kB  {} bytes  {file}", bytes.len())?;
    }
    Ok(())
}

fn verdict(bytes: &[u8]) -> String {
    let change = match admit(bytes) {
        Ok(admitted) => Draft::from_changes(b"guard", [admitted]).map(drop),
        Err(refusal) => Err(refusal),
    };
    match (change, SyncAsk::from_bytes(bytes)) {
        (Ok(()), _) => "accepted as a change".to_owned(),
        (_, Ok(_)) => "accepted as a message".to_owned(),
        (Err(refusal), _) => format!("refused ({refusal})"),
    }
}

fn bomb() -> Vec<u8> {
    let mut bomb = AutoCommit::new();
    // Cannot fail: a value of this size is allowed, which is what is wrong with it.
    let _ = bomb.put(ROOT, "family_name", vec![0u8; 200_000_000]);
    bomb.commit();
    bomb.get_last_local_change().map(|mut change| change.bytes().into_owned()).unwrap_or_default()
}

/// Forgets the highest amount of memory so far; how much there is now.
fn reset_peak() -> Result<u64, Box<dyn Error>> {
    fs::write("/proc/self/clear_refs", "5")?;
    peak_kb()
}

fn peak_kb() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no VmHWM")?;
    Ok(number.trim().parse()?)
}
