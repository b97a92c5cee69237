//! Whatever bytes come, an import answers and its result can be read or is refused.

#![allow(clippy::indexing_slicing, reason = "a test that fails says where")]

use dossier::reference::{List, Pack, Texts};
use importer::{Kind, Verdict, import_any};
use proptest::prelude::*;

/// A publication small enough to be imported into hundreds of times.
fn small() -> Texts {
    let mut texts = Texts::shipped();
    for list in [List::Schools, List::Communes, List::Tracks, List::Places, List::Deals] {
        let lines = texts.text(list).lines().take(60).map(|line| format!("{line}\n"));
        let text = lines.collect::<String>();
        texts.lists.insert(list, text);
    }
    texts
}

/// A header that some kind is known by, with rows of `cells` below it.
fn table(kind: usize, separator: char, cells: &[String]) -> String {
    let known = Kind::known();
    let columns = known[kind % known.len()].columns;
    let header: Vec<&str> = columns.iter().map(|names| names[kind % names.len()]).collect();
    let separator = separator.to_string();
    let mut text = header.join(&separator);
    for row in cells.chunks(header.len()) {
        text.push('\n');
        text.push_str(&row.join(&separator));
    }
    text
}

fn holds(texts: &Texts, bytes: &[u8]) {
    let outcome = import_any(texts, bytes);
    let report = &outcome.report.files[0];
    let told = report.kept + report.out_of_scope + report.refused_rows;
    assert_eq!(told, report.rows);
    let is_read = Pack::read(&outcome.texts).is_ok();
    assert!(is_read || outcome.report.verdict == Verdict::Worse);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds(&small(), &bytes);
    }

    #[test]
    fn any_cells_under_a_known_header_are_answered(
        kind in 0_usize..64,
        separator in prop::sample::select(vec![';', ',', '\t']),
        cells in prop::collection::vec(
            prop_oneof![
                ".{0,12}",
                "[0-9]{1,11}",
                "(0010010F|0630020E|01004|63113|63000|Lycée|CAP|cinema|2[0-4][0-9]2213921)",
                "-?[0-9]{1,7}[.,][0-9]{1,3}",
            ],
            0..60,
        ),
    ) {
        holds(&small(), table(kind, separator, &cells).as_bytes());
    }

    #[test]
    fn a_real_file_with_torn_bytes_is_answered(
        place in 0_usize..3_000,
        torn in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let mut bytes = include_bytes!("data/annuaire.csv").to_vec();
        let place = place.min(bytes.len());
        bytes.splice(place..(place + torn.len() / 2).min(bytes.len()), torn);
        holds(&small(), &bytes);
    }
}
