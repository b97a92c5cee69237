//! What the desk calls the rules, faults and measures of a photo, in French.

use dossier::review::Reason;
use portrait::{Band, Fault, Level, Measure, Rule};

/// A rule as a reviewer reads it.
pub(in crate::desk) fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::OneFace => "Un seul visage",
        Rule::FaceSize => "Taille du visage",
        Rule::Centred => "Visage centré",
        Rule::Straight => "Tête droite",
        Rule::Facing => "Visage de face",
        Rule::Exposure => "Exposition",
        Rule::EvenLight => "Lumière égale sur le visage",
        Rule::EyesOpen => "Yeux ouverts",
        Rule::Gaze => "Regard vers l’objectif",
        Rule::Sharp => "Netteté",
        Rule::Resolution => "Définition",
        Rule::NoFrame => "Pas de cadre blanc",
        Rule::Uncovered => "Visage dégagé",
        Rule::BareHead => "Tête nue",
        Rule::Background => "Fond uni",
        Rule::MouthClosed => "Bouche fermée",
    }
}

/// A level: a shape and a word, since colour alone tells nothing to many.
pub(in crate::desk) fn level(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Pass => ("✓", "réussi"),
        Level::Warn => ("▲", "à vérifier"),
        Level::Fail => ("✕", "non respecté"),
        Level::NotAssessed => ("○", "non mesuré"),
    }
}

/// What is wrong.
pub(in crate::desk) fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Nobody => "aucun visage",
        Fault::SeveralFaces => "plusieurs visages",
        Fault::TooFar => "visage trop petit",
        Fault::TooClose => "visage trop grand",
        Fault::TooLeft => "visage trop à gauche",
        Fault::TooRight => "visage trop à droite",
        Fault::TooHigh => "visage trop haut",
        Fault::TooLow => "visage trop bas",
        Fault::Tilted => "tête penchée",
        Fault::TurnedAway => "visage tourné",
        Fault::ChinUp => "menton levé",
        Fault::ChinDown => "menton baissé",
        Fault::TooDark => "trop sombre",
        Fault::TooBright => "trop clair",
        Fault::UnevenLight => "un côté du visage dans l’ombre",
        Fault::EyesClosed => "yeux fermés",
        Fault::LookingAway => "regard à côté de l’objectif",
        Fault::Blurred => "photo floue",
        Fault::LowResolution => "trop peu de pixels",
        Fault::WhiteFrame => "bordure blanche",
        Fault::EyesHidden => "yeux cachés",
        Fault::FaceHidden => "visage caché",
        Fault::HeadCovered => "tête couverte",
        Fault::BusyBackground => "fond chargé",
        Fault::MouthOpen => "bouche ouverte",
    }
}

/// The reason of a refusal that a fault calls for. What no reason of the trade names is « autre »,
/// to be told in words.
pub(in crate::desk) fn reason_of(fault: Fault) -> Reason {
    match fault {
        Fault::Nobody => Reason::AucunVisage,
        Fault::SeveralFaces => Reason::PlusieursVisages,
        Fault::TooFar => Reason::VisageTropPetit,
        Fault::TooClose => Reason::VisageTropGrand,
        Fault::TooLeft | Fault::TooRight | Fault::TooHigh | Fault::TooLow => Reason::VisageDecentre,
        Fault::Tilted => Reason::TetePenchee,
        Fault::TurnedAway | Fault::ChinUp | Fault::ChinDown | Fault::LookingAway => {
            Reason::PasDeFace
        }
        Fault::TooDark => Reason::TropSombre,
        Fault::TooBright => Reason::TropClair,
        Fault::Blurred | Fault::LowResolution => Reason::PhotoFloue,
        Fault::WhiteFrame => Reason::CadreBlanc,
        Fault::EyesHidden | Fault::FaceHidden => Reason::VisageMasque,
        Fault::HeadCovered => Reason::TeteCouverte,
        Fault::UnevenLight | Fault::EyesClosed | Fault::BusyBackground | Fault::MouthOpen => {
            Reason::Autre
        }
    }
}

