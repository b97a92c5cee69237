//! The way from a phone to the server through a storm: answers get lost, requests come twice.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use phone::transport::{Answered, Asked, NoAnswer, Transport};
use serde_json::Value;

use super::flaw::{Flaw, Liar};
use super::history::Shared;
use crate::power::Dice;

/// The name of the server's host in the simulated network.
pub const SERVER: &str = "server";
/// The port that it listens on.
pub const PORT: u16 = 80;
/// As long as the phone's own way waits.
const DEADLINE: Duration = Duration::from_secs(20);
/// A repeated request may come so much later than the first: after whatever its phone did since.
const LATEST_MS: usize = 8_000;

/// Whether the storm goes on; when it is over, nothing more is lost or repeated.
#[derive(Clone)]
pub struct Storm(Arc<AtomicBool>);

impl Storm {
    /// A storm that begins.
    pub fn begins() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// The storm is over.
    pub fn ends(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether it goes on.
    pub fn rages(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One device's way to the server.
pub struct Way {
    device: &'static str,
    storm: Storm,
    dice: Mutex<Dice>,
    history: Shared,
    liar: Option<Liar>,
}

impl Way {
    /// The way of this device; with a flaw, one that does worse than a network may.
    pub fn of(
        device: &'static str,
        storm: Storm,
        mut dice: Dice,
        history: Shared,
        flaw: Flaw,
    ) -> Self {
        let liar = Liar::with(flaw, Dice::new(&[dice.below(1 << 30) as u64]));
        Self { device, storm, dice: Mutex::new(dice), history, liar }
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True once in so many times, while the storm goes on.
    fn happens_once_in(&self, times: usize) -> bool {
        self.storm.rages() && self.dice().below(times) == 0
    }

    /// The same request once more, some time later; nobody waits for its answer.
    fn repeat(&self, asked: Asked) {
        let pause = Duration::from_millis(self.dice().below(LATEST_MS) as u64);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            let _ = tokio::time::timeout(DEADLINE, exchange(asked)).await;
        });
    }

    fn tell(&self, asked: &Asked, outcome: &str) {
        let mut history = self.history.open();
        let path = match asked.path.rsplit_once('/') {
            Some((_, draft)) if draft.len() == 36 => {
                let name = history.name_of(draft).to_owned();
                asked.path.replace(draft, &name)
            }
            Some((above, hash)) if hash.len() == 64 => format!("{above}/…"),
            _ => asked.path.clone(),
        };
        history.tell(self.device, &format!("{} {path}: {outcome}", asked.method));
    }

    /// Keeps what receipt came for which draft.
    fn note_receipt(&self, asked: &Asked, answered: &Answered) {
        let Some(draft) = asked.path.strip_prefix("/v1/deposits/") else { return };
        let body: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
        if let Some(receipt) = body["receipt"].as_str() {
            let mut history = self.history.open();
            history.receipts.entry(draft.to_owned()).or_default().insert(receipt.to_owned());
        }
    }
}

#[async_trait]
impl Transport for Way {
    async fn send(&self, mut asked: Asked) -> Result<Answered, NoAnswer> {
        if asked.method == Method::PUT && asked.path.starts_with("/v1/deposits/") {
            asked.body = without_password(&asked.body);
        }
        if self.happens_once_in(12) {
            self.repeat(asked.clone());
        }
        let going = async {
            match &self.liar {
                Some(liar) => liar.send(asked.clone(), self.storm.rages()).await,
                None => exchange(asked.clone()).await,
            }
        };
        let answered = tokio::time::timeout(DEADLINE, going).await.unwrap_or(Err(NoAnswer));
        let Ok(answered) = answered else {
            self.tell(&asked, "no answer");
            return Err(NoAnswer);
        };
        self.note_receipt(&asked, &answered);
        if self.happens_once_in(10) {
            self.tell(&asked, &format!("{}, lost", answered.status.as_u16()));
            return Err(NoAnswer);
        }
        self.tell(&asked, answered.status.as_str());
        Ok(answered)
    }
}

/// A deposit may go without: to hash a password takes longer than a whole storm.
fn without_password(body: &Bytes) -> Bytes {
    let mut asked: Value = serde_json::from_slice(body).unwrap_or_default();
    asked["password"] = Value::Null;
    serde_json::to_vec(&asked).unwrap_or_default().into()
}

/// One request on a connection of its own.
pub(super) async fn exchange(asked: Asked) -> Result<Answered, NoAnswer> {
    let server = (turmoil::lookup(SERVER), PORT);
    let stream = turmoil::net::TcpStream::connect(server).await.map_err(|_| NoAnswer)?;
    let connected = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = connected.map_err(|_| NoAnswer)?;
    tokio::spawn(async move {
        let _ = connection.await;
    });
    let mut request = hyper::Request::builder()
        .method(asked.method)
        .uri(&asked.path)
        .header(HOST, SERVER)
        .header(AUTHORIZATION, format!("Bearer {}", *asked.token));
    if !asked.content_type.is_empty() {
        request = request.header(CONTENT_TYPE, asked.content_type);
    }
    let request = request.body(Full::new(asked.body)).map_err(|_| NoAnswer)?;
    let answer = sender.send_request(request).await.map_err(|_| NoAnswer)?;
    let status: StatusCode = answer.status();
    let body = answer.into_body().collect().await.map_err(|_| NoAnswer)?.to_bytes();
    Ok(Answered { status, body })
}

/// Where the server listens: to everyone.
pub const ANYWHERE: (Ipv4Addr, u16) = (Ipv4Addr::UNSPECIFIED, PORT);
