//! `/v1/dossiers`: where a dossier stands.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::Standing;
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::keys::Keys;
use crate::request::Path;
use crate::store;
use crate::store::db::Db;
use crate::store::dossier::Dossier;

/// State, reasons, card and duplicate of a dossier of this space.
pub(crate) async fn standing(
    State(app): State<App>,
    device: Device,
    Path(id): Path<Uuid>,
) -> Result<Json<Standing>, Failure> {
    let (keys, now_ms) = (app.keys.clone(), app.now_ms());
    let standing = app.store.read(move |db| {
        let dossier = store::dossier::by_id(db, id)?;
        if dossier.space != device.space {
            return Err(Failure::Unknown);
        }
        told(db, &keys, &dossier, now_ms)
    });
    standing.await.map(Json)
}

/// Where a dossier stands, as its phone is told.
pub(super) fn told(
    db: &mut dyn Db,
    keys: &Keys,
    dossier: &Dossier,
    now_ms: i64,
) -> Result<Standing, Failure> {
    let card = store::card::good(db, dossier.id)?;
    let paper = card.as_ref().map(|card| card.on_paper(keys, dossier, now_ms)).transpose()?;
    Ok(Standing {
        state: dossier.state,
        decision: store::dossier::refusal(db, dossier.id)?,
        card: card.map(|card| BASE64_STANDARD.encode(card.credential)),
        paper: paper.flatten().map(|signed| BASE64_STANDARD.encode(signed)),
        duplicate: store::duplicate::open(db, dossier.id)?,
    })
}
