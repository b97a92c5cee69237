//! Which keyring the system offers: chosen once, before the engine asks for its first secret.

use keyring_core::Error;

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
