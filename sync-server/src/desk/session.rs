//! Signing in and out.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use dossier::hexadecimal;
use maud::{Markup, html};

use super::page;
use super::told::Told;
use crate::app::{App, random};
use crate::failure::Failure;
use crate::gate::{self, Order, SESSION_COOKIE};
use crate::store;
use crate::store::audit::{Action, note};

/// Nobody types more; Argon2 is given no novels.
const LONGEST_TYPED: usize = 128;
/// The same words whether the account exists or not.
const WRONG: &str = "Identifiant ou mot de passe incorrect.";
const TOO_MANY: &str = "Trop d’essais. Attendez quelques minutes, puis réessayez.";

/// The page that asks for name and password.
#[utoipa::path(
    get,
    path = "/desk/sign-in",
    responses((status = 200, content(("text/html; charset=utf-8")))),
)]
pub(super) async fn form() -> Markup {
    sign_in_page(None)
}

/// Opens a session.
#[utoipa::path(
    post,
    path = "/desk/sign-in",
    request_body(content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 401, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
        (status = 429, content(("text/html; charset=utf-8"))),
        (status = 503, content(("text/html; charset=utf-8"))),
    ),
)]
pub(super) async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Told> {
    let fields = gate::form(request, &app).await?;
    let typed = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        found.unwrap_or_default().chars().take(LONGEST_TYPED).collect::<String>()
    };
    let (name, password) = (typed("name").trim().to_owned(), typed("password"));
    let now_ms = app.now_ms();
    if !app.throttle.admits(&name, now_ms) {
        let page = sign_in_page(Some(TOO_MANY));
        return Ok((Failure::TooManyTries.status(), page).into_response());
    }
    let asked = name.clone();
    let known = app.store.read(move |db| store::desk::by_name(db, &asked)).await?;
    let (reviewer, hash) = known.unzip();
    let right = app.passwords.matches(password, hash).await?;
    let Some(reviewer) = reviewer.filter(|_| right) else {
        // The typed name may be anything, a password too: the audit does not keep it.
        app.store.write(move |db| note(db, "", Action::SignInRefused, None, now_ms)).await?;
        return Ok((StatusCode::UNAUTHORIZED, sign_in_page(Some(WRONG))).into_response());
    };
    app.throttle.forget(&name);
    let session = hexadecimal::text(&random::<32>().map_err(Failure::from)?);
    let hash = gate::session_hash(&session);
    let opened = app.store.write(move |db| {
        store::desk::open_session(db, &hash, reviewer.id, now_ms)?;
        note(db, &reviewer.name, Action::SignedIn, None, now_ms)
    });
    opened.await?;
    let cookie = cookie(&app, &session, "");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/desk")).into_response())
}

/// Ends the session here and on the server.
#[utoipa::path(
    post,
    path = "/desk/sign-out",
    request_body(content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 303),
        (status = 400, content(("text/html; charset=utf-8"))),
        (status = 403, content(("text/html; charset=utf-8"))),
        (status = 413, content(("text/html; charset=utf-8"))),
    ),
    security(("reviewer" = [])),
)]
pub(super) async fn sign_out(State(app): State<App>, order: Order) -> Result<Response, Told> {
    let (hash, now_ms) = (order.reviewer.session_hash(), app.now_ms());
    let closed = app.store.write(move |db| {
        store::desk::close_session(db, &hash)?;
        note(db, &order.reviewer.known.name, Action::SignedOut, None, now_ms)
    });
    closed.await?;
    let cookie = cookie(&app, "", "; Max-Age=0");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/desk/sign-in")).into_response())
}

fn cookie(app: &App, session: &str, end: &str) -> String {
    let https = app.public_url.get().is_some_and(|url| url.starts_with("https://"));
    let secure = if https { "; Secure" } else { "" };
    format!("{SESSION_COOKIE}={session}; Path=/desk; HttpOnly; SameSite=Strict{secure}{end}")
}

fn sign_in_page(wrong: Option<&str>) -> Markup {
    page::bare(
        "Connexion",
        html! {
            h1 { "Connexion" }
            @if let Some(sentence) = wrong { (page::alert(sentence)) }
            form.card method="post" action="/desk/sign-in" {
                label for="name" { "Identifiant" }
                input id="name" name="name" autocomplete="username" required autofocus
                    autocapitalize="none" spellcheck="false";
                label for="password" { "Mot de passe" }
                input id="password" name="password" type="password" required
                    autocomplete="current-password";
                button type="submit" { "Se connecter" }
            }
        },
    )
}
