//! How long the disk makes whoever writes wait.

use std::time::Instant;

use prometheus_client::metrics::histogram::Histogram;

use crate::metrics;

/// The times of the commits of one store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct CommitTimes(pub(crate) Histogram);

impl Default for CommitTimes {
    fn default() -> Self {
        Self(metrics::times())
    }
}

impl CommitTimes {
    /// Runs a commit and notes how long it took.
    pub(crate) fn of<T>(&self, commit: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = commit();
        self.0.observe(started.elapsed().as_secs_f64());
        done
    }
}
