//! What becomes of a deposited dossier. Decided by the server alone.

mod correction;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use correction::{Correcting, CorrectionAsk, CorrectionRequested};

/// Where a deposited dossier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Stored; waits for a reviewer.
    Received,
    /// A reviewer has it in hand.
    InReview,
    /// The student was asked to mend something, and has not yet.
    ToCorrect,
    /// A card was issued.
    Accepted,
    /// Refused, with reasons.
    Refused,
}

impl State {
    const ALL: [Self; 5] =
        [Self::Received, Self::InReview, Self::ToCorrect, Self::Accepted, Self::Refused];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InReview => "in_review",
            Self::ToCorrect => "to_correct",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether a decision is still to come.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::InReview | Self::ToCorrect)
    }

    /// The state after a decision. What was accepted or refused stays so, and a student is asked for
    /// one correction at a time.
    pub fn after(self, decision: &Decision) -> Result<Self, IllegalMove> {
        match (self, decision) {
            (Self::Received, Decision::Take) => Ok(Self::InReview),
            (Self::Received | Self::InReview, Decision::Correct(_)) => Ok(Self::ToCorrect),
            (from, Decision::Accept) if from.is_open() => Ok(Self::Accepted),
            (from, Decision::Refuse(_)) if from.is_open() => Ok(Self::Refused),
            (from, _) => Err(IllegalMove { from }),
        }
    }

    /// The state after the student's answer: back in the hands of who asked.
    pub fn corrected(self) -> Result<Self, IllegalMove> {
        match self {
            Self::ToCorrect => Ok(Self::InReview),
            from => Err(IllegalMove { from }),
        }
    }
}

/// A move that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dossier that is {} cannot move there", from.as_str())]
pub struct IllegalMove {
    /// The state that forbids it.
    pub from: State,
}

/// How far the plastic card of an accepted dossier has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// It is being made.
    InProduction,
    /// It lies at the school, or came home.
    HandedOver,
}

impl Making {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProduction => "in_production",
            Self::HandedOver => "handed_over",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::InProduction, Self::HandedOver].into_iter().find(|stage| stage.as_str() == word)
    }

    /// What comes after it; another card is made when one was handed over and lost.
    pub fn next(now: Option<Self>) -> Self {
        match now {
            Some(Self::InProduction) => Self::HandedOver,
            None | Some(Self::HandedOver) => Self::InProduction,
        }
    }
}

/// What happened to a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// It was stored.
    Received,
    /// A reviewer took it in hand.
    InReview,
    /// A correction was asked for.
    ToCorrect,
    /// The correction came.
    Corrected,
    /// It was accepted.
    Accepted,
    /// It was refused.
    Refused,
    /// The plastic card is being made.
    InProduction,
    /// The plastic card was handed over.
    HandedOver,
}

impl Milestone {
    /// The milestone of a stored decision.
    pub fn of_verdict(word: &str) -> Option<Self> {
        match (State::parse(word), Making::parse(word)) {
            (Some(State::InReview), _) => Some(Self::InReview),
            (Some(State::ToCorrect), _) => Some(Self::ToCorrect),
            (Some(State::Accepted), _) => Some(Self::Accepted),
            (Some(State::Refused), _) => Some(Self::Refused),
            (_, Some(Making::InProduction)) => Some(Self::InProduction),
            (_, Some(Making::HandedOver)) => Some(Self::HandedOver),
            (Some(State::Received) | None, None) => None,
        }
    }
}

/// A milestone, and when the server reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reached {
    /// What happened.
    pub milestone: Milestone,
    /// When, in milliseconds since 1970 by the server's clock.
    pub at_ms: i64,
}

/// Why a dossier is refused, or its photo asked for again: the photo's reasons of the trade, or
/// another one in words.
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
        let (reasons, note) = (sorted(reasons), noted(note));
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

fn sorted<T: Ord + Clone>(all: &[T]) -> Vec<T> {
    let mut all = all.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

fn noted(note: Option<&str>) -> Option<String> {
    note.map(str::trim)
        .filter(|note| !note.is_empty())
        .map(|note| note.chars().take(Refusing::LONGEST_NOTE).collect())
}

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Take it in hand.
    Take,
    /// Ask the student to mend something.
    Correct(Correcting),
    /// Issue the card.
    Accept,
    /// Refuse, and say why.
    Refuse(Refusing),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::correction::Topic;

    fn refuse() -> Decision {
        Decision::Refuse(Refusing::new(&[Reason::PhotoFloue], None).unwrap())
    }

    fn correct() -> Decision {
        Decision::Correct(Correcting::new(&[Topic::GivenName], &[], Some("Prénom ?")).unwrap())
    }

    #[test]
    fn a_dossier_is_decided_once() {
        for open in State::ALL.into_iter().filter(|state| state.is_open()) {
            assert_eq!(open.after(&Decision::Accept), Ok(State::Accepted));
            assert_eq!(open.after(&refuse()), Ok(State::Refused));
        }
        for from in [State::Accepted, State::Refused] {
            for decision in [Decision::Take, Decision::Accept, refuse(), correct()] {
                assert_eq!(from.after(&decision), Err(IllegalMove { from }));
            }
        }
    }

    #[test]
    fn a_correction_goes_to_the_student_and_back_one_at_a_time() {
        assert_eq!(State::Received.after(&Decision::Take), Ok(State::InReview));
        assert!(State::InReview.after(&Decision::Take).is_err());
        for from in [State::Received, State::InReview] {
            assert_eq!(from.after(&correct()), Ok(State::ToCorrect));
            assert_eq!(from.corrected(), Err(IllegalMove { from }));
        }
        assert!(State::ToCorrect.after(&correct()).is_err());
        assert_eq!(State::ToCorrect.corrected(), Ok(State::InReview));
    }

    #[test]
    fn a_plastic_card_is_made_before_it_is_handed_over_and_another_after_that() {
        let made = Making::next(None);
        assert_eq!(made, Making::InProduction);
        assert_eq!(Making::next(Some(made)), Making::HandedOver);
        assert_eq!(Making::next(Some(Making::HandedOver)), Making::InProduction);
        for stage in [Making::InProduction, Making::HandedOver] {
            assert_eq!(Making::parse(stage.as_str()), Some(stage));
        }
    }

    #[test]
    fn every_decision_is_a_milestone() {
        let words = State::ALL.map(State::as_str).into_iter().filter(|word| *word != "received");
        let stages = [Making::InProduction, Making::HandedOver].map(Making::as_str);
        for word in words.chain(stages) {
            let milestone = Milestone::of_verdict(word).unwrap();
            assert_eq!(serde_json::to_value(milestone).unwrap(), word);
        }
        assert_eq!(Milestone::of_verdict("received"), None);
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
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("draft"), None);
    }
}
