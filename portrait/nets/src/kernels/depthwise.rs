//! Convolution of each channel with a window of its own.

use super::{Extent, NARROW, Tail, Window};
use fearless_simd::{Simd, f32x8, prelude::*};

/// Pixels of the result that share one reading of the weights.
const TOGETHER: usize = 4;

/// A depthwise convolution.
#[derive(Debug)]
pub(crate) struct Depthwise {
    pub(crate) from: Extent,
    pub(crate) to: Extent,
    pub(crate) window: Window,
    /// For each place of the window, groups of channels; the last is filled up with zeros.
    weights: Vec<[f32; NARROW]>,
    bias: Vec<[f32; NARROW]>,
    pub(crate) tail: Tail,
}

fn groups(numbers: &[f32]) -> impl Iterator<Item = [f32; NARROW]> {
    numbers.chunks(NARROW).map(|chunk| {
        let mut group = [0.0; NARROW];
        group[..chunk.len()].copy_from_slice(chunk);
        group
    })
}

impl Depthwise {
    /// Sorts weights that lie place by place of the window, channels side by side.
    pub(crate) fn new(
        (from, to): (Extent, Extent),
        window: Window,
        (weights, bias): (&[f32], &[f32]),
        tail: Tail,
    ) -> Self {
        let weights = weights.chunks_exact(from.channels).flat_map(groups).collect();
        Self { from, to, window, weights, bias: groups(bias).collect(), tail }
    }

    fn groups(&self) -> usize {
        self.from.channels.div_ceil(NARROW)
    }

    /// The picture with its border of zeros, as wide and high as the windows reach.
    fn padded(&self) -> (usize, usize) {
        let Window { height, width, step, .. } = self.window;
        // The last pixels of a row may be worked on together with some beyond it.
        let across = self.to.width.next_multiple_of(TOGETHER);
        ((self.to.height - 1) * step + height, (across - 1) * step + width)
    }

    /// How many numbers of working memory a run needs.
    pub(crate) fn scratch(&self) -> usize {
        let (height, width) = self.padded();
        height * width * self.groups() * NARROW
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
        let scratch = &mut scratch[..self.scratch()];
        self.pad(from, scratch);
        let (padded, _) = scratch.as_chunks::<NARROW>();
        match (self.window.height, self.window.width) {
            (3, 3) => self.slide::<S, 3>(simd, padded, added, into),
            _ => self.slide::<S, 5>(simd, padded, added, into),
        }
    }

    #[inline(always)]
    fn pad(&self, from: &[f32], into: &mut [f32]) {
        let (_, width) = self.padded();
        let Window { above, before, .. } = self.window;
        let channels = self.from.channels;
        let filled = self.groups() * NARROW;
        let columns = self.from.width.min(width - before);
        for (y, line) in into.chunks_exact_mut(width * filled).enumerate() {
            let row = y.checked_sub(above).filter(|row| *row < self.from.height);
            let Some(row) = row else {
                line.fill(0.0);
                continue;
            };
            let from = &from[row * self.from.width * channels..][..columns * channels];
            let (left, rest) = line.split_at_mut(before * filled);
            let (inside, right) = rest.split_at_mut(columns * filled);
            left.fill(0.0);
            right.fill(0.0);
            if channels == filled {
                inside.copy_from_slice(from);
                continue;
            }
            for (pixel, from) in inside.chunks_exact_mut(filled).zip(from.chunks_exact(channels)) {
                let (own, rest) = pixel.split_at_mut(channels);
                own.copy_from_slice(from);
                rest.fill(0.0);
            }
        }
    }

    #[inline(always)]
    fn slide<S: Simd, const SIDE: usize>(
        &self,
        simd: S,
        padded: &[[f32; NARROW]],
        added: Option<&[f32]>,
        into: &mut [f32],
    ) {
        let (groups, channels) = (self.groups(), self.to.channels);
        let (_, width) = self.padded();
        let line = width * groups;
        let beside = self.tail.added.unwrap_or(0);
        for (y, row) in into.chunks_exact_mut(self.to.width * channels).enumerate() {
            let top = &padded[y * self.window.step * line..];
            for (block, pixels) in row.chunks_mut(TOGETHER * channels).enumerate() {
                let x = block * TOGETHER;
                let corner = &top[x * self.window.step * groups..];
                for group in 0..groups {
                    let sums = self.sums::<S, SIDE>(simd, &corner[group..], line, group);
                    for ((at, into), sum) in pixels.chunks_exact_mut(channels).enumerate().zip(sums)
                    {
                        let pixel = y * self.to.width + x + at;
                        let added = added.map(|added| &added[pixel * beside..][..beside]);
                        self.tail.finish_narrow(simd, sum, group * NARROW, added, into);
                    }
                }
            }
        }
    }

    /// One group of channels of neighbouring pixels.
    #[inline(always)]
    fn sums<S: Simd, const SIDE: usize>(
        &self,
        simd: S,
        corner: &[[f32; NARROW]],
        line: usize,
        group: usize,
    ) -> [f32x8<S>; TOGETHER] {
        let groups = self.groups();
        let next = self.window.step * groups;
        let mut sums = [f32x8::from_slice(simd, &self.bias[group]); TOGETHER];
        for down in 0..SIDE {
            let reach = (TOGETHER - 1) * next + (SIDE - 1) * groups + 1;
            let row = &corner[down * line..][..reach];
            for across in 0..SIDE {
                let weight = &self.weights[(down * SIDE + across) * groups + group];
                let weight = f32x8::from_slice(simd, weight);
                for (at, sum) in sums.iter_mut().enumerate() {
                    let number = f32x8::from_slice(simd, &row[at * next + across * groups]);
                    *sum = number.mul_add(weight, *sum);
                }
            }
        }
        sums
    }
}
