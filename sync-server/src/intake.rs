//! What stands bring: an envelope is opened apart, and deposited as if its student had been online.
//!
//! An authentic envelope is never refused. What cannot be deposited waits for a person at the desk,
//! with its reason: the code of the [`Failure`] that it met.

mod keep;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dossier::document::guard::{Admitted, Allowance};
use dossier::document::{Draft, Hash};
use dossier::form::{Answers, Application};
use dossier::number::DossierNumber;
use dossier::stand::envelope::Enrolment;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::heavy::in_time;
use crate::routes::deposits::{Asked, EXAMINED_WITHIN, Examined, judge};
use crate::store::db::Db;
use crate::store::envelope::{Sealed, Stage};
use crate::store::photo::Named;
use crate::store::{self, change};

/// The server only reads documents: it never writes as this actor.
const READER: &[u8] = b"server";
/// Whoever brought an envelope opens it first; after this long nobody does any more.
const LEFT_MS: i64 = 60_000;
/// Between two looks at what was left.
const LOOK: Duration = Duration::from_secs(30);
/// Envelopes that are looked at together.
const AT_ONCE: u32 = 20;

/// Whether a revoked tablet's enrolment is good all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Nobody said so.
    ByNobody,
    /// An administrator looked, and says so.
    ByAdministrator,
}

