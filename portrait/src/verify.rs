//! What the server asks of a portrait that a phone sends: that this crate may have made it.

use crate::crop::RATIO;
use crate::guard::Guard;
use crate::segments::Segments;
use crate::{PhotoRefusal, upright};
use image::RgbImage;

/// The segments of a plain JPEG: tables (DB, C4), restart interval (DD), frame (C0), scan (DA).
/// Everything else could carry what must not travel: position, name, another picture.
const PLAIN: &[u8] = &[0xC0, 0xC4, 0xDA, 0xDB, 0xDD];
const APP0: u8 = 0xE0;

/// Name, version, density and an empty thumbnail.
const JFIF_BYTES: usize = 14;

/// The pixels of a portrait as a phone sends it: a JPEG within [`Guard::server`], 7 to 9, that
/// decodes, with no metadata and not a byte beyond its end.
pub(crate) fn structure(jpeg: &[u8]) -> Result<RgbImage, PhotoRefusal> {
    let guard = Guard::server();
    // Weight and pixels first; the rest reads the whole file.
    let header = guard.admit(jpeg)?;
    let mut segments = Segments::of(jpeg)?;
    for segment in &mut segments {
        let segment = segment?;
        let is_jfif = segment.marker == APP0
            && segment.body.starts_with(b"JFIF\0")
            && segment.body.len() == JFIF_BYTES;
        if !is_jfif && !PLAIN.contains(&segment.marker) {
            return Err(PhotoRefusal::Broken);
        }
    }
    if segments.has_stray_bytes() || !is_seven_to_nine(header.width, header.height) {
        return Err(PhotoRefusal::Broken);
    }
    Ok(upright::open(jpeg, &guard, u32::MAX)?.picture)
}

/// One pixel more or less is rounding.
fn is_seven_to_nine(width: u32, height: u32) -> bool {
    let (across, down) = RATIO;
    (u64::from(width) * u64::from(down)).abs_diff(u64::from(height) * u64::from(across))
        <= u64::from(down)
}
