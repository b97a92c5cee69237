//! What may reach a decoder: decided from the first bytes, before anything is allocated.
//!
//! The decoders' own limits are not enough: a JPEG of 691 bytes that claims 65500×65500 pixels
//! makes them ask for 12 GB, and a failed allocation ends the process.

use crate::PhotoRefusal;
use crate::segments::{Frame, SOS, Segments};

/// Sensors sold as « 64 megapixels » have a few more than 64,000,000.
const MEGAPIXEL: u32 = 1 << 20;

/// Sixteen bits of red, green, blue and alpha would be twice as much, and no camera writes them.
const DECODED_BYTES_PER_PIXEL: u64 = 4;

/// Cameras write 1, careful web pages 14. A progressive file with thousands of tiny scans makes a
/// decoder walk over the whole picture for each.
const MOST_SCANS: u32 = 64;

/// How much one machine is ready to decode.
#[derive(Debug, Clone)]
pub struct Guard {
    most_bytes: u32,
    most_pixels: u32,
    most_side: u32,
}

/// The two formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
}

/// What a file says of itself, within what the guard allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Guard {
    /// For files as a student chooses them: any phone's camera passes.
    pub fn phone() -> Self {
        Self { most_bytes: 40_000_000, most_pixels: 64 * MEGAPIXEL, most_side: 16_384 }
    }

    /// For what phones send: it was made by [`crate::make`] and is far smaller than this.
    pub fn server() -> Self {
        Self { most_bytes: 512_000, most_pixels: 4 * MEGAPIXEL, most_side: 16_384 }
    }

    /// The refusal of a picture with too many pixels.
    pub(crate) fn too_many_pixels(&self) -> PhotoRefusal {
        PhotoRefusal::TooManyPixels { most: self.most_pixels }
    }

    /// How many bytes a decoder may fill.
    pub(crate) fn most_decoded_bytes(&self) -> u64 {
        u64::from(self.most_pixels) * DECODED_BYTES_PER_PIXEL
    }

    /// The longest side a decoder may read.
    pub(crate) fn most_side(&self) -> u32 {
        self.most_side
    }

    /// Lets a file through to its decoder, or says why not.
    pub(crate) fn admit(&self, bytes: &[u8]) -> Result<Header, PhotoRefusal> {
        if bytes.len() as u64 > u64::from(self.most_bytes) {
            return Err(PhotoRefusal::TooHeavy { most_bytes: self.most_bytes });
        }
        // The name and the declared type of a file are anybody's; its first bytes are its decoder's.
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return self.admit_jpeg(bytes);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            let (width, height) = png_size(bytes).ok_or(PhotoRefusal::Broken)?;
            self.admit_size(width, height)?;
            return Ok(Header { format: Format::Png, width, height });
        }
        Err(PhotoRefusal::NotAPicture)
    }

    fn admit_jpeg(&self, bytes: &[u8]) -> Result<Header, PhotoRefusal> {
        let mut frame = None;
        let mut scans = 0_u32;
        for segment in Segments::of(bytes)? {
            let segment = segment?;
            if let Some(found) = segment.frame() {
                self.admit_size(found.width, found.height)?;
                // Two frames: the decoder might believe the other one.
                if frame.replace(found).is_some() {
                    return Err(PhotoRefusal::Broken);
                }
            }
            scans += u32::from(segment.marker == SOS);
        }
        let Frame { width, height, progressive, subsampled } = frame.ok_or(PhotoRefusal::Broken)?;
        // Every block of 8×8 pixels takes one bit at least, however flat it is.
        let least_bytes = u64::from(width) * u64::from(height) / 512;
        // zune-jpeg 0.5.15 reads these rare files as green stripes and calls it a success
        // (etemesi254/zune-image issue 419): better no picture than a wrong one.
        let misread = subsampled && !progressive && scans > 1;
        if !(1..=MOST_SCANS).contains(&scans) || misread || (bytes.len() as u64) < least_bytes {
            return Err(PhotoRefusal::Broken);
        }
        Ok(Header { format: Format::Jpeg, width, height })
    }

    fn admit_size(&self, width: u32, height: u32) -> Result<(), PhotoRefusal> {
        if width == 0 || height == 0 {
            return Err(PhotoRefusal::Broken);
        }
        let pixels = u64::from(width) * u64::from(height);
        if width.max(height) > self.most_side || pixels > u64::from(self.most_pixels) {
            return Err(self.too_many_pixels());
        }
        Ok(())
    }
}

/// Width and height of a PNG: its first chunk must be its header.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let chunk = bytes.get(8..24)?.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let (width, height) = chunk.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height.first_chunk()?)))
}
