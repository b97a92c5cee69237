//! Carries what waits on this phone to the server, and the server's words back.
//!
//! A round pushes drafts, photos, deposits and duplicate requests, and reads where each dossier
//! stands. Before the first one, and after one that failed, a short probe asks whether our own server
//! is there. Whatever is cut is asked again: every request is idempotent, and a row leaves the phone's
//! outbox only with the server's confirmation.

mod cards;
mod claims;
mod drafts;
mod exchange;
mod published;
mod requests;
mod stand;
mod standings;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{CourierTrouble, NetworkState, SendingView, SyncView};
pub(crate) use exchange::Declined;

/// Between two looks at the server while something is awaited from it.
const ATTENTIVE: Duration = Duration::from_secs(5);
/// Between two looks while nothing is.
const IDLE: Duration = Duration::from_secs(60);
/// First and longest pause after a round that failed; it doubles in between.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Pause after an edit, so that fields typed in a row leave together.
const GATHERING: Duration = Duration::from_millis(300);

/// A round that takes longer is worth a line on the screens.
const LONG_MS: i64 = 1_000;

/// What is known of the server.
#[derive(Default)]
pub(crate) struct Network {
    pub(crate) state: NetworkState,
    pub(crate) last_ok_ms: Option<i64>,
    pub(crate) trouble: Option<CourierTrouble>,
    /// Whether this phone and its server know each other; not looked up yet, if `None`.
    pub(crate) met: Option<bool>,
    /// Whether the server would poke: nobody needs to ask it often then.
    pub(crate) listening: bool,
    /// How much of what waited when the round began is done.
    pub(crate) sending: Option<Sending>,
    /// Whether the last round got something done before it failed: the next need not wait long.
    pub(crate) advanced: bool,
}

/// What a round has to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sending {
    since_ms: i64,
    done: u32,
    total: u32,
}

impl Sending {
    /// What a screen tells of it: nothing of a round that is over before anyone looks.
    fn view(self, now_ms: i64) -> Option<SendingView> {
        let Self { since_ms, done, total } = self;
        (now_ms - since_ms > LONG_MS).then_some(SendingView { done, total })
    }
}

/// Why a round ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Setback {
    /// Something about the server.
    #[error(transparent)]
    Courier(#[from] CourierTrouble),
    /// Something about this phone.
    #[error("the phone's own store failed")]
    Phone,
}

impl From<Trouble> for Setback {
    fn from(_: Trouble) -> Self {
        Self::Phone
    }
}

/// What fails does not hold up what comes after it, unless the network is gone; the first is told.
#[derive(Default)]
struct Setbacks {
    first: Option<Setback>,
}

impl Setbacks {
    fn pass<T: Default>(&mut self, outcome: Result<T, Setback>) -> Result<T, Setback> {
        match outcome {
            Err(setback) if setback != Setback::Courier(CourierTrouble::Offline) => {
                self.first.get_or_insert(setback);
                Ok(T::default())
            }
            outcome => outcome,
        }
    }

    fn end<T>(self, value: T) -> Result<T, Setback> {
        self.first.map_or(Ok(value), Err)
    }
}

impl Phone {
    /// Runs rounds for as long as the app is open: at once when woken, else now and then.
    pub async fn run_courier(self: Arc<Self>) {
        tokio::join!(self.run_rounds(), self.run_listening());
    }

    /// Listens for pokes while the server is there.
    async fn run_listening(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            if self.network().state == NetworkState::Online {
                let began = self.now_ms();
                let token = zeroize::Zeroizing::new(self.device_token.clone());
                self.transport.listen(token, &|reached| self.poked(reached)).await;
                self.network().listening = false;
                // A connection that lasted ended for a reason of its own.
                let lasted = self.now_ms() - began > 60_000;
                pause = if lasted { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            }
            tokio::time::sleep(self.jittered(pause)).await;
        }
    }

    /// The server says how far the space has come; `None` when it begins to listen.
    fn poked(&self, reached: Option<u64>) {
        self.network().listening = true;
        let read = self.store().place().map(|(_, cursor)| cursor).unwrap_or(0);
        if reached.is_none_or(|reached| reached == 0 || reached > read) {
            self.wake();
        }
    }

