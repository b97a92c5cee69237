//! A JPEG read at a half, a quarter or an eighth of its size, without ever holding all of it.
//!
//! A camera's picture has far more pixels than a portrait needs. Reading only the coarse part of
//! each block saves half of the time and nearly all of the memory of a whole decode, and no
//! library in safe Rust does it fast enough. Phones only: a server reads what phones made, and
//! that with `upright::whole`.

mod bits;
mod block;
mod frame;
mod huffman;
mod paint;
mod part;
mod scans;
mod store;

use crate::PhotoRefusal;
use crate::segments::{SOS, Segments};
use crate::turn::Canvas;
use frame::Layout;
use paint::Painter;
use scans::{Scan, Tables};
use store::Store;

/// No reduced picture is wider or higher.
const MOST_SIDE: usize = 16_384;

/// How much smaller a picture is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// One pixel for four.
    Half,
    /// One pixel for sixteen.
    Quarter,
    /// One pixel for sixty-four.
    Eighth,
}

impl Scale {
    /// The smallest that leaves `longest` pixels at least `least`.
    pub(crate) fn that_leaves(least: u32, longest: u32) -> Option<Self> {
        [Self::Eighth, Self::Quarter, Self::Half]
            .into_iter()
            .find(|scale| longest / scale.divisor() >= least)
    }

    /// How many pixels of the file make one.
    pub(crate) fn divisor(self) -> u32 {
        match self {
            Self::Half => 2,
            Self::Quarter => 4,
            Self::Eighth => 8,
        }
    }

    /// What a block of 8×8 becomes, across and down.
    fn side(self) -> usize {
        match self {
            Self::Half => 4,
            Self::Quarter => 2,
            Self::Eighth => 1,
        }
    }
}

/// How far the reader came.
enum Stage {
    BeforeFrame,
    /// The frame is known; the pixels are not.
    Framed(Layout),
    /// The picture comes in several scans, which are gathered first.
    Gathering(Layout, Store),
}

/// Reads a picture onto a canvas. False, with the canvas untouched, when it is of a rare kind that
/// must be decoded whole.
pub(crate) fn decode(jpeg: &[u8], scale: Scale, canvas: &mut Canvas) -> Result<bool, PhotoRefusal> {
    let mut tables = Tables::default();
    let mut stage = Stage::BeforeFrame;
    for segment in Segments::of(jpeg)? {
        let segment = segment?;
        stage = match (segment.marker, stage) {
            (SOS, Stage::BeforeFrame) => return Err(PhotoRefusal::Broken),
            (SOS, Stage::Framed(layout)) => {
                let scan = Scan::read(&segment, &layout).ok_or(PhotoRefusal::Broken)?;
                if scan.is_all_of(&layout) {
                    let mut painter = Painter::of(&layout, canvas);
                    tables.paint(&layout, &scan, &mut painter).ok_or(PhotoRefusal::Broken)?;
                    return Ok(true);
                }
                let mut store = Store::of(&layout);
                tables.gather(&layout, &scan, &mut store).ok_or(PhotoRefusal::Broken)?;
                Stage::Gathering(layout, store)
            }
            (SOS, Stage::Gathering(layout, mut store)) => {
                let scan = Scan::read(&segment, &layout).ok_or(PhotoRefusal::Broken)?;
                tables.gather(&layout, &scan, &mut store).ok_or(PhotoRefusal::Broken)?;
                Stage::Gathering(layout, store)
            }
            (_, Stage::BeforeFrame) if segment.frame().is_some() => {
                match Layout::read(&segment, scale) {
                    Some(layout) if !tables.is_plain_rgb() => Stage::Framed(layout),
                    _ => return Ok(false),
                }
            }
            (_, stage) => {
                tables.learn(&segment).ok_or(PhotoRefusal::Broken)?;
                stage
            }
        };
    }
    let Stage::Gathering(layout, store) = stage else { return Err(PhotoRefusal::Broken) };
    store.paint(&layout, &mut Painter::of(&layout, canvas)).ok_or(PhotoRefusal::Broken)?;
    Ok(true)
}

#[cfg(test)]
mod tests;
