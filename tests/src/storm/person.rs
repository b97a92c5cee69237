//! Somebody with a phone in a storm: types, deposits, deletes, kills the app, and hopes for network.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use phone::view::SyncView;
use phone::{Phone, Trouble, Vault};
use serde_json::{Value, json};

use super::ground::{DEVICES, Ground};
use super::history::{Deposit, Edit, Shared};
use super::hours::Hours;
use super::judge;
use super::values;
use super::way::{Storm, Way};
use crate::lina;
use crate::power::Dice;
use crate::unplugged::keys::Keys;

/// What people edit: two fields whose conflicts are shown, and three others.
const FIELDS: [&str; 5] = ["family_name", "given_name", "address_line", "residence", "care_of"];
/// Rounds after the storm in which everything must have come to rest.
const ROUNDS: usize = 40;
/// Longer than a deletion can be undone.
const TWO_HOURS_MS: i64 = 2 * 60 * 60 * 1000;

type Round = Pin<Box<dyn Future<Output = Result<SyncView, Trouble>>>>;

/// Somebody, their device, and what they know of it.
pub struct Person {
    /// Whose device.
    pub device: &'static str,
    /// The folder of the phone.
    pub folder: PathBuf,
    /// The folder of the server: only for looking whether « reçu » is true.
    pub server: PathBuf,
    /// The keyring.
    pub keys: Arc<Keys>,
    /// The phone's clock.
    pub hours: Arc<Hours>,
    /// Its way to the server.
    pub way: Arc<Way>,
    /// What this person does next.
    pub dice: Dice,
    /// What happened.
    pub history: Shared,
    /// Whether the storm goes on.
    pub storm: Storm,
    /// How many devices came to rest.
    pub resting: Arc<AtomicUsize>,
    /// Where all began.
    pub ground: &'static Ground,
}

/// A person whose app is open.
struct Awake {
    person: Person,
    phone: Option<Arc<Phone>>,
    /// Whole forms that this person may deposit.
    complete: Vec<String>,
    /// Whole forms that this person deposits, and that another device may have had first.
    ventured: Vec<String>,
    /// Whole forms that this person deletes, and that another device deposits.
    unwanted: Vec<String>,
    /// Drafts that anyone of the space may edit and delete.
    loose: Vec<String>,
    /// What was typed and not yet made part of a draft.
    typed: Vec<Edit>,
    words: usize,
    begun: usize,
}

impl Person {
    /// Lives through the storm and after, until everything has come to rest.
    pub async fn lives(self) -> turmoil::Result {
        let home = self.ground.home_of(self.device);
        let is_first = home.devices[0] == self.device;
        let complete = if is_first { home.complete.clone() } else { Vec::new() };
        let (twice, contested) = (home.twice.clone(), home.contested.clone());
        let (ventured, unwanted) = match is_first {
            true => (twice, contested),
            false => ([twice, contested].concat(), Vec::new()),
        };
        let mut awake = Awake {
            person: self,
            phone: None,
            complete,
            ventured,
            unwanted,
            loose: Vec::new(),
            typed: Vec::new(),
            words: 0,
            begun: 0,
        };
        awake.restarts();
        awake.weathers().await;
        awake.comes_to_rest().await;
        Ok(())
    }
}

impl Awake {
    fn phone(&self) -> Arc<Phone> {
        Arc::clone(self.phone.as_ref().expect("the app is open"))
    }

    fn call(&self, command: &str, args: Value) -> Result<Value, Trouble> {
        self.phone().answer_here(command, args)
    }

    fn tell(&self, what: &str, draft: &str) {
        self.person.history.open().tell_of(self.person.device, what, draft);
    }

    /// Somebody who does one thing after the other, while rounds go on beside it.
    async fn weathers(&mut self) {
        let mut round: Option<Round> = None;
        while self.person.storm.rages() {
            let pause = Duration::from_millis(100 + self.person.dice.below(1_500) as u64);
            let ended = match &mut round {
                Some(going) => tokio::time::timeout(pause, going).await.ok(),
                None => {
                    tokio::time::sleep(pause).await;
                    None
                }
            };
            match ended {
                Some(view) => {
                    round = None;
                    self.looks(&view);
                }
                None => self.acts(&mut round),
            }
        }
        // Whatever is under way is cut off by the end of the app.
        drop(round);
    }

    fn acts(&mut self, round: &mut Option<Round>) {
        let is_stand = self.person.device == super::ground::STAND;
        match self.person.dice.below(100) {
            0..35 if round.is_none() => {
                let phone = self.phone();
                *round = Some(Box::pin(async move { phone.sync().await }));
            }
            0..45 => self.edits(false),
            45..57 => self.edits(true),
            57..69 if is_stand => self.begins(),
            57..60 => self.begins(),
            69..77 => self.deposits(),
            77..81 => self.discards(),
            81..87 => {
                // What was under way is never heard of again.
                *round = None;
                self.restarts();
            }
            87..90 => {
                let by = self.person.dice.below(5) as i64 - 2;
                self.person.hours.turn(by * TWO_HOURS_MS);
            }
            _ => {}
        }
    }

