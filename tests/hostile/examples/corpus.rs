//! Writes `fuzz/corpus` anew: real messages, and those that are made to do harm.
//!
//! `cargo run -p hostile --example corpus`. What a fuzzer found stays: its files begin with `found`.
//! The pictures are drawn by `cargo run -p portrait --example mutate -- --corpus`.

#[path = "corpus/bomb.rs"]
mod bomb;

use std::error::Error;
use std::fs;
use std::path::Path;

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT};
use dossier::card::Card;
use dossier::card::code::{at_stand, live, on_paper};
use dossier::card::status_list::{StatusList, Withdrawal};
use dossier::document::guard::admit;
use dossier::document::{Change, Draft};
use dossier::form::Field;
use dossier::form::charter::Acceptance;
use dossier::reference::{Manifest, Texts};
use dossier::signed::SigningKey;
use dossier::signed::delegation::Delegation;
use dossier::stand::claim::ClaimCode;
use dossier::stand::envelope::{self, Enrolment, Sealing};
use dossier::stand::handover;
use dossier::stand::setup::SetupCode;
use dossier::sync::wire::Dictionary;
use dossier::sync::{DraftChanges, OfferedPhoto, Rejected, RejectedCode, SyncAnswer, SyncAsk};
use hostile::{NOW_MS, honest_changes, honest_vignette, key_set, tablet};

type Files = Vec<(String, Vec<u8>)>;

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let official =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/importer/tests/data");
    write(&corpus.join("guard"), changes()?)?;
    write(&corpus.join("sync_message"), sync_messages())?;
    write(&corpus.join("interop_message"), interop_messages()?)?;
    write(&corpus.join("card_code"), card_codes()?)?;
    write(&corpus.join("stand_code"), stand_codes()?)?;
    write(&corpus.join("envelope"), envelopes()?)?;
    write(&corpus.join("importer"), official_files(&official)?)?;
    Ok(())
}

/// Replaces what this program wrote before.
fn write(folder: &Path, files: Files) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with("found") {
            fs::remove_file(entry.path())?;
        }
    }
    files.into_iter().try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))
}

fn named<const N: usize>(files: [(&str, Vec<u8>); N]) -> Files {
    files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}

/// The draft that the doors know, on another device.
fn known_draft(actor: &[u8]) -> Result<Draft, Box<dyn Error>> {
    let changes = honest_changes().iter().filter_map(|change| admit(&change.bytes).ok());
    Ok(Draft::from_changes(actor, changes)?.named("tablette du stand"))
}

fn changes() -> Result<Files, Box<dyn Error>> {
    let mut stand = known_draft(b"the stand's tablet")?;
    let other_name = stand.set(Field::FamilyName, "Moreau-Martin", 60_000);
    let address = stand.set(Field::AddressLine, "12 rue de la République, bât. Ô", 61_000);
    let acceptance = Acceptance {
        version: "2026.11.1".into(),
        hash: "ab".repeat(32),
        accepted_at_ms: 1_795_000_000_000,
    };
    let charter = stand.accept_charter(&acceptance, 62_000);
    let whole = stand.rewritten(b"after a review", 70_000).map(|(_, change)| change);
    let bytes = |change: Option<Change>| change.map(|change| change.bytes).unwrap_or_default();
    let first = honest_changes().first().map(|change| change.bytes.clone());
    Ok(named([
        ("first", first.unwrap_or_default()),
        ("other_name", bytes(other_name)),
        ("address", bytes(address)),
        ("charter", bytes(charter)),
        ("whole", bytes(whole)),
        ("javascript", javascript()?),
        ("merged", merged()?),
        ("of_another_shape", of_another_shape()?),
        ("document", stand.save()),
        ("bomb_compressed", bomb::compressed(10_000_000)),
        ("bomb_within_the_guard", bomb::compressed(60_000)),
        ("bomb_document", bomb::document()),
        ("many_operations", bomb::operations(0)),
        ("many_texts", bomb::texts()),
        ("trillion_operations", bomb::claim(1 << 40)),
    ]))
}

