//! A stand, from its one door: agents, students, and a tablet that somebody may steal.

mod ending;
mod handing_over;
mod mail;
mod mode;
mod pins;

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dossier::document::Draft;
use dossier::form::Field;
use dossier::signed::delegation::Delegation;
use dossier::signed::keys::{IssuerKey, KeySet, KeyUse, SealingHolder, SealingKey};
use dossier::signed::{RegionKey, SigningKey};
use dossier::stand::envelope::{self, SealingSecret};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{StandKeys, Told};
use crate::clock::{Clock, DAY_MS};
use crate::store::PhotoToKeep;
use crate::transport::{Answered, Asked, NoAnswer, Transport};
use crate::vault::{NoKeyring, Vault};
use crate::{Parts, Phone, Settings, Trouble};

/// Sunday 29 November 2026, ten o'clock.
const NOW_MS: i64 = 1_795_946_400_000;
const STAND: [u8; 16] = [9; 16];
const PIN: &str = "271828";

/// The photo of a student, like no other.
fn photo_of(given: &str) -> Vec<u8> {
    let tint: [u8; 32] = Sha256::digest(given).into();
    let picture = RgbImage::from_fn(350, 450, |x, y| Rgb([tint[0], (x / 2) as u8, (y / 2) as u8]));
    let mut jpeg = Vec::new();
    JpegEncoder::new(&mut jpeg).encode_image(&picture).unwrap();
    jpeg
}

/// A hall without network.
struct Hall;

#[async_trait]
impl Transport for Hall {
    async fn send(&self, _: Asked) -> Result<Answered, NoAnswer> {
        Err(NoAnswer)
    }
}

#[derive(Default)]
struct Pocket(Mutex<HashMap<String, String>>);

impl Vault for Pocket {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        Ok(self.0.lock().unwrap().get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        self.0.lock().unwrap().insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }
}

struct Watch(AtomicI64);

impl Clock for Watch {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The tablet of Aurillac, set up, without network since.
struct Tablet {
    data: TempDir,
    vault: Arc<Pocket>,
    watch: Arc<Watch>,
    phone: Option<Arc<Phone>>,
}

fn root() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn device() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

fn season_key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn delegation() -> Delegation {
    Delegation {
        stand: STAND.into(),
        device: device().verifying_key().to_bytes().into(),
        not_before_ms: NOW_MS - DAY_MS,
        not_after_ms: NOW_MS + 3 * DAY_MS,
        season: "2026-2027".into(),
        most_cards: 300,
    }
}

fn keys(version: u64) -> KeySet {
    let (not_before_ms, not_after_ms) = (NOW_MS - 30 * DAY_MS, NOW_MS + 300 * DAY_MS);
    let key = IssuerKey {
        usage: KeyUse::Delegation,
        public: season_key().verifying_key().to_bytes().into(),
        not_before_ms,
        not_after_ms,
        season: "2026-2027".into(),
    };
    let sealing = |holder, seed| SealingKey {
        holder,
        public: SealingSecret::from_bytes(&[seed; 32]).unwrap().public().into(),
        not_before_ms,
        not_after_ms,
    };
    KeySet {
        version,
        made_at_ms: NOW_MS - DAY_MS,
        keys: vec![key],
        sealing: vec![sealing(SealingHolder::Operations, 4), sealing(SealingHolder::Escrow, 5)],
        ..KeySet::default()
    }
}

impl Tablet {
    fn new() -> Self {
        let mut tablet = Self::phone();
        {
            let mut store = tablet.phone_is().store();
            let told = Told {
                event: "Forum des lycées".into(),
                place: "Aurillac".into(),
                first_day: "2026-11-28".into(),
                last_day: "2026-12-01".into(),
                schools: Vec::new(),
                most_cards: 300,
                delegation: base64(&delegation().sign(&season_key())),
                revoked: false,
                tablet: "Tablette 1".into(),
                device: hex::encode(device().verifying_key().as_bytes()),
            };
            store.keep_key_set(1, &keys(1).sign(&root())).unwrap();
            let bundle = StandKeys::bytes(&[2; 32], &[6; 32]);
            store.keep_stand(&STAND, &told.bytes().unwrap(), &bundle, NOW_MS).unwrap();
        }
        tablet.restart();
        tablet
    }

    /// The same device before anybody set it up, or a student's.
    fn phone() -> Self {
        let data = tempfile::tempdir().unwrap();
        let watch = Arc::new(Watch(AtomicI64::new(NOW_MS)));
        let mut tablet = Self { data, vault: Arc::default(), watch, phone: None };
        tablet.restart();
        tablet
    }

