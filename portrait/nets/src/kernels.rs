//! The arithmetic of each operator, on numbers that lie pixel by pixel, channels side by side.
//!
//! Extents are checked when a net is read; from then on every index here follows from them.

mod conv;
mod depthwise;
mod plain;
mod tail;

pub(crate) use conv::Conv;
pub(crate) use depthwise::Depthwise;
pub(crate) use plain::{
    Along, binary, concat, double, max_pool, mean, prelu, spread, transpose, unary,
};
pub(crate) use tail::{Activation, Tail};

/// Channels in the widest vector that the kernels handle at once.
pub(crate) const WIDE: usize = 16;
/// And in the narrow one, for what is left.
pub(crate) const NARROW: usize = 8;

/// A picture's extents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) channels: usize,
}

/// A window that moves over a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) step: usize,
    /// Rows of zeros above the picture, columns left of it.
    pub(crate) above: usize,
    pub(crate) before: usize,
}

impl Extent {
    pub(crate) fn len(self) -> usize {
        self.height * self.width * self.channels
    }
}

#[cfg(test)]
mod tests;
