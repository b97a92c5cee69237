//! One thread for what takes much memory for a moment: pictures, and the PINs of agents.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// Does one thing after the other. Allocators keep the room that a thread once needed: on as many
/// threads as there are questions, a tablet would end up with several times that room.
pub(crate) struct Workshop(Sender<Work>);

impl Workshop {
    /// Opens it; it closes with its owner. Without a thread, nothing that is asked is answered.
    pub(crate) fn open() -> Self {
        let (sender, works) = channel::<Work>();
        let busy = move || {
            for work in works {
                // A panic is that one question's: the next is answered.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
        };
        let _ = thread::Builder::new().name("workshop".to_owned()).spawn(busy);
        Self(sender)
    }

    /// What comes of this work; `None` when it panicked.
    pub(crate) async fn does<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (tell, told) = oneshot::channel();
        let work = move || {
            let _ = tell.send(work());
        };
        self.0.send(Box::new(work)).ok()?;
        told.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heavy_is_a_command() {
        let commands = crate::commands::names();
        assert!(crate::commands::HEAVY.iter().all(|heavy| commands.contains(heavy)));
    }

    #[tokio::test]
    async fn everything_is_done_on_one_thread_and_a_panic_takes_nothing_along() {
        let workshop = Workshop::open();
        let first = workshop.does(|| thread::current().id()).await.unwrap();
        let panic = workshop.does(|| -> u8 { panic!("a picture that nobody foresaw") });
        assert_eq!(panic.await, None);
        let (second, third) = tokio::join!(
            workshop.does(|| thread::current().id()),
            workshop.does(|| thread::current().id()),
        );
        assert_eq!((second, third), (Some(first), Some(first)));
    }
}
