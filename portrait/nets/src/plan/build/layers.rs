//! Convolutions and whatever else makes one picture of another.

use super::{Builder, unfit};
use crate::Unreadable;
use crate::kernels::{Conv, Depthwise, Extent, Tail, Window};
use crate::model::{Kind, Stride};
use crate::plan::Work;

impl Builder {
    /// An operator that makes a picture of other extents.
    pub(super) fn resized(
        &self,
        at: usize,
        kind: Kind,
        inputs: &[usize],
    ) -> Result<Work, Unreadable> {
        let from = self.extent(inputs[0], at)?;
        let to = self.extent(self.model.operators[at].output, at)?;
        let times = |to: Extent, step| (to.height * step, to.width * step);
        match kind {
            Kind::MaxPool { window, step }
                if times(to, step) == times(from, 1) && window <= step =>
            {
                Ok(Work::MaxPool(from, window, step))
            }
            Kind::AveragePool if to.len() == from.channels => Ok(self.mean(inputs[0], 1..3, true)),
            Kind::Double if times(to, 1) == times(from, 2) => Ok(Work::Double(from)),
            Kind::Spread if times(to, 1) == times(from, 2) && to.channels == 1 => {
                let weights = self.floats(inputs.get(1), 4 * from.channels, at)?.to_vec();
                let bias = self.floats(inputs.get(2), 1, at)?[0];
                Ok(Work::Spread(from, weights, bias))
            }
            _ => Err(unfit("extents", at)),
        }
    }

    fn window(from: Extent, to: Extent, side: (usize, usize), stride: Stride) -> Window {
        let (height, width) = side;
        // What is missing at the end is added on both sides, the smaller half before.
        let before = |from: usize, to: usize, side: usize| {
            let missing = ((to - 1) * stride.step + side).saturating_sub(from);
            if stride.same { missing / 2 } else { 0 }
        };
        let above = before(from.height, to.height, height);
        let before = before(from.width, to.width, width);
        Window { height, width, step: stride.step, above, before }
    }

    pub(super) fn conv(
        &self,
        at: usize,
        stride: Stride,
        inputs: &[usize],
        tail: Tail,
    ) -> Result<Conv, Unreadable> {
        let (from, to) =
            (self.extent(inputs[0], at)?, self.extent(self.model.operators[at].output, at)?);
        let weights = inputs.get(1).ok_or_else(|| unfit("no weights", at))?;
        let &[channels, height, width, depth] = self.shape(*weights) else {
            return Err(unfit("weights", at));
        };
        if channels != to.channels || depth != from.channels {
            return Err(unfit("channels", at));
        }
        let floats = self.floats(Some(weights), self.len(*weights), at)?;
        let bias = self.floats(inputs.get(2), channels, at)?;
        let window = Self::window(from, to, (height, width), stride);
        Ok(Conv::new((from, to), window, (floats, bias), tail))
    }

    pub(super) fn depthwise(
        &self,
        at: usize,
        stride: Stride,
        inputs: &[usize],
        tail: Tail,
    ) -> Result<Depthwise, Unreadable> {
        let (from, to) =
            (self.extent(inputs[0], at)?, self.extent(self.model.operators[at].output, at)?);
        let weights = inputs.get(1).ok_or_else(|| unfit("no weights", at))?;
        let &[1, height, width, channels] = self.shape(*weights) else {
            return Err(unfit("weights", at));
        };
        let known = matches!((height, width), (3, 3) | (5, 5)) && stride.same;
        if channels != to.channels || channels != from.channels || !known {
            return Err(unfit("channels", at));
        }
        let floats = self.floats(Some(weights), self.len(*weights), at)?;
        let bias = self.floats(inputs.get(2), channels, at)?;
        let window = Self::window(from, to, (height, width), stride);
        Ok(Depthwise::new((from, to), window, (floats, bias), tail))
    }
}
