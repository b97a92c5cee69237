//! The reviewers' pages: sign in, look, decide. HTML without scripts.

mod dossier;
mod duplicates;
mod page;
mod queue;
mod session;
mod stands;
mod told;
pub(crate) mod wording;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
pub(crate) use page::{alert as public_alert, public as public_page};
pub(crate) use told::Told;

/// A request with every topic, every reason and the longest note fits.
const MOST_FORM_BYTES: usize = 16 * 1024;
/// Our own style and pictures, our own forms, nothing else and nobody's frame.
pub(crate) const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every page of the desk.
pub(crate) fn router() -> OpenApiRouter<App> {
    let policy = HeaderValue::from_static(CONTENT_POLICY);
    // `same-origin`: with `no-referrer`, browsers name no origin in forms, and the gate wants it.
    let referrer = HeaderValue::from_static("same-origin");
    OpenApiRouter::default()
        .routes(routes!(queue::show))
        .routes(routes!(session::form, session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(dossier::show))
        .routes(routes!(dossier::picture))
        .routes(routes!(dossier::former_picture))
        .routes(routes!(dossier::decision::take))
        .routes(routes!(dossier::decision::accept))
        .routes(routes!(dossier::decision::correct))
        .routes(routes!(dossier::decision::refuse))
        .routes(routes!(dossier::decision::make))
        .routes(routes!(dossier::benefits::note_movement))
        .routes(routes!(duplicates::show))
        .routes(routes!(stands::all, stands::make))
        .routes(routes!(stands::one))
        .routes(routes!(stands::tablet::add))
        .routes(routes!(stands::tablet::revoke))
        .routes(routes!(stands::envelope::show))
        .routes(routes!(stands::envelope::retry))
        .routes(routes!(stands::envelope::discard))
        .routes(routes!(style))
        .layer(DefaultBodyLimit::max(MOST_FORM_BYTES))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
        .layer(SetResponseHeaderLayer::if_not_present(header::REFERRER_POLICY, referrer))
}

#[utoipa::path(
    get,
    path = "/desk/style.css",
    responses((status = 200, content(("text/css; charset=utf-8")))),
)]
async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("desk/style.css"))
}
