//! `/v1/sync`: changes up, changes down, acknowledged after COMMIT.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dossier::document::Hash;
use dossier::document::guard::Allowance;
use dossier::sync::wire::Dictionary;
use dossier::sync::{
    DraftChanges, MOST_CHANGES, MOST_MESSAGE_BYTES, MOST_NAMED, OfferedPhoto, Rejected,
    RejectedCode, SyncAnswer, SyncAsk,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::Body;
use crate::store;
use crate::store::change::{Grown, Pushed};
use crate::store::db::Db;

/// Half of the largest message: framing and acknowledgements take the rest.
const MOST_PULLED_BYTES: usize = MOST_MESSAGE_BYTES / 2;
/// Requests up to this size are read at once: a thread of their own would cost more than they do.
const SMALL_BYTES: usize = 16 * 1024;

/// A request after the guard looked at its every change.
struct Guarded {
    ask: SyncAsk,
    dictionary: Dictionary,
    admitted: Vec<Pushed>,
    /// Those that did not get past it.
    rejected: Vec<Rejected>,
}

/// What a round did.
struct Round {
    answer: SyncAnswer,
    news: bool,
    /// Offered photos that their drafts name.
    named: Vec<Hash>,
    /// Photos of drafts that were deleted.
    buried: Vec<Hash>,
}

/// One round of sync.
#[utoipa::path(
    post,
    path = "/v1/sync",
    request_body(content_type = "application/cbor"),
    responses((status = 200, content(("application/cbor")))),
    security(("device" = [])),
)]
pub(crate) async fn sync(
    State(app): State<App>,
    device: Device,
    Body(body): Body,
) -> Result<impl IntoResponse, Failure> {
    // The guard runs before the transaction, so that nobody waits for another's hostile bytes.
    let guarded = match body.len() {
        0..SMALL_BYTES => read(&body)?,
        _ => app.aside.run(move || read(&body)).await?,
    };
    let (dictionary, now_ms) = (guarded.dictionary, app.now_ms());
    let work = move |db: &mut dyn Db| round(db, device, guarded, now_ms);
    let done = app.store.write_in(device.space, work).await?;
    if done.news {
        app.pokes.tell(device.space);
    }
    let mut answer = done.answer;
    if !done.buried.is_empty() {
        app.photos.forget(device.space, done.buried).await?;
    }
    if !done.named.is_empty() {
        let missing = app.photos.missing(device.space, done.named).await?;
        answer.photos_missing = missing.into_iter().map(Into::into).collect();
    }
    Ok(([(header::CONTENT_TYPE, "application/cbor")], answer.to_bytes(dictionary)))
}

fn read(body: &[u8]) -> Result<Guarded, Failure> {
    let (ask, dictionary) = SyncAsk::from_bytes(body).map_err(|_| Failure::Malformed)?;
    let pushed: usize = ask.push.iter().map(|draft| draft.changes.len()).sum();
    let named = ask.photos.len().max(ask.gone.len());
    if pushed > MOST_CHANGES || ask.push.len() > MOST_CHANGES || named > MOST_NAMED {
        return Err(Failure::TooLarge);
    }
    let (mut admitted, mut rejected) = (Vec::with_capacity(pushed), Vec::new());
    let mut allowance = Allowance::default();
    for draft in &ask.push {
        for bytes in &draft.changes {
            match allowance.admit(bytes) {
                Ok(change) => {
                    admitted.push(Pushed { draft: Uuid::from_bytes(*draft.draft), change });
                }
                Err(_) => rejected.push(refused(bytes, RejectedCode::Guard)),
            }
        }
    }
    Ok(Guarded { ask, dictionary, admitted, rejected })
}

/// One transaction: deletions, changes, and what the space has to tell.
fn round(db: &mut dyn Db, device: Device, guarded: Guarded, now_ms: i64) -> Result<Round, Failure> {
    let Guarded { ask, admitted, rejected, .. } = guarded;
    let epoch = store::epoch::now(db)?;
    let mut buried = Vec::new();
    let mut news = false;
    for draft in &ask.gone {
        let photos = store::change::bury(db, device.space, Uuid::from_bytes(**draft), now_ms)?;
        news |= photos.is_some();
        buried.extend(photos.into_iter().flatten());
    }
    let kept = store::change::keep(db, device, &admitted)?;
    let mut answer = SyncAnswer { rejected, ..SyncAnswer::at(epoch, 0) };
    for (at, code) in kept.rejected {
        // What was inflated on its way in is named by neither digest: phones send plain changes.
        let refusal = admitted.get(at).map(|pushed| refused(pushed.change.bytes(), code));
        answer.rejected.extend(refusal);
    }
    let named = named(db, device, &ask.photos)?;
    let cursor = if *ask.epoch == epoch { ask.cursor } else { 0 };
    news |= kept.grown.is_some();
    let nothing_else = |grown: &Grown| grown.by_itself && u64::try_from(grown.before) == Ok(cursor);
    match kept.grown.filter(nothing_else) {
        // Most often a phone has read all but what it brings itself: nothing needs to be looked up.
        Some(grown) => answer.cursor = grown.to.unsigned_abs(),
        None => tell(db, device, cursor, &admitted, &mut answer)?,
    }
    Ok(Round { answer, news, named, buried })
}

/// What the space has to tell, but what this very request brought.
fn tell(
    db: &mut dyn Db,
    device: Device,
    cursor: u64,
    admitted: &[Pushed],
    answer: &mut SyncAnswer,
) -> Result<(), Failure> {
    let known: HashSet<Hash> = admitted.iter().map(|pushed| pushed.change.hash()).collect();
    let news = store::change::news(db, device.space, cursor, &known, MOST_PULLED_BYTES)?;
    (answer.cursor, answer.more) = (news.cursor, news.more);
    answer.gone = news.gone.into_iter().map(|draft| draft.into_bytes().into()).collect();
    answer.pull = news
        .changes
        .into_iter()
        .map(|(draft, changes)| DraftChanges {
            draft: draft.into_bytes().into(),
            changes: changes.into_iter().map(Into::into).collect(),
        })
        .collect();
    Ok(())
}

/// The offered photos that their drafts name; only these may be sent, and each says so from now on.
fn named(db: &mut dyn Db, device: Device, offered: &[OfferedPhoto]) -> Result<Vec<Hash>, Failure> {
    let mut named = Vec::new();
    for OfferedPhoto { draft, hash } in offered {
        let (draft, hash) = (Uuid::from_bytes(**draft), **hash);
        let known = store::photo::is_referenced(db, device.space, draft, &hash)?;
        if known || store::change::names_photo(db, device.space, draft, &hash)? {
            if !known {
                store::photo::refer(db, device.space, draft, &hash)?;
            }
            named.push(hash);
        }
    }
    Ok(named)
}

fn refused(bytes: &[u8], code: RejectedCode) -> Rejected {
    Rejected { digest: <[u8; 32]>::from(Sha256::digest(bytes)).into(), code }
}
