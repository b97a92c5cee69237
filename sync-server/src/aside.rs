//! Work that blocks runs aside, never on the threads that serve requests.

use crate::failure::Failure;

/// Where such work runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aside {
    /// On a thread made for it.
    Threads,
    /// On the thread that asks, as a simulation needs it.
    Inline,
}

impl Aside {
    /// Runs work that blocks: a hash, a picture, hostile bytes.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        match self {
            Self::Threads => {
                tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?
            }
            Self::Inline => work(),
        }
    }
}
