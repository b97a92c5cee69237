//! The dossiers that wait for a decision.

use axum::extract::State;
use dossier::review::State as Stage;
use maud::{Markup, html};

use super::told::Told;
use super::{page, wording};
use crate::app::App;
use crate::clock::day;
use crate::gate::Reviewer;
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::dossier::Dossier;

/// The oldest dossiers first: those in this reviewer's hands, those in nobody's, those that wait for
/// their students, and those that others have.
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
    let (by, now_ms) = (reviewer.known.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        note(db, &by.name, Action::QueueSeen, None, now_ms)?;
        store::review::queue(db, by.id)
    });
    let queue = seen.await?;
    let all = queue.all_waiting;
    let others = [&queue.mine, &queue.with_students, &queue.elsewhere];
    let is_empty = others.iter().all(|dossiers| dossiers.is_empty());
    Ok(page::page(
        "File d’attente",
        &reviewer,
        html! {
            h1 { "File d’attente" }
            (those(&app, "Vos dossiers", &queue.mine))
            @if queue.waiting.is_empty() {
                p.empty {
                    @if is_empty { "Aucun dossier n’attend de décision." }
                    @else { "Aucun autre dossier n’attend de décision." }
                }
            } @else {
                p { (all) @if all > 1 { " dossiers attendent" } @else { " dossier attend" } " une décision." }
                (table(&app, &queue.waiting))
            }
            (those(&app, "À corriger par l’élève", &queue.with_students))
            (those(&app, "En contrôle par d’autres", &queue.elsewhere))
        },
    ))
}

/// Dossiers under a title; nothing when there are none.
fn those(app: &App, title: &str, dossiers: &[Dossier]) -> Markup {
    html! {
        @if !dossiers.is_empty() {
            h2 { (title) }
            (table(app, dossiers))
        }
    }
}

fn table(app: &App, dossiers: &[Dossier]) -> Markup {
    let columns = ["Dossier", "Nom", "Établissement", "À regarder", "Reçu le"];
    let row = |dossier: &Dossier| {
        let to_look_at = html! {
            @if dossier.is_corrected && dossier.state == Stage::InReview { (corrected()) " " }
            @if dossier.photo_fails { (to_check()) " " }
            @if dossier.has_namesake { (namesake()) }
        };
        [
            page::link(dossier),
            html! { (dossier.name()) },
            html! { (page::school(app, dossier)) },
            to_look_at,
            html! { (wording::date(day(dossier.received_ms))) },
        ]
    };
    page::table(columns, dossiers.iter().map(row))
}

/// A shape and words for a photo that breaks a rule.
fn to_check() -> Markup {
    html! { span.mark.warn { span aria-hidden="true" { "▲" } "\u{a0}photo à vérifier" } }
}

/// A shape and words for a student who may have two dossiers.
fn namesake() -> Markup {
    html! { span.mark.warn { span aria-hidden="true" { "⧉" } "\u{a0}même personne\u{202f}?" } }
}

/// A shape and words for what came back from the student.
fn corrected() -> Markup {
    html! { span.mark.pass { span aria-hidden="true" { "✎" } "\u{a0}corrigé" } }
}
