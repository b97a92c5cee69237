//! `/v1/dossiers`: where a dossier stands.

use axum::Json;
use axum::extract::State;
use dossier::card::Standing;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::store;

/// State, reasons, card and duplicate of a dossier that this device may read.
pub(crate) async fn standing(State(app): State<App>, own: Own) -> Result<Json<Standing>, Failure> {
    app.store.read(move |db| store::export::standing(db, &own.dossier)).await.map(Json)
}
