//! The words of a school's name or of a search, made comparable.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// No word of a name is longer; a longer one typed is cut, so that comparing stays cheap.
pub(super) const LONGEST: usize = 24;

/// What people write short, and the words that stand for it in the lists.
const SHORT: &[(&str, &[&str])] = &[
    ("st", &["saint"]),
    ("ste", &["sainte"]),
    ("nd", &["notre", "dame"]),
    ("gal", &["general"]),
    ("dr", &["docteur"]),
    ("bac", &[]),
    ("lycees", &["lycee"]),
    ("lg", &["lycee", "general"]),
    ("lt", &["lycee", "technologique"]),
    ("lot", &["lycee", "technologique"]),
    ("lgt", &["lycee", "general", "technologique"]),
    ("legt", &["lycee", "general", "technologique"]),
    ("lp", &["lycee", "professionnel"]),
    ("lep", &["lycee", "professionnel"]),
    ("lpo", &["lycee", "polyvalent"]),
    ("lpa", &["lycee", "professionnel", "agricole"]),
    ("lpr", &["lycee", "professionnel", "rural"]),
    ("legta", &["lycee", "agricole"]),
    ("legtpa", &["lycee", "agricole"]),
    ("leap", &["lycee", "agricole", "prive"]),
    ("leapp", &["lycee", "agricole", "prive"]),
    ("mfr", &["maison", "familiale", "rurale"]),
    ("cfa", &["centre", "formation", "apprentis"]),
    ("sep", &["section", "enseignement", "professionnel"]),
    ("sgt", &["section", "enseignement", "general", "technologique"]),
];

/// Words that say nothing about which school is meant.
const EMPTY: &[&str] =
    &["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sur"];

/// Words that say which kind of school it is. Many schools share them, and students mix them up:
/// they count less than a name.
const KINDS: &[&str] = &[
    "agricole",
    "apprentis",
    "centre",
    "ecole",
    "enseignement",
    "familiale",
    "formation",
    "general",
    "lycee",
    "maison",
    "organisme",
    "polyvalent",
    "prive",
    "privee",
    "professionnel",
    "rurale",
    "section",
    "technologique",
];

/// Lower case, without accents or punctuation, cut into words: `L’Abbé-Œuvré` is `l abbe oeuvre`.
pub(super) fn fold(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'œ' | 'Œ' => plain.push_str("oe"),
            'æ' | 'Æ' => plain.push_str("ae"),
            _ if letter.is_alphanumeric() => plain.extend(letter.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words that count, abbreviations written out, each once. When only empty words were typed
/// they stay: `la` may be the start of a name.
pub(super) fn telling(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut kept = Vec::new();
    for word in folded.iter().filter(|word| !EMPTY.contains(&word.as_str())) {
        match SHORT.iter().find(|(short, _)| short == word) {
            Some((_, long)) => long.iter().for_each(|word| add(&mut kept, word)),
            None => add(&mut kept, word),
        }
    }
    if kept.is_empty() {
        folded.iter().for_each(|word| add(&mut kept, word));
    }
    kept
}

fn add(words: &mut Vec<String>, word: &str) {
    let cut: String = word.chars().take(LONGEST).collect();
    if !words.contains(&cut) {
        words.push(cut);
    }
}

/// Whether a word only says which kind of school it is.
pub(super) fn is_kind(word: &str) -> bool {
    KINDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_ligatures_and_apostrophes_do_not_matter() {
        assert_eq!(fold("L’Œuvre d'Élie-Ÿves"), ["l", "oeuvre", "d", "elie", "yves"]);
    }

    #[test]
    fn abbreviations_are_written_out_once() {
        assert_eq!(telling("LP lycée St-Éxupéry"), ["lycee", "professionnel", "saint", "exupery"]);
        assert_eq!(telling("LOT de la Sidoine"), ["lycee", "technologique", "sidoine"]);
    }

    #[test]
    fn empty_words_stay_when_there_is_nothing_else() {
        assert_eq!(telling("la"), ["la"]);
        assert_eq!(telling(" ’ - "), Vec::<String>::new());
    }
}
