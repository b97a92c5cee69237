//! What time it is: the one place that asks the system.

use time::{Date, OffsetDateTime};

/// A day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The day of a moment, in universal time.
pub(crate) fn day(ms: i64) -> Date {
    let moment = OffsetDateTime::from_unix_timestamp(ms / 1000);
    moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
}

/// The first moment of the day of another, in universal time.
pub(crate) fn midnight(ms: i64) -> i64 {
    ms - ms.rem_euclid(DAY_MS)
}

/// What the clock of a stand is held between; a student's phone has its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// The newest moment that the Region has signed.
    pub(crate) newest_ms: i64,
    /// The end of what the stand may do.
    pub(crate) last_ms: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { newest_ms: i64::MIN, last_ms: i64::MAX }
    }
}

impl Bounds {
    /// The moment that is reckoned with: never before what was signed, and not after the end, unless
    /// something was signed after it.
    pub(crate) fn hold(self, now_ms: i64) -> i64 {
        now_ms.min(self.last_ms).max(self.newest_ms)
    }
}

/// Milliseconds since 1970.
pub trait Clock: Send + Sync {
    /// The present moment; a phone's clock may be years off, so nothing is ordered by it.
    fn now_ms(&self) -> i64;
}

/// The system's clock.
pub struct System;

impl Clock for System {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    fn now_ms(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_years_off_is_held_to_the_event() {
        let bounds = Bounds { newest_ms: 1_000, last_ms: 2_000 };
        assert_eq!([0, 1_500, 9_000].map(|now| bounds.hold(now)), [1_000, 1_500, 2_000]);
        let signed_later = Bounds { newest_ms: 3_000, ..bounds };
        assert_eq!([0, 2_500, 9_000].map(|now| signed_later.hold(now)), [3_000; 3]);
        assert_eq!(Bounds::default().hold(42), 42);
    }
}
