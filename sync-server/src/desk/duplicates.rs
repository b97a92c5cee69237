//! The cards to make anew.

use axum::extract::State;
use dossier::card::DuplicateRequested;
use maud::{Markup, html};

use super::told::Told;
use super::{page, wording};
use crate::app::App;
use crate::clock::day;
use crate::gate::Reviewer;
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::dossier::Dossier;
use crate::store::duplicate::Closed;

/// One page of them.
const MOST_SHOWN: u32 = 100;
/// Of those that ended, as many as answer « where did it go? ».
const MOST_CLOSED: u32 = 20;

/// The oldest requests first. The old card is blocked already: nobody has to decide that.
#[utoipa::path(
    get,
    path = "/desk/duplicates",
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn show(State(app): State<App>, reviewer: Reviewer) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &name, Action::DuplicatesSeen, None, now_ms)?;
        let open = store::duplicate::all_open(db, MOST_SHOWN)?;
        Ok((open, store::duplicate::closed_last(db, MOST_CLOSED)?))
    });
    let (requests, closed) = seen.await?;
    Ok(page::page(
        "Duplicatas",
        &reviewer,
        html! {
            h1 { "Demandes de duplicata" }
            @if requests.is_empty() {
                p.empty { "Aucune demande de duplicata." }
            } @else {
                p { "L’ancienne carte est déjà en opposition\u{202f}; la carte numérique est remplacée." }
                (table(&app, &requests))
            }
            @if !closed.is_empty() { (ended(&closed)) }
        },
    ))
}

fn table(app: &App, requests: &[(DuplicateRequested, Dossier)]) -> Markup {
    let columns = ["Dossier", "Nom", "Motif", "Envoi", "Établissement", "Demandé le"];
    let row = |(request, dossier): &(DuplicateRequested, Dossier)| {
        [
            page::link(dossier),
            html! { (dossier.name()) },
            html! { (wording::duplicate_reason(request.reason)) },
            html! { (wording::sending(&dossier.sending)) },
            html! { (page::school(app, dossier)) },
            html! { (wording::date(day(request.asked_at_ms))) },
        ]
    };
    page::table(columns, requests.iter().map(row))
}

/// Nobody has to look for a request that is not in the list any more.
fn ended(closed: &[(Closed, Dossier)]) -> Markup {
    let columns = ["Dossier", "Nom", "Motif", "Demandé le", "Issue", "Close le"];
    let row = |(closed, dossier): &(Closed, Dossier)| {
        [
            page::link(dossier),
            html! { (dossier.name()) },
            html! { (wording::duplicate_reason(closed.request.reason)) },
            html! { (wording::date(day(closed.request.asked_at_ms))) },
            html! { (wording::outcome(closed.outcome)) },
            html! { (wording::date(day(closed.closed_ms))) },
        ]
    };
    html! {
        h2 { "Demandes closes" }
        (page::table(columns, closed.iter().map(row)))
    }
}
