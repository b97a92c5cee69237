//! The engine behind the door, opened beside the window: a slow disk, or a keyring that first
//! asks for its password, must not freeze the first picture.

use crate::vault;
use phone::{Phone, Settings, Trouble};
use std::sync::Arc;
use tauri::async_runtime::{spawn, spawn_blocking};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::watch;

/// What opening came to: the phone, or the trouble that every call then answers.
type Opened = Result<Arc<Phone>, Trouble>;

/// The engine, open or still opening.
pub(crate) struct Engine(watch::Receiver<Option<Opened>>);

impl Engine {
    /// Starts opening and returns at once.
    pub(crate) fn open(app: &AppHandle) -> Self {
        let (tell, told) = watch::channel(None);
        let app = app.clone();
        spawn_blocking(move || {
            let opened = open(&app);
            if let Ok(phone) = &opened {
                attend(app, phone);
            }
            tell.send_replace(Some(opened));
        });
        Self(told)
    }

    /// The phone, as soon as it is open.
    pub(crate) async fn phone(&self) -> Opened {
        let mut told = self.0.clone();
        match told.wait_for(Option::is_some).await {
            Ok(opened) => opened.clone().unwrap_or(Err(Trouble::Storage)),
            Err(_) => Err(Trouble::Storage),
        }
    }

    /// Sets the courier off now.
    pub(crate) fn wake(&self) {
        if let Some(Ok(phone)) = &*self.0.borrow() {
            phone.wake();
        }
    }
}

/// Opens store and keyring in the app's own data folder.
fn open(app: &AppHandle) -> Opened {
    if let Err(error) = vault::choose_store() {
        eprintln!("no keyring: {error}");
    }
    let folder = app.path().app_data_dir().map_err(|error| refuse(&error))?;
    let settings = Settings::from_environment(folder).map_err(|error| refuse(&error))?;
    Phone::open(settings, Arc::new(phone::vault::Keyring))
}

/// A set-up that cannot work is told to whoever set it up; the screens say that nothing is kept.
fn refuse(error: &dyn std::error::Error) -> Trouble {
    eprintln!("the engine cannot open: {error}");
    Trouble::Storage
}

/// Runs the courier, and tells the screens whenever the engine's state changed.
fn attend(app: AppHandle, phone: &Arc<Phone>) {
    spawn(Arc::clone(phone).run_courier());
    let mut changes = phone.changes();
    spawn(async move {
        while changes.changed().await.is_ok() {
            if let Err(error) = app.emit("changed", ()) {
                eprintln!("a screen was not told of a change: {error}");
            }
        }
    });
}
