//! What may reach a decoder: decided from the first bytes, before anything is allocated.
//!
//! The decoders' own limits are not enough: a JPEG of 691 bytes that claims 65500×65500 pixels
//! makes them ask for 12 GB, and a failed allocation ends the process.

use crate::PhotoRefusal;
use crate::chunks::{Chunks, SIGNATURE};
use crate::reduced::Scale;
use crate::segments::{Frame, SOS, Segments};

/// Sensors sold as « 64 megapixels » have a few more than 64,000,000.
const MEGAPIXEL: u32 = 1 << 20;

/// Sixteen bits of red, green, blue and alpha would be twice as much, and no camera writes them.
const DECODED_BYTES_PER_PIXEL: u64 = 4;

/// A larger picture is read at half its size at most: whole, upright and in its decoder's hands it
/// would take more memory than a small phone lends.
const MOST_WHOLE_PIXELS: u32 = 16 * MEGAPIXEL;

/// Cameras write 1, careful web pages 14. A progressive file with thousands of tiny scans makes a
/// decoder walk over the whole picture for each.
const MOST_SCANS: u32 = 64;

/// Who keeps pictures as HEIC, by the brands of its container. AVIF has the same container.
const HEIC_BRANDS: &[&[u8; 4]] =
    &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];

/// How much one machine is ready to decode.
#[derive(Debug, Clone)]
pub struct Guard {
    most_bytes: u32,
    most_pixels: u32,
    most_side: u32,
    /// Whether pictures are as cameras make them: far too large, and in a camera's colours. What
    /// comes from a phone is neither, and a server reads it with as little code as can be.
    from_camera: bool,
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
    /// zune-jpeg 0.5.15 reads these rare files as green stripes and calls it a success
    /// (etemesi254/zune-image issue 419): better no picture than a wrong one.
    pub(crate) is_misread_whole: bool,
}

impl Guard {
    /// For files as a student chooses them: any phone's camera passes.
    pub fn phone() -> Self {
        Self {
            most_bytes: 40_000_000,
            most_pixels: 64 * MEGAPIXEL,
            most_side: 16_384,
            from_camera: true,
        }
    }

    /// For what phones send: it was made here and is far smaller than this.
    pub fn server() -> Self {
        Self {
            most_bytes: 512_000,
            most_pixels: 4 * MEGAPIXEL,
            most_side: 16_384,
            from_camera: false,
        }
    }

    /// Width and height of a picture that this guard lets through, by its header.
    pub fn size(&self, bytes: &[u8]) -> Result<(u32, u32), PhotoRefusal> {
        self.admit(bytes).map(|header| (header.width, header.height))
    }

    /// The refusal of a picture with too many pixels.
    pub(crate) fn too_many_pixels(&self) -> PhotoRefusal {
        PhotoRefusal::TooManyPixels { most: self.most_pixels }
    }

    /// How much smaller a picture is read, when `least` pixels of its long side serve. A very
    /// large one is never read whole, whatever is asked.
    pub(crate) fn scale(&self, header: &Header, least: u32) -> Option<Scale> {
        if !self.from_camera {
            return None;
        }
        let enough = Scale::that_leaves(least, header.width.max(header.height));
        let too_large = admit_whole(header).is_err();
        enough.or(too_large.then_some(Scale::Half))
    }

    /// Whether colours may mean something else than those of screens.
    pub(crate) fn knows_profiles(&self) -> bool {
        self.from_camera
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
        if bytes.starts_with(SIGNATURE) {
            return self.admit_png(bytes);
        }
        Err(if is_heic(bytes) { PhotoRefusal::Heic } else { PhotoRefusal::NotAPicture })
    }

