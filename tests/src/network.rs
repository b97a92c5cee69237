//! The network between a phone and the server: real sockets, and a hand on the cable.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use phone::transport::{self, Answered, Http, NoAnswer, Transport};

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

/// The paths of the requests that left a phone.
pub type Asked = Arc<Mutex<Vec<String>>>;

/// A way to the server that can be cut, and that remembers what it was asked.
pub struct Network {
    way: Http,
    cable: Arc<Mutex<Cable>>,
    asked: Asked,
}

impl Network {
    /// The way to this server through this cable.
    pub fn new(server: url::Url, cable: Arc<Mutex<Cable>>, asked: Asked) -> Self {
        Self { way: Http::new(server), cable, asked }
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(&self, asked: transport::Asked) -> Result<Answered, NoAnswer> {
        let path = asked.path.clone();
        if matches!(*self.cable.lock().unwrap_or_else(PoisonError::into_inner), Cable::Cut) {
            return Err(NoAnswer);
        }
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        let answered = self.way.send(asked).await?;
        match *self.cable.lock().unwrap_or_else(PoisonError::into_inner) {
            Cable::Whole => Ok(answered),
            Cable::Cut | Cable::AnswersLost => Err(NoAnswer),
            Cable::Tampered(rewrite) => Ok(rewrite(&path, answered)),
        }
    }
}
