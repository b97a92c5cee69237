//! On Android the person chooses a place, also a cloud's, and our own Kotlin writes there
//! (`SavePlugin.kt`): the bare descriptor that other plugins write to leaves some places with an empty file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use phone::Trouble;
use serde_json::json;
use tauri::plugin::{Builder, PluginHandle, TauriPlugin};
use tauri::{AppHandle, Manager, Wry};

use super::{FileName, Saved};

/// The Kotlin, once the app runs.
struct Saving(PluginHandle<Wry>);

/// Makes the Kotlin known; no screen may call it.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    Builder::new("saving")
        .setup(|app, api| {
            let kotlin = api.register_android_plugin("fr.passregion.app", "SavePlugin")?;
            app.manage(Saving(kotlin));
            Ok(())
        })
        .build()
}

/// Asks for the place, and writes there.
pub(super) async fn save(
    app: &AppHandle,
    name: FileName,
    bytes: Vec<u8>,
) -> Result<Saved, Trouble> {
    let asked = json!({ "name": name.nth(1), "type": name.mime, "base64": STANDARD.encode(bytes) });
    let saved = app.state::<Saving>().0.run_mobile_plugin_async::<bool>("save", asked).await;
    match saved {
        Ok(true) => Ok(Saved::Chosen),
        Ok(false) => Ok(Saved::Left),
        Err(_) => Err(Trouble::Storage),
    }
}
