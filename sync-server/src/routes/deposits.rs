//! `/v1/deposits`: a draft becomes a dossier, once, and the server gives its word.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use dossier::account::SignedIn;
use dossier::card::vignette::{MOST_JPEG_BYTES, Vignette};
use dossier::document::Hash;
use dossier::form::password::{self, Personal};
use dossier::form::{Application, Field, FieldRefusal, Refusal};
use dossier::number::DossierNumber;
use dossier::season::Season;
use dossier::sync::{DepositAnswer, DepositAsk, Deposited, Receipt};
use uuid::Uuid;

use crate::app::App;
use crate::clock::day;
use crate::failure::Failure;
use crate::gate::{Device, Own};
use crate::heavy::in_time;
use crate::request::{self, Path};
use crate::store;
use crate::store::db::Db;
use crate::store::dossier::Bound;
use crate::store::photo::Named;
use crate::store::photo_report::Judged;
use crate::store::proof::Purpose;

/// Heads of a document: more branches than devices that ever wrote a draft.
const MOST_HEADS: usize = 64;

/// A phone waits twice as long for an answer. « Busy » by then, it tries again later, and this
/// server stays free for the phones that are still there.
pub(crate) const EXAMINED_WITHIN: Duration = Duration::from_secs(10);

/// A deposit as it was asked, readable.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) draft: Uuid,
    pub(crate) space: Uuid,
    pub(crate) number: DossierNumber,
    /// Sorted.
    pub(crate) heads: Vec<Hash>,
    pub(crate) photo: Hash,
}

/// Deposits a draft of this space. Asked again, the answer is the same receipt, byte for byte.
#[utoipa::path(
    put,
    path = "/v1/deposits/{draft}",
    request_body = DepositAsk,
    params(("draft" = Uuid, Path)),
    responses((status = 200, body = DepositAnswer)),
    security(("device" = [])),
    extensions((
        "x-failures" = json!([
            "already_deposited", "busy", "changes_missing", "erased", "forbidden", "incomplete",
            "number_taken", "photo_missing"
        ])
    )),
)]
pub(crate) async fn deposit(
    State(app): State<App>,
    device: Device,
    Path(draft): Path<Uuid>,
    request::Json(ask): request::Json<DepositAsk>,
) -> Result<Json<DepositAnswer>, Failure> {
    let asked = Asked::read(device, draft, &ask)?;
    let again = asked.clone();
    if let Some(receipt) = app.store.read(move |db| again.known_receipt(db)).await? {
        return Ok(told(&receipt));
    }
    let examined = in_time(EXAMINED_WITHIN, examine(&app, &asked, ask.password)).await?;
    let receipt = keep(&app, asked, examined).await?;
    Ok(told(&receipt))
}

