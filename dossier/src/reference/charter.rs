//! The charter of rights and duties that a student accepts before anything else.

use super::List;
use super::refusal::PackRefusal;
use crate::hexadecimal;
use sha2::{Digest, Sha256};

/// The charter as published. Accepting it keeps its version, the time and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    /// Changes with every change of the text.
    pub version: String,
    /// What its `# ` line says.
    pub title: String,
    /// From the `# ` line to the end: `#`, `##`, paragraphs and `- ` lists of Markdown.
    pub text: String,
    /// SHA-256 of `text` in hexadecimal: what exactly was accepted.
    pub hash: String,
}

impl Charter {
    /// Reads `version: …`, an empty line, then the text.
    pub(super) fn read(published: &str) -> Result<Self, PackRefusal> {
        let unreadable = |line, column| PackRefusal::BadRow { list: List::Charter, line, column };
        // A file that passed through Windows must not become another charter.
        let published = published.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (first, rest) = published.split_once('\n').ok_or(unreadable(1, "version"))?;
        let version = first.strip_prefix("version:").map(str::trim).unwrap_or_default();
        if version.is_empty() || version.chars().count() > 40 {
            return Err(unreadable(1, "version"));
        }
        let text = rest.trim();
        let title = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let title = title.map(str::trim).filter(|title| !title.is_empty());
        let title = title.ok_or(unreadable(3, "title"))?;
        if text.lines().skip(1).all(|line| line.trim().is_empty()) {
            return Err(PackRefusal::Empty { list: List::Charter });
        }
        Ok(Self {
            version: version.to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
            hash: hexadecimal::text(&Sha256::digest(text)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charter_has_a_version_a_title_and_a_text() {
        let charter = Charter::read("version: 3\n\n# Ma charte\n\nUn mot.\n").unwrap();
        assert_eq!(
            (charter.version.as_str(), charter.title.as_str(), charter.text.as_str()),
            ("3", "Ma charte", "# Ma charte\n\nUn mot.")
        );
        assert_eq!(charter.hash.len(), 64);
    }

    #[test]
    fn line_endings_do_not_make_another_charter_and_a_comma_does() {
        let hash = |text: &str| Charter::read(text).unwrap().hash;
        let unix = hash("version: 3\n\n# Ma charte\n\nUn mot.\n");
        assert_eq!(unix, hash("version: 3\r\n\r\n# Ma charte\r\n\r\nUn mot.\r\n\r\n"));
        assert_ne!(unix, hash("version: 3\n\n# Ma charte\n\nUn, mot.\n"));
    }

    #[test]
    fn a_charter_without_version_title_or_text_is_refused() {
        for wrong in [
            "",
            "# Titre\n\nmot",
            "version:\n\n# T\n\nmot",
            "version: 1\n\nmot",
            "version: 1\n\n# T\n",
        ] {
            assert!(Charter::read(wrong).is_err(), "{wrong:?}");
        }
    }
}
