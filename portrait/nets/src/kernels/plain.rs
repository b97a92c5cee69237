//! Operators that take little time: the compiler's own vectors do.

use super::Extent;
use crate::model::{Binary, Unary};

/// How the numbers of an operand go along those of the result.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Along {
    /// One each.
    Each,
    /// The same few again and again: one for each channel, or one for all.
    Again(usize),
    /// One for as many numbers of the result.
    Held(usize),
}

#[inline(always)]
pub(crate) fn binary(
    operation: Binary,
    left: (&[f32], Along),
    right: (&[f32], Along),
    into: &mut [f32],
) {
    match operation {
        Binary::Add => pair(|left, right| left + right, left, right, into),
        Binary::Sub => pair(|left, right| left - right, left, right, into),
        Binary::Mul => pair(|left, right| left * right, left, right, into),
        Binary::Div => pair(|left, right| left / right, left, right, into),
        Binary::SquaredDifference => {
            pair(|left, right| (left - right) * (left - right), left, right, into);
        }
    }
}

/// Runs of the result for which each operand is a run of its own or one number: without a division
/// for each number the compiler makes vectors of them.
#[inline(always)]
fn pair(
    apply: impl Fn(f32, f32) -> f32,
    (left, along_left): (&[f32], Along),
    (right, along_right): (&[f32], Along),
    into: &mut [f32],
) {
    let run = match (along_left, along_right) {
        (Along::Each, Along::Each) => into.len(),
        (Along::Again(1), along) | (along, Along::Again(1)) => along.run(into.len()),
        (left, right) => left.run(into.len()).min(right.run(into.len())),
    };
    for (index, into) in into.chunks_exact_mut(run).enumerate() {
        let left = along_left.part(left, index, run);
        let right = along_right.part(right, index, run);
        match (left, right) {
            ([left], right) => {
                for (into, right) in into.iter_mut().zip(right) {
                    *into = apply(*left, *right);
                }
            }
            (left, [right]) => {
                for (into, left) in into.iter_mut().zip(left) {
                    *into = apply(*left, *right);
                }
            }
            (left, right) => {
                for ((into, left), right) in into.iter_mut().zip(left).zip(right) {
                    *into = apply(*left, *right);
                }
            }
        }
    }
}

impl Along {
    /// How many numbers of the result go by until the operand begins again or moves on.
    #[inline(always)]
    fn run(self, whole: usize) -> usize {
        match self {
            Self::Each => whole,
            Self::Again(len) | Self::Held(len) => len,
        }
    }

    /// The operand's numbers for one run.
    #[inline(always)]
    fn part(self, numbers: &[f32], index: usize, run: usize) -> &[f32] {
        match self {
            Self::Each => &numbers[index * run..][..run],
            Self::Again(1) => &numbers[..1],
            Self::Again(len) => &numbers[index * run % len..][..run],
            Self::Held(times) => &numbers[index * run / times..][..1],
        }
    }
}

#[inline(always)]
pub(crate) fn unary(operation: Unary, from: &[f32], into: &mut [f32]) {
    match operation {
        Unary::Relu => each(|number| number.max(0.0), from, into),
        Unary::Sigmoid => each(|number| 1.0 / (1.0 + (-number).exp()), from, into),
        Unary::HardSwish => {
            each(|number| number * (number + 3.0).clamp(0.0, 6.0) / 6.0, from, into);
        }
        Unary::Neg => each(|number| -number, from, into),
        Unary::Sqrt => each(f32::sqrt, from, into),
        Unary::InverseSqrt => each(|number| 1.0 / number.sqrt(), from, into),
    }
}

#[inline(always)]
fn each(apply: impl Fn(f32) -> f32, from: &[f32], into: &mut [f32]) {
    for (into, from) in into.iter_mut().zip(from) {
        *into = apply(*from);
    }
}

#[inline(always)]
pub(crate) fn prelu(slopes: &[f32], from: &[f32], into: &mut [f32]) {
    let pixels = into.chunks_exact_mut(slopes.len()).zip(from.chunks_exact(slopes.len()));
    for (into, from) in pixels {
        for ((into, from), slope) in into.iter_mut().zip(from).zip(slopes) {
            *into = if *from < 0.0 { *from * slope } else { *from };
        }
    }
}

