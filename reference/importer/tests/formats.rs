//! Every format that is understood, on small invented files written the way the real ones are.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

use std::collections::BTreeMap;

use dossier::reference::{List, Pack, Place, School, Texts};
use importer::{Encoding, FileReport, Kind, Outcome, Reason, Verdict, Why, import};

const TODAY: &str = "2026-11-22";

/// Names a file of `tests/data` with its bytes.
macro_rules! file {
    ($name:literal) => {
        ($name, include_bytes!(concat!("data/", $name)).as_slice())
    };
}

fn run(files: &[(&str, &[u8])]) -> Outcome {
    import(&Texts::shipped(), files, TODAY, &mut |_| {})
}

/// Imports one file; gives its report and the pack that comes of it.
fn one(file: (&str, &[u8])) -> (FileReport, Pack) {
    let outcome = run(&[file]);
    assert_eq!(outcome.report.verdict, Verdict::Better, "{:?}", outcome.report.why);
    (outcome.report.files[0].clone(), Pack::read(&outcome.texts).unwrap())
}

fn refused(file: &FileReport) -> Vec<(u32, Reason, &str)> {
    file.refused.iter().map(|it| (it.line, it.reason, it.value.as_str())).collect()
}

/// Rows, kept ones, those out of scope, repaired and refused ones.
fn counts(file: &FileReport) -> [u32; 5] {
    [file.rows, file.kept, file.out_of_scope, file.repaired_rows, file.refused_rows]
}

fn place<'a>(pack: &'a Pack, id: &str) -> &'a Place {
    pack.place(id).unwrap_or_else(|| panic!("no place {id}"))
}

#[test]
fn the_directory_of_schools_is_sorted_row_by_row() {
    let outcome = run(&[file!("annuaire.csv")]);
    let file = &outcome.report.files[0];
    assert_eq!(
        (file.kind, file.encoding, file.separator),
        (Some(Kind::Directory), Encoding::Utf8, ";")
    );
    assert_eq!(file.dropped_columns, ["Telephone", "Fax", "Web", "Mail"]);
    assert_eq!(counts(file), [12, 4, 3, 1, 5]);
    assert_eq!(
        refused(file),
        [
            (7, Reason::BadUai, "0639902X"),
            (8, Reason::UnknownCommune, "38999"),
            (9, Reason::NoName, "0749901K"),
            (11, Reason::Twice, "0639901V"),
            (13, Reason::Fields, ""),
        ]
    );
    assert_eq!((file.repaired[0].line, file.repaired[0].reason), (10, Reason::OutsideDepartment));
    // Five of nine rows about us: such a file is not to be published.
    let refusal = Why::FileRefused { file: "annuaire.csv".into(), refused: 5, rows: 9 };
    assert_eq!(outcome.report.why, [refusal]);
    assert_eq!(outcome.report.verdict, Verdict::Worse);

    let pack = Pack::read(&outcome.texts).unwrap();
    let school = |uai| pack.school(uai).unwrap();
    let volcanoes = school("0639901V");
    assert_eq!((volcanoes.category.as_str(), volcanoes.ways.as_str()), ("LGT", "G T S"));
    let lyon = school("0699901M");
    assert_eq!(lyon.name, "Lycée d’Essai de la Croix");
    assert_eq!(
        (lyon.town.as_str(), lyon.insee.as_str(), lyon.postal_code.as_str()),
        ("Lyon", "69123", "")
    );
    let moved = school("0159901F");
    assert_eq!(moved.point(), pack.commune("15014").unwrap().point);
    let mfr = school("0019901G");
    assert_eq!(
        (mfr.category.as_str(), mfr.postal_code.as_str(), mfr.latitude),
        ("MFR", "01500", 45.95)
    );
}

#[test]
fn nothing_about_persons_comes_through() {
    for file in [file!("annuaire.csv"), file!("acce.csv"), file!("museofile.csv")] {
        let outcome = run(&[file]);
        let all: String = outcome.texts.lists.values().map(String::as_str).collect();
        let told = serde_json::to_string(&outcome.report).unwrap();
        for text in [all, told] {
            assert!(!text.contains("exemple.invalid") && !text.contains("00 00 00"), "{}", file.0);
        }
    }
}

#[test]
fn every_variant_of_the_directory_says_the_same() {
    let schools = |file| -> BTreeMap<String, School> {
        let (report, pack) = one(file);
        assert_eq!((report.kind, report.kept), (Some(Kind::Directory), 4), "{}", report.file);
        pack.schools.into_iter().map(|school| (school.uai.clone(), school)).collect()
    };
    let api = schools(file!("annuaire_api.csv"));
    assert!(api.contains_key("0639901V"));
    assert_eq!(api, schools(file!("annuaire_api.json")));
    assert_eq!(api, schools(file!("annuaire_2023.csv")));
}

