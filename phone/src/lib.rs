//! What the phone does, without Tauri: drafts in SQLite, secrets in the keyring, and a courier.
//!
//! A screen reaches all of it through one door, [`Phone::answer`].

mod account;
pub mod around;
mod benefits;
mod card;
mod checking;
mod claim;
pub mod clock;
pub mod commands;
mod corrections;
mod courier;
mod deposit;
mod device_lock;
mod drafts;
mod duplicate;
mod handover;
mod link;
mod photo;
mod qr;
mod reference;
mod seal;
mod settings;
mod slip;
mod stand;
mod store;
pub mod transport;
mod trouble;
pub mod vault;
pub mod view;
mod workshop;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use dossier::account::Link;
use dossier::card::verify::Seen;
use dossier::card::vignette::Comparison;
use dossier::reference::Pack;
use dossier::signed::RegionKey;
use dossier::stand::handover::Collector;
use portrait::Checker;
use serde_json::Value;
use time::Date;
use tokio::sync::{Notify, watch};
use url::Url;

use clock::{Bounds, Clock};
use courier::Network;
use reference::InForce;
pub use settings::{Settings, SettingsTrouble};
use stand::Mode;
use store::Store;
use transport::Transport;
pub use trouble::Trouble;
pub use vault::Vault;
use workshop::Workshop;

/// One phone: everything that the screens can ask for.
pub struct Phone {
    store: Mutex<Store>,
    vault: Arc<dyn Vault>,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    /// Where the Region's server is.
    server: Url,
    region_key: RegionKey,
    /// The folder of the database.
    data: PathBuf,
    device_token: String,
    /// Who writes changes: random per start, so that no two copies of a phone share one.
    actor: [u8; 16],
    reference: InForce,
    network: Mutex<Network>,
    /// Whether the network is paid for by its bytes, as the screen last said.
    metered: AtomicBool,
    /// Loaded when a picture is first looked at: most starts need none.
    checker: LazyLock<Checker>,
    workshop: Workshop,
    /// The one picture that is being framed; its landmarks live here and nowhere else.
    proof: Mutex<photo::Open>,
    /// The live codes that were verified here a moment ago; in memory only.
    seen: Mutex<Seen>,
    /// What the card that was verified last says of its photo, and the codes that were scanned to compare
    /// it; in memory only.
    comparison: Mutex<Option<Comparison>>,
    /// The link of a mail that was opened here and waits to be followed; in memory only.
    link: Mutex<Option<Link>>,
    /// What the app does now, when this is a shared tablet; in memory only.
    stand: Mutex<Mode>,
    /// What the clock of a stand is held between.
    bounds: Mutex<Bounds>,
    /// The codes of a draft that is being handed over to this device.
    handover: Mutex<Collector>,
    round: tokio::sync::Mutex<()>,
    wake: Notify,
    changed: watch::Sender<u64>,
}

/// What a phone is made of; tests replace the parts that reach outside.
pub struct Parts {
    /// Where secrets are kept.
    pub vault: Arc<dyn Vault>,
    /// How the server is reached.
    pub transport: Arc<dyn Transport>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Phone {
    /// Opens the phone as the app does: system clock, HTTPS to the configured server.
    pub fn open(settings: Settings, vault: Arc<dyn Vault>) -> Result<Arc<Self>, Trouble> {
        let transport = Arc::new(transport::Http::new(settings.server.clone()));
        let clock = Arc::new(clock::System);
        Self::assemble(settings, Parts { vault, transport, clock })
    }

    /// Opens a phone from its parts.
    pub fn assemble(settings: Settings, parts: Parts) -> Result<Arc<Self>, Trouble> {
        let data_key = vault::key(&*parts.vault, vault::DATA_KEY, || {
            // A new key in front of sealed drafts would make them unreadable without a word.
            Store::is_empty_at(&settings.data)
        })?;
        let device_token = vault::key(&*parts.vault, vault::DEVICE_TOKEN, || Ok(true))?;
        let mut actor = [0; 16];
        fill_random(&mut actor)?;
        let store = Store::open(&settings.data, seal::Sealer::new(&data_key), &actor)?;
        let reference = InForce::newest(&store, &settings.region_key);
        // Every start of a stand begins closed.
        let mode = if store.is_stand()? { Mode::Closed } else { Mode::Phone };
        let phone = Self {
            store: Mutex::new(store),
            vault: parts.vault,
            transport: parts.transport,
            clock: parts.clock,
            server: settings.server,
            region_key: settings.region_key,
            data: settings.data,
            device_token: dossier::hexadecimal::text(&*device_token),
            actor,
            reference,
            network: Mutex::default(),
            metered: AtomicBool::default(),
            checker: LazyLock::new(Checker::new),
            workshop: Workshop::open(),
            proof: Mutex::default(),
            seen: Mutex::default(),
            comparison: Mutex::default(),
            link: Mutex::default(),
            stand: Mutex::new(mode),
            bounds: Mutex::default(),
            handover: Mutex::default(),
            round: tokio::sync::Mutex::default(),
            wake: Notify::new(),
            changed: watch::Sender::new(0),
        };
        phone.hold_clock()?;
        Ok(Arc::new(phone))
    }

    /// The only door from screens to engine: a command by name, its arguments and answer as JSON.
    pub async fn answer(self: &Arc<Self>, command: &str, args: Value) -> Result<Value, Trouble> {
        let (phone, command) = (Arc::clone(self), command.to_owned());
        // Commands wait for the disk and the keyring: never on the thread that serves the window.
        if commands::HEAVY.contains(&command.as_str()) {
            let answer = self.workshop.does(move || phone.answer_here(&command, args));
            return answer.await.unwrap_or(Err(Trouble::Storage));
        }
        let answer = tokio::task::spawn_blocking(move || phone.answer_here(&command, args));
        answer.await.unwrap_or(Err(Trouble::Storage))
    }

    /// As [`Phone::answer`], on the thread that asks: for simulations that must go the same way
    /// twice. `sync` waits for the network, and has [`Phone::sync`] in its place.
    pub fn answer_here(&self, command: &str, args: Value) -> Result<Value, Trouble> {
        if !self.mode().answers(command, &args) {
            return Err(Trouble::Closed);
        }
        let answer = commands::run(self, command, args);
        if answer == Err(Trouble::Damaged) {
            self.store().suspect();
        }
        answer
    }

    /// Counts up whenever something changed that a screen may show.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Nobody looks at the app any more, and the system may end it: what is being typed becomes part
    /// of its draft now, which also survives a power cut.
    pub fn rest(&self) -> Result<(), Trouble> {
        self.store().fold_all(&self.actor)
    }

    /// Asks the courier to look at the network now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A thread that panicked mid-transaction left a rolled-back, consistent database.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn network(&self) -> MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reference(&self) -> Result<Arc<Pack>, Trouble> {
        self.reference.pack()
    }

    fn tell_screens(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn bounds(&self) -> MutexGuard<'_, Bounds> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The moment that is reckoned with: the clock's, as far as a stand believes it.
    fn reckoned_ms(&self) -> i64 {
        let bounds = *self.bounds();
        bounds.hold(self.now_ms())
    }

    fn today(&self) -> Date {
        clock::day(self.reckoned_ms())
    }
}

/// Fills `bytes` from the system's randomness.
fn fill_random(bytes: &mut [u8]) -> Result<(), Trouble> {
    getrandom::fill(bytes).map_err(|_| Trouble::Storage)
}
