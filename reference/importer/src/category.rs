//! What a school is, by its nature code, its initials or its name; and what is none of ours.

use crate::plain;
use crate::sheet::Row;

/// Nature codes of the ministry and what they mean for us; an empty one is out of scope.
const NATURES: &[(&str, &str)] = &[
    ("300", "LGT"),
    ("301", "LT"),
    ("302", "LG"),
    ("306", "LPO"),
    ("307", "AGRICOLE"),
    ("310", "LYCEE"),
    ("312", "AUTRE"),
    ("315", "LYCEE"),
    ("320", "LP"),
    ("332", "AUTRE"),
    ("334", "SEP"),
    ("335", "SGT"),
    ("370", "EREA"),
    ("380", "MFR"),
];

/// What names begin with or hold, as folded words, the most telling first.
const NAMES: &[(&str, &str)] = &[
    ("section d enseignement professionnel", "SEP"),
    ("section d enseignement general et professionnel adapte", ""),
    ("section d enseignement general", "SGT"),
    ("section d ens gen", "SGT"),
    ("section d apprentissage", "CFA"),
    ("centre de formation d apprentis", "CFA"),
    ("centre de formation des apprentis", "CFA"),
    ("cfppa", "CFA"),
    ("cfa", "CFA"),
    ("ufa", "CFA"),
    ("maison familiale", "MFR"),
    ("mfr", "MFR"),
    ("etablissement regional d enseignement adapte", "EREA"),
    ("lycee d enseignement adapte", "EREA"),
    ("erea", "EREA"),
    ("ecole de production", "ECOLE_PRODUCTION"),
    ("ecole maternelle", ""),
    ("ecole primaire", ""),
    ("ecole elementaire", ""),
    ("segpa", ""),
    ("circonscription", ""),
    ("centre d information et d orientation", ""),
    ("cio", ""),
    ("inspection", ""),
    ("legta", "AGRICOLE"),
    ("legtpa", "AGRICOLE"),
    ("leap", "AGRICOLE"),
    ("lpa", "AGRICOLE"),
    ("agricole", "AGRICOLE"),
    ("lycee agro", "AGRICOLE"),
    ("lycee agrotechnologique", "AGRICOLE"),
    ("horticole", "AGRICOLE"),
    ("forestier", "AGRICOLE"),
    ("rural", "AGRICOLE"),
    ("rurale", "AGRICOLE"),
    ("lycee polyvalent", "LPO"),
    ("lpo", "LPO"),
    ("lycee professionnel", "LP"),
    ("lp", "LP"),
    ("lycee general et technologique", "LGT"),
    ("lgt", "LGT"),
    ("lycee technologique", "LT"),
    ("lycee technique", "LT"),
    ("lycee tech", "LT"),
    ("lycee d enseignement general et technologique", "LGT"),
    ("lycee general", "LG"),
    ("lycee d enseignement general", "LG"),
    ("college lycee", "LYCEE"),
    ("lycee", "LYCEE"),
    ("college", ""),
];

/// Our categories, so that one that a file names is taken at its word.
const CATEGORIES: &[&str] = &[
    "LP",
    "LGT",
    "LPO",
    "LG",
    "LT",
    "LYCEE",
    "AGRICOLE",
    "SEP",
    "SGT",
    "EREA",
    "MFR",
    "ECOLE_PRODUCTION",
    "CFA",
    "AUTRE",
];

/// The category of a row, or nothing when it is out of scope.
pub(crate) fn of(row: &Row, name: &str) -> Option<&'static str> {
    let said = row.text(&["category", "categorie", "sigle_uai", "sigle"]).to_uppercase();
    if let Some(category) = CATEGORIES.iter().find(|category| **category == said) {
        return Some(sharpened(category, row));
    }
    let nature = row.text(&["code_nature", "nature_uai"]).trim_end_matches(".0");
    if let Some((_, category)) = NATURES.iter().find(|(code, _)| *code == nature) {
        // A school for apprentices may have the nature of a private technical school.
        return Some(category)
            .map(|it| if *it == "AUTRE" { of_name(name).unwrap_or(it) } else { it });
    }
    let is_other_nature = !nature.is_empty();
    let by_name = of_name(name);
    match row.text(&["type_etablissement", "type_annuaire"]) {
        "Lycée" | "EREA" | "CFA" => Some(sharpened(by_name.unwrap_or("AUTRE"), row)),
        "Autre" | "" | "Non renseigné" if !is_other_nature => by_name.or_else(|| {
            let known = NAMES.iter().any(|(words, _)| has(name, words));
            (!known).then_some("AUTRE")
        }),
        _ => by_name.filter(|category| matches!(*category, "CFA" | "MFR" | "ECOLE_PRODUCTION")),
    }
}

/// What a name says.
fn of_name(name: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(words, _)| has(name, words));
    found.map(|(_, category)| *category).filter(|category| !category.is_empty())
}

