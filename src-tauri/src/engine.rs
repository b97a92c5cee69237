//! The engine behind the door, opened at the first call: a slow disk, or a keyring that first
//! asks for its password, must not freeze the first picture.

use crate::vault;
use phone::{Phone, Settings, Trouble};
use std::sync::Arc;
use tauri::async_runtime::{spawn, spawn_blocking};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::Mutex;

/// The engine, once it could be opened. A keyring that was locked may be open at the next call.
pub(crate) struct Engine {
    app: AppHandle,
    phone: Mutex<Option<Arc<Phone>>>,
}

impl Engine {
    /// An engine that is still to be opened.
    pub(crate) fn new(app: &AppHandle) -> Self {
        Self { app: app.clone(), phone: Mutex::new(None) }
    }

    /// The phone, or why it cannot be opened now.
    pub(crate) async fn phone(&self) -> Result<Arc<Phone>, Trouble> {
        let mut kept = self.phone.lock().await;
        if let Some(phone) = &*kept {
            return Ok(Arc::clone(phone));
        }
        let app = self.app.clone();
        let opened = spawn_blocking(move || open(&app)).await;
        let phone = opened.unwrap_or(Err(Trouble::Storage))?;
        attend(self.app.clone(), &phone);
        Ok(Arc::clone(kept.insert(phone)))
    }

    /// Sets the courier off now.
    pub(crate) fn wake(&self) {
        if let Some(phone) = self.opened() {
            phone.wake();
        }
    }

    /// Keeps what is being typed for good, now: the system may end a hidden app at any time.
    pub(crate) fn rest(&self) {
        if let Some(phone) = self.opened()
            && let Err(trouble) = phone.rest()
        {
            eprintln!("what is being typed waits for the next start: {trouble}");
        }
    }

    /// The phone, if it was opened; whoever is opening it now needs no word.
    fn opened(&self) -> Option<Arc<Phone>> {
        self.phone.try_lock().ok()?.as_ref().map(Arc::clone)
    }
}

/// Hands an address over to the engine, opened for it if need be, and shows what it is for.
pub(crate) fn open_link(app: AppHandle, address: String) {
    spawn(async move {
        match app.state::<Engine>().phone().await {
            Ok(phone) if phone.open_link(&address) => {
                if let Err(error) = app.emit("link", ()) {
                    eprintln!("a screen was not told of a link: {error}");
                }
            }
            Ok(_) => {}
            // The address itself is a secret.
            Err(trouble) => eprintln!("a link could not be opened: {trouble}"),
        }
    });
}

/// Opens store and keyring in the app's own data folder.
fn open(app: &AppHandle) -> Result<Arc<Phone>, Trouble> {
    if let Err(error) = vault::choose_store() {
        eprintln!("no keyring: {error}");
    }
    let folder = app.path().app_data_dir().map_err(|error| refuse(&error))?;
    let settings = Settings::from_environment(folder).map_err(|error| refuse(&error))?;
    if settings.is_new_here()
        && let Err(error) = vault::forget_leftovers()
    {
        eprintln!("what a former installation kept stays in the keyring: {error}");
    }
    Phone::open(settings, Arc::new(vault::keyring()))
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
