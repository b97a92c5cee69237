//! Work that takes memory and a core for long: a few pieces at a time, never on a serving thread.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::aside::Aside;
use crate::failure::Failure;

/// A password hash takes 19 MiB and some 40 ms, a picture about as much.
const AT_ONCE: usize = 2;
/// After this wait the caller is told to come back; a phone then tries again later.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The few turns that all heavy work shares.
#[derive(Clone)]
pub(crate) struct Heavy {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicI64>,
    aside: Aside,
}

/// Counts somebody as waiting for as long as it lives, however the waiting ends.
struct Waits(Arc<AtomicI64>);

impl Waits {
    fn here(waiting: &Arc<AtomicI64>) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(waiting))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Heavy {
    pub(crate) fn new(aside: Aside) -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::default(), aside }
    }

    /// How much work waits for its turn.
    pub(crate) fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs `work` at its turn. The turn ends with the work, also when the caller went away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let waits = Waits::here(&self.waiting);
        let turn = tokio::time::timeout(LONGEST_WAIT, self.turns.clone().acquire_owned()).await;
        drop(waits);
        let turn = turn.map_err(|_| Failure::Busy)?.map_err(anyhow::Error::from)?;
        let work = move || {
            let done = work();
            drop(turn);
            Ok(done)
        };
        self.aside.run(work).await
    }
}

/// Whatever `work` waits for, it is answered within `longest`. What began on a thread ends there,
/// keeps its turn until then, and nobody hears of it.
pub(crate) async fn in_time<T>(
    longest: Duration,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::time::timeout(longest, work).await.unwrap_or(Err(Failure::Busy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_so_and_the_turns_come_back() {
        let heavy = Heavy::new(Aside::Threads);
        let (begun, begins) = mpsc::channel();
        let mut ends = Vec::new();
        for _ in 0..AT_ONCE {
            let (end, ended) = mpsc::channel::<()>();
            let (heavy, begun) = (heavy.clone(), begun.clone());
            tokio::spawn(async move {
                let slow = move || {
                    begun.send(()).unwrap();
                    ended.recv().ok()
                };
                in_time(Duration::from_millis(50), heavy.run(slow)).await
            });
            ends.push(end);
        }
        // On a thread of its own, so that the slow work can begin meanwhile.
        let all_begun = move || (0..AT_ONCE).for_each(|_| begins.recv().unwrap());
        tokio::task::spawn_blocking(all_begun).await.unwrap();
        let late = tokio::spawn({
            let heavy = heavy.clone();
            async move { in_time(Duration::from_millis(200), heavy.run(|| ())).await }
        });
        while heavy.waiting() != 1 {
            tokio::task::yield_now().await;
        }
        let waited = late.await.unwrap();
        assert!(matches!(waited, Err(Failure::Busy)), "the turns are not given away");
        assert_eq!(heavy.waiting(), 0, "whoever went away waits no more");
        drop(ends);
        assert!(in_time(LONGEST_WAIT, heavy.run(|| ())).await.is_ok());
    }
}
