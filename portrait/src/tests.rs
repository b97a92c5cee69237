//! Pictures as students choose them, and files that nobody should choose.

use crate::drawn::{self, claiming, is_upright, jpeg, landscape, png, with_exif, with_segment};
use crate::framing::Area;
use crate::{Framing, Guard, PhotoRefusal, Portrait, crop, encode, upright, verify};
use image::{RgbImage, Rgba, RgbaImage, imageops};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// What becomes of a picture in which nobody looks for a face.
fn make(bytes: &[u8], guard: &Guard) -> Result<Portrait, PhotoRefusal> {
    let opened = upright::open(bytes, guard, 1920)?;
    let (width, height) = (opened.width, opened.height);
    let framing = Framing::upper_middle(Area::of(width, height), width, height);
    let cut = crop::cut(&opened.picture, framing, width as f32 / opened.picture.width() as f32)?;
    let (width, height) = cut.dimensions();
    Ok(Portrait { jpeg: encode::encode(&cut)?, width, height })
}

/// What the server asks of a file, whoever is on it.
fn verify(jpeg: &[u8]) -> Result<(u32, u32), PhotoRefusal> {
    verify::structure(jpeg).map(|picture| picture.dimensions())
}

fn decoded(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().into_rgb8()
}

fn markers(jpeg: &[u8]) -> Vec<u8> {
    crate::segments::Segments::of(jpeg).unwrap().map(|it| it.unwrap().marker).collect()
}

#[test]
fn a_large_picture_becomes_a_light_upright_portrait() {
    for bytes in [
        jpeg(&landscape(1500, 2000), false),
        jpeg(&landscape(1500, 2000), true),
        png(landscape(1500, 2000)),
    ] {
        let made = make(&bytes, &Guard::phone()).unwrap();
        assert_eq!((made.width, made.height), (840, 1080));
        assert!(made.jpeg.len() <= 200_000, "{}", made.jpeg.len());
        assert!(is_upright(&decoded(&made.jpeg)));
        assert_eq!(verify(&made.jpeg), Ok((840, 1080)));
    }
}

#[test]
fn a_small_picture_is_never_blown_up() {
    let made = make(&jpeg(&landscape(400, 500), false), &Guard::phone()).unwrap();
    assert_eq!((made.width, made.height), (385, 495));
    let made = make(&png(landscape(350, 450)), &Guard::phone()).unwrap();
    assert_eq!((made.width, made.height), (350, 450));
    assert!(verify(&made.jpeg).is_ok());
}

#[test]
fn noise_is_light_too() {
    let mut seed = 1_u32;
    let noise = RgbImage::from_fn(840, 1080, |_, _| {
        image::Rgb([0; 3].map(|_: u8| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u8::try_from(seed >> 24).unwrap()
        }))
    });
    let made = make(&png(noise), &Guard::phone()).unwrap();
    assert!(made.jpeg.len() <= 200_000, "{}", made.jpeg.len());
}

#[test]
fn a_picture_is_turned_the_way_the_camera_was_held() {
    let scene = landscape(700, 900);
    let held = |orientation| match orientation {
        3 => imageops::rotate180(&scene),
        6 => imageops::rotate270(&scene),
        8 => imageops::rotate90(&scene),
        _ => scene.clone(),
    };
    for orientation in [1, 3, 6, 8] {
        let bytes = with_exif(&jpeg(&held(orientation), false), orientation);
        let made = make(&bytes, &Guard::phone()).unwrap();
        assert_eq!((made.width, made.height), (700, 900), "{orientation}");
        assert!(is_upright(&decoded(&made.jpeg)), "{orientation}");
    }
}

#[test]
fn nothing_but_pixels_leaves_the_phone() {
    let chosen = with_exif(&jpeg(&landscape(700, 900), false), 1);
    let chosen = with_segment(&chosen, 0xFE, b"made by Lina");
    let chosen = with_segment(&chosen, 0xED, b"Photoshop 3.0\0 Lina");
    let chosen = [&chosen[..], b"<script>alert(1)</script>PK\x03\x04"].concat();
    assert_eq!(verify(&chosen), Err(PhotoRefusal::Broken));

    let made = make(&chosen, &Guard::phone()).unwrap().jpeg;
    let text = String::from_utf8_lossy(&made);
    for trace in ["Exif", "GPS", "Lina", "Photoshop", "script", "PK\u{3}"] {
        assert!(!text.contains(trace), "{trace}");
    }
    assert!(markers(&made).iter().all(|it| [0xE0, 0xDB, 0xC0, 0xC4, 0xDA].contains(it)));
    assert!(made.ends_with(&[0xFF, 0xD9]));
}

