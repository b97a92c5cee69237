//! What day it is in a journey: the system's clock, moved on by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const DAY_MS: i64 = 86_400_000;
/// 22 November 2026, noon.
const NOVEMBER_MS: i64 = 1_795_348_800_000;

/// The true time in a world: it runs like the system's.
#[derive(Clone, Default)]
pub struct Calendar {
    ahead_ms: Arc<AtomicI64>,
}

impl Calendar {
    /// One that begins in November 2026, whenever the journey is played.
    pub fn in_november() -> Self {
        let ahead_ms = NOVEMBER_MS - phone::clock::Clock::now_ms(&phone::clock::System);
        Self { ahead_ms: Arc::new(AtomicI64::new(ahead_ms)) }
    }

    /// So many days go by.
    pub fn pass(&self, days: i64) {
        self.ahead_ms.fetch_add(days * DAY_MS, Ordering::Relaxed);
    }

    fn now(&self) -> i64 {
        let now_ms = phone::clock::Clock::now_ms(&phone::clock::System);
        now_ms + self.ahead_ms.load(Ordering::Relaxed)
    }
}

impl sync_server::Clock for Calendar {
    fn now_ms(&self) -> i64 {
        self.now()
    }
}

/// The clock of a phone: right, until somebody sets it.
#[derive(Clone)]
pub struct Watch {
    calendar: Calendar,
    off_ms: Arc<AtomicI64>,
}

impl Watch {
    /// A watch that shows the true time.
    pub fn by(calendar: &Calendar) -> Self {
        Self { calendar: calendar.clone(), off_ms: Arc::default() }
    }

    /// From now on it shows a time so many days ahead of the true one.
    pub fn set(&self, days_ahead: i64) {
        self.off_ms.store(days_ahead * DAY_MS, Ordering::Relaxed);
    }
}

impl phone::clock::Clock for Watch {
    fn now_ms(&self) -> i64 {
        self.calendar.now() + self.off_ms.load(Ordering::Relaxed)
    }
}
