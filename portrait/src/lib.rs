//! The identity photo: guarded, decoded, turned upright, cropped and written as a light JPEG.
//!
//! Pure computing, the same for phone and server: bytes come in, bytes or a refusal go out. What
//! a student chooses is never kept; only the picture made here from its pixels is, so that no
//! metadata, no position and no hidden data can travel along.

mod crop;
mod encode;
mod guard;
mod refusal;
mod segments;
mod upright;
mod verify;

#[cfg(test)]
mod drawn;

pub use guard::Guard;
pub use refusal::PhotoRefusal;
pub use verify::{Seen, verify};

/// The photo as it is kept, sent and printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// A JPEG of at most 200 kB without any metadata.
    pub jpeg: Vec<u8>,
    /// In pixels, at most 840.
    pub width: u32,
    /// In pixels, at most 1080; width to height is 7 to 9.
    pub height: u32,
}

/// Makes the portrait from a JPEG or PNG file as it was chosen.
pub fn make(bytes: &[u8], guard: &Guard) -> Result<Portrait, PhotoRefusal> {
    let picture = upright::open(bytes, guard)?;
    let cut = crop::cut(&picture, crop::proposed(picture.width(), picture.height()))?;
    let (width, height) = cut.dimensions();
    Ok(Portrait { jpeg: encode::encode(&cut)?, width, height })
}

#[cfg(test)]
mod tests;