    /// The app is killed and started again: only disk and keyring remain.
    fn restarts(&mut self) {
        self.phone = None;
        let Person { folder, keys, way, hours, ground, .. } = &self.person;
        let phone = ground.open(folder, Arc::clone(keys), way.clone(), Arc::clone(hours));
        self.phone = Some(phone);
        // The start made what was being typed part of its drafts.
        let typed = std::mem::take(&mut self.typed);
        self.person.history.open().edits.extend(typed);
        self.person.history.open().tell(self.person.device, "the app starts");
        self.looks_around();
    }

    /// What a round brought.
    fn looks(&mut self, view: &Result<SyncView, Trouble>) {
        let said = match view {
            Ok(view) => format!("a round ends, {:?}", view.trouble),
            Err(trouble) => format!("a round ends, {trouble}"),
        };
        self.person.history.open().tell(self.person.device, &said);
        self.looks_around();
    }

    /// The list of drafts, without the work of a screen. Whatever is shown as received must be what the server has.
    fn looks_around(&mut self) {
        let listed = judge::listed(&self.person.folder).expect("the phone's drafts");
        self.loose.clear();
        let all = self.person.ground.home_of(self.person.device);
        let whole = all.complete.iter().chain(&all.twice).chain(&all.contested);
        for (draft, state) in listed {
            match state.as_str() {
                "draft" if !whole.clone().any(|it| *it == draft) => self.loose.push(draft),
                "received" => self.sees_received(&draft),
                _ => {}
            }
        }
        // In the order of the names: identifiers are random. What goes on under another id is no
        // person's draft.
        let history = self.person.history.open();
        self.loose.retain(|draft| history.knows(draft));
        self.loose.sort_by_key(|draft| history.name_of(draft).to_owned());
    }

    fn sees_received(&self, draft: &str) {
        let Person { device, folder, server, history, .. } = &self.person;
        let mut history = history.open();
        if history.shown_received.insert((device, draft.to_owned()))
            && let Err(wrong) = judge::received_is_true(folder, server, draft)
        {
            let name = history.name_of(draft).to_owned();
            history.blame(format!("{device} shows {name} as received: {wrong}"));
        }
    }

    fn one_of(&mut self, all: &[String]) -> Option<String> {
        let nth = self.person.dice.below(all.len());
        all.get(nth).cloned()
    }

    /// Types in a field, and leaves it unless `half`.
    fn edits(&mut self, half: bool) {
        let all: Vec<String> = self.complete.iter().chain(&self.loose).cloned().collect();
        let Some(draft) = self.one_of(&all) else { return };
        let field = FIELDS[self.person.dice.below(FIELDS.len())];
        let Some(before) = self.opens(&draft) else { return };
        let edit = Edit {
            draft: draft.clone(),
            field,
            typed: self.word(field),
            device: self.person.device,
            instead_of: shown(&before, field),
        };
        let command = if half { "type_field" } else { "set_field" };
        let answer = self.call(command, lina::set_field(&draft, field, &edit.typed));
        self.tell(&format!("{command} {field} «{}» {}", edit.typed, heard(&answer)), &draft);
        if answer.is_err() {
            return;
        }
        self.typed.retain(|typed| (&typed.draft, typed.field) != (&draft, field));
        if half {
            self.typed.push(edit);
        } else {
            self.person.history.open().edits.push(edit);
        }
    }

    /// The screen of a draft: what was being typed in it becomes part of it.
    fn opens(&mut self, draft: &str) -> Option<Value> {
        let view = self.call("draft", json!({ "draft": draft })).ok()?;
        let (made, rest) =
            std::mem::take(&mut self.typed).into_iter().partition(|typed| typed.draft == draft);
        self.typed = rest;
        let made: Vec<Edit> = made;
        self.person.history.open().edits.extend(made);
        Some(view)
    }

    /// A word that nobody types a second time, and that the form takes.
    fn word(&mut self, field: &str) -> String {
        let who = DEVICES.iter().position(|device| *device == self.person.device).unwrap_or(0);
        let mut number = self.words;
        self.words += 1;
        let mut word = format!("q{}", (b'a' + who as u8) as char);
        for _ in 0..3 {
            word.push((b'a' + (number % 26) as u8) as char);
            number /= 26;
        }
        match field {
            "address_line" => format!("12, rue {word}"),
            "family_name" | "given_name" => format!("Moreau {word}"),
            _ => format!("Mme {word}"),
        }
    }

