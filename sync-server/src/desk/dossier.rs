//! One dossier: what was answered and corrected, the photo, and what is decided.

pub(super) mod benefits;
mod corrected;
pub(super) mod decision;
mod forms;
mod photo;
mod view;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dossier::form::Answers;
use maud::Markup;
use uuid::Uuid;

use super::page;
use super::told::{Named, Told};
use crate::app::App;
use crate::failure::Failure;
use crate::gate::Reviewer;
use crate::store;
use crate::store::audit::{Action, note};
use forms::Tried;

/// The page of a dossier.
#[utoipa::path(
    get,
    path = "/desk/dossiers/{id}",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn show(
    State(app): State<App>,
    reviewer: Reviewer,
    Named(id): Named<Uuid>,
) -> Result<Markup, Told> {
    shown(&app, &reviewer, id, &Tried::default()).await
}

/// The identity photo, never anywhere but on its dossier's page.
#[utoipa::path(
    get,
    path = "/desk/dossiers/{id}/photo",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, content(("image/jpeg"))),
        (status = 303),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn picture(
    State(app): State<App>,
    reviewer: Reviewer,
    Named(id): Named<Uuid>,
) -> Result<Response, Told> {
    photo_of(&app, reviewer, id, false).await
}

/// The photo that a correction took the place of.
#[utoipa::path(
    get,
    path = "/desk/dossiers/{id}/photo/former",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, content(("image/jpeg"))),
        (status = 303),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn former_picture(
    State(app): State<App>,
    reviewer: Reviewer,
    Named(id): Named<Uuid>,
) -> Result<Response, Told> {
    photo_of(&app, reviewer, id, true).await
}

async fn photo_of(app: &App, reviewer: Reviewer, id: Uuid, former: bool) -> Result<Response, Told> {
    let now_ms = app.now_ms();
    let seen = app.store.write(move |db| {
        let dossier = store::dossier::by_id(db, id)?;
        let answered = if former { store::correction::answered(db, id)? } else { None };
        note(db, &reviewer.known.name, Action::PhotoSeen, Some(id), now_ms)?;
        Ok((dossier, answered.and_then(|it| it.former_photo)))
    });
    let (dossier, replaced) = seen.await?;
    let hash = if former { replaced.ok_or(Failure::Unknown)? } else { dossier.photo };
    let photo = store::photo::Named { space: dossier.space, hash };
    let jpeg = app.photos.bytes(photo).await?.ok_or(Failure::Unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ];
    Ok((headers, jpeg).into_response())
}

async fn shown(app: &App, reviewer: &Reviewer, id: Uuid, tried: &Tried) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let pack = app.telling().pack;
    let next_movement =
        uuid::Builder::from_random_bytes(crate::app::random().map_err(Failure::from)?).into_uuid();
    let seen = app.store.write(move |db| {
        note(db, &name, Action::DossierSeen, Some(id), now_ms)?;
        let dossier = store::dossier::by_id(db, id)?;
        Ok(view::Seen {
            duplicate: store::duplicate::open(db, id)?,
            report: store::photo_report::of(db, id)?,
            refusal: store::review::refusal(db, id)?,
            asked: store::correction::open(db, id)?,
            answered: store::correction::answered(db, id)?,
            answers: Answers::from(store::account::answers(db, id)?),
            in_hands_of: store::desk::name(db, dossier.reviewer)?,
            timeline: store::review::timeline(db, &dossier)?,
            making: store::review::making(db, id)?,
            namesakes: store::dossier::namesakes(db, &dossier)?,
            balances: store::benefit::left(db, &pack, &dossier, now_ms)?,
            movements: store::benefit::all(db, id)?,
            next_movement,
            dossier,
        })
    });
    let seen = seen.await?;
    let title = format!("Dossier {}", page::number(&seen.dossier));
    Ok(page::page(&title, reviewer, view::content(app, reviewer, &seen, tried)))
}
