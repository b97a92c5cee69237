//! Whether the eyes are open and seen: by the lids and by what lies between them.

use super::Values;
use super::face::{Patch, distance};
use super::skin::{cheek_light, median};
use crate::rules::{EYE_RANGE, Measure, Rule, SHARP};

/// Corners, and three pairs of points of the upper and the lower lid.
struct Eye {
    corners: [usize; 2],
    lids: [[usize; 2]; 3],
    outline: [usize; 16],
}

const EYES: [Eye; 2] = [
    Eye {
        corners: [33, 133],
        lids: [[158, 153], [159, 145], [160, 144]],
        outline: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
    },
    Eye {
        corners: [362, 263],
        lids: [[385, 380], [386, 374], [387, 373]],
        outline: [362, 382, 381, 380, 374, 373, 390, 249, 263, 466, 388, 387, 386, 385, 384, 398],
    },
];

/// Around the eyes: lids and the skin below. Dark glasses darken these too, closed lids do not.
const AROUND: &[usize] = &[230, 450, 229, 449, 223, 443];

/// Skin around the eyes is at least .7 times as light as the cheeks, dark glasses .1.
const DARK_AROUND: f32 = 0.45;

/// Places along an eye and lines across it at which the light is read.
const PLACES: usize = 37;
const LINES: usize = 7;

/// Everything about the eyes but where they look.
pub(super) fn put(patch: &Patch, values: &mut Values) {
    let points = &patch.points;
    let eyes = points.middle(&[33, 133, 362, 263]);
    let chin = distance(eyes, points.at(152));
    let gap = EYES.iter().map(|eye| eye.gap(patch)).fold(f32::MAX, f32::min) / chin;
    values.put(Rule::EyesOpen, Measure::LidGap, gap);

    // Nothing can be told from what is blurred: that is said instead.
    if values.get(Rule::Sharp, Measure::Sharpness).is_none_or(|it| it < SHARP) {
        return;
    }
    let cheeks = cheek_light(patch).max(8.0);
    let seen = EYES.iter().map(|eye| eye.range(patch, cheeks)).fold(0.0, f32::max);
    let mut around: Vec<f32> = AROUND.iter().flat_map(|it| patch.square(*it, 3)).collect();
    let hidden = median(&mut around).is_some_and(|light| light < DARK_AROUND * cheeks);
    if hidden {
        values.put(Rule::Uncovered, Measure::EyeRange, seen);
        return;
    }
    values.put(Rule::EyesOpen, Measure::EyeRange, seen);
    // Behind lids nothing can be said of what hides the eyes.
    if seen >= EYE_RANGE {
        values.put(Rule::Uncovered, Measure::EyeRange, seen);
    }
}

/// How closed the net finds the lids; none for a net without that answer.
pub(super) fn blink(shapes: &[f32]) -> Option<f32> {
    shapes.get(9..11).map(|both| both.iter().sum::<f32>() / 2.0)
}

impl Eye {
    fn gap(&self, patch: &Patch) -> f32 {
        let open = |[up, low]: &[usize; 2]| distance(patch.points.at(*up), patch.points.at(*low));
        self.lids.iter().map(open).fold(0.0, f32::max)
    }

    /// How much the light changes along the eye, in hundredths of the cheeks' light a step, times
    /// how much more it changes along the eye than across. An iris between two whites changes it
    /// twice along; lids, lashes and brows change it across.
    fn range(&self, patch: &Patch, cheeks: f32) -> f32 {
        let [left, right] = self.corners.map(|it| patch.points.at(it));
        let width = distance(left, right);
        let along = [(right[0] - left[0]) / width, (right[1] - left[1]) / width];
        let tall = self.gap(patch).max(0.15 * width);
        let [mx, my] = patch.points.middle(&self.outline);
        let (step, line) = (0.72 * width / (PLACES - 1) as f32, 0.5 * tall / (LINES - 1) as f32);

        let read = |row: usize| -> [f32; PLACES] {
            let down = (row as f32 - (LINES - 1) as f32 / 2.0) * line;
            std::array::from_fn(|place| {
                let across = (place as f32 - (PLACES - 1) as f32 / 2.0) * step;
                let x = mx + across * along[0] - down * along[1];
                let y = my + across * along[1] + down * along[0];
                soft(patch, x, y)
            })
        };
        let rows: [[f32; PLACES]; LINES] = std::array::from_fn(read);
        let mut profile = [0.0; PLACES];
        for row in &rows {
            for (sum, light) in profile.iter_mut().zip(row) {
                *sum += light / LINES as f32;
            }
        }
        let along = rows.iter().map(|row| change(row)).sum::<f32>() / LINES as f32 / step;
        let pairs = rows.iter().zip(rows.iter().skip(1));
        let across = pairs.flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b).abs()));
        let across = across.sum::<f32>() / ((LINES - 1) * PLACES) as f32 / line;
        change(&profile) / cheeks * 100.0 * along / (across + 1e-3)
    }
}

/// The mean step between neighbours.
fn change(row: &[f32]) -> f32 {
    let steps = row.iter().zip(row.iter().skip(1)).map(|(a, b)| (a - b).abs());
    steps.sum::<f32>() / (row.len() - 1) as f32
}

/// The light around a place, so softly that noise does not count as change.
fn soft(patch: &Patch, x: f32, y: f32) -> f32 {
    let (column, row) = ((x - 0.5).floor(), (y - 0.5).floor());
    let (right, down) = (x - 0.5 - column, y - 0.5 - row);
    // Straight lines between pixels, blurred by a quarter, half, quarter.
    let weights = |t: f32| [(1.0 - t) / 4.0, (2.0 - t) / 4.0, (1.0 + t) / 4.0, t / 4.0];
    let mut sum = 0.0;
    for (dy, by) in (-1_i8..).zip(weights(down)) {
        for (dx, weight) in (-1_i8..).zip(weights(right)) {
            sum += by * weight * patch.light(column + f32::from(dx), row + f32::from(dy));
        }
    }
    sum
}
