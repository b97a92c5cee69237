//! `/v1/dossiers`: where a dossier stands.

use axum::Json;
use axum::extract::State;
use dossier::card::Standing;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::store;

/// State, reasons, card and duplicate of a dossier that this device may read.
#[utoipa::path(
    get,
    path = "/v1/dossiers/{draft}",
    params(("draft" = Uuid, Path)),
    responses((status = 200, body = Standing)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn standing(State(app): State<App>, own: Own) -> Result<Json<Standing>, Failure> {
    let (by, now_ms) = (app.telling(), app.now_ms());
    app.store.read(move |db| store::export::standing(db, &by, &own.dossier, now_ms)).await.map(Json)
}
