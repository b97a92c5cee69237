//! On a desktop a file goes into the folder of downloads, beside what is there.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use phone::Trouble;
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, Manager};

use super::{FileName, Saved, told};

/// As many copies of one file lie in nobody's downloads.
const MOST_COPIES: u32 = 1_000;

/// Saves it there; where no folder is named for downloads, in the person's own.
pub(super) async fn save(
    app: &AppHandle,
    name: FileName,
    bytes: Vec<u8>,
) -> Result<Saved, Trouble> {
    let paths = app.path();
    let folder = paths.download_dir().or_else(|_| paths.home_dir());
    let folder = folder.map_err(|_| Trouble::Storage)?;
    let kept = spawn_blocking(move || keep(&folder, &name, &bytes)).await;
    match kept.map_err(|_| Trouble::Storage)? {
        Ok(path) => Ok(Saved::At(path.to_string_lossy().into_owned())),
        Err(error) => Err(told(&error)),
    }
}

/// Writes a new file; nothing that lies there is written over, and none is left half written.
fn keep(folder: &Path, name: &FileName, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for copy in 1..=MOST_COPIES {
        let path = folder.join(name.nth(copy));
        match File::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                return match written {
                    Ok(()) => Ok(path),
                    Err(error) => fs::remove_file(&path).and(Err(error)),
                };
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_lies_beside_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let downloads = folder.path().join("downloads");
        let name = FileName::parse("passregion.pdf".to_owned()).unwrap();
        let first = keep(&downloads, &name, b"first").unwrap();
        let second = keep(&downloads, &name, b"second").unwrap();
        assert_eq!(second, downloads.join("passregion (2).pdf"));
        assert_eq!(fs::read(first).unwrap(), b"first");
        assert_eq!(fs::read(second).unwrap(), b"second");
    }
}
