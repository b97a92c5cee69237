//! What a reviewer does with a dossier.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use dossier::card::status_list::Withdrawal;
use dossier::form::correction::Topic;
use dossier::review::{Correcting, Decision, Making, Reason, Refusing};
use uuid::Uuid;

use super::forms::{Tried, Unexplained};
use super::shown;
use crate::app::App;
use crate::desk::told::{Named, Told};
use crate::desk::wording;
use crate::failure::Failure;
use crate::gate::Order;
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::mail::Kind;

/// Takes a dossier in hand: it stands in this reviewer's queue from now on.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/take",
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
pub(in crate::desk) async fn take(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Redirect, Told> {
    let now_ms = app.now_ms();
    let taken = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let dossier = store::review::decide(db, id, by.id, &Decision::Take, now_ms)?;
        note(db, &by.name, Action::Taken, Some(id), now_ms)?;
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(taken.await?);
    Ok(Redirect::to(&format!("/desk/dossiers/{id}")))
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
pub(in crate::desk) async fn accept(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Redirect, Told> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let decided = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let dossier = store::review::decide(db, id, by.id, &Decision::Accept, now_ms)?;
        store::card::accept(db, &keys, &dossier, now_ms)?;
        note(db, &by.name, Action::Accepted, Some(id), now_ms)?;
        // What is accepted stands in the dossier; nothing reads the former values any more.
        store::change::forget_history(db, id)?;
        store::envelope::forget_bytes(db, id)?;
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(decided.await?);
    Ok(Redirect::to("/desk"))
}

/// Asks the student to mend something, and tells them by mail that there is something to mend; asked
/// for nothing or without a reason, the page comes back with what was typed.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/correct",
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
pub(in crate::desk) async fn correct(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Response, Told> {
    let topics: Vec<Topic> = order.all("topics").filter_map(wording::read_topic).collect();
    let (reasons, typed) = explained(&order);
    let Ok(correcting) = Correcting::new(&topics, &reasons, Some(&typed)) else {
        let unexplained = Some(Unexplained::Correction);
        let tried = Tried { topics, reasons, note: typed, unexplained, ..Tried::default() };
        return again(&app, &order, id, &tried).await;
    };
    let now_ms = app.now_ms();
    let decided = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let correct = Decision::Correct(correcting);
        let dossier = store::review::decide(db, id, by.id, &correct, now_ms)?;
        store::mail::queue(db, Kind::ToCorrect, &dossier.email, Some(id), None, now_ms)?;
        note(db, &by.name, Action::CorrectionAsked, Some(id), now_ms)?;
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(decided.await?);
    app.post.wake();
    Ok(Redirect::to("/desk").into_response())
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
pub(in crate::desk) async fn refuse(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Response, Told> {
    let (reasons, typed) = explained(&order);
    let Ok(refusing) = Refusing::new(&reasons, Some(&typed)) else {
        let unexplained = Some(Unexplained::Refusal);
        let tried = Tried { reasons, note: typed, unexplained, ..Tried::default() };
        return again(&app, &order, id, &tried).await;
    };
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let decided = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let refuse = Decision::Refuse(refusing);
        let dossier = store::review::decide(db, id, by.id, &refuse, now_ms)?;
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

/// Notes how far the plastic card has come; handed over, it ends the request that it was made for.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/card",
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
pub(in crate::desk) async fn make(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Redirect, Told> {
    let stage = order.one("stage").and_then(Making::parse).ok_or(Failure::Malformed)?;
    let now_ms = app.now_ms();
    let made = app.store.write(move |db| {
        let by = &order.reviewer.known;
        let dossier = store::review::make(db, id, by.id, stage, now_ms)?;
        let action = match stage {
            Making::InProduction => Action::CardInProduction,
            Making::HandedOver => Action::CardHandedOver,
        };
        note(db, &by.name, action, Some(id), now_ms)?;
        if stage == Making::HandedOver {
            store::duplicate::handed_over(db, &dossier, now_ms)?;
        }
        store::change::advance(db, dossier.space, 1)?;
        Ok(dossier.space)
    });
    app.pokes.tell(made.await?);
    Ok(Redirect::to(&format!("/desk/dossiers/{id}")))
}

/// Reasons and words, as the forms of a dossier send them.
fn explained(order: &Order) -> (Vec<Reason>, String) {
    let reasons = order.all("reasons").filter_map(wording::read_reason).collect();
    (reasons, order.one("note").unwrap_or_default().to_owned())
}

async fn again(app: &App, order: &Order, id: Uuid, tried: &Tried) -> Result<Response, Told> {
    let page = shown(app, &order.reviewer, id, tried).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
