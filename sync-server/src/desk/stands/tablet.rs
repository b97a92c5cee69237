//! A tablet is added to an event, and revoked.

use axum::extract::State;
use axum::response::Redirect;
use dossier::stand::setup::SetupCode;
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use uuid::Uuid;

use super::view;
use crate::app::{App, random};
use crate::desk::page;
use crate::desk::told::{Named, Told};
use crate::failure::Failure;
use crate::gate::AdministratorOrder;
use crate::store::audit::{Action, note};
use crate::store::{self, stand};

/// Least size of the drawing, in its own units; screens scale it.
const SIZE: u32 = 320;

/// Adds a tablet, and shows its code: here and nowhere else, for only its hash is kept.
#[utoipa::path(
    post,
    path = "/desk/stands/{id}/tablets",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(in crate::desk) async fn add(
    State(app): State<App>,
    Named(event): Named<Uuid>,
    AdministratorOrder(order): AdministratorOrder,
) -> Result<Markup, Told> {
    let draw = || random::<16>().map_err(Failure::from);
    let (token, id, space) = (draw()?, Uuid::from_bytes(draw()?), Uuid::from_bytes(draw()?));
    let (name, now_ms) = (order.reviewer.known.name.clone(), app.now_ms());
    let added = app.store.write(move |db| {
        stand::add(db, event, (id, space), &token, now_ms)?;
        note(db, &name, Action::TabletAdded, None, now_ms)?;
        Ok((store::event::by_id(db, event)?, stand::by_id(db, id)?))
    });
    let (event, stand) = added.await?;
    let root = app.keys.root().verifying_key().to_bytes();
    let code = SetupCode { server: app.address(), root: root.into(), token: token.into() };
    let text = code.text();
    let content = html! {
        p { a href={ "/desk/stands/" (event.id) } { "← " (event.name) } }
        h1 { "Code de la tablette" }
        p {
            "Sur la tablette, ouvrez le stand dans l’application et visez ce code. Il sert une seule \
             fois, jusqu’au " (view::moment(stand.token_until_ms)) ". Il n’est affiché qu’ici\u{a0}: \
             en quittant cette page, ajoutez une autre tablette s’il vous en faut un."
        }
        figure.code {
            (PreEscaped(picture(&text)?))
            figcaption { "Sans appareil photo, collez ce texte\u{a0}:" }
        }
        p.secret { (text) }
    };
    Ok(page::page("Code de la tablette", &order.reviewer, content))
}

/// The code as a picture.
fn picture(text: &str) -> Result<String, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| anyhow::anyhow!("the code of a tablet does not fit"))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(SIZE, SIZE).build();
    // What stands before is for files of their own.
    let (_, picture) = drawn.split_once("<svg").unwrap_or_default();
    Ok(format!("<svg role=\"img\" aria-label=\"Code de la tablette\"{picture}"))
}

/// Takes the delegation of a tablet back, for ever, if that was confirmed.
#[utoipa::path(
    post,
    path = "/desk/tablets/{id}/revoke",
    request_body(content_type = "application/x-www-form-urlencoded"),
    params(("id" = Uuid, Path)),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(in crate::desk) async fn revoke(
    State(app): State<App>,
    Named(id): Named<Uuid>,
    AdministratorOrder(order): AdministratorOrder,
) -> Result<Redirect, Told> {
    if order.one("confirmed") != Some("yes") {
        return Err(Failure::Malformed.into());
    }
    let now_ms = app.now_ms();
    let revoked = app.store.write(move |db| {
        let stand = stand::by_id(db, id)?;
        if stand::revoke(db, id, now_ms)? {
            note(db, &order.reviewer.known.name, Action::TabletRevoked, None, now_ms)?;
        }
        Ok(stand.event)
    });
    let event = revoked.await?;
    // Cut here, the next look at what was left says it.
    app.tell_revoked().await?;
    Ok(Redirect::to(&format!("/desk/stands/{event}")))
}
