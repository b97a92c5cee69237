//! `/v1/cards`: the card of a dossier, for the one phone that may show it.

use axum::extract::State;
use dossier::card::{CardAsk, Standing};
use dossier::hexadecimal;
use dossier::signed::RegionKey;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::request::Json;
use crate::store;
use crate::store::card::Held;

/// Signs the card of a dossier that this device may read for the phone that holds a key. The same
/// phone asks as often as it likes; another one must say that it takes the card over, and the
/// former one's is not good any more.
#[utoipa::path(
    put,
    path = "/v1/cards/{dossier}",
    request_body = CardAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = Standing)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "card_elsewhere", "erased", "no_card", "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn hold(
    State(app): State<App>,
    own: Own,
    Json(asked): Json<CardAsk>,
) -> Result<axum::Json<Standing>, Failure> {
    let is_key = RegionKey::from_hex(&asked.device_key).is_some();
    let key = hexadecimal::array(&asked.device_key).filter(|_| is_key).ok_or(Failure::Malformed)?;
    let (by, now_ms) = (app.telling(), app.now_ms());
    let held = app.store.write(move |db| {
        let dossier = &own.dossier;
        store::card::hold(db, &by.keys, dossier, &Held { key, moving: asked.moving, now_ms })?;
        store::export::standing(db, &by, dossier, now_ms)
    });
    held.await.map(axum::Json)
}
