//! Phones and a server in a simulated storm: one seed is one story, and can be told again.
//!
//! The network and the time are simulated (`turmoil`); phones, their stores, the server and its store
//! are the real ones. Everyone runs on one thread, so that the same seed goes the same way.

pub mod flaw;
pub mod ground;
pub mod history;
pub mod hours;
pub mod judge;
mod person;
mod serving;
mod way;
mod weather;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::power::Dice;
use crate::power::disk::{Content, content};
use crate::power::explorer::put;
use crate::unplugged::keys::Keys;
use flaw::Flaw;
use ground::{DEVICES, Ground};
use history::{History, Shared};
use hours::Hours;
use person::Person;
use way::{SERVER, Storm, Way};
use weather::{Happening, Weather};

/// Steps of the simulated time: finer ones cost more and tell nothing new.
const TICK: Duration = Duration::from_millis(20);
/// Everything comes to rest long before.
const LONGEST: Duration = Duration::from_secs(1_800);
/// A wrong clock is up to so many hours wrong.
const OFF_HOURS: usize = 72;

/// What came of a storm.
pub struct Aftermath {
    /// Everything that happened, line by line; the same for the same seed.
    pub story: Vec<String>,
    /// What must not be, in words. Empty when every promise was kept.
    pub wrong: Vec<String>,
    /// How much was promised.
    pub promised: Promised,
}

/// How much was acknowledged in a storm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Promised {
    /// Edits.
    pub edits: usize,
    /// Deposits.
    pub deposits: usize,
    /// Deletions.
    pub deletions: usize,
    /// Conflicts of identity that were shown when all was over.
    pub conflicts: usize,
    /// Numbers that another dossier had, and that were replaced.
    pub replaced: usize,
}

impl Promised {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            edits: self.edits + other.edits,
            deposits: self.deposits + other.deposits,
            deletions: self.deletions + other.deletions,
            conflicts: self.conflicts + other.conflicts,
            replaced: self.replaced + other.replaced,
        }
    }
}

/// Plays the storm of a seed, and judges it.
pub fn play(seed: u64, flaw: Flaw) -> Aftermath {
    let ground = Ground::common();
    let place = Place::laid_out(ground);
    let history = Shared::default();
    begin(ground, &mut history.open());
    let run = run(seed, flaw, ground, &place, &history);
    let mut history = history.open();
    if let Err(trouble) = run {
        history.blame(format!("the simulation ends with {trouble}"));
    }
    let promised = judge::judge(ground, &place, &mut history);
    let (story, wrong) = (std::mem::take(&mut history.story), std::mem::take(&mut history.wrong));
    Aftermath { story, wrong, promised }
}

/// What was promised before the storm.
fn begin(ground: &Ground, history: &mut History) {
    for home in ground.homes() {
        for (draft, name) in &home.names {
            history.name(draft, name.clone());
        }
        history.edits.extend(home.edits.iter().cloned());
        history.deposits.extend(home.deposits.iter().cloned());
    }
}

/// The folders and keyrings of one storm.
pub struct Place {
    folder: TempDir,
    keys: Vec<Arc<Keys>>,
}

impl Place {
    fn laid_out(ground: &Ground) -> Self {
        let place = Self {
            folder: ground::folder(),
            keys: DEVICES.map(|device| Arc::new(ground.home_of(device).keys.copy())).into(),
        };
        put(&ground.server, &place.server());
        for device in DEVICES {
            put(&ground.home_of(device).phone, &place.phone(device));
        }
        place
    }

    /// The folder of the server.
    pub fn server(&self) -> PathBuf {
        self.folder.path().join(SERVER)
    }

    /// The folder of a phone.
    pub fn phone(&self, device: &str) -> PathBuf {
        self.folder.path().join(device)
    }

    /// The keyring of a phone.
    pub fn keys(&self, device: &str) -> Arc<Keys> {
        let at = DEVICES.iter().position(|it| *it == device).unwrap_or(0);
        Arc::clone(&self.keys[at])
    }
}

