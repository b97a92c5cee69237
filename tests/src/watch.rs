//! What time it is in a journey: the world's time goes on by days, and a phone's clock may be off.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use phone::clock::{Clock, System};

/// The milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// A clock that shows the time of another, or of the machine, and how far it is off.
#[derive(Default)]
pub struct Watch {
    other: Option<Arc<Self>>,
    off_ms: AtomicI64,
}

impl Watch {
    /// A clock that follows this one.
    pub fn following(other: &Arc<Self>) -> Self {
        Self { other: Some(Arc::clone(other)), off_ms: AtomicI64::default() }
    }

    /// From now on it is off by so much.
    pub fn is_off_by(&self, ms: i64) {
        self.off_ms.store(ms, Ordering::Relaxed);
    }

    fn now_ms(&self) -> i64 {
        let now_ms = self.other.as_ref().map_or_else(|| System.now_ms(), |other| other.now_ms());
        now_ms.saturating_add(self.off_ms.load(Ordering::Relaxed))
    }
}

impl Clock for Watch {
    fn now_ms(&self) -> i64 {
        Self::now_ms(self)
    }
}

impl sync_server::Clock for Watch {
    fn now_ms(&self) -> i64 {
        Self::now_ms(self)
    }
}
