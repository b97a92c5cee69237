//! Holds what came of a storm against everything that was acknowledged in it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::document::Draft;
use dossier::document::guard::admit;
use phone::Phone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::ground::{DEVICES, Ground, Home, Nobody};
use super::history::History;
use super::hours::Hours;
use super::{Place, Promised, drafts, rows, values};

/// The fields of identity that are edited in a storm: of these, no answer is ever hidden.
const IDENTITY: [&str; 2] = ["family_name", "given_name"];

/// Whether the server has the very receipt for which this phone says « reçu ».
pub fn received_is_true(phone: &Path, server: &Path, draft: &str) -> Result<(), String> {
    let id: Uuid = draft.parse().map_err(|_| "no identifier".to_owned())?;
    let query = |column, table, key| format!("SELECT {column} FROM {table} WHERE {key} = ?1");
    let one = |database: &Path, query: String| {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, Vec<u8>>(0);
        rows(database, &query, &[&id.as_bytes()], read).map_err(|error| error.to_string())
    };
    let shown = one(&phone.join("phone.sqlite"), query("signed", "receipt", "draft"))?;
    let kept = one(&server.join("server.sqlite"), query("receipt", "dossier", "draft"))?;
    match (shown.as_slice(), kept.as_slice()) {
        ([shown], [kept]) if shown == kept => Ok(()),
        ([], _) => Err("without a receipt".to_owned()),
        (_, []) => Err("the server has no such dossier".to_owned()),
        _ => Err("the server's receipt is another".to_owned()),
    }
}

/// The drafts that a phone lists, each with its state.
pub fn listed(phone: &Path) -> rusqlite::Result<Vec<(String, String)>> {
    let query = "SELECT id, state FROM draft WHERE discarded_ms IS NULL";
    let read = |row: &rusqlite::Row<'_>| Ok((uuid(row, 0)?.to_string(), row.get(1)?));
    rows(&phone.join("phone.sqlite"), query, &[], read)
}

/// What the server has of a draft.
struct Stored {
    space: Uuid,
    /// Spaces under which its changes are numbered.
    spaces: BTreeSet<Uuid>,
    hashes: BTreeSet<Vec<u8>>,
    /// Everything that was ever typed in it, and what is around it.
    text: String,
    document: Option<RefCell<Draft>>,
}

/// A dossier on the server.
struct Dossier {
    number: String,
    receipt: Vec<u8>,
}

/// A phone after the storm.
struct Device<'a> {
    name: &'static str,
    home: &'a Home,
    database: PathBuf,
    phone: Arc<Phone>,
    /// Each draft with its screen.
    screens: BTreeMap<String, Value>,
    hashes: BTreeMap<String, BTreeSet<Vec<u8>>>,
    /// Dossiers that were read from the server.
    signed_in: BTreeSet<String>,
    /// Draft and hash of each photo, and whether the server is said to have it.
    photos: Vec<(String, Vec<u8>, bool)>,
}

/// Everything that is left when all came to rest.
struct Remains<'a> {
    drafts: BTreeMap<String, Stored>,
    dossiers: BTreeMap<String, Dossier>,
    photos: BTreeSet<(Uuid, Vec<u8>)>,
    devices: Vec<Device<'a>>,
}

/// Judges; what is wrong goes into the history. Gives how much there was to judge.
pub fn judge(ground: &Ground, place: &Place, history: &mut History) -> Promised {
    let remains = match Remains::read(ground, place) {
        Ok(remains) => remains,
        Err(error) => {
            history.blame(format!("what is left cannot be read: {error}"));
            return Promised::default();
        }
    };
    remains.follow_contested(history);
    let mut wrong = Vec::new();
    remains.judge_edits(history, &mut wrong);
    remains.judge_agreement(history, &mut wrong);
    remains.judge_deletions(history, &mut wrong);
    remains.judge_deposits(history, &mut wrong);
    remains.judge_spaces(ground, history, &mut wrong);
    remains.judge_photos(history, &mut wrong);
    history.wrong.extend(wrong);
    let conflicts = |device: &Device<'_>| {
        device.screens.values().filter(|it| it["conflicts"] != json!([])).count()
    };
    let replaced = |device: &Device<'_>| {
        let replaced = |it: &&Value| it["deposit"]["number_replaced"] == true;
        device.screens.values().filter(replaced).count()
    };
    Promised {
        edits: history.edits.len(),
        deposits: history.deposits.len(),
        deletions: history.discarded.len(),
        conflicts: remains.devices.iter().map(conflicts).sum(),
        replaced: remains.devices.iter().map(replaced).sum(),
    }
}

