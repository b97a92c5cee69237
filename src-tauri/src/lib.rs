//! The shell: a window, one door to the engine, and what only the system can give.
#![cfg_attr(
    target_os = "ios",
    allow(missing_docs, reason = "Tauri's macro makes an entry point there, without a sentence")
)]

mod call;
mod engine;
mod lock;
mod vault;

use engine::Engine;
use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{Manager, Window, WindowEvent};

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let builder = tauri::Builder::default().plugin(lock::plugin());
    #[cfg(mobile)]
    let builder = builder.plugin(tauri_plugin_barcode_scanner::init());
    let outcome = builder
        .on_permission_request(|_, asked| permission(&asked))
        .on_window_event(wake_on_return)
        .setup(|app| {
            app.manage(Engine::new(app.handle()));
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![call::call])
        .run(tauri::generate_context!());
    if let Err(error) = outcome {
        eprintln!("the window could not open: {error}");
        std::process::exit(1);
    }
}

/// The camera takes the identity photo; the screens need nothing else of the device.
fn permission(asked: &PermissionKind) -> PermissionResponse {
    match asked {
        PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    }
}

/// There is no work in the background: whoever comes back to the app sets the courier off.
fn wake_on_return(window: &Window, event: &WindowEvent) {
    #[cfg(mobile)]
    let returned = matches!(event, WindowEvent::Resumed);
    #[cfg(desktop)]
    let returned = matches!(event, WindowEvent::Focused(true));
    if returned {
        window.state::<Engine>().wake();
    }
}
