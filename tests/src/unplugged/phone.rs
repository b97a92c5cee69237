//! A phone that is unplugged: everything that its app ever writes, step by step.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use phone::transport::{Answered, Asked, NoAnswer, Transport};
use phone::{Parts, Phone, Settings, Vault, clock};
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use super::keys::Keys;
use super::{Teller, is_allowed};
use crate::power::explorer::Witness;
use crate::{lina, picture};

/// Some key of a Region that is never asked: there is no network in this story.
const REGION_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

struct NoNetwork;

#[async_trait]
impl Transport for NoNetwork {
    async fn send(&self, _: Asked) -> Result<Answered, NoAnswer> {
        Err(NoAnswer)
    }
}

/// An app that runs, and whoever taps on it.
pub struct Hand {
    data: PathBuf,
    keys: Arc<dyn Vault>,
    region_key: String,
    runtime: Runtime,
    phone: Option<Arc<Phone>>,
}

impl Hand {
    /// Opens the app on its data.
    pub fn opens(data: &Path, keys: Arc<dyn Vault>) -> Result<Self, String> {
        Self::of_region(data, keys, REGION_KEY)
    }

    /// Opens the app of this Region on its data.
    pub fn of_region(data: &Path, keys: Arc<dyn Vault>, region_key: &str) -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let region_key = region_key.to_owned();
        let mut hand = Self { data: data.to_owned(), keys, region_key, runtime, phone: None };
        hand.restarts()?;
        Ok(hand)
    }

    /// Closes the app, and opens it again.
    pub fn restarts(&mut self) -> Result<(), String> {
        self.phone = None;
        let settings = Settings::new(self.data.clone(), "http://127.0.0.1:1", &self.region_key);
        let settings = settings.map_err(|error| error.to_string())?;
        let (vault, clock) = (Arc::clone(&self.keys), Arc::new(clock::System));
        let parts = Parts { vault, transport: Arc::new(NoNetwork), clock };
        // On the thread of the commands: calls to the disk are counted by thread when they shall fail.
        let opening = self.runtime.spawn_blocking(|| Phone::assemble(settings, parts));
        let phone = self.runtime.block_on(opening).map_err(|error| error.to_string())?;
        self.phone = Some(phone.map_err(|trouble| format!("does not open: {trouble}"))?);
        Ok(())
    }

    /// One command, as a screen would call it.
    pub fn does(&self, command: &str, args: Value) -> Result<Value, String> {
        let phone = self.phone.as_ref().ok_or("closed")?;
        let answer = self.runtime.block_on(phone.answer(command, args));
        answer.map_err(|trouble| format!("{command}: {trouble}"))
    }

    /// Everything that the screens show of what was typed, chosen and deposited.
    pub fn sees(&self) -> Result<String, String> {
        let home = self.does("home", json!({}))?;
        if home["mended"] == true {
            return Err("the database was damaged".to_owned());
        }
        let mut drafts = Vec::new();
        for summary in home["drafts"].as_array().ok_or("no list")? {
            let one = json!({ "draft": summary["draft"] });
            if summary["damaged"] == true {
                return Err(format!("{} is damaged", summary["draft"]));
            }
            let view = self.does("draft", one.clone())?;
            // What it is, and not only what it is said to be.
            let photo = match &view["photo"] {
                Value::Null => Value::Null,
                photo => {
                    let jpeg =
                        self.does("photo", one)?["jpeg"].as_str().map(|it| BASE64.decode(it));
                    let jpeg = jpeg.and_then(Result::ok).ok_or("a photo that is no base64")?;
                    json!([photo["sha256"], dossier::hexadecimal::text(&Sha256::digest(&jpeg))])
                }
            };
            let mut number = Value::Null;
            if !view["deposit"].is_null() {
                let one = json!({ "draft": summary["draft"] });
                number = self.does("reveal_number", one).unwrap_or_default();
            }
            let values: serde_json::Map<String, Value> = view["values"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, typed)| typed.as_str() != Some(""))
                .map(|(field, typed)| (field.clone(), typed.clone()))
                .collect();
            drafts.push(json!({
                "draft": view["draft"], "state": view["state"], "values": values, "photo": photo,
                "password": view["password_kept"], "number": number,
            }));
        }
        drafts.sort_by_key(|draft| draft["draft"].to_string());
        Ok(Value::from(drafts).to_string())
    }
}

/// Plays the story of a phone, from the first start to the deposit.
pub fn story(data: &Path) -> Result<(), String> {
    let mut play = Play::begins(data, Keys::aloud())?;
    // A draft that is deleted, and erased by the next start.
    let noe = play.starts()?;
    play.sets(&noe, "given_name", "Noé")?;
    play.types(&noe, "family_name", "Martin")?;
    play.step(|hand| hand.does("discard_draft", json!({ "draft": noe })).map(drop))?;
    play.step(Hand::restarts)?;
    // One that is filled, corrected, given a photo and then another, and deposited.
    let lina = play.starts()?;
    play.step(|hand| {
        let charter = hand.does("charter", json!({}))?;
        let accepted = json!({ "draft": lina, "version": charter["version"] });
        hand.does("accept_charter", accepted).map(drop)
    })?;
    for (field, typed) in lina::answers() {
        if field == "email" {
            play.types(&lina, field, typed)?;
        }
        play.sets(&lina, field, typed)?;
    }
    play.sets(&lina, "given_name", "Line")?;
    play.sets(&lina, "given_name", "Lina")?;
    play.step(|hand| {
        let (typed, confirmation) = (lina::PASSWORD, lina::PASSWORD);
        let chosen = json!({ "draft": lina, "typed": typed, "confirmation": confirmation });
        hand.does("set_password", chosen).map(drop)
    })?;
    for closer in [1.0, 0.98] {
        play.step(|hand| photo(hand, &lina, closer))?;
    }
    play.step(Hand::restarts)?;
    play.step(|hand| hand.does("deposit", json!({ "draft": lina })).map(drop))?;
    play.step(Hand::restarts)
}

