//! The order of work: which kernel runs on which numbers, and where they lie meanwhile.
//!
//! What follows a convolution (adding an earlier picture, the activation) is done in its pass; two
//! values that are never needed at the same time share their memory.

mod build;

use crate::kernels::{self, Along, Conv, Depthwise, Extent};
use crate::model::{Binary, Unary};
use fearless_simd::Simd;

/// A net as steps.
pub(crate) struct Plan {
    steps: Vec<Step>,
    /// How many numbers each place holds.
    places: Vec<usize>,
    /// What some places hold from the beginning.
    constants: Vec<(usize, Vec<f32>)>,
    input: Value,
    outputs: Vec<Value>,
    scratch: usize,
}

/// Where numbers lie, and their extents.
#[derive(Clone)]
struct Value {
    place: usize,
    shape: Vec<usize>,
}

/// One kernel at work.
struct Step {
    work: Work,
    from: Vec<usize>,
    into: usize,
    /// How many numbers come out; their place may be larger.
    len: usize,
}

enum Work {
    /// The second source, if any, is added.
    Conv(Conv),
    Depthwise(Depthwise),
    MaxPool(Extent, usize, usize),
    Mean {
        over: usize,
        inner: usize,
        scale: f32,
    },
    Binary(Binary, Along, Along),
    Unary(Unary),
    PRelu(Vec<f32>),
    Concat(Vec<usize>),
    Transpose(usize, usize),
    Double(Extent),
    Spread(Extent, Vec<f32>, f32),
}

/// The numbers of one run.
pub(crate) struct Arena {
    places: Vec<Vec<f32>>,
    scratch: Vec<f32>,
}

impl Plan {
    pub(crate) fn arena(&self) -> Arena {
        let mut places: Vec<Vec<f32>> = self.places.iter().map(|len| vec![0.0; *len]).collect();
        for (place, numbers) in &self.constants {
            places[*place].copy_from_slice(numbers);
        }
        Arena { places, scratch: vec![0.0; self.scratch] }
    }

    pub(crate) fn input(&self) -> &[usize] {
        &self.input.shape
    }

    pub(crate) fn input_of<'a>(&self, arena: &'a mut Arena) -> &'a mut [f32] {
        let len = self.input.shape.iter().product();
        &mut arena.places[self.input.place][..len]
    }

    pub(crate) fn outputs_of(&self, arena: &Arena) -> Vec<Vec<f32>> {
        let numbers = |value: &Value| {
            arena.places[value.place][..value.shape.iter().product::<usize>()].to_vec()
        };
        self.outputs.iter().map(numbers).collect()
    }

    #[inline(always)]
    pub(crate) fn run<S: Simd>(&self, simd: S, arena: &mut Arena) {
        for step in &self.steps {
            let mut into = std::mem::take(&mut arena.places[step.into]);
            step.run(simd, &arena.places, &mut into[..step.len], &mut arena.scratch);
            arena.places[step.into] = into;
        }
    }
}

impl Step {
    #[inline(always)]
    fn run<S: Simd>(&self, simd: S, places: &[Vec<f32>], into: &mut [f32], scratch: &mut [f32]) {
        let from = |at: usize| &places[self.from[at]][..];
        let added = || self.from.get(1).map(|place| &places[*place][..]);
        match &self.work {
            Work::Conv(conv) => conv.run(simd, from(0), added(), into, scratch),
            Work::Depthwise(conv) => conv.run(simd, from(0), added(), into, scratch),
            Work::MaxPool(extent, window, step) => {
                kernels::max_pool(*extent, (*window, *step), from(0), into);
            }
            Work::Mean { over, inner, scale } => {
                kernels::mean((*over, *inner), *scale, from(0), into);
            }
            Work::Binary(operation, left, right) => {
                kernels::binary(*operation, (from(0), *left), (from(1), *right), into);
            }
            Work::Unary(operation) => kernels::unary(*operation, from(0), into),
            Work::PRelu(slopes) => kernels::prelu(slopes, from(0), into),
            Work::Concat(runs) => {
                let parts: Vec<_> =
                    runs.iter().enumerate().map(|(at, run)| (from(at), *run)).collect();
                kernels::concat(&parts, into);
            }
            Work::Transpose(rows, columns) => {
                kernels::transpose((*rows, *columns), from(0), into);
            }
            Work::Double(extent) => kernels::double(*extent, from(0), into),
            Work::Spread(extent, weights, bias) => {
                kernels::spread(*extent, (weights, *bias), from(0), into);
            }
        }
    }
}
