//! `/v1/stand`: a tablet at an event is set up, and hears of the other tablets.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::hexadecimal;
use dossier::signed::VerifyingKey;
use dossier::stand::{PrintsAnswer, StandAnswer, StandAsk, StandPrints};
use serde::Deserialize;

use super::sign_in::shown;
use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::request::{self, Query};
use crate::store::audit::{Action, note};
use crate::store::db::Db;
use crate::store::epoch;
use crate::store::event::{self, Event};
use crate::store::print::{self, Printed};
use crate::store::stand::{self, SetUp, Stand};

/// Prints of one answer: a day of a stand.
const MOST_PRINTS: u32 = 500;

/// Sets this device up as the tablet that a code of the desk is for, once; asked again by the same
/// device with the same key, the answer is the same.
#[utoipa::path(
    put,
    path = "/v1/stand",
    request_body = StandAsk,
    responses((status = 200, body = StandAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["setup_code_spent"]))),
)]
pub(crate) async fn set_up(
    State(app): State<App>,
    device: Device,
    request::Json(ask): request::Json<StandAsk>,
) -> Result<Json<StandAnswer>, Failure> {
    let token = hexadecimal::array::<16>(&ask.token).ok_or(Failure::Malformed)?;
    let device_key = hexadecimal::array::<32>(&ask.device_key).ok_or(Failure::Malformed)?;
    VerifyingKey::from_bytes(&device_key).map_err(|_| Failure::Malformed)?;
    let (shared, now_ms) = (app.clone(), app.now_ms());
    let told = app.store.write(move |db| {
        let stand = stand::of_code(db, device, (&token, &device_key), now_ms)?;
        let event = event::by_id(db, stand.event)?;
        if stand.set_up_ms != 0 {
            return answer(db, &stand, &event);
        }
        // What its tablet seals is for these: they are in the set before it asks for the set.
        shared.keys.sealing(now_ms)?;
        let delegation = shared.keys.delegate(stand.id, &event, &device_key, now_ms)?;
        let name = &shown(&ask.name);
        let with = SetUp { device, device_key: &device_key, name, delegation: &delegation };
        stand::set_up(db, stand.id, &with, now_ms)?;
        note(db, "", Action::TabletSetUp, None, now_ms)?;
        let stand = stand::by_id(db, stand.id)?;
        answer(db, &stand, &event)
    });
    told.await.map(Json)
}

/// What this device was set up as.
#[utoipa::path(
    get,
    path = "/v1/stand",
    responses((status = 200, body = StandAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn now(
    State(app): State<App>,
    device: Device,
) -> Result<Json<StandAnswer>, Failure> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let told = app.store.write(move |db| {
        let stand = stand::of_device(db, device)?;
        stand::seen(db, &stand, now_ms)?;
        keys.sealing(now_ms)?;
        let event = event::by_id(db, stand.event)?;
        answer(db, &stand, &event)
    });
    told.await.map(Json)
}

fn answer(db: &mut dyn Db, stand: &Stand, event: &Event) -> Result<StandAnswer, Failure> {
    Ok(StandAnswer {
        stand: stand.id,
        event: event.name.clone(),
        place: event.place.clone(),
        first_day: event.first_day.to_string(),
        last_day: event.last_day.to_string(),
        schools: event.schools.clone(),
        most_cards: event.most_cards,
        delegation: BASE64_STANDARD.encode(&stand.delegation),
        prints_key: hexadecimal::text(&event.prints_key),
        revoked: stand.is_revoked(),
        epoch: hexadecimal::text(&epoch::now(db)?),
    })
}

fn told(printed: Printed) -> StandPrints {
    StandPrints {
        stand: printed.stand,
        dossier: printed.dossier,
        finished_at_ms: printed.made_ms,
        prints: printed.prints.into_iter().map(|print| format!("{print:016x}")).collect(),
    }
}

/// From where on prints are asked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The `next` of the answer before; 0 at first.
    #[serde(default)]
    after: i64,
}

/// The prints of whom the other tablets of the event enrolled.
#[utoipa::path(
    get,
    path = "/v1/stand/prints",
    params(After),
    responses((status = 200, body = PrintsAnswer)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["revoked", "unknown"]))),
)]
pub(crate) async fn prints(
    State(app): State<App>,
    device: Device,
    Query(After { after }): Query<After>,
) -> Result<Json<PrintsAnswer>, Failure> {
    let told = app.store.read(move |db| {
        let stand = stand::of_device(db, device)?;
        if stand.is_revoked() {
            return Err(Failure::Revoked);
        }
        let printed = print::after(db, &stand, after, MOST_PRINTS)?;
        let next = printed.last().map_or(after, |last| last.id);
        let more = printed.len() >= MOST_PRINTS as usize;
        let prints = printed.into_iter().map(told).collect();
        Ok(PrintsAnswer { prints, next, more })
    });
    told.await.map(Json)
}
