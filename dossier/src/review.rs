//! What becomes of a deposited dossier. Decided by the server alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a deposited dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Stored; waits for a reviewer.
    Received,
    /// A card was issued.
    Accepted,
    /// Refused, with reasons.
    Refused,
}

impl State {
    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Received, Self::Accepted, Self::Refused].into_iter().find(|s| s.as_str() == word)
    }

    /// The state after a decision; only a received dossier can be decided.
    pub fn after(self, decision: &Decision) -> Result<Self, IllegalMove> {
        match (self, decision) {
            (Self::Received, Decision::Accept) => Ok(Self::Accepted),
            (Self::Received, Decision::Refuse(_)) => Ok(Self::Refused),
            (Self::Accepted | Self::Refused, _) => Err(IllegalMove { from: self }),
        }
    }
}

/// A decision that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dossier that is {} cannot be decided", from.as_str())]
pub struct IllegalMove {
    /// The state that forbids it.
    pub from: State,
}

/// Why a dossier is refused: the photo's reasons of the trade, or another one in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The photo is not sharp.
    PhotoFloue,
    /// The photo has a white frame.
    CadreBlanc,
    /// The head is tilted.
    TetePenchee,
    /// The face is turned away.
    PasDeFace,
    /// The face is less than 60 % of the picture.
    VisageTropPetit,
    /// The face is more than 80 % of the picture.
    VisageTropGrand,
    /// The face is not in the middle.
    VisageDecentre,
    /// Something covers the head.
    TeteCouverte,
    /// Something covers the face.
    VisageMasque,
    /// Nobody on the photo.
    AucunVisage,
    /// More than one person on the photo.
    PlusieursVisages,
    /// Too dark.
    TropSombre,
    /// Too bright.
    TropClair,
    /// Reflections on the glasses.
    RefletLunettes,
    /// A photo of a screen.
    PhotoDEcran,
    /// Another reason, told in the note.
    Autre,
}

impl Reason {
    /// Every reason, in the order in which the desk offers them.
    pub const ALL: [Self; 16] = [
        Self::PhotoFloue,
        Self::CadreBlanc,
        Self::TetePenchee,
        Self::PasDeFace,
        Self::VisageTropPetit,
        Self::VisageTropGrand,
        Self::VisageDecentre,
        Self::TeteCouverte,
        Self::VisageMasque,
        Self::AucunVisage,
        Self::PlusieursVisages,
        Self::TropSombre,
        Self::TropClair,
        Self::RefletLunettes,
        Self::PhotoDEcran,
        Self::Autre,
    ];
}

/// Reasons and words of a refusal. Only [`Refusing::new`] makes one, so it never lacks a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusing {
    reasons: Vec<Reason>,
    note: Option<String>,
}

/// A refusal must say why: at least one reason, and words when the reason is « autre ».
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a refusal says why")]
pub struct Unexplained;

impl Refusing {
    /// The longest note, in characters.
    pub const LONGEST_NOTE: usize = 500;

    /// A refusal for these reasons.
    pub fn new(reasons: &[Reason], note: Option<&str>) -> Result<Self, Unexplained> {
        let note: Option<String> = note
            .map(str::trim)
            .filter(|note| !note.is_empty())
            .map(|note| note.chars().take(Self::LONGEST_NOTE).collect());
        let mut reasons = reasons.to_vec();
        reasons.sort_unstable();
        reasons.dedup();
        let explained = match reasons.as_slice() {
            [] => false,
            [Reason::Autre] => note.is_some(),
            _ => true,
        };
        explained.then_some(Self { reasons, note }).ok_or(Unexplained)
    }

    /// At least one, sorted.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The reviewer's words to the student.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Issue the card.
    Accept,
    /// Refuse, and say why.
    Refuse(Refusing),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_is_decided_once() {
        assert_eq!(State::Received.after(&Decision::Accept), Ok(State::Accepted));
        let refuse = Decision::Refuse(Refusing::new(&[Reason::PhotoFloue], None).unwrap());
        assert_eq!(State::Received.after(&refuse), Ok(State::Refused));
        assert_eq!(State::Accepted.after(&refuse), Err(IllegalMove { from: State::Accepted }));
        assert!(State::Refused.after(&Decision::Accept).is_err());
    }

    #[test]
    fn a_refusal_says_why() {
        assert_eq!(Refusing::new(&[], Some("non")), Err(Unexplained));
        assert_eq!(Refusing::new(&[Reason::Autre], Some("  ")), Err(Unexplained));
        let refusing =
            Refusing::new(&[Reason::Autre, Reason::Autre], Some(" Photo de groupe. ")).unwrap();
        assert_eq!((refusing.reasons().len(), refusing.note()), (1, Some("Photo de groupe.")));
    }

    #[test]
    fn every_state_is_read_back_from_its_word() {
        for state in [State::Received, State::Accepted, State::Refused] {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("draft"), None);
    }
}