/// All of a deposited dossier, for a device that may read it: one of its space that deposited the same
/// draft later, and one that hears of a correction made elsewhere.
#[utoipa::path(
    get,
    path = "/v1/deposits/{draft}",
    params(("draft" = Uuid, Path)),
    responses((status = 200, body = SignedIn)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn deposited(State(app): State<App>, own: Own) -> Result<Json<SignedIn>, Failure> {
    let (by, now_ms) = (app.telling(), app.now_ms());
    app.store
        .read(move |db| store::export::signed_in(db, &by, &own.dossier, now_ms))
        .await
        .map(Json)
}

fn told(receipt: &[u8]) -> Json<DepositAnswer> {
    Json(DepositAnswer { receipt: BASE64_STANDARD.encode(receipt) })
}

impl Asked {
    fn read(device: Device, draft: Uuid, ask: &DepositAsk) -> Result<Self, Failure> {
        if ask.heads.len() > MOST_HEADS {
            return Err(Failure::Malformed);
        }
        let heads: Result<Vec<Hash>, Failure> =
            ask.heads.iter().map(|head| request::hash(head)).collect();
        let mut heads = heads?;
        heads.sort_unstable();
        let photo = request::hash(&ask.photo)?;
        Ok(Self { draft, space: device.space, number: ask.number.clone(), heads, photo })
    }

    /// The receipt of this very deposit, if it is stored; another deposit of the draft is refused.
    fn known_receipt(&self, db: &mut dyn Db) -> Result<Option<Vec<u8>>, Failure> {
        store::change::refuse_buried(db, self.space, self.draft)?;
        let Some(bound) = store::dossier::bound(db, self.draft)? else { return Ok(None) };
        if bound.space != self.space {
            return Err(Failure::Forbidden);
        }
        if self.is(&bound) { Ok(Some(bound.receipt)) } else { Err(Failure::AlreadyDeposited) }
    }
}

/// A deposit that may be kept.
pub(crate) struct Examined {
    pub(crate) application: Application,
    pub(crate) judged: Judged,
    pub(crate) password_hash: Option<String>,
}

/// Checks everything again, with the same code as the phone.
async fn examine(app: &App, asked: &Asked, password: Option<String>) -> Result<Examined, Failure> {
    let application = read(app, asked).await?;
    if let Some(typed) = &password {
        let names = [application.given_name.as_str(), application.family_name.as_str()];
        let personal = Personal { names, birth: Some(application.birth_date.date()) };
        password::check(typed, typed, &personal)
            .map_err(|refusal| refused(Field::Password, refusal))?;
    }
    let photo = Named { space: asked.space, hash: asked.photo };
    let jpeg = app.photos.bytes(photo).await?.ok_or(Failure::PhotoMissing)?;
    let judged = judge(app, asked.photo, jpeg).await?;
    let password_hash = match password {
        Some(typed) => Some(app.passwords.hash(typed).await?),
        None => None,
    };
    Ok(Examined { application, judged, password_hash })
}

/// The answers at the deposited heads.
async fn read(app: &App, asked: &Asked) -> Result<Application, Failure> {
    let Asked { draft, space, photo, heads, .. } = asked.clone();
    let answers = app.store.read(move |db| {
        let document = store::change::document(db, space, draft)?;
        let frozen = document.and_then(|mut document| document.at(&heads));
        Ok(frozen.ok_or(Failure::ChangesMissing)?.answers())
    });
    let answers = answers.await?;
    let application = Application::read(&answers, &app.reference.now().pack, app.today())
        .map_err(Failure::Incomplete)?;
    if application.photo.0 != photo {
        return Err(refused(Field::Photo, Refusal::Mismatch));
    }
    Ok(application)
}

/// What is measured on a photo, and its vignette. Takes only what a phone makes; nothing is refused here
/// for how the photo looks: every measure is kept for the reviewer, who decides.
pub(crate) async fn judge(app: &App, photo: Hash, jpeg: Bytes) -> Result<Judged, Failure> {
    let checker = Arc::clone(&app.checker);
    let judged = app.heavy.run(move || {
        let report = checker.verify(&jpeg).ok()?;
        Some(Judged { report, vignette: vignette_of(photo, &jpeg)? })
    });
    judged.await?.ok_or_else(|| refused(Field::Photo, Refusal::Malformed))
}

/// The vignette of a photo; takes a while.
pub(super) fn vignette_of(photo: Hash, jpeg: &[u8]) -> Option<Vignette> {
    Vignette::new(photo, portrait::vignette(jpeg, MOST_JPEG_BYTES).ok()?)
}

/// One transaction: the dossier, what was measured on its photo, its account, the mail that
/// activates it, and its receipt, or nothing.
async fn keep(app: &App, asked: Asked, examined: Examined) -> Result<Vec<u8>, Failure> {
    let (shared, received_ms) = (app.clone(), app.now_ms());
    let kept = app.store.write(move |db| {
        // Asked twice at the same time: the second finds what the first stored.
        if let Some(receipt) = asked.known_receipt(db)? {
            return Ok(receipt);
        }
        asked.store(db, &shared, &examined, received_ms)
    });
    let receipt = kept.await?;
    app.post.wake();
    Ok(receipt)
}

impl Asked {
    /// Whether it is this that was deposited.
    pub(crate) fn is(&self, bound: &Bound) -> bool {
        bound.number == self.number.as_str()
            && bound.heads == self.heads.concat()
            && bound.photo == self.photo
    }

    /// Stores the dossier, what was measured on its photo, its account and the mail that activates
    /// it; the receipt.
    pub(crate) fn store(
        &self,
        db: &mut dyn Db,
        app: &App,
        examined: &Examined,
        received_ms: i64,
    ) -> Result<Vec<u8>, Failure> {
        if store::dossier::holds_number(db, self.number.as_str())? {
            return Err(Failure::NumberTaken);
        }
        let deposited = self.deposited(app, examined, received_ms);
        store::dossier::insert(db, &deposited)?;
        store::photo_report::insert(db, self.draft, &examined.judged, received_ms)?;
        store::account::open(db, self.draft, examined.password_hash.as_deref())?;
        let email = examined.application.email.as_str();
        store::proof::issue(db, self.draft, Purpose::Activation, email, received_ms)?;
        Ok(deposited.bound.receipt)
    }

    /// What is stored of it, with the receipt that names it.
    pub(crate) fn deposited<'a>(
        &self,
        app: &App,
        examined: &'a Examined,
        received_ms: i64,
    ) -> store::dossier::Deposited<'a> {
        store::dossier::Deposited {
            draft: self.draft,
            bound: self.bound(self.receipt(received_ms).sign(app.keys.root())),
            received_ms,
            season: Season::of(day(received_ms)).to_string(),
            reference_version: app.reference.now().pack.version.clone(),
            application: &examined.application,
        }
    }

    fn receipt(&self, received_ms: i64) -> Receipt {
        let deposited = Deposited {
            dossier: self.draft.into_bytes(),
            number: &self.number,
            heads: &self.heads,
            photo: self.photo,
        };
        Receipt::of(&deposited, received_ms)
    }

    fn bound(&self, receipt: Vec<u8>) -> Bound {
        Bound {
            space: self.space,
            number: self.number.as_str().to_owned(),
            heads: self.heads.concat(),
            photo: self.photo,
            receipt,
        }
    }
}

pub(super) fn refused(field: Field, refusal: Refusal) -> Failure {
    Failure::Incomplete(vec![FieldRefusal { field, step: field.step(), refusal }])
}
