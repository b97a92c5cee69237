//! The lists that the Region publishes, and their texts as they stand in files.

use std::collections::BTreeMap;

use serde::Serialize;

/// One of the texts that make a publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The schools a student can name.
    Schools,
    /// The tracks a student can follow.
    Tracks,
    /// Which school teaches which track, where it is known.
    Offers,
    /// The communes of the region.
    Communes,
    /// The places that take the card.
    Places,
    /// What is cheaper there.
    Deals,
    /// What the card pays for, season by season.
    Benefits,
    /// On which terms a lost card is made anew.
    DuplicateTerms,
    /// The charter of rights and duties.
    Charter,
    /// Questions that are asked often.
    Faq,
    /// The outline of the departments, for the map.
    Outline,
}

impl List {
    /// Every list.
    pub const ALL: [Self; 11] = [
        Self::Schools,
        Self::Tracks,
        Self::Offers,
        Self::Communes,
        Self::Places,
        Self::Deals,
        Self::Benefits,
        Self::DuplicateTerms,
        Self::Charter,
        Self::Faq,
        Self::Outline,
    ];

    /// Its name in manifests, tables and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schools => "schools",
            Self::Tracks => "tracks",
            Self::Offers => "offers",
            Self::Communes => "communes",
            Self::Places => "places",
            Self::Deals => "deals",
            Self::Benefits => "benefits",
            Self::DuplicateTerms => "duplicate_terms",
            Self::Charter => "charter",
            Self::Faq => "faq",
            Self::Outline => "outline",
        }
    }

    /// Whether nobody can apply without it. The others may be empty or absent.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, Self::Schools | Self::Tracks | Self::Communes | Self::Charter)
    }
}

/// A publication as texts: its version, and each list as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Names this publication, like `2026.11.1`.
    pub version: String,
    /// The texts; a list that is absent is an empty one.
    pub lists: BTreeMap<List, String>,
}

impl Texts {
    /// The publication that ships inside the app and the server.
    pub fn shipped() -> Self {
        let text = |list| match list {
            List::Schools => include_str!("../../../reference/schools.csv"),
            List::Tracks => include_str!("../../../reference/tracks.csv"),
            List::Offers => include_str!("../../../reference/offers.csv"),
            List::Communes => include_str!("../../../reference/communes.csv"),
            List::Places => include_str!("../../../reference/places.csv"),
            List::Deals => include_str!("../../../reference/deals.csv"),
            List::Benefits => include_str!("../../../reference/benefits.csv"),
            List::DuplicateTerms => include_str!("../../../reference/duplicate_terms.csv"),
            List::Charter => include_str!("../../../reference/charter.md"),
            List::Faq => include_str!("../../../reference/faq.md"),
            List::Outline => include_str!("../../../reference/outline.json"),
        };
        Self {
            version: include_str!("../../../reference/VERSION").trim().to_owned(),
            lists: List::ALL.into_iter().map(|list| (list, text(list).to_owned())).collect(),
        }
    }

    /// The text of a list, empty when there is none.
    pub fn text(&self, list: List) -> &str {
        self.lists.get(&list).map_or("", String::as_str)
    }

    /// The same publication with another text for one list.
    #[must_use]
    pub fn with(mut self, list: List, text: impl Into<String>) -> Self {
        self.lists.insert(list, text.into());
        self
    }
}
