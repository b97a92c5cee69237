//! The reference publication: a first one ships inside the app, later ones are verified by signature.

use dossier::reference::{Manifest, Pack, Texts};
use dossier::signed::RegionKey;

use crate::store::Store;
use crate::trouble::Trouble;

/// The texts last fetched, else those that ship inside the app.
pub(crate) fn newest_texts(store: &Store, region_key: &RegionKey) -> Result<Texts, Trouble> {
    if let Some((texts, manifest)) = store.reference()?
        && Manifest::open(&manifest, region_key).is_some_and(|manifest| manifest.names(&texts))
    {
        return Ok(texts);
    }
    Ok(Texts::shipped())
}

/// The publication in force on this phone.
pub(crate) fn newest(store: &Store, region_key: &RegionKey) -> Result<Pack, Trouble> {
    Pack::read(&newest_texts(store, region_key)?)
        // Fetched ones are read before they are kept; an older app may know more than a newer one.
        .or_else(|_| Pack::read(&Texts::shipped()))
        .map_err(|_| Trouble::Damaged)
}
