//! What every storm begins with: phones on which forms were filled without network, and a server
//! that nobody asked yet. Made once, and copied for each storm.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use phone::transport::{Answered, Asked, NoAnswer, Transport};
use phone::{Parts, Phone, Settings};
use portrait::Checker;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync_server::Setup;
use tempfile::TempDir;
use uuid::Uuid;

use super::history::{Deposit, Edit};
use super::hours::Hours;
use crate::power::disk::{Content, content};
use crate::unplugged::keys::Keys;
use crate::{lina, picture};

/// Nobody answers there; the way of a storm does not ask for the address.
const ADDRESS: &str = "http://127.0.0.1:1";

/// The phones of a storm and who holds them. Lina has two devices, of one space.
pub const LINA: &str = "lina";
/// A copy of Lina's phone, keyring and all, as a person who moves to a new device has for a while.
pub const TABLET: &str = "tablet";
/// A student.
pub const NOE: &str = "noé";
/// Another student.
pub const ZOE: &str = "zoé";
/// The tablet of an open day, on which one draft follows the other.
pub const STAND: &str = "stand";
/// Everyone.
pub const DEVICES: [&str; 5] = [LINA, TABLET, NOE, ZOE, STAND];

/// A server, and the phones of everyone.
pub struct Ground {
    /// Shared by all servers: its nets take long to load.
    pub checker: Arc<Checker>,
    /// By whom receipts are signed.
    pub region_key: String,
    /// The server's folder.
    pub server: Content,
    homes: Vec<Home>,
}

/// One space: what stands on the disk of its phone, and in the keyring.
pub struct Home {
    /// The devices that begin with it.
    pub devices: Vec<&'static str>,
    /// The space.
    pub space: Uuid,
    /// The folder of the phone.
    pub phone: Content,
    /// Its keyring.
    pub keys: Keys,
    /// Whole forms that wait to be deposited, by the first of the devices alone.
    pub complete: Vec<String>,
    /// Whole forms that each of the devices deposits, not knowing of the others.
    pub twice: Vec<String>,
    /// Whole forms that the first of the devices deletes, and that another deposits.
    pub contested: Vec<String>,
    /// Every draft, with the name that it has in the story.
    pub names: Vec<(String, String)>,
    /// What was typed.
    pub edits: Vec<Edit>,
    /// What was deposited.
    pub deposits: Vec<Deposit>,
}

impl Ground {
    /// The ground of every storm of this process.
    pub fn common() -> &'static Self {
        static COMMON: LazyLock<Ground> = LazyLock::new(Ground::prepare);
        &COMMON
    }

    fn prepare() -> Self {
        let checker = Arc::new(Checker::new());
        let folder = folder();
        let setup = Setup::new(folder.path(), Arc::new(Hours::default()));
        let (app, _) = setup.inline().checker(Arc::clone(&checker)).open().expect("a server");
        let region_key = app.region_key().to_hex();
        drop(app);
        let server = content(folder.path()).expect("the server's folder");
        let alone = |complete| Forms { deposited: 0, complete, twice: 0, contested: 0, loose: 1 };
        let both = Forms { deposited: 1, complete: 1, twice: 1, contested: 1, loose: 2 };
        let homes = [
            (vec![LINA, TABLET], both),
            (vec![NOE], alone(1)),
            (vec![ZOE], alone(1)),
            (vec![STAND], alone(3)),
        ];
        let homes = homes.map(|(devices, forms)| Home::prepare(devices, &forms, &region_key));
        Self { checker, region_key, server, homes: homes.into() }
    }

    /// All spaces.
    pub fn homes(&self) -> &[Home] {
        &self.homes
    }

    /// The space of a device.
    pub fn home_of(&self, device: &str) -> &Home {
        let home = self.homes.iter().find(|home| home.devices.contains(&device));
        home.expect("every device has a space")
    }

    /// Opens the phone that stands in a folder.
    pub fn open(
        &self,
        folder: &Path,
        keys: Arc<Keys>,
        transport: Arc<dyn Transport>,
        clock: Arc<Hours>,
    ) -> Arc<Phone> {
        opened(folder, &self.region_key, Parts { vault: keys, transport, clock })
    }
}

/// How many forms a phone begins with.
struct Forms {
    deposited: usize,
    complete: usize,
    twice: usize,
    contested: usize,
    loose: usize,
}

