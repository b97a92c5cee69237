//! `/automerge`: the websocket protocol of automerge-repo, version 1, for whoever has a ticket.
//!
//! Off by default. Programs that speak nothing else read and write the drafts of one space, by the
//! same rules as a phone: guard, rights, caps, and nothing acknowledged before it is on the disk.

mod connection;
mod frame;
mod round;
pub(crate) mod ticket;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::failure::Failure;
use crate::store;
use connection::Connection;

/// A draft is at most this long, and its messages therefore too.
const MOST_FRAME_BYTES: usize = 256 * 1024;
/// What axum reads ahead otherwise (128 kB) would be most of what a waiting program costs.
const BUFFER_BYTES: usize = 4 * 1024;

/// A browser's websocket can show its ticket nowhere but in the address.
#[derive(Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    ticket: String,
}

/// Lets the holder of a ticket in, once.
#[utoipa::path(
    get,
    path = "/automerge",
    params(("ticket" = String, Query)),
    responses((status = 101)),
    security(("ticket" = [])),
    extensions(("x-failures" = json!(["malformed", "signed_out", "unknown"]))),
)]
pub(crate) async fn open(
    State(app): State<App>,
    Query(shown): Query<Shown>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    if !app.automerge {
        return Err(Failure::Unknown);
    }
    // Whoever merely looks at the address does not use the ticket up.
    let upgrade = upgrade.map_err(|_| Failure::Malformed)?;
    let hash = ticket::hash(&shown.ticket).ok_or(Failure::SignedOut)?;
    let now_ms = app.now_ms();
    let admission = app.store.write(move |db| store::ticket::take(db, &hash, now_ms)).await?;
    let admission = admission.ok_or(Failure::SignedOut)?;
    let listening = app.pokes.subscribe(admission.device.space);
    Ok(upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(MOST_FRAME_BYTES)
        .max_frame_size(MOST_FRAME_BYTES)
        .on_upgrade(move |socket| Connection::new(app, admission, socket).serve(listening)))
}
