//! `/v1/sync`: changes up, changes down, acknowledged after COMMIT.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dossier::document::guard;
use dossier::sync::{
    DraftChanges, MOST_CHANGES, MOST_MESSAGE_BYTES, Rejected, SyncAnswer, SyncAsk, VERSION,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::Body;
use crate::store;
use crate::store::change::{Fate, Pushed};
use crate::store::db::Db;

/// Half of the largest message: framing and acknowledgements take the rest.
const MOST_PULLED_BYTES: usize = MOST_MESSAGE_BYTES / 2;

/// A request whose every change went past the guard.
struct Guarded {
    ask: SyncAsk,
    admitted: Vec<(Pushed, [u8; 32])>,
    rejected: Vec<Rejected>,
}

/// One round of sync.
pub(crate) async fn sync(
    State(app): State<App>,
    device: Device,
    Body(body): Body,
) -> Result<impl IntoResponse, Failure> {
    // The guard runs before the transaction, so that nobody waits for another's hostile bytes.
    let Guarded { ask, admitted, rejected } = app.aside.run(move || read(&body)).await?;
    let offered: Vec<[u8; 32]> = ask.photos.iter().map(|photo| **photo).collect();
    let answer = SyncAnswer { version: VERSION, rejected, ..SyncAnswer::default() };
    let round = move |db: &mut dyn Db| round(db, device, ask.cursor, &admitted, answer);
    let mut answer = app.store.write_in(device.space, round).await?;
    if !answer.acked.is_empty() {
        app.pokes.tell(device.space);
    }
    let missing =
        app.photos.read(move |photos| store::photo::missing(photos, device.space, &offered));
    answer.photos_missing = missing.await?.into_iter().map(Into::into).collect();
    Ok(([(header::CONTENT_TYPE, "application/cbor")], answer.to_bytes()))
}

fn read(body: &[u8]) -> Result<Guarded, Failure> {
    let ask = SyncAsk::from_bytes(body).map_err(|_| Failure::Malformed)?;
    let pushed: usize = ask.push.iter().map(|draft| draft.changes.len()).sum();
    if pushed > MOST_CHANGES || ask.push.len() > MOST_CHANGES || ask.photos.len() > MOST_CHANGES {
        return Err(Failure::TooLarge);
    }
    let (mut admitted, mut rejected) = (Vec::new(), Vec::new());
    for draft in &ask.push {
        for bytes in &draft.changes {
            let digest = Sha256::digest(bytes.as_slice()).into();
            match guard::admit(bytes) {
                Ok(change) => {
                    let draft = Uuid::from_bytes(*draft.draft);
                    admitted.push((Pushed { draft, change }, digest));
                }
                Err(_) => rejected.push(refused(digest, "guard")),
            }
        }
    }
    Ok(Guarded { ask, admitted, rejected })
}

fn round(
    db: &mut dyn Db,
    device: Device,
    cursor: u64,
    admitted: &[(Pushed, [u8; 32])],
    mut answer: SyncAnswer,
) -> Result<SyncAnswer, Failure> {
    for (pushed, digest) in admitted {
        match store::change::keep(db, device, pushed)? {
            Fate::Kept => answer.acked.push(pushed.change.hash().into()),
            Fate::Rejected(code) => answer.rejected.push(refused(*digest, code)),
        }
    }
    let news = store::change::news(db, device, cursor, MOST_PULLED_BYTES)?;
    answer.cursor = news.cursor;
    answer.more = news.more;
    answer.pull = news
        .changes
        .into_iter()
        .map(|(draft, changes)| DraftChanges {
            draft: draft.into_bytes().into(),
            changes: changes.into_iter().map(Into::into).collect(),
        })
        .collect();
    Ok(answer)
}

fn refused(digest: [u8; 32], code: &str) -> Rejected {
    Rejected { digest: digest.into(), code: code.to_owned() }
}
