//! Work that takes memory and a core for long: a few pieces at a time, never on a serving thread.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::failure::Failure;
use crate::store;

/// A password hash takes 19 MiB and some 40 ms, a picture about as much.
const AT_ONCE: usize = 2;
/// After this wait the caller is told to come back; a phone then tries again later.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The few turns that all heavy work shares.
#[derive(Clone)]
pub(crate) struct Heavy(Arc<Semaphore>);

impl Heavy {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Runs `work` at its turn. The turn ends with the work, also when the caller went away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = tokio::time::timeout(LONGEST_WAIT, self.0.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Failure::Busy)?.map_err(anyhow::Error::from)?;
        store::blocking(move || {
            let done = work();
            drop(turn);
            Ok(done)
        })
        .await
    }
}
