//! `/v1/sign-in`: a device may read one dossier, because somebody on it knows its password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dossier::account::{LONGEST_DEVICE_NAME, SignInAsk, SignedIn};

use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Client, Device, Own};
use crate::request;
use crate::store;
use crate::store::audit::{Action, STUDENT, note};
use crate::store::db::Db;
use crate::store::session;
use crate::throttle::Door;

/// Opens one dossier to this device. Unknown, not active and wrong are one answer, equally slow.
#[utoipa::path(
    post,
    path = "/v1/sign-in",
    request_body = SignInAsk,
    responses((status = 200, body = SignedIn)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "erased", "too_many_tries", "wrong_sign_in"]))),
)]
pub(crate) async fn open(
    State(app): State<App>,
    device: Device,
    client: Client,
    request::Json(ask): request::Json<SignInAsk>,
) -> Result<Json<SignedIn>, Failure> {
    let SignInAsk { number, password, device: name } = ask;
    let (now_ms, asked) = (app.now_ms(), number.clone());
    app.doors.knock(Door::Password, &client, number.as_str(), now_ms)?;
    let read = move |db: &mut dyn Db| store::account::by_number(db, asked.as_str());
    let account = app.store.read(read).await?;
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = app.passwords.matches(password, hash).await?;
    let account = account.filter(|account| right && account.is_active());
    let account = account.ok_or(Failure::WrongSignIn)?;
    app.doors.open(Door::Password, &client, number.as_str());
    let by = app.telling();
    let opened = app.store.write(move |db| {
        session::open(db, device, (account.dossier, account.space), &shown(&name), now_ms)?;
        let dossier = session::admit(db, device, account.dossier, now_ms)?.dossier;
        note(db, STUDENT, Action::SignedIn, Some(dossier.id), now_ms)?;
        store::export::signed_in(db, &by, &dossier, now_ms)
    });
    opened.await.map(Json)
}

/// What a device calls itself, as it may stand in a list.
pub(super) fn shown(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(LONGEST_DEVICE_NAME).collect()
}

/// Ends what this device may read of the dossier.
#[utoipa::path(
    delete,
    path = "/v1/sign-in/{dossier}",
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn close(State(app): State<App>, own: Own) -> Result<StatusCode, Failure> {
    let now_ms = app.now_ms();
    let closed = app.store.write(move |db| {
        note(db, STUDENT, Action::SignedOut, Some(own.dossier.id), now_ms)?;
        session::close(db, own.device, own.id(), now_ms)
    });
    closed.await?;
    Ok(StatusCode::NO_CONTENT)
}
