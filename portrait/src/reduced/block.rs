//! A block of a JPEG as pixels: what of its numbers counts at a reduced size, and the transform.

use super::frame::ZIGZAG;
use super::huffman::TO_THE_END;

/// Numbers that count, in rows of four; behind them a place for those that do not.
pub(super) type Numbers = [f32; 20];

/// A block without numbers.
pub(super) const EMPTY: Numbers = [0.0; 20];

/// Where a number that does not count goes.
const NOWHERE: u8 = 16;

/// For each number in the order of the file: what it was divided by, and its place. Longer than
/// a block, so that a damaged file that steps beyond one lands nowhere.
pub(super) struct Places([(f32, u8); 2 * TO_THE_END]);

impl Places {
    /// For blocks that become `side` pixels across and down.
    pub(super) fn of(divisors: &[u16; 64], side: usize) -> Self {
        let mut places = [(0.0, NOWHERE); 2 * TO_THE_END];
        for ((place, divisor), at) in places.iter_mut().zip(divisors).zip(ZIGZAG) {
            if let Some(slot) = slot(at, side) {
                *place = (f32::from(*divisor), slot);
            }
        }
        Self(places)
    }

    /// Puts the number in its place, if it counts.
    #[inline(always)]
    pub(super) fn put(&self, numbers: &mut Numbers, at: usize, value: i32) {
        if let Some((divisor, slot)) = self.0.get(at & (2 * TO_THE_END - 1))
            && let Some(number) = numbers.get_mut(usize::from(*slot))
        {
            *number = value as f32 * divisor;
        }
    }
}

/// The place in rows of four of what stands at `at` in rows of eight, if it counts.
pub(super) fn slot(at: u8, side: usize) -> Option<u8> {
    let (row, column) = (at / 8, at % 8);
    let counts = usize::from(row.max(column)) < side;
    counts.then_some(row * 4 + column)
}

/// Tones of a block from 0 to 255 and a little beyond, in rows of four.
pub(super) type Tones = [Row; 4];

type Row = [f32; 4];

/// A block is eight times as large as its tones, and 0 is the middle.
const SHARE: f32 = 0.125;
const MIDDLE: f32 = 128.0;

/// The coarse part of the inverse cosine transform, for 4×4, 2×2 or one pixel.
#[inline(always)]
pub(super) fn tones(numbers: &Numbers, side: usize) -> Tones {
    match side {
        4 => four(numbers),
        2 => two(numbers),
        _ => flat(numbers),
    }
}

/// A block in one tone.
#[inline(always)]
pub(super) fn flat(numbers: &Numbers) -> Tones {
    let [first, ..] = *numbers;
    [[first * SHARE + MIDDLE; 4]; 4]
}

#[inline(always)]
fn two(numbers: &Numbers) -> Tones {
    let [a, b, _, _, c, d, ..] = *numbers;
    let middle = a * SHARE + MIDDLE;
    let [b, c, d] = [b * SHARE, c * SHARE, d * SHARE];
    let above = [middle + b + c + d, middle - b + c - d, 0.0, 0.0];
    let below = [middle + b - c - d, middle - b - c + d, 0.0, 0.0];
    [above, below, [0.0; 4], [0.0; 4]]
}

#[inline(always)]
fn four(numbers: &Numbers) -> Tones {
    let [a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3, ..] = *numbers;
    let middle = a0 * SHARE + MIDDLE;
    let first = [middle, a1 * SHARE, a2 * SHARE, a3 * SHARE];
    let [second, third, fourth] =
        [[b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]].map(|row| row.map(|it| it * SHARE));
    let [a, b, c, d] = transposed(across(first, second, third, fourth));
    transposed(across(a, b, c, d))
}

/// Four points of the transform, for four columns at once.
#[inline(always)]
fn across(a: Row, b: Row, c: Row, d: Row) -> [Row; 4] {
    // √2·cos(π/8) and √2·sin(π/8).
    const LONG: f32 = 1.306_563;
    const SHORT: f32 = 0.541_196_1;
    let sum = lanes(a, c, |a, c| a + c);
    let difference = lanes(a, c, |a, c| a - c);
    let outer = lanes(b, d, |b, d| LONG * b + SHORT * d);
    let inner = lanes(b, d, |b, d| SHORT * b - LONG * d);
    [
        lanes(sum, outer, |even, odd| even + odd),
        lanes(difference, inner, |even, odd| even + odd),
        lanes(difference, inner, |even, odd| even - odd),
        lanes(sum, outer, |even, odd| even - odd),
    ]
}

#[inline(always)]
fn lanes(a: Row, b: Row, with: impl Fn(f32, f32) -> f32) -> Row {
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (a, b);
    [with(a0, b0), with(a1, b1), with(a2, b2), with(a3, b3)]
}

#[inline(always)]
fn transposed(rows: [Row; 4]) -> [Row; 4] {
    let [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]] = rows;
    [[a0, b0, c0, d0], [a1, b1, c1, d1], [a2, b2, c2, d2], [a3, b3, c3, d3]]
}
