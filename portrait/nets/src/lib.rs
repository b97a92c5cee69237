//! Runs the small nets that find and read a face, on the CPU.
//!
//! It reads TensorFlow Lite files as Google publishes them and knows the operators of four nets,
//! no more: a file with another one is not read. Pixels lie row by row with their channels side by
//! side (NHWC), the layout of those files, so nothing is converted and weights stay at half their
//! size on disk. Vectors come from `fearless_simd`: AVX2, AVX-512, NEON or plain code, as the
//! processor has them.

mod file;
#[allow(
    clippy::indexing_slicing,
    reason = "extents follow from a file that is part of the program; every net runs in the tests"
)]
mod kernels;
mod model;
#[allow(
    clippy::indexing_slicing,
    reason = "extents follow from a file that is part of the program; every net runs in the tests"
)]
mod plan;

use std::sync::{Mutex, PoisonError};

use fearless_simd::Level;

use plan::{Arena, Plan};

/// A net, ready to run. Shared between threads; each run works in memory of its own.
pub struct Net {
    plan: Plan,
    level: Level,
    /// Working memory of earlier runs: asking the system for it anew takes longer than a layer.
    spare: Mutex<Vec<Arena>>,
}

/// The file is damaged, or holds something that the four nets do not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a net that can be run: {0}")]
pub struct Unreadable(pub(crate) String);

impl Net {
    /// Reads a `.tflite` file.
    pub fn read(tflite: &[u8]) -> Result<Self, Unreadable> {
        let plan = Plan::of(model::Model::read(tflite)?)?;
        Ok(Self { plan, level: Level::new(), spare: Mutex::default() })
    }

    /// What goes in: the extents of the first input, outermost first.
    pub fn input(&self) -> &[usize] {
        self.plan.input()
    }

    /// Runs the net on what `fill` writes into its input, and answers its outputs in their order.
    pub fn run(&self, fill: impl FnOnce(&mut [f32])) -> Vec<Vec<f32>> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut arena = spare.unwrap_or_else(|| self.plan.arena());
        fill(self.plan.input_of(&mut arena));
        self.compute(&mut arena);
        let outputs = self.plan.outputs_of(&arena);
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(arena);
        outputs
    }

    /// The kernels, compiled once for each kind of processor: apart, or each caller would compile
    /// them again for its own `fill`.
    #[inline(never)]
    fn compute(&self, arena: &mut Arena) {
        fearless_simd::dispatch!(self.level, simd => self.plan.run(simd, arena));
    }
}
