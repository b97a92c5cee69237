//! What a JPEG says of its components, and what of it is read at a reduced size.

use super::{MOST_SIDE, Scale};
use crate::segments::Segment;

/// Which place of a block of 8×8 each number of the file belongs to: from the corner, zigzag.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// One of the planes that a picture is made of: brightness, or a colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks in one unit, across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    /// Which table its numbers were divided by.
    pub(super) table: u8,
    /// A block of 8×8 becomes this many pixels across and down: 1, 2 or 4.
    pub(super) side: usize,
    /// Across: whether its pixels are too few for the picture, or too many.
    pub(super) across_by: Fit,
    /// And down.
    pub(super) down_by: Fit,
    /// Blocks that hold pixels, across and down.
    pub(super) blocks: (usize, usize),
}

/// How the pixels of a component fit those of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// So many of the picture share one.
    pub(super) spread: usize,
    /// So many are merged to one of the picture.
    pub(super) merge: usize,
}

/// The frame header of a picture of the kinds that are read at a reduced size.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) progressive: bool,
    pub(super) components: Vec<Component>,
    /// Units of blocks across and down.
    pub(super) units: (usize, usize),
    /// Pixels of a unit across and down, reduced.
    pub(super) unit: (usize, usize),
}

impl Layout {
    /// None for what is rare: four colours, twelve bits, arithmetic coding, odd samplings.
    pub(super) fn read(segment: &Segment, scale: Scale) -> Option<Self> {
        if !matches!(segment.marker, 0xC0..=0xC2) {
            return None;
        }
        let ([8, size @ .., count], rest) = segment.body.split_first_chunk::<6>()? else {
            return None;
        };
        let [height_high, height_low, width_high, width_low] = *size;
        let height = usize::from(u16::from_be_bytes([height_high, height_low]));
        let width = usize::from(u16::from_be_bytes([width_high, width_low]));
        let (described, []) = rest.as_chunks::<3>() else { return None };
        if !matches!(count, 1 | 3) || described.len() != usize::from(*count) {
            return None;
        }
        let alone = described.len() == 1;
        let samplings = described.iter().map(|[_, sampling, _]| match alone {
            true => (1, 1),
            false => (usize::from(sampling >> 4), usize::from(sampling & 15)),
        });
        if !samplings.clone().all(|(across, down)| is_known(across) && is_known(down)) {
            return None;
        }
        let most_across = samplings.clone().map(|(across, _)| across).max()?;
        let most_down = samplings.clone().map(|(_, down)| down).max()?;
        let units = (width.div_ceil(8 * most_across), height.div_ceil(8 * most_down));
        let mut components = Vec::with_capacity(3);
        for ([id, _, table], (across, down)) in described.iter().zip(samplings) {
            let part = Part { across, down, most_across, most_down };
            let (side, across_by, down_by) = part.reduced(scale);
            let blocks = (
                (width * across).div_ceil(8 * most_across),
                (height * down).div_ceil(8 * most_down),
            );
            components.push(Component {
                id: *id,
                across,
                down,
                table: *table,
                side,
                across_by,
                down_by,
                blocks,
            });
        }
        let side = scale.side();
        let unit = (most_across * side, most_down * side);
        let fits = units.0 * unit.0 <= MOST_SIDE && units.1 * unit.1 <= MOST_SIDE;
        let progressive = segment.marker == 0xC2;
        fits.then_some(Self { progressive, components, units, unit })
    }
}

/// How a component lies in its units.
struct Part {
    across: usize,
    down: usize,
    most_across: usize,
    most_down: usize,
}

impl Part {
    /// How many pixels a block becomes, and what each covers. Where colours have fewer pixels
    /// than brightness, their blocks are reduced less, so that no detail is lost twice.
    fn reduced(&self, scale: Scale) -> (usize, Fit, Fit) {
        let (wide, high) = (self.most_across / self.across, self.most_down / self.down);
        let kept = wide.max(high).min(4 / scale.side());
        let fit =
            |share: usize| Fit { spread: (share / kept).max(1), merge: (kept / share).max(1) };
        (scale.side() * kept, fit(wide), fit(high))
    }
}

/// Blocks in a unit: what divides the others, and cameras use.
fn is_known(sampling: usize) -> bool {
    matches!(sampling, 1 | 2 | 4)
}
