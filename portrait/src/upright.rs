//! A file as pixels: decoded within the guard, turned the way the camera was held.

use crate::PhotoRefusal;
use crate::guard::{Format, Guard, Header};
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits, Rgb, RgbImage, RgbaImage};
use std::io::Cursor;

/// The picture as a person sees it, without its alpha.
pub(crate) fn open(bytes: &[u8], guard: &Guard) -> Result<RgbImage, PhotoRefusal> {
    let header = guard.admit(bytes)?;
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(guard.most_side());
    limits.max_image_height = Some(guard.most_side());
    limits.max_alloc = Some(guard.most_decoded_bytes());
    let source = Cursor::new(bytes);
    match header.format {
        Format::Jpeg => decode(JpegDecoder::new(source), header, limits, guard),
        Format::Png => {
            decode(PngDecoder::with_limits(source, limits.clone()), header, limits, guard)
        }
    }
}

fn decode(
    decoder: ImageResult<impl ImageDecoder>,
    header: Header,
    limits: Limits,
    guard: &Guard,
) -> Result<RgbImage, PhotoRefusal> {
    let broken = |_| PhotoRefusal::Broken;
    let mut decoder = decoder.map_err(broken)?;
    // The decoder must have read the header that the guard let through.
    if decoder.dimensions() != (header.width, header.height) {
        return Err(PhotoRefusal::Broken);
    }
    if decoder.total_bytes() > guard.most_decoded_bytes() {
        return Err(guard.too_many_pixels());
    }
    decoder.set_limits(limits).map_err(broken)?;
    // A camera's broken note about how it was held is no reason to refuse its picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = upright_size(header, orientation);
    PhotoRefusal::if_small(width, height)?;

    let decoded = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let mut picture = DynamicImage::ImageRgb8(without_alpha(decoded));
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

fn upright_size(header: Header, orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (header.height, header.width),
        _ => (header.width, header.height),
    }
}

/// What is transparent shows the white of the card, not whatever colour hides below.
fn without_alpha(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layered: RgbaImage = picture.into_rgba8();
    let mut flat = RgbImage::new(layered.width(), layered.height());
    for (over, under) in layered.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = over.0;
        *under = Rgb([red, green, blue].map(|part| on_white(part, alpha)));
    }
    flat
}

fn on_white(part: u8, alpha: u8) -> u8 {
    let (part, alpha) = (u32::from(part), u32::from(alpha));
    let mixed = (part * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}
