//! `/v1/corrections`: what a student was asked to mend comes back, once, and the server gives its word.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use dossier::account::SignedIn;
use dossier::form::correction::{Correction, Topic};
use dossier::form::photo_choice::PhotoHash;
use dossier::form::{Answers, Field, Refusal};
use dossier::hexadecimal;
use dossier::review::CorrectionAsk;
use sha2::{Digest, Sha256};

use super::deposits::{EXAMINED_WITHIN, judge, refused};
use super::photos::MOST_PHOTO_BYTES;
use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::heavy::in_time;
use crate::request;
use crate::store;
use crate::store::correction::Mended;
use crate::store::dossier::Dossier;
use crate::store::photo::Named;

/// The largest photo in base64, and every field.
pub(crate) const MOST_BYTES: usize = MOST_PHOTO_BYTES / 3 * 4 + 16 * 1024;

/// Takes the answer to a request of the desk, and tells the whole dossier as it is then, with its
/// receipt. Asked again, it tells the same.
#[utoipa::path(
    put,
    path = "/v1/corrections/{dossier}",
    request_body = CorrectionAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = SignedIn)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "busy", "erased", "illegal_move", "incomplete", "not_the_photo", "photo_missing",
            "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn answer(
    State(app): State<App>,
    own: Own,
    request::Json(ask): request::Json<CorrectionAsk>,
) -> Result<Json<SignedIn>, Failure> {
    let dossier = own.dossier;
    let (id, space, named) = (dossier.id, dossier.space, ask.correction);
    let requested = app.store.read(move |db| store::correction::by_id(db, named)).await?;
    let requested = requested.filter(|it| it.dossier == id).ok_or(Failure::Unknown)?;
    let topics = requested.asked.topics();
    if requested.digest != Some(ask.digest()) {
        if requested.closed_ms != 0 {
            return Err(Failure::IllegalMove);
        }
        let mended = in_time(EXAMINED_WITHIN, examine(&app, &dossier, topics, ask)).await?;
        let (keys, now_ms) = (app.keys.clone(), app.now_ms());
        let taken =
            app.store.write(move |db| store::correction::take(db, &keys, id, &mended, now_ms));
        taken.await?;
        app.pokes.tell(space);
    }
    let (by, now_ms) = (app.telling(), app.now_ms());
    let told = app.store.read(move |db| {
        let dossier = store::dossier::by_id(db, id)?;
        store::export::signed_in(db, &by, &dossier, now_ms)
    });
    told.await.map(Json)
}

/// Checks the answer with the same code as the phone, and keeps its photo.
async fn examine(
    app: &App,
    dossier: &Dossier,
    topics: &[Topic],
    ask: CorrectionAsk,
) -> Result<Mended, Failure> {
    let (id, digest) = (ask.correction, ask.digest());
    // Whatever was not asked for stays as it is, and nobody is told that it changed.
    if ask.typed.keys().any(|field| !Topic::open(topics, *field)) {
        return Err(Failure::Malformed);
    }
    let correction = read(app, dossier, topics, ask.typed).await?;
    let judged = match (correction.photo(), ask.photo) {
        (None, None) => None,
        (None, Some(_)) => return Err(Failure::Malformed),
        (Some(_), None) => return Err(Failure::PhotoMissing),
        (Some(named), Some(base64)) => {
            let jpeg = photo(named, &base64)?;
            let judged = judge(app, named.0, jpeg.clone()).await?;
            let named = Named { space: dossier.space, hash: named.0 };
            app.photos.keep(named, jpeg, app.now_ms()).await?;
            Some(judged)
        }
    };
    Ok(Mended { id, digest, correction, judged })
}

async fn read(
    app: &App,
    dossier: &Dossier,
    topics: &[Topic],
    typed: BTreeMap<Field, String>,
) -> Result<Correction, Failure> {
    let id = dossier.id;
    let kept = app.store.read(move |db| store::account::answers(db, id)).await?;
    let answers = Answers::from(kept).corrected(topics, typed);
    let (former, pack) = (hexadecimal::text(&dossier.photo), &app.reference.now().pack);
    Correction::read(&answers, &former, topics, pack, app.today()).map_err(Failure::Incomplete)
}

/// The bytes that this hash names.
fn photo(named: PhotoHash, base64: &str) -> Result<Bytes, Failure> {
    let jpeg = BASE64_STANDARD.decode(base64).map_err(|_| Failure::Malformed)?;
    if jpeg.len() > MOST_PHOTO_BYTES {
        return Err(refused(Field::Photo, Refusal::Malformed));
    }
    let right = *Sha256::digest(&jpeg) == named.0;
    if right { Ok(jpeg.into()) } else { Err(Failure::NotThePhoto) }
}