    async fn run_rounds(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let wait = match self.round().await {
                Ok(awaiting) => {
                    pause = FIRST_PAUSE;
                    if awaiting && !self.network().listening { ATTENTIVE } else { IDLE }
                }
                Err(_) => {
                    let advanced = self.network().advanced;
                    pause = if advanced { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
                    self.jittered(pause)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.wake.notified() => tokio::time::sleep(GATHERING).await,
            }
        }
    }

    /// One round, for whoever asks for it: who asks also sends what waits for Wi-Fi. The view tells
    /// how the round went.
    pub async fn sync(&self) -> Result<SyncView, Trouble> {
        let metered = self.metered.swap(false, Ordering::Relaxed);
        let _ = self.round().await;
        self.metered.fetch_or(metered, Ordering::Relaxed);
        self.sync_view()
    }

    /// The same for a screen: commands run on a thread that may wait.
    pub(crate) fn sync_now(&self) -> Result<SyncView, Trouble> {
        tokio::runtime::Handle::current().block_on(self.sync())
    }

    /// How things stand with the server.
    pub(crate) fn sync_view(&self) -> Result<SyncView, Trouble> {
        let metered = self.metered.load(Ordering::Relaxed);
        let (pending, held) = {
            let store = self.store();
            (store.pending()?, if metered { store.photos_of_drafts()? } else { 0 })
        };
        let network = self.network();
        Ok(SyncView {
            network: network.state,
            pending,
            last_ok_ms: network.last_ok_ms,
            trouble: network.trouble,
            sending: network.sending.and_then(|sending| sending.view(self.now_ms())),
            metered,
            held_photos: held,
        })
    }

    /// One exchange with the server, whole. `true` when an answer of a reviewer is awaited.
    pub(crate) async fn round(&self) -> Result<bool, Setback> {
        let _one_at_a_time = self.round.lock().await;
        let before = self.network().state;
        let total = self.store().pending()?;
        self.network().sending =
            (total > 0).then_some(Sending { since_ms: self.now_ms(), done: 0, total });
        let outcome = self.carry().await;
        let news = {
            let mut network = self.network();
            let sent = network.sending.take();
            network.advanced = sent.is_some_and(|it| it.done > 0);
            let was_told = sent.and_then(|it| it.view(self.now_ms())).is_some();
            match &outcome {
                Ok(_) => {
                    network.state = NetworkState::Online;
                    network.trouble = None;
                    network.last_ok_ms = Some(self.now_ms());
                }
                Err(Setback::Courier(trouble)) => {
                    network.trouble = Some(*trouble);
                    network.state = match trouble {
                        CourierTrouble::Offline => NetworkState::Offline,
                        CourierTrouble::WrongServerKey => NetworkState::Untrusted,
                        _ => NetworkState::Online,
                    };
                    network.met = Some(false);
                }
                Err(Setback::Phone) => {}
            }
            network.state != before || was_told
        };
        if news {
            self.tell_screens();
        }
        outcome
    }

    /// So much more of what waited is with the server.
    fn progress(&self, more: usize) {
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        if more == 0 {
            return;
        }
        if let Some(sending) = &mut self.network().sending {
            sending.done = sending.done.saturating_add(more).min(sending.total);
        }
        self.tell_screens();
    }

    async fn carry(&self) -> Result<bool, Setback> {
        // Needs no network, but a clock that goes on while the app is open.
        self.erase_discarded()?;
        if self.store().is_stand()? {
            // No draft leaves a tablet: only what was finished, sealed.
            return self.exchange_stand().await.map(|()| false);
        }
        // Two that know each other need no word before the exchange: far away, each costs a second.
        let known = self.knows_server()?;
        if !known {
            self.meet_server().await?;
        }
        let mut exchanged = self.exchange_changes().await;
        let refused =
            |it| matches!(it, Setback::Courier(trouble) if trouble != CourierTrouble::Offline);
        if known && exchanged.is_err_and(refused) {
            // Somebody else may answer here now, or our server forgot this phone.
            self.meet_server().await?;
            exchanged = self.exchange_changes().await;
        }
        let mut setbacks = Setbacks::default();
        setbacks.pass(exchanged)?;
        // Before the deposits: newer lists may show that one is not complete any more.
        setbacks.pass(self.read_published().await)?;
        setbacks.pass(self.send_requests().await)?;
        setbacks.pass(self.send_claims().await)?;
        let awaiting = setbacks.pass(self.read_standings().await)?;
        setbacks.end(awaiting)
    }

    /// Somewhere between half and the whole pause, so that a hall full of phones does not knock at once.
    fn jittered(&self, pause: Duration) -> Duration {
        let mut byte = [0];
        let _ = crate::fill_random(&mut byte);
        pause.mul_f32(0.5 + f32::from(byte[0]) / 512.0)
    }
}
