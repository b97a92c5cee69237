//! The doors, one for each way in, and what stands behind each once something is let in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dossier::card::code::{at_stand, on_paper};
use dossier::card::status_list::StatusList;
use dossier::card::verify::{Known, Seen, VerdictReason, verify};
use dossier::card::vignette::{Comparison, Vignette};
use dossier::card::{Card, CardState};
use dossier::document::exchange::{Heard, History, Peer};
use dossier::document::guard::{Admitted, Allowance, admit};
use dossier::document::{Change, Draft};
use dossier::form::Field;
use dossier::number::DossierNumber;
use dossier::parts::Collected;
use dossier::reference::{List, Manifest, Pack, Texts};
use dossier::signed::delegation::Delegation;
use dossier::signed::keys::{IssuerKey, KeySet, KeyUse, SealingHolder, SealingKey};
use dossier::signed::{Purpose, RegionKey, SigningKey, sign};
use dossier::stand::EnvelopeReceipt;
use dossier::stand::claim::ClaimCode;
use dossier::stand::envelope::{self, Enrolment, SealingSecret};
use dossier::stand::handover::Collector;
use dossier::stand::setup::SetupCode;
use dossier::sync::{DraftChanges, Receipt, SyncAnswer, SyncAsk};
use importer::{Verdict, import_any};
use portrait::intake;

use crate::repair::repaired;

const KILO: usize = 1_000;
const MEGA: usize = 1_000 * KILO;

/// One way in.
pub struct Door {
    /// Names the fuzz target, and the folder of its corpus.
    pub name: &'static str,
    /// Takes any bytes; whether they, or their repaired form, got past the first refusal.
    pub open: fn(&[u8]) -> bool,
    /// The most memory that one input may take beyond its own bytes.
    pub most_memory: usize,
}

/// All of them.
pub const DOORS: [Door; 8] = [
    Door { name: "guard", open: guard, most_memory: 8 * MEGA },
    Door { name: "sync_message", open: sync_message, most_memory: 8 * MEGA },
    Door { name: "interop_message", open: interop_message, most_memory: 8 * MEGA },
    // A list of every card there may be: a byte each for its runs and for its reasons, no more.
    Door { name: "card_code", open: card_code, most_memory: 3 * MEGA },
    Door { name: "stand_code", open: stand_code, most_memory: 8 * MEGA },
    Door { name: "envelope", open: envelope, most_memory: 8 * MEGA },
    // Tables are read whole: cells, rows and lists stand beside the file.
    Door { name: "importer", open: importer, most_memory: 16 * MEGA },
    // Pixels: portrait's own examples hold each step to its figure.
    Door { name: "photo_intake", open: photo_intake, most_memory: 64 * MEGA },
];

/// A change from outside, for an empty draft and for one that it may continue.
pub fn guard(bytes: &[u8]) -> bool {
    any_form(bytes, |bytes| admit(bytes).map(met).is_ok())
}

/// Whether the bytes are let in as they are, or with their checksums made right.
fn any_form(bytes: &[u8], is_let_in: impl Fn(&[u8]) -> bool) -> bool {
    let repaired = repaired(bytes);
    let as_it_is = is_let_in(bytes);
    as_it_is | (repaired != bytes && is_let_in(&repaired))
}

fn met(change: Admitted) {
    for mut draft in [Draft::new(READER), honest_draft()] {
        if draft.apply([change.clone()]).is_ok() {
            live(draft);
        }
    }
}

/// What phone and server do with a draft that they read, later and in any order.
fn live(mut draft: Draft) {
    let answers = draft.answers();
    draft.conflicts();
    let heads = draft.heads();
    // What waits for others keeps a draft from being frozen, as on a server that lacks some.
    if let Some(frozen) = draft.at(&heads) {
        assert_eq!(frozen.answers(), answers);
    }
    // A phone looks whether what automerge saved is the same draft, and else keeps the changes.
    let saved = draft.save();
    let _ = Draft::open(READER, &saved, []).is_ok_and(|mut again| again.heads() == heads);
    for change in draft.changes() {
        assert_eq!(admit(&change.bytes).map(|admitted| admitted.hash()), Ok(change.hash));
    }
    draft.rewritten(b"another reader", 9_000);
    draft.set(Field::GivenName, "Lina-Rose", 9_000);
    draft.answers();
}

