//! A phone for proofs of its store: the app's own engine, with a key that the proof knows and
//! without a server.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use async_trait::async_trait;
use phone::transport::{Answered, Asked, NoAnswer, Transport};
use phone::vault::NoKeyring;
use phone::{Parts, Phone, Settings, Vault, clock};
use zeroize::Zeroizing;

/// Where the key of the data comes from, in these programs alone.
const TEST_KEY: &str = "PASSREGION_TEST_KEY";
/// Nobody answers there.
const SERVER: &str = "http://127.0.0.1:1";
/// Any public key: nothing that is signed arrives here. This one is of RFC 8032, test 1.
const REGION_KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Opens the data of a folder, as the app does at its start.
pub(crate) fn open(data: &Path) -> anyhow::Result<Arc<Phone>> {
    let key = std::env::var(TEST_KEY).context(TEST_KEY)?;
    let secrets = HashMap::from([("data-key".to_owned(), key)]);
    let parts = Parts {
        vault: Arc::new(Pocket(Mutex::new(secrets))),
        transport: Arc::new(Silence),
        clock: Arc::new(clock::System),
    };
    Ok(Phone::assemble(Settings::new(data.to_owned(), SERVER, REGION_KEY)?, parts)?)
}

/// A keyring that lasts as long as this process.
struct Pocket(Mutex<HashMap<String, String>>);

impl Vault for Pocket {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }
}

/// No network.
struct Silence;

#[async_trait]
impl Transport for Silence {
    async fn send(&self, _: Asked) -> Result<Answered, NoAnswer> {
        Err(NoAnswer)
    }
}
