//! The measures, on a face drawn with the points that a net would find on it.

mod drawn;

use super::*;
use crate::find::{Face, Spot};
use crate::rules::{Fault, Level};
use drawn::{Drawn, MODEL, spot};
use image::{Rgb, imageops};
use proptest::prelude::*;

fn value(report: &Report, rule: Rule, measure: Measure) -> f32 {
    let found = report.findings.iter().find(|it| it.rule == rule && it.measure == measure);
    found.and_then(|it| it.value).unwrap_or(f32::NAN)
}

fn whole() -> Framing {
    Framing::whole(700, 900)
}

#[test]
fn a_good_face_passes_as_proposed() {
    let measured = MODEL.measured();
    let report = measured.judge(measured.proposed());
    let wrong: Vec<_> = report.faults().collect();
    assert_eq!(wrong, [], "{report:?}");
    assert!(report.findings.iter().all(|it| it.level != Level::NotAssessed), "{report:?}");
    let height = value(&report, Rule::FaceSize, Measure::FaceHeight);
    assert!((height - 0.75).abs() < 0.01, "{height}");
}

#[test]
fn a_leaning_head_stands_straight_in_the_proposed_framing() {
    for roll in [-7.0, 3.0, 7.5] {
        let face = Drawn { roll, scale: 180.0, ..MODEL };
        let measured = face.measured();
        let whole = measured.judge(whole());
        assert!((value(&whole, Rule::Straight, Measure::Roll) - roll).abs() < 0.3);
        let framing = measured.proposed();
        let report = measured.judge(framing);
        assert!((framing.turn - roll).abs() < 0.3, "{framing:?}");
        assert!(value(&report, Rule::Straight, Measure::Roll).abs() < 0.3);
        for measure in [Measure::EyeAcross, Measure::EyeDown] {
            assert!(value(&report, Rule::Centred, measure).abs() < 0.01, "{measure:?}");
        }
    }
    let measured = Drawn { roll: 20.0, scale: 180.0, ..MODEL }.measured();
    let report = measured.judge(measured.proposed());
    assert_eq!(report.worst_of(Rule::Straight).map(|it| it.level), Some(Level::Fail));
}

#[test]
fn size_and_place_follow_the_framing() {
    let measured = Drawn { scale: 180.0, ..MODEL }.measured();
    let fault = |framing: Framing| measured.judge(framing).faults().next().map(|it| it.1);
    let good = measured.proposed();
    assert_eq!(fault(Framing { height: good.height * 1.4, ..good }), Some(Fault::TooFar));
    assert_eq!(fault(Framing { height: good.height * 0.9, ..good }), Some(Fault::TooClose));
    assert_eq!(fault(Framing { x: good.x - 0.12, ..good }), Some(Fault::TooRight));
    assert_eq!(fault(Framing { x: good.x + 0.12, ..good }), Some(Fault::TooLeft));
    assert_eq!(fault(Framing { y: good.y - 0.15, ..good }), Some(Fault::TooLow));
    assert_eq!(fault(Framing { y: good.y + 0.15, ..good }), Some(Fault::TooHigh));
}

#[test]
fn who_stands_beside_the_framing_is_not_in_the_portrait() {
    let mut found = MODEL.found(700, 900);
    found.spots.push(spot(10.0, 20.0, 150.0));
    let measured = measure(&MODEL.picture(700, 900), 1.0, &found);
    let first = |framing| measured.judge(framing).faults().next();
    assert_eq!(first(whole()), Some((Level::Fail, Fault::SeveralFaces)));
    let closer = Framing { y: 0.55, height: 0.7, ..whole() };
    assert_ne!(first(closer), Some((Level::Fail, Fault::SeveralFaces)));
    let beside = Framing { x: 0.1, y: 0.1, height: 0.2, turn: 0.0 };
    assert_eq!(first(beside), Some((Level::Fail, Fault::Nobody)));
}

#[test]
fn a_face_that_the_net_is_not_sure_of_is_only_warned_of() {
    let mut found = MODEL.found(700, 900);
    found.spots.push(Spot { score: 0.6, ..spot(10.0, 20.0, 150.0) });
    let report = measure(&MODEL.picture(700, 900), 1.0, &found).judge(whole());
    assert_eq!(report.worst_of(Rule::OneFace).map(|it| it.level), Some(Level::Warn));
}

