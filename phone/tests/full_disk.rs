//! A disk that takes no more: whichever write fails, nothing that was acknowledged is missing.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test, a broken expectation is the result")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One frame of the write-ahead log: the most that one write needs.
const FRAME: u64 = 4096 + 24;
const KEY: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const PARTS: [&str; 4] = ["9", "edits", "keys", "delete"];

/// The example of that name, built with these tests.
fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.push(name);
    assert!(path.is_file(), "cargo build --workspace --example {name}");
    path
}

/// Writes until no file may grow past `most` bytes. A write past it fails, as on a full disk,
/// or kills, as a lost power supply.
fn write(data: &Path, most: u64, kills: bool) -> Output {
    let ignore = if kills { "" } else { "trap '' XFSZ; " };
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{ignore}exec prlimit --core=0 --fsize={most} \"$@\"")).arg("sh");
    command.arg(example("writer")).arg(data).args(PARTS).env("PASSREGION_TEST_KEY", KEY);
    command.output().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn numbers(lines: &[String], word: &str) -> BTreeSet<u32> {
    lines.iter().filter_map(|line| line.strip_prefix(word)?.parse().ok()).collect()
}

#[test]
fn whichever_write_fails_first_everything_acknowledged_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let (mut written, mut fewest, mut most) = (Vec::new(), usize::MAX, 0);
    for step in 0.. {
        let data = folder.path().join(step.to_string());
        std::fs::create_dir(&data).unwrap();
        let output = write(&data, step * 3 * FRAME, step % 2 == 1);
        let said = lines(&output);
        let acknowledged = numbers(&said, "ack ").len() + numbers(&said, "buffered ").len();
        (fewest, most) = (fewest.min(acknowledged), most.max(acknowledged));
        written.push((data, said));
        if output.status.success() {
            break;
        }
    }
    assert_eq!((fewest, most), (0, 18), "from no room at all to room enough");
    assert!(written.len() > 20, "{} steps", written.len());

    let mut reader = Command::new(example("reader"));
    reader.args(written.iter().map(|(data, _)| data)).env("PASSREGION_TEST_KEY", KEY);
    let read = lines(&reader.output().unwrap());
    let folders: Vec<&[String]> = read.split(|line| line.starts_with("in ")).skip(1).collect();
    assert_eq!(folders.len(), written.len());
    for ((data, said), found) in written.iter().zip(folders) {
        let at = data.display();
        assert_eq!(found.last().map(String::as_str), Some("whole"), "{at}: {found:?}");
        let edits = numbers(found, "edit ");
        let missing: Vec<u32> = numbers(said, "ack ").difference(&edits).copied().collect();
        assert!(missing.is_empty(), "{at}: {missing:?} were acknowledged");
        let key = numbers(said, "buffered ").last().copied();
        assert!(numbers(found, "key ").last().copied() >= key, "{at}: keystroke {key:?}");
        for erased in said.iter().filter_map(|line| line.strip_prefix("erased ")) {
            assert!(!found.iter().any(|line| line.contains(erased)), "{at}");
        }
    }
}