impl Home {
    fn prepare(devices: Vec<&'static str>, forms: &Forms, region_key: &str) -> Self {
        let (folder, keys, hours) =
            (folder(), Arc::new(Keys::default()), Arc::new(Hours::default()));
        let parts = Parts {
            vault: Arc::clone(&keys) as _,
            transport: Arc::new(Nobody),
            clock: hours.clone(),
        };
        let device = devices[0];
        let hand = Hand { phone: opened(folder.path(), region_key, parts), hours };
        let (mut names, mut edits) = (Vec::new(), Vec::new());
        let mut deposits = Vec::new();
        let mut whole = Vec::new();
        let all = forms.deposited + forms.complete + forms.twice + forms.contested + forms.loose;
        for nth in 0..all {
            let (draft, fields) = hand.fills(nth < all - forms.loose);
            edits.extend(fields.into_iter().map(|(field, typed)| Edit {
                draft: draft.clone(),
                field,
                typed,
                device,
                instead_of: Vec::new(),
            }));
            names.push((draft.clone(), format!("{device}/{nth}")));
            if nth < forms.deposited {
                hand.does("deposit", json!({ "draft": draft }));
                let number =
                    hand.does("reveal_number", json!({ "draft": draft }))["number"].clone();
                let number = number.as_str().expect("a number").to_owned();
                deposits.extend(devices.iter().map(|device| Deposit {
                    draft: draft.clone(),
                    device,
                    number: number.clone(),
                }));
            } else if nth < all - forms.loose {
                whole.push(draft);
            }
        }
        let contested = whole.split_off(forms.complete + forms.twice);
        let twice = whole.split_off(forms.complete);
        drop(hand);
        // Both devices of a space must have the same: it is written before the first round.
        let space = space_of(device);
        let database = rusqlite::Connection::open(folder.path().join("phone.sqlite"));
        let written = database.and_then(|database| {
            let query = "INSERT INTO setting (name, value) VALUES ('space', ?1)";
            database.execute(query, [space.to_string()])
        });
        written.expect("the space is written");
        let phone = content(folder.path()).expect("the phone's folder");
        let (complete, keys) = (whole, keys.copy());
        Self { devices, space, phone, keys, complete, twice, contested, names, edits, deposits }
    }
}

/// A folder in memory, where there is one: nothing here depends on a disk.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// A space of its own for each first device, the same in every run.
fn space_of(device: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(Sha256::digest(device)).for_each(|(byte, random)| *byte = random);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn opened(folder: &Path, region_key: &str, parts: Parts) -> Arc<Phone> {
    let settings = Settings::new(folder.to_owned(), ADDRESS, region_key).expect("settings");
    Phone::assemble(settings, parts).expect("the phone opens")
}

/// There is no network.
pub struct Nobody;

#[async_trait]
impl Transport for Nobody {
    async fn send(&self, _: Asked) -> Result<Answered, NoAnswer> {
        Err(NoAnswer)
    }
}

/// Whoever fills the forms.
struct Hand {
    phone: Arc<Phone>,
    hours: Arc<Hours>,
}

impl Hand {
    /// Each command at a second of its own, so that drafts have one order in every run.
    fn does(&self, command: &str, args: Value) -> Value {
        self.hours.turn(1_000);
        let answer = self.phone.answer_here(command, args);
        answer.unwrap_or_else(|trouble| panic!("{command}: {trouble}"))
    }

    /// One form, whole or begun, and what then stands in it.
    fn fills(&self, whole: bool) -> (String, Vec<(&'static str, String)>) {
        let view = self.does("start_draft", json!({}));
        let draft = view["draft"].as_str().expect("a draft").to_owned();
        let answers = lina::answers();
        let most = if whole { answers.len() } else { 4 };
        for (field, typed) in answers.into_iter().take(most) {
            self.does("set_field", lina::set_field(&draft, field, typed));
        }
        if whole {
            let charter = self.does("charter", json!({}))["version"].clone();
            self.does("accept_charter", json!({ "draft": draft, "version": charter }));
            let (typed, confirmation) = (lina::PASSWORD, lina::PASSWORD);
            let chosen = json!({ "draft": draft, "typed": typed, "confirmation": confirmation });
            self.does("set_password", chosen);
            let open = json!({ "draft": draft, "picture": BASE64.encode(picture::good()) });
            let proof = self.does("open_picture", open);
            let keep = lina::keep_picture(&draft, &proof["framed"]["framing"]);
            self.does("keep_picture", keep);
        }
        let view = self.does("draft", json!({ "draft": draft }));
        (draft, super::values(&view).map(|(field, typed)| (super::field(field), typed)).collect())
    }
}
