//! `/v1/accounts/{dossier}/export`: what is kept of a student, to read and to take elsewhere.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use dossier::paper::{self, Beside};
use portrait::Guard;

use crate::app::App;
use crate::export::wording;
use crate::failure::Failure;
use crate::gate::Own;
use crate::store::db::Db;
use crate::store::export::{self, Export};
use crate::store::photo::Named;

/// For programs. The photo is asked for by its hash.
#[utoipa::path(
    get,
    path = "/v1/accounts/{dossier}/export",
    params(("dossier" = Uuid, Path)),
    responses((status = 200, body = Export)),
    security(("device" = [])),
    extensions(("x-failures" = json!(["erased", "session_over", "unknown"]))),
)]
pub(crate) async fn data(State(app): State<App>, own: Own) -> Result<Json<Export>, Failure> {
    read(&app, own).await.map(|(export, _)| Json(export))
}

/// For people: the same on paper, with the photo.
#[utoipa::path(
    get,
    path = "/v1/accounts/{dossier}/export.pdf",
    params(("dossier" = Uuid, Path)),
    responses((status = 200, content(("application/pdf")))),
    security(("device" = [])),
    extensions(("x-failures" = json!(["busy", "erased", "session_over", "unknown"]))),
)]
pub(crate) async fn pdf(State(app): State<App>, own: Own) -> Result<impl IntoResponse, Failure> {
    let (export, photo) = read(&app, own).await?;
    let jpeg = app.photos.bytes(photo).await?;
    let lines = wording::lines(&app, &export);
    let drawn = app.heavy.run(move || {
        let photo = jpeg.as_deref().and_then(|jpeg| Some((jpeg, Guard::server().size(jpeg).ok()?)));
        let beside = photo.map_or(Beside::Nothing, |(jpeg, size)| Beside::Photo(jpeg, size));
        paper::drawn(&lines, &beside)
    });
    let drawn = drawn.await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mes-donnees.pdf\""),
    ];
    Ok((headers, drawn))
}

async fn read(app: &App, own: Own) -> Result<(Export, Named), Failure> {
    let (now_ms, photo) =
        (app.now_ms(), Named { space: own.dossier.space, hash: own.dossier.photo });
    let by = app.telling();
    let of = move |db: &mut dyn Db| export::of(db, &by, own.device, &own.dossier, now_ms);
    let export = app.store.read(of).await?;
    Ok((export, photo))
}