impl<'a> Remains<'a> {
    fn read(ground: &'a Ground, place: &Place) -> rusqlite::Result<Self> {
        let main = place.server().join("server.sqlite");
        let mut drafts = BTreeMap::new();
        for (id, space) in rows(&main, "SELECT id, space FROM draft", &[], pair)? {
            let query = "SELECT space, hash, bytes FROM change WHERE draft = ?1 ORDER BY seq";
            let changes = rows(&main, query, &[&id.as_bytes()], |row| {
                Ok((uuid(row, 0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, Vec<u8>>(2)?))
            })?;
            drafts.insert(id.to_string(), Stored::of(space, changes));
        }
        let dossiers = rows(&main, "SELECT draft, number, receipt FROM dossier", &[], |row| {
            let dossier = Dossier { number: row.get(1)?, receipt: row.get(2)? };
            Ok((uuid(row, 0)?.to_string(), dossier))
        })?;
        let photos = place.server().join("photos.sqlite");
        let photos = rows(&photos, "SELECT space, hash FROM photo", &[], |row| {
            Ok((uuid(row, 0)?, row.get(1)?))
        })?;
        let devices = DEVICES.map(|name| Device::read(ground, place, name));
        Ok(Self {
            drafts,
            dossiers: dossiers.into_iter().collect(),
            photos: photos.into_iter().collect(),
            devices: devices.into_iter().collect::<Result<_, _>>()?,
        })
    }

    /// Of a draft that one device deletes and another deposits there is a dossier all the same: under
    /// its own id if the deposit came first, else under another one, with the number that was shown.
    fn follow_contested(&self, history: &mut History) {
        for deposit in history.deposits.clone() {
            if !history.discarded.contains(&deposit.draft) {
                continue;
            }
            let number = deposit.number.replace('-', "");
            let dossier = self.dossiers.iter().find(|(_, dossier)| dossier.number == number);
            match dossier {
                Some((id, _)) if *id == deposit.draft => {
                    history.discarded.remove(id);
                }
                Some((id, _)) => history.goes_on_as(&deposit.draft, id),
                None => {}
            }
        }
    }

    /// Every acknowledged edit is in the server's history of its draft, and is what is shown there
    /// unless somebody who had seen it wrote something else; of a name, every such answer is shown.
    fn judge_edits(&self, history: &History, wrong: &mut Vec<String>) {
        let mut fields: BTreeMap<(&str, &str), Vec<_>> = BTreeMap::new();
        for edit in history.edits.iter().filter(|it| !history.discarded.contains(&it.draft)) {
            let name = history.name_of(&edit.draft);
            let what = format!("{} of {name}: «{}» of {}", edit.field, edit.typed, edit.device);
            match self.drafts.get(&edit.draft) {
                None => wrong.push(format!("{what} is lost with its draft")),
                Some(stored) if !stored.text.contains(&edit.typed) => {
                    wrong.push(format!("{what} is lost"))
                }
                Some(_) => {}
            }
            fields.entry((&edit.draft, edit.field)).or_default().push(edit);
        }
        for ((draft, field), edits) in fields {
            let gone: BTreeSet<&String> = edits.iter().flat_map(|it| &it.instead_of).collect();
            let stands = edits.iter().map(|it| &it.typed).filter(|it| !gone.contains(it));
            let stands: BTreeSet<&String> = stands.collect();
            let Some(shown) = self.drafts.get(draft).and_then(|it| it.shown(field)) else {
                continue;
            };
            let right = if IDENTITY.contains(&field) {
                shown.iter().collect::<BTreeSet<_>>() == stands
            } else {
                shown.iter().all(|typed| stands.contains(typed))
            };
            if !right {
                let name = history.name_of(draft);
                wrong.push(format!("{field} of {name} shows {shown:?}, and {stands:?} stand"));
            }
        }
    }

    /// Every device of a space shows the same, and that is what the server has.
    fn judge_agreement(&self, history: &History, wrong: &mut Vec<String>) {
        for device in &self.devices {
            for (draft, screen) in &device.screens {
                let name = history.name_of(draft);
                let what = format!("{} and the server: {name}", device.name);
                let Some(stored) = self.drafts.get(draft) else {
                    wrong.push(format!("{what} is not on the server"));
                    continue;
                };
                // Read from the server as the form understood it: not what was typed, and no history.
                if device.signed_in.contains(draft) {
                    continue;
                }
                if device.hashes.get(draft) != Some(&stored.hashes) {
                    wrong.push(format!("{what} has other heads"));
                }
                let Some(document) = &stored.document else {
                    wrong.push(format!("{what} cannot be read on the server"));
                    continue;
                };
                let answers = document.borrow().answers();
                let kept =
                    answers.typed.iter().map(|(field, typed)| (field.as_str(), typed.clone()));
                if values(screen).collect::<BTreeMap<_, _>>() != kept.collect::<BTreeMap<_, _>>() {
                    wrong.push(format!("{what} has other answers"));
                }
                let disputed = screen["conflicts"].as_array().map_or(0, Vec::len);
                if disputed != answers.disputed.len() {
                    wrong.push(format!("{what} has other conflicts"));
                }
            }
            for (draft, stored) in &self.drafts {
                let unwanted =
                    device.home.devices[0] == device.name && device.home.contested.contains(draft);
                let lacks = !unwanted && !device.screens.contains_key(draft);
                if stored.space == device.home.space && lacks {
                    let name = history.name_of(draft);
                    wrong.push(format!("{} lacks {name}", device.name));
                }
            }
        }
    }

    fn judge_deletions(&self, history: &History, wrong: &mut Vec<String>) {
        for draft in &history.discarded {
            let name = history.name_of(draft);
            if self.drafts.contains_key(draft) {
                wrong.push(format!("{name} was deleted and is on the server"));
            }
            for device in self.devices.iter().filter(|it| it.screens.contains_key(draft)) {
                wrong.push(format!("{name} was deleted and is on {}", device.name));
            }
        }
    }

    /// A deposit is one dossier with one number and one receipt, wherever one looks.
    fn judge_deposits(&self, history: &History, wrong: &mut Vec<String>) {
        for (draft, dossier) in &self.dossiers {
            let name = history.name_of(draft);
            if !history.is_deposited(draft) {
                wrong.push(format!("nobody deposited {name}, and it is a dossier"));
            }
            let told: BTreeSet<String> = history.receipts.get(draft).cloned().unwrap_or_default();
            if told != BTreeSet::from([BASE64.encode(&dossier.receipt)]) {
                wrong.push(format!("{name} has {} receipts, or another one", told.len()));
            }
        }
        let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
        for (draft, dossier) in &self.dossiers {
            if let Some(other) = numbers.insert(&dossier.number, draft) {
                let (one, other) = (history.name_of(draft), history.name_of(other));
                wrong.push(format!("{one} and {other} have one number"));
            }
        }
        for deposit in &history.deposits {
            let name = history.name_of(&deposit.draft);
            let what = format!("{name}, deposited on {}", deposit.device);
            let Some(dossier) = self.dossiers.get(&deposit.draft) else {
                wrong.push(format!("{what}, is no dossier"));
                continue;
            };
            let device = self.devices.iter().find(|it| it.name == deposit.device);
            let screen = device.and_then(|it| it.screens.get(&deposit.draft));
            let (Some(device), Some(screen)) = (device, screen) else {
                wrong.push(format!("{what}, is gone there"));
                continue;
            };
            if screen["state"] != "received" {
                wrong.push(format!("{what}, is {} there", screen["state"]));
            }
            if device.receipt_of(&deposit.draft).as_ref() != Some(&dossier.receipt) {
                wrong.push(format!("{what}, has another receipt there"));
            }
            let number = device.number_of(&deposit.draft).replace('-', "");
            if number != dossier.number {
                wrong.push(format!("{what}, has another number there"));
            }
            let replaced = screen["deposit"]["number_replaced"] == true;
            if (number != deposit.number.replace('-', "")) != replaced {
                wrong.push(format!("{what}, has a number that was never shown"));
            }
        }
    }

    fn judge_spaces(&self, ground: &Ground, history: &History, wrong: &mut Vec<String>) {
        for (draft, stored) in &self.drafts {
            let name = history.name_of(draft);
            let owner = name.split('/').next().unwrap_or_default();
            let home = ground.homes().iter().find(|home| home.devices.contains(&owner));
            let own = home.map(|home| home.space);
            let numbered = stored.spaces.iter().all(|space| Some(*space) == own);
            if Some(stored.space) != own || !numbered {
                wrong.push(format!("{name} is stored in a foreign space"));
            }
        }
    }

    /// A photo that a phone takes for sent is there; and every one was sent.
    fn judge_photos(&self, history: &History, wrong: &mut Vec<String>) {
        for device in &self.devices {
            for (draft, hash, sent) in &device.photos {
                let name = history.name_of(draft);
                let there = self.photos.contains(&(device.home.space, hash.clone()));
                if !(there && *sent) {
                    wrong.push(format!(
                        "the photo of {name}: {} says {sent} and the server {there}",
                        device.name
                    ));
                }
            }
        }
    }
}

impl Stored {
    /// A draft of a space, with its changes: the space of each, its hash and its bytes.
    fn of(space: Uuid, changes: Vec<(Uuid, Vec<u8>, Vec<u8>)>) -> Self {
        let admitted: Result<Vec<_>, _> = changes.iter().map(|(_, _, it)| admit(it)).collect();
        let document = admitted.ok().and_then(|all| Draft::from_changes(&[0; 16], all).ok());
        let text = changes.iter().map(|(_, _, bytes)| String::from_utf8_lossy(bytes));
        Self {
            space,
            spaces: changes.iter().map(|(space, _, _)| *space).collect(),
            text: text.collect::<Vec<_>>().join("|"),
            document: document.map(RefCell::new),
            hashes: changes.into_iter().map(|(_, hash, _)| hash).collect(),
        }
    }