/// A measure as a reviewer reads it.
pub(in crate::desk) fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Faces => "visages trouvés",
        Measure::SecondFace => "second visage, en part du premier",
        Measure::FaceHeight => "menton–sommet du crâne, en part de la hauteur",
        Measure::EyeAcross => "écart des yeux vers la droite, en part de la largeur",
        Measure::EyeDown => "écart des yeux vers le bas, en part de la hauteur",
        Measure::Roll => "inclinaison vers l’épaule",
        Measure::Yaw => "rotation vers le côté",
        Measure::Pitch => "menton levé",
        Measure::CheekOffset => "dissymétrie du visage",
        Measure::FaceLight => "lumière des parties claires du visage, de 0 à 255",
        Measure::DarkShare => "part du visage presque noire",
        Measure::BrightShare => "part du visage presque blanche",
        Measure::CheekLight => "écart de lumière entre les joues",
        Measure::LidGap => "hauteur de l’œil le moins ouvert, en part de la distance yeux–menton",
        Measure::Blink => "paupières closes",
        Measure::Gaze => "regard détourné",
        Measure::Sharpness => "finesse des détails du visage",
        Measure::EyeDistance => "distance entre les yeux",
        Measure::FrameSides => "côtés bordés de blanc",
        Measure::EyeRange => "contraste le long des yeux",
        Measure::ForeheadColour => "écart de couleur front–joues",
        Measure::LowerFaceColour => "écart de couleur bas du visage–joues",
        Measure::BackgroundGradient => "motifs du fond",
        Measure::BackgroundSpread => "variation de lumière du fond",
        Measure::MouthGap => "hauteur de la bouche ouverte, en part de la distance yeux–menton",
    }
}

/// How a measure is written: in what unit, times what, with how many decimals.
struct Unit {
    name: &'static str,
    times: f32,
    decimals: usize,
}

fn unit(measure: Measure) -> Unit {
    let unit = |name, times, decimals| Unit { name, times, decimals };
    match measure {
        Measure::SecondFace
        | Measure::FaceHeight
        | Measure::EyeAcross
        | Measure::EyeDown
        | Measure::CheekOffset
        | Measure::DarkShare
        | Measure::BrightShare
        | Measure::CheekLight
        | Measure::LidGap
        | Measure::Blink
        | Measure::Gaze
        | Measure::MouthGap => unit("\u{a0}%", 100.0, 1),
        Measure::Roll | Measure::Yaw | Measure::Pitch => unit("°", 1.0, 1),
        Measure::EyeDistance => unit("\u{a0}pixels", 1.0, 0),
        Measure::ForeheadColour | Measure::LowerFaceColour => unit("\u{a0}ΔE", 1.0, 1),
        Measure::Faces | Measure::FrameSides => unit("", 1.0, 0),
        Measure::FaceLight
        | Measure::Sharpness
        | Measure::EyeRange
        | Measure::BackgroundGradient
        | Measure::BackgroundSpread => unit("", 1.0, 1),
    }
}

/// A measured value with its unit: `74,3 %`.
pub(in crate::desk) fn value(measure: Measure, value: f32) -> String {
    let Unit { name, times, decimals } = unit(measure);
    let written = format!("{:.decimals$}", value * times);
    let shortest = match written.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => &written,
    };
    let shortest = if shortest == "-0" { "0" } else { shortest };
    format!("{}{name}", shortest.replace('.', ",").replace('-', "\u{2212}"))
}

/// What a measure may be; empty when it may be anything.
pub(in crate::desk) fn limits(measure: Measure, band: Band) -> String {
    let written = |side: f32| side.is_finite().then(|| value(measure, side));
    match (written(band.least), written(band.most)) {
        (Some(least), Some(most)) if least == most => least,
        (Some(least), Some(most)) => format!("de {least} à {most}"),
        (Some(least), None) => format!("{least} au moins"),
        (None, Some(most)) => format!("{most} au plus"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_in_french_with_their_unit() {
        assert_eq!(value(Measure::FaceHeight, 0.7432), "74,3\u{a0}%");
        assert_eq!(value(Measure::Roll, -4.96), "\u{2212}5°");
        assert_eq!(value(Measure::Yaw, -0.01), "0°");
        assert_eq!(value(Measure::EyeDistance, 214.6), "215\u{a0}pixels");
        assert_eq!(value(Measure::Faces, 2.0), "2");
        assert_eq!(value(Measure::Sharpness, 20.0), "20");
    }

    #[test]
    fn an_open_side_of_a_limit_is_not_named() {
        let says = |least, most| limits(Measure::FaceHeight, Band { least, most });
        assert_eq!(says(0.6, 0.8), "de 60\u{a0}% à 80\u{a0}%");
        assert_eq!(says(0.6, f32::INFINITY), "60\u{a0}% au moins");
        assert_eq!(says(f32::NEG_INFINITY, 0.8), "80\u{a0}% au plus");
        assert_eq!(says(f32::NEG_INFINITY, f32::INFINITY), "");
        let faces = Band { least: 1.0, most: 1.0 };
        assert_eq!(limits(Measure::Faces, faces), "1");
    }
}
