//! Each fast kernel against the few plain lines that say what it computes.

use super::{Activation, Conv, Depthwise, Extent, Tail, Window};
use fearless_simd::{Level, dispatch};
use proptest::prelude::*;

/// Numbers that look random and stay small.
fn numbers(len: usize, seed: usize) -> Vec<f32> {
    (0..len).map(|at| (((at + 1) * (seed + 7) * 7919) % 2003) as f32 / 1001.5 - 1.0).collect()
}

/// The picture's number at a place, zero outside it.
fn at(from: Extent, numbers: &[f32], y: usize, x: usize, channel: usize, window: Window) -> f32 {
    let row = y.checked_sub(window.above).filter(|row| *row < from.height);
    let column = x.checked_sub(window.before).filter(|column| *column < from.width);
    match (row, column) {
        (Some(row), Some(column)) => numbers[(row * from.width + column) * from.channels + channel],
        _ => 0.0,
    }
}

fn finish(tail: &Tail, sum: f32, channel: usize, added: Option<&[f32]>) -> f32 {
    let sum = sum + added.and_then(|pixel| pixel.get(channel)).unwrap_or(&0.0);
    match tail.activation {
        Activation::None => sum,
        Activation::Relu => sum.max(0.0),
        Activation::PRelu if sum < 0.0 => sum * tail.slopes[channel],
        Activation::PRelu => sum,
        Activation::HardSwish => sum * (sum + 3.0).clamp(0.0, 6.0) / 6.0,
        Activation::Sigmoid => 1.0 / (1.0 + (-sum).exp()),
    }
}

#[derive(Debug, Clone)]
struct Case {
    from: Extent,
    to: Extent,
    window: Window,
    activation: Activation,
    added: Option<usize>,
}

impl Case {
    fn tail(&self) -> Tail {
        let slopes = numbers(self.to.channels.next_multiple_of(super::WIDE), 5);
        Tail { activation: self.activation, slopes, added: self.added }
    }

    /// Checks a kernel's result, pixel by pixel, against `sum`.
    fn check(&self, made: &[f32], added: Option<&[f32]>, sum: impl Fn(usize, usize, usize) -> f32) {
        let tail = self.tail();
        for (pixel, made) in made.chunks_exact(self.to.channels).enumerate() {
            let (y, x) = (pixel / self.to.width, pixel % self.to.width);
            let beside = self.added.unwrap_or(0);
            let added = added.map(|added| &added[pixel * beside..][..beside]);
            for (channel, made) in made.iter().enumerate() {
                let wanted = finish(&tail, sum(y, x, channel), channel, added);
                assert!((made - wanted).abs() < 1e-3, "{y} {x} {channel}: {made} {wanted}");
            }
        }
    }
}

fn case(sides: impl Strategy<Value = usize>, deep: bool) -> impl Strategy<Value = Case> {
    let activation = prop_oneof![
        Just(Activation::None),
        Just(Activation::Relu),
        Just(Activation::PRelu),
        Just(Activation::HardSwish),
        Just(Activation::Sigmoid),
    ];
    let extents = (1..14_usize, 1..14_usize, 1..40_usize, 1..40_usize);
    (extents, sides, 1..3_usize, activation, 0..3_usize).prop_map(
        move |((height, width, channels, others), side, step, activation, added)| {
            let from = Extent { height, width, channels };
            let out = if deep { others } else { channels };
            let to = Extent {
                height: height.div_ceil(step),
                width: width.div_ceil(step),
                channels: out,
            };
            let before = |from: usize, to: usize| ((to - 1) * step + side).saturating_sub(from) / 2;
            let window = Window {
                height: side,
                width: side,
                step,
                above: before(height, to.height),
                before: before(width, to.width),
            };
            let added = [None, Some(out), Some(out.div_ceil(2))][added];
            Case { from, to, window, activation, added }
        },
    )
}

proptest! {
    #[test]
    fn a_convolution_is_the_sum_over_its_window(case in case(1..4_usize, true)) {
        let Case { from, to, window, .. } = case;
        let picture = numbers(from.len(), 1);
        let each = window.height * window.width * from.channels;
        let (weights, bias) = (numbers(each * to.channels, 2), numbers(to.channels, 3));
        let added = case.added.map(|channels| numbers(to.height * to.width * channels, 4));
        let conv = Conv::new((from, to), window, (&weights, &bias), case.tail());
        let (mut made, mut scratch) = (vec![9.0; to.len()], vec![9.0; conv.scratch()]);
        let beside = added.as_deref();
        dispatch!(Level::new(), simd => conv.run(simd, &picture, beside, &mut made, &mut scratch));
        case.check(&made, beside, |y, x, channel| {
            let mut sum = bias[channel];
            for down in 0..window.height {
                for across in 0..window.width {
                    for other in 0..from.channels {
                        let place = (channel * window.height + down) * window.width + across;
                        let (y, x) = (y * window.step + down, x * window.step + across);
                        sum += at(from, &picture, y, x, other, window)
                            * weights[place * from.channels + other];
                    }
                }
            }
            sum
        });
    }

    #[test]
    fn a_depthwise_convolution_keeps_channels_apart(
        case in case(prop_oneof![Just(3_usize), Just(5)], false),
    ) {
        let Case { from, to, window, .. } = case;
        let picture = numbers(from.len(), 1);
        let weights = numbers(window.height * window.width * from.channels, 2);
        let bias = numbers(to.channels, 3);
        let added = case.added.map(|channels| numbers(to.height * to.width * channels, 4));
        let conv = Depthwise::new((from, to), window, (&weights, &bias), case.tail());
        let (mut made, mut scratch) = (vec![9.0; to.len()], vec![9.0; conv.scratch()]);
        let beside = added.as_deref();
        dispatch!(Level::new(), simd => conv.run(simd, &picture, beside, &mut made, &mut scratch));
        case.check(&made, beside, |y, x, channel| {
            let mut sum = bias[channel];
            for down in 0..window.height {
                for across in 0..window.width {
                    let place = (down * window.width + across) * from.channels + channel;
                    let (y, x) = (y * window.step + down, x * window.step + across);
                    sum += at(from, &picture, y, x, channel, window) * weights[place];
                }
            }
            sum
        });
    }
}

#[test]
fn twice_as_large_keeps_a_slope_and_the_edges() {
    let from = Extent { height: 1, width: 3, channels: 1 };
    let mut made = vec![0.0; 12];
    super::double(from, &[0.0, 4.0, 8.0], &mut made);
    assert_eq!(made, [[0.0, 1.0, 3.0, 5.0, 7.0, 8.0]; 2].concat());
}

#[test]
fn a_file_that_is_no_net_is_refused() {
    for bytes in [&[][..], b"TFL3", &[0xFF; 64], &[4, 0, 0, 0, 0, 0, 0, 0]] {
        assert!(crate::Net::read(bytes).is_err());
    }
}
