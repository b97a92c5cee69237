//! Pictures: one real face, published long ago (`pictures/README.md`), and drawn ones without any.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::power::Dice;

/// How much larger than the real face's picture the one of a camera is: 12 megapixels.
const CAMERA: u32 = 4;

/// How far the grain of a dim hall moves the light of a pixel, at most.
const GRAIN: usize = 46;
const GRAIN_SEED: u64 = 1;

/// A picture that keeps every rule of an identity photo, as a JPEG file.
pub fn good() -> Vec<u8> {
    include_bytes!("../pictures/astronaut.jpg").to_vec()
}

/// The same as a PNG file.
pub fn good_png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    face().into_rgb8().write_to(&mut bytes, ImageFormat::Png).expect("the fixture is encoded");
    bytes.into_inner()
}

/// The same as a phone's camera delivers it, with 12 megapixels.
pub fn good_from_a_camera() -> Vec<u8> {
    let face = face();
    let (width, height) = (face.width() * CAMERA, face.height() * CAMERA);
    // Inside `image`, which is compiled for speed; its generic twin would be compiled here.
    jpeg(&face.resize_exact(width, height, FilterType::CatmullRom).into_rgb8())
}

/// The same as a small lens takes it in a dim hall: with so much grain that the photo on the card
/// weighs three times as much.
pub fn good_in_a_dim_hall() -> Vec<u8> {
    let mut picture = face().into_rgb8();
    let mut dice = Dice::new(&[GRAIN_SEED]);
    for pixel in picture.pixels_mut() {
        let grain = dice.below(GRAIN * 2 + 1) as i16 - GRAIN as i16;
        pixel.0 = pixel.0.map(|light| (i16::from(light) + grain).clamp(0, 255) as u8);
    }
    jpeg(&picture)
}

/// Hills under a sky, as a JPEG file: there is nobody.
pub fn nobody() -> Vec<u8> {
    hills(900, 1200)
}

/// The same as the preview of a camera delivers it.
pub fn nobody_in_the_preview() -> Vec<u8> {
    hills(288, 370)
}

fn hills(width: u32, height: u32) -> Vec<u8> {
    let (w, h) = (width as f32, height as f32);
    jpeg(&RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / w, y as f32 / h);
        let grain = ((x * 311.0).sin() * (y * 173.0).cos() * 9.0) as i16;
        let shade = |colour: [i16; 3]| Rgb(colour.map(|part| (part + grain).clamp(0, 255) as u8));
        if y < 0.35 + 0.06 * (x * 7.0).sin() {
            shade([150, 190, 225])
        } else if y < 0.6 + 0.05 * (x * 11.0).cos() {
            shade([70, 110, 80])
        } else {
            shade([96, 140, 62])
        }
    }))
}

fn face() -> DynamicImage {
    image::load_from_memory(&good()).expect("the fixture is a picture")
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    picture.write_with_encoder(encoder).expect("a picture is encoded");
    bytes
}

/// A picture of the form of an identity photo, without anybody: one grey for each letter, and so
/// much grain that it weighs as much as a face.
pub fn plain(letter: u8) -> Vec<u8> {
    let picture = image::GrayImage::from_fn(350, 450, |x, y| {
        let grain = (x * 7 + y * 13 + x * y) % 97;
        image::Luma([letter.wrapping_mul(20).wrapping_add(grain as u8)])
    });
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 80);
    picture.write_with_encoder(encoder).expect("a picture is encoded");
    bytes
}
