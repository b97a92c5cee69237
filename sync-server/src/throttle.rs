//! How many wrong tries a name takes before it must wait.
//!
//! In memory: a try costs no write, and nobody outside can restart the server. Several servers on one
//! database count apart, so that an attacker has as many tries as there are servers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::gate::Client;

/// Names remembered at once, known accounts or not.
const MOST_NAMES: usize = 10_000;

/// What is free, and what each further try costs.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Wrong tries that anyone may make.
    free: u32,
    /// The first wait; each further failure doubles it, up to the longest. Never a lock: that would
    /// let anybody keep somebody out.
    first_wait_ms: i64,
    longest_wait_ms: i64,
}

/// Failures are forgotten after this long without another.
const MEMORY_MS: i64 = 60 * 60_000;
/// Passwords and codes of one account.
const TRIES: Limits = Limits { free: 5, first_wait_ms: 30_000, longest_wait_ms: 15 * 60_000 };
/// Mails that one account or address may be sent in a row.
const MAILS: Limits = Limits { free: 3, first_wait_ms: 60_000, longest_wait_ms: 60 * 60_000 };
/// Wrong tries from one address of the network: a whole lycée shares one.
const CROWD: Limits = Limits { free: 300, first_wait_ms: 10_000, longest_wait_ms: 60_000 };

/// Failures by account name, known or not, so that the answer is the same for both.
pub(crate) struct Throttle {
    limits: Limits,
    failures: Mutex<HashMap<[u8; 32], Failures>>,
}

struct Failures {
    count: u32,
    last_ms: i64,
}

impl Failures {
    fn open_at_ms(&self, limits: Limits) -> i64 {
        match self.count.checked_sub(limits.free) {
            None => self.last_ms,
            Some(extra) => {
                let wait = limits.first_wait_ms.saturating_mul(1 << extra.min(20));
                self.last_ms.saturating_add(wait.min(limits.longest_wait_ms))
            }
        }
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new(TRIES)
    }
}

impl Throttle {
    fn new(limits: Limits) -> Self {
        Self { limits, failures: Mutex::default() }
    }

    /// Counts a try as failed before it is made, so that many at once gain nothing.
    /// `false`: this account must wait.
    pub(crate) fn admits(&self, name: &str, now_ms: i64) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, kept| now_ms - kept.last_ms < MEMORY_MS);
        let key = key(name);
        if failures.len() >= MOST_NAMES && !failures.contains_key(&key) {
            // To refuse would keep everybody out; to push one account out costs as many tries.
            let oldest = failures.iter().min_by_key(|(_, kept)| kept.last_ms).map(|(key, _)| *key);
            oldest.map(|key| failures.remove(&key));
        }
        let kept = failures.entry(key).or_insert(Failures { count: 0, last_ms: now_ms });
        if now_ms < kept.open_at_ms(self.limits) {
            return false;
        }
        kept.count = kept.count.saturating_add(1);
        kept.last_ms = now_ms;
        true
    }

    /// Forgets the failures of an account whose password was right.
    pub(crate) fn forget(&self, name: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(name));
    }

    /// The last try was none that failed.
    fn take_back(&self, name: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = failures.get_mut(&key(name)) {
            kept.count = kept.count.saturating_sub(1);
        }
    }
}

/// The throttles of the students' accounts, by number or mail address, and by where they ask from.
pub(crate) struct Doors {
    passwords: Throttle,
    codes: Throttle,
    mails: Throttle,
    crowd: Throttle,
}

/// What is tried at a door.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    Password,
    Code,
    Mail,
}

impl Default for Doors {
    fn default() -> Self {
        Self {
            passwords: Throttle::new(TRIES),
            codes: Throttle::new(TRIES),
            mails: Throttle::new(MAILS),
            crowd: Throttle::new(CROWD),
        }
    }
}

impl Doors {
    fn of(&self, door: Door) -> &Throttle {
        match door {
            Door::Password => &self.passwords,
            Door::Code => &self.codes,
            Door::Mail => &self.mails,
        }
    }

    /// Counts a try at this name, or says that it must wait.
    pub(crate) fn knock(
        &self,
        door: Door,
        client: &Client,
        name: &str,
        now_ms: i64,
    ) -> Result<(), Failure> {
        let free = client.address().is_none_or(|address| self.crowd.admits(address, now_ms));
        if free && self.of(door).admits(name, now_ms) { Ok(()) } else { Err(Failure::TooManyTries) }
    }

    /// The try was right: whoever knows the secret has all tries again.
    pub(crate) fn open(&self, door: Door, client: &Client, name: &str) {
        self.of(door).forget(name);
        if let Some(address) = client.address() {
            self.crowd.take_back(address);
        }
    }
}

fn key(name: &str) -> [u8; 32] {
    Sha256::digest(name.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_are_free_and_then_each_one_waits_longer() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert!(throttle.admits("reviewer", 0));
        }
        assert!(!throttle.admits("reviewer", 29_999));
        assert!(throttle.admits("reviewer", 30_000));
        assert!(!throttle.admits("reviewer", 89_999));
        assert!(throttle.admits("reviewer", 90_000));
        assert!(throttle.admits("somebody else", 90_000));
    }

    #[test]
    fn a_right_password_forgets_the_failures() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert!(throttle.admits("reviewer", 0));
        }
        throttle.forget("reviewer");
        assert!(throttle.admits("reviewer", 0));
    }

    #[test]
    fn ten_thousand_names_keep_nobody_out() {
        let throttle = Throttle::default();
        for name in 0..MOST_NAMES {
            assert!(throttle.admits(&name.to_string(), name as i64 / 100));
        }
        assert!(throttle.admits("one more", 200));
    }

    #[test]
    fn a_lycee_behind_one_address_signs_in_and_one_that_guesses_waits() {
        let (doors, lycee) = (Doors::default(), Client::at("192.0.2.1"));
        for student in 0..1_000 {
            let number = student.to_string();
            assert!(doors.knock(Door::Password, &lycee, &number, 0).is_ok());
            doors.open(Door::Password, &lycee, &number);
        }
        let guessed = (0..1_000)
            .filter(|guess| doors.knock(Door::Password, &lycee, &guess.to_string(), 0).is_ok());
        assert_eq!(guessed.count(), 300);
        let other = Client::at("192.0.2.2");
        assert!(doors.knock(Door::Password, &other, "another", 0).is_ok());
    }
}
