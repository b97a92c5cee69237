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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::{interlaced, jpeg, landscape, png, with_exif};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn a_damaged_file_is_taken_in_or_refused_at_every_size(
            kind in 0..4_usize,
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
            near_the_start in any::<bool>(),
            cut in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let scene = landscape(352, 452);
            let mut bytes = match kind {
                0 => with_exif(&jpeg(&scene, false), 6),
                1 => jpeg(&scene, true),
                2 => png(scene),
                _ => interlaced(&scene),
            };
            let reach = if near_the_start { bytes.len().min(700) } else { bytes.len() };
            for (at, value) in changes {
                bytes[at.index(reach)] = value;
            }
            if let Some(at) = cut {
                bytes.truncate(at.index(bytes.len()));
                bytes.extend([0xFF, 0xD9]);
            }
            for guard in [Guard::phone(), Guard::server()] {
                let _ = intake(&bytes, &guard);
            }
        }
    }
}
