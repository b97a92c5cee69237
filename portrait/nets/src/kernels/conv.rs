//! Convolution as a product of matrices: a row for each pixel of the result, a column for each of
//! its channels.

use super::{Extent, NARROW, Tail, WIDE, Window};
use fearless_simd::{Simd, f32x8, f32x16, prelude::*};

/// Rows that are worked on at once: as many as fit the registers beside a row of weights.
const ROWS: usize = 6;
/// The same where vectors of sixteen are one register.
const MORE_ROWS: usize = 12;

/// A convolution with its weights in the order in which they are read.
#[derive(Debug)]
pub(crate) struct Conv {
    pub(crate) from: Extent,
    pub(crate) to: Extent,
    pub(crate) window: Window,
    panels: Vec<Panel>,
    pub(crate) tail: Tail,
}

/// Some neighbouring channels of the result: for each number that goes in, their weights.
#[derive(Debug)]
struct Panel {
    first: usize,
    is_wide: bool,
    weights: Vec<f32>,
    bias: [f32; WIDE],
}

/// The rows of a product.
#[derive(Clone, Copy)]
struct Rows<'a> {
    numbers: &'a [f32],
    /// Numbers in a row.
    each: usize,
}

impl Conv {
    /// Sorts weights that lie channel by channel of the result.
    pub(crate) fn new(
        (from, to): (Extent, Extent),
        window: Window,
        (weights, bias): (&[f32], &[f32]),
        tail: Tail,
    ) -> Self {
        let each = window.height * window.width * from.channels;
        let mut panels = Vec::new();
        let mut first = 0;
        while first < to.channels {
            let left = to.channels - first;
            let (is_wide, width) = if left > NARROW { (true, WIDE) } else { (false, NARROW) };
            let mut sorted = vec![0.0; each * width];
            let mut biases = [0.0; WIDE];
            for channel in 0..width.min(left) {
                let own = &weights[(first + channel) * each..][..each];
                for (place, weight) in sorted[channel..].iter_mut().step_by(width).zip(own) {
                    *place = *weight;
                }
                biases[channel] = bias[first + channel];
            }
            panels.push(Panel { first, is_wide, weights: sorted, bias: biases });
            first += width;
        }
        Self { from, to, window, panels, tail }
    }

    /// Whether each pixel of the result needs its own pixel only.
    fn is_pointwise(&self) -> bool {
        let Window { height, width, step, .. } = self.window;
        (height, width, step) == (1, 1, 1)
    }

    /// How many numbers of working memory a run needs.
    pub(crate) fn scratch(&self) -> usize {
        let each = self.window.height * self.window.width * self.from.channels;
        if self.is_pointwise() { 0 } else { self.to.width * each }
    }

    #[inline(always)]
    pub(crate) fn run<S: Simd>(
        &self,
        simd: S,
        from: &[f32],
        added: Option<&[f32]>,
        into: &mut [f32],
        scratch: &mut [f32],
    ) {
        if self.is_pointwise() {
            let rows = Rows { numbers: from, each: self.from.channels };
            self.product(simd, rows, added, into);
            return;
        }
        let row = self.to.width * self.to.channels;
        let each = self.window.height * self.window.width * self.from.channels;
        let scratch = &mut scratch[..self.to.width * each];
        for (y, into) in into.chunks_exact_mut(row).take(self.to.height).enumerate() {
            self.gather(from, y, scratch);
            let channels = self.tail.added.unwrap_or(0);
            let added = added.map(|added| &added[y * self.to.width * channels..]);
            self.product(simd, Rows { numbers: scratch, each }, added, into);
        }
    }

    /// Lays out, for each pixel of a row of the result, all that its window sees.
    #[inline(always)]
    fn gather(&self, from: &[f32], y: usize, rows: &mut [f32]) {
        let Window { height, width, step, above, before } = self.window;
        let channels = self.from.channels;
        let line = self.from.width * channels;
        for (x, seen) in rows.chunks_exact_mut(height * width * channels).enumerate() {
            // In columns of the picture; the window may begin left of it and end right of it.
            let skipped = before.saturating_sub(x * step);
            let first = (x * step + skipped) - before.min(x * step + skipped);
            let last = (x * step + width).saturating_sub(before).min(self.from.width);
            for (down, seen) in seen.chunks_exact_mut(width * channels).enumerate() {
                seen.fill(0.0);
                let Some(above) = (y * step + down).checked_sub(above) else { continue };
                if above < self.from.height && first < last {
                    let numbers = &from[above * line..][first * channels..last * channels];
                    seen[skipped * channels..][..numbers.len()].copy_from_slice(numbers);
                }
            }
        }
    }

    #[inline(always)]
    fn product<S: Simd>(&self, simd: S, rows: Rows<'_>, added: Option<&[f32]>, into: &mut [f32]) {
        let whole = into.len() / self.to.channels;
        let mut row = 0;
        if S::f32s::LEN >= WIDE {
            while row + MORE_ROWS <= whole {
                self.block::<S, MORE_ROWS>(simd, rows, row, added, into);
                row += MORE_ROWS;
            }
        }
        while row + ROWS <= whole {
            self.block::<S, ROWS>(simd, rows, row, added, into);
            row += ROWS;
        }
        while row < whole {
            self.block::<S, 1>(simd, rows, row, added, into);
            row += 1;
        }
    }

    /// Some rows of the result, all their channels.
    #[inline(always)]
    fn block<S: Simd, const R: usize>(
        &self,
        simd: S,
        rows: Rows<'_>,
        row: usize,
        added: Option<&[f32]>,
        into: &mut [f32],
    ) {
        let numbers = &rows.numbers[row * rows.each..][..R * rows.each];
        let into = &mut into[row * self.to.channels..][..R * self.to.channels];
        let channels = self.tail.added.unwrap_or(0);
        let added = added.map(|added| &added[row * channels..][..R * channels]);
        let pixel = |at: usize| added.map(|added| &added[at * channels..][..channels]);
        for panel in &self.panels {
            let places = into.chunks_exact_mut(self.to.channels).enumerate();
            if panel.is_wide {
                let sums = panel.wide::<S, R>(simd, numbers, rows.each);
                for ((at, into), sum) in places.zip(sums) {
                    self.tail.finish_wide(simd, sum, panel.first, pixel(at), into);
                }
            } else {
                let sums = panel.narrow::<S, R>(simd, numbers, rows.each);
                for ((at, into), sum) in places.zip(sums) {
                    self.tail.finish_narrow(simd, sum, panel.first, pixel(at), into);
                }
            }
        }
    }
}

macro_rules! sums {
    ($name:ident, $vector:ident, $width:ident) => {
        impl Panel {
            #[inline(always)]
            fn $name<S: Simd, const R: usize>(
                &self,
                simd: S,
                numbers: &[f32],
                each: usize,
            ) -> [$vector<S>; R] {
                let mut sums = [$vector::from_slice(simd, &self.bias[..$width]); R];
                let mut rows = [&numbers[..each]; R];
                for (row, own) in rows.iter_mut().zip(numbers.chunks_exact(each)) {
                    *row = &own[..each];
                }
                let (weights, _) = self.weights.as_chunks::<$width>();
                let weights = &weights[..each];
                for at in 0..each {
                    let weight = $vector::from_slice(simd, &weights[at]);
                    for (sum, row) in sums.iter_mut().zip(rows) {
                        *sum = $vector::splat(simd, row[at]).mul_add(weight, *sum);
                    }
                }
                sums
            }
        }
    };
}

sums!(wide, f32x16, WIDE);
sums!(narrow, f32x8, NARROW);