#[inline(always)]
pub(crate) fn max_pool(
    from: Extent,
    (window, step): (usize, usize),
    numbers: &[f32],
    into: &mut [f32],
) {
    let channels = from.channels;
    let across = from.width / step;
    for (index, into) in into.chunks_exact_mut(channels).enumerate() {
        let (y, x) = (index / across * step, index % across * step);
        into.fill(f32::NEG_INFINITY);
        for down in 0..window {
            let pixels = &numbers[((y + down) * from.width + x) * channels..][..window * channels];
            for pixel in pixels.chunks_exact(channels) {
                for (into, number) in into.iter_mut().zip(pixel) {
                    *into = into.max(*number);
                }
            }
        }
    }
}

/// The sum over the middle one of three extents, times `scale`.
#[inline(always)]
pub(crate) fn mean((over, inner): (usize, usize), scale: f32, from: &[f32], into: &mut [f32]) {
    for (into, from) in into.chunks_exact_mut(inner).zip(from.chunks_exact(over * inner)) {
        into.fill(0.0);
        for from in from.chunks_exact(inner) {
            for (into, number) in into.iter_mut().zip(from) {
                *into += *number;
            }
        }
        for into in into {
            *into *= scale;
        }
    }
}

/// Puts runs of numbers of several operands one after the other, `outer` times.
#[inline(always)]
pub(crate) fn concat(parts: &[(&[f32], usize)], into: &mut [f32]) {
    let whole: usize = parts.iter().map(|(_, run)| run).sum();
    for (index, into) in into.chunks_exact_mut(whole).enumerate() {
        let mut rest = into;
        for (from, run) in parts {
            let (own, others) = rest.split_at_mut(*run);
            own.copy_from_slice(&from[index * run..][..*run]);
            rest = others;
        }
    }
}

#[inline(always)]
pub(crate) fn transpose((rows, columns): (usize, usize), from: &[f32], into: &mut [f32]) {
    for (column, into) in into.chunks_exact_mut(rows).take(columns).enumerate() {
        for (into, from) in into.iter_mut().zip(from.iter().skip(column).step_by(columns)) {
            *into = *from;
        }
    }
}

/// Twice as wide and high, between the middles of the pixels.
#[inline(always)]
pub(crate) fn double(from: Extent, numbers: &[f32], into: &mut [f32]) {
    let Extent { height, width, channels } = from;
    // A new pixel lies a quarter of an old one before or behind the old one's middle.
    let near = |at: usize, most: usize| {
        let own = at / 2;
        let other =
            if at.is_multiple_of(2) { own.saturating_sub(1) } else { (own + 1).min(most - 1) };
        (own, other)
    };
    for (y, line) in into.chunks_exact_mut(2 * width * channels).enumerate() {
        let (own, other) = near(y, height);
        let own = &numbers[own * width * channels..][..width * channels];
        let other = &numbers[other * width * channels..][..width * channels];
        for (x, pixel) in line.chunks_exact_mut(channels).enumerate() {
            let (here, beside) = near(x, width);
            let at = |x: usize| x * channels..(x + 1) * channels;
            let upper = own[at(here)].iter().zip(&own[at(beside)]);
            let lower = other[at(here)].iter().zip(&other[at(beside)]);
            for ((into, (a, b)), (c, d)) in pixel.iter_mut().zip(upper).zip(lower) {
                *into = 0.75 * (0.75 * a + 0.25 * b) + 0.25 * (0.75 * c + 0.25 * d);
            }
        }
    }
}

/// Each pixel becomes 2×2 of one channel.
#[inline(always)]
pub(crate) fn spread(
    from: Extent,
    (weights, bias): (&[f32], f32),
    numbers: &[f32],
    into: &mut [f32],
) {
    let Extent { width, channels, .. } = from;
    for (y, line) in into.chunks_exact_mut(2 * width).enumerate() {
        let own = &numbers[y / 2 * width * channels..][..width * channels];
        let weights = &weights[y % 2 * 2 * channels..][..2 * channels];
        let (left, right) = weights.split_at(channels);
        for (pair, pixel) in line.chunks_exact_mut(2).zip(own.chunks_exact(channels)) {
            for (into, weights) in pair.iter_mut().zip([left, right]) {
                *into = bias + pixel.iter().zip(weights).map(|(a, b)| a * b).sum::<f32>();
            }
        }
    }
}