/// Plays the first start of a new app on what a former one left: its schema is brought up to date.
pub fn migration(data: &Path) -> Result<(), String> {
    let keys = Keys::aloud();
    keys.set(PAST_KEY.0, PAST_KEY.1).map_err(|error| error.to_string())?;
    Play::begins(data, keys)?.step(Hand::restarts)
}

/// A phone that is played with.
struct Play {
    hand: Hand,
    teller: Teller,
    /// What was last told to be shown.
    shown: Value,
}

impl Play {
    fn begins(data: &Path, keys: Keys) -> Result<Self, String> {
        let hand = Hand::opens(data, Arc::new(keys))?;
        let mut play = Self { hand, teller: Teller::default(), shown: Value::Null };
        play.promises()?;
        Ok(play)
    }

    fn promises(&mut self) -> Result<(), String> {
        let seen = self.hand.sees()?;
        self.teller.promises(&seen);
        self.shown = serde_json::from_str(&seen).map_err(|error| error.to_string())?;
        Ok(())
    }

    /// One step; what the phone then shows is promised.
    fn step(&mut self, work: impl FnOnce(&mut Hand) -> Result<(), String>) -> Result<(), String> {
        self.teller.asks();
        work(&mut self.hand)?;
        self.promises()
    }

    fn starts(&mut self) -> Result<String, String> {
        let mut draft = String::new();
        self.step(|hand| {
            let view = hand.does("start_draft", json!({}))?;
            draft = view["draft"].as_str().unwrap_or_default().to_owned();
            Ok(())
        })?;
        Ok(draft)
    }

    fn sets(&mut self, draft: &str, field: &str, typed: &str) -> Result<(), String> {
        self.step(|hand| hand.does("set_field", lina::set_field(draft, field, typed)).map(drop))
    }

    /// Types a text key by key. To look at it would make it power-safe: it is known what it says.
    fn types(&mut self, draft: &str, field: &str, text: &str) -> Result<(), String> {
        for at in 1..=text.len().min(4) {
            self.teller.asks();
            let typed = &text[..at];
            self.hand.does("type_field", lina::set_field(draft, field, typed))?;
            let mut drafts = self.shown.as_array_mut().into_iter().flatten();
            let line = drafts.find(|line| line["draft"] == draft).ok_or("no such draft")?;
            line["values"][field] = json!(typed);
            self.teller.hopes(&self.shown.to_string());
        }
        Ok(())
    }
}

/// Opens a picture that keeps every rule, and keeps it in a framing of its own.
pub fn photo(hand: &Hand, draft: &str, closer: f64) -> Result<(), String> {
    let open = json!({ "draft": draft, "picture": BASE64.encode(picture::good()) });
    let mut framing = hand.does("open_picture", open)?["framed"]["framing"].clone();
    let height = framing["height"].as_f64().ok_or("no framing")?;
    framing["height"] = json!(height * closer);
    hand.does("keep_picture", lina::keep_picture(draft, &framing)).map(drop)
}

/// Opens the app as it is opened after a crash, and closes it again.
pub fn reopen(data: &Path, keys: Keys) -> Result<String, String> {
    Hand::opens(data, Arc::new(keys))?.sees()
}

/// The key that sealed the databases of `migrations/past`, as a keyring is told of it.
pub(super) const PAST_KEY: (&str, &str) =
    ("data-key", "0101010101010101010101010101010101010101010101010101010101010101");

/// Whoever takes the phone out of their pocket when the power is back.
#[derive(Default)]
pub struct Owner {
    has_past: bool,
}

impl Owner {
    /// One whose phone was used long before the story began.
    pub fn of_a_former_app() -> Self {
        Self { has_past: true }
    }
}

impl Witness for Owner {
    fn look(&self, folder: &Path, said: &[String]) -> Result<String, String> {
        let keys = Keys::from_lines(said.iter().map(String::as_str));
        if self.has_past {
            keys.set(PAST_KEY.0, PAST_KEY.1).map_err(|error| error.to_string())?;
        }
        let seen = reopen(folder, keys)?;
        are_sound(folder)?;
        Ok(seen)
    }

    fn allows(&self, seen: &str, said: &[String], to_come: &[String]) -> bool {
        is_allowed(seen, said, to_come)
    }
}

/// Every database of a folder passes SQLite's own examination.
pub fn are_sound(folder: &Path) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_none_or(|ending| ending != "sqlite") {
            continue;
        }
        let examined = Connection::open(&path).and_then(|database| {
            database.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0))
        });
        match examined.as_deref() {
            Ok("ok") => {}
            Ok(fault) => return Err(format!("{}: {fault}", path.display())),
            Err(error) => return Err(format!("{}: {error}", path.display())),
        }
    }
    Ok(())
}