/// As automerge's JavaScript writes a string: a text object, letter by letter, then deflated.
fn javascript() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut page = AutoCommit::new().with_actor(ActorId::from(b"a web page".as_slice()));
    let name = page.put_object(ROOT, "family_name", ObjType::Text)?;
    page.splice_text(&name, 0, 0, "Moreau, née à Saint-Étienne ; Moreau, née à Clermont")?;
    page.splice_text(&name, 2, 3, "")?;
    page.put(ROOT, "photo_note", "neige ".repeat(60))?;
    page.commit();
    Ok(page.get_last_local_change().map(|mut it| it.bytes().into_owned()).unwrap_or_default())
}

/// A change that ends a fork: it follows two others, and overwrites both.
fn merged() -> Result<Vec<u8>, Box<dyn Error>> {
    let (mut one, mut other) = (known_draft(b"one")?, known_draft(b"other")?);
    let theirs = other.set(Field::School, "0010010F", 50_000);
    one.set(Field::School, "0630021F", 50_000);
    one.apply(theirs.iter().filter_map(|change| admit(&change.bytes).ok()))?;
    Ok(one.set(Field::School, "0630020E", 51_000).map(|it| it.bytes).unwrap_or_default())
}

/// Every kind of value and object that a draft never has.
fn of_another_shape() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut other = AutoCommit::new().with_actor(ActorId::from(b"other".as_slice()));
    let list = other.put_object(ROOT, "addresses", ObjType::List)?;
    other.insert(&list, 0, 1.5)?;
    other.insert(&list, 1, vec![1u8, 2, 3])?;
    let map = other.insert_object(&list, 2, ObjType::Map)?;
    other.put(&map, "count", automerge::ScalarValue::counter(3))?;
    other.increment(&map, "count", 2)?;
    other.put(&map, "at", automerge::ScalarValue::Timestamp(1_795_000_000))?;
    other.put(&map, "nothing", ())?;
    other.delete(&list, 1)?;
    let text = other.put_object(ROOT, "text", ObjType::Text)?;
    other.splice_text(&text, 0, 0, "gras")?;
    let bold = automerge::marks::Mark::new("bold".into(), true, 0, 3);
    other.mark(&text, bold, automerge::marks::ExpandMark::Both)?;
    other.commit();
    Ok(other.get_last_local_change().map(|it| it.raw_bytes().to_vec()).unwrap_or_default())
}

fn sync_messages() -> Files {
    let changes = || honest_changes().iter().map(|change| change.bytes.clone().into());
    let of_lina = || DraftChanges { draft: [1; 16].into(), changes: changes().collect() };
    let mut ask = SyncAsk::at([7; 16], 42);
    ask.push = vec![of_lina()];
    ask.gone = vec![[2; 16].into()];
    ask.photos = vec![OfferedPhoto { draft: [1; 16].into(), hash: [3; 32].into() }];
    let mut answer = SyncAnswer::at([7; 16], 43);
    answer.more = true;
    answer.pull = vec![of_lina()];
    answer.gone = vec![[2; 16].into()];
    answer.rejected = vec![Rejected { digest: [4; 32].into(), code: RejectedCode::TooMany }];
    answer.photos_missing = vec![[3; 32].into()];
    let plain = minicbor::to_vec(&ask).unwrap_or_default();
    let plain_answer = minicbor::to_vec(&answer).unwrap_or_default();
    named([
        ("ask", ask.to_bytes()),
        ("ask_of_nothing", SyncAsk::at([0; 16], 0).to_bytes()),
        ("ask_unpacked", plain),
        ("answer", answer.to_bytes(Dictionary::NEWEST)),
        ("answer_unpacked", plain_answer),
        ("bomb_of_empty_changes", bomb::ask_with(1, |_| vec![Vec::new(); 2_000_000])),
        ("bomb_of_empty_drafts", bomb::ask_with(200_000, |_| Vec::new())),
        ("bomb_of_zeros", bomb::ask_with(1, |_| vec![vec![0; 2_000_000]])),
        ("bomb_of_bombs", bomb::ask_with(1, |_| vec![bomb::compressed(60_000); 1_900])),
        ("bomb_beyond_the_bound", bomb::ask_with(1, |_| vec![vec![0; 50_000_000]])),
    ])
}

