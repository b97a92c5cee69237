//! Whether this process lives, and whether requests may be sent to it. No details: they are logged.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;

use crate::app::App;
use crate::failure::Failure;
use crate::heavy::in_time;
use crate::store;

/// What was found out is good for so long: whoever asks in a row costs one commit a second.
const FRESH_MS: i64 = 1_000;
/// Whatever takes longer is not ready; whoever asks waits no longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was last found out, and when.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(i64, bool)>>);

/// The process answers.
#[utoipa::path(
    get,
    path = "/livez",
    responses((status = 200, body = String)),
)]
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// Database, keys and photos serve.
#[utoipa::path(
    get,
    path = "/readyz",
    responses(
        (status = 200, body = String),
        (status = 503, body = String),
    ),
)]
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    // Held while it is found out, so that all who ask meanwhile hear the same.
    let mut known = app.readiness.0.lock().await;
    let now_ms = app.now_ms();
    let is_ready = match *known {
        Some((at_ms, is_ready)) if (0..FRESH_MS).contains(&(now_ms - at_ms)) => is_ready,
        _ => {
            let troubles = app.troubles().await;
            for (part, failure) in &troubles {
                let why = failure.to_string();
                tracing::error!(part, why, "not ready");
            }
            *known = Some((now_ms, troubles.is_empty()));
            troubles.is_empty()
        }
    };
    match is_ready {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

impl App {
    /// What does not serve, and why.
    pub(crate) async fn troubles(&self) -> Vec<(&'static str, Failure)> {
        let written = self.store.write(store::epoch::write_again);
        let keys = async { Ok(self.keys.now().map(|_| ())?) };
        let (database, keys, photos) = tokio::join!(
            in_time(PATIENCE, written),
            in_time(PATIENCE, keys),
            in_time(PATIENCE, self.photos.reach()),
        );
        let found = [("database", database), ("keys", keys), ("photos", photos)];
        found.into_iter().filter_map(|(part, outcome)| Some((part, outcome.err()?))).collect()
    }
}
