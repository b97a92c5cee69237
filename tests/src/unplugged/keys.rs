//! The keyring of a phone that is unplugged: it stands for the system's, which survives the app.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use phone::Vault;
use phone::vault::NoKeyring;
use zeroize::Zeroizing;

use super::say;

/// Secrets in memory; each new one is said, so that it can be given back after the crash.
#[derive(Default)]
pub struct Keys {
    secrets: Mutex<HashMap<String, String>>,
    aloud: bool,
}

impl Keys {
    /// Keys that say what they are given.
    pub fn aloud() -> Self {
        Self { aloud: true, ..Self::default() }
    }

    /// The same keys, for another phone.
    pub fn copy(&self) -> Self {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self { secrets: Mutex::new(secrets), aloud: self.aloud }
    }

    /// The keys as they were when these lines had been said.
    pub fn from_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let keys = Self::default();
        for line in lines {
            if let ["key", entry, secret] = line.splitn(3, ' ').collect::<Vec<_>>()[..] {
                let mut secrets = keys.secrets.lock().unwrap_or_else(PoisonError::into_inner);
                secrets.insert(entry.to_owned(), secret.to_owned());
            }
        }
        keys
    }
}

impl Vault for Keys {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        if self.aloud {
            say(&format!("key {entry} {secret}"));
        }
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }
}
