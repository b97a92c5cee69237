//! A PNG file as its chunks, read without decoding and without allocating.

use crate::PhotoRefusal;

/// What every PNG begins with.
pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Encoders write 4 kB of pixels into each, or more: this many hold any picture that the guard
/// lets through. Millions of empty ones would only keep a decoder busy.
const MOST_CHUNKS: u32 = 65_536;

/// A chunk with its four letters.
pub(crate) struct Chunk<'a> {
    pub(crate) kind: [u8; 4],
    pub(crate) body: &'a [u8],
}

/// The chunks in their order. It ends after the end chunk; a file without one is broken.
pub(crate) struct Chunks<'a> {
    rest: &'a [u8],
    read: u32,
    ended: bool,
}

impl<'a> Chunks<'a> {
    /// Of bytes that begin like a PNG.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, PhotoRefusal> {
        let rest = bytes.strip_prefix(SIGNATURE).ok_or(PhotoRefusal::NotAPicture)?;
        Ok(Self { rest, read: 0, ended: false })
    }

    fn read(&mut self) -> Option<Chunk<'a>> {
        self.read += 1;
        if self.read > MOST_CHUNKS {
            return None;
        }
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (body, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let (_checksum, rest) = rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(Chunk { kind: *kind, body })
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, PhotoRefusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let chunk = self.read();
        self.ended = chunk.as_ref().is_none_or(|chunk| chunk.kind == *b"IEND");
        Some(chunk.ok_or(PhotoRefusal::Broken))
    }
}
