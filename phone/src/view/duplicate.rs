//! Another card, as the screens show it.

use dossier::card::duplicate::DuplicateReason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A duplicate request.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DuplicateView {
    /// Why.
    pub reason: DuplicateReason,
    /// Whether the server has it.
    pub state: DuplicateState,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at_ms: i64,
    /// Until when the server takes it back, in milliseconds since 1970; null while it waits here, and
    /// once it is too late.
    pub undo_until_ms: Option<i64>,
}

/// What the Region says of the card that is made anew.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DuplicateTermsView {
    /// What it costs, in cents; null where the Region has not said it.
    pub cents: Option<u32>,
    /// In how many days it comes; null where the Region has not said it.
    pub days: Option<u32>,
}

/// Whether the server has a duplicate request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DuplicateState {
    /// Kept on this phone; leaves with the network.
    Queued,
    /// The server has it; the old card is blocked.
    Requested,
}
