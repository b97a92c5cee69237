//! Planes of brightness and colour as rows of pixels.

use super::block::Tones;
use super::frame::{Component, Fit, Layout};
use crate::turn::Canvas;

/// Collects the blocks of one row of units, then paints them.
pub(super) struct Painter<'a> {
    planes: Vec<Plane>,
    canvas: &'a mut Canvas,
    /// One row of pixels per row of a unit.
    strip: Vec<u32>,
    width: usize,
    rows: usize,
}

/// One component of one row of units.
struct Plane {
    tones: Vec<f32>,
    width: usize,
    side: usize,
    across_by: Fit,
    down_by: Fit,
    /// A row with as many tones as the picture has pixels, and which it is.
    spread: Vec<f32>,
    spread_row: Option<usize>,
}

impl<'a> Painter<'a> {
    pub(super) fn of(layout: &Layout, canvas: &'a mut Canvas) -> Self {
        let plane = |component: &Component| {
            let width = layout.units.0 * component.across * component.side;
            Plane {
                tones: vec![0.0; width * component.down * component.side],
                width,
                side: component.side,
                across_by: component.across_by,
                down_by: component.down_by,
                spread: Vec::new(),
                spread_row: None,
            }
        };
        let (width, rows) = (layout.units.0 * layout.unit.0, layout.unit.1);
        let planes = layout.components.iter().map(plane).collect();
        Self { planes, canvas, strip: vec![0; width * rows], width, rows }
    }

    /// Sets a block of a component: its place in this row of units, in blocks.
    #[inline(always)]
    pub(super) fn set(&mut self, component: usize, across: usize, down: usize, block: &Tones) {
        let Some(plane) = self.planes.get_mut(component) else { return };
        let (side, width) = (plane.side, plane.width);
        let start = down * side * width + across * side;
        let Some(tones) = plane.tones.get_mut(start..) else { return };
        for (row, tones) in block.iter().zip(tones.chunks_mut(width)).take(side) {
            match side {
                4 => {
                    if let Some(place) = tones.first_chunk_mut::<4>() {
                        *place = *row;
                    }
                }
                _ => tones.iter_mut().zip(row).take(side).for_each(|(tone, of)| *tone = *of),
            }
        }
    }

    /// Paints the row of units that was set.
    pub(super) fn paint(&mut self) {
        for (down, row) in self.strip.chunks_mut(self.width.max(1)).enumerate() {
            match self.planes.as_mut_slice() {
                [grey] => {
                    for (pixel, tone) in row.iter_mut().zip(grey.row(down)) {
                        *pixel = part(*tone) * 0x01_01_01;
                    }
                }
                [bright, blue, red] => {
                    colour(row, bright.row(down), blue.row(down), red.row(down));
                }
                _ => {}
            }
        }
        self.planes.iter_mut().for_each(|plane| plane.spread_row = None);
        self.canvas.strip(&self.strip, self.width, self.rows);
    }
}

impl Plane {
    /// The tones of a row of the picture.
    fn row(&mut self, down: usize) -> &[f32] {
        let row = down * self.down_by.merge / self.down_by.spread;
        let start = row * self.width;
        let end = start + self.width * self.down_by.merge;
        let tones = self.tones.get(start..end).unwrap_or_default();
        if (self.across_by.spread, self.across_by.merge, self.down_by.merge) == (1, 1, 1) {
            return tones;
        }
        if self.spread_row != Some(row) {
            self.spread_row = Some(row);
            self.spread.resize(self.width * self.across_by.spread / self.across_by.merge, 0.0);
            if (self.across_by.spread, self.down_by.merge) == (2, 1) {
                between(tones, &mut self.spread);
            } else {
                mean(tones, self.width, self.across_by, &mut self.spread);
            }
        }
        &self.spread
    }
}

/// The means of the tones of some rows, as many as the picture has pixels.
fn mean(tones: &[f32], width: usize, across_by: Fit, spread: &mut [f32]) {
    for (x, mean) in spread.iter_mut().enumerate() {
        let first = x / across_by.spread * across_by.merge;
        let rows = tones.chunks_exact(width);
        let count = (rows.len() * across_by.merge).max(1) as f32;
        let under = rows.filter_map(|row| row.get(first..first + across_by.merge)).flatten();
        *mean = under.sum::<f32>() / count;
    }
}

/// Twice as many tones: each stands in the middle of two, which lean towards their neighbours.
fn between(tones: &[f32], spread: &mut [f32]) {
    let (pairs, _) = spread.as_chunks_mut::<2>();
    let mixed = |near: f32, far: f32| near * 0.75 + far * 0.25;
    let inner = pairs.iter_mut().skip(1).zip(tones.windows(3));
    for (pair, tones) in inner {
        if let [before, tone, after] = tones {
            *pair = [mixed(*tone, *before), mixed(*tone, *after)];
        }
    }
    if let ([first, ..], [a, b, ..]) = (&mut *pairs, tones) {
        *first = [*a, mixed(*a, *b)];
    }
    if let ([.., last], [.., a, b]) = (pairs, tones) {
        *last = [mixed(*b, *a), *b];
    }
}

/// From brightness, blue and red differences to red, green and blue (JFIF), red lowest.
fn colour(row: &mut [u32], bright: &[f32], blue: &[f32], red: &[f32]) {
    const MIDDLE: f32 = 128.0;
    for (((pixel, bright), blue), red) in row.iter_mut().zip(bright).zip(blue).zip(red) {
        let (blue, red) = (*blue - MIDDLE, *red - MIDDLE);
        let green = part(bright - 0.344_136 * blue - 0.714_136 * red);
        *pixel = part(bright + 1.402 * red) | green << 8 | part(bright + 1.772 * blue) << 16;
    }
}

/// A tone as a whole number from 0 to 255.
#[inline(always)]
fn part(tone: f32) -> u32 {
    /// Adding it leaves the rounded number in the lowest bits, which is faster than a cast.
    const ROUNDING: f32 = 8_388_608.0;
    (tone.clamp(0.0, 255.0) + ROUNDING).to_bits() & 0xFF
}
