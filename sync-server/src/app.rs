//! What every request shares: store, keys, reference, clock.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dossier::signed::RegionKey;
use portrait::Checker;
use time::Date;

use crate::aside::Aside;
use crate::clock::{self, Clock};
use crate::config::{Database, PhotoPlace};
use crate::health::Readiness;
use crate::heavy::Heavy;
use crate::keys::{self, Keys};
use crate::mail::{MailServer, Post};
use crate::metrics::Metrics;
use crate::passwords::Passwords;
use crate::reference::{InForce, texts_in_force};
use crate::store::desk::Role;
use crate::store::export::Telling;
use crate::store::photo::Photos;
use crate::store::pokes::Pokes;
use crate::store::{self, Store};
use crate::throttle::{Doors, Throttle};
use crate::well_known::Apps;

/// By default the bytes of an envelope are kept a month: until then a person may still ask what a
/// stand had sealed.
pub(crate) const ENVELOPE_DAYS: u32 = 30;
const DAY_MS: i64 = 86_400_000;
/// The account of the desk that is made at the very first start.
const FIRST_REVIEWER: &str = "reviewer";
/// 32 symbols that are not mistaken for each other: a random byte picks one without bias.
const PASSWORD_SYMBOLS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 20 symbols of 5 bits: 100 bits.
const PASSWORD_LENGTH: usize = 20;

/// An open server. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] holds, for the rest of the server.
pub struct Parts {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) photos: Arc<dyn Photos>,
    pub(crate) pokes: Pokes,
    pub(crate) aside: Aside,
    pub(crate) keys: Keys,
    pub(crate) reference: InForce,
    pub(crate) heavy: Heavy,
    pub(crate) checker: Arc<Checker>,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) doors: Doors,
    pub(crate) post: Post,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Readiness,
    pub(crate) public_url: OnceLock<String>,
    pub(crate) automerge: bool,
    pub(crate) apps: Apps,
    /// How long the bytes of an envelope that became a dossier are kept.
    pub(crate) envelopes_kept_ms: i64,
    clock: Arc<dyn Clock>,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What only the first start can tell.
#[derive(Debug, Clone, Default)]
pub struct FirstStart {
    /// The account that was just made. Its password is kept nowhere else.
    pub desk_account: Option<DeskAccount>,
}

/// A name and a password for the desk.
#[derive(Clone)]
pub struct DeskAccount {
    /// What the reviewer types as their name.
    pub name: String,
    /// What the reviewer types as their password.
    pub password: String,
}

/// Without the password, so that no log carries it by accident.
impl std::fmt::Debug for DeskAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeskAccount({})", self.name)
    }
}

/// How a server is opened, where [`App::open`] does not fit.
pub struct Setup {
    data: PathBuf,
    database: Option<Database>,
    photos: PhotoPlace,
    clock: Arc<dyn Clock>,
    checker: Option<Arc<Checker>>,
    inline: bool,
    automerge: bool,
    mail: Option<MailServer>,
    apps: Apps,
    envelope_days: u32,
}

impl Setup {
    /// Everything under `data`, as [`App::open`] has it.
    pub fn new(data: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            data: data.to_owned(),
            database: None,
            photos: PhotoPlace::File,
            clock,
            checker: None,
            inline: false,
            automerge: false,
            mail: None,
            apps: Apps::default(),
            envelope_days: ENVELOPE_DAYS,
        }
    }

    /// Holds the dossiers in a database that several servers may share.
    #[must_use]
    pub fn database(self, database: Option<Database>) -> Self {
        Self { database, ..self }
    }

    /// Keeps the photos elsewhere than in a file under `data`.
    #[must_use]
    pub fn photos(self, photos: PhotoPlace) -> Self {
        Self { photos, ..self }
    }

    /// Shares a photo checker between servers: its nets take long to load.
    #[must_use]
    pub fn checker(self, checker: Arc<Checker>) -> Self {
        Self { checker: Some(checker), ..self }
    }

    /// Starts no thread: all work is done by whoever asks, in the order of asking. For simulations
    /// that must go the same way twice; a server that serves people would stand still.
    #[must_use]
    pub fn inline(self) -> Self {
        Self { inline: true, ..self }
    }

    /// Whether programs that speak automerge's own protocol are let in, each with a ticket.
    #[must_use]
    pub fn automerge(self, automerge: bool) -> Self {
        Self { automerge, ..self }
    }

    /// Sends mails through this server; without one they wait.
    #[must_use]
    pub fn mail(self, mail: Option<MailServer>) -> Self {
        Self { mail, ..self }
    }

    /// The apps that may open the links of mails.
    #[must_use]
    pub fn apps(self, apps: Apps) -> Self {
        Self { apps, ..self }
    }

    /// How many days the bytes of an envelope that became a dossier are kept.
    #[must_use]
    pub fn envelope_days(self, envelope_days: u32) -> Self {
        Self { envelope_days, ..self }
    }

    /// Opens the server, and makes what the first start must make.
    pub fn open(self) -> anyhow::Result<(App, FirstStart)> {
        App::open_with(self)
    }
}

