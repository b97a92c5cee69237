//! A line to a server in this very process: its public routes, without a socket in between.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::Router;
use bytes::Bytes;
use dossier::document::{Change, Draft, Hash};
use dossier::form::Field;
use dossier::form::charter::Acceptance;
use dossier::number::DossierNumber;
use dossier::reference::{Pack, Texts};
use dossier::sync::{DraftChanges, OfferedPhoto, SyncAnswer, SyncAsk};
use http_body_util::{BodyExt, Full};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use hyper::{Method, Request, StatusCode};
use portrait::Checker;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync_server::{DeskAccount, PhotoPlace, Setup, SystemClock};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use uuid::Uuid;

use crate::lina;

/// The one space of this story.
const SPACE: Uuid = Uuid::from_bytes([3; 16]);
/// The phone of this story.
pub(super) const WRITER: &str = "1111111111111111111111111111111111111111111111111111111111111111";

/// Loaded once, for servers that are opened thousands of times.
static CHECKER: LazyLock<Arc<Checker>> = LazyLock::new(|| Arc::new(Checker::new()));

/// An open server, and the runtime on which it answers.
pub struct Line {
    runtime: Runtime,
    router: Router,
    /// The desk's account, when this was the very first start.
    pub account: Option<DeskAccount>,
}

/// What the server answered.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
    /// The cookie that it set.
    pub cookie: Option<String>,
}

impl Line {
    /// Opens the server as its process does when it starts.
    pub fn opens(data: &Path) -> Result<Self, String> {
        Self::opens_with(data, PhotoPlace::File)
    }

    /// Opens the server that keeps its photos in this place.
    pub fn opens_with(data: &Path, photos: PhotoPlace) -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let setup = Setup::new(data, Arc::new(SystemClock)).photos(photos);
        let opened = setup.checker(Arc::clone(&CHECKER)).open();
        let (app, first) = opened.map_err(|error| format!("does not open: {error:#}"))?;
        let router = sync_server::router(app);
        Ok(Self { runtime, router, account: first.desk_account })
    }

    /// One request; `who` is a phone's token or a reviewer's cookie.
    pub fn ask(
        &self,
        method: Method,
        path: &str,
        (kind, who): (&str, &str),
        body: impl Into<Bytes>,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(path).header(CONTENT_TYPE, kind);
        request = match who.strip_prefix("cookie ") {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request.header(AUTHORIZATION, format!("Bearer {who}")),
        };
        let request = request.body(Full::new(body.into())).map_err(|error| error.to_string())?;
        let router = self.router.clone();
        self.runtime.block_on(async {
            let answer = router.oneshot(request).await.map_err(|error| error.to_string())?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let cookie = headers.get(SET_COOKIE).and_then(|value| value.to_str().ok());
            let cookie = cookie.and_then(|value| value.split(';').next()).map(str::to_owned);
            let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
            Ok(Answer { status, body: body.to_bytes(), cookie })
        })
    }

    /// One request that must go well.
    pub fn must(
        &self,
        method: Method,
        path: &str,
        who: (&str, &str),
        body: impl Into<Bytes>,
    ) -> Result<Answer, String> {
        let answer = self.ask(method, path, who, body)?;
        if answer.status.is_client_error() || answer.status.is_server_error() {
            let said = String::from_utf8_lossy(&answer.body);
            return Err(format!("{path}: {} {}", answer.status, said.get(..200).unwrap_or(&said)));
        }
        Ok(answer)
    }

    /// Binds a phone to the space.
    pub fn bind(&self, token: &str) -> Result<(), String> {
        let space = json!({ "space": SPACE }).to_string();
        self.must(Method::PUT, "/v1/space", (JSON, token), space).map(drop)
    }

    /// Pushes changes of one draft, and offers photos; everything must be taken.
    pub fn sync(&self, token: &str, ask: &SyncAsk) -> Result<SyncAnswer, String> {
        let answer = self.must(Method::POST, "/v1/sync", (CBOR, token), ask.to_bytes())?;
        let answer = SyncAnswer::from_bytes(&answer.body).map_err(|error| error.to_string())?;
        if answer.rejected.is_empty() { Ok(answer) } else { Err(format!("{:?}", answer.rejected)) }
    }
}

