//! Damaged messages in great numbers: none may break a door, keep it busy, or fill its memory.
//!
//! `HOSTILE_MUTANTS=1000000 cargo nextest run --workspace -E 'binary(hostile)' --no-capture` tries
//! so many at each door. A mutant that does harm is kept in a file, and its name is told.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use hostile::{Chance, Counting, DOORS, Door, peak_of};

#[global_allocator]
static COUNTING: Counting = Counting;

/// A machine that does ten other things takes no longer than this for one message.
const MOST_TIME: Duration = Duration::from_secs(20);
/// The thread that opens a door.
const ATTACK: &str = "attack";
/// All that is committed, in bytes.
const MOST_CORPUS: usize = 1_500_000;

fn corpus(door: &Door) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(door.name);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

fn door(name: &str) -> &'static Door {
    DOORS.iter().find(|door| door.name == name).unwrap()
}

/// What became of the messages at one door.
#[derive(Debug, Default)]
struct Outcome {
    messages: u64,
    let_in: u64,
    panics: u64,
    most_memory: usize,
    slowest: Duration,
}

impl Outcome {
    /// Opens the door with one message; what harm it did.
    fn of(&mut self, door: &Door, bytes: &[u8]) -> Option<String> {
        let began = Instant::now();
        let (opened, memory) = peak_of(|| catch_unwind(AssertUnwindSafe(|| (door.open)(bytes))));
        self.slowest = self.slowest.max(began.elapsed());
        self.most_memory = self.most_memory.max(memory);
        self.messages += 1;
        self.let_in += u64::from(matches!(opened, Ok(true)));
        self.panics += u64::from(opened.is_err());
        match opened {
            Err(_) => Some(LAST.take()),
            Ok(_) => (memory > door.most_memory).then(|| format!("{memory} bytes")),
        }
    }
}

thread_local! {
    /// Where the last panic was, and its words.
    static LAST: Cell<String> = const { Cell::new(String::new()) };
}

/// Tries damaged copies of a corpus, at least a share of which must get past the first refusal.
fn holds(name: &str, messages: u64, least_let_in: f64) {
    let door = door(name);
    let messages =
        std::env::var("HOSTILE_MUTANTS").map_or(messages, |asked| asked.parse().unwrap());
    silence();
    let (tell, told) = channel();
    let work = std::thread::Builder::new().name(ATTACK.to_owned());
    let work = work.spawn(move || attack(door, messages, &tell)).unwrap();
    if let Err(endless) = wait(&told) {
        panic!("{name}: message {endless} takes more than {MOST_TIME:?}");
    }
    let (outcome, harmful) = work.join().unwrap();
    println!("{name}: {outcome:?}");
    assert!(harmful.is_empty(), "{outcome:?}, {} bytes allowed: {harmful:#?}", door.most_memory);
    let share = outcome.let_in as f64 / outcome.messages as f64;
    assert!(share >= least_let_in, "only {share} get past the first refusal: {outcome:?}");
}

/// What panics inside automerge is caught there; its words are not wanted here.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() == Some(ATTACK) {
                LAST.set(panic.to_string());
            } else {
                told(panic);
            }
        }));
    });
}

/// The whole corpus, then damaged copies of it; the first of those that did harm are kept.
fn attack(door: &Door, messages: u64, tell: &Sender<u64>) -> (Outcome, Vec<String>) {
    let corpus = corpus(door);
    // Once before it is measured: what is made once for all messages is none's.
    let _ = catch_unwind(|| corpus.first().map(|(_, bytes)| (door.open)(bytes)));
    let (mut outcome, mut harmful) = (Outcome::default(), Vec::new());
    for (file, bytes) in &corpus {
        let _ = tell.send(0);
        let harm = outcome.of(door, bytes);
        harmful.extend(harm.map(|harm| format!("{}: {harm}", file.display())));
    }
    let whole: Vec<Vec<u8>> = corpus.into_iter().map(|(_, bytes)| bytes).collect();
    for number in 1..=messages {
        let _ = tell.send(number);
        let bytes = Chance::new(number).damaged(&whole);
        if let Some(harm) = outcome.of(door, &bytes)
            && harmful.len() < 20
        {
            let kept = format!("{}/{}-{number}", env!("CARGO_TARGET_TMPDIR"), door.name);
            std::fs::write(&kept, &bytes).unwrap();
            harmful.push(format!("{kept}: {harm}"));
        }
    }
    (outcome, harmful)
}

/// Waits for the end; the number of a message that does not come to one.
fn wait(told: &Receiver<u64>) -> Result<(), u64> {
    let mut number = 0;
    loop {
        match told.recv_timeout(MOST_TIME) {
            Ok(next) => number = next,
            Err(RecvTimeoutError::Timeout) => return Err(number),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

#[test]
fn no_change_breaks_the_guard_or_a_draft_behind_it() {
    holds("guard", 8_000, 0.05);
}

#[test]
fn no_sync_message_breaks_phone_or_server() {
    holds("sync_message", 20_000, 0.05);
}

#[test]
fn no_message_of_automerges_own_protocol_breaks_the_server() {
    holds("interop_message", 5_000, 0.05);
}

#[test]
fn no_scanned_code_and_no_signed_object_breaks_its_reader() {
    holds("card_code", 3_000, 0.01);
}

#[test]
fn no_code_of_a_stand_breaks_its_reader() {
    holds("stand_code", 10_000, 0.01);
}

#[test]
fn no_envelope_breaks_the_intake() {
    holds("envelope", 5_000, 0.02);
}

#[test]
fn no_official_file_breaks_the_import() {
    holds("importer", 500, 0.3);
}

#[test]
fn no_picture_breaks_the_intake() {
    holds("photo_intake", 150, 0.1);
}

#[test]
fn the_corpus_stays_small_and_leaves_no_door_out() {
    let sizes = DOORS.iter().map(|door| {
        let corpus = corpus(door);
        assert!(!corpus.is_empty(), "{}", door.name);
        corpus.iter().map(|(_, bytes)| bytes.len()).sum::<usize>()
    });
    assert!(sizes.sum::<usize>() <= MOST_CORPUS);
}

#[test]
fn what_a_piece_of_work_holds_is_counted_at_its_highest() {
    let (kept, peak) = peak_of(|| {
        drop(vec![1u8; 3_000_000]);
        vec![2u8; 1_000]
    });
    assert_eq!(kept.len(), 1_000);
    assert!((3_000_000..3_100_000).contains(&peak), "{peak}");
}
