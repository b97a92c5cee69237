//! The vignette of a portrait: so small that a screen can give it in a few codes, large enough that a
//! person can be told by it.

use crate::{PhotoRefusal, crop, encode, verify};

/// Seven to nine, as the portrait, and a whole number of the squares of sixteen pixels that its
/// colours are written in.
const WIDTH: u32 = 112;
/// And so many down.
const HEIGHT: u32 = 144;

/// Makes the vignette of a portrait as a phone sends it: a JPEG of at most so many bytes, of the best
/// quality that is light enough, with no metadata. The same portrait gives the same bytes.
pub fn vignette(portrait: &[u8], most_bytes: usize) -> Result<Vec<u8>, PhotoRefusal> {
    let picture = verify::structure(portrait)?;
    encode::within(&crop::averaged(&picture, WIDTH, HEIGHT)?, most_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::{is_upright, landscape, with_exif};
    use image::{Rgb, RgbImage};

    const MOST: usize = 2_900;

    fn made(picture: &RgbImage) -> RgbImage {
        let jpeg = vignette(&encode::encode(picture).unwrap(), MOST).unwrap();
        assert!(jpeg.len() <= MOST, "{} bytes", jpeg.len());
        image::load_from_memory(&jpeg).unwrap().into_rgb8()
    }

    #[test]
    fn a_vignette_is_light_and_upright_whatever_the_size_of_its_portrait() {
        for (width, height) in [(840, 1080), (385, 495), (350, 450)] {
            let made = made(&landscape(width, height));
            assert_eq!(made.dimensions(), (WIDTH, HEIGHT));
            assert!(is_upright(&made));
        }
    }

    #[test]
    fn the_same_portrait_gives_the_same_bytes() {
        let portrait = encode::encode(&landscape(840, 1080)).unwrap();
        assert_eq!(vignette(&portrait, MOST), vignette(&portrait, MOST));
    }

    #[test]
    fn noise_is_light_too() {
        let mut seed = 1_u32;
        made(&RgbImage::from_fn(840, 1080, |_, _| {
            Rgb([0; 3].map(|_: u8| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            }))
        }));
    }

    #[test]
    fn what_is_no_portrait_or_can_never_be_light_enough_has_none() {
        let portrait = encode::encode(&landscape(840, 1080)).unwrap();
        assert_eq!(vignette(&with_exif(&portrait, 6), MOST), Err(PhotoRefusal::Broken));
        assert_eq!(vignette(&portrait, 100), Err(PhotoRefusal::TooHeavy { most_bytes: 100 }));
        assert!(vignette(b"no picture", MOST).is_err());
    }
}
