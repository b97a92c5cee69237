//! The portrait as a light JPEG that holds pixels and nothing else.

use crate::PhotoRefusal;
use image::RgbImage;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

/// A tenth of what the Region's form takes; it leaves in seconds over a bad network.
const MOST_BYTES: usize = 200_000;

/// No eye tells it from the original; most faces are light enough.
const BEST: u8 = 90;

/// How fast bytes get fewer as tables get coarser, on faces; noise takes one more try.
const SLOPE: f32 = 0.9;

/// A little less than asked, so that the next try is the last.
const MARGIN: f32 = 0.97;

/// To guess how heavy a picture gets, one row of blocks in this many is written.
const SAMPLED: usize = 8;

/// Rows of pixels in a row of blocks, colours with half as many rows included.
const BLOCK_ROWS: usize = 16;

/// Writes the best quality that is light enough, in one scan: optimised tables would save a
/// fiftieth, but this encoder then writes a scan per colour, and zune-jpeg up to 0.5.15 reads
/// such files as green stripes (etemesi254/zune-image issue 419).
pub(crate) fn encode(picture: &RgbImage) -> Result<Vec<u8>, PhotoRefusal> {
    let guess = guessed_bytes(picture)?;
    let mut quality = if guess <= MOST_BYTES { BEST } else { lighter(BEST, guess).unwrap_or(1) };
    loop {
        let jpeg = write(picture.as_raw(), picture.width(), picture.height(), quality)?;
        if jpeg.len() <= MOST_BYTES {
            return Ok(jpeg);
        }
        quality = lighter(quality, jpeg.len()).ok_or(PhotoRefusal::TooHeavy {
            most_bytes: u32::try_from(MOST_BYTES).unwrap_or(u32::MAX),
        })?;
    }
}

/// Writes the best quality of a very small picture that takes no more than so many bytes. Each quality is
/// tried: a fifth of such a file is tables, from which nothing can be guessed.
pub(crate) fn within(picture: &RgbImage, most_bytes: usize) -> Result<Vec<u8>, PhotoRefusal> {
    for quality in (1..=BEST).rev() {
        let jpeg = write(picture.as_raw(), picture.width(), picture.height(), quality)?;
        if jpeg.len() <= most_bytes {
            return Ok(jpeg);
        }
    }
    Err(PhotoRefusal::TooHeavy { most_bytes: u32::try_from(most_bytes).unwrap_or(u32::MAX) })
}

/// About what the picture takes at the best quality, from an eighth of it.
fn guessed_bytes(picture: &RgbImage) -> Result<usize, PhotoRefusal> {
    let row_bytes = (picture.width() as usize * 3).max(1);
    let bands = picture.as_raw().chunks(row_bytes * BLOCK_ROWS * SAMPLED);
    let sample: Vec<u8> =
        bands.flat_map(|band| band.iter().take(row_bytes * BLOCK_ROWS)).copied().collect();
    let rows = sample.len() / row_bytes;
    let height = u32::try_from(rows).map_err(|_| PhotoRefusal::Broken)?;
    let bytes = write(&sample, picture.width(), height, BEST)?.len();
    Ok(bytes * picture.height() as usize / rows.max(1))
}

fn write(pixels: &[u8], width: u32, height: u32, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let size = |side: u32| u16::try_from(side).map_err(|_| PhotoRefusal::Broken);
    let (width, height) = (size(width)?, size(height)?);
    let mut jpeg = Vec::with_capacity(MOST_BYTES);
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.encode(pixels, width, height, ColorType::Rgb).map_err(|_| PhotoRefusal::Broken)?;
    Ok(jpeg)
}

/// The quality that should be light enough, when this one gave so many bytes. Trying one quality
/// after the other would take ten times as long as writing one.
fn lighter(quality: u8, bytes: usize) -> Option<u8> {
    let fewer = MOST_BYTES as f32 * MARGIN / bytes as f32;
    let coarser = coarseness(quality) / fewer.powf(1.0 / SLOPE);
    (1..quality)
        .rev()
        .find(|quality| coarseness(*quality) >= coarser)
        .or((quality > 1).then_some(1))
}

/// How coarse the tables of a quality are, in percent of the standard's (libjpeg's scale).
fn coarseness(quality: u8) -> f32 {
    let quality = f32::from(quality);
    if quality < 50.0 { 5000.0 / quality } else { 200.0 - 2.0 * quality }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavier_pictures_get_coarser_tables_and_never_finer_ones() {
        assert_eq!(lighter(90, 210_000), Some(89));
        let mut before = 90;
        for bytes in [201_000, 250_000, 400_000, 900_000, 5_000_000] {
            let quality = lighter(90, bytes).unwrap();
            assert!(quality < before, "{bytes} {quality}");
            before = quality;
        }
        assert_eq!(lighter(2, 900_000), Some(1));
        assert_eq!(lighter(1, 900_000), None);
    }
}
