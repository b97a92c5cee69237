//! `/v1/dossiers`: where a dossier stands.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::Standing;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::store;
use crate::store::db::Db;
use crate::store::dossier::Dossier;

/// State, reasons, card and duplicate of a dossier that this device may read.
pub(crate) async fn standing(State(app): State<App>, own: Own) -> Result<Json<Standing>, Failure> {
    app.store.read(move |db| of(db, &own.dossier)).await.map(Json)
}

/// Where a dossier stands.
pub(super) fn of(db: &mut dyn Db, dossier: &Dossier) -> Result<Standing, Failure> {
    let card = store::card::good(db, dossier.id)?;
    Ok(Standing {
        state: dossier.state,
        decision: store::dossier::refusal(db, dossier.id)?,
        card: card.map(|card| BASE64_STANDARD.encode(card.credential)),
        duplicate: store::duplicate::open(db, dossier.id)?,
    })
}
