//! How sharp a face is, in the direction where it is least so.

use super::Values;
use super::face::Patch;
use crate::rules::{Measure, Rule};

/// Pixels that the outline is drawn in by: its own edge is not the face's.
const INSET: usize = 6;

/// What is out of focus lacks fine detail everywhere; what is shaken lacks it along the way that
/// the camera went. So the second differences are summed along each of four directions.
pub(super) fn put(patch: &Patch, values: &mut Values) {
    let spans = patch.outline();
    let mut energy = [0.0_f64; 4];
    let mut count = 0.0_f64;
    let rows = patch.rows();
    let triples = rows.clone().zip(rows.clone().skip(1)).zip(rows.skip(2));
    for (((above, row), below), span) in triples.zip(spans.iter().skip(1)) {
        let (start, end) = (span.start + INSET, span.end.saturating_sub(INSET));
        let cut = |row| -> &[f32] { <[f32]>::get(row, start..end).unwrap_or_default() };
        let lines = cut(above).windows(3).zip(cut(row).windows(3)).zip(cut(below).windows(3));
        let mut sums = [0.0_f32; 4];
        for ((up, mid), down) in lines {
            if let (&[a, b, c], &[d, e, f], &[g, h, i]) = (up, mid, down) {
                let twice = 2.0 * e;
                for (sum, pair) in sums.iter_mut().zip([d + f, b + h, a + i, c + g]) {
                    *sum += (pair - twice) * (pair - twice);
                }
            }
        }
        count += end.saturating_sub(start + 2) as f64;
        for (energy, sum) in energy.iter_mut().zip(sums) {
            *energy += f64::from(sum);
        }
    }
    if count > 100.0 {
        let least = energy.into_iter().fold(f64::MAX, f64::min) / count;
        values.put(Rule::Sharp, Measure::Sharpness, least as f32);
    }
}
