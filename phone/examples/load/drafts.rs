//! The drafts that every peer gets, each as one automerge change.

use anyhow::Context;
use dossier::document::Draft;
use dossier::form::charter::Acceptance;
use dossier::form::{Answers, Field};
use dossier::sync::DossierId;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// In a chunk of a first change: magic, checksum, type and length of two bytes, then an empty list
/// of dependencies and the length of the actor.
const TYPE_AT: usize = 8;
const ACTOR_AT: usize = 13;
const ACTOR: usize = 16;
/// When the first draft was made, in milliseconds since 1970; one more each 40 ms.
const BEGUN_MS: u64 = 1_795_000_000_000;

/// Chunks to make drafts from.
pub(crate) struct Drafts {
    chunks: Vec<Vec<u8>>,
}

impl Drafts {
    /// The first `count` drafts of the list that `BENCH_DRAFTS` names: one JSON object a line.
    pub(crate) fn read(count: usize) -> anyhow::Result<Self> {
        let file = std::env::var("BENCH_DRAFTS").context("BENCH_DRAFTS is not set")?;
        let text = std::fs::read_to_string(file)?;
        let chunks = text.lines().take(count).map(chunk).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Self { chunks })
    }

    /// The draft of this number as this device writes it: who comes round again is another draft.
    pub(crate) fn written(&self, number: u64, device: u64) -> anyhow::Result<(DossierId, Vec<u8>)> {
        let round = number / self.chunks.len() as u64;
        let at = usize::try_from(number % self.chunks.len() as u64)?;
        let mut bytes = self.chunks.get(at).context("no drafts")?.clone();
        let actor = random("actor", device ^ (round << 32));
        bytes.get_mut(ACTOR_AT..ACTOR_AT + ACTOR).context("short")?.copy_from_slice(&actor);
        let name = Sha256::digest(bytes.get(TYPE_AT..).context("short")?);
        let checksum = name.get(..TYPE_AT - 4).context("short")?;
        bytes.get_mut(4..TYPE_AT).context("short")?.copy_from_slice(checksum);
        Ok((identifier(number, device), bytes))
    }
}

/// A name as phones make it: its first half grows with time.
pub(crate) fn identifier(number: u64, device: u64) -> DossierId {
    let mut id = random("draft", (device << 32) ^ number);
    id[..6].copy_from_slice(&(BEGUN_MS + 40 * number).to_be_bytes()[2..]);
    uuid::Builder::from_bytes(id).with_version(uuid::Version::SortRand).into_uuid().into_bytes()
}

/// Sixteen bytes that are the same at each run.
pub(crate) fn random(what: &str, number: u64) -> [u8; 16] {
    let digest = Sha256::new().chain_update(what).chain_update(number.to_be_bytes()).finalize();
    std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
}

/// The document that a phone makes of these answers.
fn chunk(line: &str) -> anyhow::Result<Vec<u8>> {
    let said: Map<String, Value> = serde_json::from_str(line)?;
    let text = |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned);
    let typed = Field::ALL.iter().filter_map(|field| Some((*field, text(field.as_str())?)));
    let accepted_at_ms = said.get("charter_accepted_at_ms").and_then(Value::as_i64);
    let charter = Acceptance {
        version: text("charter_version").context("no charter")?,
        hash: text("charter_hash").context("no charter")?,
        accepted_at_ms: accepted_at_ms.context("no charter")?,
    };
    let answers = Answers { typed: typed.collect(), charter: Some(charter), ..Answers::default() };
    let made = Draft::of_answers(&[0; ACTOR], &answers, BEGUN_MS.cast_signed());
    let bytes = made.context("no answers")?.1.bytes;
    let expected = [0, ACTOR as u8];
    anyhow::ensure!(bytes.get(ACTOR_AT - 2..ACTOR_AT) == Some(&expected), "not the chunk we know");
    Ok(bytes)
}
