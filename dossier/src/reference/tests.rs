//! What the published pack promises, on the pack that ships inside the app.

use super::*;

fn pack() -> Pack {
    Pack::read(&Texts::shipped()).unwrap()
}

/// The label of the first school found.
fn first(typed: &str) -> String {
    pack()
        .find_schools(typed, Likely::default(), 8)
        .first()
        .map(|school| school.label())
        .unwrap_or_default()
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
    for school in pack.find_schools("Aurillac", Likely::default(), 8) {
        assert_eq!(school.town, "Aurillac");
    }
    assert_eq!(pack.find_schools("aurillac", Likely::default(), 8).len(), 8);
    // The list knows only the commune of this school; each of its postal codes finds it.
    assert!(
        pack.find_schools("63100 sidoine", Likely::default(), 8)
            .iter()
            .any(|it| it.uai == "0630020E")
    );
    for school in pack.find_schools("01300", Likely::default(), 8) {
        assert_eq!(school.town, "Belley");
    }
}

#[test]
fn nothing_like_it_finds_nothing() {
    let pack = pack();
    for typed in ["", "   ", "’-.", "zzzzqqq", "0639999Z"] {
        assert!(pack.find_schools(typed, Likely::default(), 8).is_empty(), "{typed:?}");
    }
    assert!(pack.find_schools("lycee", Likely::default(), 0).is_empty());
    assert_eq!(pack.find_schools("lycee", Likely::default(), 3).len(), 3);
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
fn with_nothing_typed_the_schools_chosen_here_come_first_and_then_the_nearest() {
    let pack = pack();
    assert!(pack.find_schools(" ", Likely::default(), 8).is_empty());
    let belley = pack.commune("01034").unwrap().point;
    let used = ["0630020E".to_owned(), "9999999Z".to_owned()];
    let found = pack.find_schools("", Likely { near: Some(belley), used: &used }, 4);
    let towns: Vec<&str> = found.iter().map(|school| school.town.as_str()).collect();
    assert_eq!(towns[..2], ["Clermont-Ferrand", "Belley"]);
    assert_eq!(found.len(), 4);
}

#[test]
fn a_town_is_found_as_people_type_it() {
    let pack = pack();
    let first = |typed| pack.find_communes(typed, 8).first().map(|it| it.name.clone());
    for typed in ["clermont ferrand", "Clermont-Ferand", "63000", "clermont-f"] {
        assert_eq!(first(typed).as_deref(), Some("Clermont-Ferrand"), "{typed}");
    }
    // The INSEE code of Clermont-Ferrand is somebody's postal code.
    assert_eq!(first("63113").as_deref(), Some("Picherande"));
    assert_eq!(first("st etienne").as_deref(), Some("Saint-Étienne"));
}

#[test]
fn the_tracks_of_a_school_are_those_it_offers_or_else_those_of_its_ways() {
    let texts = Texts::shipped().with(List::Offers, "uai;track\n0630020E;STL\n");
    let pack = Pack::read(&texts).unwrap();
    let codes = |uai| {
        pack.tracks_at(uai).map(|all| all.iter().map(|it| it.code.clone()).collect::<Vec<_>>())
    };
    assert_eq!(codes("0630020E").unwrap(), ["STL"]);
    // A « lycée professionnel » teaches the professional way, and nothing is known of « Lycée du Bugey ».
    let professional = pack.tracks_at("0010001W").unwrap();
    assert!(professional.iter().all(|track| !matches!(track.way.as_str(), "G" | "T")));
    assert!(professional.iter().any(|track| track.way == "P"));
    assert_eq!(codes("0010010F"), None);
    assert_eq!(codes("9999999Z"), None);
}

#[test]
fn places_deals_and_questions_are_there_offline() {
    let pack = pack();
    assert!(pack.places.len() >= 50 && pack.deals.len() >= 10 && pack.questions.len() >= 10);
    for place in &pack.places {
        assert!(pack.commune(&place.insee).is_some(), "{}", place.id);
    }
    for deal in &pack.deals {
        assert!(pack.place(&deal.place).is_some(), "{}", deal.id);
    }
    assert!(pack.outline.contains("arcs"));
}

#[test]
fn a_publication_without_the_lists_that_nobody_needs_is_read() {
    let mut texts = Texts::shipped();
    for list in [List::Offers, List::Places, List::Deals, List::Faq, List::Outline] {
        texts.lists.remove(&list);
    }
    let pack = Pack::read(&texts).unwrap();
    assert!(pack.places.is_empty() && pack.questions.is_empty() && pack.outline.is_empty());
}

#[test]
fn a_bad_list_is_refused_with_its_line_and_column() {
    let shipped = Texts::shipped();
    let refusal = |list, text: &str| Pack::read(&shipped.clone().with(list, text)).unwrap_err();
    let (list, schools) = (List::Schools, shipped.text(List::Schools));
    let wrong_key = schools.replacen("0010013J", "0010013K", 1);
    assert_eq!(refusal(list, &wrong_key), PackRefusal::BadRow { list, line: 4, column: "uai" });
    let no_town = schools.replacen(";town;", ";place;", 1);
    assert_eq!(refusal(list, &no_town), PackRefusal::MissingColumn { list, column: "town" });
    let header = schools.lines().next().unwrap();
    assert_eq!(refusal(list, header), PackRefusal::Empty { list });
    let twice = format!("{schools}{}\n", schools.lines().nth(1).unwrap());
    let value = "0010001W".to_owned();
    assert_eq!(refusal(list, &twice), PackRefusal::Twice { list, value });
    let short_row = format!("{schools}0010001W;half\n");
    let line = u32::try_from(schools.lines().count()).unwrap() + 1;
    assert_eq!(refusal(list, &short_row), PackRefusal::BadRow { list, line, column: "row" });
    let heavy = " ".repeat(8_000_001);
    assert_eq!(refusal(list, &heavy), PackRefusal::TooHeavy { list, most_bytes: 8_000_000 });
    let list = List::Communes;
    let bad_code = shipped.text(list).replacen(";01640;", ";1640;", 1);
    let column = "postal_codes";
    assert_eq!(refusal(list, &bad_code), PackRefusal::BadRow { list, line: 3, column });
    let list = List::Outline;
    assert_eq!(refusal(list, "no topology"), PackRefusal::Malformed { list });
    let nameless = Texts { version: String::new(), ..shipped.clone() };
    assert_eq!(Pack::read(&nameless).unwrap_err(), PackRefusal::BadVersion);
}

#[test]
fn the_column_names_of_the_national_open_data_are_read_too() {
    let national = "\u{feff}UAI;Nom;Commune;Code_postal;Code INSEE;Code_departement;Latitude;Longitude\r\n\
        0630020E;Lycée Sidoine Apollinaire;Clermont-Ferrand;63000;63113;63;45.78;3.08\r\n";
    let pack = Pack::read(&Texts::shipped().with(List::Schools, national)).unwrap();
    assert_eq!(pack.schools.first().unwrap().region_code, None);
    assert_eq!(pack.find_schools("sidoine", Likely::default(), 8).len(), 1);
}
