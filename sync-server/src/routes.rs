//! What phones ask, one file a subject.

pub(crate) mod account;
pub(crate) mod activation;
pub(crate) mod cards;
pub(crate) mod claims;
pub(crate) mod corrections;
pub(crate) mod deposits;
pub(crate) mod dossiers;
pub(crate) mod duplicates;
pub(crate) mod envelopes;
pub(crate) mod export;
pub(crate) mod photos;
pub(crate) mod poke;
pub(crate) mod probe;
pub(crate) mod reference;
pub(crate) mod sign_in;
pub(crate) mod space;
pub(crate) mod stand;
pub(crate) mod status_list;
pub(crate) mod sync;
pub(crate) mod vignettes;