#[test]
fn without_a_face_nothing_else_is_said_of_it() {
    let measured = measure(&MODEL.picture(700, 900), 1.0, &Found::default());
    let report = measured.judge(measured.proposed());
    assert_eq!(report.faults().next(), Some((Level::Fail, Fault::Nobody)));
    assert_eq!(report.worst_of(Rule::EyesOpen).map(|it| it.level), Some(Level::NotAssessed));
    assert_eq!(measured.look().fault, Some(Fault::Nobody));
}

#[test]
fn points_that_are_no_face_are_no_face() {
    let picture = MODEL.picture(700, 900);
    for points in [vec![], vec![[f32::NAN; 3]; 478], vec![[350.0, 400.0, 0.0]; 478]] {
        let found = Found { face: Some(Face { points, shapes: vec![] }), ..MODEL.found(700, 900) };
        let report = measure(&picture, 1.0, &found).judge(whole());
        assert_eq!(report.faults().next(), Some((Level::Fail, Fault::Nobody)));
    }
}

#[test]
fn closed_eyes_and_dark_glasses_are_told_apart() {
    let first = |face: Drawn| face.measured().judge(whole()).faults().next();
    let closed = Drawn { open: false, ..MODEL };
    assert_eq!(first(closed), Some((Level::Fail, Fault::EyesClosed)));
    assert_eq!(closed.measured().look().fault, Some(Fault::EyesClosed));
    let glasses = Drawn { glasses: true, ..MODEL };
    assert_eq!(first(glasses), Some((Level::Fail, Fault::EyesHidden)));
    // A net that takes the lids for open eyes: what is between them decides.
    let mut found = MODEL.found(700, 900);
    let report = measure(&closed.picture(700, 900), 1.0, &found).judge(whole());
    assert_eq!(report.faults().next(), Some((Level::Fail, Fault::EyesClosed)));
    // And lids that are closed although something is drawn on them.
    found = closed.found(700, 900);
    let report = measure(&MODEL.picture(700, 900), 1.0, &found).judge(whole());
    assert_eq!(report.faults().next(), Some((Level::Fail, Fault::EyesClosed)));
}

#[test]
fn the_sharper_the_picture_the_more_detail() {
    let picture = MODEL.picture(700, 900);
    let found = MODEL.found(700, 900);
    let detail = |picture: &RgbImage| {
        value(&measure(picture, 1.0, &found).judge(whole()), Rule::Sharp, Measure::Sharpness)
    };
    let blurred = [0.5, 1.0, 2.0, 5.0].map(|by| detail(&imageops::blur(&picture, by)));
    assert!(blurred.windows(2).all(|pair| pair[0] > pair[1] * 1.2), "{blurred:?}");
    assert!(detail(&picture) > 10.0 && blurred[3] < 1.0, "{blurred:?}");
}

#[test]
fn a_shake_in_any_direction_is_seen() {
    let picture = MODEL.picture(700, 900);
    let found = MODEL.found(700, 900);
    for (dx, dy) in [(1, 0), (0, 1), (1, 1), (1, -1)] {
        let shaken = RgbImage::from_fn(700, 900, |x, y| {
            let mut sum = [0_u32; 3];
            for step in -9..=9_i32 {
                let at =
                    |at: u32, by: i32, size: u32| at.saturating_add_signed(by * step).min(size - 1);
                let pixel = picture.get_pixel(at(x, dx, 700), at(y, dy, 900));
                for (sum, part) in sum.iter_mut().zip(pixel.0) {
                    *sum += u32::from(part);
                }
            }
            Rgb(sum.map(|it| u8::try_from(it / 19).unwrap()))
        });
        let report = measure(&shaken, 1.0, &found).judge(whole());
        let worst = report.worst_of(Rule::Sharp).unwrap();
        assert_eq!(worst.fault, Some(Fault::Blurred), "{dx} {dy}: {worst:?}");
    }
}

