//! Pokes: « there is something new in this space », told to whoever is connected.
//!
//! A poke carries nothing and may be lost: phones ask by cursor, so a lost one only costs time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use uuid::Uuid;

/// Who listens in this process, and the way to the other servers of the same database.
#[derive(Clone, Default)]
pub(crate) struct Pokes {
    here: Arc<Mutex<Listeners>>,
    elsewhere: Option<UnboundedSender<Uuid>>,
}

#[derive(Default)]
struct Listeners {
    spaces: HashMap<Uuid, watch::Sender<u64>>,
    /// How many spaces there may be before those that nobody listens to any more are forgotten.
    sweep_at: usize,
}

/// Sweeping costs one look at each space; below this it is not worth it.
const LEAST_SWEPT: usize = 64;

impl Pokes {
    /// Also tells every space on `elsewhere`.
    pub(crate) fn through(elsewhere: UnboundedSender<Uuid>) -> Self {
        Self { elsewhere: Some(elsewhere), ..Self::default() }
    }

    /// The same listeners, without the way to other servers.
    pub(crate) fn listeners(&self) -> Self {
        Self { here: Arc::clone(&self.here), elsewhere: None }
    }

    /// Counts up whenever something is new in a space. All who listen to one share its counter.
    pub(crate) fn subscribe(&self, space: Uuid) -> watch::Receiver<u64> {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if here.spaces.len() >= here.sweep_at.max(LEAST_SWEPT) {
            here.spaces.retain(|_, counter| counter.receiver_count() > 0);
            here.sweep_at = here.spaces.len() * 2;
        }
        here.spaces.entry(space).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Tells that something was committed in a space; after the commit, never within it.
    pub(crate) fn tell(&self, space: Uuid) {
        self.tell_here(space);
        if let Some(elsewhere) = &self.elsewhere {
            let _ = elsewhere.send(space);
        }
    }

    /// Another server told so.
    pub(crate) fn tell_here(&self, space: Uuid) {
        let here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = here.spaces.get(&space) {
            counter.send_modify(|count| *count += 1);
        }
    }

    /// Nobody knows what was missed: everyone may look.
    pub(crate) fn tell_all_here(&self) {
        let here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        here.spaces.values().for_each(|counter| counter.send_modify(|count| *count += 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_listen_to_the_space_are_told() {
        let pokes = Pokes::default();
        let (mut lina, noe) =
            (pokes.subscribe(Uuid::from_u128(1)), pokes.subscribe(Uuid::from_u128(2)));
        pokes.tell(Uuid::from_u128(1));
        assert!(lina.has_changed().unwrap() && !noe.has_changed().unwrap());
        assert_eq!(*lina.borrow_and_update(), 1);
    }

    #[test]
    fn five_thousand_who_listen_weigh_little() {
        let resident = || {
            let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
            pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
        };
        // What the first of them bring into memory, code above all, is no weight of theirs.
        let warm = Pokes::default();
        drop([1, 2].map(|number| warm.subscribe(Uuid::from_u128(number))));
        resident();
        let (pokes, before) = (Pokes::default(), resident());
        let all: Vec<_> =
            (0..5_000).map(|number| pokes.subscribe(Uuid::from_u128(number))).collect();
        let each = resident().saturating_sub(before) / all.len();
        eprintln!("{each} bytes each");
        assert!(each <= 1_024, "{each} bytes each, of the 8 kB that a connection may take");
    }

    #[test]
    fn spaces_that_nobody_listens_to_are_forgotten() {
        let pokes = Pokes::default();
        let stays = pokes.subscribe(Uuid::from_u128(0));
        for number in 1..5_000 {
            drop(pokes.subscribe(Uuid::from_u128(number)));
        }
        assert!(pokes.here.lock().unwrap().spaces.len() <= 2 * LEAST_SWEPT);
        pokes.tell_all_here();
        assert!(stays.has_changed().unwrap());
    }
}
