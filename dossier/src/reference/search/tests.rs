//! What the search promises of any list.

use super::*;
use crate::reference::words;
use proptest::prelude::*;

const NAMES: &[(&str, &str)] = &[
    ("Lycée Parc Chabrières", "Oullins"),
    ("Lycée du Parc", "Lyon 6e Arrondissement"),
    ("Lycée professionnel Saint-Joseph", "Lyon 7e Arrondissement"),
    ("Lycée Saint-Joseph", "Miribel"),
    ("Lycée Saint-Joseph", "Oyonnax"),
    ("Lycée Montplaisir", "Valence"),
    ("Lycée Les Chartreux", "Lyon 1er Arrondissement"),
    ("Section d’enseignement professionnel du lycée Carriat", "Bourg-en-Bresse"),
    ("Lycée O.R.T.", "Lyon 8e Arrondissement"),
    ("SUP2I", "Grenoble"),
];

fn index() -> Index {
    Index::of(NAMES.iter().map(|&(name, town)| Words { name, town, ..Words::default() }))
}

fn find(typed: &str) -> Vec<usize> {
    index().find(typed, 8, |_| 0.0)
}

fn first(typed: &str) -> &'static str {
    find(typed).first().and_then(|at| NAMES.get(*at)).map_or("", |(name, _)| name)
}

#[test]
fn a_name_typed_whole_comes_first() {
    for typed in ["lycee du parc", "LYCEE DU PARC", "lyceeduparc", "lycée parc", "du parc lycée"]
    {
        assert_eq!(first(typed), "Lycée du Parc", "{typed}");
    }
    assert_eq!(find("lycée saint joseph").get(..2), Some(&[3, 4][..]));
    assert_eq!(find("lycée st-joseph oyonnax").first(), Some(&4));
    assert_eq!(find("saint joseph lyon").first(), Some(&2));
}

#[test]
fn a_space_too_many_or_too_few_does_not_matter() {
    assert_eq!(first("mont plaisir"), "Lycée Montplaisir");
    assert_eq!(first("leschartreux"), "Lycée Les Chartreux");
    assert_eq!(first("lyceemontplais"), "Lycée Montplaisir");
    for typed in ["saintjoseph", "SaintJoseph", "stjoseph", "sintjoseph", "saint jose ph"] {
        assert!(first(typed).contains("Saint-Joseph"), "{typed}");
    }
    for typed in ["ort", "o.r.t", "o r t", "ort lyon"] {
        assert_eq!(first(typed), "Lycée O.R.T.", "{typed}");
    }
}

#[test]
fn a_slip_is_forgiven_even_in_a_begun_word() {
    for typed in ["chabrieer", "habrieres", "cahbr", "charbieres", "chabriesre", "chabirere"] {
        assert_eq!(first(typed), "Lycée Parc Chabrières", "{typed}");
    }
    assert_eq!(first("spu2i"), "SUP2I");
}

#[test]
fn an_abbreviation_may_also_begin_a_name() {
    assert!(first("sep").starts_with("Section d’enseignement"));
    let names = ["Lycée Galilée", "Lycée général Ampère"];
    let index = Index::of(names.map(|name| Words { name, ..Words::default() }));
    assert_eq!(index.find("gal", 8, |_| 0.0).len(), 2);
}

#[test]
fn the_nearer_one_is_first_among_equals_and_only_there() {
    let index = index();
    let near = |place: usize| move |at: usize| if at == place { 1.0 } else { 0.0 };
    for place in [2, 3, 4] {
        assert_eq!(index.find("saint-joseph", 8, near(place)).first(), Some(&place));
    }
    // What was typed decides first, however near another is.
    assert_eq!(index.find("lycée du parc", 8, near(0)).first(), Some(&1));
    assert_eq!(index.find("saint joseph oyonnax", 8, near(3)).first(), Some(&4));
    assert_eq!(index.find("lycée saint joseph", 8, near(2)).first(), Some(&3));
    for odd in [f32::NAN, f32::NEG_INFINITY, -7.0] {
        let find = |typed| index.find(typed, 8, |at| if at == 2 { odd } else { 0.0 });
        assert_ne!(find("saint joseph").first(), Some(&2), "{odd}");
    }
}

#[test]
fn what_comes_last_is_after_its_equals_alone() {
    let words = |name, comes_last| Words { name, comes_last, ..Words::default() };
    let index =
        Index::of([words("Lycée Carriat Bourg", true), words("Lycée Carriat Nantua", false)]);
    assert_eq!(index.find("lycée carriat", 8, |_| 0.0), [1, 0]);
    assert_eq!(index.find("carriat bourg", 8, |_| 0.0).first(), Some(&0));
}

#[test]
fn more_words_and_departments_find_too_and_a_code_finds_one() {
    let codes = ["63000".to_owned()];
    let index = Index::of([
        Words {
            name: "Lycée Sidoine Apollinaire",
            also: "LTSA Laborde",
            town: "Clermont-Ferrand",
            department: "Puy-de-Dôme",
            postal_codes: &codes,
            codes: vec!["0630020E", "TLP0678"],
            ..Words::default()
        },
        Words { name: "Lycée Laborde", codes: vec!["0630021F"], ..Words::default() },
    ]);
    let find = |typed: &str| index.find(typed, 8, |_| 0.0);
    for typed in ["0630020E", "0630020e", "063 0020 E", "tlp 0678", "[TLP0678]", "63000", "63"] {
        assert_eq!(find(typed), [0], "{typed}");
    }
    assert_eq!(find("laborde"), [1, 0]);
    assert_eq!(find("ltsa"), [0]);
    assert_eq!(find("laborde puy de dome").first(), Some(&0));
    assert_eq!(find("63001"), [0; 0]);
}

#[test]
fn nothing_finds_nothing() {
    for typed in ["", " ", "’-.", "zzzzqqq", "ß"] {
        assert_eq!(find(typed), [0; 0], "{typed:?}");
    }
    assert_eq!(index().find("lycée", 0, |_| 0.0), [0; 0]);
    assert_eq!(Index::of([]).find("lycée", 8, |_| 0.0), [0; 0]);
}

proptest! {
    #[test]
    fn any_text_can_be_typed(typed in any::<String>()) {
        prop_assert!(find(&typed).len() <= 8);
    }

    #[test]
    fn any_text_can_be_a_name_and_is_found_by_it(name in ".{1,40}") {
        let index = Index::of([Words { name: &name, ..Words::default() }]);
        let has_words = !words::fold(&name).is_empty();
        prop_assert_eq!(index.find(&name, 8, |_| 0.0).len(), usize::from(has_words));
    }

    #[test]
    fn letters_typed_together_never_fail(typed in "[a-e l]{0,230}") {
        prop_assert!(find(&typed).len() <= 8);
    }
}
