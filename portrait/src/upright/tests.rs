//! Files of every kind as the pixels a person sees.

use super::*;
use crate::drawn::{
    self, exif, interlaced, jpeg, landscape, png, png_with_profile, with_chunk, with_exif,
    with_profile,
};
use image::{DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, LumaA, Rgb, imageops};
use moxcms::ColorProfile;

fn read(bytes: &[u8], least: u32) -> RgbImage {
    open(bytes, &Guard::phone(), least).unwrap().picture
}

/// How a camera that was held so stores what a person sees upright.
fn held(scene: &RgbImage, orientation: u16) -> RgbImage {
    let flipped = imageops::flip_horizontal;
    match orientation {
        2 => flipped(scene),
        3 => imageops::rotate180(scene),
        4 => imageops::flip_vertical(scene),
        5 => imageops::rotate270(&flipped(scene)),
        6 => imageops::rotate270(scene),
        7 => imageops::rotate90(&flipped(scene)),
        8 => imageops::rotate90(scene),
        _ => scene.clone(),
    }
}

/// Blue and green as in [`landscape`], and a red sun at the left, which mirrors show.
fn scene() -> RgbImage {
    let mut scene = landscape(720, 960);
    for (x, y) in (0..200).flat_map(|x| (0..200).map(move |y| (x, y))) {
        scene.put_pixel(x, y, Rgb([250, 40, 40]));
    }
    scene
}

fn has_sun_at_the_left(picture: &RgbImage) -> bool {
    let [red, _, blue] = picture.get_pixel(picture.width() / 10, picture.height() / 10).0;
    red > 200 && blue < 90
}

#[test]
fn all_eight_ways_of_holding_a_camera_are_turned_upright_at_every_size() {
    for orientation in 1..=8 {
        let stored = held(&scene(), orientation);
        let photo = with_exif(&jpeg(&stored, false), orientation);
        let slow = with_exif(&jpeg(&stored, true), orientation);
        let drawing = with_chunk(&png(stored), &drawn::chunk(b"eXIf", &exif(orientation)));
        for bytes in [photo, slow, drawing] {
            for (least, height) in [(u32::MAX, 960), (480, 480), (240, 240), (120, 120)] {
                let opened = open(&bytes, &Guard::phone(), least).unwrap();
                assert_eq!((opened.width, opened.height), (720, 960), "{orientation}");
                assert_eq!(opened.picture.height(), height, "{orientation}");
                assert_eq!(opened.picture.width(), height * 3 / 4, "{orientation}");
                assert!(has_sun_at_the_left(&opened.picture), "{orientation} {least}");
                let below = opened.picture.get_pixel(5, height - 5).0;
                assert!(below[1] > 120 && below[2] < 90, "{orientation} {below:?}");
            }
        }
    }
}

#[test]
fn a_server_never_reads_at_a_reduced_size_nor_changes_colours() {
    let guard = Guard::server();
    for (format, width, height) in
        [(Format::Jpeg, 840, 1080), (Format::Jpeg, 2000, 2000), (Format::Png, 4000, 1000)]
    {
        let header = Header { format, width, height, is_misread_whole: false };
        for least in [0, 1, 100, u32::MAX] {
            assert_eq!(guard.scale(&header, least), None);
        }
    }
    assert!(!guard.knows_profiles());
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let flat = RgbImage::from_pixel(400, 500, Rgb([200, 100, 50]));
    for bytes in
        [with_profile(&jpeg(&flat, false), &profile), png_with_profile(&png(flat), &profile)]
    {
        let opened = open(&bytes, &guard, 1).unwrap().picture;
        assert_eq!(opened.dimensions(), (400, 500));
        assert!(opened.get_pixel(200, 200).0[0].abs_diff(200) <= 2);
    }
}

#[test]
fn colours_of_an_iphone_become_those_of_screens() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    // Worked out from the primaries of Display P3 and of sRGB.
    for (stored, shown) in [([200, 100, 50], [215, 93, 31]), ([120, 140, 160], [115, 141, 162])] {
        let flat = RgbImage::from_pixel(400, 500, Rgb(stored));
        for bytes in [
            with_profile(&jpeg(&flat, false), &profile),
            png_with_profile(&png(flat.clone()), &profile),
        ] {
            for least in [u32::MAX, 100] {
                let seen = read(&bytes, least).get_pixel(20, 20).0;
                let off = seen.iter().zip(shown).map(|(seen, shown)| seen.abs_diff(shown)).max();
                assert!(off <= Some(3), "{seen:?} {shown:?}");
            }
        }
    }
}

