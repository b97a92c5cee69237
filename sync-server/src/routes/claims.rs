//! `/v1/claims`: a student brings the slip of a stand, and has the dossier on a phone.

use axum::Json;
use axum::extract::State;
use dossier::account::SignedIn;
use dossier::hexadecimal;
use dossier::stand::ClaimAsk;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Client, Device};
use crate::request::{self, Path};
use crate::store::{self, claim, session};
use crate::throttle::Door;

/// Opens the dossier of a slip to this device, once: the same device may ask again, no other. What is
/// still on the tablet is unknown, and may be asked for later.
#[utoipa::path(
    put,
    path = "/v1/claims/{dossier}",
    request_body = ClaimAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = SignedIn)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "forbidden", "too_many_tries", "unknown"]))),
)]
pub(crate) async fn claim(
    State(app): State<App>,
    device: Device,
    client: Client,
    Path(dossier): Path<Uuid>,
    request::Json(ask): request::Json<ClaimAsk>,
) -> Result<Json<SignedIn>, Failure> {
    let secret = hexadecimal::array::<16>(&ask.secret).ok_or(Failure::Malformed)?;
    // Asked for again and again until it is here: that is no wrong try.
    app.store.read(move |db| claim::is_known(db, dossier)).await?;
    let (named, now_ms) = (dossier.to_string(), app.now_ms());
    app.doors.knock(Door::Code, &client, &named, now_ms)?;
    let by = app.telling();
    let opened = app.store.write(move |db| {
        claim::take(db, device, (dossier, &secret), now_ms)?;
        let space = store::dossier::by_id(db, dossier)?.space;
        session::open(db, device, (dossier, space), "", now_ms)?;
        let dossier = session::admit(db, device, dossier, now_ms)?.dossier;
        store::export::signed_in(db, &by, &dossier, now_ms)
    });
    let opened = opened.await?;
    app.doors.open(Door::Code, &client, &named);
    Ok(Json(opened))
}
