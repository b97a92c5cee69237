//! The real server, killed while phones push: what it acknowledged is there when it is started again.
#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected stops there")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dossier::document::{Draft, Hash, guard};
use dossier::form::Field;
use dossier::sync::{DraftChanges, SyncAnswer, SyncAsk};
use uuid::Uuid;

/// Phones that push at the same time.
const PHONES: u8 = 6;
/// Kills, each after so many more acknowledgements.
const KILLS: usize = 5;
const BETWEEN: usize = 60;

/// A running server, where it listens, and what it says; killed, never stopped.
struct Running {
    process: Child,
    address: String,
    /// Held open: a server whose words go nowhere ends.
    _output: BufReader<ChildStdout>,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sync-server"))
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut said, mut output) =
            (String::new(), BufReader::new(process.stdout.take().unwrap()));
        output.read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, address, _output: output }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// One connection of a phone; whatever goes wrong on it is that the server is gone.
struct Line(BufReader<TcpStream>);

impl Line {
    fn new(address: &str) -> Option<Self> {
        TcpStream::connect(address).ok().map(|stream| Self(BufReader::new(stream)))
    }

    /// The body of an answer, if it is one of success.
    fn ask(&mut self, method: &str, path: &str, letter: u8, body: &[u8]) -> Option<Vec<u8>> {
        let token = hex::encode([letter; 32]);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: server\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.get_mut().write_all(&[head.as_bytes(), body].concat()).ok()?;
        let (mut status, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = said.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).ok()?;
        assert!(status.starts_with("HTTP/1.1 2"), "{status}");
        Some(answer)
    }

    fn bind(&mut self, letter: u8) -> Option<()> {
        let space = format!(r#"{{"space":"{}"}}"#, Uuid::from_bytes([letter; 16]));
        self.ask("PUT", "/v1/space", letter, space.as_bytes()).map(drop)
    }

    fn sync(&mut self, letter: u8, ask: &SyncAsk) -> Option<SyncAnswer> {
        let answer = self.ask("POST", "/v1/sync", letter, &ask.to_bytes())?;
        Some(SyncAnswer::from_bytes(&answer).unwrap())
    }
}

/// Pushes drafts until the server is gone; the changes that it acknowledged.
fn push(address: &str, letter: u8, acknowledged: &AtomicUsize) -> Vec<Hash> {
    let mut told = Vec::new();
    let Some(mut line) = Line::new(address) else { return told };
    if line.bind(letter).is_none() {
        return told;
    }
    let mut place = ([0; 16], 0);
    loop {
        let id = Uuid::now_v7();
        let mut draft = Draft::new(&[letter; 16]);
        let changes: Vec<_> = ["Lina", "Karim", "Noé"]
            .into_iter()
            .filter_map(|name| draft.set(Field::GivenName, name, 1_000))
            .collect();
        let mut ask = SyncAsk::at(place.0, place.1);
        ask.push.push(DraftChanges {
            draft: id.into_bytes().into(),
            changes: changes.iter().map(|change| change.bytes.clone().into()).collect(),
        });
        let Some(answer) = line.sync(letter, &ask) else { return told };
        assert!(answer.rejected.is_empty(), "{:?}", answer.rejected);
        place = (*answer.epoch, answer.cursor);
        told.extend(changes.iter().map(|change| change.hash));
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

/// Every change that the server has of a space.
fn pull(address: &str, letter: u8) -> BTreeSet<Hash> {
    let mut line = Line::new(address).unwrap();
    line.bind(letter).unwrap();
    let (mut all, mut place) = (BTreeSet::new(), ([0; 16], 0));
    loop {
        let answer = line.sync(letter, &SyncAsk::at(place.0, place.1)).unwrap();
        let changes = answer.pull.iter().flat_map(|draft| &draft.changes);
        all.extend(changes.map(|bytes| guard::admit(bytes).unwrap().hash()));
        place = (*answer.epoch, answer.cursor);
        if !answer.more {
            return all;
        }
    }
}

#[test]
fn a_server_that_is_killed_under_load_loses_nothing_that_it_acknowledged() {
    let data = tempfile::tempdir().unwrap();
    let mut told: Vec<Vec<Hash>> = vec![Vec::new(); usize::from(PHONES)];
    for _ in 0..KILLS {
        let server = Running::start(data.path());
        let (address, acknowledged) = (server.address.clone(), AtomicUsize::new(0));
        std::thread::scope(|threads| {
            let push = |letter| {
                let (address, acknowledged) = (&address, &acknowledged);
                threads.spawn(move || push(address, letter, acknowledged))
            };
            let pushing: Vec<_> = (1..=PHONES).map(push).collect();
            let begun = Instant::now();
            while acknowledged.load(Ordering::Relaxed) < BETWEEN {
                assert!(begun.elapsed() < Duration::from_secs(30), "nothing is acknowledged");
                std::thread::sleep(Duration::from_millis(1));
            }
            drop(server);
            for (told, pushing) in told.iter_mut().zip(pushing) {
                told.extend(pushing.join().unwrap());
            }
        });
        let begun = Instant::now();
        let server = Running::start(data.path());
        eprintln!("serves again after {} ms", begun.elapsed().as_millis());
        for (letter, told) in (1..).zip(&told) {
            let has = pull(&server.address, letter);
            let lost = told.iter().filter(|hash| !has.contains(*hash)).count();
            assert_eq!(lost, 0, "of {} that were acknowledged", told.len());
        }
    }
    let all: usize = told.iter().map(Vec::len).sum();
    assert!(all >= KILLS * BETWEEN, "{all}");
    eprintln!("{all} changes acknowledged, none lost in {KILLS} kills");
}
