//! `sync-server reference import`: official files in, a report out, and a new publication.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use dossier::reference::Texts;
use importer::{Outcome, Progress, Report, Verdict};
use serde::Serialize;
use time::Date;

use crate::clock::{self, Clock};
use crate::config::Import;
use crate::keys;
use crate::reference::texts_in_force;
use crate::store;

/// The directory of all schools of France weighs 41 MB; nothing official weighs more than this.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// What is printed: the report, and what became of it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a Report,
    /// The version in force before.
    version: &'a str,
    /// The version that was published; null when nothing was.
    published: Option<&'a str>,
}

/// Imports files and publishes what they change. `false` when somebody should look: the new lists
/// would be worse (those in force then stay), or nobody knows what one of the files is.
pub fn import(asked: &Import, clock: &dyn Clock) -> anyhow::Result<bool> {
    let open = |data: &Path| {
        keys::private_folder(data)?;
        store::open(data, asked.database.as_ref(), false).map(|(store, _)| store)
    };
    let store = asked.data.as_deref().map(open).transpose()?;
    let current = match &store {
        Some(store) => store.write_now(texts_in_force)?,
        None => Texts::shipped(),
    };
    let files = asked.files.iter().map(|file| read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let now_ms = clock.now_ms();
    let today = clock::day(now_ms);
    let Outcome { report, mut texts } =
        importer::import(&current, &files, &today.to_string(), &mut tell);
    texts.version = next_version(&current.version, today);
    let publishes = report.verdict == Verdict::Better && !asked.dry_run;
    if let (true, Some(store)) = (publishes, &store) {
        let texts = texts.clone();
        store.write_now(move |db| store::publication::publish(db, &texts, now_ms))?;
    }
    let published = publishes.then_some(texts.version.as_str());
    let told = Told { report: &report, version: &current.version, published };
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &told)?;
    writeln!(out)?;
    Ok(report.verdict != Verdict::Worse && report.files.iter().all(|file| file.kind.is_some()))
}

/// A file's name, without the folders that led to it, and its bytes.
fn read(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = std::fs::metadata(file).with_context(|| format!("cannot read {name}"))?.len();
    anyhow::ensure!(size <= LARGEST_FILE, "{name} is larger than any official file");
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {name}"))?;
    Ok((name, bytes))
}

/// Progress goes where the report does not.
fn tell(progress: Progress) {
    let _ = writeln!(std::io::stderr(), "{}: {} rows", progress.file, progress.rows);
}

/// Versions are named by year, month and their place in the month.
fn next_version(current: &str, today: Date) -> String {
    let month = format!("{}.{}.", today.year(), today.month() as u8);
    let last = current.strip_prefix(&month).and_then(|last| last.parse::<u32>().ok());
    format!("{month}{}", last.map_or(1, |last| last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_version_is_named_by_its_month_and_counted_in_it() {
        let today = date!(2026 - 11 - 22);
        assert_eq!(next_version("2026.11.2", today), "2026.11.3");
        assert_eq!(next_version("2026.10.7", today), "2026.11.1");
        assert_eq!(next_version("anything", today), "2026.11.1");
    }
}
