//! The nets' own numbers, and the face on a real picture.

use super::*;

const ASTRONAUT: &[u8] = include_bytes!("../../../tests/pictures/astronaut.jpg");

fn astronaut() -> RgbImage {
    image::load_from_memory(ASTRONAUT).unwrap().into_rgb8()
}

/// A pattern that was also given to `LiteRT` on the same files.
fn pattern(input: &mut [f32]) {
    for (at, number) in input.iter_mut().enumerate() {
        let at = at as f32;
        *number = ((at * 0.37).sin() + (at * 0.0011).cos()) * 0.25 + 0.5;
    }
}

fn sum(numbers: &[f32]) -> f64 {
    numbers.iter().map(|number| f64::from(*number)).sum()
}

#[test]
fn each_net_answers_as_the_reference_does() {
    let finder = Finder::new();
    let close = |made: &[f32], wanted: f64| {
        assert!((sum(made) - wanted).abs() < wanted.abs() * 1e-5, "{} {wanted}", sum(made));
    };
    let boxes = finder.detector.run(pattern);
    close(&boxes[0], 78_845.578);
    close(&boxes[1], -3_652.482_7);
    let points = finder.points.run(pattern);
    close(&points[0], 135_415.421_6);
    close(&points[1], -30.066_898);
    close(&finder.shapes.run(pattern)[0], 7.989_087_8);
    // onnxruntime, on the converted file.
    close(&finder.person.run(pattern)[0], 60.763_36);
}

#[test]
fn a_second_run_answers_the_same() {
    let finder = Finder::new();
    let first = finder.points.run(pattern);
    finder.points.run(|input| input.fill(1.0));
    assert_eq!(first, finder.points.run(pattern));
}

#[test]
fn a_face_is_found_with_its_points_where_they_are() {
    let picture = astronaut();
    let found = Finder::new().find(&picture, Care::Whole).unwrap();
    let [spot] = found.spots[..] else { panic!("{:?}", found.spots) };
    let face = found.face.unwrap();
    assert_eq!((face.points.len(), face.shapes.len()), (478, 52));
    let inside = |[x, y, _]: &[f32; 3]| {
        (spot.left - spot.width * 0.3..spot.left + spot.width * 1.3).contains(x)
            && (spot.top - spot.height * 0.5..spot.top + spot.height * 1.3).contains(y)
    };
    assert!(face.points.iter().all(inside));
    // Nose between the eyes, chin below them.
    let [left, right, nose, chin] = [33, 263, 1, 152].map(|at| face.points[at]);
    assert!(left[0] < nose[0] && nose[0] < right[0] && chin[1] > nose[1] && nose[1] > left[1]);
    let mask = found.mask.unwrap();
    let at = |x: f32, y: f32| {
        let place = |at: f32, whole: u32| (at / whole as f32 * mask.side as f32) as usize;
        mask.person[place(y, picture.height()) * mask.side + place(x, picture.width())]
    };
    assert!(at(nose[0], nose[1]) > 0.9, "the nose is person");
}

#[test]
fn a_face_that_is_small_in_its_picture_is_found_with_care() {
    let face = astronaut();
    let mut wide = RgbImage::from_pixel(1600, 1600, image::Rgb([120, 130, 140]));
    let small = averaged(&face, face.width() * 300 / face.height(), 300).unwrap();
    image::imageops::replace(&mut wide, &small, 1000, 200);
    let finder = Finder::new();
    assert!(finder.find(&wide, Care::Whole).unwrap().face.is_some());
}

#[test]
fn nobody_is_found_where_nobody_is() {
    let finder = Finder::new();
    for picture in [
        RgbImage::new(1, 1),
        RgbImage::new(3, 2000),
        RgbImage::from_pixel(640, 480, image::Rgb([200, 160, 140])),
        crate::drawn::landscape(700, 900),
    ] {
        for care in [Care::Glance, Care::Whole] {
            let found = finder.find(&picture, care).unwrap();
            assert!(found.spots.is_empty() && found.face.is_none());
        }
    }
}

#[test]
fn parts_cover_a_picture_and_are_few() {
    for (width, height) in [(1, 1), (3, 2000), (1600, 1600), (1280, 90), (960, 1280)] {
        let parts = detect::parts(width, height);
        assert!(parts.len() <= 40, "{width}×{height}: {}", parts.len());
        for (x, y) in [(0, 0), (width - 1, 0), (width / 2, height / 2), (width - 1, height - 1)] {
            let covers = |part: &&(u32, u32, u32, u32)| {
                let (left, top, width, height) = **part;
                (left..left + width).contains(&x) && (top..top + height).contains(&y)
            };
            assert!(parts.iter().any(|part| covers(&part)), "{width}×{height}: {x} {y}");
        }
        assert!(parts.iter().all(|it| it.0 + it.2 <= width && it.1 + it.3 <= height));
    }
}