#[test]
fn the_geolocation_file_adds_what_students_type_and_reads_metres() {
    let (report, pack) = one(file!("geolocalisation.csv"));
    assert_eq!((report.kind, counts(&report)), (Some(Kind::Geolocation), [3, 2, 1, 0, 0]));
    assert_eq!(pack.school("0639901V").unwrap().also, "Les Volcans Bleus, LGT");
    let lyon = pack.school("0699901M").unwrap();
    assert!((lyon.latitude - 45.7578).abs() < 1e-5 && (lyon.longitude - 4.832).abs() < 1e-5);
    assert_eq!((lyon.category.as_str(), lyon.postal_code.as_str()), ("LP", "69009"));
}

#[test]
fn an_acce_export_is_read_in_its_encoding_without_the_closed_schools() {
    let (report, pack) = one(file!("acce.csv"));
    assert_eq!((report.kind, report.encoding), (Some(Kind::Acce), Encoding::Windows1252));
    assert_eq!(report.dropped_columns, ["numero_telephone_uai", "mel_uai"]);
    assert_eq!(counts(&report), [4, 2, 2, 0, 0]);
    let school = pack.school("0639901V").unwrap();
    assert_eq!(school.name, "Lycée général et technologique des Volcans imaginaires");
    assert_eq!(school.also, "Lycée des métiers de l’essai, LGT");
    assert!((school.latitude - 45.7797).abs() < 1e-5);
    assert!(pack.school("0639902W").is_none() && pack.school("0639903X").is_some());
}

#[test]
fn the_regions_word_wins_over_the_directory_whatever_the_order() {
    let region = file!("region_etablissements.csv");
    for files in [[region, file!("annuaire_api.csv")], [file!("annuaire_api.csv"), region]] {
        let outcome = run(&files);
        let file = outcome.report.files.iter().find(|it| it.kind == Some(Kind::RegionSchools));
        assert_eq!(refused(file.unwrap()), [(4, Reason::BadCode, "X1")]);
        let pack = Pack::read(&outcome.texts).unwrap();
        let bugey = pack.school("0010010F").unwrap();
        assert_eq!((bugey.name.as_str(), bugey.also.as_str()), ("LPO du Bugey", "Lycée du Bugey"));
        assert_eq!(pack.school("0639901V").unwrap().region_code.as_deref(), Some("TLP0002"));
    }
}

#[test]
fn a_name_of_the_region_stays_when_a_directory_comes() {
    let csv = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Code_commune\n\
        0630020E;Lycée de Chamalières Sidoine Apollinaire;Lycée;63113\n";
    let (_, pack) = one(("annuaire", csv.as_bytes()));
    let school = pack.school("0630020E").unwrap();
    assert_eq!(school.label(), "LOT SIDOINE APOLLINAIRE [CLERMONT-FERRAND] [TLP0678]");
    assert!(school.also.ends_with("Lycée de Chamalières Sidoine Apollinaire"), "{}", school.also);
}

#[test]
fn the_nomenclature_becomes_one_track_a_training() {
    for file in [file!("n_mef.csv"), file!("n_mef_virgules.csv")] {
        let (report, pack) = one(file);
        assert_eq!(report.kind, Some(Kind::Nomenclature));
        assert_eq!(counts(&report), [13, 9, 3, 0, 1], "{}", file.0);
        assert_eq!(refused(&report), [(14, Reason::BadCode, "5003120")]);
        let track = |code| {
            let track = pack.track(code).unwrap_or_else(|| panic!("no track {code}"));
            (track.group.as_str(), track.label.as_str(), track.way.as_str())
        };
        assert_eq!(track("GENERALE"), ("Bac général", "Première ou terminale générale", "G"));
        assert_eq!(track("STMG"), ("Bac technologique", "STMG – Management et gestion", "T"));
        assert_eq!(track("CAP_50022139"), ("CAP", "Cuisine", "P"));
        assert_eq!(track("BAC_PRO_40022106"), ("Bac professionnel", "Cuisine", "P"));
        assert_eq!(track("BTS_32023104"), ("BTS", "Essais", "S"));
        // Groups that the nomenclature does not know stay; those that it knows are its own.
        assert!(pack.track("MISSION_LOCALE").is_some() && pack.track("CAP_CUISINE").is_none());
        assert_eq!(pack.tracks[0].code, "3E_PREPA_METIERS");
        assert_eq!(pack.tracks.iter().filter(|track| track.group == "CAP").count(), 1);
    }
}