#[test]
fn a_broken_profile_is_passed_over() {
    let flat = RgbImage::from_pixel(400, 500, Rgb([200, 100, 50]));
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let mut damaged = profile.clone();
    damaged.iter_mut().skip(128).for_each(|byte| *byte ^= 0x5A);
    for broken in [&damaged[..], &profile[..200], b"not a profile", &[0; 60_000]] {
        for bytes in [
            with_profile(&jpeg(&flat, false), broken),
            png_with_profile(&png(flat.clone()), broken),
        ] {
            let seen = read(&bytes, u32::MAX).get_pixel(20, 20).0;
            assert!(seen[0].abs_diff(200) <= 2, "{seen:?}");
        }
    }
    let bomb = png_with_profile(&png(flat), &vec![0; 30_000_000]);
    assert!(read(&bomb, u32::MAX).get_pixel(20, 20).0[0] == 200);
}

#[test]
fn a_profile_in_several_pieces_is_put_together() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let (first, second) = profile.split_at(300);
    let flat = jpeg(&RgbImage::from_pixel(400, 500, Rgb([200, 100, 50])), false);
    let piece = |jpeg: &[u8], number: u8, body: &[u8]| {
        let body = [&b"ICC_PROFILE\0"[..], &[number, 2], body].concat();
        drawn::with_segment(jpeg, 0xE2, &body)
    };
    // Out of order: their numbers count.
    let bytes = piece(&piece(&flat, 1, first), 2, second);
    assert_eq!(Notes::read(&bytes, Format::Jpeg).profile, Some(profile));
}

#[test]
fn a_png_is_read_the_same_at_once_and_interlaced_at_every_size() {
    for (width, height) in [(403, 501), (400, 451)] {
        let picture = landscape(width, height);
        let (plain, woven) = (png(picture.clone()), interlaced(&picture));
        assert!(read(&plain, u32::MAX) == picture);
        for least in [u32::MAX, 220, 110, 50] {
            assert!(read(&plain, least) == read(&woven, least), "{width} {least}");
        }
        let half = read(&plain, 220);
        assert_eq!(half.dimensions(), (width / 2, height / 2));
        let mean = (0..4_u32).map(|at| u32::from(picture.get_pixel(at % 2, at / 2).0[0]));
        assert_eq!(u32::from(half.get_pixel(0, 0).0[0]), (mean.sum::<u32>() + 2) / 4);
    }
}

#[test]
fn every_kind_of_png_is_read() {
    let grey = GrayImage::from_pixel(400, 500, image::Luma([77]));
    let veiled = GrayAlphaImage::from_pixel(400, 500, LumaA([0, 128]));
    let deep: ImageBuffer<Rgb<u16>, Vec<u16>> =
        ImageBuffer::from_pixel(400, 500, Rgb([20_000, 30_000, 40_000]));
    let kinds: [(DynamicImage, [u8; 3]); 3] =
        [(grey.into(), [77; 3]), (veiled.into(), [127; 3]), (deep.into(), [78, 117, 156])];
    for (picture, expected) in kinds {
        let bytes = png(picture);
        for least in [u32::MAX, 100] {
            let seen = read(&bytes, least).get_pixel(9, 9).0;
            let close = seen.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(close, "{seen:?} {expected:?}");
        }
    }
    let palette = drawn::chunk(b"PLTE", &[10, 20, 30, 200, 100, 50]);
    let rows = [0, 0b0101_0101, 0, 0xFF].repeat(50 * 250);
    let rows: Vec<u8> =
        rows.chunks(2).take(500).flat_map(|it| [vec![0], vec![it[1]; 50]].concat()).collect();
    let header = drawn::header(400, 500, (1, 3), false);
    let bytes = with_chunk(&drawn::png_packed(header, &rows), &palette);
    assert_eq!(read(&bytes, u32::MAX).get_pixel(0, 0).0, [10, 20, 30]);
    assert_eq!(read(&bytes, u32::MAX).get_pixel(1, 0).0, [200, 100, 50]);
    assert_eq!(read(&bytes, 250).get_pixel(0, 0).0, [153, 80, 45]);
}

#[test]
fn a_frame_of_the_camera_may_be_small_and_must_be_a_jpeg() {
    let picture = landscape(288, 370);
    assert_eq!(frame(&jpeg(&picture, false)).unwrap().dimensions(), (288, 370));
    assert_eq!(frame(&png(picture)), Err(PhotoRefusal::NotAPicture));
    assert_eq!(frame(b""), Err(PhotoRefusal::NotAPicture));
}

#[test]
fn a_very_large_picture_is_never_read_whole() {
    let guard = Guard::phone();
    let header =
        |width, height| Header { format: Format::Jpeg, width, height, is_misread_whole: false };
    assert_eq!(guard.scale(&header(8000, 6000), u32::MAX), Some(reduced::Scale::Half));
    assert_eq!(guard.scale(&header(3024, 4032), u32::MAX), None);
    assert_eq!(guard.scale(&header(3024, 4032), 1920), Some(reduced::Scale::Half));
}
