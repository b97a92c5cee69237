//! Asking for another card when one is lost, stolen or damaged.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::review::{Milestone, Reached};

/// For how long a request may be taken back, once the server has it.
pub const UNDO_MS: i64 = 24 * 3_600_000;

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

/// Until when a request of this time may be taken back, in milliseconds since 1970; none once the
/// card that it asks for is being made.
pub fn undo_until_ms(asked_at_ms: i64, timeline: &[Reached]) -> Option<i64> {
    let is_made = is_in_production(asked_at_ms, timeline);
    (!is_made).then_some(asked_at_ms.saturating_add(UNDO_MS))
}

/// Whether a plastic card went into production since this time: the one that was asked for then.
pub fn is_in_production(asked_at_ms: i64, timeline: &[Reached]) -> bool {
    let begun = |it: &Reached| it.milestone == Milestone::InProduction && it.at_ms >= asked_at_ms;
    timeline.iter().any(begun)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_back_for_a_day_unless_its_card_is_being_made() {
        let made = |at_ms| Reached { milestone: Milestone::InProduction, at_ms };
        let first_card = [made(400), Reached { milestone: Milestone::HandedOver, at_ms: 500 }];
        assert_eq!(undo_until_ms(1_000, &[]), Some(1_000 + UNDO_MS));
        assert_eq!(undo_until_ms(1_000, &first_card), Some(1_000 + UNDO_MS));
        assert_eq!(undo_until_ms(1_000, &[made(400), made(1_000)]), None);
    }
}
