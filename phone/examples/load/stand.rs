//! The real phone, of somebody at a stand: it fills, goes without network, and catches up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use dossier::document::{Draft, guard};
use dossier::form::Field;
use phone::transport::{Answered, Asked, Http, NoAnswer, Transport};
use phone::vault::{NoKeyring, Vault};
use phone::{Parts, Phone, Settings};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Options;
use crate::device::Device;
use crate::drafts::{Drafts, identifier, random};
use crate::many::share;

const SYNC: &str = "/v1/sync";
/// The entry of the phone's own token: another phone of the same space holds it, too.
const TOKEN: &str = "device-token";
const SECRETS: &str = "secrets.json";
/// Who writes on that other phone, and on it later.
const OTHER: u64 = 1 << 31;
const LATER: u64 = OTHER + 1;
const BATCH: usize = 500;

/// Secrets in a file: no keyring here, and nobody's data.
struct Drawer(PathBuf, Mutex<BTreeMap<String, String>>);

impl Vault for Drawer {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        let secrets = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        let mut secrets = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(entry.to_owned(), secret.to_owned());
        let text = serde_json::to_vec(&*secrets).map_err(|_| NoKeyring)?;
        std::fs::write(&self.0, text).map_err(|_| NoKeyring)
    }
}

/// The phone's own way to the server, which remembers what went over it.
struct Watched {
    way: Http,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When the last exchange of drafts was answered, and when the next other request left.
    answered: Option<Instant>,
    done: Option<Instant>,
    requests: usize,
}