    /// With Nadia on duty.
    fn with_nadia() -> Self {
        let tablet = Self::new();
        tablet.does("stand_add_agent", json!({ "name": "Nadia", "pin": PIN }));
        tablet
    }

    fn restart(&mut self) {
        self.phone = None;
        let region = RegionKey::from(&root()).to_hex();
        let settings =
            Settings::new(self.data.path().to_owned(), "http://127.0.0.1:9", &region).unwrap();
        let vault: Arc<dyn Vault> = Arc::clone(&self.vault) as _;
        let clock: Arc<dyn Clock> = Arc::clone(&self.watch) as _;
        let parts = Parts { vault, transport: Arc::new(Hall), clock };
        self.phone = Some(Phone::assemble(settings, parts).unwrap());
    }

    fn phone_is(&self) -> &Arc<Phone> {
        self.phone.as_ref().unwrap()
    }

    fn call(&self, command: &str, args: Value) -> Result<Value, Trouble> {
        self.phone_is().answer_here(command, args)
    }

    fn does(&self, command: &str, args: Value) -> Value {
        self.call(command, args).unwrap_or_else(|trouble| panic!("{command}: {trouble}"))
    }

    fn refuses(&self, command: &str, args: Value) -> Trouble {
        self.call(command, args).expect_err(command)
    }

    fn mode(&self) -> String {
        self.does("stand", json!({}))["mode"]["name"].as_str().unwrap().to_owned()
    }

    fn nadia(&self) -> Value {
        self.does("stand", json!({}))["agents"][0]["id"].clone()
    }

    /// Nadia begins a draft, and gives the tablet away.
    fn begins(&self) -> Value {
        let draft = self.does("stand_start", json!({}))["draft"].clone();
        self.does("stand_student", json!({ "draft": draft }));
        draft
    }

    /// A student answers everything, with a photo.
    fn fills(&self, draft: &Value, given: &str, family: &str) {
        let charter = self.does("charter", json!({}));
        let accepted = json!({ "draft": draft, "version": charter["version"] });
        self.does("accept_charter", accepted);
        let plain = |name: &str| name.chars().filter(char::is_ascii_alphabetic).collect::<String>();
        let email = format!("{}.{}@example.fr", plain(given), plain(family)).to_lowercase();
        for (field, typed) in [
            ("civility", "MADAME"),
            ("family_name", family),
            ("given_name", given),
            ("birth_date", "7/3/2009"),
            ("email", &email),
            ("phone_number", "06 12 34 56 78"),
            ("address_line", "12 rue des Frères"),
            ("postal_code", "63000"),
            ("commune", "63113"),
            ("school", "0630020E"),
            ("track", "STL"),
            ("sending", "ETABLISSEMENT"),
        ] {
            self.does("set_field", json!({ "draft": draft, "field": field, "typed": typed }));
        }
        self.has_photo(draft, given);
    }

    fn has_photo(&self, draft: &Value, given: &str) {
        let id: Uuid = serde_json::from_value(draft.clone()).unwrap();
        let jpeg = photo_of(given);
        let hash: [u8; 32] = Sha256::digest(&jpeg).into();
        let phone = self.phone_is();
        let mut store = phone.store();
        let mut document: Draft = store.document(id.as_bytes(), &phone.actor).unwrap();
        let typed = dossier::hexadecimal::text(&hash);
        let change = document.set(Field::Photo, &typed, NOW_MS).unwrap();
        let photo = PhotoToKeep { hash, jpeg: &jpeg, width: 350, height: 450 };
        store.keep_photo(id.as_bytes(), &photo, &[change], NOW_MS).unwrap();
    }

    /// The student gives the tablet back, Nadia looks, and it is finished.
    fn finishes(&self, draft: &Value) -> Value {
        self.does("stand_shield", json!({}));
        let agent = self.nadia();
        self.does("stand_resume", json!({ "agent": agent, "pin": PIN, "check": true }));
        self.does("stand_finish", json!({ "draft": draft }))
    }

    /// All of it, for one student.
    fn enrols(&self, given: &str, family: &str) -> Value {
        let draft = self.begins();
        self.fills(&draft, given, family);
        let finished = self.finishes(&draft);
        self.does("stand_close", json!({}));
        finished
    }

    /// How often this is found in the files of the tablet.
    fn hits(&self, mark: &[u8]) -> usize {
        hits(self.data.path(), mark)
    }

