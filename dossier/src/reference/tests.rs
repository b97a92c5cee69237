//! What the published pack promises, on the pack that ships inside the app.

use super::*;

const VERSION: &str = include_str!("../../../reference/VERSION");
const SCHOOLS: &str = include_str!("../../../reference/schools.csv");
const TRACKS: &str = include_str!("../../../reference/tracks.csv");
const COMMUNES: &str = include_str!("../../../reference/communes.csv");
const CHARTER: &str = include_str!("../../../reference/charter.md");

fn pack() -> Pack {
    Pack::from_texts(VERSION.trim(), SCHOOLS, TRACKS, COMMUNES, CHARTER).unwrap()
}

/// The label of the first school found.
fn first(typed: &str) -> String {
    pack().find_schools(typed, 8).first().map(|school| school.label()).unwrap_or_default()
}

const SIDOINE: &str = "LOT SIDOINE APOLLINAIRE [CLERMONT-FERRAND] [TLP0678]";

#[test]
fn the_published_lists_are_whole() {
    let pack = pack();
    assert_eq!(pack.schools.len(), 680);
    assert_eq!(pack.communes.len(), 4_025);
    assert!(pack.tracks.len() > 60);
    assert_eq!(pack.charter.title, "Charte des droits et devoirs");
    for school in &pack.schools {
        assert!(pack.commune(&school.insee).is_some(), "{}", school.uai);
    }
}

#[test]
fn a_school_is_shown_by_the_regions_code_or_else_by_its_uai() {
    let pack = pack();
    assert_eq!(pack.school("0630020E").unwrap().label(), SIDOINE);
    let other = pack.school("0010010F").unwrap().label();
    assert_eq!(other, "LYCÉE DU BUGEY [BELLEY] [0010010F]");
}

#[test]
fn a_school_is_found_as_people_type_it() {
    for typed in [
        "Sidoine Apollinaire",
        "sidoine",
        "SIDOINE APOLINAIRE",
        "sidione",
        "apolli",
        "lot sidoine",
        "lycee sidoine",
        "lgt sidoine clermont",
        "apollinaire clermont ferrand",
        "sidoine 63000",
        "0630020E",
        "0630020e ",
        "TLP0678",
        "tlp 0678",
        "[TLP0678]",
        SIDOINE,
    ] {
        assert_eq!(first(typed), SIDOINE, "{typed}");
    }
}

#[test]
fn accents_abbreviations_and_hyphens_do_not_matter() {
    assert_eq!(first("edouard branly lyon"), first("Édouard BRANLY Lyon"));
    for typed in ["st exupery lyon", "Saint-Exupéry Lyon", "saint éxupery lion"] {
        assert!(first(typed).contains("ANTOINE DE SAINT-EXUPÉRY [LYON]"), "{typed}");
    }
    assert!(first("lp pravaz").contains("PRAVAZ [LE PONT-DE-BEAUVOISIN]"));
}

#[test]
fn a_name_typed_whole_comes_before_longer_ones() {
    assert_eq!(first("lycee du parc"), "LYCÉE DU PARC [LYON] [0690026D]");
    assert!(first("parc chabrieres").starts_with("LYCÉE PARC CHABRIÈRES"));
}

#[test]
fn a_town_or_a_postal_code_lists_its_schools() {
    let pack = pack();
    for school in pack.find_schools("Aurillac", 8) {
        assert_eq!(school.town, "Aurillac");
    }
    assert_eq!(pack.find_schools("aurillac", 8).len(), 8);
    // The list knows only the commune of this school; each of its postal codes finds it.
    assert!(pack.find_schools("63100 sidoine", 8).iter().any(|it| it.uai == "0630020E"));
    for school in pack.find_schools("01300", 8) {
        assert_eq!(school.town, "Belley");
    }
}

#[test]
fn nothing_like_it_finds_nothing() {
    let pack = pack();
    for typed in ["", "   ", "’-.", "zzzzqqq", "0639999Z"] {
        assert!(pack.find_schools(typed, 8).is_empty(), "{typed:?}");
    }
    assert!(pack.find_schools("lycee", 0).is_empty());
    assert_eq!(pack.find_schools("lycee", 3).len(), 3);
}

