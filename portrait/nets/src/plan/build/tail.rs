//! Which operators are done in the pass of a convolution.

use super::Builder;
use crate::Unreadable;
use crate::kernels::{Activation, Tail, WIDE};
use crate::model::{Binary, Kind, Unary};

impl Builder {
    /// What is done in the pass of a convolution, and the tensor that then comes out.
    pub(super) fn tail(
        &mut self,
        at: usize,
        relu: bool,
        from: &mut Vec<usize>,
    ) -> Result<(Tail, usize), Unreadable> {
        let mut end = self.model.operators[at].output;
        let activation = if relu { Activation::Relu } else { Activation::None };
        let mut tail = Tail { activation, slopes: Vec::new(), added: None };
        while tail.activation == Activation::None {
            let [reader] = self.readers[end][..] else { break };
            let Some(operator) = self.model.operators.get(reader) else { break };
            let (kind, output) = (operator.kind, operator.output);
            match kind {
                Kind::Unary(Unary::Relu) => tail.activation = Activation::Relu,
                Kind::Unary(Unary::HardSwish) => tail.activation = Activation::HardSwish,
                Kind::Unary(Unary::Sigmoid) => tail.activation = Activation::Sigmoid,
                Kind::PRelu => {
                    let channels = self.shape(output).last().copied().unwrap_or(0);
                    let slopes = self.floats(operator.inputs.get(1), channels, reader)?;
                    tail.slopes = slopes.to_vec();
                    tail.slopes.resize(channels.next_multiple_of(WIDE), 0.0);
                    tail.activation = Activation::PRelu;
                }
                Kind::Binary(Binary::Add) if tail.added.is_none() => {
                    let Some(added) = self.added(at, reader, end) else { break };
                    tail.added = self.shape(added).last().copied();
                    from.push(self.shown[added]);
                }
                _ => break,
            }
            self.done[reader] = true;
            end = output;
        }
        Ok((tail, end))
    }

    /// The picture that `adding` adds to what operator `at` makes, if it is there by then.
    fn added(&mut self, at: usize, adding: usize, to: usize) -> Option<usize> {
        let inputs = &self.model.operators[adding].inputs;
        let other = *inputs.iter().find(|input| **input != to)?;
        if self.shape(other) != self.shape(to) || inputs.len() != 2 {
            return None;
        }
        let padding = self.maker[other].filter(|maker| {
            matches!(self.model.operators[*maker].kind, Kind::Pad) && self.readers[other].len() == 1
        });
        let added = match padding {
            // Only channels are ever added at the end: the nets pad nothing else.
            Some(padding) => *self.model.operators[padding].inputs.first()?,
            None => other,
        };
        let pixels =
            |tensor: usize| self.shape(tensor).split_last().map(|(_, outer)| outer.to_vec());
        let is_there = self.maker[added].is_none_or(|maker| maker < at);
        if !is_there || pixels(added) != pixels(to) {
            return None;
        }
        if let Some(padding) = padding {
            self.done[padding] = true;
        }
        Some(added)
    }
}
