//! The same screens and the same commands for a browser on this machine: for trying out and for
//! tests, never shipped.
//!
//! `cargo run -p phone --example loopback -- ui/dist`, with `PASSREGION_DATA`,
//! `PASSREGION_SERVER` and `PASSREGION_REGION_KEY` as for the app; `PASSREGION_LOOPBACK` fixes
//! the port.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::{Stream, unfold};
use phone::{Phone, Settings, Trouble};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// What the app's window allows its page, with the engine at this address instead of behind IPC.
const POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; \
    connect-src 'self'; font-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// A chosen picture travels as base64 inside JSON; the engine refuses what is too heavy for it.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The engine, or the trouble that every call then answers.
type Opened = Result<Arc<Phone>, Trouble>;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let screens = PathBuf::from(std::env::args().nth(1).context("usage: loopback SCREENS")?);
    let opened = tokio::task::spawn_blocking(open).await??;
    if let Ok(phone) = &opened {
        tokio::spawn(Arc::clone(phone).run_courier());
    }
    let port =
        std::env::var("PASSREGION_LOOPBACK").unwrap_or_else(|_| "0".into()).parse::<u16>()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?.to_string();
    announce(&address);
    axum::serve(listener, router(opened, &screens, address)).await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this line is what the person who started it waits for")]
fn announce(address: &str) {
    println!("screens at http://{address}");
}

/// Opens the engine on the system's keyring, as the app does.
fn open() -> anyhow::Result<Opened> {
    if let Err(error) = keyring::Entry::store_status() {
        eprintln!("no keyring: {error}");
    }
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    let data = Path::new(&home).join(".local/share/passregion/phone");
    Ok(Phone::open(Settings::from_environment(data)?, Arc::new(phone::vault::Keyring::default())))
}

fn router(opened: Opened, screens: &Path, address: String) -> Router {
    let page = ServeFile::new(screens.join("index.html"));
    Router::new()
        .route("/call", post(call))
        .route("/open", post(open_link))
        .route("/events", get(events))
        .fallback_service(ServeDir::new(screens).fallback(page))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(Arc::<str>::from(address), only_ourselves))
        .layer(says(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(says(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(says(header::CACHE_CONTROL, "no-store"))
        .with_state(opened)
}

fn says(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// Any page of the web can send requests to this address, and any name can be made to lead here:
/// only our own page, under our own address, is answered.
async fn only_ourselves(State(address): State<Arc<str>>, request: Request, next: Next) -> Response {
    if is_ours(request.headers(), &address) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn is_ours(headers: &HeaderMap, address: &str) -> bool {
    let says = |name| headers.get(name).map(HeaderValue::as_bytes);
    let own_page = |origin: &[u8]| origin.strip_prefix(b"http://") == Some(address.as_bytes());
    says(header::HOST) == Some(address.as_bytes()) && says(header::ORIGIN).is_none_or(own_page)
}

#[derive(Deserialize)]
struct Call {
    command: String,
    args: Value,
}

async fn call(State(opened): State<Opened>, Json(asked): Json<Call>) -> Response {
    let answer = match opened {
        Ok(phone) => phone.answer(&asked.command, asked.args).await,
        Err(trouble) => Err(trouble),
    };
    match answer {
        Ok(value) => Json(value).into_response(),
        Err(trouble) => (StatusCode::UNPROCESSABLE_ENTITY, Json(trouble)).into_response(),
    }
}

/// Plays the system of a phone, which hands over the link that was tapped in a mail.
async fn open_link(State(opened): State<Opened>, address: String) -> StatusCode {
    match opened {
        Ok(phone) if phone.open_link(&address) => StatusCode::NO_CONTENT,
        _ => StatusCode::NOT_FOUND,
    }
}

async fn events(State(opened): State<Opened>) -> Response {
    match opened {
        Ok(phone) => Sse::new(changes(&phone)).keep_alive(KeepAlive::default()).into_response(),
        // 204 tells a browser not to ask again.
        Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}

/// One message per change of the engine's state.
fn changes(phone: &Phone) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    unfold(phone.changes(), |mut changes| async move {
        changes.changed().await.ok()?;
        Some((Ok(Event::default().data("changed")), changes))
    })
}
