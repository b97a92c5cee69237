//! Events at which tablets enrol students: for administrators.

pub(super) mod envelope;
mod event;
mod form;
pub(super) mod tablet;
mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use uuid::Uuid;

use super::page;
use super::told::{Named, Told};
use crate::app::{App, random};
use crate::failure::Failure;
use crate::gate::{Administrator, AdministratorOrder, Reviewer};
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::event::Event;
use form::Typed;

/// Events of one page, the newest first.
const MOST_EVENTS: u32 = 100;
/// Stuck envelopes of one page; the next ones move up as these are settled.
const MOST_STUCK: u32 = 100;

/// Every event, and the form for another.
#[utoipa::path(
    get,
    path = "/desk/stands",
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
        (status = 403, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn all(
    State(app): State<App>,
    Administrator(reviewer): Administrator,
) -> Result<Markup, Told> {
    events(&app, &reviewer, &Typed::default(), &[]).await
}

/// Makes an event; what cannot be read comes back with what was typed.
#[utoipa::path(
    post,
    path = "/desk/stands",
    request_body(content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
        (status = 422, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn make(
    State(app): State<App>,
    AdministratorOrder(order): AdministratorOrder,
) -> Result<Response, Told> {
    let typed = Typed::of(&order);
    let read = {
        let reference = app.reference.now();
        typed.read(|uai| reference.pack.school(uai).is_some(), app.today())
    };
    let asked = match read {
        Ok(asked) => asked,
        Err(faults) => {
            let page = events(&app, &order.reviewer, &typed, &faults).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let id = Uuid::from_bytes(random().map_err(Failure::from)?);
    let prints_key = random().map_err(Failure::from)?;
    let (event, now_ms) = (Event { id, prints_key, ..asked }, app.now_ms());
    let made = app.store.write(move |db| {
        note(db, &order.reviewer.known.name, Action::EventMade, None, now_ms)?;
        store::event::add(db, &event, now_ms)
    });
    made.await?;
    Ok(Redirect::to(&format!("/desk/stands/{id}")).into_response())
}

/// An event: its tablets, and the envelopes that wait for a person.
#[utoipa::path(
    get,
    path = "/desk/stands/{id}",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn one(
    State(app): State<App>,
    Administrator(reviewer): Administrator,
    Named(id): Named<Uuid>,
) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &name, Action::StandsSeen, None, now_ms)?;
        let event = store::event::by_id(db, id)?;
        let tablets = store::stand::of_event(db, id)?;
        Ok((event, tablets, store::envelope::stuck(db, id, MOST_STUCK)?))
    });
    let (event, tablets, stuck) = seen.await?;
    let content = event::content(&app, &reviewer, &event, &tablets, &stuck);
    Ok(page::page(&event.name, &reviewer, content))
}

async fn events(
    app: &App,
    reviewer: &Reviewer,
    typed: &Typed,
    faults: &[String],
) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &name, Action::StandsSeen, None, now_ms)?;
        store::event::newest(db, MOST_EVENTS)
    });
    let events = seen.await?;
    let content = html! {
        h1 { "Stands" }
        @for fault in faults { (page::alert(fault)) }
        @if events.is_empty() {
            p.empty { "Aucun événement. Créez le premier ci-dessous, puis ajoutez-y une tablette." }
        } @else {
            (view::events(&events))
        }
        (form::form(reviewer, typed))
    };
    Ok(page::page("Stands", reviewer, content))
}
