//! `/v1/envelopes`: what a tablet sealed is kept, and the server gives its word.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::document::Hash;
use dossier::stand::envelope::{EnvelopeReceipt, Header};
use dossier::stand::{EnvelopeAnswer, EnvelopeState};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::intake::{self, Judged};
use crate::request::{self, Body, Path};
use crate::store;
use crate::store::envelope::{Arrived, Stage};

/// The largest envelope: a photo, and the longest history.
pub(crate) const MOST_ENVELOPE_BYTES: usize = 512 * 1024;

/// Keeps an envelope that a tablet of an event signed, whoever brings it, and tries to deposit it.
/// Asked again, the receipt is the same, byte for byte. An authentic one is never refused.
#[utoipa::path(
    put,
    path = "/v1/envelopes/{sha256}",
    request_body(content_type = "application/octet-stream"),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = EnvelopeAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "not_the_envelope", "unknown"]))),
)]
pub(crate) async fn keep(
    State(app): State<App>,
    _: Device,
    Path(digest): Path<String>,
    Body(bytes): Body,
) -> Result<Json<EnvelopeAnswer>, Failure> {
    let digest = request::hash(&digest)?;
    let told = |db: &mut dyn store::db::Db| store::envelope::told(db, &digest);
    if app.store.read(told).await?.is_none() {
        let check = move || if *Sha256::digest(&bytes) == digest { Ok(bytes) } else { Err(Failure::NotTheEnvelope) };
        let bytes = app.aside.run(check).await?;
        store_it(&app, digest, bytes.to_vec()).await?;
    }
    let stage = intake::opened(&app, digest, Judged::ByNobody).await?;
    let told = app.store.read(move |db| store::envelope::told(db, &digest)).await?;
    let receipt = BASE64_STANDARD.encode(told.ok_or(Failure::Unknown)?.receipt);
    let state = match stage {
        Stage::Deposited | Stage::Superseded => EnvelopeState::Deposited,
        // Nobody else's to mend: for its tablet both mean that the Region has it and looks at it.
        Stage::Kept | Stage::Stuck => EnvelopeState::Stuck,
    };
    Ok(Json(EnvelopeAnswer { receipt, state }))
}

/// Checks who signed it, and keeps it.
async fn store_it(app: &App, digest: Hash, bytes: Vec<u8>) -> Result<(), Failure> {
    let header = Header::read(&bytes).map_err(|_| Failure::NotTheEnvelope)?;
    let id = header.stand;
    let stand = app.store.read(move |db| store::stand::by_id(db, id)).await?;
    let device_key = stand.device_key.ok_or(Failure::Unknown)?;
    header.verify(&bytes, &device_key).map_err(|_| Failure::NotTheEnvelope)?;
    let now_ms = app.now_ms();
    let receipt = EnvelopeReceipt { envelope: digest.into(), stored_at_ms: now_ms };
    let arrived = Arrived {
        digest,
        stand: stand.id,
        sequence: i64::try_from(header.sequence).map_err(|_| Failure::NotTheEnvelope)?,
        dossier: header.dossier,
        supersedes: header.supersedes,
        prints: header.prints,
        receipt: receipt.sign(app.keys.root()),
        bytes,
    };
    app.store.write(move |db| store::envelope::keep(db, &arrived, now_ms)).await
}