pub(super) const JSON: &str = "application/json";
pub(super) const CBOR: &str = "application/cbor";
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

fn offer(draft: Uuid, hash: Hash) -> OfferedPhoto {
    OfferedPhoto { draft: draft.into_bytes().into(), hash: hash.into() }
}

/// An application on its way to the server.
pub struct Application {
    /// Its draft.
    pub id: Uuid,
    document: Draft,
    /// Its photo.
    pub photo: Arc<Photo>,
}

/// A photo, and the hash that names it.
pub struct Photo {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Its SHA-256.
    pub hash: Hash,
}

/// The photo of a letter: drawn once, and looked at thousands of times.
fn photo(letter: u8) -> Arc<Photo> {
    static DRAWN: Mutex<BTreeMap<u8, Arc<Photo>>> = Mutex::new(BTreeMap::new());
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    let draw = || {
        let jpeg = crate::picture::plain(letter);
        let hash = Sha256::digest(&jpeg).into();
        Arc::new(Photo { jpeg, hash })
    };
    Arc::clone(drawn.entry(letter).or_insert_with(draw))
}

impl Application {
    /// An empty one, whose everything follows from one byte.
    pub fn new(letter: u8) -> Self {
        let (id, document) = (Uuid::from_bytes([letter; 16]), Draft::new(&[letter; 16]));
        Self { id, document, photo: photo(letter) }
    }

    /// Every answer of the form, each as a change of its own.
    pub fn fill(&mut self) -> Vec<Change> {
        let charter = Pack::of(&Texts::shipped()).expect("the shipped lists").charter.clone();
        let (version, hash) = (charter.version, charter.hash);
        let acceptance = Acceptance { version, hash, accepted_at_ms: 1_000 };
        let mut changes: Vec<Change> = Vec::new();
        changes.extend(self.document.accept_charter(&acceptance, 1_000));
        for (field, typed) in lina::answers() {
            let field = serde_json::from_value(Value::from(field)).expect("a field");
            changes.extend(self.document.set(field, typed, 1_000));
        }
        let photo = dossier::hexadecimal::text(&self.photo.hash);
        changes.extend(self.document.set(Field::Photo, &photo, 1_000));
        changes
    }

    /// The message that pushes changes of this draft.
    pub fn push(&self, changes: &[Change]) -> SyncAsk {
        let changes = changes.iter().map(|change| change.bytes.clone().into()).collect();
        let push = vec![DraftChanges { draft: self.id.into_bytes().into(), changes }];
        SyncAsk { push, photos: vec![offer(self.id, self.photo.hash)], ..SyncAsk::at([0; 16], 0) }
    }

    /// The message that pushes nothing, and offers the photos of these.
    pub fn offers(letters: &[u8]) -> SyncAsk {
        let offer = |letter: &u8| offer(Uuid::from_bytes([*letter; 16]), photo(*letter).hash);
        SyncAsk { photos: letters.iter().map(offer).collect(), ..SyncAsk::at([0; 16], 0) }
    }

    /// The message that says that its draft was deleted.
    pub fn deletes(&self) -> SyncAsk {
        SyncAsk { gone: vec![self.id.into_bytes().into()], ..SyncAsk::at([0; 16], 0) }
    }

    /// The request that deposits it as it stands.
    pub fn deposit(&mut self) -> String {
        let mut heads = self.document.heads();
        heads.sort_unstable();
        let heads: Vec<_> = heads.iter().map(|head| dossier::hexadecimal::text(head)).collect();
        let number = DossierNumber::draw(self.id.into_bytes());
        let photo = dossier::hexadecimal::text(&self.photo.hash);
        json!({ "number": number, "heads": heads, "photo": photo, "password": null }).to_string()
    }
}
