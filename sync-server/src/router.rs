//! Every route of the server, on one page.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use dossier::sync::MOST_MESSAGE_BYTES;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::desk;
use crate::failure::Failure;
use crate::interop;
use crate::link;
use crate::routes::{
    account, activation, cards, deposits, dossiers, duplicates, export, photos, poke, probe,
    reference, sign_in, space, status_list, sync,
};
use crate::well_known;

/// Everything but sync and photos fits in a few lines of JSON.
const MOST_JSON_BYTES: usize = 16 * 1024;
/// A slow phone sends its largest request, a photo, well within this.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);

/// The whole server as a service.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/v1/probe", get(probe::probe))
        .route("/v1/space", put(space::bind))
        .route("/v1/poke", get(poke::poke))
        .route("/v1/sync", post(sync::sync).layer(DefaultBodyLimit::max(MOST_MESSAGE_BYTES)))
        .route(
            "/v1/photos/{sha256}",
            put(photos::keep)
                .layer(DefaultBodyLimit::max(photos::MOST_PHOTO_BYTES))
                .get(photos::read),
        )
        .route("/v1/deposits/{draft}", put(deposits::deposit).get(deposits::deposited))
        .route("/v1/dossiers/{draft}", get(dossiers::standing))
        .route("/v1/duplicates/{id}", put(duplicates::ask))
        .route("/v1/cards/{dossier}", put(cards::hold))
        .route("/v1/status-list", get(status_list::newest))
        .route("/v1/key-set", get(status_list::keys))
        .route("/v1/reference", get(reference::newest))
        .route("/v1/reference/{sha256}", get(reference::list))
        .merge(accounts())
        .merge(link::router())
        .route("/.well-known/assetlinks.json", get(well_known::asset_links))
        .route("/.well-known/apple-app-site-association", get(well_known::site_association))
        .route("/automerge", get(interop::open))
        .merge(desk::router())
        .fallback(async || Failure::Unknown)
        .layer(DefaultBodyLimit::max(MOST_JSON_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(from_fn(log))
        .with_state(app)
}

/// What a student does with their own account, from whatever device.
fn accounts() -> Router<App> {
    Router::new()
        .route("/v1/activation", post(activation::activate))
        .route("/v1/activation/mail", post(activation::mail))
        .route("/v1/numbers/mail", post(activation::numbers_mail))
        .route("/v1/link", post(activation::look).put(activation::follow))
        .route("/v1/password", put(activation::reset))
        .route("/v1/password/mail", post(activation::reset_mail))
        .route("/v1/sign-in", post(sign_in::open))
        .route("/v1/sign-in/{dossier}", delete(sign_in::close))
        .route("/v1/accounts/{dossier}", get(account::standing))
        .route("/v1/accounts/{dossier}/password", put(account::change_password))
        .route(
            "/v1/accounts/{dossier}/address",
            post(account::change_address).put(account::prove_address),
        )
        .route("/v1/accounts/{dossier}/contact", put(account::change_contact))
        .route("/v1/accounts/{dossier}/devices", get(account::devices))
        .route("/v1/accounts/{dossier}/devices/{id}", delete(account::sign_out_device))
        .route("/v1/accounts/{dossier}/export", get(export::data))
        .route("/v1/accounts/{dossier}/export.pdf", get(export::pdf))
        .route("/v1/accounts/{dossier}/erasure", post(account::erase))
}

fn header(
    name: axum::http::HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// One line a request: the template of its route, never its path, which names people's dossiers.
async fn log(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    tracing::info!(
        method = %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// What the panic said is not repeated: it may hold what a person typed.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failure::Ours(anyhow::anyhow!("a handler panicked")).into_response()
}