    fn begins(&mut self) {
        let Ok(view) = self.call("start_draft", json!({})) else { return };
        let draft = view["draft"].as_str().expect("a draft").to_owned();
        if !self.loose.contains(&draft) {
            let name = format!("{}/new{}", self.person.device, self.begun);
            self.begun += 1;
            self.person.history.open().name(&draft, name);
            self.loose.push(draft.clone());
        }
        self.tell("start_draft", &draft);
        let edit = Edit {
            field: "family_name",
            typed: self.word("family_name"),
            device: self.person.device,
            instead_of: shown(&view, "family_name"),
            draft,
        };
        let args = lina::set_field(&edit.draft, edit.field, &edit.typed);
        if self.call("set_field", args).is_ok() {
            self.person.history.open().edits.push(edit);
        }
    }

    fn deposits(&mut self) {
        let all = [&self.complete[..], &self.ventured].concat();
        let Some(draft) = self.one_of(&all) else { return };
        self.opens(&draft);
        // Another phone drew the same number: this happens once in 8·10¹⁴ draws, and here.
        let taken = {
            let history = self.person.history.open();
            let others = history.deposits.iter().filter(|it| it.device != self.person.device);
            let first = others.filter(|it| {
                it.device != super::ground::LINA && it.device != super::ground::TABLET
            });
            first.map(|it| it.number.clone()).next()
        };
        if let Some(taken) = taken
            && !self.ventured.contains(&draft)
            && self.person.dice.below(3) == 0
        {
            self.tell("draws a number that another has, for", &draft);
            let _ = self.person.keys.set(&format!("dossier-number:{draft}"), &taken);
        }
        let answer = self.call("deposit", json!({ "draft": draft }));
        self.tell(&format!("deposit {}", heard(&answer)), &draft);
        if answer.is_ok() {
            self.complete.retain(|it| *it != draft);
            self.ventured.retain(|it| *it != draft);
            let shown = self.call("reveal_number", json!({ "draft": draft })).expect("a number");
            let number = shown["number"].as_str().expect("a number").to_owned();
            let device = self.person.device;
            self.person.history.open().deposits.push(Deposit { draft, device, number });
        }
    }

    fn discards(&mut self) {
        let all = [&self.loose[..], &self.unwanted].concat();
        let Some(draft) = self.one_of(&all) else { return };
        let answer = self.call("discard_draft", json!({ "draft": draft }));
        self.tell(&format!("discard_draft {}", heard(&answer)), &draft);
        if answer.is_err() {
            return;
        }
        if self.person.dice.below(3) == 0 {
            self.call("restore_draft", json!({ "draft": draft })).expect("it is brought back");
            self.tell("restore_draft", &draft);
            return;
        }
        self.typed.retain(|typed| typed.draft != draft);
        self.loose.retain(|it| *it != draft);
        self.unwanted.retain(|it| *it != draft);
        self.person.history.open().discarded.insert(draft);
    }

    /// After the storm: rounds until nothing waits, here and then everywhere.
    async fn comes_to_rest(&mut self) {
        self.restarts();
        let mut last = String::new();
        for _ in 0..ROUNDS {
            let view = self.phone().sync().await;
            self.looks(&view);
            match view {
                Ok(view) if view.pending == 0 && view.trouble.is_none() => break,
                view => last = format!("{view:?}"),
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let quiet = self.phone().sync().await;
        if !matches!(&quiet, Ok(view) if view.pending == 0 && view.trouble.is_none()) {
            let device = self.person.device;
            self.person.history.open().blame(format!("{device} never comes to rest: {last}"));
        }
        self.person.resting.fetch_add(1, Ordering::SeqCst);
        while self.person.resting.load(Ordering::SeqCst) < DEVICES.len() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        for _ in 0..2 {
            let view = self.phone().sync().await;
            self.looks(&view);
        }
        self.phone = None;
    }
}

/// The values that a screen shows for a field: one, or those of a conflict.
fn shown(view: &Value, field: &str) -> Vec<String> {
    let conflicts = view["conflicts"].as_array().into_iter().flatten();
    let disputed = conflicts.filter(|conflict| conflict["field"] == field);
    let written = disputed.flat_map(|it| it["values"].as_array().into_iter().flatten());
    let several = written.filter_map(|it| it["typed"].as_str()).map(str::to_owned);
    let one = values(view).filter(|(name, _)| *name == field).map(|(_, typed)| typed);
    several.chain(one).collect::<BTreeSet<_>>().into_iter().collect()
}

fn heard(answer: &Result<Value, Trouble>) -> String {
    answer.as_ref().map_or_else(Trouble::to_string, |_| "ok".to_owned())
}
