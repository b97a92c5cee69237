//! The door for those who try to break in: files as bytes, no nets.

use crate::{Guard, PhotoRefusal, encode, upright, verify};

/// Takes a file in at every size, as whole as the guard allows and as small as can be, and says
/// what it has across and down. For fuzzing, bombs and measurements.
#[doc(hidden)]
pub fn intake(bytes: &[u8], guard: &Guard) -> Result<(u32, u32), PhotoRefusal> {
    for least in [60, 120, 240] {
        upright::open(bytes, guard, least)?;
    }
    let opened = upright::open(bytes, guard, u32::MAX)?;
    // What comes in must be able to go out.
    if opened.picture.width().max(opened.picture.height()) <= 2048 {
        let jpeg = encode::encode(&opened.picture)?;
        let _ = verify::structure(&jpeg);
    }
    Ok((opened.width, opened.height))
}

/// Opens a file as the app does, and says what was read of it.
#[doc(hidden)]
pub fn open_at(bytes: &[u8], guard: &Guard, least: u32) -> Result<image::RgbImage, PhotoRefusal> {
    Ok(upright::open(bytes, guard, least)?.picture)
}
