//! The end of the event: everything of it leaves the tablet, and every file is searched for it.

use std::fs;
use std::path::{Path, PathBuf};

use super::Mode;
use crate::Phone;
use crate::trouble::Trouble;
use crate::vault::STAND_SECRET;
use crate::view::{StandRefusal, WipedView};

impl Phone {
    /// Wipes the tablet and proves it. Refused while anything would be lost by it.
    pub(crate) fn stand_end(&self) -> Result<WipedView, Trouble> {
        let mut store = self.store();
        self.stand_here(&store)?;
        let unsent = store.count_lines(i64::MAX)?.unsent;
        if unsent > 0 {
            return Err(StandRefusal::Unsent { count: unsent }.into());
        }
        let open = u32::try_from(store.drafts()?.len()).unwrap_or(u32::MAX);
        if open > 0 {
            return Err(StandRefusal::OpenDrafts { count: open }.into());
        }
        let marks = marks(&store.lines(None, u32::MAX)?);
        store.wipe_stand()?;
        drop(store);
        remove_damaged(&self.data)?;
        // What was wrapped under a PIN is gone; so is what it was keyed with.
        self.vault.set(STAND_SECRET, "")?;
        self.set_mode(Mode::Phone);
        self.hold_clock()?;
        searched(&self.data, &marks)
    }
}

/// What would be found of a line, if anything were left of it.
fn marks(lines: &[crate::store::LineRow]) -> Vec<Vec<u8>> {
    let of = |line: &crate::store::LineRow| {
        let prints: Vec<u8> = line.prints.iter().flat_map(|it| it.to_be_bytes()).collect();
        [line.number.clone().into_bytes(), line.digest.to_vec(), line.dossier.to_vec(), prints]
    };
    lines.iter().flat_map(of).filter(|mark| !mark.is_empty()).collect()
}

/// What a mending set aside holds what was on the tablet then.
fn remove_damaged(data: &Path) -> Result<(), Trouble> {
    for entry in fs::read_dir(data).map_err(|_| Trouble::Storage)? {
        let path = entry.map_err(|_| Trouble::Storage)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name.starts_with("damaged-") {
            fs::remove_dir_all(&path).map_err(|_| Trouble::Storage)?;
        }
    }
    Ok(())
}

/// Searches every file of a folder.
fn searched(data: &Path, marks: &[Vec<u8>]) -> Result<WipedView, Trouble> {
    let searched = u32::try_from(marks.len()).unwrap_or(u32::MAX);
    let mut proof = WipedView { files: 0, bytes: 0, searched, hits: 0 };
    for file in files(data)? {
        let bytes = fs::read(&file).map_err(|_| Trouble::Storage)?;
        proof.files += 1;
        proof.bytes += bytes.len() as u64;
        let hits = marks.iter().filter(|mark| holds(&bytes, mark)).count();
        proof.hits += u32::try_from(hits).unwrap_or(u32::MAX);
    }
    Ok(proof)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|_| Trouble::Storage)? {
        let path = entry.map_err(|_| Trouble::Storage)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    memchr::memmem::find(bytes, mark).is_some()
}
