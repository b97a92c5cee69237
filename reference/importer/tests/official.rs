//! Real files, where they are at hand: `../shared/data` beside the project. Without them each test
//! says that it was skipped.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

use std::fs;
use std::path::Path;

use dossier::reference::{List, Pack, School, Texts};
use importer::{Encoding, Kind, Outcome, Verdict, import};

const DIRECTORY: &str = "fixtures/fr-en-annuaire-education_ARA_reconstitue.csv";
const DAMAGED: &str = "fixtures/fr-en-annuaire-education_ARA_excel_abime_100.csv";

/// Imports real files, or says that there are none.
fn run(names: &[&str]) -> Option<Outcome> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
    let mut files = Vec::new();
    for name in names {
        let path = root.join("shared/data").join(name);
        let Ok(bytes) = fs::read(&path) else {
            eprintln!("skipped: no real file at ../shared/data/{name}");
            return None;
        };
        files.push((*name, bytes));
    }
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    Some(import(&Texts::shipped(), &files, "2026-11-22", &mut |_| {}))
}

/// The pack that came of it, and rows, kept ones, out of scope and refused ones of the first file.
fn read(outcome: &Outcome) -> (Pack, [u32; 4]) {
    assert_eq!(outcome.report.verdict, Verdict::Better, "{:?}", outcome.report.why);
    let file = &outcome.report.files[0];
    let counts = [file.rows, file.kept, file.out_of_scope, file.refused_rows];
    (Pack::read(&outcome.texts).unwrap(), counts)
}

#[test]
fn the_directory_of_the_region_is_taken_whole() {
    let Some(outcome) = run(&[DIRECTORY]) else { return };
    let (pack, counts) = read(&outcome);
    // The one out of scope is an office for orientation.
    assert_eq!(counts, [734, 733, 1, 0]);
    assert_eq!(outcome.report.files[0].kind, Some(Kind::Directory));
    assert_eq!(pack.find_schools("saint louis crest", Default::default(), 1).len(), 1);
    let bugey = pack.school("0010010F").unwrap();
    assert_eq!(
        (bugey.name.as_str(), bugey.category.as_str()),
        ("Lycée polyvalent du Bugey", "LPO")
    );
    assert!((bugey.latitude - 45.76214).abs() < 1e-9);
}

#[test]
fn a_copy_that_a_spreadsheet_damaged_gives_the_same_schools() {
    let (Some(whole), Some(damaged)) = (run(&[DIRECTORY]), run(&[DAMAGED])) else { return };
    let ((whole, _), (damaged, counts)) = (read(&whole), read(&damaged));
    assert_eq!(counts, [100, 100, 0, 0]);
    let shipped = Pack::read(&Texts::shipped()).unwrap();
    let is_touched = |school: &&School| shipped.school(&school.uai) != Some(school);
    let touched: Vec<&School> = damaged.schools.iter().filter(is_touched).collect();
    assert!(touched.len() >= 90, "{}", touched.len());
    for school in touched {
        assert_eq!(whole.school(&school.uai), Some(school));
    }
}

#[test]
fn an_export_of_acce_in_latin_1_is_taken_whole() {
    let Some(outcome) = run(&["fixtures/acce_latin1_20.csv"]) else { return };
    let (pack, counts) = read(&outcome);
    assert_eq!((counts, outcome.report.files[0].encoding), ([20, 20, 0, 0], Encoding::Windows1252));
    assert_eq!(pack.school("0010006B").unwrap().town, "Valserhône");
}

#[test]
fn schools_trainings_and_what_is_taught_where_make_one_publication() {
    let names = ["etablissement_filieres.csv", "mef_bcn_ouverts.csv", "etablissements.csv"];
    let Some(outcome) = run(&names) else { return };
    let (pack, counts) = read(&outcome);
    assert_eq!(counts, [5_051, 5_035, 16, 0]);
    assert!(pack.schools.len() >= 1_000 && pack.tracks.len() > 500);
    let taught = pack.tracks_at("0010010F").unwrap();
    assert!(taught.iter().any(|track| track.code == "GENERALE"), "{taught:?}");
}

#[test]
fn the_short_list_of_trainings_is_read_too() {
    let Some(outcome) = run(&["filieres.csv"]) else { return };
    let (pack, counts) = read(&outcome);
    assert_eq!((counts[0], counts[3]), (2_261, 0));
    assert!(pack.tracks.iter().all(|track| !track.label.contains('\u{92}')));
}

#[test]
fn places_and_communes_of_the_region_are_taken() {
    let Some(outcome) = run(&["lieux.csv", "communes.csv", "registry/communes.csv"]) else {
        return;
    };
    let (pack, counts) = read(&outcome);
    assert_eq!((counts[0], counts[2]), (459, 0));
    assert!(counts[3] <= 3, "{:?}", outcome.report.files[0].refused);
    assert_eq!(pack.communes.len(), 4_025);
    assert_eq!(outcome.report.files[1].out_of_scope, 9);
    assert!(!outcome.texts.text(List::Places).contains("null"));
}
