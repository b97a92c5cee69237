//! How many wrong passwords an account takes before it must wait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// Wrong passwords that anyone may type.
const FREE_FAILURES: u32 = 5;
/// The first wait; each further failure doubles it, up to the longest. Never a lock: that would
/// let anybody keep a reviewer out.
const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// Failures are forgotten after this long without another.
const MEMORY_MS: i64 = 60 * 60_000;
/// Names remembered at once, known accounts or not.
const MOST_NAMES: usize = 10_000;

/// Failures by account name, known or not, so that the answer is the same for both.
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<[u8; 32], Failures>>,
}

struct Failures {
    count: u32,
    last_ms: i64,
}

impl Failures {
    fn open_at_ms(&self) -> i64 {
        match self.count.checked_sub(FREE_FAILURES) {
            None => self.last_ms,
            Some(extra) => {
                let wait = FIRST_WAIT_MS.saturating_mul(1 << extra.min(20));
                self.last_ms.saturating_add(wait.min(LONGEST_WAIT_MS))
            }
        }
    }
}

impl Throttle {
    /// Counts a try as failed before it is made, so that many at once gain nothing.
    /// `false`: this account must wait.
    pub(crate) fn admits(&self, name: &str, now_ms: i64) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|_, kept| now_ms - kept.last_ms < MEMORY_MS);
        let key = key(name);
        if failures.len() >= MOST_NAMES && !failures.contains_key(&key) {
            return false;
        }
        let kept = failures.entry(key).or_insert(Failures { count: 0, last_ms: now_ms });
        if now_ms < kept.open_at_ms() {
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
}
