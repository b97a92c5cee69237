//! On an iPhone the person chooses a place, and the system copies a file of the app there.

use std::fs;
use std::path::Path;

use phone::Trouble;
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Manager, Wry};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::{FileName, KINDS, Saved, told};

/// Takes away what an end of the app left handed out.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    let sweep_at_start = |app: &AppHandle| app.path().document_dir().map(|folder| sweep(&folder));
    Builder::new("saving").setup(move |app, _| Ok(sweep_at_start(app)?)).build()
}

/// Puts the file where the plugin takes it from, and takes it away again when the person has chosen.
///
/// The plugin hands out what lies under this name in the app's documents, and puts an empty file there
/// only where there is none: it is full before it is handed out, and nobody writes into a foreign folder.
pub(super) async fn save(
    app: &AppHandle,
    name: FileName,
    bytes: Vec<u8>,
) -> Result<Saved, Trouble> {
    let folder = app.path().document_dir().map_err(|_| Trouble::Storage)?;
    sweep(&folder);
    fs::create_dir_all(&folder).map_err(|error| told(&error))?;
    fs::write(folder.join(name.nth(1)), bytes).map_err(|error| told(&error))?;
    let (tell, chosen) = oneshot::channel();
    app.dialog().file().set_file_name(name.nth(1)).save_file(move |place| {
        let _ = tell.send(place.is_some());
    });
    let chosen = chosen.await;
    sweep(&folder);
    Ok(if chosen == Ok(true) { Saved::Chosen } else { Saved::Left })
}

/// Takes away what was handed out. Nothing else of the app is among its documents.
fn sweep(folder: &Path) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        let end = path.extension().and_then(|end| end.to_str());
        if KINDS.iter().any(|(kind, _)| Some(*kind) == end)
            && let Err(error) = fs::remove_file(&path)
        {
            eprintln!("a file that was handed out stays in the app: {}", error.kind());
        }
    }
}