#[test]
fn a_transparent_picture_stands_on_white() {
    let clear = RgbaImage::from_pixel(700, 900, Rgba([0, 0, 0, 0]));
    let made = make(&png(clear), &Guard::phone()).unwrap();
    assert!(decoded(&made.jpeg).pixels().all(|it| it.0.iter().all(|part| *part > 250)));
}

#[test]
fn bombs_are_refused_before_anything_is_allocated() {
    let small = jpeg(&landscape(64, 64), false);
    let phone = Guard::phone();
    let PhotoRefusal::TooManyPixels { most } = phone.too_many_pixels() else { panic!() };
    let too_many = Err(PhotoRefusal::TooManyPixels { most });
    for (bomb, expected) in [
        (claiming(&small, 65_500, 65_500), too_many.clone()),
        (claiming(&small, 16_000, 16_000), too_many.clone()),
        (claiming(&small, 16_385, 400), too_many.clone()),
        (claiming(&small, 8_000, 8_000), Err(PhotoRefusal::Broken)),
        (claiming(&small, 0, 400), Err(PhotoRefusal::Broken)),
        (drawn::png_claiming(30_000, 30_000), too_many.clone()),
        (drawn::png_claiming(60_000, 60_000), too_many.clone()),
        (drawn::png_claiming(u32::MAX, u32::MAX), too_many),
        (drawn::png_claiming(8_000, 8_000), Err(PhotoRefusal::Broken)),
        (vec![0xFF; 40_000_001], Err(PhotoRefusal::TooHeavy { most_bytes: 40_000_000 })),
    ] {
        let start = Instant::now();
        assert_eq!(make(&bomb, &phone), expected);
        assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
    }
}

#[test]
fn the_second_frame_of_a_jpeg_cannot_slip_past_the_guard() {
    let honest = jpeg(&landscape(700, 900), false);
    let frame = [8, 0xFF, 0xDC, 0xFF, 0xDC, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    let first = with_segment(&honest, 0xC0, &frame);
    assert!(matches!(make(&first, &Guard::phone()), Err(PhotoRefusal::TooManyPixels { .. })));
    let small = [8, 2, 0, 2, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    let twice = with_segment(&honest, 0xC0, &small);
    assert_eq!(make(&twice, &Guard::phone()), Err(PhotoRefusal::Broken));
}

#[test]
fn a_picture_in_thousands_of_scans_is_refused() {
    let honest = jpeg(&landscape(700, 900), true);
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0, 0];
    let end = honest.len() - 2;
    let bomb = [&honest[..end], &scan.repeat(5_000), &honest[end..]].concat();
    let start = Instant::now();
    assert_eq!(make(&bomb, &Guard::phone()), Err(PhotoRefusal::Broken));
    assert!(start.elapsed() < Duration::from_millis(200), "{:?}", start.elapsed());
}

#[test]
fn a_file_that_the_decoder_is_known_to_misread_is_refused() {
    let scene = landscape(700, 900);
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_2_0);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(scene.as_raw(), 700, 900, jpeg_encoder::ColorType::Rgb).unwrap();
    assert_eq!(markers(&bytes).iter().filter(|it| **it == 0xDA).count(), 3);
    assert_eq!(make(&bytes, &Guard::phone()), Err(PhotoRefusal::Broken));
}

#[test]
fn a_file_that_is_no_picture_is_refused_whatever_its_name() {
    for bytes in [&b""[..], b"\xFF\xD8", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"%PDF-1.7", b"<svg/>"] {
        assert_eq!(make(bytes, &Guard::phone()), Err(PhotoRefusal::NotAPicture));
    }
}

