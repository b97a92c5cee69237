//! `/v1/envelopes`: what a tablet sealed is kept, and the server gives its word.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::document::Hash;
use dossier::stand::envelope;
use dossier::stand::{EnvelopeAnswer, EnvelopeReceipt, EnvelopeState};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::intake::{self, Judged};
use crate::request::{self, Body, Path};
use crate::store;
use crate::store::envelope::{Arrived, Stage};

/// Keeps an envelope that a tablet of an event signed, whoever brings it, and tries to deposit it.
/// Asked again, the receipt is the same, byte for byte. An authentic one is never refused.
#[utoipa::path(
    put,
    path = "/v1/envelopes/{sha256}",
    request_body(content_type = "application/octet-stream"),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = EnvelopeAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["not_the_envelope", "unknown"]))),
)]
pub(crate) async fn keep(
    State(app): State<App>,
    _: Device,
    Path(digest): Path<String>,
    Body(bytes): Body,
) -> Result<Json<EnvelopeAnswer>, Failure> {
    let digest = request::hash(&digest)?;
    let known = app.store.read(move |db| store::envelope::told(db, &digest)).await?;
    if known.is_none() {
        let check = move || {
            let right = *Sha256::digest(&bytes) == digest;
            if right { Ok(bytes.to_vec()) } else { Err(Failure::NotTheEnvelope) }
        };
        store_it(&app, digest, app.aside.run(check).await?).await?;
    }
    // What cannot be opened now is opened later: its tablet has the Region's word already.
    if let Err(failure) = intake::opened(&app, digest, Judged::ByNobody).await {
        failure.log();
    }
    answer(&app, digest).await
}

/// What became of an envelope, for who brought it and heard that nobody had opened it yet.
#[utoipa::path(
    get,
    path = "/v1/envelopes/{sha256}",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = EnvelopeAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn told(
    State(app): State<App>,
    _: Device,
    Path(digest): Path<String>,
) -> Result<Json<EnvelopeAnswer>, Failure> {
    answer(&app, request::hash(&digest)?).await
}

async fn answer(app: &App, digest: Hash) -> Result<Json<EnvelopeAnswer>, Failure> {
    let told = app.store.read(move |db| store::envelope::told(db, &digest)).await?;
    let told = told.ok_or(Failure::Unknown)?;
    let receipt = BASE64_STANDARD.encode(told.receipt);
    let state = match told.stage {
        Stage::Kept => EnvelopeState::Stored,
        Stage::Deposited | Stage::Superseded => EnvelopeState::Deposited,
        // Its tablet heard that a person looks at it; that person did.
        Stage::Stuck | Stage::Discarded => EnvelopeState::Stuck,
    };
    Ok(Json(EnvelopeAnswer { receipt, state }))
}

/// Checks who signed it, and keeps it.
async fn store_it(app: &App, digest: Hash, bytes: Vec<u8>) -> Result<(), Failure> {
    let id = envelope::claimed_stand(&bytes).map(Uuid::from_bytes);
    let id = id.ok_or(Failure::NotTheEnvelope)?;
    let stand = app.store.read(move |db| store::stand::by_id(db, id)).await?;
    let device_key = stand.device_key.ok_or(Failure::Unknown)?;
    let header = envelope::read(&bytes, &device_key).map_err(|_| Failure::NotTheEnvelope)?;
    let now_ms = app.now_ms();
    let receipt = EnvelopeReceipt { envelope: digest.into(), stored_at_ms: now_ms };
    let arrived = Arrived {
        digest,
        stand: stand.id,
        sequence: header.sequence.into(),
        dossier: Uuid::from_bytes(*header.dossier),
        supersedes: header.supersedes.map(Into::into),
        prints: header.prints,
        made_ms: header.made_at_ms,
        receipt: receipt.sign(app.keys.root()),
        bytes,
    };
    app.store.write(move |db| store::envelope::keep(db, &arrived, now_ms)).await
}
