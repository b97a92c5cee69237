//! The words of a name or of a search, made comparable.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// No word of a name is longer; of a longer one only so much is compared.
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
    ("lpp", &["lycee", "professionnel", "prive"]),
    ("lpo", &["lycee", "polyvalent"]),
    ("lpa", &["lycee", "professionnel", "agricole"]),
    ("lpr", &["lycee", "professionnel", "rural"]),
    ("legta", &["lycee", "agricole"]),
    ("legtpa", &["lycee", "agricole"]),
    ("leap", &["lycee", "agricole", "prive"]),
    ("leapp", &["lycee", "agricole", "prive"]),
    ("mfr", &["maison", "familiale", "rurale"]),
    ("cfa", &["centre", "formation", "apprentis"]),
    ("erea", &["etablissement", "regional", "enseignement", "adapte"]),
    ("sep", &["section", "enseignement", "professionnel"]),
    ("sgt", &["section", "enseignement", "general", "technologique"]),
];

/// Words that say nothing about which place is meant.
const EMPTY: &[&str] = &[
    "a",
    "arrondissement",
    "au",
    "aux",
    "d",
    "de",
    "des",
    "du",
    "en",
    "et",
    "l",
    "la",
    "le",
    "les",
    "sur",
];

/// Words that say which kind of school it is. Many schools share them, and students mix them up:
/// they count less than a name.
const KINDS: &[&str] = &[
    "adapte",
    "agricole",
    "apprentis",
    "centre",
    "ecole",
    "enseignement",
    "etablissement",
    "familiale",
    "formation",
    "general",
    "generale",
    "lycee",
    "maison",
    "organisme",
    "polyvalent",
    "prive",
    "privee",
    "professionnel",
    "professionnelle",
    "regional",
    "rural",
    "rurale",
    "section",
    "technologique",
];

/// Lower case, without accents or punctuation, cut into words: `L’Abbé-Œuvré` is `l abbe oeuvre`.
pub fn fold(text: &str) -> Vec<String> {
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

/// The folded words as they are compared: `O.R.T.` is one word, and `7e` is the number.
pub(super) fn plain(text: &str) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    let mut before = String::new();
    for word in fold(text) {
        let are_initials = before.len() == 1 && word.len() == 1;
        // « à l’école » has no initials.
        let are_empty = is_empty(&before) && is_empty(&word);
        match made.last_mut() {
            Some(initials) if are_initials && !are_empty => initials.push_str(&word),
            _ => made.push(number(&word).unwrap_or(&word).to_owned()),
        }
        before = word;
    }
    made
}

/// The digits of an ordinal, like `7e`, `1er` or `3eme`.
fn number(word: &str) -> Option<&str> {
    let digits = ["e", "er", "ere", "eme", "ieme"].iter().find_map(|end| word.strip_suffix(end))?;
    let is_number = matches!(digits.len(), 1 | 2) && digits.bytes().all(|it| it.is_ascii_digit());
    is_number.then_some(digits)
}

/// The words that count, abbreviations written out, each once. When only empty words were typed
/// they stay: `la` may be the start of a name.
pub(super) fn telling(text: &str) -> Vec<String> {
    telling_of(&plain(text))
}

/// The same of words that are already [`plain`].
pub(super) fn telling_of(plain: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    for word in plain.iter().filter(|word| !is_empty(word)) {
        match written_out(word) {
            Some(long) => long.iter().for_each(|word| add(&mut kept, word)),
            None => add(&mut kept, word),
        }
    }
    if kept.is_empty() {
        plain.iter().for_each(|word| add(&mut kept, word));
    }
    kept
}

fn add(words: &mut Vec<String>, word: &str) {
    if !words.iter().any(|known| known == word) {
        words.push(word.to_owned());
    }
}

/// The words that an abbreviation stands for.
pub(super) fn written_out(word: &str) -> Option<&'static [&'static str]> {
    SHORT.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// Whether a word says nothing about which place is meant.
pub(super) fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
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
    fn initials_are_one_word_and_an_ordinal_is_its_number() {
        assert_eq!(telling("O.R.T. Lyon 7e arrondissement"), ["ort", "lyon", "7"]);
        assert_eq!(telling("N.-D. 1er d'Aix"), ["notre", "dame", "1", "aix"]);
        assert_eq!(telling("3e étape à l’école"), ["3", "etape", "ecole"]);
    }

    #[test]
    fn empty_words_stay_when_there_is_nothing_else() {
        assert_eq!(telling("la"), ["la"]);
        assert_eq!(telling(" ’ - "), Vec::<String>::new());
    }
}
