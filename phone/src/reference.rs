//! The reference publication: a first one ships inside the app, later ones are verified by signature.

use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use dossier::reference::{Manifest, Pack, Texts};
use dossier::signed::RegionKey;

use crate::store::Store;
use crate::trouble::Trouble;

type Read = Result<Arc<Pack>, Trouble>;
type Reader = Box<dyn FnOnce() -> Read + Send>;

/// The publication in force on this phone. Its lists are read when they are first asked for: a
/// start need not wait for them.
pub(crate) struct InForce(RwLock<LazyLock<Read, Reader>>);

impl InForce {
    /// The publication last fetched, else the one that ships inside the app.
    pub(crate) fn newest(store: &Store, region_key: &RegionKey) -> Self {
        // A publication that a damaged store cannot give is fetched again.
        let (fetched, region_key) = (store.reference().unwrap_or_default(), region_key.clone());
        Self::of(Box::new(move || {
            // Fetched ones are read before they are kept; an older app may know more than a newer one.
            let fetched = believed(fetched, &region_key).and_then(|it| Pack::read(&it).ok());
            match fetched {
                Some(pack) => Ok(Arc::new(pack)),
                None => Pack::of(&Texts::shipped()).map_err(|_| Trouble::Damaged),
            }
        }))
    }

    /// What it says.
    pub(crate) fn pack(&self) -> Read {
        LazyLock::force(&self.0.read().unwrap_or_else(PoisonError::into_inner)).clone()
    }

    /// Another publication takes its place.
    pub(crate) fn replace(&self, pack: Pack) {
        let next = LazyLock::new(Box::new(move || Ok(Arc::new(pack))) as Reader);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = next;
    }

    fn of(reader: Reader) -> Self {
        Self(RwLock::new(LazyLock::new(reader)))
    }
}

/// The texts last fetched, else those that ship inside the app.
pub(crate) fn newest_texts(store: &Store, region_key: &RegionKey) -> Result<Texts, Trouble> {
    Ok(believed(store.reference()?, region_key).unwrap_or_else(Texts::shipped))
}

/// What was fetched, if the Region signed it.
fn believed(fetched: Option<(Texts, Vec<u8>)>, region_key: &RegionKey) -> Option<Texts> {
    let (texts, manifest) = fetched?;
    Manifest::open(&manifest, region_key)?.names(&texts).then_some(texts)
}
