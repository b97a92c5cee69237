//! The portrait as a light JPEG that holds pixels and nothing else.

use crate::PhotoRefusal;
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A tenth of what the Region's form takes; it leaves in seconds over a bad network.
const MOST_BYTES: usize = 200_000;

/// From what no eye tells from the original, down; a face passes at the first. Only noise gets
/// below 60, and must still fit.
const QUALITIES: &[u8] = &[90, 85, 80, 75, 70, 65, 60, 45, 30, 15];

/// Writes the best quality that is light enough, in one scan: optimised tables would save a
/// fiftieth, but this encoder then writes a scan per colour, and zune-jpeg up to 0.5.15 reads
/// such files as green stripes (etemesi254/zune-image issue 419).
pub(crate) fn encode(picture: &RgbImage) -> Result<Vec<u8>, PhotoRefusal> {
    let size = |side: u32| u16::try_from(side).map_err(|_| PhotoRefusal::Broken);
    let (width, height) = (size(picture.width())?, size(picture.height())?);
    for quality in QUALITIES {
        let mut jpeg = Vec::with_capacity(MOST_BYTES);
        let mut encoder = Encoder::new(&mut jpeg, *quality);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder
            .encode(picture.as_raw(), width, height, ColorType::Rgb)
            .map_err(|_| PhotoRefusal::Broken)?;
        if jpeg.len() <= MOST_BYTES {
            return Ok(jpeg);
        }
    }
    Err(PhotoRefusal::TooHeavy { most_bytes: u32::try_from(MOST_BYTES).unwrap_or(u32::MAX) })
}