#[test]
fn offers_are_joined_by_any_code_of_a_training_even_a_closed_one() {
    let offers = "uai;mef_stat_11;code_formation_diplome\n\
        0010010F;22131810019;47010019\n0010010F;23220022139;50022139\n0010010F;23210022125;\n\
        0010010F;21160010001;67010001\n0010010F;99999999999;99999999\n0750000A;1;1\n\
        0639901V;22131810019;47010019\n";
    let outcome = run(&[("offres", offers.as_bytes()), file!("n_mef.csv")]);
    let file = &outcome.report.files[0];
    assert_eq!(counts(file), [7, 3, 2, 0, 2]);
    let expected = [(6, Reason::UnknownTrack, "99999999"), (8, Reason::UnknownSchool, "0639901V")];
    assert_eq!(refused(file), expected);
    let text = outcome.texts.text(List::Offers);
    assert_eq!(text, "uai;track\n0010010F;CAP_50022139\n0010010F;GENERALE\n");

    // Without the nomenclature, the codes of our tracks say which diploma they are.
    let again = import(&outcome.texts, &[("offres", offers.as_bytes())], TODAY, &mut |_| {});
    assert_eq!(again.report.files[0].kept, 1);
}

#[test]
fn the_regions_tracks_and_offers_replace_ours() {
    let files =
        [file!("region_offres.csv"), file!("region_filieres.csv"), file!("annuaire_api.csv")];
    let outcome = run(&files);
    let [offers, tracks, _] = &outcome.report.files[..] else { panic!() };
    assert_eq!(refused(tracks), [(3, Reason::BadCode, "ESSAI 2")]);
    assert_eq!(refused(offers), [(3, Reason::UnknownTrack, "ESSAI_9")]);
    let pack = Pack::read(&outcome.texts).unwrap();
    let codes: Vec<&str> = pack.tracks.iter().map(|track| track.code.as_str()).collect();
    assert_eq!(codes, ["ESSAI_1", "ESSAI_3"]);
    assert_eq!(pack.tracks[0].label, "Métiers de l’essai");
    assert!(outcome.texts.text(List::Offers).contains("0639901V;ESSAI_1"));
}

#[test]
fn postal_codes_of_la_poste_are_gathered_commune_by_commune() {
    let (report, pack) = {
        let outcome = run(&[file!("laposte.csv")]);
        (outcome.report.files[0].clone(), Pack::read(&outcome.texts).unwrap())
    };
    assert_eq!((report.kind, report.encoding), (Some(Kind::PostalCodes), Encoding::Windows1252));
    assert_eq!(counts(&report), [9, 6, 1, 0, 2]);
    let expected = [(9, Reason::UnknownCommune, "01999"), (10, Reason::BadPostalCode, "150")];
    assert_eq!(refused(&report), expected);
    let codes = |insee| pack.commune(insee).unwrap().postal_codes.join(" ");
    assert_eq!(codes("63113"), "63000 63100");
    assert_eq!(codes("69123"), "69001 69009");
    assert_eq!(codes("69149"), "69310 69600");
    assert_eq!(pack.communes.len(), 4_025);

    let older = run(&[file!("laposte_ancien.csv")]);
    assert_eq!(counts(&older.report.files[0]), [1, 1, 0, 0, 0]);
    assert_eq!(older.report.verdict, Verdict::Same);
}

#[test]
fn cinemas_take_the_place_of_the_demonstration() {
    let (report, pack) = one(file!("cnc.csv"));
    assert_eq!((report.kind, counts(&report)), (Some(Kind::Cinemas), [5, 3, 2, 1, 0]));
    let rex = place(&pack, "CNC-9000001");
    assert_eq!((rex.name.as_str(), rex.address.as_str()), ("Le Rex Imaginaire", "1 rue du Vide"));
    assert_eq!((rex.source.as_str(), rex.town.as_str()), ("CNC", "Clermont-Ferrand"));
    assert_eq!(place(&pack, "CNC-9000002").town, "Oullins-Pierre-Bénite");
    let outside = place(&pack, "CNC-9000005");
    assert_eq!(outside.point, pack.commune("63113").unwrap().point);
    // The invented cinemas go, and the invented deals there with them.
    assert!(pack.places.iter().all(|it| it.kind != rex.kind || it.source == "CNC"));
    assert!(!pack.deals.is_empty() && pack.deals.iter().all(|it| pack.place(&it.place).is_some()));
    assert!(pack.places.iter().any(|it| it.id.starts_with("DEMO-")));
}

