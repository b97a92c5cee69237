//! Every route of the server, on one page.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use dossier::stand::envelope::MOST_ENVELOPE_BYTES;
use dossier::sync::MOST_MESSAGE_BYTES;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::app::App;
use crate::desk;
use crate::failure::{Failure, told_by_us};
use crate::health;
use crate::interop;
use crate::link;
use crate::routes::{
    account, activation, cards, claims, corrections, deposits, dossiers, duplicates, envelopes,
    export, photos, poke, probe, reference, sign_in, space, stand, status_list, sync, vignettes,
};
use crate::well_known;

/// Everything but what brings changes or a photo fits in a few lines of JSON.
const MOST_JSON_BYTES: usize = 16 * 1024;
/// A slow phone sends its largest request, a photo, well within this.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);

/// Every route. Its method and path stand over its handler, with what else the description says of
/// it (`openapi.rs`): a route that does not describe itself cannot be added here.
pub(crate) fn routes() -> OpenApiRouter<App> {
    let photos = routes!(photos::keep, photos::read);
    let corrections = routes!(corrections::answer);
    OpenApiRouter::default()
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(probe::probe))
        .routes(routes!(space::bind))
        .routes(routes!(poke::poke))
        .routes(routes!(sync::sync).layer(DefaultBodyLimit::max(MOST_MESSAGE_BYTES)))
        .routes(photos.layer(DefaultBodyLimit::max(photos::MOST_PHOTO_BYTES)))
        .routes(routes!(deposits::deposit, deposits::deposited))
        .routes(routes!(dossiers::standing))
        .routes(corrections.layer(DefaultBodyLimit::max(corrections::MOST_BYTES)))
        .routes(routes!(duplicates::ask, duplicates::take_back))
        .routes(routes!(cards::hold))
        .routes(routes!(vignettes::read))
        .routes(routes!(status_list::newest))
        .routes(routes!(status_list::keys))
        .routes(routes!(reference::newest))
        .routes(routes!(reference::list))
        .merge(stands())
        .merge(accounts())
        .merge(link::router())
        .routes(routes!(well_known::asset_links))
        .routes(routes!(well_known::site_association))
        .routes(routes!(interop::open))
        .merge(desk::router())
}

/// The whole server as a service.
pub fn router(app: App) -> Router {
    Router::from(routes())
        .fallback(async || Failure::Unknown)
        .layer(DefaultBodyLimit::max(MOST_JSON_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(map_response(told_by_us))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(from_fn_with_state(app.clone(), log))
        .with_state(app)
}

/// What the tablets of events bring, and what students bring from there.
fn stands() -> OpenApiRouter<App> {
    let envelopes = routes!(envelopes::keep, envelopes::told);
    OpenApiRouter::default()
        .routes(routes!(stand::set_up, stand::now))
        .routes(routes!(stand::prints))
        .routes(envelopes.layer(DefaultBodyLimit::max(MOST_ENVELOPE_BYTES)))
        .routes(routes!(claims::claim))
}

/// What a student does with their own account, from whatever device.
fn accounts() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(activation::activate))
        .routes(routes!(activation::mail))
        .routes(routes!(activation::numbers_mail))
        .routes(routes!(activation::look, activation::follow))
        .routes(routes!(activation::reset))
        .routes(routes!(activation::reset_mail))
        .routes(routes!(sign_in::open))
        .routes(routes!(sign_in::close))
        .routes(routes!(account::standing))
        .routes(routes!(account::change_password))
        .routes(routes!(account::change_address, account::prove_address))
        .routes(routes!(account::change_contact))
        .routes(routes!(account::devices))
        .routes(routes!(account::sign_out_device))
        .routes(routes!(account::erase))
        .routes(routes!(export::data))
        .routes(routes!(export::pdf))
}

fn header(
    name: axum::http::HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// One line a request, and one count: the template of its route, never its path, which names
/// people's dossiers.
async fn log(
    State(app): State<App>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let (status, took) = (response.status(), started.elapsed());
    app.metrics.answered(&method, route, status, took);
    tracing::info!(
        method = %method,
        route,
        status = status.as_u16(),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}

/// What the panic said is not repeated: it may hold what a person typed.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Failure::Ours(anyhow::anyhow!("a handler panicked")).into_response()
}
