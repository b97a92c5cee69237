//! `/v1/vignettes`: the photo of a card, small enough to be given to whoever verifies it.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dossier::card::vignette::Vignette;

use super::deposits::vignette_of;
use crate::app::App;
use crate::failure::Failure;
use crate::gate::Own;
use crate::store;
use crate::store::dossier::Dossier;
use crate::store::photo::Named;

/// The vignette of a dossier that this device may read, as its card names it by its SHA-256.
#[utoipa::path(
    get,
    path = "/v1/vignettes/{dossier}",
    params(("dossier" = Uuid, Path)),
    responses((status = 200, content(("application/octet-stream")))),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "erased", "session_over", "unknown"]))),
)]
pub(crate) async fn read(State(app): State<App>, own: Own) -> Result<impl IntoResponse, Failure> {
    let id = own.dossier.id;
    let vignette = match app.store.read(move |db| store::vignette::of(db, id)).await? {
        Some(vignette) => vignette,
        None => made(&app, &own.dossier).await?,
    };
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], vignette.bytes()))
}

/// Makes that of a dossier which was deposited before there were any. A card that does not name it yet
/// is due from now on.
async fn made(app: &App, dossier: &Dossier) -> Result<Vignette, Failure> {
    let (id, hash) = (dossier.id, dossier.photo);
    let named = Named { space: dossier.space, hash };
    let jpeg = app.photos.bytes(named).await?.ok_or(Failure::Unknown)?;
    // A photo from before anything was measured may be none that this crate would make.
    let vignette =
        app.heavy.run(move || vignette_of(hash, &jpeg)).await?.ok_or(Failure::Unknown)?;
    let kept = vignette.clone();
    app.store.write(move |db| store::vignette::put(db, id, &kept)).await?;
    Ok(vignette)
}