impl App {
    /// Opens the server whose everything is under `data`, and makes what the first start must make.
    pub fn open(data: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<(Self, FirstStart)> {
        Setup::new(data, clock).open()
    }

    fn open_with(setup: Setup) -> anyhow::Result<(Self, FirstStart)> {
        let Setup { data, database, photos, clock, checker, inline, automerge, mail, .. } = setup;
        keys::private_folder(&data)?;
        let keys = Keys::open(&data)?;
        let (store, pokes) = store::open(&data, database.as_ref(), inline)?;
        let aside = if inline { Aside::Inline } else { Aside::Threads };
        let heavy = Heavy::new(aside);
        let passwords = Passwords::new(heavy.clone())?;
        let desk_account = first_reviewer(&*store, &passwords)?;
        let parts = Parts {
            reference: InForce::open(store.write_now(texts_in_force)?, keys.root())?,
            metrics: Metrics::new(store.commits()),
            store,
            photos: store::photo::open(&data, &photos, inline)?,
            pokes,
            aside,
            keys,
            heavy,
            checker: checker.unwrap_or_else(|| Arc::new(Checker::new())),
            passwords,
            throttle: Throttle::default(),
            doors: Doors::default(),
            post: Post::new(mail),
            readiness: Readiness::default(),
            public_url: OnceLock::new(),
            automerge,
            apps: setup.apps,
            envelopes_kept_ms: i64::from(setup.envelope_days) * DAY_MS,
            clock,
        };
        Ok((Self(Arc::new(parts)), FirstStart { desk_account }))
    }

    /// Tells under which address (`https://…`) people reach the server, behind a TLS proxy.
    pub fn published_at(&self, url: &str) {
        let _ = self.0.public_url.set(url.trim_end_matches('/').to_owned());
    }

    /// Tells where the links of mails begin, when that is not the address of [`App::published_at`].
    pub fn links_begin_with(&self, url: &str) {
        self.post.links_begin_with(url);
    }

    /// Sends the mails that are due now, once; for whoever turns the clock by hand.
    pub async fn send_due_mail(&self) {
        if let Err(failure) = self.deliver_mail().await {
            failure.log();
        }
    }

    /// Erases the photos that nothing names any more; for the start, beside serving.
    pub async fn erase_leftover_photos(&self) {
        if let Err(failure) = store::photo::erase_leftover(self).await {
            failure.log();
        }
    }

    /// The public key that phones pin.
    pub fn region_key(&self) -> RegionKey {
        RegionKey::from(self.keys.root())
    }
}

impl Parts {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Where phones and tablets reach this server, as far as it was told.
    pub(crate) fn address(&self) -> String {
        let public = self.public_url.get().map(String::as_str);
        public.or_else(|| self.post.links()).unwrap_or_default().to_owned()
    }

    /// What is needed to tell where a dossier stands.
    pub(crate) fn telling(&self) -> Telling {
        Telling { keys: self.keys.clone(), pack: Arc::clone(&self.reference.now().pack) }
    }

    /// The day of today, in UTC: seasons and ages change at most two hours late.
    pub(crate) fn today(&self) -> Date {
        clock::day(self.now_ms())
    }
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A password that nobody chose.
pub(crate) fn random_password() -> anyhow::Result<String> {
    let symbol = |byte: u8| PASSWORD_SYMBOLS.get(usize::from(byte % 32)).map(|b| char::from(*b));
    Ok(random::<PASSWORD_LENGTH>()?.into_iter().filter_map(symbol).collect())
}

fn first_reviewer(store: &dyn Store, passwords: &Passwords) -> anyhow::Result<Option<DeskAccount>> {
    if !store.write_now(store::desk::has_nobody)? {
        return Ok(None);
    }
    let password = random_password()?;
    let hash = passwords.hash_now(&password)?;
    // Asked again: two servers may start on one database.
    let made = store.write_now(move |db| {
        let first = store::desk::has_nobody(db)?;
        if first {
            store::desk::add(db, FIRST_REVIEWER, &hash, Role::Reviewer)?;
        }
        Ok(first)
    })?;
    Ok(made.then(|| DeskAccount { name: FIRST_REVIEWER.to_owned(), password }))
}