#[test]
fn a_text_pasted_by_mistake_costs_little() {
    let pasted = "sidoine apollinaire ".repeat(10_000);
    assert_eq!(first(&pasted), SIDOINE);
}

#[test]
fn a_postal_code_may_serve_several_communes_and_a_town_have_several() {
    let pack = pack();
    let names = |code| pack.communes_of(code).iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names("69003"), ["Lyon"]);
    assert!(names("01300").contains(&"Belley") && names("01300").len() > 10);
    assert!(names("01300").is_sorted());
    assert_eq!(names("75001"), [""; 0]);
    assert_eq!(pack.commune("63113").unwrap().name, "Clermont-Ferrand");
}

#[test]
fn a_pack_survives_its_journey() {
    let bytes = Pack::encode("2026.11.1", SCHOOLS, TRACKS, COMMUNES, CHARTER);
    let read = Pack::read(&bytes).unwrap();
    assert_eq!((read.version.as_str(), &read.schools), ("2026.11.1", &pack().schools));
    assert_eq!(read.charter, pack().charter);
    assert_eq!(
        Pack::digest(&bytes),
        Pack::digest(&Pack::encode("2026.11.1", SCHOOLS, TRACKS, COMMUNES, CHARTER))
    );
    assert_ne!(
        Pack::digest(&bytes),
        Pack::digest(&Pack::encode("2026.11.2", SCHOOLS, TRACKS, COMMUNES, CHARTER))
    );
}

#[test]
fn bytes_that_are_not_a_pack_are_refused() {
    let whole = Pack::encode("1", SCHOOLS, TRACKS, COMMUNES, CHARTER);
    let half = whole.get(..whole.len() / 2).unwrap();
    for wrong in [&b""[..], b"{}", &[0xff; 64], half] {
        assert_eq!(Pack::read(wrong).unwrap_err(), PackRefusal::NotAPack);
    }
    let heavy = vec![0; 8_000_001];
    assert_eq!(Pack::read(&heavy).unwrap_err(), PackRefusal::TooHeavy { most_bytes: 8_000_000 });
}

#[test]
fn a_bad_list_is_refused_with_its_line_and_column() {
    let refusal = |schools: &str, communes: &str| {
        Pack::from_texts("1", schools, TRACKS, communes, CHARTER).unwrap_err()
    };
    let list = List::Schools;
    let wrong_key = SCHOOLS.replacen("0010013J", "0010013K", 1);
    assert_eq!(refusal(&wrong_key, COMMUNES), PackRefusal::BadRow { list, line: 4, column: "uai" });
    let no_town = SCHOOLS.replacen(";town;", ";place;", 1);
    assert_eq!(refusal(&no_town, COMMUNES), PackRefusal::MissingColumn { list, column: "town" });
    let header = SCHOOLS.lines().next().unwrap();
    assert_eq!(refusal(header, COMMUNES), PackRefusal::Empty { list });
    let twice = format!("{SCHOOLS}{}\n", SCHOOLS.lines().nth(1).unwrap());
    let value = "0010001W".to_owned();
    assert_eq!(refusal(&twice, COMMUNES), PackRefusal::Twice { list, value });
    let short_row = format!("{SCHOOLS}0010001W;half\n");
    assert_eq!(
        refusal(&short_row, COMMUNES),
        PackRefusal::BadRow { list, line: 682, column: "row" }
    );
    let list = List::Communes;
    let bad_code = COMMUNES.replacen(";01640;", ";1640;", 1);
    assert_eq!(
        refusal(SCHOOLS, &bad_code),
        PackRefusal::BadRow { list, line: 3, column: "postal_codes" }
    );
}

#[test]
fn the_column_names_of_the_national_open_data_are_read_too() {
    let national = "\u{feff}UAI;Nom;Commune;Code_postal;Code INSEE;Code_departement;Latitude;Longitude\r\n\
        0630020E;Lycée Sidoine Apollinaire;Clermont-Ferrand;63000;63113;63;45.78;3.08\r\n";
    let pack = Pack::from_texts("1", national, TRACKS, COMMUNES, CHARTER).unwrap();
    assert_eq!(pack.schools.first().unwrap().region_code, None);
    assert_eq!(pack.find_schools("sidoine", 8).len(), 1);
}