    /// The envelopes on the tablet, opened by the Region.
    fn envelopes(&self) -> Vec<(envelope::Header, envelope::Enrolment)> {
        let store = self.phone_is().store();
        let intake = SealingSecret::from_bytes(&[4; 32]).unwrap();
        let public = device().verifying_key().to_bytes();
        let open = |(line, _): (i64, [u8; 32])| {
            let bytes = store.envelope(line).unwrap().unwrap();
            envelope::open(&bytes, &public, &intake).unwrap()
        };
        store.unsent().unwrap().into_iter().map(open).collect()
    }
}

fn base64(bytes: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn hits(folder: &Path, mark: &[u8]) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found += hits(&path, mark);
        } else {
            found += memchr::memmem::find_iter(&std::fs::read(path).unwrap(), mark).count();
        }
    }
    found
}

#[test]
fn lina_is_enrolled_without_network_and_only_the_region_can_read_her_dossier() {
    let tablet = Tablet::with_nadia();
    let finished = tablet.enrols("Lina", "Moreau");
    let opened = tablet.envelopes();
    let [(header, enrolment)] = opened.as_slice() else { panic!("{} envelopes", opened.len()) };
    assert_eq!(header.sequence, 1);
    assert_eq!(enrolment.agent, "Nadia");
    let number = finished["number"].as_str().unwrap();
    assert_eq!(enrolment.number, number.replace('-', ""));
    let changes = enrolment.changes.iter();
    let changes = changes.map(|bytes| dossier::document::guard::admit(bytes).unwrap());
    let mut document = Draft::from_changes(b"region", changes).unwrap();
    assert_eq!(document.answers().typed(Field::GivenName), "Lina");
    let heads: Vec<[u8; 32]> = enrolment.heads.iter().map(|head| **head).collect();
    assert_eq!(document.heads(), heads);
    assert!(*enrolment.photo == photo_of("Lina"));
    let list = tablet.does("stand_list", json!({}));
    assert_eq!(list["lines"][0]["initials"], "LM");
    assert_eq!(list["lines"][0]["state"], "sealed");
    let view = tablet.does("stand", json!({}));
    assert_eq!(
        (&view["unsent"], &view["today"], &view["delivered"]),
        (&json!(1), &json!(1), &json!(0))
    );
}

#[test]
fn the_provisional_card_of_the_stand_is_believed_by_anyone_who_has_the_keys() {
    use dossier::card::verify::{Known, Seen, VerdictReason, verify};
    let tablet = Tablet::with_nadia();
    let finished = tablet.enrols("Lina", "Moreau");
    let code = finished["card"]["code"]["code"].as_str().unwrap();
    let mut keys = keys(1);
    let judged = |keys: &KeySet| {
        let known = Known { keys: Some(keys), list: None };
        verify(code, &known, NOW_MS, &mut Seen::default())
    };
    let good = judged(&keys);
    // Nothing stands against it here but that no list was ever fetched.
    let name = good.holder.unwrap().name;
    assert_eq!((good.reason, name.as_str()), (VerdictReason::NoList, "Lina Moreau"));
    keys.revoked.push(STAND.into());
    assert_eq!(judged(&keys).reason, VerdictReason::StandRevoked);
    assert_eq!(tablet.does("stand", json!({}))["set_up"]["cards_left"], 299);
}

#[test]
fn after_terminer_no_file_of_the_tablet_holds_anything_of_a_student() {
    let tablet = Tablet::with_nadia();
    for n in 0..10 {
        tablet.enrols(&format!("Lin{}", char::from(b'a' + n)), "Moreau-Dupré");
    }
    for mark in ["Moreau", "moreau", "Dupré", "example.fr", "06 12", "+336", "Frères"] {
        assert_eq!(tablet.hits(mark.as_bytes()), 0, "{mark}");
    }
    let photo = photo_of("Lina");
    assert_eq!(tablet.hits(&photo[photo.len() / 2..][..24]), 0, "no part of a face");
    assert_eq!(tablet.phone_is().store().drafts().unwrap().len(), 0);
    // Nor does the keyring: a number that was shown is the list's.
    let secrets = tablet.vault.0.lock().unwrap();
    assert!(secrets.keys().all(|name| !name.starts_with("dossier-number")), "{:?}", secrets.keys());
}

