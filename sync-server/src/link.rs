//! `/compte/{secret}`: what the link of a mail opens, for whoever has no app at hand.
//!
//! To look spends nothing, because mail scanners look first: only the button does. A secret that was
//! sent by mail is all the authority there is, so that no form needs another proof. On a phone that has
//! the app the same address opens the app, which asks `/v1/link`.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dossier::account::Link;
use dossier::form::{FieldRefusal, Refusal};
use dossier::number::DossierNumber;
use maud::{Markup, html};
use serde::Deserialize;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::desk::{CONTENT_POLICY, public_alert, public_page};
use crate::failure::Failure;
use crate::proving::{self, Brought, Proven};
use crate::request::Path;
use crate::store::proof::Purpose;

/// The one page.
pub(crate) fn router() -> OpenApiRouter<App> {
    let policy = HeaderValue::from_static(CONTENT_POLICY);
    // The address holds the secret: it goes nowhere.
    let referrer = HeaderValue::from_static("no-referrer");
    OpenApiRouter::default()
        .routes(routes!(show, accept))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, referrer))
}

/// What the page's form sends; both are empty when no password is asked for.
#[derive(Default, Deserialize, ToSchema)]
struct Chosen {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// Says what the link is for, and has a button for it.
#[utoipa::path(
    get,
    path = "/compte/{secret}",
    params(("secret" = String, Path)),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
    ),
)]
async fn show(State(app): State<App>, Path(secret): Path<String>) -> Response {
    match look(&app, &secret).await {
        Ok(proven) => asking(&proven, None).into_response(),
        Err(failure) => failed(&failure),
    }
}

/// The button was pressed.
#[utoipa::path(
    post,
    path = "/compte/{secret}",
    request_body(content = Chosen, content_type = "application/x-www-form-urlencoded"),
    params(("secret" = String, Path)),
    responses(
        (status = 200, content(("text/html; charset=utf-8"))),
        (status = 404, content(("text/html; charset=utf-8"))),
        (status = 422, content(("text/html; charset=utf-8"))),
        (status = 503, content(("text/html; charset=utf-8"))),
    ),
)]
async fn accept(
    State(app): State<App>,
    Path(secret): Path<String>,
    chosen: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let Chosen { password, again } = chosen.map(|Form(chosen)| chosen).unwrap_or_default();
    match press(&app, &secret, password, &again).await {
        Ok(purpose) => done(purpose).into_response(),
        Err(Failure::Incomplete(refusals)) => match look(&app, &secret).await {
            Ok(proven) => {
                let page = asking(&proven, refusals.first());
                (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
            }
            Err(failure) => failed(&failure),
        },
        Err(failure) => failed(&failure),
    }
}

async fn look(app: &App, secret: &str) -> Result<Proven, Failure> {
    let (brought, now_ms) = (brought(secret)?, app.now_ms());
    app.store.read(move |db| brought.proven(db, now_ms)).await
}

async fn press(app: &App, secret: &str, password: String, again: &str) -> Result<Purpose, Failure> {
    let brought = brought(secret)?;
    if password != again {
        return Err(proving::refused(Refusal::Mismatch));
    }
    proving::accept(app, None, brought, Some(password)).await
}

fn brought(secret: &str) -> Result<Brought, Failure> {
    Link::parse(secret).map(Brought::Link).map_err(|_| Failure::WrongCode)
}

fn asking(proven: &Proven, refused: Option<&FieldRefusal>) -> Markup {
    let (title, button, sentence) = match proven.proof.purpose {
        Purpose::Activation => {
            ("Active ton compte", "Activer mon compte", "Plus qu’un geste, et ton compte est prêt.")
        }
        Purpose::Reset => (
            "Choisis un nouveau mot de passe",
            "Changer mon mot de passe",
            "Tous tes appareils seront déconnectés.",
        ),
        Purpose::Address => (
            "Confirme ta nouvelle adresse",
            "Confirmer cette adresse",
            "C’est à cette adresse que nous t’écrirons désormais.",
        ),
    };
    let number = DossierNumber::parse(&proven.account.number);
    let number = number.map(|number| number.masked()).unwrap_or_default();
    public_page(
        title,
        html! {
            h1 { (title) }
            @if let Some(refused) = refused { (public_alert(password_sentence(&refused.refusal))) }
            p { "Dossier " span.number { (number) } ". " (sentence) }
            form.card method="post" {
                @if proven.needs_password() { (password_fields(refused.is_some())) }
                button type="submit" { (button) }
            }
        },
    )
}

fn password_fields(is_refused: bool) -> Markup {
    let invalid = is_refused.then_some("true");
    html! {
        label for="password" { "Mot de passe" }
        p id="rule" { "12\u{a0}caractères minimum, ou 8 s’il est difficile à deviner. Une phrase marche bien." }
        input id="password" name="password" type="password" required autofocus
            autocomplete="new-password" aria-describedby="rule" aria-invalid=[invalid];
        label for="again" { "Le même, encore une fois" }
        input id="again" name="again" type="password" required autocomplete="new-password"
            aria-invalid=[invalid];
    }
}

fn done(purpose: Purpose) -> Markup {
    let (title, sentence) = match purpose {
        Purpose::Activation => (
            "Ton compte est activé",
            "Tu peux te connecter dans l’application avec ton numéro de dossier et ton mot de passe.",
        ),
        Purpose::Reset => (
            "Ton mot de passe est changé",
            "Connecte-toi dans l’application avec ton numéro de dossier et ton nouveau mot de passe.",
        ),
        Purpose::Address => (
            "Ta nouvelle adresse est confirmée",
            "Nous te l’écrivons aussi à l’ancienne adresse, au cas où ce ne serait pas toi.",
        ),
    };
    public_page(title, html! { h1 role="status" { (title) } p { (sentence) } })
}

fn failed(failure: &Failure) -> Response {
    failure.log();
    let (title, sentence) = match failure {
        Failure::WrongCode | Failure::Unknown => (
            "Ce lien ne sert plus",
            "Il a déjà servi, ou il est trop ancien. Dans l’application, demande un nouveau mail.",
        ),
        Failure::Busy => (
            "Le service est très occupé",
            "Rien n’est changé. Réessaie dans un instant\u{a0}: le lien marche encore.",
        ),
        _ => (
            "Le service a un problème",
            "Rien n’est changé. Réessaie plus tard\u{a0}: le lien marche encore.",
        ),
    };
    let page = public_page(title, html! { h1 { (title) } p { (sentence) } });
    let status = match failure {
        Failure::WrongCode | Failure::Unknown => StatusCode::NOT_FOUND,
        other => other.status(),
    };
    (status, page).into_response()
}

/// The sentence for a password that is not good enough.
fn password_sentence(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Missing => "Choisis un mot de passe.",
        Refusal::Mismatch => "Les deux mots de passe ne sont pas identiques.",
        Refusal::TooLong { .. } => {
            "Ce mot de passe est trop long\u{a0}: 128\u{a0}caractères maximum."
        }
        Refusal::Guessable => "Ce mot de passe est trop facile à deviner. Ajoute des mots.",
        Refusal::Personal => "Ce mot de passe contient ton nom ou ta date de naissance.",
        _ => "12\u{a0}caractères minimum (ou 8 s’il est difficile à deviner).",
    }
}
