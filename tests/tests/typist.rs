//! The app is killed, or the disk is full or fails, while somebody types.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use journeys::power::{Dice, Trace};
use journeys::unplugged::typist::Told;

const UNPLUGGED: &str = env!("CARGO_BIN_EXE_unplugged");

/// How often the app is killed in all.
const KILLS: usize = 500;
/// Lines after which it is killed at the latest: two rounds of typing and a bit.
const LINES: usize = 60;

/// Calls `work` for each number below `end`, on every core; gives what it counted in all.
fn for_each(end: usize, work: impl Fn(usize) -> usize + Sync) -> usize {
    let (next, sum) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= end {
                        return;
                    }
                    sum.fetch_add(work(nth), Ordering::Relaxed);
                }
            });
        }
    });
    sum.into_inner()
}

/// Lets somebody type, kills the app after some lines and a moment more; gives what was said.
fn killed(folder: &Path, dice: &mut Dice) -> String {
    let mut command = Command::new(UNPLUGGED);
    command.arg("typist").arg(folder).arg("1000").stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    // The square makes early kills the likelier ones: they cost less time.
    let lines = dice.below(LINES) * dice.below(LINES) / LINES;
    for _ in 0..lines {
        assert_ne!(out.read_line(&mut said).unwrap(), 0, "it ended by itself: {said}");
    }
    std::thread::sleep(Duration::from_micros(dice.below(3_000) as u64));
    child.kill().unwrap();
    child.wait().unwrap();
    out.read_to_string(&mut said).unwrap();
    said
}

#[test]
fn an_app_that_is_killed_five_hundred_times_has_every_answer_and_every_keystroke() {
    let started = Instant::now();
    // A few folders that live long: each start finds what the kills before it left.
    let folders: Vec<_> = (0..10).map(|_| tempfile::tempdir().unwrap()).collect();
    let kept = for_each(folders.len(), |nth| {
        let mut dice = Dice::new(&[nth as u64]);
        let kept = (0..KILLS / folders.len()).map(|kill| {
            let said = killed(folders[nth].path(), &mut dice);
            let told = Told::read(&said);
            let held = told.holds(folders[nth].path());
            held.unwrap_or_else(|trouble| panic!("folder {nth}, kill {kill}: {trouble}\n{said}"));
            told.kept
        });
        kept.sum()
    });
    let seconds = started.elapsed().as_secs_f32();
    println!("{KILLS} kills in {seconds:.1} s: {kept} kept things, all there");
    assert!(kept > KILLS, "too little was typed: {kept}");
}

/// What an app that types two rounds does when the machine around it fails in one way.
fn typed_under(wrap: &[&str], folder: &Path) -> Told {
    let (program, args) = wrap.split_first().unwrap();
    let mut command = Command::new(program);
    command.args(args).args([UNPLUGGED, "typist"]).arg(folder).arg("2");
    let ended = command.output().unwrap();
    Told::read(&String::from_utf8(ended.stdout).unwrap())
}

/// How often an app that types two rounds makes a call.
fn calls(name: &str) -> usize {
    let (folder, told) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let trace = format!("trace={name}");
    let path = told.path().to_str().unwrap();
    typed_under(&["strace", "-f", "-qq", "-e", &trace, "-o", path, "--"], folder.path());
    std::fs::read_to_string(path).unwrap().lines().filter(|line| !line.contains("resumed>")).count()
}

#[test]
fn a_call_to_the_disk_that_fails_whichever_it_is_loses_nothing_and_promises_nothing() {
    if let Some(why) = Trace::hindrance() {
        println!("skipped: calls cannot be made to fail here: {why}");
        return;
    }
    let started = Instant::now();
    let (mut runs, mut failed) = (0, 0);
    // Once, as a disk that recovers; and from then on, as one that stays full.
    let ways = [
        ("pwrite64", "ENOSPC", ""),
        ("pwrite64", "ENOSPC", "+"),
        ("fdatasync,fsync", "EIO", ""),
        ("ftruncate", "EIO", ""),
        ("unlink", "EIO", ""),
    ];
    for (call, error, onwards) in ways {
        let all = calls(call);
        failed += for_each(all, |nth| {
            let folder = tempfile::tempdir().unwrap();
            let inject = format!("inject={call}:error={error}:when={}{onwards}", nth + 1);
            let trace = format!("trace={call}");
            let strace =
                ["strace", "-f", "-qq", "-e", &trace, "-e", &inject, "-o", "/dev/null", "--"];
            let told = typed_under(&strace, folder.path());
            let held = told.holds(folder.path());
            held.unwrap_or_else(|trouble| panic!("{inject}: {trouble}\n{told:?}"));
            told.failed
        });
        runs += all;
    }
    let seconds = started.elapsed().as_secs_f32();
    println!("{runs} failing calls in {seconds:.1} s: {failed} troubles said, nothing lost");
    assert!(failed > 0, "nothing ever failed");
}

#[test]
fn a_disk_that_is_full_at_any_size_is_said_and_loses_nothing() {
    let started = Instant::now();
    let sizes: Vec<usize> = (0..60).map(|step| step * 4096 + 512 * (step % 8)).collect();
    let failed = for_each(sizes.len(), |nth| {
        let folder = tempfile::tempdir().unwrap();
        // Without the signal, a write past the limit fails as on a full disk.
        let limit = format!("trap '' XFSZ; exec prlimit --fsize={} \"$0\" \"$@\"", sizes[nth]);
        let told = typed_under(&["sh", "-c", &limit], folder.path());
        let held = told.holds(folder.path());
        held.unwrap_or_else(|trouble| panic!("{} bytes: {trouble}\n{told:?}", sizes[nth]));
        told.failed
    });
    let seconds = started.elapsed().as_secs_f32();
    println!("{} sizes in {seconds:.1} s: {failed} troubles said, nothing lost", sizes.len());
    assert!(failed > 0, "nothing was ever full");
}

#[test]
fn a_clock_that_is_wrong_or_runs_backwards_loses_nothing_and_the_last_word_stands() {
    if Command::new("faketime").arg("--version").output().is_err() {
        println!("skipped: faketime is not installed");
        return;
    }
    // The app's life goes on in one folder, whatever its clock said before.
    let folder = tempfile::tempdir().unwrap();
    for clock in ["-2y", "+1y", "+0", "+1y i-86400.0", "-2y i86400.0", "+0"] {
        let told = typed_under(&["faketime", "-f", clock], folder.path());
        assert_eq!((told.kept, told.failed), (26, 0), "{clock}: {told:?}");
        told.holds(folder.path()).unwrap_or_else(|trouble| panic!("{clock}: {trouble}"));
    }
}
