//! The real program at its console: a server made, looked at, and who may sign in there.
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected stops there")]

use std::path::Path;
use std::process::Command;

/// What it says, and whether all was well.
fn console(words: &[&str], data: &Path) -> (String, bool) {
    let program = env!("CARGO_BIN_EXE_sync-server");
    let ended = Command::new(program).args(words).arg("--data").arg(data).output().unwrap();
    (String::from_utf8(ended.stdout).unwrap(), ended.status.success())
}

/// The line of a check of `doctor`.
fn line<'a>(said: &'a str, part: &str) -> &'a str {
    said.lines().find(|line| line.contains(&format!("{part}\u{a0}:"))).unwrap()
}

#[test]
fn a_server_that_was_made_is_found_well_but_for_what_it_was_not_given() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    let (said, well) = console(&["doctor"], &data);
    assert!(!well && line(&said, "dossier du serveur").starts_with("À VOIR"), "{said}");
    assert!(!data.exists(), "to look makes nothing");

    let (made, well) = console(&["init"], &data);
    assert!(well && made.contains("region_key") && made.contains("reviewer"), "{made}");
    assert!(!console(&["init"], &data).1, "nothing is made twice");
    assert!(console(&["migrate"], &data).0.contains("\"from\":"));

    let (said, well) = console(&["doctor"], &data);
    for part in [
        "réglages",
        "dossier du serveur",
        "clés",
        "clé du coffre",
        "schéma de la base",
        "base",
        "horloge",
        "photos",
    ] {
        assert!(line(&said, part).starts_with("bien"), "{said}");
    }
    assert!(!well && line(&said, "serveur de mails").starts_with("À VOIR"), "{said}");

    // What stands seal to is for two: this server, and a safe.
    let (listed, _) = console(&["keys", "make"], &data);
    assert!(listed.contains("from the safe"), "{listed}");
    assert!(line(&console(&["doctor"], &data).0, "clé du coffre").starts_with("À VOIR"));

    std::fs::remove_file(data.join("photos.sqlite")).unwrap();
    std::fs::write(data.join("keys/key-set.cose"), "half a set").unwrap();
    let (said, _) = console(&["doctor"], &data);
    for part in ["clés", "photos"] {
        assert!(line(&said, part).starts_with("À VOIR"), "{said}");
    }
}

#[test]
fn reviewers_are_added_once_renewed_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!console(&["user", "list"], folder.path()).1, "there is no server yet");
    assert!(console(&["init"], folder.path()).1);
    let (added, _) = console(&["user", "add", "Claire Dumas"], folder.path());
    let (renewed, _) = console(&["user", "renew", "Claire Dumas"], folder.path());
    assert!(added.contains("password") && renewed.contains("password") && added != renewed);
    assert!(!console(&["user", "add", "Claire Dumas"], folder.path()).1);
    assert!(!console(&["user", "add", "  "], folder.path()).1);
    assert!(console(&["user", "close", "Claire Dumas"], folder.path()).1);
    assert!(!console(&["user", "close", "Nobody"], folder.path()).1);
    let (list, _) = console(&["user", "list"], folder.path());
    let expected = "{\"name\":\"Claire Dumas\",\"open\":false,\"role\":\"reviewer\"}\n\
                    {\"name\":\"reviewer\",\"open\":true,\"role\":\"reviewer\"}\n";
    assert_eq!(list, expected);
    let (added, _) = console(&["user", "add", "Odile", "--administrator"], folder.path());
    assert!(added.contains("\"role\":\"administrator\""), "{added}");
}
