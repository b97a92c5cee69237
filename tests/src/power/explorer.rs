//! Cuts the power at every moment of a record, in every way, and looks at what comes back.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::disk::{Content, Disk};
use super::state::{Choice, Prints};
use super::trace::{Event, Trace};

/// Moments that wait for somebody to look at them: each holds what was on its way.
const WAITING: usize = 8;

/// Someone who opens a folder after the power came back.
pub trait Witness: Sync {
    /// Opens the folder with the real code, and tells what a person then sees.
    fn look(&self, folder: &Path, said: &[String]) -> Result<String, String>;
    /// What a person may see after these lines were said: one of the two last things that were
    /// shown, for instance.
    fn allows(&self, seen: &str, said: &[String], to_come: &[String]) -> bool;
}

/// Makes the command that starts again what was cut.
pub type Reopen<'a> = &'a dyn Fn(&Path, &[String]) -> Command;

/// How far a search goes.
#[derive(Debug, Clone, Copy)]
pub struct Explorer {
    /// Ways of losing that are tried at each moment.
    pub ways: usize,
    /// The search ends after this many failures.
    pub enough: usize,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Report {
    /// Moments at which the power went.
    pub moments: usize,
    /// Different folders that came back.
    pub states: usize,
    /// Those that lacked something that was acknowledged, or showed what never was.
    pub lost: usize,
    /// Those that could not be opened or read whole.
    pub unreadable: usize,
    /// The first failure, in words.
    pub first: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// Adds another search.
    pub fn and(mut self, other: Self) -> Self {
        self.moments += other.moments;
        self.states += other.states;
        self.lost += other.lost;
        self.unreadable += other.unreadable;
        self.first = self.first.or(other.first);
        self.took += other.took;
        self
    }

    /// How many states were not as promised.
    pub fn failures(&self) -> usize {
        self.lost + self.unreadable
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { moments, states, lost, unreadable, took, .. } = self;
        let seconds = took.as_secs_f32();
        write!(f, "{states} states at {moments} moments in {seconds:.1} s: ")?;
        write!(f, "{lost} lost, {unreadable} unreadable")
    }
}

/// A disk at a moment, and how many lines had been said by then.
struct Moment {
    nth: usize,
    disk: Disk,
    said: usize,
}

/// What was promised: every line of a story, and how many of them had been said at its beginning.
struct Promises {
    lines: Vec<String>,
    said: usize,
}

impl Explorer {
    /// Looks at every moment of a record that began with `before` on the disk.
    pub fn explore(&self, before: &Content, trace: &Trace, witness: &dyn Witness) -> Report {
        let promises = Promises { lines: trace.lines(), said: 0 };
        self.search(before, trace, promises, witness)
    }

