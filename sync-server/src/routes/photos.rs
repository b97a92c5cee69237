//! `/v1/photos`: the bytes of identity photos, named by their hash.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::{self, Body, Path};
use crate::store;
use crate::store::photo::Named;

/// Our own JPEG files weigh 100 to 200 kB; `portrait` takes no more than this either.
pub(crate) const MOST_PHOTO_BYTES: usize = 512_000;
/// The first bytes of every JPEG file. The picture itself is decoded at the deposit.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// Keeps a photo that a draft of this space names; whoever only knows a hash gets nowhere.
#[utoipa::path(
    put,
    path = "/v1/photos/{sha256}",
    request_body(content_type = "image/jpeg"),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["forbidden", "not_the_photo"]))),
)]
pub(crate) async fn keep(
    State(app): State<App>,
    device: Device,
    Path(hash): Path<String>,
    Body(jpeg): Body,
) -> Result<StatusCode, Failure> {
    let hash = request::hash(&hash)?;
    let named =
        app.store.read(move |db| store::photo::may_be_sent(db, device.space, &hash)).await?;
    if !named {
        return Err(Failure::Forbidden);
    }
    let check = move || {
        let right = jpeg.starts_with(&JPEG) && *Sha256::digest(&jpeg) == hash;
        if right { Ok(jpeg) } else { Err(Failure::NotThePhoto) }
    };
    let jpeg = app.aside.run(check).await?;
    app.photos.keep(Named { space: device.space, hash }, jpeg, app.now_ms()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A photo of this space, or of a dossier that this device signed in to.
#[utoipa::path(
    get,
    path = "/v1/photos/{sha256}",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, content(("image/jpeg")))),
    security(("device" = [])),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn read(
    State(app): State<App>,
    device: Device,
    Path(hash): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let (hash, now_ms) = (request::hash(&hash)?, app.now_ms());
    let named = app.store.read(move |db| store::session::photo(db, device, &hash, now_ms)).await?;
    let jpeg = app.photos.bytes(named).await?.ok_or(Failure::Unknown)?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], jpeg))
}
