//! Words made comparable: headers and names without case, accents and punctuation.

/// Lower case, without accents or punctuation, cut into words: `N° de l'Étage_2` is `n de l etage 2`.
pub(crate) use dossier::reference::fold as words;

/// The words of a header, tied by `_`, so that `Code postal` and `#code_Postal` are one name.
pub(crate) fn key(text: &str) -> String {
    words(text).join("_")
}

/// The words of a name, tied by spaces.
pub(crate) fn phrase(text: &str) -> String {
    words(text).join(" ")
}

/// What follows the first words of `text` when they are these, as it was written.
pub(crate) fn after<'a>(text: &'a str, first: &[&str]) -> Option<&'a str> {
    let mut left = first.iter();
    let mut rest = text;
    for expected in left.by_ref() {
        let begun = rest.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        let end = begun.find(|sign: char| !sign.is_alphanumeric()).unwrap_or(begun.len());
        let (word, after) = begun.split_at_checked(end)?;
        if phrase(word) != *expected {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_one_whatever_their_case_accents_and_signs() {
        for header in ["Code_postal", "code postal", "CODE-POSTAL", "#Code'Postal ", "Côde_postal"]
        {
            assert_eq!(key(header), "code_postal", "{header}");
        }
        assert_eq!(key("N° auto"), "n_auto");
        assert_eq!(key("Type équipement ou lieu"), "type_equipement_ou_lieu");
    }

    #[test]
    fn the_first_words_are_found_whatever_stands_between_them() {
        let cfa = ["organisme", "de", "formation", "centre"];
        assert_eq!(after("Organisme de formation-Centre d’Ain", &cfa), Some(" d’Ain"));
        assert_eq!(after("Organisme de formations", &cfa), None);
        assert_eq!(after("", &cfa), None);
        assert_eq!(after("Lyon", &[]), Some("Lyon"));
    }
}