    fn admit_png(&self, bytes: &[u8]) -> Result<Header, PhotoRefusal> {
        let png = PngHeader::read(bytes).ok_or(PhotoRefusal::Broken)?;
        let PngHeader { width, height, .. } = png;
        self.admit_size(width, height)?;
        if png.decoded_bytes() > u64::from(self.most_pixels) * DECODED_BYTES_PER_PIXEL {
            return Err(self.too_many_pixels());
        }
        let mut packed = 0;
        for chunk in Chunks::of(bytes)? {
            let chunk = chunk?;
            packed += if chunk.kind == *b"IDAT" { chunk.body.len() as u64 } else { 0 };
        }
        // Deflate packs a thousand bytes into one; only pixels of a bit or two, and nothing in
        // them, get below this.
        if packed < u64::from(width) * u64::from(height) / 2048 {
            return Err(PhotoRefusal::Broken);
        }
        Ok(Header { format: Format::Png, width, height, is_misread_whole: false })
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
            if scans > MOST_SCANS {
                return Err(PhotoRefusal::Broken);
            }
        }
        let frame = frame.ok_or(PhotoRefusal::Broken)?;
        let Frame { width, height, .. } = frame;
        // Every block of 8×8 pixels takes one bit at least, however flat it is.
        let least_bytes = u64::from(width) * u64::from(height) / 512;
        if scans == 0 || (bytes.len() as u64) < least_bytes {
            return Err(PhotoRefusal::Broken);
        }
        let in_pieces = frame.rarely_sampled || (frame.subsampled && scans > 1);
        let is_misread_whole = in_pieces && !frame.progressive;
        Ok(Header { format: Format::Jpeg, width, height, is_misread_whole })
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

/// Lets a picture through that is to be decoded whole.
pub(crate) fn admit_whole(header: &Header) -> Result<(), PhotoRefusal> {
    if u64::from(header.width) * u64::from(header.height) > u64::from(MOST_WHOLE_PIXELS) {
        return Err(PhotoRefusal::TooManyPixels { most: MOST_WHOLE_PIXELS });
    }
    Ok(())
}

/// Whether it is a picture in the container that iPhones use.
fn is_heic(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return false };
    let length = (u32::from_be_bytes(*length) as usize).clamp(12, 256) - 4;
    let box_of_brands = rest.get(..length).unwrap_or(rest);
    let Some(brands) = box_of_brands.strip_prefix(b"ftyp") else { return false };
    // The first is the main one, the second a version; an AVIF may name mif1 first.
    let (brands, _) = brands.as_chunks::<4>();
    let is_avif = brands.iter().any(|brand| matches!(brand, b"avif" | b"avis"));
    !is_avif && brands.iter().any(|brand| HEIC_BRANDS.contains(&brand))
}

/// What the first chunk of a PNG says.
struct PngHeader {
    width: u32,
    height: u32,
    bits: u8,
    colour: u8,
}

impl PngHeader {
    fn read(bytes: &[u8]) -> Option<Self> {
        let chunk = bytes.get(8..26)?.strip_prefix(b"\0\0\0\x0dIHDR")?;
        let (width, rest) = chunk.split_first_chunk::<4>()?;
        let (height, rest) = rest.split_first_chunk::<4>()?;
        let [bits, colour] = *rest else { return None };
        let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
        Some(Self { width, height, bits, colour })
    }

    /// What a decoder unpacks, row after row.
    fn decoded_bytes(&self) -> u64 {
        let parts = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        u64::from(self.width) * u64::from(self.height) * parts * u64::from(self.bits) / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::container;

    #[test]
    fn a_picture_of_an_iphone_is_called_by_its_name_and_an_avif_is_none() {
        for brands in [&[b"heic", b"mif1"][..], &[b"mif1", b"heic"], &[b"msf1"], &[b"hevx"]] {
            assert_eq!(Guard::phone().admit(&container(brands)), Err(PhotoRefusal::Heic));
        }
        for brands in [&[b"avif", b"mif1"][..], &[b"mif1", b"avif", b"miaf"], &[b"mp42"]] {
            assert_eq!(Guard::phone().admit(&container(brands)), Err(PhotoRefusal::NotAPicture));
        }
        assert_eq!(Guard::phone().admit(b"\0\0\0\x18ftypheic"), Err(PhotoRefusal::Heic));
        assert_eq!(Guard::phone().admit(b"\0\0\0\x18ftyp"), Err(PhotoRefusal::NotAPicture));
    }
}
