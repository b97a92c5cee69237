//! Asking for another card when one is lost, stolen or damaged.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Why another card is needed: exactly the three reasons of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DuplicateReason {
    /// Lost.
    Perte,
    /// Stolen.
    Vol,
    /// Damaged or unreadable.
    Deterioration,
}

impl DuplicateReason {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Perte => "PERTE",
            Self::Vol => "VOL",
            Self::Deterioration => "DETERIORATION",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Perte, Self::Vol, Self::Deterioration].into_iter().find(|r| r.as_str() == word)
    }
}

/// `PUT /v1/duplicates/{id}`: block this dossier's card and make another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateAsk {
    /// Which dossier.
    pub dossier: Uuid,
    /// Why.
    pub reason: DuplicateReason,
}
