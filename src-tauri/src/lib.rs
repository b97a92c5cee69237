//! The shell: a window, one door to the engine, and what only the system can give.
#![cfg_attr(
    target_os = "ios",
    allow(missing_docs, reason = "Tauri's macro makes an entry point there, without a sentence")
)]

mod call;
mod engine;
mod lock;
mod saving;
mod vault;

use engine::Engine;
use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let builder = tauri::Builder::default().plugin(lock::plugin());
    #[cfg(mobile)]
    let builder = builder
        .plugin(tauri_plugin_barcode_scanner::init())
        .plugin(tauri_plugin_biometric::init())
        .plugin(saving::plugin());
    #[cfg(target_os = "ios")]
    let builder = builder.plugin(tauri_plugin_dialog::init());
    let built = builder
        .on_permission_request(|_, asked| permission(&asked))
        .on_window_event(come_and_go)
        .invoke_handler(tauri::generate_handler![call::call, saving::save_file])
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            // Before anything runs: a link that started the app asks for it at once.
            app.manage(Engine::new(app.handle()));
            #[cfg(desktop)]
            open_links(app.handle(), std::env::args().skip(1));
            app.run(hear);
        }
        Err(error) => {
            eprintln!("the window could not open: {error}");
            std::process::exit(1);
        }
    }
}

/// The camera takes the identity photo and reads codes; on a phone « Utiliser ma position » asks where
/// it is. The screens need nothing else of the device.
fn permission(asked: &PermissionKind) -> PermissionResponse {
    match asked {
        PermissionKind::Camera => PermissionResponse::Allow,
        PermissionKind::Geolocation if cfg!(mobile) => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    }
}

/// There is no work in the background: who comes back to the app sets the courier off, and before the
/// system may end it, what is being typed is kept for good.
fn come_and_go(window: &Window, event: &WindowEvent) {
    #[cfg(mobile)]
    let (comes, goes) =
        (matches!(event, WindowEvent::Resumed), matches!(event, WindowEvent::Suspended));
    #[cfg(desktop)]
    let (comes, goes) = (
        matches!(event, WindowEvent::Focused(true)),
        matches!(event, WindowEvent::Focused(false) | WindowEvent::CloseRequested { .. }),
    );
    if comes {
        window.state::<Engine>().wake();
    } else if goes {
        window.state::<Engine>().rest();
    }
}

/// A phone hands over the link that was tapped in a mail, also the one that started the app.
fn hear(app: &AppHandle, event: RunEvent) {
    match event {
        #[cfg(any(target_os = "android", target_os = "ios"))]
        RunEvent::Opened { urls } => open_links(app, urls.into_iter().map(String::from)),
        _ => {
            let _ = app;
        }
    }
}

fn open_links(app: &AppHandle, links: impl Iterator<Item = String>) {
    for link in links {
        engine::open_link(app.clone(), link);
    }
}
