//! Which part of a picture is kept, and its size: 7 to 9, as on an identity document (35 × 45 mm).

use crate::PhotoRefusal;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

/// The ratio of an identity photo.
pub(crate) const RATIO: (u32, u32) = (7, 9);

/// A face fills three quarters of this height with 230 pixels between the eyes: more than print
/// needs, little enough for 200 kB.
const FULL_WIDTH: u32 = 840;

/// Fewer pixels across do not show a face on a printed card.
pub(crate) const LEAST_WIDTH: u32 = 350;
/// Fewer pixels down do not either.
pub(crate) const LEAST_HEIGHT: u32 = 450;

/// A part of a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crop {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// The largest crop, in the middle and a little high. Until the face is searched for, this is the
/// best guess: on a picture taken by hand the head stands above the middle, and a cut chest does
/// less harm than cut hair; so only a quarter of what must go goes from the top.
pub(crate) fn proposed(width: u32, height: u32) -> Crop {
    let (across, down) = RATIO;
    let step = (width / across).min(height / down);
    let (kept_width, kept_height) = (step * across, step * down);
    Crop {
        left: width.saturating_sub(kept_width) / 2,
        top: height.saturating_sub(kept_height) / 4,
        width: kept_width,
        height: kept_height,
    }
}

/// Cuts it out, made smaller when it is larger than a portrait; never larger.
pub(crate) fn cut(picture: &RgbImage, crop: Crop) -> Result<RgbImage, PhotoRefusal> {
    let (across, down) = RATIO;
    let step = crop.width.min(FULL_WIDTH) / across;
    let (width, height) = (step * across, step * down);

    let source =
        TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.as_raw())
            .map_err(|_| PhotoRefusal::Broken)?;
    let mut pixels = vec![0; width as usize * height as usize * 3];
    let mut made = TypedImage::<U8x3>::from_buffer(width, height, &mut pixels)
        .map_err(|_| PhotoRefusal::Broken)?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(crop.left.into(), crop.top.into(), crop.width.into(), crop.height.into());
    // One pixel type: `resize` would compile the kernels of every one of them into this crate.
    Resizer::new().resize_typed(&source, &mut made, &options).map_err(|_| PhotoRefusal::Broken)?;
    RgbImage::from_raw(width, height, pixels).ok_or(PhotoRefusal::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wide_picture_keeps_its_middle_and_a_tall_one_its_upper_part() {
        assert_eq!(proposed(2000, 900), Crop { left: 650, top: 0, width: 700, height: 900 });
        assert_eq!(proposed(700, 1300), Crop { left: 0, top: 100, width: 700, height: 900 });
    }

    proptest! {
        #[test]
        fn a_crop_lies_inside_its_picture_and_is_never_too_small(
            width in LEAST_WIDTH..20_000, height in LEAST_HEIGHT..20_000,
        ) {
            let crop = proposed(width, height);
            prop_assert_eq!(crop.width * RATIO.1, crop.height * RATIO.0);
            prop_assert!(crop.left + crop.width <= width && crop.top + crop.height <= height);
            prop_assert!(crop.width >= LEAST_WIDTH && crop.height >= LEAST_HEIGHT);
        }
    }
}
