//! What a file says beside its pixels and is needed to show them: how the camera was held, and
//! what its colours mean. Read here, used, and never kept.

use crate::chunks::Chunks;
use crate::guard::Format;
use crate::segments::{SOS, Segments};
use image::metadata::Orientation;

/// The profiles of cameras and phones have 500 bytes to 4 kB.
const MOST_PROFILE_BYTES: usize = 65_536;

/// What is needed to show a picture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) orientation: Orientation,
    /// What the colours mean, when it says so.
    pub(crate) profile: Option<Vec<u8>>,
}

impl Notes {
    /// Reads them. A broken note is no reason to refuse a picture.
    pub(crate) fn read(bytes: &[u8], format: Format) -> Self {
        match format {
            Format::Jpeg => Self::of_jpeg(bytes),
            Format::Png => Self::of_png(bytes),
        }
    }

    fn of_jpeg(bytes: &[u8]) -> Self {
        let mut orientation = None;
        let mut pieces = Vec::new();
        let segments = Segments::of(bytes).into_iter().flatten().map_while(Result::ok);
        for segment in segments.take_while(|segment| segment.marker != SOS) {
            match segment.marker {
                0xE1 => {
                    let exif = segment.body.strip_prefix(b"Exif\0\0");
                    orientation = orientation.or(exif.and_then(Orientation::from_exif_chunk));
                }
                0xE2 => {
                    let piece = segment.body.strip_prefix(b"ICC_PROFILE\0");
                    if let Some(([number, _count], piece)) =
                        piece.and_then(|piece| piece.split_first_chunk::<2>())
                    {
                        pieces.push((*number, piece));
                    }
                }
                _ => {}
            }
        }
        pieces.sort_by_key(|(number, _)| *number);
        let length: usize = pieces.iter().map(|(_, piece)| piece.len()).sum();
        let profile = (1..=MOST_PROFILE_BYTES).contains(&length).then(|| {
            pieces.iter().flat_map(|(_, piece)| piece.iter().copied()).collect::<Vec<u8>>()
        });
        Self { orientation: orientation.unwrap_or(Orientation::NoTransforms), profile }
    }

    fn of_png(bytes: &[u8]) -> Self {
        let mut notes = Self { orientation: Orientation::NoTransforms, profile: None };
        for chunk in Chunks::of(bytes).into_iter().flatten().map_while(Result::ok) {
            match &chunk.kind {
                b"eXIf" => {
                    let read = Orientation::from_exif_chunk(chunk.body);
                    notes.orientation = read.unwrap_or(Orientation::NoTransforms);
                }
                // A name, a zero, the method of compression (always 0), the profile.
                b"iCCP" => {
                    let mut parts = chunk.body.splitn(2, |byte| *byte == 0);
                    let packed = parts.nth(1).and_then(|packed| packed.strip_prefix(&[0]));
                    notes.profile = packed.and_then(unpacked);
                }
                _ => {}
            }
        }
        notes
    }
}

/// A profile as it is packed in a PNG, unless it unpacks to more than a profile has.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, MOST_PROFILE_BYTES).ok()
}
