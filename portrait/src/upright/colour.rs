//! Colours as screens show them: iPhones write theirs for a wider range (Display P3), and taken
//! as they stand they look washed out.

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, TransformOptions};

/// Pixels that are changed at a time.
const AT_ONCE: usize = 4096;

/// Cameras' profiles are three colours and a curve; nothing in one needs more.
const MOST_ENTRIES: usize = 4096;

/// Changes the colours, unless the profile is broken or of a kind that no camera writes.
pub(super) fn to_srgb(picture: &mut RgbImage, profile: &[u8]) {
    let limits = ParsingOptions {
        max_profile_size: profile.len() + 1,
        max_allowed_clut_size: MOST_ENTRIES,
        max_allowed_trc_size: MOST_ENTRIES,
    };
    let Ok(profile) = ColorProfile::new_from_slice_with_options(profile, limits) else { return };
    // Printers' profiles are tables; what they say of a photo is a guess.
    let is_table = profile.lut_a_to_b_perceptual.is_some()
        || profile.lut_a_to_b_colorimetric.is_some()
        || profile.lut_a_to_b_saturation.is_some();
    if profile.color_space != DataColorSpace::Rgb || is_table {
        return;
    }
    let screen = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let made = profile.create_transform_8bit(Layout::Rgb, &screen, Layout::Rgb, options);
    let Ok(transform) = made else { return };

    let mut before = [0; AT_ONCE * 3];
    for pixels in picture.chunks_mut(AT_ONCE * 3) {
        let Some(before) = before.get_mut(..pixels.len()) else { return };
        before.copy_from_slice(pixels);
        if transform.transform(before, pixels).is_err() {
            // Only the sizes can be wrong, and those of all chunks are right or none.
            return;
        }
    }
}
