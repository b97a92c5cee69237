//! One client: who it is, which drafts it follows, and when it is told something.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use dossier::document::exchange::Peer;
use dossier::hexadecimal;
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::interop::frame::{Frame, Names};
use crate::interop::round::{self, Answer, Told, Turn};
use crate::store::change::followed;
use crate::store::ticket::Admission;

/// A client says who it is at once.
const LONGEST_JOIN: Duration = Duration::from_secs(10);
/// Who does not read what it is told is gone.
const LONGEST_SEND: Duration = Duration::from_secs(30);
/// Between two signs of life: networks between forget silent connections after a minute or so.
const ALIVE: Duration = Duration::from_secs(45);
/// Messages that are taken together, so that one fsync serves them all.
const MOST_AT_ONCE: usize = 100;
/// Bytes of them; the last may go past it.
const MOST_BYTES_AT_ONCE: usize = 256 * 1024;
/// Drafts that one client follows: each is remembered by a few hundred bytes.
const MOST_FOLLOWED: usize = 10_000;

/// A client that a ticket let in.
pub(super) struct Connection {
    app: App,
    socket: WebSocket,
    device: Device,
    names: Names,
    /// How far the space was looked through for what others changed.
    seq: i64,
    followed: HashMap<Uuid, Peer>,
}

/// Why a connection ends.
enum End {
    /// The client left, or cannot be reached.
    Left,
    Failed(Failure),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What came together.
#[derive(Default)]
struct Gathered {
    turns: BTreeMap<Uuid, Turn>,
    /// Whether nothing comes after it.
    is_last: bool,
}

impl Connection {
    /// A client that has yet to say who it is.
    pub(super) fn new(app: App, admission: Admission, socket: WebSocket) -> Self {
        let Admission { device, epoch, seq } = admission;
        // Clients remember what we had by our name: another life of the database is another name.
        let ours = format!("passregion-{}", hexadecimal::text(&epoch));
        let names = Names { ours, theirs: String::new() };
        Self { app, socket, device, names, seq, followed: HashMap::new() }
    }

    /// Serves the client until it leaves.
    pub(super) async fn serve(mut self, listening: watch::Receiver<u64>) {
        let joined = timeout(LONGEST_JOIN, self.join()).await.unwrap_or(Err(End::Left));
        let ended = match joined {
            Ok(()) => self.follow(listening).await,
            Err(end) => Err(end),
        };
        if let Err(End::Failed(failure)) = ended {
            failure.log();
            if let Ok(error) = self.names.error(failure.code()) {
                let _ = self.send(Message::Binary(error.into())).await;
            }
        }
        let _ = self.send(Message::Close(None)).await;
    }

    async fn join(&mut self) -> Result<(), End> {
        let Some(Ok(Message::Binary(frame))) = self.socket.recv().await else {
            return Err(End::Left);
        };
        let Frame::Join(theirs) = Frame::read(&frame)? else {
            return Err(Failure::Malformed.into());
        };
        theirs.clone_into(&mut self.names.theirs);
        let peer = self.names.peer()?;
        self.send(Message::Binary(peer.into())).await
    }

    async fn follow(&mut self, mut listening: watch::Receiver<u64>) -> Result<(), End> {
        let mut alive = interval_at(Instant::now() + ALIVE, ALIVE);
        loop {
            tokio::select! {
                heard = self.socket.recv() => {
                    let Gathered { turns, is_last } = self.gather(heard)?;
                    self.answer(turns.into_values().collect()).await?;
                    if is_last {
                        return Ok(());
                    }
                }
                told = listening.changed() => match told {
                    Ok(()) => self.pass_on().await?,
                    Err(_) => return Ok(()),
                },
                _ = alive.tick() => self.send(Message::Ping(Default::default())).await?,
            }
        }
    }

    /// Takes what came, and what else is there already.
    fn gather(&mut self, first: Option<Result<Message, axum::Error>>) -> Result<Gathered, Failure> {
        let mut gathered = Gathered::default();
        let (mut count, mut bytes) = (0, 0);
        let mut next = Some(first);
        while let Some(heard) = next {
            match heard {
                Some(Ok(Message::Binary(frame))) => {
                    bytes += frame.len();
                    self.note(&mut gathered, Frame::read(&frame)?);
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_))) => return Err(Failure::Malformed),
                Some(Ok(Message::Close(_)) | Err(_)) | None => gathered.is_last = true,
            }
            count += 1;
            let full = count >= MOST_AT_ONCE || bytes >= MOST_BYTES_AT_ONCE;
            next = if full || gathered.is_last { None } else { self.socket.recv().now_or_never() };
        }
        Ok(gathered)
    }

    fn note(&mut self, gathered: &mut Gathered, frame: Frame<'_>) {
        match frame {
            Frame::Sync { draft, requested, message } => {
                let turn = gathered.turns.entry(draft).or_insert_with(|| Turn {
                    draft,
                    peer: self.followed.remove(&draft).unwrap_or_default(),
                    ..Turn::default()
                });
                turn.requested |= requested;
                turn.messages.push(message.to_vec());
            }
            Frame::Leave => gathered.is_last = true,
            Frame::Join(_) | Frame::Other => {}
        }
    }

    /// Tells what other devices changed in the drafts that this client follows.
    async fn pass_on(&mut self) -> Result<(), End> {
        let (device, seq) = (self.device, self.seq);
        let changed = self.app.store.read(move |db| followed::changed_elsewhere(db, device, seq));
        let (changed, reached) = changed.await?;
        self.seq = reached;
        for some in changed.chunks(MOST_AT_ONCE) {
            let turn = |draft: &Uuid| {
                let peer = self.followed.remove(draft)?;
                Some(Turn { draft: *draft, peer, ..Turn::default() })
            };
            let turns = some.iter().filter_map(turn).collect();
            self.answer(turns).await?;
        }
        Ok(())
    }

    async fn answer(&mut self, turns: Vec<Turn>) -> Result<(), End> {
        if turns.is_empty() {
            return Ok(());
        }
        for Told { draft, answer, peer } in round::answer(&self.app, self.device, turns).await? {
            let room = self.followed.len() < MOST_FOLLOWED;
            if let Some(peer) = peer.filter(|_| room) {
                self.followed.insert(draft, peer);
            }
            let frame = match answer {
                Answer::Nothing => continue,
                Answer::Sync(message) => self.names.sync(draft, &message)?,
                Answer::Unavailable => self.names.unavailable(draft)?,
            };
            self.send(Message::Binary(frame.into())).await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(LONGEST_SEND, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Left),
        }
    }
}