fn run(
    seed: u64,
    flaw: Flaw,
    ground: &'static Ground,
    place: &Place,
    history: &Shared,
) -> turmoil::Result {
    let mut dice = Dice::new(&[seed]);
    let weather = Weather::drawn(&mut dice);
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(TICK)
        .simulation_duration(LONGEST)
        .min_message_latency(Duration::from_millis(1))
        .max_message_latency(weather.slowest)
        .fail_rate(weather.broken as f64 / 1_000.0)
        .repair_rate(0.1)
        .tcp_capacity(1_024)
        .enable_random_order()
        .build();
    let storm = Storm::begins();
    let fate = dice.below(1 << 40) as u64;
    let (folder, raging) = (place.server(), storm.clone());
    sim.host(SERVER, move || serving::serves(folder.clone(), ground, fate, raging.clone()));
    let resting = Arc::new(AtomicUsize::new(0));
    for (nth, device) in DEVICES.into_iter().enumerate() {
        let nth = nth as u64;
        let off = (dice.below(2 * OFF_HOURS) as i64 - OFF_HOURS as i64) * 3_600_000;
        let luck = Dice::new(&[seed, 1, nth]);
        let person = Person {
            device,
            folder: place.phone(device),
            server: place.server(),
            keys: place.keys(device),
            hours: Arc::new(Hours::off_by(off)),
            way: Arc::new(Way::of(device, storm.clone(), luck, history.clone(), flaw)),
            dice: Dice::new(&[seed, 2, nth]),
            history: history.clone(),
            storm: storm.clone(),
            resting: Arc::clone(&resting),
            ground,
        };
        sim.client(device, person.lives());
    }
    let mut sky = Sky { weather, place, history, flaw, copy: None };
    while storm.rages() {
        if sim.elapsed() >= sky.weather.ends {
            sky.clears(&mut sim);
            storm.ends();
        }
        sky.passes(&mut sim);
        if sim.step()? {
            return Ok(());
        }
    }
    sim.run()
}

/// What passes over a network while it runs.
struct Sky<'a> {
    weather: Weather,
    place: &'a Place,
    history: &'a Shared,
    flaw: Flaw,
    copy: Option<Content>,
}

impl Sky<'_> {
    /// What is due happens.
    fn passes(&mut self, sim: &mut turmoil::Sim<'_>) {
        let due = self.weather.happenings.iter().take_while(|(at, _)| *at <= sim.elapsed()).count();
        let due: VecDeque<_> = self.weather.happenings.drain(..due).collect();
        for (_, happening) in due {
            self.history.open().tell_at(sim.elapsed(), "weather", &format!("{happening:?}"));
            match happening {
                Happening::Crash => {
                    sim.crash(SERVER);
                    self.starts_from_its_copy();
                    self.looks_at_the_received();
                }
                Happening::Bounce => sim.bounce(SERVER),
                Happening::Cut(device) => sim.partition(SERVER, device),
                Happening::Hold(device) => sim.hold(SERVER, device),
                Happening::Mend(device) => sim.release(SERVER, device),
                Happening::Copy => self.copy = content(&self.place.server()).ok(),
            }
        }
    }

    /// The flaw of a server that comes back older than it was.
    fn starts_from_its_copy(&mut self) {
        if self.flaw == Flaw::OldCopy
            && let Some(copy) = &self.copy
        {
            put(copy, &self.place.server());
        }
    }

    /// What was shown as received is on the disk of a server that just ended.
    fn looks_at_the_received(&self) {
        let mut history = self.history.open();
        for (device, draft) in history.shown_received.clone() {
            let (folder, server) = (self.place.phone(device), self.place.server());
            if let Err(wrong) = judge::received_is_true(&folder, &server, &draft) {
                let name = history.name_of(&draft).to_owned();
                history.blame(format!("after a crash, {device} shows {name} as received: {wrong}"));
            }
        }
    }

    /// The storm is over: every way is whole, and the server runs.
    fn clears(&mut self, sim: &mut turmoil::Sim<'_>) {
        self.history.open().tell_at(sim.elapsed(), "weather", "clears");
        self.weather.happenings.clear();
        sim.set_fail_rate(0.0);
        sim.set_max_message_latency(Duration::from_millis(20));
        for device in DEVICES {
            sim.release(SERVER, device);
        }
        sim.bounce(SERVER);
    }
}

/// The drafts of the first screen, each with its state.
fn drafts(home: &Value) -> impl Iterator<Item = (&str, &str)> {
    let drafts = home["drafts"].as_array().into_iter().flatten();
    drafts.filter_map(|draft| Some((draft["draft"].as_str()?, draft["state"].as_str()?)))
}

/// The answers of a screen.
fn values(view: &Value) -> impl Iterator<Item = (&str, String)> {
    let values = view["values"].as_object().into_iter().flatten();
    values.filter_map(|(field, typed)| Some((field.as_str(), typed.as_str()?.to_owned())))
}

/// The name of a field, for as long as anyone likes.
fn field(name: &str) -> &'static str {
    let field = dossier::form::Field::ALL.iter().find(|field| field.as_str() == name);
    field.map_or("", |field| field.as_str())
}

/// What one query says of a database.
fn rows<T>(
    database: &Path,
    query: &str,
    values: &[&dyn rusqlite::ToSql],
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let database = rusqlite::Connection::open(database)?;
    let mut statement = database.prepare(query)?;
    statement.query_map(values, read)?.collect()
}
