//! `/v1/reference`: schools, tracks, communes, places, charter…, each list under its own digest.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::failure::Failure;
use crate::request::Path;

/// A publication.
#[derive(Serialize, ToSchema)]
pub(crate) struct Published {
    /// Its name.
    version: String,
    /// The signed digests of its lists, in base64.
    manifest: String,
}

/// Which publication is in force, and the signed digests of its lists.
#[utoipa::path(
    get,
    path = "/v1/reference",
    responses((status = 200, body = Published)),
)]
pub(crate) async fn newest(State(app): State<App>) -> Result<Json<Published>, Failure> {
    let shared = app.clone();
    app.store.read(move |db| shared.reference.refresh(db, shared.keys.root())).await?;
    let reference = app.reference.now();
    Ok(Json(Published {
        version: reference.pack.version.clone(),
        manifest: BASE64_STANDARD.encode(&reference.manifest),
    }))
}

/// The list with this digest; what a digest names never changes, so it may be kept for ever.
#[utoipa::path(
    get,
    path = "/v1/reference/{sha256}",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = String)),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn list(
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    let text = app.reference.now().lists.get(&sha256).cloned().ok_or(Failure::Unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, text))
}