    /// Cuts the power once, starts again, and cuts it at every moment of that start. This is done
    /// `times` times; `reopen` makes the command that starts again what was cut.
    pub fn explore_the_next_start(
        &self,
        before: &Content,
        trace: &Trace,
        (times, reopen): (usize, Reopen<'_>),
        witness: &dyn Witness,
    ) -> Report {
        let lines = trace.lines();
        (0..times).fold(Report::default(), |report, time| {
            let mut dice = Dice::new(&[time as u64, times as u64]);
            let mut disk = Disk::holding(&trace.folder, before);
            let mut said = 0;
            let until = trace.events.len() * time / times + dice.below(trace.events.len() / times);
            for event in &trace.events[..until] {
                disk.apply(event);
                said += usize::from(matches!(event, Event::Said(_)));
            }
            let state = disk.state(Choice::nth(5 + dice.below(100), until), &mut Prints::default());
            let folder = tempfile::tempdir().expect("a folder for what came back");
            put(&state.content, folder.path());
            let again = Trace::record(folder.path(), &mut reopen(folder.path(), &lines[..said]));
            let promises = Promises { lines: lines.clone(), said };
            let again = again.expect("what came back starts again");
            report.and(self.search(&state.content, &again, promises, witness))
        })
    }

    fn search(
        &self,
        before: &Content,
        trace: &Trace,
        promises: Promises,
        witness: &dyn Witness,
    ) -> Report {
        let started = Instant::now();
        let Promises { lines, mut said } = promises;
        let search = Search {
            explorer: *self,
            witness,
            lines,
            seen: Mutex::default(),
            found: Mutex::default(),
            failed: AtomicUsize::new(0),
        };
        let (send, receive) = sync_channel(WAITING);
        let receive = Mutex::new(receive);
        let moments = std::thread::scope(|scope| {
            let at_once = std::thread::available_parallelism().map_or(2, usize::from);
            for _ in 0..at_once {
                scope.spawn(|| search.work(&receive));
            }
            let mut disk = Disk::holding(&trace.folder, before);
            let mut nth = 0;
            for event in std::iter::once(None).chain(trace.events.iter().map(Some)) {
                if let Some(event) = event {
                    disk.apply(event);
                    said += usize::from(matches!(event, Event::Said(_)));
                    if matches!(event, Event::Close { .. } | Event::Seek { .. }) {
                        continue;
                    }
                }
                if search.failed.load(Ordering::Relaxed) >= self.enough {
                    break;
                }
                let moment = Moment { nth, disk: disk.clone(), said };
                send.send(moment).expect("somebody looks");
                nth += 1;
            }
            drop(send);
            nth
        });
        let mut report = search.found.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.moments = moments;
        report.states =
            search.seen.into_inner().unwrap_or_else(PoisonError::into_inner).prints.len();
        report.took = started.elapsed();
        report
    }
}

struct Search<'a> {
    explorer: Explorer,
    witness: &'a dyn Witness,
    lines: Vec<String>,
    seen: Mutex<Seen>,
    found: Mutex<Report>,
    failed: AtomicUsize,
}

#[derive(Default)]
struct Seen {
    /// States by their bytes alone: these are counted.
    prints: HashSet<u128>,
    /// And by what had been promised when they could come about: these are looked at.
    looked: HashSet<(u128, usize)>,
}

impl Search<'_> {
    fn work(&self, moments: &Mutex<Receiver<Moment>>) {
        let folder = tempfile::tempdir_in("/dev/shm").expect("room in memory");
        let mut prints = Prints::default();
        loop {
            let next = moments.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(moment) = next else { return };
            let ways = if moment.disk.is_quiet() { 1 } else { self.explorer.ways };
            for way in 0..ways {
                let choice = Choice::nth(way, moment.nth);
                let state = moment.disk.state(choice, &mut prints);
                let new = {
                    let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.prints.insert(state.print);
                    seen.looked.insert((state.print, moment.said))
                };
                if new {
                    let place = folder.path().join("state");
                    put(&state.content, &place);
                    self.judge(&place, &moment, way);
                }
            }
        }
    }

    fn judge(&self, place: &Path, moment: &Moment, way: usize) {
        let (said, to_come) = self.lines.split_at(moment.said);
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            self.witness.look(place, said)
        }))
        .unwrap_or_else(|_| Err("it panicked".to_owned()));
        let failure = match &looked {
            Ok(seen) if self.witness.allows(seen, said, to_come) => return,
            Ok(seen) => format!("shows {seen}"),
            Err(trouble) => trouble.clone(),
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match looked {
            Ok(_) => found.lost += 1,
            Err(_) => found.unreadable += 1,
        }
        self.failed.fetch_add(1, Ordering::Relaxed);
        let last = said.last().map_or("the beginning", String::as_str);
        found.first.get_or_insert_with(|| {
            format!("moment {}, way {way}, after « {last} »: {failure}", moment.nth)
        });
    }
}

/// Makes a folder hold exactly this.
pub fn put(content: &Content, place: &Path) {
    let _ = std::fs::remove_dir_all(place);
    std::fs::create_dir_all(place).expect("a place for a state");
    for (path, bytes) in content {
        let path = place.join(path);
        match bytes {
            None => std::fs::create_dir_all(path).expect("a folder"),
            // Nobody else may read it: the server refuses a key that others can.
            Some(bytes) => {
                let mut options = OpenOptions::new();
                let options =
                    options.write(true).create(true).truncate(false).mode(0o600).open(path);
                options.and_then(|mut file| file.write_all(bytes)).expect("a file");
            }
        }
    }
}