/// A sync message from outside: as a server takes an ask, as a phone takes an answer.
pub fn sync_message(bytes: &[u8]) -> bool {
    any_form(bytes, |bytes| asked(bytes) | answered(bytes))
}

fn asked(bytes: &[u8]) -> bool {
    let Ok((ask, _)) = SyncAsk::from_bytes(bytes) else { return false };
    let _admitted = admitted(&ask.push);
    true
}

fn answered(bytes: &[u8]) -> bool {
    let Ok(answer) = SyncAnswer::from_bytes(bytes) else { return false };
    let _admitted = admitted(&answer.pull);
    true
}

/// All changes of a message that the guard lets in, as they are held before they are stored.
fn admitted(drafts: &[DraftChanges]) -> Vec<Admitted> {
    let changes = drafts.iter().flat_map(|draft| &draft.changes);
    let mut allowance = Allowance::default();
    changes.filter_map(|bytes| allowance.admit(bytes).ok()).collect()
}

/// A message of automerge's own protocol, as `/automerge` takes it.
pub fn interop_message(bytes: &[u8]) -> bool {
    any_form(bytes, heard)
}

fn heard(bytes: &[u8]) -> bool {
    let Ok(heard) = Heard::read(bytes) else { return false };
    let known = HONEST.iter().filter_map(|change| admit(&change.bytes).ok());
    let (mut history, mut peer) = (History::of(known), Peer::default());
    history.hear(&mut peer, heard);
    let _ = history.say(&mut peer);
    true
}

/// A scanned code, of a card or of its photo, a signed object from the network, and what the Region might
/// sign by mistake.
pub fn card_code(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut let_in = scanned(&text) | scanned(&on_paper(bytes)) | opened(bytes);
    for purpose in Purpose::ALL {
        let signed = sign(purpose, bytes.to_vec(), &region());
        let_in |= opened(&signed) | scanned(&on_paper(&signed));
        let_in |= at_stand(&signed, bytes).is_some_and(|code| scanned(&code));
    }
    let_in | compared(&text) | given(bytes) | DossierNumber::parse(&text).is_ok()
}

/// Whether the codes of a photo are those of the honest card's. Nothing else comes out.
fn compared(text: &str) -> bool {
    let honest = honest_vignette();
    let mut comparison = Comparison::with(honest.digest());
    text.lines().fold(false, |any, code| match comparison.add(code) {
        Ok(Collected::All(vignette)) => {
            assert!(vignette == honest, "another photo than the card's");
            true
        }
        Ok(Collected::Some { .. }) | Err(_) => any,
    })
}

/// What a server sends as a vignette, shown by one phone to another.
fn given(bytes: &[u8]) -> bool {
    let Some(vignette) = Vignette::read(bytes) else { return false };
    let mut comparison = Comparison::with(vignette.digest());
    let codes = vignette.codes().unwrap_or_default();
    let last = codes.iter().map(|code| comparison.add(code)).last();
    assert!(last == Some(Ok(Collected::All(vignette))), "a vignette that is shown is read");
    true
}

/// The vignette that the codes of the corpus are compared with.
pub fn honest_vignette() -> Vignette {
    let picture: Vec<u8> = [0xFF, 0xD8, 0xFF]
        .into_iter()
        .chain((0..1_200_u32).map(|at| (at * at % 251) as u8))
        .collect();
    Vignette::new([7; 32], picture).unwrap_or_else(|| unreachable!("it is light, and a picture"))
}

