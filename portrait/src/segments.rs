//! A JPEG file as its segments, read without decoding and without allocating.

use crate::PhotoRefusal;
use memchr::{memchr, memchr_iter};

/// Start of a scan: after it come the compressed pixels.
pub(crate) const SOS: u8 = 0xDA;
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;

/// A picture with a film and a depth map behind it has a few hundred.
const MOST_SEGMENTS: u32 = 4096;

/// One restart marker for each 16×16 pixels of the largest picture, and some padding.
const MOST_RESTARTS: u32 = 300_000;

/// Longer padding than any camera's.
const MOST_PADDING: usize = 4096;

/// What stands between two markers.
pub(crate) struct Segment<'a> {
    pub(crate) marker: u8,
    pub(crate) body: &'a [u8],
    /// All that follows; after the header of a scan, first its compressed pixels.
    pub(crate) rest: &'a [u8],
}

/// What a frame header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Written to sharpen while it loads.
    pub(crate) progressive: bool,
    /// Some colours have fewer pixels than others.
    pub(crate) subsampled: bool,
    /// And far fewer, as hardly any camera does.
    pub(crate) rarely_sampled: bool,
}

impl Segment<'_> {
    /// The frame header, when this is one.
    pub(crate) fn frame(&self) -> Option<Frame> {
        // C4, C8 and CC lie in the range of the frame headers and are tables.
        if !matches!(self.marker, 0xC0..=0xCF) || matches!(self.marker, 0xC4 | 0xC8 | 0xCC) {
            return None;
        }
        let ([_precision, height_high, height_low, width_high, width_low, _count], components) =
            self.body.split_first_chunk::<6>()?;
        let size = |high, low| u32::from(u16::from_be_bytes([high, low]));
        let samplings = components.chunks(3).filter_map(|component| component.get(1));
        let far = |sampling: &u8| sampling >> 4 > 2 || sampling & 15 > 2;
        Some(Frame {
            width: size(*width_high, *width_low),
            height: size(*height_high, *height_low),
            progressive: self.marker == 0xC2,
            subsampled: samplings.clone().any(|sampling| *sampling != 0x11),
            rarely_sampled: samplings.into_iter().any(far),
        })
    }
}

/// The segments in their order. It ends after the end marker; a file without one is broken.
pub(crate) struct Segments<'a> {
    rest: &'a [u8],
    /// The compressed pixels of a scan come next. They are passed over when somebody asks on:
    /// whoever wants only what stands before them need not wait.
    in_scan: bool,
    found: u32,
    ended: bool,
    stray: bool,
}

impl<'a> Segments<'a> {
    /// Of bytes that begin like a JPEG.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, PhotoRefusal> {
        let rest = bytes.strip_prefix(&[0xFF, SOI]).ok_or(PhotoRefusal::NotAPicture)?;
        Ok(Self { rest, in_scan: false, found: 0, ended: false, stray: false })
    }

    /// Whether bytes were passed over that no decoder needs: something may hide there.
    pub(crate) fn has_stray_bytes(&self) -> bool {
        self.stray || !self.rest.is_empty()
    }

    fn read(&mut self) -> Option<Segment<'a>> {
        if std::mem::take(&mut self.in_scan) {
            self.rest = after_scan(self.rest)?;
        }
        loop {
            // Cameras pad between segments; decoders skip it.
            let start = memchr(0xFF, self.rest)?;
            let padded = self.rest.get(start..)?;
            let marks = padded.iter().take(MOST_PADDING).take_while(|it| **it == 0xFF).count();
            let (&marker, rest) = padded.get(marks..)?.split_first()?;
            self.stray |= start > 0 || marks > 1;
            self.rest = rest;
            self.found += 1;
            if self.found > MOST_SEGMENTS {
                return None;
            }
            match marker {
                EOI => {
                    self.ended = true;
                    return None;
                }
                // A marker that stands alone means nothing here.
                0x01 | 0xD0..=0xD7 => self.stray = true,
                0x00 | 0xFF | SOI => return None,
                _ => return self.body(marker),
            }
        }
    }

    fn body(&mut self, marker: u8) -> Option<Segment<'a>> {
        let length = usize::from(u16::from_be_bytes(*self.rest.first_chunk()?));
        let body = self.rest.get(2..length)?;
        self.rest = self.rest.get(length..)?;
        self.in_scan = marker == SOS;
        Some(Segment { marker, body, rest: self.rest })
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, PhotoRefusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.read() {
            Some(segment) => Some(Ok(segment)),
            None if self.ended => None,
            None => {
                self.ended = true;
                Some(Err(PhotoRefusal::Broken))
            }
        }
    }
}

/// What follows the compressed pixels: from the first marker that does not belong to them.
fn after_scan(rest: &[u8]) -> Option<&[u8]> {
    let mut restarts = 0;
    for at in memchr_iter(0xFF, rest) {
        match rest.get(at + 1)? {
            0x00 => {}
            0xFF | 0xD0..=0xD7 => restarts += 1,
            _ => return rest.get(at..),
        }
        if restarts > MOST_RESTARTS {
            return None;
        }
    }
    None
}