/// What a stock peer says: who has nothing, who has other changes, who answers.
fn interop_messages() -> Result<Files, Box<dyn Error>> {
    let say = |page: &mut AutoCommit, state: &mut State| {
        page.sync().generate_sync_message(state).map(Message::encode).unwrap_or_default()
    };
    let fresh = say(&mut AutoCommit::new(), &mut State::new());
    let mut page = AutoCommit::new().with_actor(ActorId::from(b"a web page".as_slice()));
    let mut server = AutoCommit::new();
    for change in honest_changes() {
        server.load_incremental(&change.bytes)?;
        page.load_incremental(&change.bytes)?;
    }
    page.put(ROOT, "postal_code", "63000")?;
    page.put(ROOT, "photo_note", "neige ".repeat(60))?;
    page.commit();
    let (mut of_page, mut of_server) = (State::new(), State::new());
    let first = say(&mut page, &mut of_page);
    let asked = server.sync().generate_sync_message(&mut of_server);
    // As our server says it: without flags, so that changes come one by one.
    let asked = asked.map(|message| Message { flags: None, ..message }.encode());
    let asked = Message::decode(&asked.clone().unwrap_or_default())?;
    page.sync().receive_sync_message(&mut of_page, asked)?;
    let brings = say(&mut page, &mut of_page);
    Ok(named([
        ("fresh", fresh),
        ("first", first),
        ("brings_a_change", brings),
        ("many_operations", bomb::message((0..5).map(bomb::operations))),
        ("too_many_operations", bomb::message((0..100).map(bomb::operations))),
        ("many_compressed", bomb::message(std::iter::repeat_n(bomb::compressed(60_000), 150))),
    ]))
}

fn card_codes() -> Result<Files, Box<dyn Error>> {
    let region = SigningKey::from_bytes(&[1; 32]);
    let card = Card {
        status_index: 4_711,
        season: "2026-2027".into(),
        expires_day: 21_062,
        birth_day: 14_310,
        device: None,
        name: "Lina Moreau".into(),
        school: "0630020E".into(),
        photo: [7; 32].into(),
        provisional: false,
        renew_by_day: None,
    };
    let phone = SigningKey::from_bytes(&[3; 32]);
    let shown = Card { device: Some(phone.verifying_key().to_bytes().into()), ..card.clone() };
    let withdrawn = [0, 9, 4_711, 70_000].map(|index| (index, Withdrawal::Blocked));
    let list = StatusList::new(3, 42, withdrawn);
    let signed = card.sign(&region);
    let vignette = honest_vignette();
    Ok(named([
        ("vignette", vignette.bytes()),
        ("codes_of_a_vignette", vignette.codes()?.join("\n").into_bytes()),
        ("code", on_paper(&signed).into_bytes()),
        ("live_code", live(&shown.sign(&region), &phone, NOW_MS).into_bytes()),
        ("code_of_a_stand", at_the_stand(&card).into_bytes()),
        ("key_set", key_set().sign(&region)),
        ("signed_card", signed),
        ("signed_by_another", card.sign(&SigningKey::from_bytes(&[2; 32]))),
        ("card", minicbor::to_vec(&card).unwrap_or_default()),
        ("list", list.sign(&region)),
        ("list_payload", bomb::list_payload(10_000)),
        ("bomb_list_payload", bomb::list_payload(10_000_000)),
        ("manifest", Manifest::of(&Texts::shipped()).sign(&region)),
        ("number", b"7KM2-9QX4-T0R".to_vec()),
    ]))
}

