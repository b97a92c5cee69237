//! Which keyring the system offers: chosen once, before the engine asks for its first secret.

use keyring_core::Error;
use phone::vault::Keyring;

/// Makes the system's keyring the one that [`phone::vault::Keyring`] uses.
///
/// Without one the app still opens; the engine then says `no_keyring`.
pub(crate) fn choose_store() -> Result<(), Error> {
    #[cfg(target_os = "android")]
    keyring_core::set_default_store(android_native_keyring_store::Store::new()?);
    #[cfg(target_os = "ios")]
    keyring_core::set_default_store(apple_native_keyring_store::protected::Store::new()?);
    #[cfg(desktop)]
    if let Err(error) = keyring::Entry::store_status() {
        return Err(Error::NoStorageAccess(error.to_string().into()));
    }
    Ok(())
}

/// How the engine reaches it. An iPhone's entries open on that phone alone, while it is unlocked: they
/// come along in no backup, and the engine runs only before somebody's eyes.
pub(crate) fn keyring() -> Keyring {
    Keyring { access: cfg!(target_os = "ios").then_some("when-unlocked-this-device-only") }
}

/// Takes what a former installation left: an iPhone's keyring outlives the app. Everywhere else it goes
/// with the app, or it is a person's own to tidy.
pub(crate) fn forget_leftovers() -> Result<(), Error> {
    #[cfg(target_os = "ios")]
    for entry in keyring_core::Entry::search(&[("service", phone::vault::SERVICE)].into())? {
        entry.delete_credential()?;
    }
    Ok(())
}
