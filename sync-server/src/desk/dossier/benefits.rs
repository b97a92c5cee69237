//! What is left of a student's benefits, and the form that notes a movement.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use dossier::benefit::{Balance, Balances, Movement, MovementKind, MovementRefusal};
use dossier::reference::cents_of;
use maud::{Markup, html};
use uuid::Uuid;

use super::forms::Tried;
use super::shown;
use super::view::Seen;
use crate::app::App;
use crate::clock::day;
use crate::desk::told::{Named, Told};
use crate::desk::{page, wording};
use crate::failure::Failure;
use crate::gate::{Order, Reviewer};
use crate::store;
use crate::store::audit::{Action, note};
use crate::store::benefit::{Kept, NotNoted, ToNote};

/// Movements on the page, the last ones.
const MOST_SHOWN: usize = 20;

/// A movement that was not noted, so that nothing typed is lost.
#[derive(Default)]
pub(super) struct Typed {
    benefit: String,
    kind: String,
    amount: String,
    /// Why, for the reviewer.
    pub(super) sentence: String,
}

/// Notes what was granted, spent or refunded; what cannot be noted comes back with what was typed.
#[utoipa::path(
    post,
    path = "/desk/dossiers/{id}/movement",
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
pub(in crate::desk) async fn note_movement(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    order: Order,
) -> Result<Response, Told> {
    let read = |name| order.one(name).unwrap_or_default().to_owned();
    let name: Uuid = read("movement").parse().map_err(|_| Failure::Malformed)?;
    let kind = MovementKind::parse(&read("kind")).ok_or(Failure::Malformed)?;
    let typed = Typed {
        benefit: read("benefit"),
        kind: read("kind"),
        amount: read("amount"),
        sentence: String::new(),
    };
    let Some(cents) = cents_of(&typed.amount) else {
        let refused = NotNoted::Refused(MovementRefusal::NotAnAmount);
        return again(&app, &order, id, (typed, &refused)).await;
    };
    let movement = Movement { benefit: typed.benefit.clone(), kind, cents };
    let known = &order.reviewer.known;
    let new = ToNote { id: name, reviewer: known.id, movement };
    let (actor, pack, now_ms) = (known.name.clone(), app.telling().pack, app.now_ms());
    let noted = app.store.write(move |db| {
        let noted = store::benefit::note(db, &pack, (id, &new), now_ms)?;
        if let Ok(dossier) = &noted {
            note(db, &actor, Action::MovementNoted, Some(id), now_ms)?;
            store::change::advance(db, dossier.space, 1)?;
        }
        Ok(noted)
    });
    match noted.await? {
        Ok(dossier) => {
            app.pokes.tell(dossier.space);
            Ok(Redirect::to(&format!("/desk/dossiers/{id}")).into_response())
        }
        Err(not_noted) => again(&app, &order, id, (typed, &not_noted)).await,
    }
}

async fn again(
    app: &App,
    order: &Order,
    id: Uuid,
    (typed, why): (Typed, &NotNoted),
) -> Result<Response, Told> {
    let movement = Some(Typed { sentence: wording::not_noted(why), ..typed });
    let tried = Tried { movement, ..Tried::default() };
    let page = shown(app, &order.reviewer, id, &tried).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What is left, what was noted, and the form for more.
pub(super) fn section(
    reviewer: &Reviewer,
    seen: &Seen,
    balances: &Balances,
    tried: &Tried,
) -> Markup {
    html! {
        h2 { "Avantages" }
        @if balances.list.is_empty() {
            p.empty { "Aucun avantage n’est publié pour cette année scolaire." }
        } @else {
            (table(&balances.list))
            @if !seen.movements.is_empty() { (noted(&balances.list, &seen.movements)) }
            (form(reviewer, seen, &balances.list, tried.movement.as_ref()))
        }
    }
}

fn table(balances: &[Balance]) -> Markup {
    let said = |cents: Option<i64>| cents.map_or("non communiqué".to_owned(), wording::euros);
    let row = |balance: &Balance| {
        [
            html! { (balance.label) },
            html! { (said(balance.granted_cents)) },
            html! { (wording::euros(balance.spent_cents)) },
            html! { (said(balance.left_cents())) },
        ]
    };
    page::table(["Avantage", "Montant", "Utilisé", "Reste"], balances.iter().map(row))
}

fn noted(balances: &[Balance], movements: &[Kept]) -> Markup {
    let label = |code: &str| {
        let known = balances.iter().find(|balance| balance.benefit == code);
        known.map_or(code.to_owned(), |balance| balance.label.clone())
    };
    html! {
        h3 { "Derniers mouvements" }
        ul {
            @for kept in movements.iter().rev().take(MOST_SHOWN) {
                li {
                    (wording::date(day(kept.at_ms))) "\u{a0}: "
                    (wording::movement_kind(kept.movement.kind)) " "
                    (wording::euros(kept.movement.cents.into())) ", "
                    (label(&kept.movement.benefit))
                }
            }
        }
    }
}

fn form(reviewer: &Reviewer, seen: &Seen, balances: &[Balance], typed: Option<&Typed>) -> Markup {
    let (benefit, kind, amount) =
        typed.map_or(("", "", ""), |it| (&*it.benefit, &*it.kind, &*it.amount));
    html! {
        form.card method="post" action={ "/desk/dossiers/" (seen.dossier.id) "/movement" } {
            (page::csrf(reviewer))
            // Sent twice, it is noted once.
            input type="hidden" name="movement" value=(seen.next_movement);
            h3 { "Noter un mouvement" }
            label for="benefit" { "Avantage" }
            select id="benefit" name="benefit" {
                @for balance in balances {
                    option value=(balance.benefit) selected[balance.benefit == benefit] {
                        (balance.label)
                    }
                }
            }
            label for="kind" { "Mouvement" }
            select id="kind" name="kind" {
                @for one in MovementKind::ALL {
                    option value=(one.as_str()) selected[one.as_str() == kind] {
                        (wording::movement_kind(one))
                    }
                }
            }
            label for="amount" { "Montant en euros, par exemple 7,50" }
            input id="amount" name="amount" inputmode="decimal" autocomplete="off" required value=(amount);
            button type="submit" { "Noter" }
        }
    }
}
