//! The reference data: a first pack ships inside the app, later ones are verified by signature.

use dossier::reference::{Manifest, Pack};
use dossier::signed::RegionKey;

use crate::store::Store;
use crate::trouble::Trouble;

/// The pack last fetched, else the one that ships inside the app.
pub(crate) fn newest(store: &Store, region_key: &RegionKey) -> Result<Pack, Trouble> {
    if let Some(kept) = store.reference()?
        && Manifest::verify(&kept.signed, &kept.bytes, region_key).is_some()
        && let Ok(pack) = Pack::read(&kept.bytes)
    {
        return Ok(pack);
    }
    shipped()
}

fn shipped() -> Result<Pack, Trouble> {
    Pack::from_texts(
        include_str!("../../reference/VERSION").trim(),
        include_str!("../../reference/schools.csv"),
        include_str!("../../reference/tracks.csv"),
        include_str!("../../reference/communes.csv"),
        include_str!("../../reference/charter.md"),
    )
    .map_err(|_| Trouble::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_inside_the_app_is_good() {
        let pack = shipped().unwrap();
        assert!(pack.schools.len() > 600, "{} schools", pack.schools.len());
        assert!(pack.communes.len() > 4_000, "{} communes", pack.communes.len());
        assert!(pack.tracks.len() > 20, "{} tracks", pack.tracks.len());
        assert_eq!(pack.find_schools("lot sidoine clermont", 8)[0].uai, "0630020E");
    }
}
