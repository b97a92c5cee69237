//! What time it is: the one place that asks the system.

use time::{Date, OffsetDateTime};

/// The day of a moment, in universal time.
pub(crate) fn day(ms: i64) -> Date {
    let moment = OffsetDateTime::from_unix_timestamp(ms / 1000);
    moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
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
