//! Single stages, for `bench/run photo` alone: everybody else goes through [`Checker`].

use crate::find::Care;
use crate::{Checker, Guard, PhotoRefusal, crop, encode, upright};
use image::RgbImage;

/// The points of the face in a file, in pixels; none when there is no face.
pub fn points(checker: &Checker, file: &[u8]) -> Result<Vec<[f32; 3]>, PhotoRefusal> {
    let opened = upright::open(file, &Guard::phone(), u32::MAX)?;
    let found = checker.finder.find(&opened.picture, Care::Glance)?;
    Ok(found.face.map(|face| face.points).unwrap_or_default())
}

/// A picture's JPEG.
pub fn encoded(picture: &RgbImage) -> Result<Vec<u8>, PhotoRefusal> {
    encode::encode(picture)
}

/// A picture as a preview sends it.
pub fn frame(picture: &RgbImage) -> Result<Vec<u8>, PhotoRefusal> {
    encode::encode(&crop::fitted(picture, 370)?)
}
