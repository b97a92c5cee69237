//! The light and the colours of a face.

use super::Values;
use super::face::{Patch, light_of};
use crate::rules::{Measure, Rule};
use image::RgbImage;

/// The same places on either cheek.
const LEFT_CHEEK: &[usize] = &[50, 205, 101, 117, 187, 123];
const RIGHT_CHEEK: &[usize] = &[280, 425, 330, 346, 411, 352];
const FOREHEAD: &[usize] = &[10, 109, 338, 151, 108, 337, 67, 297];
/// Around the root of the nose: bare below a hat and above a mask.
const BETWEEN: &[usize] = &[168, 6, 8, 193, 417];
/// Covered by a mask, yet above most beards.
const LOWER_FACE: &[usize] = &[4, 5, 50, 280, 205, 425, 187, 411];

/// Nearly black and nearly white, as OFIQ counts them.
const BLACK: usize = 25;
const WHITE: usize = 247;

/// What is bright: but for reflections, the brightest.
const BRIGHT: f32 = 0.95;

/// In good light a face's bright parts are at least so bright beside the picture's; and by so much
/// at most they are helped when they are not. Pictures in the dark stay dark.
const LIT: f32 = 0.6;
const MOST_LIFT: f32 = 1.25;

/// Rows and columns at which the picture's light is read.
const PLACES: u32 = 64;

/// With more white than this the colours of a face are gone.
const MOST_WHITE: f32 = 0.05;

/// Shadows change the lightness of skin far more than its hue.
const LIGHTNESS_WEIGHT: f32 = 0.5;

/// Everything about the light on a face, and about what may cover it.
pub(super) fn put(picture: &RgbImage, patch: &Patch, values: &mut Values) {
    let mut counts = [0_u32; 256];
    for (row, span) in patch.rows().zip(patch.outline()) {
        for light in row.get(span).unwrap_or_default() {
            if let Some(count) = counts.get_mut(*light as usize) {
                *count += 1;
            }
        }
    }
    let all = counts.iter().sum::<u32>().max(1) as f32;
    let share = |counts: &[u32]| counts.iter().sum::<u32>() as f32 / all;
    let bright = reached(&counts, BRIGHT);
    // Where the picture is bright elsewhere, a darker face is skin before it is darkness.
    let lifted = (around(picture) * LIT).min(bright * MOST_LIFT);
    values.put(Rule::Exposure, Measure::FaceLight, bright.max(lifted));
    values.put(Rule::Exposure, Measure::DarkShare, share(&counts[..=BLACK]));
    values.put(Rule::Exposure, Measure::BrightShare, share(&counts[WHITE..]));

    let (left, right) = (mean_light(patch, LEFT_CHEEK), mean_light(patch, RIGHT_CHEEK));
    let uneven = (left - right).abs() / ((left + right) / 2.0);
    values.put(Rule::EvenLight, Measure::CheekLight, uneven);
    // What is burnt white has no colour of its own.
    if share(&counts[WHITE..]) < MOST_WHITE {
        covers(patch, values);
    }
}

/// The luminance that a share of all pixels does not pass.
fn reached(counts: &[u32; 256], share: f32) -> f32 {
    let all = counts.iter().sum::<u32>() as f32;
    let mut below = 0.0;
    let under = counts.iter().take_while(|count| {
        below += **count as f32;
        below < all * share
    });
    under.count() as f32
}

/// The luminance of the bright parts of a picture.
fn around(picture: &RgbImage) -> f32 {
    let mut counts = [0_u32; 256];
    let (width, height) = picture.dimensions();
    for at in 0..PLACES * PLACES {
        let (x, y) = (at % PLACES * width / PLACES, at / PLACES * height / PLACES);
        let light = picture.get_pixel_checked(x, y).map_or(0.0, |it| light_of(it.0));
        if let Some(count) = counts.get_mut(light as usize) {
            *count += 1;
        }
    }
    reached(&counts, BRIGHT)
}

fn covers(patch: &Patch, values: &mut Values) {
    let between = middle(&colours(patch, BETWEEN, 4));
    let cheeks = [LEFT_CHEEK, RIGHT_CHEEK].map(|it| middle(&colours(patch, it, 7)));
    // In light from the side the forehead is like one of the cheeks; above a mask like neither.
    let bare: Vec<Lab> = cheeks.into_iter().chain([between]).flatten().collect();
    let unlike = |it: &Lab| bare.iter().map(|skin| it.unlike(*skin, 1.0)).fold(f32::MAX, f32::min);
    let mut each: Vec<f32> = colours(patch, FOREHEAD, 6).iter().map(unlike).collect();
    if let (Some(typical), Some(_)) = (median(&mut each), bare.first()) {
        values.put(Rule::BareHead, Measure::ForeheadColour, typical);
    }
    let Some(between) = between else { return };
    let unlike = |it: &Lab| it.unlike(between, LIGHTNESS_WEIGHT);
    let mut each: Vec<f32> = colours(patch, LOWER_FACE, 6).iter().map(unlike).collect();
    if let Some(typical) = median(&mut each) {
        values.put(Rule::Uncovered, Measure::LowerFaceColour, typical);
    }
}

/// The luminance of both cheeks.
pub(super) fn cheek_light(patch: &Patch) -> f32 {
    (mean_light(patch, LEFT_CHEEK) + mean_light(patch, RIGHT_CHEEK)) / 2.0
}

fn mean_light(patch: &Patch, numbers: &[usize]) -> f32 {
    let (count, sum) = numbers
        .iter()
        .flat_map(|it| patch.square(*it, 7))
        .fold((0.0_f32, 0.0), |(count, sum), light| (count + 1.0, sum + light));
    sum / count
}

fn colours(patch: &Patch, numbers: &[usize], reach: usize) -> Vec<Lab> {
    numbers.iter().filter_map(|it| patch.colour(*it, reach)).map(Lab::of).collect()
}

/// The middle of some colours, part by part.
fn middle(colours: &[Lab]) -> Option<Lab> {
    let part = |of: fn(&Lab) -> f32| median(&mut colours.iter().map(of).collect::<Vec<_>>());
    Some(Lab(part(|it| it.0)?, part(|it| it.1)?, part(|it| it.2)?))
}

/// The upper of the two middle ones when their number is even.
pub(super) fn median(values: &mut [f32]) -> Option<f32> {
    let half = values.len() / 2;
    (half < values.len()).then(|| *values.select_nth_unstable_by(half, f32::total_cmp).1)
}

/// A colour in CIE L*a*b* (D65), where distances are as eyes see them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lab(f32, f32, f32);

impl Lab {
    pub(super) fn of(rgb: [u8; 3]) -> Self {
        let [red, green, blue] = rgb.map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let curve = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = curve((0.412_46 * red + 0.357_58 * green + 0.180_44 * blue) / 0.950_47);
        let y = curve(0.212_67 * red + 0.715_16 * green + 0.072_17 * blue);
        let z = curve((0.019_33 * red + 0.119_19 * green + 0.950_3 * blue) / 1.088_83);
        Self(116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z))
    }

    /// ΔE (1976), with lightness counted less or in full.
    pub(super) fn unlike(self, other: Self, lightness: f32) -> f32 {
        let (l, a, b) = (self.0 - other.0, self.1 - other.1, self.2 - other.2);
        ((l * lightness).powi(2) + a * a + b * b).sqrt()
    }
}