#[test]
fn a_picture_that_stops_short_is_broken() {
    for whole in [
        jpeg(&landscape(700, 900), false),
        jpeg(&landscape(700, 900), true),
        png(landscape(700, 900)),
    ] {
        for share in [5, 30, 60, 95] {
            let short = &whole[..whole.len() * share / 100];
            assert_eq!(make(short, &Guard::phone()), Err(PhotoRefusal::Broken), "{share}");
        }
    }
}

#[test]
fn a_picture_too_small_for_print_says_what_it_has_and_needs() {
    let refused = |width, height| {
        let (least_width, least_height) = (350, 450);
        Err(PhotoRefusal::TooSmall { width, height, least_width, least_height })
    };
    let phone = Guard::phone();
    assert_eq!(make(&png(landscape(349, 900)), &phone), refused(349, 900));
    assert_eq!(make(&jpeg(&landscape(900, 449), false), &phone), refused(900, 449));
    // 460 × 360 pixels, held upright: too narrow is said of what a person sees.
    let turned = with_exif(&jpeg(&landscape(460, 340), false), 6);
    assert_eq!(make(&turned, &phone), refused(340, 460));
}

#[test]
fn the_server_takes_only_what_a_phone_makes() {
    let made = make(&jpeg(&landscape(1000, 1300), false), &Guard::phone()).unwrap().jpeg;
    assert!(verify(&made).is_ok());
    for (marker, body) in [
        (0xE1, &b"Exif\0\0"[..]),
        (0xE2, b"ICC_PROFILE\0"),
        (0xED, b"Photoshop 3.0\0"),
        (0xFE, b"a comment"),
        (0xE0, b"JFXX\0\x10"),
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0 and more"),
    ] {
        assert_eq!(verify(&with_segment(&made, marker, body)), Err(PhotoRefusal::Broken));
    }
    assert_eq!(verify(&[&made[..], b"\0"].concat()), Err(PhotoRefusal::Broken));
    let padded = [&made[..2], b"hidden", &made[2..]].concat();
    assert!(verify(&padded).is_err());
    assert_eq!(verify(&made[..made.len() - 2]), Err(PhotoRefusal::Broken));
    let flat = RgbImage::new(700, 900);
    assert_eq!(verify(&png(flat)), Err(PhotoRefusal::NotAPicture));
    assert_eq!(verify(&jpeg(&landscape(800, 900), false)), Err(PhotoRefusal::Broken));
    assert_eq!(verify(&[0; 512_001]), Err(PhotoRefusal::TooHeavy { most_bytes: 512_000 }));
}

#[test]
fn a_refusal_has_the_code_that_screens_know() {
    let small = PhotoRefusal::TooSmall { width: 1, height: 2, least_width: 3, least_height: 4 };
    assert_eq!(
        serde_json::to_string(&small).unwrap(),
        r#"{"code":"too_small","width":1,"height":2,"least_width":3,"least_height":4}"#
    );
    let plain = serde_json::to_string(&PhotoRefusal::NotAPicture).unwrap();
    assert_eq!(plain, r#"{"code":"not_a_picture"}"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_file_is_refused_or_made_and_never_panics(
        kind in 0..3_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        near_the_start in any::<bool>(),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let scene = landscape(350, 450);
        let mut bytes = match kind {
            0 => with_exif(&jpeg(&scene, false), 6),
            1 => jpeg(&scene, true),
            _ => png(scene),
        };
        let reach = if near_the_start { bytes.len().min(700) } else { bytes.len() };
        for (at, value) in changes {
            bytes[at.index(reach)] = value;
        }
        if let Some(at) = cut {
            bytes.truncate(at.index(bytes.len()));
        }
        if let Ok(made) = make(&bytes, &Guard::phone()) {
            prop_assert!(verify(&made.jpeg).is_ok());
        }
        let _ = verify(&bytes);
    }

    #[test]
    fn any_bytes_after_a_known_beginning_are_refused_or_made(
        kind in 0..3_usize, tail in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let head: &[u8] = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b""][kind];
        let bytes = [head, &tail].concat();
        prop_assert!(make(&bytes, &Guard::phone()).is_err());
        prop_assert!(verify(&bytes).is_err());
    }
}
