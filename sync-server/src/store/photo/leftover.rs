//! Photos that nothing names any more: replaced ones, and those of drafts that are gone.

use dossier::form::Field;
use dossier::hexadecimal;

use super::Named;
use crate::app::App;
use crate::failure::Failure;
use crate::store::change;
use crate::store::db::{Db, values};

/// A photo that was just sent may come before the change that names it was merged.
const OLD_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Photos that are looked at in one transaction.
const AT_ONCE: usize = 500;

/// Erases the old photos that no draft and no dossier names. A phone that names one again later
/// hears that it is missing, and sends it again.
pub(crate) async fn erase_leftover(app: &App) -> Result<(), Failure> {
    let before_ms = app.now_ms() - OLD_MS;
    let kept = app.photos.kept().await?;
    let mut old = Vec::new();
    for some in kept.chunks(AT_ONCE) {
        let some = some.to_vec();
        let left = app.store.read(move |db| {
            let mut left = Vec::new();
            for photo in some {
                if !is_named(db, photo)? {
                    left.push(photo);
                }
            }
            Ok(left)
        });
        old.extend(left.await?);
    }
    app.photos.forget_older(old, before_ms).await
}

/// Whether a dossier has this photo, or had it before a correction, or a draft names it now. Of a draft that
/// cannot be read nobody knows: it does.
fn is_named(db: &mut dyn Db, photo: Named) -> Result<bool, Failure> {
    let Named { space, hash } = photo;
    let deposited = "SELECT 1 FROM dossier JOIN photo_reference AS named
             ON named.draft = dossier.draft AND named.photo = dossier.photo
         WHERE named.space = ?1 AND named.photo = ?2";
    if db.exists(deposited, values![&space, &hash])? {
        return Ok(true);
    }
    let drafts = "SELECT draft FROM photo_reference WHERE space = ?1 AND photo = ?2";
    let hex = hexadecimal::text(&hash);
    for draft in db.all(drafts, values![&space, &hash], |row| row.uuid(0))? {
        let names = match change::document(db, space, draft) {
            Ok(None) => false,
            Ok(Some(document)) => document.answers().typed(Field::Photo).eq_ignore_ascii_case(&hex),
            Err(_) => true,
        };
        if names {
            return Ok(true);
        }
    }
    // A reviewer looks at it beside the one that took its place.
    let former = "SELECT 1 FROM correction JOIN dossier ON draft = correction.dossier
         WHERE space = ?1 AND former_photo = ?2";
    if db.exists(former, values![&space, &hash])? {
        return Ok(true);
    }
    // Dossiers of before references were kept have none.
    let deposited = "SELECT 1 FROM dossier WHERE space = ?1 AND photo = ?2";
    db.exists(deposited, values![&space, &hash])
}
