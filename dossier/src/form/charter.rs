//! The charter of rights and duties, and what accepting it leaves behind.

use crate::form::{Answers, Refusal};
use crate::reference::Pack;

/// What is kept of an acceptance: which text, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Version of the charter that was shown.
    pub version: String,
    /// SHA-256 of its text, in hexadecimal.
    pub hash: String,
    /// When it was accepted, in milliseconds since 1970 by the phone's clock.
    pub accepted_at_ms: i64,
}

/// The acceptance of the charter in force; an older or altered text must be accepted anew.
pub(crate) fn accepted(answers: &Answers, pack: &Pack) -> Result<Acceptance, Refusal> {
    let charter = &pack.charter;
    answers
        .charter
        .as_ref()
        .filter(|kept| kept.version == charter.version && kept.hash == charter.hash)
        .cloned()
        .ok_or(Refusal::NotAccepted)
}
