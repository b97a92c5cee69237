//! How plain the wall behind a person is.

use super::Values;
use super::face::light_of;
use crate::find::Mask;
use crate::rules::{Measure, Rule};
use image::RgbImage;

/// Surely nothing of the person.
const BEHIND: f32 = 0.1;

/// Lines of the picture at which gradients are taken: those of a picture of 35 × 45 mm.
const LINES: u32 = 825;

/// Every so many places of the mask are enough.
const STEP: usize = 2;

/// Fewer places than this say nothing of a background.
const LEAST: f32 = 100.0;

/// Everything about the background.
pub(super) fn put(picture: &RgbImage, mask: &Mask, values: &mut Values) {
    let (width, height) = picture.dimensions();
    let reach = (height / LINES).max(1);
    let light = |x: u32, y: u32| {
        let (x, y) = (x.min(width.saturating_sub(1)), y.min(height.saturating_sub(1)));
        picture.get_pixel_checked(x, y).map_or(0.0, |it| light_of(it.0))
    };
    let is_behind = |column: usize, row: usize| {
        mask.person.get(row * mask.side + column).is_some_and(|it| *it < BEHIND)
    };
    let place = |at: usize, size: u32| ((at as f32 + 0.5) / mask.side as f32 * size as f32) as u32;
    let (mut count, mut gradient, mut sum, mut squares) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    let inner = || (3..mask.side.saturating_sub(3)).step_by(STEP);
    for (row, column) in inner().flat_map(|row| inner().map(move |column| (row, column))) {
        // Well away from hair and shoulders.
        let around = [(column - 3, row), (column + 3, row), (column, row - 3), (column, row + 3)];
        if !is_behind(column, row) || !around.iter().all(|it| is_behind(it.0, it.1)) {
            continue;
        }
        let (x, y) = (place(column, width), place(row, height));
        let across = light(x + reach, y) - light(x.saturating_sub(reach), y);
        let down = light(x, y + reach) - light(x, y.saturating_sub(reach));
        let here = light(x, y);
        count += 1.0;
        gradient += across.hypot(down);
        sum += here;
        squares += here * here;
    }
    if count >= LEAST {
        let mean = sum / count;
        values.put(Rule::Background, Measure::BackgroundGradient, gradient / count);
        let spread = (squares / count - mean * mean).max(0.0).sqrt();
        values.put(Rule::Background, Measure::BackgroundSpread, spread);
    }
}
