//! The face at one scale: at most 120 pixels between the eyes, whatever the camera had.

use super::pose::Head;
use crate::crop;
use image::RgbImage;

/// Pixels between the eyes at which everything about a face is measured.
const EYE_DISTANCE: f32 = 120.0;

/// Room around the points, in eye distances.
const MARGIN: f32 = 0.25;

/// The outline of a face, in the net's numbering of points.
pub(super) const OUTLINE: &[usize] = &[
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// The points of a face, by the net's numbers.
#[derive(Debug, Clone)]
pub(super) struct Points(Vec<[f32; 3]>);

impl Points {
    pub(super) fn of(points: &[[f32; 3]]) -> Self {
        Self(points.to_vec())
    }

    /// With its depth; not a number when the net has no such point, so that nothing follows.
    pub(super) fn deep(&self, number: usize) -> [f32; 3] {
        self.0.get(number).copied().unwrap_or([f32::NAN; 3])
    }

    pub(super) fn at(&self, number: usize) -> [f32; 2] {
        let [x, y, _] = self.deep(number);
        [x, y]
    }

    pub(super) fn middle(&self, numbers: &[usize]) -> [f32; 2] {
        let share = 1.0 / numbers.len() as f32;
        numbers
            .iter()
            .map(|it| self.at(*it))
            .fold([0.0; 2], |[x, y], [px, py]| [x + px * share, y + py * share])
    }

    fn bounds(&self) -> [f32; 4] {
        self.0.iter().fold(
            [f32::MAX, f32::MAX, f32::MIN, f32::MIN],
            |[left, top, right, bottom], [x, y, _]| {
                [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)]
            },
        )
    }
}

pub(super) fn distance([ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> f32 {
    (ax - bx).hypot(ay - by)
}

/// Luminance of a colour as televisions weigh it (ITU-R BT.601), 0 to 255.
pub(super) fn light_of([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}

/// The face's pixels, and its points among them.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) points: Points,
    pub(super) width: usize,
    pub(super) height: usize,
    colours: RgbImage,
    light: Vec<f32>,
}

impl Patch {
    /// None when hardly anything of the face lies in the picture.
    pub(super) fn of(picture: &RgbImage, points: &Points, head: &Head) -> Option<Self> {
        let room = head.eye_distance * MARGIN;
        let [left, top, right, bottom] = points.bounds();
        let (left, top) = ((left - room).max(0.0).floor(), (top - room).max(0.0).floor());
        let right = (right + room).min(picture.width() as f32).ceil();
        let bottom = (bottom + room).min(picture.height() as f32).ceil();
        let scale = (EYE_DISTANCE / head.eye_distance).min(1.0);
        let [width, height] = [right - left, bottom - top].map(|it| (it * scale) as u32);
        if width.min(height) < 16 {
            return None;
        }
        let size = [width, height].map(|it| it as f32 / scale);
        let colours = crop::shrink(picture, [left, top], size, width, height).ok()?;
        let light = colours.as_raw().as_chunks().0.iter().map(|it| light_of(*it)).collect();
        let points = Points(
            points
                .0
                .iter()
                .map(|[x, y, z]| [(x - left) * scale, (y - top) * scale, z * scale])
                .collect(),
        );
        Some(Self { points, width: width as usize, height: height as usize, colours, light })
    }

    /// The luminance, row by row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> + Clone {
        self.light.chunks_exact(self.width)
    }

    /// The luminance of a pixel; the nearest one beside the edge.
    pub(super) fn light(&self, x: f32, y: f32) -> f32 {
        let clamped = |at: f32, size: usize| (at.max(0.0) as usize).min(size.saturating_sub(1));
        let at = clamped(y, self.height) * self.width + clamped(x, self.width);
        self.light.get(at).copied().unwrap_or_default()
    }

    /// Luminances of a square around a point.
    pub(super) fn square(&self, number: usize, reach: usize) -> impl Iterator<Item = f32> {
        let (from, width, rows) = self.cut(number, reach);
        rows.flat_map(move |row| self.light.iter().skip(row + from).take(width).copied())
    }

    /// The middle colour of a square around a point: a hair or a spot does not move it.
    pub(super) fn colour(&self, number: usize, reach: usize) -> Option<[u8; 3]> {
        let (from, width, rows) = self.cut(number, reach);
        let pixels: &[[u8; 3]] = self.colours.as_raw().as_chunks().0;
        let mut parts: [Vec<u8>; 3] = Default::default();
        for pixel in rows.flat_map(|row| pixels.iter().skip(row + from).take(width)) {
            for (part, value) in parts.iter_mut().zip(pixel) {
                part.push(*value);
            }
        }
        let [red, green, blue] = parts.map(|mut part| {
            let half = part.len() / 2;
            (half < part.len()).then(|| *part.select_nth_unstable(half).1)
        });
        Some([red?, green?, blue?])
    }

    /// First column and width of a square, and where its rows start; empty outside the patch.
    fn cut(
        &self,
        number: usize,
        reach: usize,
    ) -> (usize, usize, impl Iterator<Item = usize> + use<>) {
        let [x, y] = self.points.at(number);
        let span = |at: f32, size: usize| {
            let reach = reach as f32;
            let inside = |at: f32| (at.max(0.0) as usize).min(size);
            (inside(at - reach), inside(at + reach + 1.0))
        };
        let ((left, right), (top, bottom)) = (span(x, self.width), span(y, self.height));
        let width = self.width;
        (left, right - left, (top..bottom).map(move |row| row * width))
    }

    /// For each row from the first on, the columns that lie inside the face's outline.
    pub(super) fn outline(&self) -> Vec<std::ops::Range<usize>> {
        let corners: Vec<[f32; 2]> = OUTLINE.iter().map(|it| self.points.at(*it)).collect();
        let edges = || corners.iter().zip(corners.iter().cycle().skip(1));
        (0..self.height)
            .map(|row| {
                let y = row as f32 + 0.5;
                let crossings = edges().filter(|(a, b)| (a[1] <= y) != (b[1] <= y));
                let (left, right) = crossings
                    .map(|(a, b)| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
                    .fold((f32::MAX, 0.0_f32), |(left, right), x| (left.min(x), right.max(x)));
                let inside = |x: f32| (x.max(0.0) as usize).min(self.width);
                inside(left)..inside(right)
            })
            .map(|span| if span.start < span.end { span } else { 0..0 })
            .collect()
    }
}
