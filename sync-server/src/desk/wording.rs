//! What the desk calls things, in French; staff are addressed as « vous ».

pub(super) mod photo;

use dossier::card::duplicate::DuplicateReason;
pub(crate) use dossier::paper::written_day as date;
use dossier::review::{Reason, State};

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

/// The word of a reason in forms: the same as everywhere else.
pub(super) fn reason_word(reason: Reason) -> String {
    serde_json::to_value(reason)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Reads the word of a reason.
pub(super) fn read_reason(word: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason_word(*reason) == word)
}

/// A state as a reviewer reads it.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Received => "Reçu, à instruire",
        State::Accepted => "Accepté, carte émise",
        State::Refused => "Refusé",
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

    #[test]
    fn every_reason_is_read_back_from_its_word() {
        for reason in Reason::ALL {
            assert_eq!(read_reason(&reason_word(reason)), Some(reason));
        }
        assert_eq!(read_reason("photo_floue"), None);
    }
}
