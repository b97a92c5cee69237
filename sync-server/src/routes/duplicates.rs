//! `/v1/duplicates`: another card for one that is lost, stolen or damaged.

use axum::extract::State;
use axum::http::StatusCode;
use dossier::card::duplicate::DuplicateAsk;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::{Json, Path};
use crate::store;

/// Blocks the card of a dossier that this device may read, at once, and signs another.
#[utoipa::path(
    put,
    path = "/v1/duplicates/{id}",
    request_body = DuplicateAsk,
    params(("id" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "duplicate_open", "erased", "no_card", "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn ask(
    State(app): State<App>,
    device: Device,
    Path(id): Path<Uuid>,
    Json(asked): Json<DuplicateAsk>,
) -> Result<StatusCode, Failure> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let taken = app.store.write(move |db| {
        store::session::admit(db, device, asked.dossier, now_ms)?;
        store::duplicate::take(db, &keys, id, &asked, now_ms)
    });
    taken.await?;
    Ok(StatusCode::NO_CONTENT)
}