#[test]
fn museums_are_read_over_their_line_ends_and_found_by_their_point() {
    let (report, pack) = one(file!("museofile.csv"));
    assert_eq!((report.kind, counts(&report)), (Some(Kind::Museums), [3, 2, 1, 0, 0]));
    assert_eq!(report.dropped_columns, ["tel_m", "url_m"]);
    assert_eq!(place(&pack, "MUSEOFILE-M9001").name, "Musée de l’Essai");
    assert_eq!(place(&pack, "MUSEOFILE-M9002").town, "Huez");
}

#[test]
fn basilic_gives_the_bookshops_and_leaves_cinemas_to_the_cnc() {
    let outcome = run(&[file!("basilic.csv"), file!("cnc.csv")]);
    let file = &outcome.report.files[0];
    assert_eq!((file.kind, counts(file)), (Some(Kind::Basilic), [7, 2, 4, 0, 1]));
    assert_eq!(refused(file), [(8, Reason::BadCode, "Bibliothèque sans numéro")]);
    let pack = Pack::read(&outcome.texts).unwrap();
    assert_eq!(place(&pack, "BASILIC-101").name, "Librairie de l’Essai");
    assert_eq!(place(&pack, "BASILIC-102").postal_code, "69009");
    assert!(pack.place("BASILIC-103").is_none());
}

#[test]
fn the_regions_places_and_deals_go_together() {
    let outcome = run(&[file!("region_bons_plans.csv"), file!("region_lieux.csv")]);
    let [deals, places] = &outcome.report.files[..] else { panic!() };
    assert_eq!(refused(places), [(3, Reason::BadKind, "salon de thé")]);
    assert_eq!(refused(deals), [(3, Reason::UnknownPlace, "R-9")]);
    let pack = Pack::read(&outcome.texts).unwrap();
    assert_eq!((place(&pack, "R-1").source.as_str(), pack.places.len()), ("Région", 1));
    assert_eq!((pack.deals.len(), pack.deals[0].until.as_str()), (1, "2027-06-30"));
}

#[test]
fn the_regions_amounts_and_terms_replace_those_that_nobody_had_said() {
    let benefits = "code;saison;libelle;montant;source\n\
         LIVRES_LOISIRS;2026-2027;Livres loisirs;8,00;délibération\n\
         PECHE;2026-2027;Carte de pêche;trente;délibération\n";
    let terms = "saison;prix;delai_jours\n2026-2027;5;21\n";
    let outcome = run(&[("avantages.csv", benefits.as_bytes()), ("prix.csv", terms.as_bytes())]);
    let pack = Pack::read(&outcome.texts).unwrap();
    let read: Vec<_> =
        pack.benefits_of("2026-2027").iter().map(|it| (it.code.as_str(), it.cents)).collect();
    assert_eq!(read, [("LIVRES_LOISIRS", Some(800))]);
    let terms = pack.duplicate_terms_of("2026-2027").unwrap();
    assert_eq!((terms.cents, terms.days), (Some(500), Some(21)));
    assert_eq!(terms.source, "liste de la Région");
    let refused = &outcome.report.files[0];
    assert_eq!((refused.kept, refused.refused_rows), (1, 1), "the typo alone is refused");
}

#[test]
fn our_own_lists_come_out_as_they_went_in() {
    let shipped = Texts::shipped();
    let names = [
        List::Schools,
        List::Communes,
        List::Tracks,
        List::Offers,
        List::Places,
        List::Deals,
        List::Benefits,
        List::DuplicateTerms,
    ];
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|list| (list.as_str(), shipped.text(*list).as_bytes())).collect();
    let outcome = run(&files);
    assert_eq!(outcome.report.verdict, Verdict::Same, "{:?}", outcome.report.why);
    assert_eq!(outcome.texts, shipped);
    for file in &outcome.report.files {
        assert_eq!((file.kept, file.refused_rows), (file.rows, 0), "{}", file.file);
    }
}

#[test]
fn what_was_imported_once_changes_nothing_the_second_time() {
    let files = [
        file!("annuaire_api.csv"),
        file!("n_mef.csv"),
        file!("cnc.csv"),
        file!("laposte_ancien.csv"),
    ];
    let once = run(&files);
    assert_eq!(once.report.verdict, Verdict::Better, "{:?}", once.report.why);
    let twice = import(&once.texts, &files, TODAY, &mut |_| {});
    assert_eq!(twice.report.verdict, Verdict::Same, "{:?}", twice.report.lists);
}

