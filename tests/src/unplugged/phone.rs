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
    runtime: Runtime,
    phone: Option<Arc<Phone>>,
}

impl Hand {
    /// Opens the app on its data.
    pub fn opens(data: &Path, keys: Arc<dyn Vault>) -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let mut hand = Self { data: data.to_owned(), keys, runtime, phone: None };
        hand.restarts()?;
        Ok(hand)
    }

    /// Closes the app, and opens it again.
    pub fn restarts(&mut self) -> Result<(), String> {
        self.phone = None;
        let settings = Settings::new(self.data.clone(), "http://127.0.0.1:1", REGION_KEY);
        let settings = settings.map_err(|error| error.to_string())?;
        let (vault, clock) = (Arc::clone(&self.keys), Arc::new(clock::System));
        let parts = Parts { vault, transport: Arc::new(NoNetwork), clock };
        let phone = Phone::assemble(settings, parts);
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
        let mut drafts = Vec::new();
        for summary in home["drafts"].as_array().ok_or("no list")? {
            let one = json!({ "draft": summary["draft"] });
            let view = self.does("draft", one.clone())?;
            let jpeg = match &view["photo"] {
                Value::Null => String::new(),
                photo => {
                    let jpeg =
                        self.does("photo", one)?["jpeg"].as_str().unwrap_or_default().to_owned();
                    let jpeg = BASE64.decode(jpeg).map_err(|_| "a photo that is no base64")?;
                    let hash = dossier::hexadecimal::text(&Sha256::digest(&jpeg));
                    if photo["sha256"] != hash.as_str() {
                        return Err("a photo is not whole".to_owned());
                    }
                    hash
                }
            };
            let mut number = Value::Null;
            if !view["deposit"].is_null() {
                number = self.does("reveal_number", json!({ "draft": summary["draft"] }))?;
            }
            let values: serde_json::Map<String, Value> = view["values"]
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, typed)| typed.as_str() != Some(""))
                .map(|(field, typed)| (field.clone(), typed.clone()))
                .collect();
            drafts.push(json!({
                "draft": view["draft"], "state": view["state"], "values": values, "photo": jpeg,
                "password": view["password_kept"], "number": number,
            }));
        }
        drafts.sort_by_key(|draft| draft["draft"].to_string());
        Ok(Value::from(drafts).to_string())
    }
}

/// Plays the story of a phone, from the first start to the second deposit.
pub fn story(data: &Path) -> Result<(), String> {
    let mut teller = Teller::default();
    let mut hand = Hand::opens(data, Arc::new(Keys::aloud()))?;
    teller.promises(&hand.sees()?);
    let mut step = |hand: &mut Hand, work: &dyn Fn(&mut Hand) -> Result<(), String>| {
        teller.asks();
        work(hand)?;
        teller.promises(&hand.sees()?);
        Ok::<(), String>(())
    };

    let draft = std::cell::RefCell::new(String::new());
    let fresh = |hand: &mut Hand| {
        let view = hand.does("start_draft", json!({}))?;
        *draft.borrow_mut() = view["draft"].as_str().unwrap_or_default().to_owned();
        Ok(())
    };
    let first = |hand: &mut Hand, field: &str, typed: &str| {
        hand.does("set_field", lina::set_field(&draft.borrow(), field, typed)).map(drop)
    };
    // A draft that is deleted, and erased by the next start.
    step(&mut hand, &fresh)?;
    step(&mut hand, &|hand| first(hand, "given_name", "Noé"))?;
    step(&mut hand, &|hand| first(hand, "family_name", "Martin"))?;
    step(&mut hand, &|hand| {
        hand.does("discard_draft", json!({ "draft": *draft.borrow() })).map(drop)
    })?;
    step(&mut hand, &Hand::restarts)?;
    // One that is filled, corrected, given a photo and then another, and deposited.
    step(&mut hand, &fresh)?;
    step(&mut hand, &|hand| {
        let charter = hand.does("charter", json!({}))?;
        let accepted = json!({ "draft": *draft.borrow(), "version": charter["version"] });
        hand.does("accept_charter", accepted).map(drop)
    })?;
    for (field, typed) in lina::answers() {
        step(&mut hand, &|hand| first(hand, field, typed))?;
    }
    step(&mut hand, &|hand| first(hand, "given_name", "Line"))?;
    step(&mut hand, &|hand| first(hand, "given_name", "Lina"))?;
    step(&mut hand, &|hand| {
        let twice = (lina::PASSWORD, lina::PASSWORD);
        let chosen = json!({ "draft": *draft.borrow(), "typed": twice.0, "confirmation": twice.1 });
        hand.does("set_password", chosen).map(drop)
    })?;
    for closer in [1.0, 0.98] {
        step(&mut hand, &|hand| photo(hand, &draft.borrow(), closer))?;
    }
    step(&mut hand, &Hand::restarts)?;
    step(&mut hand, &|hand| hand.does("deposit", json!({ "draft": *draft.borrow() })).map(drop))?;
    step(&mut hand, &Hand::restarts)
}

/// Opens a picture that keeps every rule, and keeps it in a framing of its own.
fn photo(hand: &mut Hand, draft: &str, closer: f64) -> Result<(), String> {
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

/// Whoever takes the phone out of their pocket when the power is back.
pub struct Owner;

impl Witness for Owner {
    fn look(&self, folder: &Path, said: &[String]) -> Result<String, String> {
        let keys = Keys::from_lines(said.iter().map(String::as_str));
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
