//! Records of programs that were built worse than ours: whoever looks for losses must find these.

use std::collections::HashMap;
use std::path::PathBuf;

use super::trace::{Event, Trace};

impl Trace {
    /// The same process, had it never synced the files whose path ends like this.
    pub fn never_syncing(&self, ending: &str) -> Self {
        let mut open: HashMap<i64, PathBuf> = HashMap::new();
        let mut events = Vec::new();
        for event in &self.events {
            match event {
                Event::Open { fd, path, .. } => drop(open.insert(*fd, path.clone())),
                Event::Sync { fd, .. } => {
                    let named = open.get(fd).map(|path| path.to_string_lossy().into_owned());
                    if named.is_some_and(|path| path.ends_with(ending)) {
                        // In place of the sync something harmless, so that `covers` keeps its sense.
                        events.push(Event::Said(String::new()));
                        continue;
                    }
                }
                _ => {}
            }
            events.push(event.clone());
        }
        Self { events, folder: self.folder.clone() }
    }

    /// The same process, had it acknowledged each step before the last sync of it instead of after.
    pub fn acknowledging_too_early(&self) -> Self {
        let mut events = self.events.clone();
        for at in 0..events.len() {
            let is_ack = matches!(&events[at], Event::Said(line) if line.starts_with("ack "));
            let synced = |event: &Event| matches!(event, Event::Sync { .. });
            if is_ack && let Some(sync) = events[..at].iter().rposition(synced) {
                events[sync..=at].rotate_right(1);
            }
        }
        // A sync still covers what came before it, one event further on.
        for (at, event) in events.iter_mut().enumerate() {
            if let Event::Sync { covers, .. } = event {
                *covers = at;
            }
        }
        Self { events, folder: self.folder.clone() }
    }

    /// The lines that the process said.
    pub fn lines(&self) -> Vec<String> {
        let said = |event: &Event| match event {
            Event::Said(line) => Some(line.clone()),
            _ => None,
        };
        self.events.iter().filter_map(said).collect()
    }
}