#[test]
fn light_is_judged_alike_for_every_skin() {
    for skin in [[235.0, 205.0, 185.0], [180.0, 140.0, 115.0], [115.0, 80.0, 62.0]] {
        let picture = Drawn { skin, ..MODEL }.picture(700, 900);
        let found = MODEL.found(700, 900);
        let fault = |gain: f32| {
            let mut lit = picture.clone();
            lit.iter_mut().for_each(|part| *part = (f32::from(*part) * gain) as u8);
            let report = measure(&lit, 1.0, &found).judge(whole());
            report.worst_of(Rule::Exposure).and_then(|it| it.fault)
        };
        assert_eq!(fault(1.0), None, "{skin:?}");
        assert_eq!(fault(0.3), Some(Fault::TooDark), "{skin:?}");
        assert_eq!(fault(2.6), Some(Fault::TooBright), "{skin:?}");
    }
}

#[test]
fn a_shadow_over_one_half_is_seen() {
    let mut picture = MODEL.picture(700, 900);
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        let gain = 1.0 - 0.8 / (1.0 + (-(x as f32 - 350.0) / 30.0).exp());
        *pixel = Rgb(pixel.0.map(|part| (f32::from(part) * gain) as u8));
    }
    let report = measure(&picture, 1.0, &MODEL.found(700, 900)).judge(whole());
    assert_eq!(report.worst_of(Rule::EvenLight).and_then(|it| it.fault), Some(Fault::UnevenLight));
}

#[test]
fn few_pixels_in_the_file_are_said_whatever_the_picture_was_made_to() {
    for (scale, level) in [(1.0, Level::Pass), (0.32, Level::Warn), (0.25, Level::Fail)] {
        let measured = measure(&MODEL.picture(700, 900), scale, &MODEL.found(700, 900));
        let report = measured.judge(whole());
        assert_eq!(report.worst_of(Rule::Resolution).map(|it| it.level), Some(level), "{scale}");
    }
}

#[test]
fn a_proposal_leaves_a_white_border_out() {
    let mut framed = RgbImage::from_pixel(780, 980, Rgb([252; 3]));
    let face = Drawn { eyes: [350.0, 480.0], scale: 200.0, ..MODEL };
    imageops::replace(&mut framed, &face.picture(700, 900), 40, 40);
    let found = Drawn { eyes: [390.0, 520.0], ..face }.found(780, 980);
    let measured = measure(&framed, 1.0, &found);
    let level = |framing| measured.judge(framing).worst_of(Rule::NoFrame).map(|it| it.level);
    assert_eq!(level(Framing::whole(780, 980)), Some(Level::Fail));
    assert_eq!(level(measured.proposed()), Some(Level::Pass));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_proposal_lies_inside_and_never_grows_the_face_past_what_is_asked(
        x in 0.0..700.0_f32, y in 0.0..900.0_f32, scale in 20.0..300.0_f32, roll in -40.0..40.0_f32,
    ) {
        let face = Drawn { eyes: [x, y], scale, roll, ..MODEL };
        let flat = RgbImage::from_pixel(700, 900, Rgb([120; 3]));
        let measured = measure(&flat, 1.0, &face.found(700, 900));
        let framing = measured.proposed();
        prop_assert!(framing.turn.abs() <= MOST_TURN + 0.01);
        let [left, top, right, bottom] = framing.on(700, 900).bounds();
        prop_assert!(left > -0.1 && top > -0.1 && right < 700.1 && bottom < 900.1);
        let report = measured.judge(framing);
        prop_assert!(report.findings.iter().all(|it| it.value.is_none_or(f32::is_finite)));
        let _ = measured.look();
    }

    #[test]
    fn any_points_are_measured_without_a_panic(
        points in prop::collection::vec(prop::array::uniform3(-2e3..2e3_f32), 0..478),
    ) {
        let flat = RgbImage::from_pixel(70, 90, Rgb([120; 3]));
        let found = Found { face: Some(Face { points, shapes: vec![0.5; 20] }), ..Found::default() };
        let measured = measure(&flat, 1.0, &found);
        let _ = (measured.judge(measured.proposed()), measured.look());
    }
}