/// What a verifier is told of a code; twice, as when it is shown again.
fn scanned(text: &str) -> bool {
    let list = StatusList::new(3, NOW_MS, []);
    let known = Known { keys: Some(&KEYS), list: Some(&list) };
    let mut seen = Seen::default();
    let verdict = verify(text, &known, NOW_MS, &mut seen);
    let again = verify(text, &known, NOW_MS, &mut seen);
    let was_good = verdict.reason == VerdictReason::Good;
    assert!(!was_good || again.reason == VerdictReason::SeenBefore, "a live code is good twice");
    verify(text, &Known::default(), NOW_MS, &mut seen);
    verdict.state != CardState::Untrusted
}

fn opened(signed: &[u8]) -> bool {
    let card = Card::open(signed, &KEYS).map(used).is_ok();
    let list = StatusList::open(signed, &KEYS).map(|list| list.withdrawal(u32::MAX)).is_ok();
    let keys = KeySet::open(signed, &REGION).map(|keys| keys.keys.iter().all(key_used)).is_ok();
    let manifest = Manifest::open(signed, &REGION).is_some_and(|it| !it.names(&PUBLISHED));
    let number = DossierNumber::draw([3; 16]);
    let deposited =
        dossier::sync::Deposited { dossier: [1; 16], number: &number, heads: &[], photo: [7; 32] };
    let delegation = Delegation::open(signed, &KEYS).is_ok();
    let stored = EnvelopeReceipt::verify(signed, &REGION, &[7; 32]).is_ok();
    card | list
        | keys
        | manifest
        | delegation
        | stored
        | Receipt::verify(signed, &REGION, &deposited).is_ok()
}

fn used(card: Card) {
    card.state(None, card.born_on());
    card.state(None, card.expires_on());
}

fn key_used(key: &IssuerKey) -> bool {
    !key.id().is_empty() && key.is_in_force(NOW_MS)
}

/// A scanned code of a stand: its set-up, a slip's claim, a part of a draft that is handed over.
pub fn stand_code(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let read = |text: &str| SetupCode::read(text).is_some() | ClaimCode::read(text).is_some();
    let mut collector = Collector::default();
    let let_in =
        read(&text) | text.lines().fold(false, |any, code| any | taken(&mut collector, code));
    // What a mutant names wrong, named right: one part that is all of it.
    let mut whole = handed_over(bytes);
    let named = whole.iter_mut().fold(false, |any, code| any | taken(&mut collector, code));
    let_in | named
}

/// The codes by which any bytes would be handed over.
fn handed_over(packed: &[u8]) -> Vec<String> {
    dossier::stand::handover::codes_of(packed).unwrap_or_default()
}

fn taken(collector: &mut Collector, code: &str) -> bool {
    match collector.add(code) {
        Ok(Collected::All(draft)) => {
            let _admitted = admitted(&[draft]);
            true
        }
        Ok(Collected::Some { .. }) | Err(_) => false,
    }
}

/// What a stand sends: as it is, signed anew by its own tablet, and what would be inside.
pub fn envelope(bytes: &[u8]) -> bool {
    let (device, intake) = (tablet().verifying_key().to_bytes(), intake_secret());
    let open = |bytes: &[u8]| {
        envelope::claimed_stand(bytes);
        let read = envelope::read(bytes, &device).is_ok();
        if let Ok((_, enrolment)) = envelope::open(bytes, &device, &intake) {
            enrolled(enrolment);
        }
        read
    };
    let inside = Enrolment::read(bytes).map(enrolled).is_some();
    open(bytes) | open(&sent_with(bytes)) | inside
}

/// An envelope whose header says whatever these bytes say, signed by the tablet.
fn sent_with(header: &[u8]) -> Vec<u8> {
    let signed = sign(Purpose::Envelope, header.to_vec(), &tablet());
    minicbor::to_vec((
        minicbor::bytes::ByteVec::from(signed),
        minicbor::bytes::ByteVec::from(vec![]),
    ))
    .unwrap_or_default()
}

