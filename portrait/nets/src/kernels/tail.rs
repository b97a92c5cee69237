//! What follows a convolution in the same pass, while its numbers are still in registers.

use fearless_simd::{Simd, f32x8, f32x16, prelude::*};

/// The function at the end of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    None,
    Relu,
    /// A slope of its own for the negative numbers of each channel.
    PRelu,
    HardSwish,
    Sigmoid,
}

/// An earlier picture that is added, then the activation.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) activation: Activation,
    /// A channel each, filled up with zeros; empty without [`Activation::PRelu`].
    pub(crate) slopes: Vec<f32>,
    /// Channels of the picture that is added; fewer than the layer's count as zero.
    pub(crate) added: Option<usize>,
}

/// One pixel's channels from `first` on, as far as they exist.
#[inline(always)]
fn part<const N: usize>(pixel: &[f32], first: usize) -> [f32; N] {
    let mut padded = [0.0; N];
    if let Some(rest) = pixel.get(first..) {
        let len = rest.len().min(N);
        padded[..len].copy_from_slice(&rest[..len]);
    }
    padded
}

macro_rules! finish {
    ($name:ident, $vector:ident, $width:literal) => {
        impl Tail {
            /// Finishes the channels from `first` on of one pixel and stores them.
            #[inline(always)]
            pub(crate) fn $name<S: Simd>(
                &self,
                simd: S,
                mut sum: $vector<S>,
                first: usize,
                added: Option<&[f32]>,
                into: &mut [f32],
            ) {
                if let Some(pixel) = added {
                    sum += match pixel.get(first..first + $width) {
                        Some(whole) => $vector::from_slice(simd, whole),
                        None => $vector::from_slice(simd, &part::<$width>(pixel, first)),
                    };
                }
                let zero = $vector::splat(simd, 0.0);
                let done = match self.activation {
                    Activation::None => sum,
                    Activation::Relu => sum.max(zero),
                    Activation::PRelu => {
                        let slopes = $vector::from_slice(simd, &self.slopes[first..first + $width]);
                        sum.min(zero).mul_add(slopes, sum.max(zero))
                    }
                    Activation::HardSwish => {
                        let gate = (sum + 3.0).max(zero).min($vector::splat(simd, 6.0));
                        sum * gate * (1.0 / 6.0)
                    }
                    Activation::Sigmoid => {
                        let mut values = [0.0; $width];
                        sum.store_slice(&mut values);
                        for value in &mut values {
                            *value = 1.0 / (1.0 + (-*value).exp());
                        }
                        $vector::from_slice(simd, &values)
                    }
                };
                match into.get_mut(first..first + $width) {
                    Some(whole) => done.store_slice(whole),
                    None => {
                        let mut values = [0.0; $width];
                        done.store_slice(&mut values);
                        for (place, value) in into.iter_mut().skip(first).zip(values) {
                            *place = value;
                        }
                    }
                }
            }
        }
    };
}

finish!(finish_wide, f32x16, 16);
finish!(finish_narrow, f32x8, 8);