fn of_lina() -> DraftChanges {
    let changes = honest_changes().iter().map(|change| change.bytes.clone().into());
    DraftChanges { draft: [1; 16].into(), changes: changes.collect() }
}

/// The provisional card that a tablet signs.
fn at_the_stand(card: &Card) -> String {
    let card = Card { status_index: 3, provisional: true, ..card.clone() };
    let by = Delegation {
        stand: [3; 16].into(),
        device: public().into(),
        not_before_ms: 0,
        not_after_ms: NOW_MS * 2,
        season: "2026-2027".into(),
        most_cards: 300,
    };
    let region = SigningKey::from_bytes(&[1; 32]);
    at_stand(&by.sign(&region), &card.sign_at_stand(&tablet())).unwrap_or_default()
}

/// What the scanner of a stand, and that of a student, may be shown.
fn stand_codes() -> Result<Files, Box<dyn Error>> {
    let server = "https://pass.example.fr".to_owned();
    let setup = SetupCode { server, root: [1; 32].into(), token: [2; 16].into() };
    let claim = ClaimCode { dossier: [1; 16], secret: [2; 16] };
    let cbor = minicbor::to_vec(of_lina())?;
    Ok(named([
        ("setup", setup.text().into_bytes()),
        ("claim", claim.text().into_bytes()),
        ("handover", handover::codes(&of_lina())?.join("\n").into_bytes()),
        ("handover_unpacked", cbor),
        (
            "bomb",
            handover::codes_of(&bomb::ask_with(1, |_| vec![vec![0; 2_000_000]]))?
                .join("\n")
                .into_bytes(),
        ),
        ("bomb_of_empty_changes", bomb::ask_with(1, |_| vec![Vec::new(); 2_000_000])),
    ]))
}

/// What a stand sends in the evening, and what is inside.
fn envelopes() -> Result<Files, Box<dyn Error>> {
    let enrolment = |changes| Enrolment {
        dossier: [1; 16].into(),
        number: "4K7Q2MZ9CT5".into(),
        heads: vec![[5; 32].into()],
        changes,
        photo: vec![0xFF; 500].into(),
        agent: "Karim".into(),
        finished_at_ms: NOW_MS,
        claim: [6; 32].into(),
    };
    let sealing = Sealing {
        keys: key_set(),
        stand: [3; 16],
        sequence: 12,
        supersedes: Some([8; 32]),
        prints: vec![1, 2, 3],
        device: &tablet(),
        now_ms: NOW_MS,
        entropy: [4; 32],
    };
    let honest = enrolment(of_lina().changes);
    let many = enrolment(vec![Vec::new().into(); 100_000]);
    let header = envelope::read(&envelope::seal(&honest, &sealing)?.bytes, &public())?;
    Ok(named([
        ("envelope", envelope::seal(&honest, &sealing)?.bytes),
        ("header", minicbor::to_vec(&header)?),
        ("inside", minicbor::to_vec(&honest)?),
        ("many_changes", minicbor::to_vec(&many)?),
        ("many_changes_sealed", envelope::seal(&many, &sealing)?.bytes),
    ]))
}

fn public() -> [u8; 32] {
    tablet().verifying_key().to_bytes()
}

/// The official files of the importer's tests, and what no list is.
fn official_files(folder: &Path) -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?));
    }
    let utf16 = |text: &str| -> Vec<u8> {
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    files.extend(named([
        (
            "utf16.csv",
            utf16("uai;nom;commune\r\n0630020E;Lycée Blaise-Pascal;Clermont-Ferrand\r\n"),
        ),
        ("deep.json", "[".repeat(2_000).into_bytes()),
        ("deep_cell.json", format!("[{{\"uai\":{}", "[".repeat(2_000)).into_bytes()),
        ("quote.csv", b"uai;nom;commune\n\"0630020E;a;b\n\n\n".to_vec()),
        ("wide.csv", ";".repeat(8_000).into_bytes()),
    ]));
    Ok(files)
}
