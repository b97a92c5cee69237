//! The power goes at any moment: what was acknowledged is there when it is back. At least 30,000
//! different states of the disks of phone and server are looked at.

use std::path::Path;
use std::process::Command;

use journeys::power::disk::{Content, content};
use journeys::power::explorer::Witness;
use journeys::power::{Explorer, Report, Trace};
use journeys::unplugged::phone::Owner;
use journeys::unplugged::server::{Operator, as_of_the_first_release, desk_password};

const UNPLUGGED: &str = env!("CARGO_BIN_EXE_unplugged");

/// Ways of losing that are tried at each moment, and how many failures are enough to stop.
const PHONE: Explorer = Explorer { ways: 220, enough: 20 };
const SERVER: Explorer = Explorer { ways: 45, enough: 20 };
/// Starts after a crash that are cut again, and the ways that are tried at each of their moments.
const STARTS: usize = 24;
const AGAIN: Explorer = Explorer { ways: 12, enough: 20 };
const UPDATE: Explorer = Explorer { ways: 20, enough: 20 };
/// A first start hashes a password each time that it is looked at.
const FIRST_START: Explorer = Explorer { ways: 4, enough: 20 };
const FILES: Explorer = Explorer { ways: 12, enough: 20 };
const SERVER_UPDATE: Explorer = Explorer { ways: 8, enough: 20 };
const MUTANT: Explorer = Explorer { ways: 6, enough: 1 };

/// Whether power cuts can be recorded here; says why not.
fn can_record() -> bool {
    let hindrance = Trace::hindrance();
    if let Some(why) = &hindrance {
        println!("skipped: power cuts cannot be recorded here: {why}");
    }
    hindrance.is_none()
}

/// A recorded story: what stood on the disk before, and what happened then.
struct Recorded {
    before: Content,
    trace: Trace,
}

fn record(folder: &Path, story: &str, args: &[&str]) -> Recorded {
    let before = content(folder).unwrap();
    let trace = Trace::record(folder, Command::new(UNPLUGGED).arg(story).arg(folder).args(args));
    Recorded { before, trace: trace.unwrap() }
}

impl Recorded {
    fn loses_nothing(&self, story: &str, search: Explorer, witness: &dyn Witness) -> Report {
        let report = search.explore(&self.before, &self.trace, witness);
        println!("{story}: {report}");
        assert_eq!(report.failures(), 0, "{story}: {report}\n{:?}", report.first);
        report
    }

    /// Neither does a start after a crash that is cut in its turn.
    fn loses_nothing_at_the_next_start(
        &self,
        story: &str,
        reopen: &dyn Fn(&Path, &[String]) -> Command,
        witness: &dyn Witness,
    ) -> Report {
        let next = (STARTS, reopen);
        let report = AGAIN.explore_the_next_start(&self.before, &self.trace, next, witness);
        println!("{story}, cut again at the next start: {report}");
        assert_eq!(report.failures(), 0, "{story}: {report}\n{:?}", report.first);
        report
    }

    /// The same story of worse programs: whoever found nothing wrong with them would find nothing.
    fn mutants_are_found(&self, story: &str, photos: &str, witness: &dyn Witness) {
        let mutants = [
            ("NORMAL instead of FULL", self.trace.never_syncing("-wal")),
            ("an acknowledgement before the commit", self.trace.acknowledging_too_early()),
            ("a photo that is not synced", self.trace.never_syncing(photos)),
        ];
        for (name, mutant) in mutants {
            let report = MUTANT.explore(&self.before, &mutant, witness);
            println!("{story}, {name}: {report}");
            assert_ne!(report.failures(), 0, "{story}: {name} was not found");
        }
    }
}

