//! `/v1/reference`: schools, tracks, communes, places, charter…, each list under its own digest.

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

/// Which publication is in force, and the signed digests of its lists.
pub(crate) async fn newest(State(app): State<App>) -> Result<Json<Value>, Failure> {
    let shared = app.clone();
    app.store.read(move |db| shared.reference.refresh(db, shared.keys.root())).await?;
    let reference = app.reference.now();
    Ok(Json(json!({
        "version": reference.pack.version,
        "manifest": BASE64_STANDARD.encode(&reference.manifest),
    })))
}

/// The list with this digest; what a digest names never changes, so it may be kept for ever.
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
