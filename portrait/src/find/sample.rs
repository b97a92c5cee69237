//! Pictures as the nets want them: small, and the face upright in a square.

use super::Spot;
use crate::PhotoRefusal;
use crate::crop::averaged;
use image::RgbImage;

/// How much larger than the detected face the square is: hair and chin are in it.
const ROOM: f32 = 1.5;

/// Pixels of the picture, across, of which the net sees every one or the next.
const COARSE: f32 = 3.0;

/// The part of a picture that the points are looked for in, turned so that the eyes are level.
#[derive(Debug, Clone, Copy)]
pub(super) struct Square {
    middle: [f32; 2],
    /// Extents, in pixels of the picture.
    extent: [f32; 2],
    cos: f32,
    sin: f32,
}

impl Square {
    pub(super) fn around(spot: &Spot) -> Self {
        let [[left_x, left_y], [right_x, right_y]] = spot.eyes;
        let (sin, cos) = (right_y - left_y).atan2(right_x - left_x).sin_cos();
        Self {
            middle: [spot.left + spot.width / 2.0, spot.top + spot.height / 2.0],
            extent: [spot.width * ROOM, spot.height * ROOM],
            cos,
            sin,
        }
    }

    /// A point of the square, as shares of its extents from its middle, in the picture.
    fn at(&self, across: f32, down: f32) -> [f32; 2] {
        let (x, y) = (across * self.extent[0], down * self.extent[1]);
        [self.middle[0] + x * self.cos - y * self.sin, self.middle[1] + x * self.sin + y * self.cos]
    }

    /// A point that a net placed in `side`×`side` pixels, in the picture.
    pub(super) fn place(&self, [x, y, z]: [f32; 3], side: usize) -> [f32; 3] {
        let side = side as f32;
        let [px, py] = self.at(x / side - 0.5, y / side - 0.5);
        [px, py, z / side * self.extent[0]]
    }

    /// Fills `side`×`side` pixels, between 0 and 1. Pixel `n` stands for the place `n / side`, not for
    /// the middle between it and the next: the net was trained so.
    pub(super) fn sample(
        &self,
        picture: &RgbImage,
        side: usize,
        into: &mut [f32],
    ) -> Result<(), PhotoRefusal> {
        // A pixel of the square stands for some of the picture, as in MediaPipe, but not for many.
        let pixels = self.extent[0].max(self.extent[1]) / side as f32;
        let steps = if pixels > COARSE { pixels / COARSE } else { 1.0 };
        let small;
        let (source, scale) = if steps > 1.0 {
            let extent = |whole: u32| ((whole as f32 / steps).round() as u32).max(1);
            small = averaged(picture, extent(picture.width()), extent(picture.height()))?;
            (&small, small.width() as f32 / picture.width() as f32)
        } else {
            (picture, 1.0)
        };
        let (pixels, _) = into.as_chunks_mut::<3>();
        let lines = pixels.chunks_exact_mut(side).enumerate();
        for (y, line) in lines {
            let down = y as f32 / side as f32 - 0.5;
            for (x, pixel) in line.iter_mut().enumerate() {
                let across = x as f32 / side as f32 - 0.5;
                let [px, py] = self.at(across, down);
                *pixel = between(source, (px + 0.5) * scale - 0.5, (py + 0.5) * scale - 0.5);
            }
        }
        Ok(())
    }
}

/// The colour between four pixels, 0 to 1; beyond the edge lies the edge.
fn between(picture: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (most_x, most_y) = (picture.width() - 1, picture.height() - 1);
    let x = x.clamp(0.0, most_x as f32);
    let y = y.clamp(0.0, most_y as f32);
    let (left, top) = (x as u32, y as u32);
    let (right, low) = ((left + 1).min(most_x), (top + 1).min(most_y));
    let (share_x, share_y) = (x - left as f32, y - top as f32);
    let at = |x, y| picture.get_pixel(x, y).0.map(f32::from);
    let mix = |[a, b, c]: [f32; 3], [d, e, f]: [f32; 3], share: f32| {
        [a + (d - a) * share, b + (e - b) * share, c + (f - c) * share]
    };
    let upper = mix(at(left, top), at(right, top), share_x);
    let lower = mix(at(left, low), at(right, low), share_x);
    mix(upper, lower, share_y).map(|part| part / 255.0)
}
