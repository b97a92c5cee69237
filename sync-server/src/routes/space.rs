//! `/v1/space`: which space a phone may use.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Token;
use crate::request::Json;
use crate::store;

/// `PUT /v1/space`
#[derive(Debug, Deserialize)]
pub(crate) struct BindSpace {
    space: Uuid,
}

/// Binds the phone's token to its space, at the first use and for ever.
pub(crate) async fn bind(
    State(app): State<App>,
    token: Token,
    Json(asked): Json<BindSpace>,
) -> Result<StatusCode, Failure> {
    let now_ms = app.now_ms();
    app.store.write(move |db| store::space::bind(db, &token.hash, asked.space, now_ms)).await?;
    Ok(StatusCode::NO_CONTENT)
}
