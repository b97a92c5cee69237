//! What every request shares: store, signing key, reference, clock.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use dossier::signed::{RegionKey, SigningKey};
use portrait::Checker;
use time::Date;

use crate::clock::{self, Clock};
use crate::heavy::Heavy;
use crate::keys;
use crate::passwords::Passwords;
use crate::reference::{InForce, texts_in_force};
use crate::store::{self, Store};
use crate::throttle::Throttle;

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
    pub(crate) store: Store,
    pub(crate) key: SigningKey,
    pub(crate) reference: InForce,
    pub(crate) heavy: Heavy,
    pub(crate) checker: Arc<Checker>,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) public_url: OnceLock<String>,
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

impl App {
    /// Opens the server whose everything is under `data`, and makes what the first start must make.
    pub fn open(data: &Path, clock: Arc<dyn Clock>) -> anyhow::Result<(Self, FirstStart)> {
        keys::private_folder(data)?;
        let key = keys::region_key(data)?;
        let store = Store::open(data)?;
        let heavy = Heavy::new();
        let passwords = Passwords::new(heavy.clone())?;
        let desk_account = first_reviewer(&store, &passwords)?;
        let parts = Parts {
            reference: InForce::open(store.write_now(|db| texts_in_force(db))?, &key)?,
            store,
            key,
            heavy,
            checker: Arc::new(Checker::new()),
            passwords,
            throttle: Throttle::default(),
            public_url: OnceLock::new(),
            clock,
        };
        Ok((Self(Arc::new(parts)), FirstStart { desk_account }))
    }

    /// Tells under which address (`https://…`) people reach the server, behind a TLS proxy.
    pub fn published_at(&self, url: &str) {
        let _ = self.0.public_url.set(url.trim_end_matches('/').to_owned());
    }

    /// The public key that phones pin.
    pub fn region_key(&self) -> RegionKey {
        RegionKey::from(&self.key)
    }
}

impl Parts {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
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

fn first_reviewer(store: &Store, passwords: &Passwords) -> anyhow::Result<Option<DeskAccount>> {
    let symbol = |byte: u8| PASSWORD_SYMBOLS.get(usize::from(byte % 32)).map(|b| char::from(*b));
    let password: String = random::<PASSWORD_LENGTH>()?.into_iter().filter_map(symbol).collect();
    let made = store.write_now(|db| {
        let first = store::desk::has_nobody(db)?;
        if first {
            store::desk::add(db, FIRST_REVIEWER, &passwords.hash_now(&password)?)?;
        }
        Ok(first)
    })?;
    Ok(made.then(|| DeskAccount { name: FIRST_REVIEWER.to_owned(), password }))
}
