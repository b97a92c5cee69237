//! A reviewer at the desk: the server's pages, read and answered over a real connection.

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::Url;
use url::form_urlencoded::Serializer;

/// A signed-in reviewer.
pub struct Desk {
    server: Url,
    client: Client<HttpConnector, Full<Bytes>>,
    cookie: String,
}

/// An answer of the desk.
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Its HTML.
    pub html: String,
    cookie: Option<String>,
}

impl Desk {
    /// Signs in with the account that the server made at its first start.
    pub async fn sign_in(server: Url, name: &str, password: &str) -> anyhow::Result<Self> {
        let mut desk = Self::anonymous(server);
        let answer = desk.post("/desk/sign-in", &[("name", name), ("password", password)]).await?;
        desk.cookie = answer.cookie.context("the desk opened no session")?;
        Ok(desk)
    }

    /// A browser in which nobody signed in.
    pub fn anonymous(server: Url) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { server, client, cookie: String::new() }
    }

    /// A page.
    pub async fn get(&self, path: &str) -> anyhow::Result<Page> {
        self.send(Method::GET, path, String::new()).await
    }

    /// The address of its server.
    pub fn server(&self) -> Url {
        self.server.clone()
    }

    /// Accepts a dossier.
    pub async fn accept(&self, dossier: &str) -> anyhow::Result<()> {
        self.decide(dossier, "accept", &[]).await
    }

    /// Refuses a dossier for one reason, with a note.
    pub async fn refuse(&self, dossier: &str, reason: &str, note: &str) -> anyhow::Result<()> {
        self.decide(dossier, "refuse", &[("reasons", reason), ("note", note)]).await
    }

    /// Takes a dossier in hand.
    pub async fn take(&self, dossier: &str) -> anyhow::Result<()> {
        self.decide(dossier, "take", &[]).await
    }

    /// Asks for these topics again, for these reasons, with a note.
    pub async fn correct(
        &self,
        dossier: &str,
        topics: &[&str],
        reasons: &[&str],
        note: &str,
    ) -> anyhow::Result<()> {
        let topics = topics.iter().map(|topic| ("topics", *topic));
        let reasons = reasons.iter().map(|reason| ("reasons", *reason));
        let fields: Vec<_> = topics.chain(reasons).chain([("note", note)]).collect();
        self.decide(dossier, "correct", &fields).await
    }

    /// Says how far the plastic card has come.
    pub async fn make(&self, dossier: &str, stage: &str) -> anyhow::Result<()> {
        self.decide(dossier, "card", &[("stage", stage)]).await
    }

    /// Notes a movement of a benefit by the form of its page; what the form calls it.
    pub async fn note_movement(
        &self,
        dossier: &str,
        answers: &[(&str, &str)],
    ) -> anyhow::Result<String> {
        let page = self.get(&format!("/desk/dossiers/{dossier}")).await?;
        let name = value(&page.html, "movement").context("the page has a form for movements")?;
        self.send_movement(dossier, &name, answers).await?;
        Ok(name)
    }

    /// Sends a form for movements, perhaps once more.
    pub async fn send_movement(
        &self,
        dossier: &str,
        name: &str,
        answers: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        self.decide(dossier, "movement", &[&[("movement", name)], answers].concat()).await
    }

    async fn decide(
        &self,
        dossier: &str,
        decision: &str,
        fields: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let page = self.get(&format!("/desk/dossiers/{dossier}")).await?;
        ensure!(page.status == StatusCode::OK, "the desk does not know {dossier}: {}", page.status);
        let csrf = csrf(&page.html).context("the page has a form")?;
        let fields = [&[("csrf", csrf.as_str())], fields].concat();
        let answer = self.post(&format!("/desk/dossiers/{dossier}/{decision}"), &fields).await?;
        ensure!(answer.status.is_redirection(), "{decision} answered {}", answer.status);
        Ok(())
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Page> {
        let mut form = Serializer::new(String::new());
        form.extend_pairs(fields);
        self.send(Method::POST, path, form.finish()).await
    }

    async fn send(&self, method: Method, path: &str, form: String) -> anyhow::Result<Page> {
        let url = self.server.join(path)?;
        let request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(ORIGIN, self.server.origin().ascii_serialization())
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))?;
        let answer = self.client.request(request).await?;
        let status = answer.status();
        let cookie = answer.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|value| value.split(';').next()).map(str::to_owned);
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(Page { status, html: String::from_utf8_lossy(&body).into_owned(), cookie })
    }
}

/// The token that every form of a page carries.
pub(crate) fn csrf(html: &str) -> Option<String> {
    value(html, "csrf")
}

/// What the first field of this name holds.
fn value(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("name=\"{name}\""))?;
    let (_, rest) = rest.split_once("value=\"")?;
    rest.split('"').next().map(str::to_owned)
}
