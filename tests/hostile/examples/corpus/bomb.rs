//! Inputs of a few bytes that are made to cost much.

use automerge::sync::{ChunkList, Message};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT, ScalarValue};
use dossier::sync::{DraftChanges, SyncAsk};
use minicbor::bytes::ByteVec;
use miniz_oxide::deflate::compress_to_vec;

/// The most that one change may have.
const OPERATIONS: usize = 1_900;

fn last(mut document: AutoCommit, compressed: bool) -> Vec<u8> {
    document.commit();
    let change = document.get_last_local_change();
    let bytes = |mut change: automerge::Change| match compressed {
        true => change.bytes().into_owned(),
        false => change.raw_bytes().to_vec(),
    };
    change.map(bytes).unwrap_or_default()
}

fn written(actor: &[u8], key: &str, value: ScalarValue) -> AutoCommit {
    let mut document = AutoCommit::new().with_actor(ActorId::from(actor));
    // Cannot fail: automerge takes values of any size, which is what is wrong with it.
    let _ = document.put(ROOT, key, value);
    document
}

/// A change that inflates to so many zeros.
pub(crate) fn compressed(zeros: usize) -> Vec<u8> {
    last(written(b"bomb", "family_name", ScalarValue::Bytes(vec![0; zeros])), true)
}

/// A document, whose columns inflate within automerge.
pub(crate) fn document() -> Vec<u8> {
    written(b"bomb", "family_name", ScalarValue::Bytes(vec![0; 1_000_000])).save()
}

/// A change of few bytes and as many operations as one may have, different for each number.
pub(crate) fn operations(number: u16) -> Vec<u8> {
    let mut document = AutoCommit::new().with_actor(ActorId::from(&number.to_be_bytes()[..]));
    let _ = document.put(ROOT, "family_name", 1);
    for _ in 0..OPERATIONS {
        let _ = document.put_object(ROOT, "family_name", automerge::ObjType::Text);
    }
    last(document, false)
}

/// A long key that a run repeats.
pub(crate) fn texts() -> Vec<u8> {
    let mut document = AutoCommit::new().with_actor(ActorId::from(b"texts".as_slice()));
    for _ in 0..200 {
        let _ = document.put_object(ROOT, "k".repeat(1_000), automerge::ObjType::Text);
    }
    last(document, false)
}

/// A change whose one column claims so many operations.
pub(crate) fn claim(operations: u64) -> Vec<u8> {
    let (mut run, mut left) = (Vec::new(), operations);
    // A signed LEB128 number that is positive keeps its sixth bit clear.
    while left >= 0x40 {
        run.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    run.extend([left as u8, 1]);
    // No dependencies, actor « a », seq 1, op 1, time 0, no message, no actors, one column.
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, 11 + run.len() as u8];
    chunk.extend([0, 1, b'a', 1, 1, 0, 0, 0, 1, 0x42, run.len() as u8]);
    chunk.extend(run);
    hostile::repaired(&chunk)
}

/// An ask of so many drafts with these changes, packed as a phone packs it.
pub(crate) fn ask_with(drafts: usize, changes: impl Fn(usize) -> Vec<Vec<u8>>) -> Vec<u8> {
    let mut ask = SyncAsk::at([7; 16], 42);
    let of = |at| changes(at).into_iter().map(Into::into).collect();
    let draft = |at| DraftChanges { draft: [1; 16].into(), changes: of(at) };
    ask.push = (0..drafts).map(draft).collect();
    ask.to_bytes()
}

/// A message of automerge's own protocol that brings these changes.
pub(crate) fn message(changes: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let changes: Vec<Vec<u8>> = changes.collect();
    let (heads, need, have) = (Vec::new(), Vec::new(), Vec::new());
    let version = automerge::sync::MessageVersion::V1;
    Message { heads, need, have, changes: ChunkList::from(changes), flags: None, version }.encode()
}

/// What the Region would have to sign for a list that inflates to so many zeros.
pub(crate) fn list_payload(zeros: usize) -> Vec<u8> {
    let deflated: ByteVec = compress_to_vec(&vec![0; zeros], 9).into();
    minicbor::to_vec((1u64, 0i64, &deflated, &deflated)).unwrap_or_default()
}