#[test]
fn a_dossier_that_is_done_once_more_keeps_its_number_and_names_what_it_replaces() {
    let tablet = Tablet::with_nadia();
    let first = tablet.enrols("Lina", "Moreau");
    let line = tablet.does("stand_list", json!({}))["lines"][0]["line"].clone();
    let again = tablet.does("stand_redo", json!({ "line": line }));
    assert_eq!(again["values"], json!({}), "nobody here can read what was sealed");
    let draft = again["draft"].clone();
    // Whoever comes next does not get it.
    assert_ne!(tablet.does("stand_start", json!({}))["draft"], draft);
    tablet.does("stand_student", json!({ "draft": draft }));
    tablet.fills(&draft, "Lina", "Morel");
    let second = tablet.finishes(&draft);
    tablet.does("stand_close", json!({}));
    assert_eq!(first["number"], second["number"]);
    let opened = tablet.envelopes();
    let digest = tablet.phone_is().store().unsent().unwrap()[0].1;
    assert_eq!(opened[1].0.supersedes.as_deref(), Some(&digest));
    assert_eq!(opened[0].0.dossier, opened[1].0.dossier);
    let lines = tablet.does("stand_list", json!({}))["lines"].clone();
    assert_eq!((&lines[0]["redone"], &lines[1]["redone"]), (&json!(false), &json!(true)));
    assert_eq!(tablet.does("stand_report", json!({}))["students"], 1);
}

#[test]
fn the_same_person_twice_is_told_at_once_and_nothing_of_the_other_is_shown() {
    let tablet = Tablet::with_nadia();
    tablet.enrols("Lina", "Moreau");
    let alike = |given: &str, family: &str| {
        let draft = tablet.does("stand_start", json!({}))["draft"].clone();
        for (field, typed) in
            [("given_name", given), ("family_name", family), ("birth_date", "07/03/2009")]
        {
            tablet.does("set_field", json!({ "draft": draft, "field": field, "typed": typed }));
        }
        let found = tablet.does("stand_alike", json!({ "draft": draft }));
        tablet.does("discard_draft", json!({ "draft": draft }));
        found
    };
    let same = alike("Lina", "MOREAU");
    assert_eq!((&same[0]["same"], &same[0]["place"]), (&json!(true), &json!("here")));
    assert_eq!(same[0]["initials"], "LM");
    assert!(!same.to_string().to_lowercase().contains("moreau"), "{same}");
    assert_eq!(alike("Lina", "Morau")[0]["same"], false);
    assert_eq!(alike("Karim", "Benali"), json!([]));
}

#[test]
fn a_clock_that_is_two_years_off_holds_up_no_student() {
    let mut tablet = Tablet::with_nadia();
    for (at_ms, has_card) in [(NOW_MS - 730 * DAY_MS, true), (NOW_MS + 730 * DAY_MS, false)] {
        tablet.watch.0.store(at_ms, Ordering::Relaxed);
        tablet.restart();
        let agent = tablet.nadia();
        tablet.does("stand_sign_in", json!({ "agent": agent, "pin": PIN }));
        let problems = tablet.does("stand", json!({}))["problems"].to_string();
        assert!(problems.contains("wrong_clock"), "{problems}");
        let finished = tablet.enrols("Lina", "Moreau");
        // A clock behind is held to what was signed; whether the event is over, one ahead cannot say.
        assert_eq!(!finished["card"].is_null(), has_card, "{at_ms}");
    }
    for (header, enrolment) in tablet.envelopes() {
        let days = (header.made_at_ms - NOW_MS) / DAY_MS;
        assert!((-1..=3).contains(&days), "{days}");
        assert_eq!(header.made_at_ms, enrolment.finished_at_ms);
    }
}

#[test]
fn without_a_recent_key_of_the_region_nothing_is_finished_and_nothing_is_lost() {
    let mut tablet = Tablet::with_nadia();
    let draft = tablet.begins();
    tablet.fills(&draft, "Lina", "Moreau");
    let none = KeySet { sealing: Vec::new(), ..keys(2) };
    tablet.phone_is().store().keep_key_set(2, &none.sign(&root())).unwrap();
    tablet.does("stand_shield", json!({}));
    let agent = tablet.nadia();
    tablet.does("stand_resume", json!({ "agent": agent, "pin": PIN, "check": true }));
    let refused = tablet.refuses("stand_finish", json!({ "draft": draft }));
    assert_eq!(refused, crate::view::StandRefusal::NoSealing.into());
    assert!(tablet.does("stand", json!({}))["problems"].to_string().contains("no_sealing"));
    tablet.phone_is().store().keep_key_set(3, &keys(3).sign(&root())).unwrap();
    tablet.does("stand_finish", json!({ "draft": draft }));
    tablet.restart();
    assert_eq!(tablet.envelopes().len(), 1);
}
