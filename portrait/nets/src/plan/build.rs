//! From a file's operators to steps.

mod layers;
mod places;
mod tail;

use super::{Plan, Work};
use crate::Unreadable;
use crate::kernels::{Along, Extent};
use crate::model::{Kind, Model, Operator};

fn unfit(what: &str, at: usize) -> Unreadable {
    Unreadable(format!("operator {at}: {what}"))
}

/// An axis that may be counted from the last one back.
fn counted(axis: i32, rank: usize) -> Option<usize> {
    let rank = i32::try_from(rank).ok()?;
    let counted = if axis < 0 { axis + rank } else { axis };
    usize::try_from(counted).ok().filter(|_| counted < rank)
}

struct Builder {
    model: Model,
    /// Which operators read a tensor.
    readers: Vec<Vec<usize>>,
    /// Which operator makes a tensor.
    maker: Vec<Option<usize>>,
    /// Operators that an earlier one does in its pass, or that do nothing.
    done: Vec<bool>,
    /// The tensor whose numbers a tensor shows.
    shown: Vec<usize>,
}

/// A step before memory is shared out: what it reads and makes are tensors.
struct Draft {
    work: Work,
    from: Vec<usize>,
    into: usize,
}

impl Plan {
    /// Orders the work of a net.
    pub(crate) fn of(model: Model) -> Result<Self, Unreadable> {
        let mut builder = Builder::new(model)?;
        let mut drafts = Vec::new();
        for at in 0..builder.model.operators.len() {
            if !builder.done[at] {
                drafts.extend(builder.draft(at)?);
            }
        }
        let is_left =
            |(operator, done): (&Operator, &bool)| matches!(operator.kind, Kind::Pad) && !done;
        if builder.model.operators.iter().zip(&builder.done).any(is_left) {
            return Err(Unreadable("channels that are added to nothing".into()));
        }
        Ok(builder.share_out(drafts))
    }
}

impl Builder {
    fn new(model: Model) -> Result<Self, Unreadable> {
        let tensors = model.tensors.len();
        let mut readers = vec![Vec::new(); tensors];
        let mut maker = vec![None; tensors];
        for (at, operator) in model.operators.iter().enumerate() {
            for input in &operator.inputs {
                readers.get_mut(*input).ok_or_else(|| unfit("unknown input", at))?.push(at);
            }
            *maker.get_mut(operator.output).ok_or_else(|| unfit("unknown output", at))? = Some(at);
        }
        for end in model.outputs.iter().chain([&model.input]) {
            // What leaves the net is read once more.
            readers.get_mut(*end).ok_or_else(|| unfit("unknown end", *end))?.push(usize::MAX);
        }
        let done = vec![false; model.operators.len()];
        Ok(Self { readers, maker, done, shown: (0..tensors).collect(), model })
    }

    fn shape(&self, tensor: usize) -> &[usize] {
        &self.model.tensors[tensor].shape
    }

    fn len(&self, tensor: usize) -> usize {
        self.shape(tensor).iter().product()
    }

    fn extent(&self, tensor: usize, at: usize) -> Result<Extent, Unreadable> {
        match *self.shape(tensor) {
            [1, height, width, channels] => Ok(Extent { height, width, channels }),
            _ => Err(unfit("not a picture", at)),
        }
    }

    fn floats(&self, tensor: Option<&usize>, len: usize, at: usize) -> Result<&[f32], Unreadable> {
        let constant = tensor.and_then(|tensor| self.model.tensors[*tensor].floats.as_deref());
        constant.filter(|floats| floats.len() == len).ok_or_else(|| unfit("no constant", at))
    }

