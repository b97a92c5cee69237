//! An envelope that waits for a person: whose it is, and another try.

use axum::extract::State;
use axum::response::Redirect;
use dossier::form::{Answers, Field};
use maud::{Markup, html};

use super::{event, view};
use crate::app::App;
use crate::desk::told::{Named, Told};
use crate::desk::{page, wording};
use crate::failure::Failure;
use crate::gate::{Administrator, AdministratorOrder, Reviewer};
use crate::intake::{self, Judged};
use crate::request;
use crate::store;
use crate::store::audit::{Action, note};

/// By which a student is found and called.
const SHOWN: [Field; 5] =
    [Field::FamilyName, Field::GivenName, Field::BirthDate, Field::PhoneNumber, Field::Email];

/// A stuck envelope: why, and whom to call, when it can be opened.
#[utoipa::path(
    get,
    path = "/desk/envelopes/{sha256}",
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(in crate::desk) async fn show(
    State(app): State<App>,
    Administrator(reviewer): Administrator,
    Named(digest): Named<String>,
) -> Result<Markup, Told> {
    let address = format!("/desk/envelopes/{digest}/discard");
    let digest = request::hash(&digest)?;
    let (name, now_ms) = (reviewer.known.name.clone(), app.now_ms());
    let seen = app.store.write(move |db| {
        let stuck = store::envelope::stuck_one(db, &digest)?;
        let sealed = store::envelope::by_digest(db, &digest)?;
        note(db, &name, Action::EnvelopeSeen, Some(sealed.dossier), now_ms)?;
        Ok((stuck, sealed))
    });
    let (stuck, sealed) = seen.await?;
    let (of_event, tablet) = (sealed.stand.event, view::tablet(&sealed.stand).to_owned());
    let held = intake::held(&app, sealed).await.ok();
    let content = html! {
        p { a href={ "/desk/stands/" (of_event) } { "← Retour à l’événement" } }
        h1 { "Enveloppe n°\u{a0}" (stuck.sequence) }
        p { (tablet) " · reçue le " (view::moment(stuck.stored_ms)) }
        p.insists { (event::why(&stuck)) }
        @match &held {
            Some((number, answers)) => dl {
                dt { "Numéro de dossier" }
                dd { (number) }
                @for field in SHOWN { (row(answers, field)) }
            },
            None => p.empty { "Son contenu ne peut pas être lu ici." },
        }
        (event::retry(&reviewer, &stuck))
        (discarding(&reviewer, &address))
    };
    Ok(page::page("Enveloppe à voir", &reviewer, content))
}

/// Nobody discards an enrolment by one wrong press.
fn discarding(reviewer: &Reviewer, address: &str) -> Markup {
    html! {
        details {
            summary { "Écarter…" }
            form method="post" action=(address) {
                (page::csrf(reviewer))
                p {
                    "L’inscription est effacée pour toujours. Faites-le seulement si l’élève a déjà \
                     un autre dossier, ou ne veut plus du sien."
                }
                div.reasons {
                    label for="confirmed" {
                        input id="confirmed" type="checkbox" name="confirmed" value="yes" required;
                        span { "Je confirme" }
                    }
                }
                button.stop type="submit" { "Écarter cette enveloppe" }
            }
        }
    }
}

fn row(answers: &Answers, field: Field) -> Markup {
    html! {
        dt { (wording::field(field)) }
        dd { (answers.typed(field)) }
    }
}

/// Tries an envelope again; that of a revoked tablet is deposited all the same.
#[utoipa::path(
    post,
    path = "/desk/envelopes/{sha256}/retry",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
        (status = 503, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(in crate::desk) async fn retry(
    State(app): State<App>,
    Named(digest): Named<String>,
    AdministratorOrder(order): AdministratorOrder,
) -> Result<Redirect, Told> {
    let digest = request::hash(&digest)?;
    let (name, now_ms) = (order.reviewer.known.name.clone(), app.now_ms());
    let asked = app.store.write(move |db| {
        let sealed = store::envelope::by_digest(db, &digest)?;
        note(db, &name, Action::EnvelopeTriedAgain, Some(sealed.dossier), now_ms)?;
        Ok(sealed.stand.event)
    });
    let of_event = asked.await?;
    intake::opened(&app, digest, Judged::ByAdministrator).await.map_err(
        |failure| match failure {
            Failure::Ours(error) => Failure::Ours(error),
            _ => Failure::Busy,
        },
    )?;
    Ok(Redirect::to(&format!("/desk/stands/{of_event}")))
}

/// Erases an envelope that waits, for ever, if that was confirmed.
#[utoipa::path(
    post,
    path = "/desk/envelopes/{sha256}/discard",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("sha256" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(in crate::desk) async fn discard(
    State(app): State<App>,
    Named(digest): Named<String>,
    AdministratorOrder(order): AdministratorOrder,
) -> Result<Redirect, Told> {
    let digest = request::hash(&digest)?;
    if order.one("confirmed") != Some("yes") {
        return Err(Failure::Malformed.into());
    }
    let (name, now_ms) = (order.reviewer.known.name.clone(), app.now_ms());
    let discarded = app.store.write(move |db| {
        let sealed = store::envelope::by_digest(db, &digest)?;
        store::envelope::stuck_one(db, &digest)?;
        store::envelope::discard(db, &digest, now_ms)?;
        note(db, &name, Action::EnvelopeDiscarded, Some(sealed.dossier), now_ms)?;
        Ok(sealed.stand.event)
    });
    let of_event = discarded.await?;
    Ok(Redirect::to(&format!("/desk/stands/{of_event}")))
}