#[test]
fn a_file_that_nobody_knows_is_told_with_its_columns() {
    let outcome = run(&[("photos.csv", b"Couleur;Taille\nbleu;4\n")]);
    let file = &outcome.report.files[0];
    assert_eq!((file.kind, file.columns.join(" ")), (None, "Couleur Taille".into()));
    assert!(file.known.iter().any(|known| known.kind == Kind::Directory));
    assert_eq!(outcome.report.why, [Why::UnknownFile { file: "photos.csv".into() }]);
    assert_eq!(outcome.report.verdict, Verdict::Same);
}

#[test]
fn a_list_that_shrinks_by_more_than_a_tenth_is_worse() {
    let shipped = Texts::shipped();
    let cut = |list: List, lines: usize| -> String {
        shipped.text(list).lines().take(lines).map(|line| format!("{line}\n")).collect()
    };
    let schools = cut(List::Schools, 400);
    let outcome = run(&[("schools.csv", schools.as_bytes())]);
    assert_eq!(outcome.report.verdict, Verdict::Worse);
    let shrinks = Why::ListShrinks { list: List::Schools, before: 680, after: 399 };
    assert!(outcome.report.why.contains(&shrinks), "{:?}", outcome.report.why);
    let emptied = Why::DepartmentEmpty { department: "74".into() };
    assert!(outcome.report.why.contains(&emptied), "{:?}", outcome.report.why);
    // A list that we invented gives way to any real one.
    let tracks = "code;group;label\nESSAI;CAP;Essai\n";
    assert_eq!(run(&[("tracks.csv", tracks.as_bytes())]).report.verdict, Verdict::Better);
}

#[test]
fn progress_is_told_file_by_file() {
    let mut told = Vec::new();
    let files = [file!("cnc.csv"), file!("laposte.csv")];
    import(&Texts::shipped(), &files, TODAY, &mut |at| told.push((at.file.to_owned(), at.rows)));
    assert_eq!(told, [("laposte.csv".to_owned(), 9), ("cnc.csv".to_owned(), 5)]);
}

#[test]
fn a_real_place_that_a_deal_names_outlives_its_source() {
    let cinemas = run(&[file!("cnc.csv")]).texts;
    let deal = "id;type;titre;texte;lieu\nB;cinema;Un film;Moins cher;CNC-9000001\n";
    let texts = import(&cinemas, &[("deals", deal.as_bytes())], TODAY, &mut |_| {}).texts;
    let header = "N° auto;nom;code INSEE;écrans\n9000009;LE NEUF;63113;1\n";
    let outcome = import(&texts, &[("cnc", header.as_bytes())], TODAY, &mut |_| {});
    let pack = Pack::read(&outcome.texts).unwrap();
    let names: Vec<&str> =
        ["CNC-9000001", "CNC-9000009"].iter().map(|id| place(&pack, id).name.as_str()).collect();
    assert_eq!(names, ["Le Rex Imaginaire", "Le Neuf"]);
    assert!(pack.place("CNC-9000002").is_none());
}

#[test]
fn a_text_that_is_too_long_is_refused_alone() {
    let long = "é".repeat(201);
    let tracks = format!("code;groupe;libelle\nESSAI_1;CAP;{long}\nESSAI_2;CAP;Court\n");
    let outcome = run(&[("tracks", tracks.as_bytes())]);
    let (report, pack) = (&outcome.report.files[0], Pack::read(&outcome.texts).unwrap());
    assert_eq!((report.refused_rows, report.refused[0].reason), (1, Reason::TooLong));
    assert_eq!(report.refused[0].value.chars().count(), 60);
    assert_eq!(pack.tracks.len(), 1);
}

#[test]
fn an_export_without_communes_completes_what_is_known() {
    let csv = "numero_uai,academie,nature_uai,appellation_officielle,code_postal_uai,date_fermeture\n\
        0010010F,10.0,306,Lycée polyvalent du Bugey - Lycée des métiers du bois,01306,\n\
        0639901V,6.0,300,Lycée des Volcans imaginaires,63006,\n\
        0389901F,8.0,320,Lycée d'essai,38000,\n\
        0010036J,10.0,340,Collège Roger Vailland,01450,\n";
    let outcome = run(&[("acce", csv.as_bytes())]);
    let file = &outcome.report.files[0];
    assert_eq!((file.kind, counts(file)), (Some(Kind::Acce), [4, 2, 1, 0, 1]));
    let pack = Pack::read(&outcome.texts).unwrap();
    let bugey = pack.school("0010010F").unwrap();
    assert_eq!(
        (bugey.name.as_str(), bugey.postal_code.as_str()),
        ("Lycée polyvalent du Bugey", "01300")
    );
    assert_eq!(pack.school("0389901F").unwrap().town, "Grenoble");
}
