//! `/v1/duplicates`: another card for one that is lost, stolen or damaged.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dossier::card::Standing;
use dossier::card::duplicate::DuplicateAsk;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::{self, Path};
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
    request::Json(asked): request::Json<DuplicateAsk>,
) -> Result<StatusCode, Failure> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let taken = app.store.write(move |db| {
        store::session::admit(db, device, asked.dossier, now_ms)?;
        store::duplicate::take(db, &keys, id, &asked, now_ms)
    });
    taken.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a request back, for a day and while the new card is not being made: the old card is good
/// again. Asked again, the same answer: where the dossier stands now.
#[utoipa::path(
    delete,
    path = "/v1/duplicates/{id}",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Standing)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!(["erased", "no_card", "session_over", "too_late", "unknown"])
    )),
)]
pub(crate) async fn take_back(
    State(app): State<App>,
    device: Device,
    Path(id): Path<Uuid>,
) -> Result<Json<Standing>, Failure> {
    let (by, now_ms) = (app.telling(), app.now_ms());
    let taken_back = app.store.write(move |db| {
        let dossier = store::duplicate::take_back(db, &by.keys, (device, id), now_ms)?;
        Ok((store::export::standing(db, &by, &dossier, now_ms)?, dossier.space))
    });
    let (standing, space) = taken_back.await?;
    app.pokes.tell(space);
    Ok(Json(standing))
}
