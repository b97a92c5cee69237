//! A face drawn for the tests, with what the nets would say of it.

use crate::find::{Face, Found, Mask, Spot};
use crate::measure::face::OUTLINE;
use crate::measure::{Measured, measure};
use image::{Rgb, RgbImage};

/// A face: where the eyes are, their distance, and how it leans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    pub(super) eyes: [f32; 2],
    pub(super) scale: f32,
    pub(super) roll: f32,
    pub(super) open: bool,
    pub(super) glasses: bool,
    pub(super) skin: [f32; 3],
}

pub(super) const MODEL: Drawn = Drawn {
    eyes: [350.0, 430.0],
    scale: 250.0,
    roll: 0.0,
    open: true,
    glasses: false,
    skin: [180.0, 140.0, 115.0],
};

const OVAL: ([f32; 2], [f32; 2]) = ([0.0, 0.15], [0.95, 1.15]);

impl Drawn {
    fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sine, cosine) = self.roll.to_radians().sin_cos();
        let [x, y] = [x * self.scale, y * self.scale];
        [self.eyes[0] + x * cosine - y * sine, self.eyes[1] + x * sine + y * cosine]
    }

    fn seen(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let (sine, cosine) = self.roll.to_radians().sin_cos();
        let [x, y] = [(x - self.eyes[0]) / self.scale, (y - self.eyes[1]) / self.scale];
        [x * cosine + y * sine, y * cosine - x * sine]
    }

    fn colour(&self, at: [f32; 2], grain: f32) -> [f32; 3] {
        let [x, y] = self.seen(at);
        let within = |cx: f32, cy: f32, rx: f32, ry: f32| {
            ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) < 1.0
        };
        let side = 0.5_f32.copysign(x);
        if self.glasses && within(side, 0.0, 0.42, 0.32) {
            return [18.0; 3];
        }
        if self.open && within(side, 0.0, 0.22, 0.1) {
            let iris = within(side, 0.0, 0.1, 0.1);
            return if iris { [45.0, 35.0, 30.0] } else { [215.0, 210.0, 205.0] };
        }
        if within(OVAL.0[0], OVAL.0[1], OVAL.1[0], OVAL.1[1]) {
            return self.skin.map(|part| part + grain);
        }
        if within(0.0, -0.2, 1.05, 1.2) { [50.0, 40.0, 35.0] } else { [185.0, 195.0, 205.0] }
    }

    pub(super) fn picture(&self, width: u32, height: u32) -> RgbImage {
        let mut seed = 7_u32;
        RgbImage::from_fn(width, height, |x, y| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (seed >> 24) as f32 / 16.0 - 8.0;
            Rgb(self.colour([x as f32 + 0.5, y as f32 + 0.5], grain).map(|it| it as u8))
        })
    }

    fn point(&self, number: usize) -> [f32; 2] {
        if let Some(at) = OUTLINE.iter().position(|it| *it == number) {
            let angle = at as f32 / OUTLINE.len() as f32 * std::f32::consts::TAU;
            let ([cx, cy], [rx, ry]) = OVAL;
            return [cx + rx * angle.sin(), cy - ry * angle.cos()];
        }
        let gap = if self.open { 0.08 } else { 0.012 };
        let left = [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246];
        let right =
            [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466];
        for (eye, side) in [(left, -1.0_f32), (right, 1.0)] {
            if let Some(at) = eye.iter().position(|it| *it == number) {
                let angle = at as f32 / 16.0 * std::f32::consts::TAU;
                return [side * (0.5 + 0.22 * angle.cos()), gap * angle.sin()];
            }
        }
        match number {
            50 | 205 | 101 | 117 | 187 | 123 => [-0.5, 0.5],
            280 | 425 | 330 | 346 | 411 | 352 => [0.5, 0.5],
            151 | 108 | 337 => [0.0, -0.7],
            230 | 229 => [-0.5, 0.22],
            450 | 449 => [0.5, 0.22],
            223 => [-0.5, -0.22],
            443 => [0.5, -0.22],
            4 | 5 | 1 => [0.0, 0.6],
            13 | 14 => [0.0, 0.85],
            _ => [0.0, 0.0],
        }
    }

    pub(super) fn found(&self, width: u32, height: u32) -> Found {
        let points = (0..478).map(|it| self.point(it)).map(|it| self.place(it));
        let points = points.map(|[x, y]| [x, y, 0.0]).collect();
        let mut shapes = vec![0.0; 52];
        shapes[9..11].fill(if self.open { 0.1 } else { 0.55 });
        let (left, top) = (self.eyes[0] - self.scale, self.eyes[1] - self.scale * 0.6);
        let size = self.scale * 2.0;
        let spot = spot(left, top, size);
        let person = (0..256 * 256).map(|at| {
            let (x, y) = ((at % 256) as f32 / 256.0, (at / 256) as f32 / 256.0);
            let [x, y] = self.seen([x * width as f32, y * height as f32]);
            f32::from(u8::from(x.hypot(y * 0.8) < 1.3))
        });
        let mask = Some(Mask { side: 256, person: person.collect() });
        Found { spots: vec![spot], face: Some(Face { points, shapes }), mask }
    }

    pub(super) fn measured(&self) -> Measured {
        measure(&self.picture(700, 900), 1.0, &self.found(700, 900))
    }
}

pub(super) fn spot(left: f32, top: f32, size: f32) -> Spot {
    Spot { score: 0.9, left, top, width: size, height: size, eyes: [[0.0; 2]; 2] }
}
