//! One dossier: what was answered, the photo, and the decision.

mod photo;
mod view;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use dossier::card::status_list::Withdrawal;
use dossier::review::{Decision, Reason, Refusing};
use maud::Markup;
use uuid::Uuid;

use super::told::{Named, Told};
use super::{page, wording};
use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Order, Reviewer};
use crate::store;
use crate::store::audit::{Action, note};
use view::Tried;

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
    let now_ms = app.now_ms();
    let seen = app.store.write(move |db| {
        let dossier = store::dossier::by_id(db, id)?;
        note(db, &reviewer.known.name, Action::PhotoSeen, Some(id), now_ms)?;
        Ok(dossier)
    });
    let dossier = seen.await?;
    let photo = store::photo::Named { space: dossier.space, hash: dossier.photo };
    let jpeg = app.photos.bytes(photo).await?.ok_or(Failure::Unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ];
    Ok((headers, jpeg).into_response())
}

/// Accepts: the Region signs a card.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/accept",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("id" = Uuid, Path)),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 409, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn accept(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Redirect, Told> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let decided = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let dossier = store::dossier::decide(db, id, by.id, &Decision::Accept, now_ms)?;
        store::card::accept(db, &keys, &dossier, now_ms)?;
        note(db, &by.name, Action::Accepted, Some(id), now_ms)?;
        // What is accepted stands in the dossier; nothing reads the former values any more.
        store::change::forget_history(db, id)?;
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(decided.await?);
    Ok(Redirect::to("/desk"))
}

/// Refuses, and says why; without a reason the page comes back with what was typed.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/refuse",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("id" = Uuid, Path)),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 409, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
        (status = 422, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn refuse(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Response, Told> {
    let reasons: Vec<Reason> = order.all("reasons").filter_map(wording::read_reason).collect();
    let typed = order.one("note").unwrap_or_default().to_owned();
    let Ok(refusing) = Refusing::new(&reasons, Some(&typed)) else {
        let tried = Tried { unexplained: true, reasons, note: typed };
        let page = shown(&app, &order.reviewer, id, &tried).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let decided = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let refuse = Decision::Refuse(refusing);
        let dossier = store::dossier::decide(db, id, by.id, &refuse, now_ms)?;
        if let Some(provisional) = store::card::good(db, id)? {
            store::card::withdraw(db, &keys, provisional.place, Withdrawal::Blocked, now_ms)?;
        }
        note(db, &by.name, Action::Refused, Some(id), now_ms)?;
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(decided.await?);
    Ok(Redirect::to("/desk").into_response())
}

async fn shown(app: &App, reviewer: &Reviewer, id: Uuid, tried: &Tried) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &name, Action::DossierSeen, Some(id), now_ms)?;
        let duplicate = store::duplicate::open(db, id)?;
        let report = store::photo_report::of(db, id)?;
        let refusal = store::dossier::refusal(db, id)?;
        Ok(view::Seen { dossier: store::dossier::by_id(db, id)?, report, refusal, duplicate })
    });
    let seen = seen.await?;
    let title = format!("Dossier {}", page::number(&seen.dossier));
    Ok(page::page(&title, reviewer, view::content(app, reviewer, &seen, tried)))
}
