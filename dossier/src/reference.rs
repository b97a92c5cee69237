//! What the Region publishes: schools, tracks, communes and the charter, read from one pack.

mod charter;
mod commune;
mod likeness;
mod manifest;
mod refusal;
mod school;
mod search;
mod table;
mod track;
mod wire;
mod words;

pub use charter::Charter;
pub use commune::Commune;
pub use manifest::Manifest;
pub use refusal::{List, PackRefusal};
pub use school::School;
pub use track::Track;

use search::Index;

/// One version of everything the Region publishes. Lists keep the order of their file.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Names this publication, like `2026.11.1`.
    pub version: String,
    /// The schools a student can name.
    pub schools: Vec<School>,
    /// The tracks a student can follow, group by group.
    pub tracks: Vec<Track>,
    /// The communes of the region.
    pub communes: Vec<Commune>,
    /// What a student agrees to before anything else.
    pub charter: Charter,
    index: Index,
}

impl Pack {
    /// Reads the published texts. One bad row refuses the whole pack: a phone keeps the pack it
    /// has rather than one with holes.
    pub fn from_texts(
        version: &str,
        schools_csv: &str,
        tracks_csv: &str,
        communes_csv: &str,
        charter_md: &str,
    ) -> Result<Self, PackRefusal> {
        let schools = school::read(schools_csv)?;
        let tracks = track::read(tracks_csv)?;
        let communes = commune::read(communes_csv)?;
        let charter = Charter::read(charter_md)?;
        let index = Index::of(&schools, &communes);
        Ok(Self { version: version.to_owned(), schools, tracks, communes, charter, index })
    }

    /// The schools that `typed` most likely means, best first: name, town, postal code, UAI and
    /// the Region's code, with the usual abbreviations and a slip of the finger.
    pub fn find_schools(&self, typed: &str, limit: usize) -> Vec<&School> {
        let found = self.index.find(typed, limit);
        found.into_iter().filter_map(|at| self.schools.get(at)).collect()
    }

    /// The school with this UAI.
    pub fn school(&self, uai: &str) -> Option<&School> {
        self.schools.iter().find(|school| school.uai == uai)
    }

    /// The track with this code.
    pub fn track(&self, code: &str) -> Option<&Track> {
        self.tracks.iter().find(|track| track.code == code)
    }

    /// The communes that this postal code serves, by name; several often share one.
    pub fn communes_of(&self, postal_code: &str) -> Vec<&Commune> {
        let serves = |commune: &&Commune| commune.postal_codes.iter().any(|own| own == postal_code);
        let mut found: Vec<&Commune> = self.communes.iter().filter(serves).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    /// The commune with this INSEE code.
    pub fn commune(&self, insee: &str) -> Option<&Commune> {
        self.communes.iter().find(|commune| commune.insee == insee)
    }
}

#[cfg(test)]
mod tests;
