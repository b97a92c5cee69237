//! A file as pixels: decoded within the guard, turned the way the camera was held, in the colours
//! of screens, and no larger than it serves.

mod colour;
mod png;
mod whole;

use crate::guard::{self, Format, Guard, Header};
use crate::notes::Notes;
use crate::turn::Canvas;
use crate::{PhotoRefusal, reduced};
use image::RgbImage;
use image::metadata::Orientation;

/// A picture as a person sees it, without its alpha.
pub(crate) struct Opened {
    /// At the size of the file, or a half, a quarter or an eighth of it.
    pub(crate) picture: RgbImage,
    /// What the file has across, upright.
    pub(crate) width: u32,
    /// What the file has down, upright.
    pub(crate) height: u32,
}

/// Opens a file; of its long side `least` pixels serve, and less than twice as many are read
/// where the guard allows it.
pub(crate) fn open(bytes: &[u8], guard: &Guard, least: u32) -> Result<Opened, PhotoRefusal> {
    let header = guard.admit(bytes)?;
    let notes = Notes::read(bytes, header.format);
    let (width, height) = upright_size(&header, notes.orientation);
    PhotoRefusal::if_small(width, height)?;

    let mut picture = decode(bytes, guard, &header, &notes, least)?;
    if let Some(profile) = notes.profile.filter(|_| guard.knows_profiles()) {
        colour::to_srgb(&mut picture, &profile);
    }
    Ok(Opened { picture, width, height })
}

/// Opens one frame of a camera's preview: a small JPEG that the screen's own code wrote.
pub(crate) fn frame(bytes: &[u8]) -> Result<RgbImage, PhotoRefusal> {
    let header = Guard::server().admit(bytes)?;
    if header.format != Format::Jpeg {
        return Err(PhotoRefusal::NotAPicture);
    }
    whole::decode(bytes, &header, Orientation::NoTransforms).ok_or(PhotoRefusal::Broken)
}

fn decode(
    bytes: &[u8],
    guard: &Guard,
    header: &Header,
    notes: &Notes,
    least: u32,
) -> Result<RgbImage, PhotoRefusal> {
    let scale = guard.scale(header, least);
    let divisor = scale.map_or(1, reduced::Scale::divisor);
    // A pixel that covers more than the picture has is left out.
    let (width, height) = (header.width / divisor, header.height / divisor);
    let canvas = || Canvas::new(width, height, notes.orientation);
    match (header.format, scale) {
        (Format::Png, _) => {
            let mut canvas = canvas();
            png::decode(bytes, header, divisor, &mut canvas).ok_or(PhotoRefusal::Broken)?;
            canvas.finish().ok_or(PhotoRefusal::Broken)
        }
        (Format::Jpeg, Some(scale)) => {
            let mut canvas = canvas();
            if reduced::decode(bytes, scale, &mut canvas)? {
                return canvas.finish().ok_or(PhotoRefusal::Broken);
            }
            drop(canvas);
            guard::admit_whole(header)?;
            whole::decode(bytes, header, notes.orientation).ok_or(PhotoRefusal::Broken)
        }
        (Format::Jpeg, None) => {
            whole::decode(bytes, header, notes.orientation).ok_or(PhotoRefusal::Broken)
        }
    }
}

fn upright_size(header: &Header, orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (header.height, header.width),
        _ => (header.width, header.height),
    }
}

#[cfg(test)]
mod tests;
