//! The dossiers that wait for a decision.

use axum::extract::State;
use maud::{Markup, html};

use super::told::Told;
use super::{page, wording};
use crate::app::App;
use crate::clock::day;
use crate::gate::Reviewer;
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::dossier::Dossier;

/// One page of them; the next ones move up as these are decided.
const MOST_SHOWN: u32 = 100;

/// The oldest dossiers first.
#[utoipa::path(
    get,
    path = "/desk",
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn show(State(app): State<App>, reviewer: Reviewer) -> Result<Markup, Told> {
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &name, Action::QueueSeen, None, now_ms)?;
        store::dossier::waiting(db, MOST_SHOWN)
    });
    let (dossiers, all) = seen.await?;
    Ok(page::page(
        "File d’attente",
        &reviewer,
        html! {
            h1 { "File d’attente" }
            @if dossiers.is_empty() {
                p.empty { "Aucun dossier n’attend de décision." }
            } @else {
                p { (all) @if all > 1 { " dossiers attendent" } @else { " dossier attend" } " une décision." }
                (table(&app, &dossiers))
            }
        },
    ))
}

fn table(app: &App, dossiers: &[Dossier]) -> Markup {
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Dossier" }
                    th scope="col" { "Nom" }
                    th scope="col" { "Établissement" }
                    th scope="col" { "Photo" }
                    th scope="col" { "Reçu le" }
                }
            }
            tbody {
                @for dossier in dossiers {
                    tr {
                        th scope="row" {
                            a href={ "/desk/dossiers/" (dossier.id) } { (page::number(dossier)) }
                        }
                        td { (dossier.name()) }
                        td { (page::school(app, dossier)) }
                        td { @if dossier.photo_fails { (to_check()) } }
                        td { (wording::date(day(dossier.received_ms))) }
                    }
                }
            }
        }
    }
}

/// A shape and words for a photo that breaks a rule.
fn to_check() -> Markup {
    html! { span.mark.warn { span aria-hidden="true" { "▲" } "\u{a0}photo à vérifier" } }
}
