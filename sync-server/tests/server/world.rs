//! A server of its own for each test, and how it is asked.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::reference::{List, Manifest, Pack, Texts};
use dossier::signed::RegionKey;
use serde_json::Value;
use sync_server::{App, Clock, FirstStart, MailServer, PhotoPlace, Setup};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::database::{Kept, Told};
use crate::postman::Postman;

/// 22 November 2026, noon.
const NOON_MS: i64 = 1_795_348_800_000;

/// How long these servers wait for one that takes mails and says nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A clock that only tests move.
pub(crate) struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Server {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) region: RegionKey,
    pub(crate) pack: Pack,
    pub(crate) password: String,
    pub(crate) data: TempDir,
    pub(crate) kept: Kept,
    pub(crate) clock: Arc<HandClock>,
    smtp: Option<String>,
    photos: PhotoPlace,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(None, PhotoPlace::File).await
    }

    /// A server that keeps its photos in this folder.
    pub(crate) async fn with_photos(folder: &Path) -> Self {
        Self::start_with(None, PhotoPlace::Folder(folder.to_owned())).await
    }

    /// A server whose mails this postman takes.
    pub(crate) async fn with(postman: &Postman) -> Self {
        Self::start_with(Some(postman.address.clone()), PhotoPlace::File).await
    }

    async fn start_with(smtp: Option<String>, photos: PhotoPlace) -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(NOON_MS)));
        let kept = Kept::new(data.path());
        let (app, first) = open(&data, &kept, &clock, smtp.as_deref(), &photos);
        let region = app.region_key();
        let router = sync_server::router(app.clone());
        let found = ask(&router, get("/v1/reference")).await.json();
        let manifest = BASE64_STANDARD.decode(found["manifest"].as_str().unwrap()).unwrap();
        let manifest = Manifest::open(&manifest, &region).unwrap();
        let mut texts = Texts { version: manifest.version.clone(), lists: Default::default() };
        for list in List::ALL {
            let digest = hex::encode(manifest.digest(list).unwrap());
            let text = ask(&router, get(&format!("/v1/reference/{digest}"))).await.body;
            texts.lists.insert(list, String::from_utf8(text.to_vec()).unwrap());
        }
        assert!(manifest.names(&texts));
        let pack = Pack::read(&texts).unwrap();
        let password = first.desk_account.unwrap().password;
        Self { app, router, region, pack, password, data, kept, clock, smtp, photos }
    }

    /// The same data folder, opened by another process.
    pub(crate) fn restart(&mut self) {
        let smtp = self.smtp.as_deref();
        let (app, first) = open(&self.data, &self.kept, &self.clock, smtp, &self.photos);
        assert!(first.desk_account.is_none(), "a second start makes no account");
        self.router = sync_server::router(app.clone());
        self.app = app;
    }

    pub(crate) fn wait_ms(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        ask(&self.router, request).await
    }

    /// One value of the server's database.
    pub(crate) fn sql<T: Told>(&self, query: &str) -> T {
        self.kept.column(query).pop().unwrap()
    }
}

fn open(
    data: &TempDir,
    kept: &Kept,
    clock: &Arc<HandClock>,
    smtp: Option<&str>,
    photos: &PhotoPlace,
) -> (App, FirstStart) {
    let mail = smtp.map(|smtp| {
        let mail = MailServer::new(smtp, None, "Pass’Région <pass@region.example>", None);
        mail.unwrap().with_patience(PATIENCE)
    });
    let setup = Setup::new(data.path(), clock.clone()).database(kept.address());
    let setup = setup.photos(photos.clone()).automerge(true);
    let (app, first) = setup.mail(mail).open().unwrap();
    app.links_begin_with("https://pass.example");
    (app, first)
}

async fn ask(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// A request of a phone that shows this token.
pub(crate) fn with_token(
    method: Method,
    path: &str,
    token: &str,
    body: impl Into<Body>,
) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.into())
        .unwrap()
}
