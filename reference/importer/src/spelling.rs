//! Names as people write them: ordinary case, typographic apostrophes, no administrative prefix.

use crate::plain;

/// Written in capitals whatever stands around them.
const ACRONYMS: &[&str] = &[
    "AFPA", "AFPI", "AFTRAL", "BTP", "CCI", "CFA", "CFAI", "CFPPA", "CGR", "CIO", "CLEPT", "CMA",
    "CREPS", "ECAM", "ENIL", "ENILV", "ENSAIT", "EPEC", "EREA", "ESAT", "ESDAC", "GRETA", "IFAS",
    "IFSI", "IMT", "INFA", "INSA", "ISARA", "ISETA", "ITEC", "IUT", "LEGTA", "LEGTPA", "LGT", "LP",
    "LPA", "LPO", "MFR", "MJC", "SEP", "SEGPA", "SGT", "STAPS", "TOM", "UFA", "UGC", "UIMM",
];

/// Small words of a name.
const SMALL: &[&str] = &[
    "a", "à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou",
    "pour", "sous", "sur",
];

/// Words that an address writes small.
const WAYS: &[&str] = &[
    "allée",
    "allee",
    "av",
    "avenue",
    "bd",
    "boulevard",
    "centre",
    "chemin",
    "cours",
    "esplanade",
    "faubourg",
    "grande",
    "impasse",
    "lieu",
    "dit",
    "montée",
    "montee",
    "passage",
    "place",
    "pl",
    "promenade",
    "quai",
    "route",
    "rue",
    "square",
    "zone",
];

/// Accents that official names lost with their capitals.
const ACCENTS: &[(&str, &str)] = &[
    ("Ecole", "École"),
    ("Ecoles", "Écoles"),
    ("Etablissement", "Établissement"),
    ("Etablissements", "Établissements"),
    ("Etudes", "Études"),
    ("Education", "Éducation"),
    ("Lycee", "Lycée"),
    ("Theatre", "Théâtre"),
    ("Academie", "Académie"),
    ("Universite", "Université"),
    ("Sante", "Santé"),
    ("LYON", "Lyon"),
    ("Cinema", "Cinéma"),
    ("Musee", "Musée"),
    ("Mediatheque", "Médiathèque"),
    ("Bibliotheque", "Bibliothèque"),
];

/// Words of many names, written small inside of one; a shouted name has lost their accents.
const COMMON: &[(&str, &str)] = &[
    ("agricole", "agricole"),
    ("enseignement", "enseignement"),
    ("formation", "formation"),
    ("general", "général"),
    ("generale", "générale"),
    ("hotelier", "hôtelier"),
    ("metiers", "métiers"),
    ("polyvalent", "polyvalent"),
    ("prive", "privé"),
    ("privee", "privée"),
    ("professionnel", "professionnel"),
    ("professionnelle", "professionnelle"),
    ("regional", "régional"),
    ("section", "section"),
    ("superieur", "supérieur"),
    ("superieure", "supérieure"),
    ("technique", "technique"),
    ("technologique", "technologique"),
];

/// What the State writes before the name of a centre for apprentices.
const CFA: [&[&str]; 2] = [
    &["organisme", "de", "formation", "centre", "de", "formation", "d", "apprentis"],
    &["organisme", "de", "formation", "centre", "de", "formation", "dapprentis"],
];

/// A school's name to be shown, and the words left out that people may still look for.
pub(crate) fn school(official: &str) -> (String, String) {
    if let Some(rest) = CFA.iter().find_map(|words| plain::after(official, words)) {
        let rest = spelled(rest.trim_start_matches(|sign: char| !sign.is_alphanumeric()));
        let is_said = plain::words(&rest).iter().any(|word| word == "cfa");
        let shown = if is_said { rest } else { format!("CFA {rest}") };
        let left_out = "organisme de formation, centre de formation d’apprentis";
        return (shown.trim().to_owned(), left_out.to_owned());
    }
    for (at, dash) in official.match_indices(" - ") {
        let (Some(shown), Some(rest)) = (official.get(..at), official.get(at + dash.len()..))
        else {
            continue;
        };
        if plain::after(rest, &["lycee", "des", "metiers"]).is_some() {
            return (name(shown), name(rest));
        }
    }
    (name(official), String::new())
}

/// A name in ordinary case.
pub(crate) fn name(official: &str) -> String {
    capital(&spelled(official))
}

fn spelled(official: &str) -> String {
    let shouted = is_shouted(official);
    each_word(official, |word, at| ordinary(word, shouted, at > 0))
}

/// An address in ordinary case: `12 RUE DU PARC` is `12 rue du Parc`.
pub(crate) fn address(official: &str) -> String {
    if !is_shouted(official) {
        return each_word(official, |word, _| word.to_owned());
    }
    let small = |word: &str, at: usize| {
        let lower = word.to_lowercase();
        if WAYS.contains(&lower.as_str()) { lower } else { ordinary(word, true, at > 0) }
    };
    each_word(official, small)
}

/// A text as somebody wrote it for us; only what no list may hold is put right.
pub(crate) fn verbatim(text: &str) -> String {
    let sign = |sign: char| match sign {
        '\'' => '’',
        _ if sign.is_control() => ' ',
        _ => sign,
    };
    text.chars().map(sign).collect()
}

/// A sentence without names: `EMAILLEUR D'ART` is `Emailleur d’art`.
pub(crate) fn sentence(official: &str) -> String {
    let shouted = is_shouted(official);
    let lower = |word: &str, _| if shouted { word.to_lowercase() } else { word.to_owned() };
    capital(&each_word(official, lower))
}

/// The first letter written large.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
}

