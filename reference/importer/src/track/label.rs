//! What a training is called, without its year and diploma: `1cap2 émailleur` is `Émailleur`.

use crate::{plain, spelling};

/// Columns that name a training, the fullest and best accented first.
pub(super) const SOURCES: &[&str] = &[
    "libelle_diplome",
    "libelle",
    "libelle_edition",
    "libelle_edition_bcn",
    "libelle_long",
    "libelle_bcn",
];

/// Words that say the year, the diploma or that an option follows.
const GRADES: &[&str] = &[
    "1er",
    "1ere",
    "1re",
    "2e",
    "2eme",
    "2nd",
    "2nde",
    "3e",
    "agri",
    "agricole",
    "annee",
    "bac",
    "bp",
    "bt",
    "dn",
    "dt",
    "mention",
    "option",
    "premiere",
    "pro",
    "seconde",
    "specialite",
    "techno",
    "terminale",
    "tle",
];

/// The same tied to numbers, as in `1cap2` or `3made3`.
const TIED: &[&str] = &[
    "bma", "bp", "bpa", "bts", "btsa", "cap", "capa", "clpes", "cmniv", "cpes", "cpge", "cs",
    "csa", "dcg", "dma", "dproa", "eproa", "erpro", "erproa", "made", "mc", "ndpro", "proa",
    "tlepro", "tlproa",
];

/// Diplomas in full.
const FULL: &[&[&str]] = &[
    &["certificat", "de", "specialisation"],
    &["diplome", "national", "des", "metiers", "d", "art", "et", "du", "design"],
];

/// Series of the technological bac: code and label.
const SERIES: &[(&str, &str)] = &[
    ("STMG", "STMG – Management et gestion"),
    ("STI2D", "STI2D – Industrie et développement durable"),
    ("STL", "STL – Laboratoire"),
    ("ST2S", "ST2S – Santé et social"),
    ("STD2A", "STD2A – Design et arts appliqués"),
    ("STHR", "STHR – Hôtellerie et restauration"),
    ("S2TMD", "S2TMD – Théâtre, musique et danse"),
    ("STAV", "STAV – Agronomie et vivant"),
];

/// Preparatory classes are known by their initials.
const INITIALS: &[&str] = &[
    "ats", "bcpst", "mp", "mp2i", "mpi", "mpsi", "pc", "pcsi", "psi", "pt", "ptsi", "tb", "tpc",
    "tsi",
];

/// The label of a training.
pub(super) fn of(official: &str) -> String {
    let mut rest = official.trim();
    loop {
        let full = FULL.iter().find_map(|words| plain::after(rest, words));
        let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = match full {
            Some(after) => after,
            None if is_grade(word) && !after.is_empty() => after,
            None => break,
        };
        rest = rest.trim_start_matches([' ', '-', ':']);
    }
    let rest = rest.strip_suffix(" pour apprentis").unwrap_or(rest);
    let rest = rest.strip_suffix(" 2nde commune").map_or_else(
        || rest.to_owned(),
        |common| format!("{} (2nde commune)", common.trim_end_matches([' ', '-'])),
    );
    let spelled = spelling::sentence(&rest);
    let first = spelled.split(' ').next().unwrap_or_default();
    if INITIALS.contains(&first.to_lowercase().as_str()) {
        return spelled.replacen(first, &first.to_uppercase(), 1);
    }
    spelled
}

/// Whether a word only says the year or the diploma.
fn is_grade(word: &str) -> bool {
    let word = plain::words(word).concat();
    let tied = word.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let end = tied.find(|sign: char| sign.is_ascii_digit()).unwrap_or(tied.len());
    tied.is_empty() && !word.is_empty()
        || GRADES.contains(&word.as_str())
        || tied.get(..end).is_some_and(|base| TIED.contains(&base))
}

/// The series of the technological bac that labels name, in any of their ways: `1-STL`, `TSTI2D`.
pub(super) fn series(labels: &str) -> Option<(&'static str, &'static str)> {
    let words = plain::words(labels);
    let is_named = |code: &str| {
        let code = code.to_lowercase();
        words.iter().any(|word| *word == code || word.strip_prefix(['1', 't']) == Some(&code))
    };
    SERIES.iter().find(|(code, _)| is_named(code)).copied()
}

/// Diplomas of the overseas territories are taught there only.
pub(super) fn is_overseas(labels: &str) -> bool {
    plain::words(labels).iter().any(|word| word == "tom")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_says_neither_year_nor_diploma() {
        for (official, expected) in [
            ("1cap2 émailleur d'art sur métaux", "Émailleur d’art sur métaux"),
            ("3bts3 podo-orthésiste", "Podo-orthésiste"),
            ("2nde pro cuisine", "Cuisine"),
            ("Tlepro maintenance", "Maintenance"),
            ("tlproa Aménagements paysagers", "Aménagements paysagers"),
            ("Année 1/3 Bac pro agri Laboratoire pour apprentis", "Laboratoire"),
            ("2made3 Diplôme national des métiers d'art et du design - ornement", "Ornement"),
            ("BMA spécialité ébéniste", "Ébéniste"),
            ("Cs-3 employé traiteur", "Employé traiteur"),
            ("Certificat de spécialisation zingueur", "Zingueur"),
            ("BPA option travaux des productions horticoles", "Travaux des productions horticoles"),
            ("1cap2alad métiers de l'agriculture", "Métiers de l’agriculture"),
            ("1CAP2 EMAILLEUR D'ART", "Emailleur d’art"),
            ("Cpge1 mpsi (mathématique, physique)", "MPSI (mathématique, physique)"),
            ("2nde pro métiers du bois 2nde commune", "Métiers du bois (2nde commune)"),
            ("CAP", "CAP"),
            ("", ""),
        ] {
            assert_eq!(of(official), expected, "{official}");
        }
    }

    #[test]
    fn a_series_is_found_however_it_is_tied() {
        for labels in ["1-STL BIOCHIMIE", "Tle STL sciences", "TSTL"] {
            assert_eq!(series(labels).map(|it| it.0), Some("STL"), "{labels}");
        }
        assert_eq!(series("TSTI2D ENERGIES").map(|it| it.0), Some("STI2D"));
        assert_eq!(series("hôtellerie"), None);
    }
}
