//! Pictures read at a reduced size against the same, decoded whole and made smaller.

use super::*;
use crate::Guard;
use crate::drawn::{self, with_segment};
use image::metadata::Orientation;
use image::{Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Round shapes and slow changes, as in a face.
fn soft(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = |at: u32, slow: f32, shift: f32| ((at as f32 / slow + shift).sin() + 1.0) * 60.0;
        let red = wave(x, 23.0, 0.0) + wave(y, 31.0, 1.0);
        let green = wave(x + y, 29.0, 2.0) + wave(y, 41.0, 0.5);
        let blue = wave(x, 37.0, 1.5) + wave(x + 2 * y, 47.0, 0.0);
        Rgb([red, green, blue].map(|part| part as u8))
    })
}

struct Written {
    sampling: SamplingFactor,
    color: ColorType,
    progressive: bool,
    restart: u16,
    optimised: bool,
}

fn written(picture: &RgbImage, how: &Written) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 95);
    encoder.set_sampling_factor(how.sampling);
    encoder.set_progressive(how.progressive);
    encoder.set_restart_interval(how.restart);
    encoder.set_optimized_huffman_tables(how.optimised);
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    match how.color {
        ColorType::Luma => {
            let grey: Vec<u8> = picture.pixels().map(|pixel| pixel.0[1]).collect();
            encoder.encode(&grey, width, height, ColorType::Luma).unwrap();
        }
        color => encoder.encode(picture.as_raw(), width, height, color).unwrap(),
    }
    bytes
}

fn read(jpeg: &[u8], scale: Scale, width: u32, height: u32) -> Result<RgbImage, PhotoRefusal> {
    let (width, height) = (width / scale.divisor(), height / scale.divisor());
    let mut canvas = Canvas::new(width, height, Orientation::NoTransforms);
    assert!(decode(jpeg, scale, &mut canvas)?);
    canvas.finish().ok_or(PhotoRefusal::Broken)
}

/// The root of the mean square difference to the means of the pixels.
fn distance(reduced: &RgbImage, whole: &RgbImage, divisor: u32) -> f64 {
    let count = divisor * divisor;
    let mut sum = 0.0;
    for (x, y, pixel) in reduced.enumerate_pixels() {
        for part in 0..3 {
            let under = (0..count).map(|at| {
                let (x, y) = (x * divisor + at % divisor, y * divisor + at / divisor);
                f64::from(whole.get_pixel(x, y).0[part])
            });
            let mean = under.sum::<f64>() / f64::from(count);
            sum += (mean - f64::from(pixel.0[part])).powi(2);
        }
    }
    (sum / f64::from(reduced.width() * reduced.height() * 3)).sqrt()
}

const SCALES: [Scale; 3] = [Scale::Half, Scale::Quarter, Scale::Eighth];

const SAMPLINGS: [SamplingFactor; 6] = [
    SamplingFactor::R_4_4_4,
    SamplingFactor::R_4_2_2,
    SamplingFactor::R_4_2_0,
    SamplingFactor::R_4_4_0,
    SamplingFactor::R_4_1_1,
    SamplingFactor::R_4_1_0,
];

#[test]
fn every_common_kind_is_read_as_a_whole_decode_made_smaller() {
    for (width, height) in [(320, 240), (253, 187), (64, 9)] {
        let picture = soft(width, height);
        for sampling in SAMPLINGS {
            for (progressive, restart, optimised) in
                [(false, 0, false), (false, 5, false), (true, 0, false), (false, 0, true)]
            {
                let color = ColorType::Rgb;
                let how = Written { sampling, color, progressive, restart, optimised };
                let jpeg = written(&picture, &how);
                // Some of these the library misreads, and this encoder's colours are a little off.
                let (whole, most) = match Guard::phone().admit(&jpeg).unwrap().is_misread_whole {
                    true => (picture.clone(), 7.0),
                    false => (image::load_from_memory(&jpeg).unwrap().into_rgb8(), 3.5),
                };
                for scale in SCALES {
                    let reduced = read(&jpeg, scale, width, height).unwrap();
                    let distance = distance(&reduced, &whole, scale.divisor());
                    let what = (width, sampling, progressive, restart, optimised, scale);
                    assert!(distance < most, "{distance} {what:?}");
                }
            }
        }
    }
}