fn has(name: &str, words: &str) -> bool {
    format!(" {} ", plain::phrase(name)).contains(&format!(" {words} "))
}

/// A bare « lycée » is what it teaches, where the row says it.
fn sharpened(category: &'static str, row: &Row) -> &'static str {
    if category != "LYCEE" {
        return category;
    }
    let teaches = |way: &str| row.text(&[way]) == "1";
    let ways = ["voie_generale", "voie_technologique", "voie_professionnelle"].map(teaches);
    match ways {
        _ if !knows_ways(row) => category,
        [true, true, false] => "LGT",
        [true, false, false] => "LG",
        [false, true, false] => "LT",
        [false, false, true] => "LP",
        [_, _, true] => "LPO",
        [false, false, false] => category,
    }
}

/// Whether a row says of each way if it is taught: one that says it of some only knows nothing.
fn knows_ways(row: &Row) -> bool {
    let said = |way: &&str| !row.text(&[way]).is_empty();
    ["voie_generale", "voie_technologique", "voie_professionnelle"].iter().all(said)
}

/// The letters of the ways that a row says a school teaches; empty when it does not know.
pub(crate) fn ways(row: &Row) -> String {
    let own = row.text(&["ways"]);
    if !own.is_empty() || !knows_ways(row) {
        return own.to_owned();
    }
    let columns = [
        ("voie_generale", "G"),
        ("voie_technologique", "T"),
        ("voie_professionnelle", "P"),
        ("apprentissage", "A"),
        ("post_bac", "S"),
    ];
    let taught = columns.iter().filter(|(column, _)| row.text(&[column]) == "1");
    taught.map(|(_, letter)| *letter).collect::<Vec<_>>().join(" ")
}

/// The ways that a category alone says.
pub(crate) fn usual_ways(category: &str) -> &'static str {
    match category {
        "LP" | "SEP" => "P",
        "LGT" => "G T",
        "LG" => "G",
        "LT" => "T",
        "CFA" => "A",
        _ => "",
    }
}

/// Whether the ministry's directory should contain such a school: it does not know the centres
/// for apprentices, schools of production and private schools of other kinds.
pub(crate) fn is_in_directory(category: &str, name: &str) -> bool {
    const ELSEWHERE: &[&str] = &["cfa", "cfppa", "ufa", "apprentis", "antenne"];
    !matches!(category, "" | "CFA" | "ECOLE_PRODUCTION" | "AUTRE")
        && !ELSEWHERE.iter().any(|word| has(name, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    fn category(header: &str, cells: &str, name: &str) -> Option<&'static str> {
        let mut found = None;
        Sheet::open(format!("{header}\n{cells}\n").as_bytes()).each(|row| found = of(row, name));
        found
    }

    #[test]
    fn a_name_says_what_a_school_is() {
        for (name, expected) in [
            ("Section d'enseignement professionnel du lycée agricole", Some("SEP")),
            ("Lycée professionnel agricole privé", Some("AGRICOLE")),
            ("LEGTA du Bourbonnais", Some("AGRICOLE")),
            ("Lycée général et technologique Edgar Quinet", Some("LGT")),
            ("Lycée du Bugey", Some("LYCEE")),
            ("Maison Familiale Rurale de Vif", Some("MFR")),
            ("Hall 32", Some("AUTRE")),
        ] {
            assert_eq!(category("type_etablissement;x", "Lycée;", name), expected, "{name}");
        }
    }

    #[test]
    fn primary_schools_colleges_and_offices_are_none_of_ours() {
        for (kind, name) in [
            ("Ecole", "Ecole primaire Jean Calas"),
            ("Collège", "Collège Vaugelas"),
            ("Information et orientation", "Centre d'information et d'orientation"),
            ("", "CIO d'Etat de Clermont-Ferrand"),
            ("Service Administratif", "Circonscription d'inspection"),
        ] {
            let cells = format!("{kind};");
            assert_eq!(category("type_etablissement;x", &cells, name), None, "{name}");
        }
        assert_eq!(category("nature_uai;x", "340;", "Saint-Joseph"), None);
        assert_eq!(category("nature_uai;x", "390;", "SEGPA du collège"), None);
    }

    #[test]
    fn a_nature_code_is_stronger_than_a_name() {
        assert_eq!(category("nature_uai;x", "306;", "Lycée du Bugey"), Some("LPO"));
        assert_eq!(category("code_nature;x", "320.0;", "Hall 32"), Some("LP"));
    }

    #[test]
    fn a_bare_lycee_is_what_it_teaches() {
        let header = "type_etablissement;voie_generale;voie_technologique;voie_professionnelle";
        assert_eq!(category(header, "Lycée;1;1;0", "Lycée Lalande"), Some("LGT"));
        assert_eq!(category(header, "Lycée;1;;", "Lycée Lalande"), Some("LYCEE"));
    }
}