impl App {
    /// Opens the envelopes that were kept and not opened, for as long as the server runs.
    pub async fn run_intake(&self) {
        loop {
            self.open_kept_envelopes().await;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Opens what was left, erases what is not needed any more, and says which tablets are revoked;
    /// once, for whoever turns the clock by hand.
    pub async fn open_kept_envelopes(&self) {
        let done = [self.open_left().await, self.forget_old().await, self.tell_revoked().await];
        done.into_iter().filter_map(Result::err).for_each(|failure| failure.log());
    }

    async fn open_left(&self) -> Result<(), Failure> {
        let before_ms = self.now_ms() - LEFT_MS;
        let unopened =
            self.store.read(move |db| store::envelope::unopened(db, before_ms, AT_ONCE)).await?;
        for digest in unopened {
            let again = self.store.write(move |db| store::envelope::try_again(db, &digest)).await?;
            if again {
                if let Err(failure) = opened(self, digest, Judged::ByNobody).await {
                    failure.log();
                }
            } else {
                let ended = anyhow::anyhow!("opening it ended the server too often");
                stick(self, digest, Failure::Ours(ended)).await?;
            }
        }
        Ok(())
    }

    async fn forget_old(&self) -> Result<(), Failure> {
        let before_ms = self.now_ms() - self.envelopes_kept_ms;
        self.store.write(move |db| store::envelope::forget_older(db, before_ms)).await
    }

    /// Has the set of keys name every revoked tablet, also one that another server revoked, or this
    /// one before it was cut.
    pub(crate) async fn tell_revoked(&self) -> Result<(), Failure> {
        let revoked = self.store.read(store::stand::revoked).await?;
        let (keys, now_ms) = (self.keys.clone(), self.now_ms());
        self.aside.run(move || Ok(keys.revoke_stands(&revoked, now_ms)?)).await
    }
}

/// Opens an envelope that is kept or stuck, and deposits it; one that was settled before stays so.
/// A failure says that nobody knows yet, and that it is to be tried again.
pub(crate) async fn opened(app: &App, digest: Hash, judged: Judged) -> Result<Stage, Failure> {
    let read = move |db: &mut dyn Db| {
        let sealed = store::envelope::by_digest(db, &digest)?;
        let space = change::home(db, &sealed.stand, sealed.dossier)?;
        let gone = change::refuse_gone(db, sealed.dossier).err();
        Ok((sealed, space, gone))
    };
    let (sealed, space, gone) = app.store.read(read).await?;
    let is_open = match sealed.stage {
        Stage::Kept => true,
        Stage::Stuck => judged == Judged::ByAdministrator,
        Stage::Deposited | Stage::Superseded | Stage::Discarded => false,
    };
    if !is_open {
        return Ok(sealed.stage);
    }
    let deposited = match gone {
        // Not even its photo is kept.
        Some(failure) => Err(failure),
        None => in_time(EXAMINED_WITHIN, deposit(app, sealed, space, judged)).await,
    };
    let stage = match deposited {
        Ok(stage) => stage,
        Err(failure @ (Failure::Busy | Failure::Ours(_))) => return Err(failure),
        Err(failure) => stick(app, digest, failure).await?,
    };
    app.metrics.opened(stage);
    Ok(stage)
}

async fn stick(app: &App, digest: Hash, why: Failure) -> Result<Stage, Failure> {
    tracing::warn!(reason = why.code(), "an envelope waits for a person");
    let now_ms = app.now_ms();
    app.store.write(move |db| store::envelope::stick(db, &digest, &why, now_ms)).await
}

/// Number and answers of what an envelope holds, for a person who looks at it.
pub(crate) async fn held(app: &App, sealed: Sealed) -> Result<(String, Answers), Failure> {
    let keys = app.keys.clone();
    let read = app.heavy.run(move || read(&keys, &sealed)).await??;
    Ok((read.number.to_string(), read.document.answers()))
}

/// An enrolment that may be deposited.
struct Enrolled {
    asked: Asked,
    examined: Examined,
    changes: Vec<Admitted>,
    claim: [u8; 32],
}

async fn deposit(app: &App, sealed: Sealed, space: Uuid, judged: Judged) -> Result<Stage, Failure> {
    if sealed.stand.is_revoked() && judged == Judged::ByNobody {
        return Err(Failure::Revoked);
    }
    let sealed = Arc::new(sealed);
    let (keys, to_open) = (app.keys.clone(), Arc::clone(&sealed));
    let read = app.heavy.run(move || read(&keys, &to_open)).await??;
    let enrolled = examine(app, &sealed, space, read).await?;
    let (shared, now_ms) = (app.clone(), app.now_ms());
    let work = move |db: &mut dyn Db| keep::keep(db, &shared, &sealed, &enrolled, now_ms);
    let stage = app.store.write(work).await?;
    app.pokes.tell(space);
    app.post.wake();
    Ok(stage)
}

/// What an envelope held, past the guard.
struct Read {
    enrolment: Enrolment,
    number: DossierNumber,
    changes: Vec<Admitted>,
    document: Draft,
}

/// Opens it, and rebuilds the document at the heads that it names.
fn read(keys: &crate::keys::Keys, sealed: &Sealed) -> Result<Read, Failure> {
    let device_key = sealed.stand.device_key.ok_or(Failure::NotTheEnvelope)?;
    let (_, enrolment) = keys.unseal(&sealed.bytes, &device_key)?;
    let mut allowance = Allowance::default();
    let changes: Result<Vec<Admitted>, Failure> = enrolment
        .changes
        .iter()
        .map(|bytes| allowance.admit(bytes).map_err(|_| Failure::Malformed))
        .collect();
    let changes = changes?;
    let mut document =
        Draft::from_changes(READER, changes.clone()).map_err(|_| Failure::Malformed)?;
    let heads: Vec<Hash> = enrolment.heads.iter().map(|head| **head).collect();
    let document = document.at(&heads).ok_or(Failure::ChangesMissing)?;
    let number = DossierNumber::parse(&enrolment.number).map_err(|_| Failure::Malformed)?;
    Ok(Read { enrolment, number, changes, document })
}

/// Checks everything again, with the same code as the tablet, and keeps the photo.
async fn examine(app: &App, sealed: &Sealed, space: Uuid, read: Read) -> Result<Enrolled, Failure> {
    let Read { enrolment, number, changes, document } = read;
    let answers = document.answers();
    let application = Application::read(&answers, &app.reference.now().pack, app.today())
        .map_err(Failure::Incomplete)?;
    let jpeg: Bytes = enrolment.photo.to_vec().into();
    let photo = Hash::from(Sha256::digest(&jpeg));
    if application.photo.0 != photo {
        return Err(Failure::NotThePhoto);
    }
    let judged = judge(app, photo, jpeg.clone()).await?;
    app.photos.keep(Named { space, hash: photo }, jpeg, app.now_ms()).await?;
    let mut heads: Vec<Hash> = enrolment.heads.iter().map(|head| **head).collect();
    heads.sort_unstable();
    let asked = Asked { draft: sealed.dossier, space, number, heads, photo };
    let examined = Examined { application, judged, password_hash: None };
    Ok(Enrolled { asked, examined, changes, claim: *enrolment.claim })
}
