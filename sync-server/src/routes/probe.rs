//! `/v1/probe`: the truth about the network, and which server this is.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// Which server this is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Probed {
    /// Its public key, in hexadecimal.
    region_key: String,
}

/// `GET /v1/probe`: the key that this server signs with. A phone that pins another one stops here.
#[utoipa::path(
    get,
    path = "/v1/probe",
    responses((status = 200, body = Probed)),
)]
pub(crate) async fn probe(State(app): State<App>) -> Json<Probed> {
    Json(Probed { region_key: app.region_key().to_hex() })
}
