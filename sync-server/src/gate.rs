//! Who is asking: a phone by its token, a reviewer by their session.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Form, FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use dossier::hexadecimal;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::App;
use crate::desk::Told;
use crate::failure::Failure;
use crate::store;
use crate::store::db::Db;
use crate::store::desk::KnownReviewer;
use crate::store::dossier::Dossier;

/// The cookie of a reviewer's session.
pub(crate) const SESSION_COOKIE: &str = "passregion_desk";
/// The hidden field that proves that a form came from one of our pages.
pub(crate) const CSRF_FIELD: &str = "csrf";

/// A token that a phone holds in its keyring: its hash, which may not be bound to a space yet.
pub(crate) struct Token {
    pub(crate) hash: [u8; 32],
}

impl FromRequestParts<App> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let bearer = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(hexadecimal::array::<32>)
            .ok_or(Failure::SignedOut)?;
        Ok(Self { hash: Sha256::digest(bearer).into() })
    }
}

/// A phone whose token is bound to a space. Whoever holds a `Device` may use that space, no other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Device {
    pub(crate) id: i64,
    pub(crate) space: Uuid,
}

impl FromRequestParts<App> for Device {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = Token::from_request_parts(parts, app).await?;
        let known = app.store.read(move |db| store::space::device(db, &token.hash)).await?;
        let known = known.ok_or(Failure::SignedOut)?;
        Ok(Self { id: known.id, space: known.space })
    }
}

/// The dossier that the path names first, and a device that may read it. A handler that takes an
/// `Own` cannot forget to ask.
pub(crate) struct Own {
    pub(crate) device: Device,
    pub(crate) dossier: Dossier,
}

impl Own {
    /// What names the dossier, and the space that it was deposited from.
    pub(crate) fn id(&self) -> (Uuid, Uuid) {
        (self.dossier.id, self.dossier.space)
    }
}

impl FromRequestParts<App> for Own {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let device = Device::from_request_parts(parts, app).await?;
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Failure::Malformed)?;
        let id = path.iter().next().and_then(|(_, id)| id.parse::<Uuid>().ok());
        let (id, now_ms) = (id.ok_or(Failure::Malformed)?, app.now_ms());
        let admit = move |db: &mut dyn Db| store::session::admit(db, device, id, now_ms);
        let admitted = app.store.read(admit).await?;
        if !admitted.is_noted {
            app.store.write(move |db| store::session::note(db, device, id, now_ms)).await?;
        }
        Ok(Self { device, dossier: admitted.dossier })
    }
}

/// Where a request comes from, as far as that tells one crowd from another.
pub(crate) struct Client(Option<String>);

/// What a proxy on this machine says of whom it stands for.
const FORWARDED_FOR: &str = "x-forwarded-for";

impl Client {
    /// The address, without the part that one household chooses by itself.
    pub(crate) fn address(&self) -> Option<&str> {
        self.0.as_deref()
    }

    #[cfg(test)]
    pub(crate) fn at(address: &str) -> Self {
        Self(Some(address.to_owned()))
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let ConnectInfo(peer) = match parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            Some(peer) => *peer,
            None => return Ok(Self(None)),
        };
        // Only the proxy that we were told of is believed, and only what it added itself.
        let forwarded = (app.public_url.get().is_some() && peer.ip().is_loopback())
            .then(|| parts.headers.get_all(FORWARDED_FOR).iter().next_back())
            .flatten()
            .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(Some(crowd(forwarded.unwrap_or_else(|| peer.ip())))))
    }
}

fn crowd(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A reviewer who is signed in.
pub(crate) struct Reviewer {
    pub(crate) known: KnownReviewer,
    session: String,
}

impl FromRequestParts<App> for Reviewer {
    type Rejection = Told;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Told> {
        let session = cookie(&parts.headers, SESSION_COOKIE).ok_or(Failure::SignedOut)?.to_owned();
        let (hash, now_ms) = (session_hash(&session), app.now_ms());
        let known = app.store.write(move |db| store::desk::session(db, &hash, now_ms)).await?;
        Ok(Self { known: known.ok_or(Failure::SignedOut)?, session })
    }
}

impl Reviewer {
    /// What every form of this session carries; another session's does not fit.
    pub(crate) fn csrf(&self) -> String {
        let digest = Sha256::digest(format!("{CSRF_FIELD}:{}", self.session));
        hexadecimal::text(&digest)
    }

    /// What the store knows this session by.
    pub(crate) fn session_hash(&self) -> [u8; 32] {
        session_hash(&self.session)
    }
}

/// An administrator who is signed in; a reviewer who is none is refused.
pub(crate) struct Administrator(pub(crate) Reviewer);

impl FromRequestParts<App> for Administrator {
    type Rejection = Told;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Told> {
        let reviewer = Reviewer::from_request_parts(parts, app).await?;
        reviewer.known.must_be_administrator()?;
        Ok(Self(reviewer))
    }
}

/// What the store knows a session by: the token itself is only in the reviewer's browser.
pub(crate) fn session_hash(session: &str) -> [u8; 32] {
    Sha256::digest(session.as_bytes()).into()
}

/// A form that a reviewer sent from one of our pages. A handler that takes an `Order` cannot
/// forget to check session, origin and CSRF token.
pub(crate) struct Order {
    pub(crate) reviewer: Reviewer,
    fields: Vec<(String, String)>,
}

impl Order {
    /// The first value of a field.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<App> for Order {
    type Rejection = Told;

    async fn from_request(request: Request, app: &App) -> Result<Self, Told> {
        let (mut parts, body) = request.into_parts();
        let reviewer = Reviewer::from_request_parts(&mut parts, app).await?;
        let fields = form(Request::from_parts(parts, body), app).await?;
        let order = Self { reviewer, fields };
        let expected = order.reviewer.csrf();
        let given = order.one(CSRF_FIELD).unwrap_or_default();
        if bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
            Ok(order)
        } else {
            Err(Failure::Forbidden.into())
        }
    }
}

/// An order that an administrator gave.
pub(crate) struct AdministratorOrder(pub(crate) Order);

impl FromRequest<App> for AdministratorOrder {
    type Rejection = Told;

    async fn from_request(request: Request, app: &App) -> Result<Self, Told> {
        let order = Order::from_request(request, app).await?;
        order.reviewer.known.must_be_administrator()?;
        Ok(Self(order))
    }
}

/// The fields of a form that came from our own pages.
pub(crate) async fn form(request: Request, app: &App) -> Result<Vec<(String, String)>, Failure> {
    if !is_from_here(request.headers(), app.public_url.get()) {
        return Err(Failure::Forbidden);
    }
    let Form(fields) = Form::from_request(request, app).await?;
    Ok(fields)
}

/// Whether the page that sent the form is ours, when the browser names it. Other clients name
/// none; the CSRF token holds against all.
fn is_from_here(headers: &HeaderMap, public_url: Option<&String>) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return !headers.contains_key(header::ORIGIN);
    };
    match public_url {
        Some(url) => origin == url,
        None => origin.split_once("://").map(|(_, host)| host) == text(header::HOST),
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}
