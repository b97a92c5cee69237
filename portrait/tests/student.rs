//! Lina takes her photo, from the file to the portrait that the Region checks.

use portrait::{Checker, Fault, Framing, Guard, Level, PhotoRefusal, Rule};
use std::sync::LazyLock;

static CHECKER: LazyLock<Checker> = LazyLock::new(Checker::new);

const ASTRONAUT: &[u8] = include_bytes!("../../tests/pictures/astronaut.jpg");

#[test]
fn a_good_picture_becomes_a_portrait_that_the_region_finds_good_too() {
    let proof = CHECKER.open(ASTRONAUT.to_vec(), &Guard::phone()).unwrap();
    let report = proof.judge(proof.proposed());
    assert!(report.verdict < Level::Fail, "{:?}", report.faults().collect::<Vec<_>>());
    let made = proof.render(proof.proposed()).unwrap();
    assert!(made.jpeg.len() <= 200_000);
    let again = CHECKER.verify(&made.jpeg).unwrap();
    assert!(again.verdict < Level::Fail, "{:?}", again.faults().collect::<Vec<_>>());
    assert_eq!(again.table, report.table);
    assert_eq!(again.findings.len(), report.findings.len());
}

#[test]
fn moving_the_frame_changes_the_verdict_without_another_look() {
    let proof = CHECKER.open(ASTRONAUT.to_vec(), &Guard::phone()).unwrap();
    let good = proof.proposed();
    let level = |framing: Framing, rule| proof.judge(framing).worst_of(rule).unwrap().level;
    assert!(level(good, Rule::FaceSize) < Level::Fail);
    let near = proof.within(Framing { height: good.height * 0.7, ..good });
    let beside = proof.within(Framing { x: good.x + 0.15, height: good.height * 0.9, ..good });
    let tilted =
        proof.within(Framing { turn: good.turn + 14.0, height: good.height * 0.8, ..good });
    assert_eq!(level(near, Rule::FaceSize), Level::Fail);
    assert_eq!(level(beside, Rule::Centred), Level::Fail);
    assert_eq!(level(tilted, Rule::Straight), Level::Fail);
}

#[test]
fn a_picture_of_nobody_opens_and_says_so() {
    let empty = image::RgbImage::from_pixel(900, 1200, image::Rgb([150, 170, 190]));
    let mut png = std::io::Cursor::new(Vec::new());
    empty.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let proof = CHECKER.open(png.into_inner(), &Guard::phone()).unwrap();
    let report = proof.judge(proof.proposed());
    assert_eq!(report.verdict, Level::Fail);
    assert_eq!(report.faults().next(), Some((Level::Fail, Fault::Nobody)));
    // It can be kept nevertheless, by whoever explains it.
    let made = proof.render(proof.proposed()).unwrap();
    assert_eq!((made.width, made.height), (840, 1080));
}

#[test]
fn a_preview_frame_is_judged_and_a_broken_one_refused() {
    let proof = CHECKER.open(ASTRONAUT.to_vec(), &Guard::phone()).unwrap();
    let portrait = proof.render(proof.proposed()).unwrap();
    assert_eq!(CHECKER.look(&portrait.jpeg).unwrap().fault, None);
    assert_eq!(CHECKER.look(b"no picture"), Err(PhotoRefusal::NotAPicture));
}

#[test]
fn what_a_report_says_is_read_back_from_its_text() {
    let proof = CHECKER.open(ASTRONAUT.to_vec(), &Guard::phone()).unwrap();
    let report = proof.judge(proof.proposed());
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("points"), "no landmark leaves the proof");
    let read: portrait::Report = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (read.table, read.verdict, read.findings.len()),
        (report.table, report.verdict, report.findings.len())
    );
}
