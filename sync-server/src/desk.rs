//! The reviewers' pages: sign in, look, decide. HTML without scripts.

mod dossier;
mod duplicates;
mod page;
mod queue;
mod session;
mod told;
pub(crate) mod wording;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
pub(crate) use page::{alert as public_alert, public as public_page};
pub(crate) use told::Told;

/// A request with every topic, every reason and the longest note fits.
const MOST_FORM_BYTES: usize = 16 * 1024;
/// Our own style and pictures, our own forms, nothing else and nobody's frame.
pub(crate) const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page of the desk.
pub(crate) fn router() -> Router<App> {
    let policy = HeaderValue::from_static(CONTENT_POLICY);
    // `same-origin`: with `no-referrer`, browsers name no origin in forms, and the gate wants it.
    let referrer = HeaderValue::from_static("same-origin");
    Router::new()
        .route("/desk", get(queue::show))
        .route("/desk/sign-in", get(session::form).post(session::sign_in))
        .route("/desk/sign-out", post(session::sign_out))
        .route("/desk/dossiers/{id}", get(dossier::show))
        .route("/desk/dossiers/{id}/photo", get(dossier::picture))
        .route("/desk/dossiers/{id}/photo/former", get(dossier::former_picture))
        .route("/desk/dossiers/{id}/take", post(dossier::take))
        .route("/desk/dossiers/{id}/accept", post(dossier::accept))
        .route("/desk/dossiers/{id}/correct", post(dossier::correct))
        .route("/desk/dossiers/{id}/refuse", post(dossier::refuse))
        .route("/desk/dossiers/{id}/card", post(dossier::make))
        .route("/desk/duplicates", get(duplicates::show))
        .route("/desk/style.css", get(style))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, referrer))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("desk/style.css"))
}