/// Whether a text is written in capitals, some small words apart.
fn is_shouted(text: &str) -> bool {
    let large = text.chars().filter(|letter| letter.is_uppercase()).count();
    let small = text.chars().filter(|letter| letter.is_lowercase()).count();
    large > 3 && large > 3 * small
}

/// Spells each word anew with its number; spaces are made single, `'` becomes `’`.
fn each_word(text: &str, spell: impl Fn(&str, usize) -> String) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut count = 0;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for piece in text.split_inclusive(|sign: char| !sign.is_alphanumeric()) {
        let word = piece.trim_end_matches(|sign: char| !sign.is_alphanumeric());
        if !word.is_empty() {
            spelled.push_str(&spell(word, count));
            count += 1;
        }
        let signs = piece.strip_prefix(word).unwrap_or_default();
        let signs = signs.chars().filter(|sign| !sign.is_control());
        spelled.extend(signs.map(|sign| if sign == '\'' { '’' } else { sign }));
    }
    // No French word has « oeu »: a keyboard lacked the letter.
    spelled.replace(" d apprentis", " d’apprentis").replace("oeu", "œu").replace("Oeu", "Œu")
}

fn ordinary(word: &str, shouted: bool, inside: bool) -> String {
    let lower = word.to_lowercase();
    let letters = word.chars().count();
    let is_large = word.chars().all(char::is_uppercase);
    // One letter alone is a word where everything is large, and an initial elsewhere.
    if is_large && inside && (shouted || letters > 1) && SMALL.contains(&lower.as_str()) {
        return lower;
    }
    let common = COMMON.iter().find(|(bare, _)| shouted && plain::phrase(word) == *bare);
    if let Some((_, small)) = common {
        return if inside { (*small).to_owned() } else { capital(small) };
    }
    // In a name that is not shouted, a short word in capitals is an acronym nobody told us.
    let is_word = is_large && letters > if shouted { 1 } else { 4 };
    if is_word && !ACRONYMS.contains(&word) && !is_roman(word) && !is_mute(word) {
        return accented(&capital(&lower));
    }
    accented(word)
}

/// `XIII`, and nothing that could be a name.
fn is_roman(word: &str) -> bool {
    word.chars().all(|letter| matches!(letter, 'I' | 'V' | 'X'))
}

/// A word that nobody can speak: an acronym.
fn is_mute(word: &str) -> bool {
    let vowels = |letter| matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U' | 'Y' | 'À'..='Ÿ');
    !word.contains(vowels) && word != "ST" && word != "MTS"
}

fn accented(word: &str) -> String {
    let found = ACCENTS.iter().find(|(bare, _)| *bare == word);
    found.map_or_else(|| word.to_owned(), |(_, accented)| (*accented).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shouted_names_get_ordinary_case() {
        for (official, expected) in [
            ("ECOLE PEYREFITTE TOURISME", "École Peyrefitte Tourisme"),
            ("INSTITUT SUPERIEUR D'OPTIQUE DE LYON", "Institut supérieur d’Optique de Lyon"),
            ("LYCÉE PROFESSIONNEL PRIVE LE RAZÈS", "Lycée professionnel privé le Razès"),
            ("UGC CINE CITE  CONFLUENCE", "UGC Cine Cite Confluence"),
            ("CINEMA LE REX", "Cinéma le Rex"),
            ("Lycée polyvalent privé Jeanne d'Arc", "Lycée polyvalent privé Jeanne d’Arc"),
            ("Lycée Valéry GISCARD d'ESTAING", "Lycée Valéry Giscard d’Estaing"),
            ("LEGTA du Bourbonnais", "LEGTA du Bourbonnais"),
            ("Ecole de production ELAG", "École de production ELAG"),
            ("LOUIS XIII", "Louis XIII"),
            ("Lycée privé soeur Emmanuelle", "Lycée privé sœur Emmanuelle"),
            ("Cirque d'Auvergne Chazey SUR AIN", "Cirque d’Auvergne Chazey sur AIN"),
            ("Section A du lycée", "Section A du lycée"),
            ("musée d'Art", "Musée d’Art"),
            ("", ""),
        ] {
            assert_eq!(name(official), expected, "{official}");
        }
    }

    #[test]
    fn what_the_state_writes_before_a_centre_for_apprentices_is_left_out() {
        let left_out = "organisme de formation, centre de formation d’apprentis";
        for (official, expected) in [
            (
                "Organisme de formation-Centre de formation d'apprentis de Tetras-Annecy",
                "CFA de Tetras-Annecy",
            ),
            ("Organisme de formation-Centre de formation d apprentis CFA de l'Ain", "CFA de l’Ain"),
            ("Organisme de formation-Centre de formation dapprentis d'IMT", "CFA d’IMT"),
            ("Organisme de formation-Centre de formation d'apprentis", "CFA"),
        ] {
            assert_eq!(school(official), (expected.into(), left_out.into()), "{official}");
        }
    }

    #[test]
    fn the_label_of_a_lycee_des_metiers_is_no_part_of_its_name() {
        let (shown, left_out) =
            school("Lycée professionnel Alexandre Bérard - Lycée des métiers de l'énergie");
        assert_eq!(shown, "Lycée professionnel Alexandre Bérard");
        assert_eq!(left_out, "Lycée des métiers de l’énergie");
        assert_eq!(school("Lycée - site Est").0, "Lycée - site Est");
    }

    #[test]
    fn addresses_and_sentences_have_their_own_case() {
        assert_eq!(address("12 RUE DU PARC"), "12 rue du Parc");
        assert_eq!(address("15 avenue SAINT-EXUPERY"), "15 avenue SAINT-EXUPERY");
        assert_eq!(sentence("EMAILLEUR D'ART SUR METAUX"), "Emailleur d’art sur metaux");
        assert_eq!(sentence("émailleur d'art"), "Émailleur d’art");
    }
}