fn enrolled(enrolment: Enrolment) {
    let draft = DraftChanges { draft: enrolment.dossier, changes: enrolment.changes };
    let _admitted = admitted(&[draft]);
    let _ = DossierNumber::parse(&enrolment.number);
}

/// The tablet of the corpus.
pub fn tablet() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}

/// The key that the envelopes of the corpus are sealed to.
fn intake_secret() -> SealingSecret {
    SealingSecret::from_bytes(&[5; 32]).unwrap_or_else(|| unreachable!("any 32 bytes are a key"))
}

/// Any file where an official one is expected.
pub fn importer(bytes: &[u8]) -> bool {
    let outcome = import_any(&PUBLISHED, bytes);
    let is_read = Pack::read(&outcome.texts).is_ok();
    assert!(is_read || outcome.report.verdict == Verdict::Worse, "an unreadable pack is published");
    outcome.report.files.iter().any(|file| file.kind.is_some())
}

/// Any file where a picture is expected, on a phone and on the server.
pub fn photo_intake(bytes: &[u8]) -> bool {
    let guards = [portrait::Guard::phone(), portrait::Guard::server()];
    guards.iter().fold(false, |any, guard| any | intake(bytes, guard).is_ok())
}

const READER: &[u8] = b"reader";

/// The draft that every change and message meets; those of the corpus continue it.
pub fn honest_changes() -> &'static [Change] {
    &HONEST
}

static HONEST: LazyLock<Vec<Change>> = LazyLock::new(|| {
    let mut draft = Draft::new(b"the phone of Lina").named("téléphone");
    let typed =
        [(Field::FamilyName, "Moreau"), (Field::GivenName, "Lina"), (Field::School, "0630020E")];
    (1..)
        .zip(typed)
        .filter_map(|(at, (field, typed))| draft.set(field, typed, at * 1_000))
        .collect()
});

fn honest_draft() -> Draft {
    let mut draft = Draft::new(READER);
    let _ = draft.apply(HONEST.iter().filter_map(|change| admit(&change.bytes).ok()));
    draft
}

fn region() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

static REGION: LazyLock<RegionKey> = LazyLock::new(|| RegionKey::from(&region()));

/// When the codes are scanned: 26 November 2026.
pub const NOW_MS: i64 = 1_795_651_200_000;

/// One key signs everything here, so that a damaged object gets past its signature.
static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let public = region().verifying_key().to_bytes().into();
    let of_use = |usage, season: &str| IssuerKey {
        usage,
        public,
        not_before_ms: 0,
        not_after_ms: i64::MAX,
        season: season.to_owned(),
    };
    let keys = vec![
        of_use(KeyUse::Card, "2026-2027"),
        of_use(KeyUse::StatusList, ""),
        of_use(KeyUse::Delegation, "2026-2027"),
    ];
    let sealing = vec![SealingKey {
        holder: SealingHolder::Operations,
        public: intake_secret().public().into(),
        not_before_ms: 0,
        not_after_ms: i64::MAX,
    }];
    KeySet { version: 1, made_at_ms: NOW_MS, keys, sealing, ..KeySet::default() }
});

/// The same set, for the corpus.
pub fn key_set() -> &'static KeySet {
    &KEYS
}

/// A publication small enough to be imported into thousands of times.
static PUBLISHED: LazyLock<Texts> = LazyLock::new(|| {
    let shipped = Texts::shipped();
    let first_rows = |list: List| {
        let rows = shipped.text(list).lines().take(60).map(|line| format!("{line}\n"));
        (list, rows.collect::<String>())
    };
    let short = [List::Schools, List::Communes, List::Tracks, List::Places, List::Deals];
    let short: BTreeMap<List, String> = short.into_iter().map(first_rows).collect();
    let mut texts = shipped.clone();
    texts.lists.extend(short);
    texts
});