#[test]
fn a_phone_whose_power_goes_at_any_moment_has_everything_that_it_acknowledged() {
    if can_record() {
        let folder = tempfile::tempdir().unwrap();
        let recorded = record(folder.path(), "phone", &[]);
        recorded.mutants_are_found("phone", "phone.sqlite-wal", &Owner::default());
        let said = tempfile::NamedTempFile::new().unwrap();
        let again = |folder: &Path, lines: &[String]| {
            std::fs::write(said.path(), lines.join("\n")).unwrap();
            let mut command = Command::new(UNPLUGGED);
            command.arg("phone-again").arg(folder).arg(said.path());
            command
        };
        let owner = Owner::default();
        let next = recorded.loses_nothing_at_the_next_start("phone", &again, &owner);
        let all = next.and(recorded.loses_nothing("phone", PHONE, &owner));
        println!("phone, in all: {all}");
        assert!(all.states >= 24_000, "too few states were looked at: {all}");
    }
}

#[test]
fn an_update_that_is_cut_at_any_moment_loses_no_draft_of_any_former_schema() {
    if can_record() {
        let past = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/past");
        for file in std::fs::read_dir(past).unwrap().map(|entry| entry.unwrap().path()) {
            let folder = tempfile::tempdir().unwrap();
            std::fs::copy(&file, folder.path().join("phone.sqlite")).unwrap();
            let recorded = record(folder.path(), "migration", &[]);
            recorded.loses_nothing(&file.display().to_string(), UPDATE, &Owner::of_a_former_app());
        }
    }
}

#[test]
fn a_server_whose_power_goes_at_any_moment_has_everything_that_it_acknowledged() {
    if can_record() {
        let folder = tempfile::tempdir().unwrap();
        let first = record(folder.path(), "first-start", &[]);
        let said = first.trace.lines();
        let recorded = record(folder.path(), "server", &[desk_password(&said).unwrap()]);
        let operator = Operator::default();
        recorded.mutants_are_found("server", "photos.sqlite-wal", &operator);
        let report = first.loses_nothing("a first start", FIRST_START, &operator);
        let again = |folder: &Path, _: &[String]| {
            let mut command = Command::new(UNPLUGGED);
            command.arg("server-again").arg(folder);
            command
        };
        let next = recorded.loses_nothing_at_the_next_start("server", &again, &operator);
        let all = report.and(next).and(recorded.loses_nothing("server", SERVER, &operator));
        println!("server, in all: {all}");
        assert!(all.states >= 6_000, "too few states were looked at: {all}");
    }
}

/// Runs a story whose power stays; what it said.
fn play(folder: &Path, story: &str, args: &[&str]) -> Vec<String> {
    let played = Command::new(UNPLUGGED).arg(story).arg(folder).args(args).output().unwrap();
    assert!(played.status.success(), "{story}: {}", String::from_utf8_lossy(&played.stderr));
    String::from_utf8(played.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_server_whose_photos_are_files_has_each_whole_that_it_acknowledged() {
    if can_record() {
        let folder = tempfile::tempdir().unwrap();
        play(folder.path(), "first-start", &[]);
        let recorded = record(folder.path(), "server-files", &[]);
        let operator = Operator::of_files();
        let unsynced =
            MUTANT.explore(&recorded.before, &recorded.trace.never_syncing("#1"), &operator);
        assert_ne!(unsynced.failures(), 0, "a file that is not synced was not found");
        recorded.loses_nothing("photos as files", FILES, &operator);
    }
}

#[test]
fn an_update_of_a_server_that_is_cut_at_any_moment_loses_nothing_of_its_first_release() {
    if can_record() {
        let (folder, aside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let said = play(folder.path(), "first-start", &[]);
        play(folder.path(), "server", &[desk_password(&said).unwrap()]);
        let (now, then) = (folder.path().join("server.sqlite"), aside.path().join("then.sqlite"));
        as_of_the_first_release(&now, &then).unwrap();
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("server.sqlite{ending}")));
        }
        std::fs::copy(then, now).unwrap();
        let recorded = record(folder.path(), "server-migration", &[]);
        recorded.loses_nothing(
            "a server of the first release",
            SERVER_UPDATE,
            &Operator::default(),
        );
    }
}
