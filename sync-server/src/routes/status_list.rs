//! `/v1/status-list`: which cards are blocked, for everyone.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;
use crate::failure::Failure;
use crate::store;

/// A list is signed anew at least this often, so that its date tells a verifier how old its news
/// is even when no card was blocked.
const FRESH_MS: i64 = 3_600_000;

/// The newest signed list.
pub(crate) async fn newest(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let now_ms = app.now_ms();
    let list = match app.store.read(store::card::status_list).await? {
        Some((signed, made_ms)) if now_ms - made_ms < FRESH_MS => signed,
        _ => {
            let key = app.key.clone();
            app.store.write(move |db| store::card::publish(db, &key, now_ms)).await?
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/cose")], list))
}