impl Watched {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for Watched {
    async fn send(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        let exchange = asked.path == SYNC;
        {
            let mut seen = self.seen();
            seen.requests += 1;
            if exchange {
                seen.done = None;
            } else if seen.answered.is_some() {
                seen.done.get_or_insert_with(Instant::now);
            }
        }
        let answered = self.way.send(asked).await;
        if exchange {
            self.seen().answered = Some(Instant::now());
        }
        answered
    }
}

fn open(options: &Options) -> anyhow::Result<(Arc<Phone>, Arc<Watched>)> {
    std::fs::create_dir_all(&options.folder)?;
    let secrets = options.folder.join(SECRETS);
    let kept = std::fs::read(&secrets).ok().and_then(|it| serde_json::from_slice(&it).ok());
    let vault = Arc::new(Drawer(secrets, Mutex::new(kept.unwrap_or_default())));
    let address = if options.address.is_empty() { "http://127.0.0.1:9" } else { &options.address };
    let settings = Settings::new(options.folder.join("phone"), address, &options.region_key)?;
    let way = Http::new(address.parse()?);
    let watched = Arc::new(Watched { way, seen: Mutex::default() });
    let clock = Arc::new(phone::clock::System);
    let transport = Arc::clone(&watched) as Arc<dyn Transport>;
    let phone = Phone::assemble(settings, Parts { vault, transport, clock })?;
    Ok((phone, watched))
}

/// A phone that has all drafts of its space, which another device wrote.
#[tokio::main]
pub(crate) async fn prepare(options: &Options) -> anyhow::Result<Value> {
    let (phone, _) = open(options)?;
    phone.answer("sync", json!({})).await?;
    let mut other = other(options)?;
    let drafts = Drafts::read(options.count)?;
    let written = (0..options.count as u64).map(|n| drafts.written(n, OTHER));
    let written = written.collect::<anyhow::Result<Vec<_>>>()?;
    for batch in written.chunks(BATCH) {
        other.sync(batch)?;
    }
    phone.answer("sync", json!({})).await?;
    Ok(json!({}))
}

/// Another device changes the last drafts.
pub(crate) fn elsewhere(options: &Options) -> anyhow::Result<Value> {
    let mut other = other(options)?;
    let mut pulled = BTreeMap::new();
    loop {
        let answer = other.sync(&[])?;
        pulled.extend(answer.pull.into_iter().map(|draft| (*draft.draft, draft.changes)));
        if !answer.more {
            break;
        }
    }
    let mut edits = Vec::new();
    for number in options.count - options.edits..options.count {
        let id = identifier(number as u64, OTHER);
        let changes = pulled.get(&id).context("a draft that was not pulled")?;
        let changes = changes.iter().map(|bytes| guard::admit(bytes));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        let mut draft = Draft::from_changes(&random("actor", LATER), changes)?;
        let change = draft.set(Field::Commune, "63113", 1_795_000_500_000).context("no edit")?;
        edits.push((id, change.bytes));
    }
    other.sync(&edits)?;
    Ok(json!({}))
}

/// Edits the first drafts without network, then catches up; timed until both sides are alike.
#[tokio::main]
pub(crate) async fn reconcile(options: &Options) -> anyhow::Result<Value> {
    let (phone, watched) = open(options)?;
    for number in 0..options.edits {
        let draft = Uuid::from_bytes(identifier(number as u64, OTHER));
        let edit = json!({ "draft": draft, "field": "address_line", "typed": "1 rue Neuve" });
        phone.answer("set_field", edit).await?;
    }
    let begun = Instant::now();
    let view = phone.answer("sync", json!({})).await?;
    let round = begun.elapsed();
    let (done, answered) = {
        let seen = watched.seen();
        (seen.done, seen.answered)
    };
    let alike = done.or(answered).context("nothing was exchanged")?;
    ensure!(view.get("trouble") == Some(&Value::Null), "{view}");
    for number in options.count - options.elsewhere..options.count {
        let asked = json!({ "draft": Uuid::from_bytes(identifier(number as u64, OTHER)) });
        let draft = phone.answer("draft", asked).await?.to_string();
        ensure!(draft.contains("63113"), "an edit from elsewhere did not arrive");
    }
    let requests = watched.seen().requests;
    let wall = (alike - begun).as_secs_f64();
    Ok(json!({ "wall": wall, "round": round.as_secs_f64(), "asked": requests }))
}

/// Edits of one draft: a form that was filled ten times over. The peers make as many of one.
const EDITS: usize = 200;

/// Keystrokes that a killed app keeps, then fields that a power cut keeps.
#[tokio::main]
pub(crate) async fn edit(options: &Options) -> anyhow::Result<Value> {
    let (phone, _) = open(options)?;
    let (mut keys, mut fields) = (Vec::new(), Vec::new());
    while fields.len() < options.times {
        let draft = phone.answer("start_draft", json!({})).await?;
        let draft = draft.get("draft").cloned().context("no draft")?;
        keys.extend(timed(&phone, "type_field", &draft, EDITS).await?);
        fields.extend(timed(&phone, "set_field", &draft, EDITS).await?);
    }
    Ok(json!({
        "keyP50": share(&mut keys, 0.5), "keyP99": share(&mut keys, 0.99),
        "p50": share(&mut fields, 0.5), "p99": share(&mut fields, 0.99),
    }))
}

/// The milliseconds of a command that keeps what was typed, each time another text.
async fn timed(
    phone: &Arc<Phone>,
    command: &str,
    draft: &Value,
    times: usize,
) -> anyhow::Result<Vec<f64>> {
    let mut took = Vec::new();
    for number in 0..times {
        let typed = format!("{number} rue Neuve");
        let edit = json!({ "draft": draft, "field": "address_line", "typed": typed });
        let begun = Instant::now();
        phone.answer(command, edit).await?;
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(took)
}

/// Another phone of the same space, which has read nothing yet.
fn other(options: &Options) -> anyhow::Result<Device> {
    let secrets = std::fs::read(options.folder.join(SECRETS))?;
    let secrets: BTreeMap<String, String> = serde_json::from_slice(&secrets)?;
    Device::holding(options.aside(), secrets.get(TOKEN).context("no token")?.clone())
}
