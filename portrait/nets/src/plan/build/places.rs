//! Memory: two values that are never needed at the same time share it.

use super::{Builder, Draft};
use crate::plan::{Plan, Step, Value, Work};

impl Builder {
    /// Gives each value a place until it was read for the last time.
    pub(super) fn share_out(self, drafts: Vec<Draft>) -> Plan {
        let mut last = vec![0; self.model.tensors.len()];
        for (at, draft) in drafts.iter().enumerate() {
            for tensor in &draft.from {
                last[*tensor] = at;
            }
        }
        for output in &self.model.outputs {
            last[self.shown[*output]] = usize::MAX;
        }
        let mut shared = Places { sizes: Vec::new(), free: Vec::new() };
        let mut place = vec![None; self.model.tensors.len()];
        let mut constants = Vec::new();
        for tensor in drafts.iter().flat_map(|draft| &draft.from) {
            if let (None, Some(floats)) = (place[*tensor], &self.model.tensors[*tensor].floats) {
                let own = shared.add(floats.len());
                place[*tensor] = Some(own);
                constants.push((own, floats.clone()));
                last[*tensor] = usize::MAX;
            }
        }
        place[self.model.input] = Some(shared.add(self.len(self.model.input)));
        // Whoever fills the input may do so again: its place is its own.
        last[self.model.input] = usize::MAX;
        let mut steps = Vec::new();
        let mut scratch = 0;
        for (at, draft) in drafts.into_iter().enumerate() {
            let len = self.len(draft.into);
            let into = shared.take(len);
            place[draft.into] = Some(into);
            let mut from: Vec<usize> = Vec::new();
            for tensor in &draft.from {
                from.extend(place[*tensor]);
            }
            for tensor in draft.from {
                if let (true, Some(own)) = (last[tensor] == at, place[tensor])
                    && !shared.free.contains(&own)
                {
                    shared.free.push(own);
                }
            }
            scratch = scratch.max(match &draft.work {
                Work::Conv(conv) => conv.scratch(),
                Work::Depthwise(conv) => conv.scratch(),
                _ => 0,
            });
            steps.push(Step { work: draft.work, from, into, len });
        }
        let value = |tensor: usize| Value {
            place: place[self.shown[tensor]].unwrap_or(0),
            shape: self.shape(tensor).to_vec(),
        };
        Plan {
            steps,
            places: shared.sizes,
            constants,
            input: value(self.model.input),
            outputs: self.model.outputs.iter().map(|output| value(*output)).collect(),
            scratch,
        }
    }
}

struct Places {
    sizes: Vec<usize>,
    free: Vec<usize>,
}

impl Places {
    fn add(&mut self, len: usize) -> usize {
        self.sizes.push(len);
        self.sizes.len() - 1
    }

    /// A place that is free, the smallest that fits, or the largest made larger.
    fn take(&mut self, len: usize) -> usize {
        let fits = |place: &&usize| self.sizes[**place] >= len;
        let best = self.free.iter().filter(fits).min_by_key(|place| self.sizes[**place]);
        let best = best.or_else(|| self.free.iter().max_by_key(|place| self.sizes[**place]));
        let Some(best) = best.copied() else { return self.add(len) };
        self.free.retain(|place| *place != best);
        self.sizes[best] = self.sizes[best].max(len);
        best
    }
}
