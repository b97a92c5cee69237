//! The Region's signing key: made at the first start, kept in one file, never sent anywhere.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use dossier::hexadecimal;
use dossier::signed::SigningKey;

/// Only the account that runs the server may read the key, or enter its folder.
const KEY_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Where a data folder keeps the key.
pub(crate) const FILE: &str = "keys/region.key";

/// Reads the key of this data folder, or makes one when there is none.
pub(crate) fn region_key(data: &Path) -> anyhow::Result<SigningKey> {
    let folder = data.join("keys");
    private_folder(&folder)?;
    let file = folder.join("region.key");
    match fs::read_to_string(&file) {
        Ok(text) => read(&file, &text),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&folder, &file),
        Err(error) => Err(error).context("cannot read the region's key"),
    }
}

/// Makes a folder that nobody else may enter.
pub(crate) fn private_folder(folder: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

fn read(file: &Path, text: &str) -> anyhow::Result<SigningKey> {
    let mode = fs::metadata(file)?.permissions().mode() & 0o777;
    ensure!(mode & 0o077 == 0, "{} can be read by others (mode {mode:o})", file.display());
    match hexadecimal::array(text.trim()) {
        Some(seed) => Ok(SigningKey::from_bytes(&seed)),
        None => bail!("{} holds no key", file.display()),
    }
}

/// Written aside, synced, then renamed: a start that is cut leaves a whole key or none.
fn make(folder: &Path, file: &Path) -> anyhow::Result<SigningKey> {
    let seed = crate::app::random::<32>()?;
    let aside = folder.join("region.key.new");
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut written =
        OpenOptions::new().write(true).create_new(true).mode(KEY_MODE).open(&aside)?;
    written.write_all(hexadecimal::text(&seed).as_bytes())?;
    written.sync_all()?;
    fs::rename(&aside, file)?;
    File::open(folder)?.sync_all()?;
    Ok(SigningKey::from_bytes(&seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_may_read_it() {
        let data = tempfile::tempdir().unwrap();
        let made = region_key(data.path()).unwrap();
        assert_eq!(region_key(data.path()).unwrap().to_bytes(), made.to_bytes());
        let file = data.path().join("keys/region.key");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_may_read_or_that_is_damaged_stops_the_start() {
        let data = tempfile::tempdir().unwrap();
        region_key(data.path()).unwrap();
        let file = data.path().join("keys/region.key");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(region_key(data.path()).is_err());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "half a ke").unwrap();
        assert!(region_key(data.path()).is_err());
    }
}
