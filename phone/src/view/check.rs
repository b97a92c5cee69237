//! What a verifier sees of a card.

use dossier::card::CardState;
use dossier::card::verify::{Colour, Freshness, VerdictReason};
use serde::Serialize;
use ts_rs::TS;

/// What a card is worth.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VerdictView {
    /// What it is worth.
    pub state: CardState,
    /// Why.
    pub reason: VerdictReason,
    /// The colour of it.
    pub colour: Colour,
    /// First name and family name; null when the Region did not sign it.
    pub name: Option<String>,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// School year, `2026-2027`.
    pub season: Option<String>,
    /// Whether another screen may give the photo now, to be compared with the signed one.
    pub comparable: bool,
    /// Age of the status list in days; null without one.
    pub list_age_days: Option<i64>,
    /// When the status list was made, in milliseconds since 1970.
    pub list_made_at_ms: Option<i64>,
    /// What the list is worth by its age.
    pub freshness: Freshness,
    /// Today's counts, this one among them.
    pub checks: ChecksView,
}

/// What a scanned code says of the photo of the card that was verified last.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum ComparedView {
    /// So many codes of so many.
    Some {
        /// Codes that were scanned.
        have: u32,
        /// Codes there are.
        of: u32,
    },
    /// The photo that was signed with the card.
    Same {
        /// A small JPEG, in base64.
        jpeg: String,
    },
    /// The code is of another photo than the card's.
    Other,
    /// Not a code of a photo.
    NotAPhoto,
}

/// How many cards were verified on this device today.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChecksView {
    /// Good.
    pub green: u32,
    /// To be looked at twice.
    pub orange: u32,
    /// Not good.
    pub red: u32,
    /// Nobody can tell.
    pub grey: u32,
    /// Age of the status list in days; null without one.
    pub list_age_days: Option<i64>,
    /// What the list is worth by its age.
    pub freshness: Freshness,
}

/// What was found in a frame of the camera.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ScanView {
    /// What the code in it is worth; null when there is none to be read.
    pub verdict: Option<VerdictView>,
}
