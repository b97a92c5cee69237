//! Pictures for the tests, drawn here, and the damages and tricks that are tried on them.

use image::codecs::png::PngEncoder;
use image::{DynamicImage, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

/// A sky above, a meadow below, and some structure that compresses like a picture.
pub(crate) fn landscape(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let wave = u8::try_from((x * 7 + y * 3) % 31).unwrap();
        if y < height / 2 { Rgb([20 + wave, 60, 200]) } else { Rgb([20, 160 + wave, 40]) }
    })
}

/// Whether a picture is [`landscape`] the right way up.
pub(crate) fn is_upright(picture: &RgbImage) -> bool {
    let (width, height) = picture.dimensions();
    let blue = |x, y| picture.get_pixel(x, y).0[2] > 120;
    let sky = [width / 10, width / 2, width * 9 / 10].map(|x| blue(x, height / 10));
    let meadow = [width / 10, width / 2, width * 9 / 10].map(|x| blue(x, height * 9 / 10));
    sky == [true; 3] && meadow == [false; 3]
}

pub(crate) fn jpeg(picture: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 80);
    encoder.set_progressive(progressive);
    let size = |side| u16::try_from(side).unwrap();
    let (width, height) = (size(picture.width()), size(picture.height()));
    encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).unwrap();
    bytes
}

pub(crate) fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.into().write_with_encoder(PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

/// Puts a segment right after the start of a JPEG.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

/// EXIF with an orientation, a sentence about the place, and a GPS directory.
pub(crate) fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let [tag, kind] = [tag, kind].map(u16::to_le_bytes);
        let [count, value] = [count, value].map(u32::to_le_bytes);
        [&tag[..], &kind, &count, &value].concat()
    };
    let place = b"GPS 45.7772N 3.0870E\0";
    let described = u32::try_from(place.len()).unwrap();
    let after_first = 8 + 2 + 3 * 12 + 4;
    let mut body = b"Exif\0\0II*\0\x08\0\0\0\x03\0".to_vec();
    body.extend(entry(0x010E, 2, described, after_first));
    body.extend(entry(0x0112, 3, 1, orientation.into()));
    body.extend(entry(0x8825, 4, 1, after_first + described));
    body.extend([0; 4]);
    body.extend(place);
    body.extend(b"\x01\0");
    body.extend(entry(0x0001, 2, 2, u32::from(b'N')));
    body.extend([0; 4]);
    with_segment(jpeg, 0xE1, &body)
}

/// A JPEG whose header claims another size than its pixels have.
pub(crate) fn claiming(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// The head of a PNG of one bit per pixel, which a few kilobytes can fill.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &size[..], b"\x01\0\0\0\0\0\0\0\0"].concat()
}
