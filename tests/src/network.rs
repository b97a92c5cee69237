//! The network between a phone and the server: real sockets, and a hand on the cable.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use phone::transport::{Answered, Asked, Http, NoAnswer, Transport};

/// What happens to the next requests.
#[derive(Default)]
pub enum Cable {
    /// They arrive, and so do their answers.
    #[default]
    Whole,
    /// They do not arrive.
    Cut,
    /// They arrive, but no answer comes back.
    AnswersLost,
    /// Somebody sits between and rewrites answers.
    Tampered(fn(&str, Answered) -> Answered),
}

/// A way to the server that can be cut, and that counts.
pub struct Network {
    way: Http,
    cable: Arc<Mutex<Cable>>,
    sent: AtomicU32,
}

impl Network {
    /// The way to this server through this cable.
    pub fn new(server: url::Url, cable: Arc<Mutex<Cable>>) -> Self {
        Self { way: Http::new(server), cable, sent: AtomicU32::new(0) }
    }

    /// Requests that left the phone.
    pub fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        let path = asked.path.clone();
        if matches!(*self.cable.lock().unwrap_or_else(PoisonError::into_inner), Cable::Cut) {
            return Err(NoAnswer);
        }
        self.sent.fetch_add(1, Ordering::Relaxed);
        let answered = self.way.send(asked).await?;
        match *self.cable.lock().unwrap_or_else(PoisonError::into_inner) {
            Cable::Whole => Ok(answered),
            Cable::Cut | Cable::AnswersLost => Err(NoAnswer),
            Cable::Tampered(rewrite) => Ok(rewrite(&path, answered)),
        }
    }
}
