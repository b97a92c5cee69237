//! A picture whose numbers come in several scans: what counts of them, gathered.

use super::bits::Bits;
use super::block::{EMPTY, Numbers, Places, slot, tones};
use super::frame::{Layout, ZIGZAG};
use super::paint::Painter;
use super::part::{Block, Codes, Part};

/// No place: the number does not count at this size.
const NOWHERE: u8 = u8::MAX;

/// What is gathered of each component. Of a picture of 48 megapixels read at a half these are
/// 100 MB at the very most, where a whole decode takes 300 MB.
pub(super) struct Store {
    components: Vec<Gathered>,
}

struct Gathered {
    /// Blocks in a row, whole units.
    width: usize,
    side: usize,
    /// `side`² numbers for each block.
    numbers: Vec<i16>,
    /// For each block, which of its 64 numbers are not zero; later scans mend only those.
    seen: Vec<u64>,
    /// For each number in the order of the file, its place among those kept.
    slots: [u8; 64],
    divisors: Option<Box<[u16; 64]>>,
}

impl Store {
    pub(super) fn of(layout: &Layout) -> Self {
        let components = layout.components.iter().map(|component| {
            let width = layout.units.0 * component.across;
            let blocks = width * layout.units.1 * component.down;
            let side = component.side;
            let slots = ZIGZAG.map(|at| match slot(at, side) {
                Some(slot) => slot / 4 * side as u8 + slot % 4,
                None => NOWHERE,
            });
            let seen = if layout.progressive { vec![0; blocks] } else { Vec::new() };
            let numbers = vec![0; blocks * side * side];
            Gathered { width, side, numbers, seen, slots, divisors: None }
        });
        Self { components: components.collect() }
    }

    /// Remembers what the numbers of a component were divided by.
    pub(super) fn divide(&mut self, component: usize, divisors: &[u16; 64]) {
        if let Some(gathered) = self.components.get_mut(component)
            && gathered.divisors.is_none()
        {
            gathered.divisors = Some(Box::new(*divisors));
        }
    }

    /// Reads what a scan holds of one block.
    #[inline(always)]
    pub(super) fn read(
        &mut self,
        component: usize,
        across: usize,
        down: usize,
        part: &mut Part,
        codes: Codes,
        bits: &mut Bits,
    ) -> Option<()> {
        let gathered = self.components.get_mut(component)?;
        let block = down * gathered.width + across;
        let count = gathered.side * gathered.side;
        let numbers = gathered.numbers.get_mut(block * count..(block + 1) * count)?;
        let mut no_marks = 0;
        let seen = gathered.seen.get_mut(block).unwrap_or(&mut no_marks);
        let mut block = Block { numbers, seen, slots: &gathered.slots };
        let before = part.before.get_mut(component)?;
        match (part.progressive, part.first, part.high) {
            (false, ..) => block.plain(before, codes, bits),
            (true, 0, 0) => block.brightness(before, part.low, codes.0?, bits),
            (true, 0, _) => {
                if bits.bit() {
                    block.mend(0, 1 << part.low);
                }
                Some(())
            }
            (true, _, 0) => block.detail(part, codes.1?, bits),
            (true, ..) => block.finer(part, codes.1?, bits),
        }
    }

    /// Paints what was gathered.
    pub(super) fn paint(&self, layout: &Layout, painter: &mut Painter) -> Option<()> {
        let flat_table = [1; 64];
        let places: Vec<Places> = (self.components.iter())
            .map(|it| Places::of(it.divisors.as_deref().unwrap_or(&flat_table), it.side))
            .collect();
        for unit in 0..layout.units.1 {
            let parts = self.components.iter().zip(&layout.components).zip(&places).enumerate();
            for (at, ((gathered, component), places)) in parts {
                let count = gathered.side * gathered.side;
                for down in 0..component.down {
                    let first = (unit * component.down + down) * gathered.width * count;
                    let row = gathered.numbers.get(first..first + gathered.width * count)?;
                    for (across, kept) in row.chunks_exact(count).enumerate() {
                        let numbers = gathered.spread(kept, places);
                        painter.set(at, across, down, &tones(&numbers, gathered.side));
                    }
                }
            }
            painter.paint();
        }
        Some(())
    }
}

impl Gathered {
    /// The numbers of a block, multiplied, in their places.
    #[inline(always)]
    fn spread(&self, kept: &[i16], places: &Places) -> Numbers {
        let mut numbers = EMPTY;
        for (at, slot) in self.slots.iter().enumerate().take(25) {
            if let Some(value) = kept.get(usize::from(*slot)) {
                places.put(&mut numbers, at, i32::from(*value));
            }
        }
        numbers
    }
}
