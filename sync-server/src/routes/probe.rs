//! `/v1/probe`: the truth about the network, and which server this is.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;

/// `GET /v1/probe`: the key that this server signs with. A phone that pins another one stops here.
pub(crate) async fn probe(State(app): State<App>) -> Json<Value> {
    Json(json!({ "region_key": app.region_key().to_hex() }))
}
