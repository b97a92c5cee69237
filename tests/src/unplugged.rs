//! What is done until the power goes, and what is looked at when it is back: for the phone and for
//! the server, each as a process of its own (`src/bin/unplugged.rs`).
//!
//! Every step is announced by a line `ask N`, and ended by `ack N SHOWN`, where SHOWN is what a
//! person could then see. After a crash, either the last thing that was shown must be there, or
//! what the step that was under way would have shown: nothing less and nothing else.

pub mod keys;
pub mod line;
pub mod phone;
pub mod server;

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
}

/// Says one line to whoever listens or records.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // One write for one line: whoever is killed meanwhile has said all of it or nothing.
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

/// Whether this may be seen after these lines, by a person to whom the others were still to come.
pub fn is_allowed(seen: &str, said: &[String], to_come: &[String]) -> bool {
    let last = said.iter().rposition(|line| line.starts_with("ack "));
    let under_way = said[last.map_or(0, |at| at + 1)..].iter().any(|line| line.starts_with("ask "));
    let next = to_come.iter().find(|line| line.starts_with("ack "));
    let was = last.is_some_and(|at| shown(&said[at]) == seen);
    was || ((under_way || last.is_none()) && next.is_some_and(|line| shown(line) == seen))
}

fn shown(line: &str) -> &str {
    line.splitn(3, ' ').nth(2).unwrap_or_default()
}
