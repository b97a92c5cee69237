//! Everything a server keeps, copied while it runs; and a server made out of such a copy.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use dossier::hexadecimal;
use sha2::{Digest, Sha256};

use crate::config::Database;
use crate::keys;
use crate::store::{self, epoch, sqlite};

/// What holds the dossiers, and what holds their photos. Copied in this order: photos are younger
/// than the dossiers that name them, never older.
const MAIN: &str = "server.sqlite";
const PHOTOS: &str = store::photo::FILE;
/// What each file must be, as `sha256sum --check` reads it.
const MANIFEST: &str = "SHA256SUMS";

/// Copies keys and databases of a server, which may run meanwhile, into a folder that is not there
/// yet. The folder has its name only once everything in it is on the disk.
pub fn backup(data: &Path, to: &Path) -> anyhow::Result<()> {
    ensure!(!to.exists(), "{} is there already", to.display());
    let making = begun(to)?;
    let mut sums = Vec::new();
    for file in keys::files(data)? {
        let sum = copy(&data.join(&file), &making.join(&file))?;
        sums.push((file, sum));
    }
    for database in [MAIN, PHOTOS] {
        let from = data.join(database);
        if from.exists() {
            let copied = making.join(database);
            drop(private(&copied)?);
            sqlite::backup::copy(&from, &copied)?;
            let mut copied = File::open(&copied)?;
            copied.sync_all()?;
            sums.push((database.to_owned(), copied_sum(&mut copied, &mut std::io::sink())?));
        }
    }
    let manifest: String = sums.iter().map(|(file, sum)| format!("{sum}  {file}\n")).collect();
    let mut written = private(&making.join(MANIFEST))?;
    written.write_all(manifest.as_bytes())?;
    written.sync_all()?;
    name(&making, to)
}

/// Makes the folder of a server out of a backup, if every file is what it was. It begins another
/// epoch, so that phones send again what the backup lacks.
pub fn restore(from: &Path, data: &Path) -> anyhow::Result<()> {
    let empty = !data.exists() || fs::read_dir(data)?.next().is_none();
    ensure!(empty, "{} is not empty", data.display());
    let manifest = fs::read_to_string(from.join(MANIFEST)).context("this is not a backup")?;
    let making = begun(data)?;
    let mut restored = Vec::new();
    for line in manifest.lines() {
        let (sum, file) = line.split_once("  ").context("the manifest is damaged")?;
        let known = keys::is_of_ours(file) || [MAIN, PHOTOS].contains(&file);
        ensure!(known, "the manifest names a foreign file");
        let copied = copy(&from.join(file), &making.join(file))?;
        ensure!(copied == sum, "{file} is not what was backed up");
        restored.push(file);
    }
    ensure!(restored.contains(&keys::FILE), "the manifest names no key");
    if restored.contains(&MAIN) {
        begin_epoch(&making, None)?;
    }
    name(&making, data)
}

/// Begins another epoch; a server may run meanwhile.
pub fn begin_epoch(data: &Path, database: Option<&Database>) -> anyhow::Result<()> {
    let place = data.join(keys::FILE);
    ensure!(place.exists(), "{} is not the folder of a server", data.display());
    ensure!(database.is_some() || data.join(MAIN).exists(), "which database?");
    let (store, _) = store::open(data, database, false)?;
    store.write_now(epoch::begin)?;
    Ok(())
}

/// The folder in which another is made.
fn begun(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut own = folder.file_name().context("this folder has no name")?.to_owned();
    own.push(".new");
    let making = folder.with_file_name(own);
    ensure!(!making.exists(), "{} is left of one that failed: remove it", making.display());
    keys::private_folder(&making.join("keys"))?;
    Ok(making)
}

/// Gives a folder its name, once all of it is on the disk.
fn name(making: &Path, folder: &Path) -> anyhow::Result<()> {
    File::open(making.join("keys"))?.sync_all()?;
    File::open(making)?.sync_all()?;
    fs::rename(making, folder).with_context(|| format!("cannot name {}", folder.display()))?;
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

/// Copies a file onto the disk; its SHA-256.
fn copy(from: &Path, to: &Path) -> anyhow::Result<String> {
    let mut read = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
    let mut written = private(to)?;
    let sum = copied_sum(&mut read, &mut written)?;
    written.sync_all()?;
    Ok(sum)
}

fn copied_sum(read: &mut File, written: &mut dyn Write) -> anyhow::Result<String> {
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let length = read.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { break };
        sum.update(bytes);
        written.write_all(bytes)?;
    }
    Ok(hexadecimal::text(&sum.finalize()))
}

/// A new file that nobody else may read.
fn private(file: &Path) -> anyhow::Result<File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.with_context(|| format!("cannot make {}", file.display()))
}
