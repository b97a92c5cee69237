//! Where the server reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use time::{Date, OffsetDateTime};

/// The time, as the whole server reads it; a test moves it by hand.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the server's clock")]
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The day of a moment, in UTC.
pub(crate) fn day(ms: i64) -> Date {
    let moment = OffsetDateTime::from_unix_timestamp(ms / 1000);
    moment.unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
}
