//! `/v1/status-list` and `/v1/key-set`: which cards are not good any more, and whose signatures
//! are to be believed; for everyone.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dossier::card::status_list::StatusList;
use dossier::season::Season;

use crate::app::App;
use crate::failure::Failure;
use crate::store;

/// A list is signed anew at least this often, so that its date tells a verifier how old its news
/// is even when no card was blocked.
const FRESH_MS: i64 = 3_600_000;

/// The newest signed list.
#[utoipa::path(
    get,
    path = "/v1/status-list",
    responses((status = 200, content(("application/cose")))),
)]
pub(crate) async fn newest(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    let now_ms = app.now_ms();
    // One that a revoked key signed is not believed any more.
    let keys = app.keys.now()?;
    let believed = |signed: &[u8]| StatusList::open(signed, &keys.set).is_ok();
    let list = match app.store.read(store::card::status_list).await? {
        Some((signed, made_ms)) if now_ms - made_ms < FRESH_MS && believed(&signed) => signed,
        _ => {
            let keys = app.keys.clone();
            app.store.write(move |db| store::card::publish(db, &keys, now_ms)).await?
        }
    };
    Ok(([(header::CONTENT_TYPE, "application/cose")], list))
}

/// The keys that sign cards and lists, as the root signed them.
#[utoipa::path(
    get,
    path = "/v1/key-set",
    responses((status = 200, content(("application/cose")))),
)]
pub(crate) async fn keys(State(app): State<App>) -> Result<impl IntoResponse, Failure> {
    // Whoever asks for the keys asks for the list and for cards next: their keys must be there.
    app.keys.lists(app.now_ms())?;
    app.keys.issuer(&Season::of(app.today()).to_string(), app.now_ms())?;
    let signed = app.keys.now()?.signed.clone();
    Ok(([(header::CONTENT_TYPE, "application/cose")], signed))
}
