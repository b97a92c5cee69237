//! What the desk calls things, in French; staff are addressed as « vous ».

mod correction;
pub(super) mod photo;

use dossier::benefit::{MovementKind, MovementRefusal};
use dossier::card::duplicate::DuplicateReason;
use dossier::form::correction::Topic;
pub(crate) use dossier::paper::written_day as date;
use dossier::review::{Milestone, Reason, State};
use serde::Serialize;

use crate::store::benefit::NotNoted;
use crate::store::duplicate::Outcome;

pub(crate) use correction::field;
pub(super) use correction::topic;

/// A reason as a reviewer reads it.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::PhotoFloue => "Photo floue",
        Reason::CadreBlanc => "Cadre ou bordure blanche",
        Reason::TetePenchee => "Tête penchée",
        Reason::PasDeFace => "Visage tourné, pas de face",
        Reason::VisageTropPetit => "Visage trop petit (moins de 60\u{a0}%)",
        Reason::VisageTropGrand => "Visage trop grand (plus de 80\u{a0}%)",
        Reason::VisageDecentre => "Visage décentré",
        Reason::TeteCouverte => "Tête couverte",
        Reason::VisageMasque => "Visage masqué",
        Reason::AucunVisage => "Aucun visage",
        Reason::PlusieursVisages => "Plusieurs visages",
        Reason::TropSombre => "Photo trop sombre",
        Reason::TropClair => "Photo trop claire",
        Reason::RefletLunettes => "Reflets sur les lunettes",
        Reason::PhotoDEcran => "Photo d’un écran",
        Reason::Autre => "Autre motif (à préciser)",
    }
}

/// The word of a reason or a topic in forms: the same as everywhere else.
pub(super) fn word(one: impl Serialize) -> String {
    serde_json::to_value(one)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Reads the word of a reason.
pub(super) fn read_reason(text: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| word(reason) == text)
}

/// Reads the word of a topic.
pub(super) fn read_topic(text: &str) -> Option<Topic> {
    Topic::ALL.into_iter().find(|topic| word(topic) == text)
}

/// A state as a reviewer reads it.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Received => "Reçu, à instruire",
        State::InReview => "En contrôle",
        State::ToCorrect => "À corriger par l’élève",
        State::Accepted => "Accepté, carte émise",
        State::Refused => "Refusé",
    }
}

/// What happened to a dossier.
pub(super) fn milestone(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Received => "Reçu",
        Milestone::InReview => "Pris en contrôle",
        Milestone::ToCorrect => "Correction demandée",
        Milestone::Corrected => "Corrigé par l’élève",
        Milestone::Accepted => "Accepté",
        Milestone::Refused => "Refusé",
        Milestone::InProduction => "Carte en fabrication",
        Milestone::HandedOver => "Carte remise ou envoyée",
    }
}

/// Why a duplicate was asked for.
pub(super) fn duplicate_reason(reason: DuplicateReason) -> &'static str {
    match reason {
        DuplicateReason::Perte => "Perte",
        DuplicateReason::Vol => "Vol",
        DuplicateReason::Deterioration => "Carte abîmée ou illisible",
    }
}

/// How a duplicate request ended.
pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::HandedOver => "Carte remise",
        Outcome::TakenBack => "Annulée par l’élève\u{a0}: carte retrouvée",
    }
}

/// What happened to a benefit.
pub(crate) fn movement_kind(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Granted => "Accordé",
        MovementKind::Spent => "Utilisé",
        MovementKind::Refunded => "Remboursé",
    }
}

/// « 7,50 € »
pub(crate) fn euros(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "−" } else { "" }, cents.unsigned_abs());
    format!("{sign}{},{:02}\u{a0}€", cents / 100, cents % 100)
}

/// Why a movement was not noted, and what to do about it.
pub(super) fn not_noted(why: &NotNoted) -> String {
    let refusal = match why {
        NotNoted::Refused(refusal) => *refusal,
        NotNoted::NotedOtherwise => {
            return "Ce formulaire a déjà servi, avec d’autres réponses. Vérifiez les derniers \
                    mouvements, puis notez celui-ci s’il manque."
                .to_owned();
        }
    };
    match refusal {
        MovementRefusal::UnknownBenefit => {
            "Cet avantage n’est pas publié pour l’année scolaire de ce dossier. Choisissez-en un \
             de la liste."
                .to_owned()
        }
        MovementRefusal::NotAnAmount => {
            "Écrivez un montant en euros, plus grand que zéro et de 10\u{a0}000\u{a0}€ au plus, par \
             exemple 7,50."
                .to_owned()
        }
        MovementRefusal::NothingGranted => {
            "Aucun montant n’est connu pour cet avantage. Accordez-en un d’abord.".to_owned()
        }
        MovementRefusal::MoreThanLeft { left_cents } => {
            format!("Il ne reste que {}. Rien n’est noté.", euros(left_cents))
        }
        MovementRefusal::MoreThanSpent { spent_cents } => {
            format!("Seuls {} ont été utilisés. Rien n’est noté.", euros(spent_cents))
        }
    }
}

/// What a filer or a guardian is to the student.
pub(crate) fn link(code: &str) -> &'static str {
    match code {
        "PERE" => "père",
        "MERE" => "mère",
        "TUTEUR" => "tuteur",
        _ => "autre lien",
    }
}

/// How the student asked to be addressed.
pub(crate) fn civility(code: &str) -> &'static str {
    match code {
        "MADAME" => "Madame",
        "MONSIEUR" => "Monsieur",
        _ => "Non précisée",
    }
}

/// Where the card goes.
pub(crate) fn sending(code: &str) -> &'static str {
    match code {
        "ETABLISSEMENT" => "À l’établissement",
        _ => "Au domicile",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::form::Field;

    #[test]
    fn every_reason_and_every_topic_is_read_back_from_its_word() {
        for reason in Reason::ALL {
            assert_eq!(read_reason(&word(reason)), Some(reason));
        }
        assert_eq!(read_reason("photo_floue"), None);
        for topic in Topic::ALL {
            assert_eq!(read_topic(&word(topic)), Some(topic));
            assert!(topic.fields().iter().all(|it| {
                let has_no_row = matches!(it, Field::Photo | Field::BareHead);
                field(*it).is_empty() == has_no_row
            }));
        }
        assert_eq!(read_topic("email"), None);
    }
}
