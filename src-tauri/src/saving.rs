//! A file for the person to keep, which a web view cannot save by itself on a phone: its name, and what
//! came of it. Where it goes is each system's own.

#[cfg(target_os = "android")]
#[path = "saving/android.rs"]
mod system;
#[cfg(desktop)]
#[path = "saving/desktop.rs"]
mod system;
#[cfg(target_os = "ios")]
#[path = "saving/ios.rs"]
mod system;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use phone::Trouble;
use serde::Serialize;
use tauri::AppHandle;

#[cfg(mobile)]
pub(crate) use system::plugin;

/// The kinds of files that there are, by the end of their name.
const KINDS: [(&str, &str); 3] =
    [("pdf", "application/pdf"), ("json", "application/json"), ("jpg", "image/jpeg")];

/// What came of it; a trouble else.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Saved {
    /// It lies at this path.
    #[cfg(desktop)]
    At(String),
    /// It lies where the person chose.
    #[cfg(mobile)]
    Chosen,
    /// The person chose no place.
    #[cfg(mobile)]
    Left,
}

/// Saves what a screen hands over. Neither bytes nor name are in an address or a log.
#[tauri::command]
pub(crate) async fn save_file(
    app: AppHandle,
    name: String,
    base64: String,
) -> Result<Saved, Trouble> {
    let name = FileName::parse(name).ok_or(Trouble::MalformedArgs)?;
    let bytes = STANDARD.decode(base64).map_err(|_| Trouble::MalformedArgs)?;
    system::save(&app, name, bytes).await
}

/// A name that is good on every system and leads into no other folder: small letters, digits and dashes.
#[derive(Debug, Clone)]
struct FileName {
    stem: String,
    end: &'static str,
    #[cfg_attr(not(target_os = "android"), expect(dead_code, reason = "only Android asks for it"))]
    mime: &'static str,
}

impl FileName {
    fn parse(text: String) -> Option<Self> {
        let (stem, end) = text.split_once('.')?;
        let (end, mime) = KINDS.into_iter().find(|(kind, _)| *kind == end)?;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_name = !stem.is_empty() && stem.chars().all(is_plain);
        is_name.then(|| Self { stem: stem.to_owned(), end, mime })
    }

    /// As it is written the first time (1), or beside files that have this name already.
    fn nth(&self, copy: u32) -> String {
        match copy {
            1 => format!("{}.{}", self.stem, self.end),
            _ => format!("{} ({copy}).{}", self.stem, self.end),
        }
    }
}

/// A trouble of the disk, as screens tell it.
#[cfg(not(target_os = "android"))]
fn told(error: &std::io::Error) -> Trouble {
    eprintln!("a file could not be saved: {}", error.kind());
    match error.kind() {
        std::io::ErrorKind::StorageFull => Trouble::DiskFull,
        _ => Trouble::Storage,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_into_no_folder_and_has_a_known_end() {
        let name = |text: &str| FileName::parse(text.to_owned()).map(|name| name.nth(1));
        assert_eq!(name("passregion-etablissement.pdf").unwrap(), "passregion-etablissement.pdf");
        for wrong in
            ["../a.pdf", "a/b.pdf", ".pdf", "a", "a.exe", "a.pdf.exe", "a b.pdf", "É.pdf", "a.PDF"]
        {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }
}
