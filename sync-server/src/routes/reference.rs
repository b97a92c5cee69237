//! `/v1/reference`: schools, tracks, communes and charter, as one signed pack.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::app::App;
use crate::failure::Failure;
use crate::request::Path;

/// Which pack is in force.
pub(crate) async fn newest(State(app): State<App>) -> Json<Value> {
    let reference = &app.reference;
    Json(json!({
        "version": reference.pack.version,
        "sha256": reference.sha256,
        "manifest": BASE64_STANDARD.encode(&reference.manifest),
    }))
}

/// The bytes of the pack with this hash; they never change, so they may be kept for ever.
pub(crate) async fn pack(
    State(app): State<App>,
    Path(sha256): Path<String>,
) -> Result<impl IntoResponse, Failure> {
    if sha256 != app.reference.sha256 {
        return Err(Failure::Unknown);
    }
    let headers = [
        (header::CONTENT_TYPE, "application/cbor"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, app.reference.bytes.clone()))
}
