//! A JPEG decoded whole, by zune-jpeg: small pictures, rare kinds, and everything on a server.

use crate::guard::Header;
use crate::turn::Canvas;
use image::RgbImage;
use image::metadata::Orientation;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// Rows that are turned at a time.
const ROWS: usize = 8;

/// The picture upright, or none when it is broken.
pub(super) fn decode(bytes: &[u8], header: &Header, orientation: Orientation) -> Option<RgbImage> {
    if header.is_misread_whole {
        return None;
    }
    let (width, height) = (header.width as usize, header.height as usize);
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(width)
        .set_max_height(height)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    // The decoder must have read the header that the guard let through.
    if decoder.dimensions()? != (width, height) {
        return None;
    }
    let mut pixels = decoder.decode().ok()?;
    if pixels.len() == width * height && decoder.output_colorspace() == Some(ColorSpace::Luma) {
        pixels = pixels.iter().flat_map(|tone| [*tone; 3]).collect();
    }
    if orientation == Orientation::NoTransforms {
        return RgbImage::from_raw(header.width, header.height, pixels);
    }
    if pixels.len() != width * height * 3 {
        return None;
    }
    let mut canvas = Canvas::new(header.width, header.height, orientation);
    let mut strip = Vec::with_capacity(width * ROWS);
    for rows in pixels.chunks(width * 3 * ROWS) {
        strip.clear();
        let (rows, _) = rows.as_chunks::<3>();
        strip.extend(
            rows.iter().map(|[red, green, blue]| u32::from_le_bytes([*red, *green, *blue, 0])),
        );
        canvas.strip(&strip, width, strip.len() / width);
    }
    canvas.finish()
}
