//! `/v1/accounts`: what a student sees and changes of their own account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dossier::account::{
    AccountStanding, AddressAsk, ContactAsk, DeviceSeen, EraseAsk, PasswordAsk, ProveAddressAsk,
};
use dossier::form::contact::Contact;
use dossier::form::{Answers, Step};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Client, Own};
use crate::proving::{self, Brought};
use crate::request::{self, Path};
use crate::store;
use crate::store::account::Account;
use crate::store::db::Db;
use crate::store::proof::Purpose;
use crate::throttle::Door;

/// How the account stands.
#[utoipa::path(
    get,
    path = "/v1/accounts/{dossier}",
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = AccountStanding)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn standing(
    State(app): State<App>,
    own: Own,
) -> Result<Json<AccountStanding>, Failure> {
    let now_ms = app.now_ms();
    let standing = move |db: &mut dyn Db| store::export::account(db, own.dossier.id, now_ms);
    app.store.read(standing).await.map(Json)
}

/// Another password, for whoever knows the present one.
#[utoipa::path(
    put,
    path = "/v1/accounts/{dossier}/password",
    request_body = PasswordAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "busy", "incomplete", "too_many_tries", "wrong_password", "erased", "session_over",
            "unknown"
        ])
    )),
)]
pub(crate) async fn change_password(
    State(app): State<App>,
    own: Own,
    client: Client,
    request::Json(ask): request::Json<PasswordAsk>,
) -> Result<StatusCode, Failure> {
    let account = step_up(&app, &own, &client, ask.current).await?;
    let hash = proving::hashed(&app, &account, ask.password).await?;
    let now_ms = app.now_ms();
    let changed = app
        .store
        .write(move |db| proving::change_password(db, Some(own.device), &account, &hash, now_ms));
    changed.await?;
    app.post.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a code to another address; the present one stays until the code comes back.
#[utoipa::path(
    post,
    path = "/v1/accounts/{dossier}/address",
    request_body = AddressAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "busy", "too_many_tries", "wrong_password", "erased", "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn change_address(
    State(app): State<App>,
    own: Own,
    client: Client,
    request::Json(ask): request::Json<AddressAsk>,
) -> Result<StatusCode, Failure> {
    let email = store::mail::address(&ask.email)?;
    let id = own.dossier.id;
    let read = move |db: &mut dyn Db| store::account::of(db, id);
    let account = app.store.read(read).await?;
    // A mistyped address of a stand has no password yet: whoever deposited it may mend it.
    let deposited_here = own.dossier.space == own.device.space;
    let is_new = account.password_hash.is_none() && !account.is_active();
    if !(is_new && deposited_here) {
        step_up(&app, &own, &client, ask.password).await?;
    }
    let now_ms = app.now_ms();
    app.doors.knock(Door::Mail, &client, &format!("address {id}"), now_ms)?;
    let issue = move |db: &mut dyn Db| {
        store::proof::issue(db, id, Purpose::Address, email.as_str(), now_ms)
    };
    app.store.write(issue).await?;
    app.post.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// The code of the new address came back.
#[utoipa::path(
    put,
    path = "/v1/accounts/{dossier}/address",
    request_body = ProveAddressAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "too_many_tries", "wrong_code", "erased", "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn prove_address(
    State(app): State<App>,
    own: Own,
    client: Client,
    request::Json(ask): request::Json<ProveAddressAsk>,
) -> Result<StatusCode, Failure> {
    let id = own.dossier.id;
    let name = format!("address {id}");
    app.doors.knock(Door::Code, &client, &name, app.now_ms())?;
    let brought = Brought::Code(id, Purpose::Address, ask.code);
    proving::accept(&app, Some(own.device), brought, None).await?;
    app.doors.open(Door::Code, &client, &name);
    Ok(StatusCode::NO_CONTENT)
}

/// Another phone number, or another home.
#[utoipa::path(
    put,
    path = "/v1/accounts/{dossier}/contact",
    request_body = ContactAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["incomplete", "erased", "session_over", "unknown"]))),
)]
pub(crate) async fn change_contact(
    State(app): State<App>,
    own: Own,
    request::Json(ask): request::Json<ContactAsk>,
) -> Result<StatusCode, Failure> {
    if ask.typed.keys().any(|field| field.step() != Step::Contact) {
        return Err(Failure::Malformed);
    }
    let answers = Answers { typed: ask.typed, ..Answers::default() };
    let contact = Contact::read(&answers, &app.reference.now().pack);
    let contact = contact.map_err(Failure::Incomplete)?;
    let changed =
        app.store.write(move |db| store::account::set_contact(db, own.dossier.id, &contact));
    changed.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The devices that may read the dossier.
#[utoipa::path(
    get,
    path = "/v1/accounts/{dossier}/devices",
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = Vec<DeviceSeen>)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn devices(
    State(app): State<App>,
    own: Own,
) -> Result<Json<Vec<DeviceSeen>>, Failure> {
    let now_ms = app.now_ms();
    let all = move |db: &mut dyn Db| store::session::all(db, own.device, &own.dossier, now_ms);
    app.store.read(all).await.map(Json)
}

/// Signs one of them out.
#[utoipa::path(
    delete,
    path = "/v1/accounts/{dossier}/devices/{id}",
    params(("dossier" = Uuid, Path), ("id" = i64, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn sign_out_device(
    State(app): State<App>,
    own: Own,
    Path((_, session)): Path<(Uuid, i64)>,
) -> Result<StatusCode, Failure> {
    let now_ms = app.now_ms();
    let close =
        move |db: &mut dyn Db| store::session::close_named(db, own.dossier.id, session, now_ms);
    app.store.write(close).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erases the dossier, its photo, its account and its mails.
#[utoipa::path(
    post,
    path = "/v1/accounts/{dossier}/erasure",
    request_body = EraseAsk,
    params(("dossier" = Uuid, Path)),
    responses((status = 204)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "busy", "too_many_tries", "wrong_password", "erased", "session_over", "unknown"
        ])
    )),
)]
pub(crate) async fn erase(
    State(app): State<App>,
    own: Own,
    client: Client,
    request::Json(ask): request::Json<EraseAsk>,
) -> Result<StatusCode, Failure> {
    step_up(&app, &own, &client, ask.password).await?;
    let (keys, now_ms, space) = (app.keys.clone(), app.now_ms(), own.dossier.space);
    let erase = move |db: &mut dyn Db| store::erase::erase(db, &keys, &own.dossier, now_ms);
    let photos = app.store.write(erase).await?;
    // What fails here is erased with the leftovers: nothing names it any more.
    app.photos.forget(space, photos).await?;
    app.pokes.tell(space);
    app.post.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for the present password again: to be signed in is not enough for what cannot be undone.
async fn step_up(app: &App, own: &Own, client: &Client, typed: String) -> Result<Account, Failure> {
    let id = own.dossier.id;
    let account = app.store.read(move |db| store::account::of(db, id)).await?;
    app.doors.knock(Door::Password, client, &account.number, app.now_ms())?;
    let right = app.passwords.matches(typed, account.password_hash.clone()).await?;
    if !right {
        return Err(Failure::WrongPassword);
    }
    app.doors.open(Door::Password, client, &account.number);
    Ok(account)
}
