//! `/v1/poke`: « there is something new », for a phone that is looked at.

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, interval_at};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::store::db::values;

/// Pokes are eight bytes; whoever connects has nothing to say. What axum reads ahead otherwise
/// (128 kB) would be most of what a waiting phone costs.
const BUFFER_BYTES: usize = 512;
/// Between two signs of life: networks between forget silent connections after a minute or so.
const ALIVE: Duration = Duration::from_secs(45);

/// Tells how far the device's space has come whenever that changes.
#[utoipa::path(
    get,
    path = "/v1/poke",
    responses((status = 101)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["malformed"]))),
)]
pub(crate) async fn poke(
    State(app): State<App>,
    device: Device,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    let upgrade = upgrade.map_err(|_| Failure::Malformed)?;
    let listening = app.pokes.subscribe(device.space);
    Ok(upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(0)
        .max_message_size(BUFFER_BYTES)
        .on_upgrade(move |socket| tell(app, device.space, socket, listening)))
}

async fn tell(app: App, space: Uuid, mut socket: WebSocket, mut listening: watch::Receiver<u64>) {
    let mut alive = interval_at(Instant::now() + ALIVE, ALIVE);
    loop {
        let said = tokio::select! {
            told = listening.changed() => match told {
                Ok(()) => Message::Binary(reached(&app, space).await.to_be_bytes().to_vec().into()),
                Err(_) => return,
            },
            _ = alive.tick() => Message::Ping(Default::default()),
            heard = socket.recv() => match heard {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                _ => return,
            },
        };
        if socket.send(said).await.is_err() {
            return;
        }
    }
}

/// The last number given in the space. Zero when it cannot be read: the phone then looks itself.
async fn reached(app: &App, space: Uuid) -> u64 {
    let seq = app.store.read(move |db| {
        db.one("SELECT seq FROM space WHERE id = ?1", values![&space], |row| row.int(0))
    });
    seq.await.map_or(0, i64::unsigned_abs)
}
