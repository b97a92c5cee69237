//! `/v1/activation`, `/v1/password`, `/v1/numbers`, `/v1/link`: what is done by whoever is not signed in.
//!
//! Each answer is the same, and takes as long, whether the account exists or not: a mail is asked
//! for by one row that is looked up later, a code is compared before anything is written.

use axum::extract::State;
use axum::http::StatusCode;
use dossier::account::{
    ActivateAsk, Code, EmailAsk, FollowAsk, LinkAsk, LinkStanding, NumberAsk, ResetAsk,
};
use dossier::number::DossierNumber;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::{Client, Device};
use crate::proving::{self, Brought};
use crate::request::Json;
use crate::store;
use crate::store::account::Account;
use crate::store::mail::Kind;
use crate::store::proof::Purpose;
use crate::throttle::Door;

/// Sends the activation mail again.
#[utoipa::path(
    post,
    path = "/v1/activation/mail",
    request_body = NumberAsk,
    responses((status = 204)),
    extensions(("x-failures" = json!(["too_many_tries"]))),
)]
pub(crate) async fn mail(
    State(app): State<App>,
    client: Client,
    Json(ask): Json<NumberAsk>,
) -> Result<StatusCode, Failure> {
    ask_for(&app, &client, Kind::Activation, ask.number.as_str()).await
}

/// Sends a code to whoever forgot the password.
#[utoipa::path(
    post,
    path = "/v1/password/mail",
    request_body = NumberAsk,
    responses((status = 204)),
    extensions(("x-failures" = json!(["too_many_tries"]))),
)]
pub(crate) async fn reset_mail(
    State(app): State<App>,
    client: Client,
    Json(ask): Json<NumberAsk>,
) -> Result<StatusCode, Failure> {
    ask_for(&app, &client, Kind::Reset, ask.number.as_str()).await
}

/// Sends the numbers of an address to that address.
#[utoipa::path(
    post,
    path = "/v1/numbers/mail",
    request_body = EmailAsk,
    responses((status = 204)),
    extensions(("x-failures" = json!(["too_many_tries"]))),
)]
pub(crate) async fn numbers_mail(
    State(app): State<App>,
    client: Client,
    Json(ask): Json<EmailAsk>,
) -> Result<StatusCode, Failure> {
    let email = store::mail::address(&ask.email)?;
    ask_for(&app, &client, Kind::Numbers, email.as_str()).await
}

async fn ask_for(
    app: &App,
    client: &Client,
    kind: Kind,
    about: &str,
) -> Result<StatusCode, Failure> {
    let (now_ms, about) = (app.now_ms(), about.to_owned());
    app.doors.knock(Door::Mail, client, &format!("{} {about}", kind.as_str()), now_ms)?;
    app.store.write(move |db| store::mail::ask(db, kind, &about, now_ms)).await?;
    app.post.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Activates an account by the code of its mail.
#[utoipa::path(
    post,
    path = "/v1/activation",
    request_body = ActivateAsk,
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "incomplete", "too_many_tries", "wrong_code"]))),
)]
pub(crate) async fn activate(
    State(app): State<App>,
    device: Device,
    client: Client,
    Json(ask): Json<ActivateAsk>,
) -> Result<StatusCode, Failure> {
    let account = by_code(&app, &client, &ask.number, Purpose::Activation, &ask.code).await?;
    let brought = Brought::Code(account.dossier, Purpose::Activation, ask.code);
    proving::accept(&app, Some(device), brought, ask.password).await?;
    app.doors.open(Door::Code, &client, ask.number.as_str());
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a password in place of a forgotten one: every other device is signed out.
#[utoipa::path(
    put,
    path = "/v1/password",
    request_body = ResetAsk,
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "incomplete", "too_many_tries", "wrong_code"]))),
)]
pub(crate) async fn reset(
    State(app): State<App>,
    device: Device,
    client: Client,
    Json(ask): Json<ResetAsk>,
) -> Result<StatusCode, Failure> {
    let account = by_code(&app, &client, &ask.number, Purpose::Reset, &ask.code).await?;
    let brought = Brought::Code(account.dossier, Purpose::Reset, ask.code);
    proving::accept(&app, Some(device), brought, Some(ask.password)).await?;
    app.doors.open(Door::Code, &client, ask.number.as_str());
    app.doors.open(Door::Password, &client, ask.number.as_str());
    Ok(StatusCode::NO_CONTENT)
}

/// Says what a link is for; nothing is spent.
#[utoipa::path(
    post,
    path = "/v1/link",
    request_body = LinkAsk,
    responses((status = 200, body = LinkStanding)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["wrong_code"]))),
)]
pub(crate) async fn look(
    State(app): State<App>,
    _: Device,
    Json(ask): Json<LinkAsk>,
) -> Result<axum::Json<LinkStanding>, Failure> {
    let (brought, now_ms) = (Brought::Link(ask.link), app.now_ms());
    let proven = app.store.read(move |db| brought.proven(db, now_ms)).await?;
    let number = DossierNumber::parse(&proven.account.number);
    Ok(axum::Json(LinkStanding {
        purpose: proven.proof.purpose,
        dossier: proven.account.dossier,
        number_masked: number.map(|number| number.masked()).unwrap_or_default(),
        needs_password: proven.needs_password(),
    }))
}

/// Does what a link is for. Nobody guesses 128 bits, so that no door counts the tries.
#[utoipa::path(
    put,
    path = "/v1/link",
    request_body = FollowAsk,
    responses((status = 204)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "incomplete", "wrong_code"]))),
)]
pub(crate) async fn follow(
    State(app): State<App>,
    device: Device,
    Json(ask): Json<FollowAsk>,
) -> Result<StatusCode, Failure> {
    proving::accept(&app, Some(device), Brought::Link(ask.link), ask.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account of a number whose code this is.
async fn by_code(
    app: &App,
    client: &Client,
    number: &DossierNumber,
    purpose: Purpose,
    code: &Code,
) -> Result<Account, Failure> {
    let now_ms = app.now_ms();
    app.doors.knock(Door::Code, client, number.as_str(), now_ms)?;
    let (number, code) = (number.clone(), code.clone());
    let found = app.store.read(move |db| {
        let account = store::account::by_number(db, number.as_str())?;
        let account = account.ok_or(Failure::WrongCode)?;
        let proof = store::proof::by_code(db, account.dossier, purpose, &code, now_ms)?;
        proof.map(|_| account).ok_or(Failure::WrongCode)
    });
    found.await
}
