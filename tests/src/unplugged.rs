//! What is done until the power goes, and what is looked at when it is back: for the phone and for
//! the server, each as a process of its own (`src/bin/unplugged.rs`).
//!
//! Every step is announced by a line `ask N`, and ended by `ack N SHOWN`, where SHOWN is what a
//! person could then see. After a crash, either the last thing that was shown must be there, or
//! what the step that was under way would have shown: nothing less and nothing else. A keystroke is
//! ended by `soft N SHOWN`: it survives the end of the app, and may be lost with the power.

pub mod keys;
pub mod line;
pub mod phone;
pub mod server;
pub mod stand;
pub mod typist;

use std::io::Write;

/// Says the lines of a story, each at once.
#[derive(Default)]
pub struct Teller {
    step: usize,
}

impl Teller {
    /// Announces a step.
    pub fn asks(&mut self) {
        self.step += 1;
        say(&format!("ask {}", self.step));
    }

    /// Promises what is shown from now on.
    pub fn promises(&self, shown: &str) {
        say(&format!("ack {} {shown}", self.step));
    }

    /// Tells what is shown, if the power stays.
    pub fn hopes(&self, shown: &str) {
        say(&format!("soft {} {shown}", self.step));
    }
}

/// Says one line to whoever listens or records.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // One write for one line: whoever is killed meanwhile has said all of it or nothing.
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

/// Whether this may be seen after these lines, by a person to whom the others were still to come.
pub fn is_allowed(seen: &str, said: &[String], to_come: &[String]) -> bool {
    let promised = said.iter().rposition(|line| line.starts_with("ack "));
    let since = &said[promised.unwrap_or(0)..];
    // What was hoped since the last promise may have arrived or not.
    let was = since.iter().filter_map(|line| shown(line)).any(|shown| shown == seen);
    let is_told = |line: &&String| shown(line).is_some();
    let told = since.iter().rposition(|line| is_told(&line));
    let under_way =
        since[told.map_or(0, |at| at + 1)..].iter().any(|line| line.starts_with("ask "));
    let next = to_come.iter().find(is_told).and_then(|line| shown(line));
    was || ((under_way || promised.is_none()) && next == Some(seen))
}

fn shown(line: &str) -> Option<&str> {
    let told = line.starts_with("ack ") || line.starts_with("soft ");
    told.then(|| line.splitn(3, ' ').nth(2).unwrap_or_default())
}
