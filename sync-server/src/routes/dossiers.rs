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
use crate::request::Path;
use crate::store;

/// State, reasons, card and duplicate of a dossier of this space.
pub(crate) async fn standing(
    State(app): State<App>,
    device: Device,
    Path(id): Path<Uuid>,
) -> Result<Json<Standing>, Failure> {
    let standing = app.store.read(move |db| {
        let dossier = store::dossier::by_id(db, id)?;
        if dossier.space != device.space {
            return Err(Failure::Unknown);
        }
        let card = store::card::good(db, id)?;
        Ok(Standing {
            state: dossier.state,
            decision: store::dossier::refusal(db, id)?,
            card: card.map(|card| BASE64_STANDARD.encode(card.credential)),
            duplicate: store::duplicate::open(db, id)?,
        })
    });
    standing.await.map(Json)
}