#[test]
fn a_grey_picture_is_read_too() {
    let picture = soft(320, 240);
    for progressive in [false, true] {
        let how = Written {
            sampling: SamplingFactor::R_4_2_0,
            color: ColorType::Luma,
            progressive,
            restart: 0,
            optimised: false,
        };
        let grey = RgbImage::from_fn(320, 240, |x, y| Rgb([picture.get_pixel(x, y).0[1]; 3]));
        for scale in SCALES {
            let reduced = read(&written(&picture, &how), scale, 320, 240).unwrap();
            assert!(distance(&reduced, &grey, scale.divisor()) < 2.0);
        }
    }
}

/// A progressive picture of Pillow 12 (libjpeg-turbo) whose later scans mend earlier ones, which
/// the encoder of the other tests does not write: `soft` at 320×240.
const MENDED: &[u8] = include_bytes!("tests/mended.jpg");

#[test]
fn scans_that_mend_earlier_ones_are_read() {
    let mended = Segments::of(MENDED).unwrap().filter(|segment| {
        segment.as_ref().is_ok_and(|it| it.marker == SOS && it.body.last() > Some(&15))
    });
    assert!(mended.count() >= 4);
    let whole = image::load_from_memory(MENDED).unwrap().into_rgb8();
    for scale in SCALES {
        let reduced = read(MENDED, scale, 320, 240).unwrap();
        let distance = distance(&reduced, &whole, scale.divisor());
        assert!(distance < 3.0, "{distance} {scale:?}");
    }
}

#[test]
fn rare_kinds_are_left_to_the_whole_decoder() {
    let jpeg = drawn::jpeg(&soft(64, 64), false);
    let rgb = with_segment(&jpeg, 0xEE, b"Adobe\0\x64\0\0\0\0\0");
    let mut canvas = Canvas::new(32, 32, Orientation::NoTransforms);
    assert_eq!(decode(&rgb, Scale::Half, &mut canvas), Ok(false));
    let mut twelve_bits = jpeg.clone();
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    twelve_bits[frame + 4] = 12;
    assert_eq!(decode(&twelve_bits, Scale::Half, &mut canvas), Ok(false));
    for sampling in [0x00, 0x10, 0x03, 0xFF] {
        let mut odd = jpeg.clone();
        odd[frame + 11] = sampling;
        assert_eq!(decode(&odd, Scale::Half, &mut canvas), Ok(false), "{sampling}");
    }
}

#[test]
fn a_scan_that_stops_short_is_broken() {
    let picture = soft(320, 240);
    for progressive in [false, true] {
        let jpeg = drawn::jpeg(&picture, progressive);
        for lost in [60, 600, 3000] {
            let short = [&jpeg[..jpeg.len() - lost], &[0xFF, 0xD9]].concat();
            let read = read(&short, Scale::Half, 320, 240);
            // A progressive picture without its last scans is whole, only coarser.
            assert!(read == Err(PhotoRefusal::Broken) || progressive, "{lost}");
        }
    }
}

#[test]
fn the_smallest_scale_that_serves_is_taken() {
    for (longest, least, scale) in [
        (8000, 2000, Some(Scale::Quarter)),
        (8000, 2001, Some(Scale::Half)),
        (8000, 1000, Some(Scale::Eighth)),
        (8000, 10, Some(Scale::Eighth)),
        (4032, 2000, Some(Scale::Half)),
        (3999, 2000, None),
        (8000, u32::MAX, None),
    ] {
        assert_eq!(Scale::that_leaves(least, longest), scale, "{longest} {least}");
    }
}
