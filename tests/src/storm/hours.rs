//! What time it is in a storm: the network's own time, and how far off a device's clock is.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// When every storm begins, in milliseconds since 1970: an afternoon in November 2026.
const BEGIN_MS: i64 = 1_795_000_000_000;

/// A clock that may be wrong, and may jump.
#[derive(Default)]
pub struct Hours {
    off_ms: AtomicI64,
}

impl Hours {
    /// A clock that is off by so much.
    pub fn off_by(ms: i64) -> Self {
        Self { off_ms: AtomicI64::new(ms) }
    }

    /// Turns the clock forward, or back.
    pub fn turn(&self, by: i64) {
        self.off_ms.fetch_add(by, Ordering::Relaxed);
    }

    fn now_ms(&self) -> i64 {
        let elapsed = i64::try_from(elapsed().as_millis()).unwrap_or(i64::MAX);
        BEGIN_MS.saturating_add(elapsed).saturating_add(self.off_ms.load(Ordering::Relaxed))
    }
}

/// How long the storm goes on; nothing before it and after it.
pub fn elapsed() -> Duration {
    turmoil::sim_elapsed().unwrap_or_default()
}

impl phone::clock::Clock for Hours {
    fn now_ms(&self) -> i64 {
        Hours::now_ms(self)
    }
}

impl sync_server::Clock for Hours {
    fn now_ms(&self) -> i64 {
        Hours::now_ms(self)
    }
}
