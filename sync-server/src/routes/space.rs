//! `/v1/space`: which space a phone may use.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Token;
use crate::request::Json;
use crate::store;

/// `PUT /v1/space`
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct BindSpace {
    /// A random identifier of version 4, or any other that nobody guesses.
    space: Uuid,
}

/// Binds the phone's token to its space, at the first use and for ever.
#[utoipa::path(
    put,
    path = "/v1/space",
    request_body = BindSpace,
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["forbidden"]))),
)]
pub(crate) async fn bind(
    State(app): State<App>,
    token: Token,
    Json(asked): Json<BindSpace>,
) -> Result<StatusCode, Failure> {
    let now_ms = app.now_ms();
    app.store.write(move |db| store::space::bind(db, &token.hash, asked.space, now_ms)).await?;
    Ok(StatusCode::NO_CONTENT)
}
