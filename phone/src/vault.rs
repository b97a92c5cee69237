//! Where secrets are kept: the keyring of the operating system, never a file of our own.

use std::collections::HashMap;

use zeroize::Zeroizing;

use crate::trouble::Trouble;

/// The name under which the keyring lists our secrets.
pub const SERVICE: &str = "fr.passregion.app";
/// Entry of the key that seals drafts and photos.
pub(crate) const DATA_KEY: &str = "data-key";
/// Entry of the token by which the server knows this device.
pub(crate) const DEVICE_TOKEN: &str = "device-token";
/// Entry of the secret without which no PIN of a stand can be tried.
pub(crate) const STAND_SECRET: &str = "stand-secret";

/// The entry of a dossier's number.
pub(crate) fn number_entry(draft: uuid::Uuid) -> String {
    format!("dossier-number:{draft}")
}

/// The entry of the key that shows a dossier's card.
pub(crate) fn card_key_entry(draft: uuid::Uuid) -> String {
    format!("card-key:{draft}")
}

/// The keyring does not answer: locked, absent, or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no keyring")]
pub struct NoKeyring;

/// A place for small secrets that survives the app.
pub trait Vault: Send + Sync {
    /// The secret of this entry, `None` when there is none or when it cannot be deciphered:
    /// a restored backup brings entries whose key stayed on the old phone.
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring>;
    /// Keeps a secret, in place of a former one.
    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring>;
}

/// The keyring that the shell set as default store.
#[derive(Default)]
pub struct Keyring {
    /// Who may read an entry, and where, in the words of that store; by default as it likes.
    pub access: Option<&'static str>,
}

impl Vault for Keyring {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        use keyring_core::Error;
        match self.entry(entry)?.get_password() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(Error::NoEntry | Error::BadEncoding(_) | Error::BadDataFormat(..)) => Ok(None),
            Err(_) => Err(NoKeyring),
        }
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        self.entry(entry)?.set_password(secret).map_err(|_| NoKeyring)
    }
}

impl Keyring {
    fn entry(&self, entry: &str) -> Result<keyring_core::Entry, NoKeyring> {
        let found = match self.access {
            None => keyring_core::Entry::new(SERVICE, entry),
            Some(access) => {
                let modifiers = HashMap::from([("access-policy", access)]);
                keyring_core::Entry::new_with_modifiers(SERVICE, entry, &modifiers)
            }
        };
        found.map_err(|_| NoKeyring)
    }
}

/// The 32 bytes of an entry; made on first use, if `may_make` agrees.
pub(crate) fn key(
    vault: &dyn Vault,
    entry: &str,
    may_make: impl Fn() -> Result<bool, Trouble>,
) -> Result<Zeroizing<[u8; 32]>, Trouble> {
    let kept = vault.get(entry)?.and_then(|text| dossier::hexadecimal::array::<32>(&text));
    if let Some(bytes) = kept {
        return Ok(Zeroizing::new(bytes));
    }
    if !may_make()? {
        return Err(Trouble::KeyLost);
    }
    let mut bytes = Zeroizing::new([0; 32]);
    crate::fill_random(&mut *bytes)?;
    vault.set(entry, &Zeroizing::new(dossier::hexadecimal::text(&*bytes)))?;
    Ok(bytes)
}