    /// What an operator does; none when its numbers are those of its input.
    fn draft(&mut self, at: usize) -> Result<Option<Draft>, Unreadable> {
        let Operator { kind, ref inputs, output } = self.model.operators[at];
        let inputs = inputs.clone();
        let first = *inputs.first().ok_or_else(|| unfit("no input", at))?;
        let mut from = vec![self.shown[first]];
        let mut into = output;
        let work = match kind {
            Kind::Same | Kind::Head => {
                self.show(at, first, output)?;
                return Ok(None);
            }
            // Done where the picture with more channels is added; `Plan::of` sees to it.
            Kind::Pad => return Ok(None),
            Kind::Conv(stride, relu) => {
                let (tail, end) = self.tail(at, relu, &mut from)?;
                into = end;
                Work::Conv(self.conv(at, stride, &inputs, tail)?)
            }
            Kind::Depthwise(stride, relu) => {
                let (tail, end) = self.tail(at, relu, &mut from)?;
                into = end;
                Work::Depthwise(self.depthwise(at, stride, &inputs, tail)?)
            }
            Kind::Binary(operation) => {
                let second = *inputs.get(1).ok_or_else(|| unfit("one operand", at))?;
                from.push(self.shown[second]);
                let [left, right] = [first, second].map(|it| self.along(it, output, at));
                Work::Binary(operation, left?, right?)
            }
            Kind::Unary(operation) => Work::Unary(operation),
            Kind::PRelu => {
                let channels = self.shape(output).last().copied().unwrap_or(0);
                Work::PRelu(self.floats(inputs.get(1), channels, at)?.to_vec())
            }
            Kind::Concat(axis) => {
                let axis = counted(axis, self.shape(output).len());
                let axis = axis.ok_or_else(|| unfit("axis", at))?;
                from = inputs.iter().map(|input| self.shown[*input]).collect();
                let run = |input: &usize| self.shape(*input).iter().skip(axis).product();
                Work::Concat(inputs.iter().map(run).collect())
            }
            Kind::Mean | Kind::Sum => {
                let axes = inputs.get(1).and_then(|axes| self.model.tensors[*axes].ints.as_deref());
                let Some([axis]) = axes else { return Err(unfit("several axes", at)) };
                let axis = counted(*axis, self.shape(first).len());
                let axis = axis.ok_or_else(|| unfit("axis", at))?;
                self.mean(first, axis..axis + 1, matches!(kind, Kind::Mean))
            }
            Kind::Transpose => match *self.shape(first) {
                [1, 1, rows, columns] if self.shape(output) == [1, 1, columns, rows] => {
                    Work::Transpose(rows, columns)
                }
                _ => return Err(unfit("an order of axes", at)),
            },
            Kind::MaxPool { .. } | Kind::AveragePool | Kind::Double | Kind::Spread => {
                self.resized(at, kind, &inputs)?
            }
        };
        Ok(Some(Draft { work, from, into }))
    }

    /// Lets a tensor show the numbers of another, from their beginning.
    fn show(&mut self, at: usize, from: usize, to: usize) -> Result<(), Unreadable> {
        let fits = match self.model.operators[at].kind {
            Kind::Same => self.len(from) == self.len(to),
            _ => self.len(from) >= self.len(to) && self.is_head(at),
        };
        if !fits {
            return Err(unfit("other numbers", at));
        }
        self.shown[to] = self.shown[from];
        Ok(())
    }

    /// Whether a slice begins at the beginning, leaves none out, and cuts only its outermost axis.
    fn is_head(&self, at: usize) -> bool {
        let Operator { inputs, output, .. } = &self.model.operators[at];
        let ints = |number: usize| {
            inputs.get(number).and_then(|tensor| self.model.tensors[*tensor].ints.as_deref())
        };
        let all =
            |number, value| ints(number).is_some_and(|ints| ints.iter().all(|int| *int == value));
        let inner = |tensor: usize| {
            let shape = self.shape(tensor).iter().skip_while(|extent| **extent == 1);
            shape.copied().collect::<Vec<_>>()
        };
        let (from, to) = (inner(inputs[0]), inner(*output));
        let same_end = from.iter().rev().zip(to.iter().rev()).take(from.len().saturating_sub(1));
        all(1, 0) && all(3, 1) && same_end.clone().all(|(from, to)| from == to)
    }

    fn along(&self, operand: usize, whole: usize, at: usize) -> Result<Along, Unreadable> {
        let (own, all) = (self.shape(operand), self.shape(whole));
        let (len, of) = (self.len(operand), self.len(whole));
        let ends = own.iter().skip_while(|extent| **extent == 1).count();
        if len == of {
            Ok(Along::Each)
        } else if ends <= all.len() && all.ends_with(&own[own.len() - ends..]) {
            Ok(Along::Again(len))
        } else if own.last() == Some(&1)
            && own.len() == all.len()
            && own[..own.len() - 1] == all[..all.len() - 1]
        {
            Ok(Along::Held(of / len))
        } else {
            Err(unfit("operands of other extents", at))
        }
    }

    fn mean(&self, tensor: usize, axes: std::ops::Range<usize>, is_mean: bool) -> Work {
        let shape = self.shape(tensor);
        let over: usize = shape[axes.clone()].iter().product();
        let inner = shape[axes.end..].iter().product();
        Work::Mean { over, inner, scale: if is_mean { 1.0 / over as f32 } else { 1.0 } }
    }
}