    /// The values of a field: one, or those of a conflict.
    fn shown(&self, field: &str) -> Option<BTreeSet<String>> {
        let mut document = self.document.as_ref()?.borrow_mut();
        let conflict = document.conflicts().into_iter().find(|it| it.field.as_str() == field);
        let several = conflict.into_iter().flat_map(|it| it.values).map(|it| it.typed);
        let answers = document.answers().typed.into_iter();
        let one = answers.filter(|(it, _)| it.as_str() == field).map(|(_, typed)| typed);
        Some(several.chain(one).collect())
    }
}

impl<'a> Device<'a> {
    fn read(ground: &'a Ground, place: &Place, name: &'static str) -> rusqlite::Result<Self> {
        let (folder, keys) = (place.phone(name), place.keys(name));
        let phone = ground.open(&folder, keys, Arc::new(Nobody), Arc::new(Hours::default()));
        let list = phone.answer_here("home", json!({})).unwrap_or_default();
        let mut screens = BTreeMap::new();
        for (draft, _) in drafts(&list) {
            let screen = phone.answer_here("draft", json!({ "draft": draft })).unwrap_or_default();
            screens.insert(draft.to_owned(), screen);
        }
        let database = folder.join("phone.sqlite");
        let mut hashes: BTreeMap<String, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for (draft, hash) in rows(&database, "SELECT draft, hash FROM change", &[], |row| {
            Ok((uuid(row, 0)?, row.get(1)?))
        })? {
            hashes.entry(draft.to_string()).or_default().insert(hash);
        }
        let photos = rows(&database, "SELECT draft, hash, pushed FROM photo", &[], |row| {
            Ok((uuid(row, 0)?.to_string(), row.get(1)?, row.get(2)?))
        })?;
        let signed_in = rows(&database, "SELECT id FROM draft WHERE signed_in = 1", &[], |row| {
            Ok(uuid(row, 0)?.to_string())
        })?;
        let (home, signed_in) = (ground.home_of(name), signed_in.into_iter().collect());
        Ok(Self { name, home, database, phone, screens, hashes, signed_in, photos })
    }

    fn receipt_of(&self, draft: &str) -> Option<Vec<u8>> {
        let id: Uuid = draft.parse().ok()?;
        let query = "SELECT signed FROM receipt WHERE draft = ?1";
        rows(&self.database, query, &[&id.as_bytes()], |row| row.get(0)).ok()?.pop()
    }

    fn number_of(&self, draft: &str) -> String {
        let shown = self.phone.answer_here("reveal_number", json!({ "draft": draft }));
        shown.unwrap_or_default()["number"].as_str().unwrap_or_default().to_owned()
    }
}

fn uuid(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(at).map(Uuid::from_bytes)
}

fn pair(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Uuid, Uuid)> {
    Ok((uuid(row, 0)?, uuid(row, 1)?))
}
