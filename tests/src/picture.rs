//! Pictures drawn here, so that no real face stands in the repository.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};

/// A head and shoulders before a wall, as a phone's camera would deliver it.
pub fn portrait(width: u32, height: u32) -> RgbImage {
    let (w, h) = (width as f32, height as f32);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / w, y as f32 / h);
        let within = |cx: f32, cy: f32, rx: f32, ry: f32| {
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0
        };
        let shade = (40.0 * (x + y) + 6.0 * (x * 60.0).sin()) as u8;
        let eye = |cx| within(cx, 0.42, 0.035, 0.016);
        if eye(0.42) || eye(0.58) {
            Rgb([45, 40, 48])
        } else if within(0.5, 0.57, 0.07, 0.014) {
            Rgb([170, 84, 84])
        } else if within(0.5, 0.45, 0.2, 0.26) {
            Rgb([214, 168, 140])
        } else if within(0.5, 0.38, 0.24, 0.29) {
            Rgb([70, 48, 40])
        } else if within(0.5, 1.05, 0.46, 0.32) {
            Rgb([28, 92, 110])
        } else {
            Rgb([205 - shade / 4, 216 - shade / 4, 222 - shade / 4])
        }
    })
}

/// Such a picture as a JPEG file.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    portrait(width, height).write_with_encoder(encoder).expect("a drawn picture is encoded");
    bytes
}

/// Such a picture as a PNG file.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    portrait(width, height).write_to(&mut bytes, ImageFormat::Png).expect("a drawn picture");
    bytes.into_inner()
}
