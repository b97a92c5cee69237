//! Where the faces are, the points of the nearest one, and what is person and what background.
//!
//! The steps and constants are those of `MediaPipe`'s face landmarker (`face_detector_graph.cc`,
//! `face_landmarks_detector_graph.cc`, `face_blendshapes_graph.cc`), so that the numbers are too.

mod detect;
mod sample;

use crate::PhotoRefusal;
use crate::crop::averaged;
use image::RgbImage;
use nets::Net;

/// Surer than this, something is a face.
const SURE: f32 = 0.5;

/// Eyelids, brows and mouth move these points; the shapes are read from them alone.
const SHAPING: [usize; 146] = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65,
    66, 67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136,
    144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172,
    173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283,
    284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324,
    332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385,
    386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472,
    473, 474, 475, 476, 477,
];

/// The nets, loaded.
pub(crate) struct Finder {
    detector: Net,
    points: Net,
    shapes: Net,
    person: Net,
}

/// Where a face lies, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) score: f32,
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Middle of the eye on the picture's left, then of the other.
    pub(crate) eyes: [[f32; 2]; 2],
}

/// The points of a face. Computed, looked at, forgotten: they are never stored or sent.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    /// 478, in pixels; the third number, in the same unit, grows away from the camera.
    pub(crate) points: Vec<[f32; 3]>,
    /// 52 movements, 0 to 1, in `MediaPipe`'s order.
    pub(crate) shapes: Vec<f32>,
}

/// What belongs to a person, stretched over the whole picture.
#[derive(Debug, Clone)]
pub(crate) struct Mask {
    /// Rows and columns.
    pub(crate) side: usize,
    /// Row by row, 0 for the background to 1 for a person.
    pub(crate) person: Vec<f32>,
}

/// Everything the nets say of a picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    /// The largest first.
    pub(crate) spots: Vec<Spot>,
    pub(crate) face: Option<Face>,
    pub(crate) mask: Option<Mask>,
}

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// A frame of many: one look at the whole.
    Glance,
    /// A picture to be judged: small faces and the background too.
    Whole,
}

macro_rules! net {
    ($name:literal) => {
        Net::read(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".tflite")))
    };
}

impl Finder {
    /// Loads the nets.
    #[allow(
        clippy::expect_used,
        reason = "the files are part of the program, checked by their hash when it was built"
    )]
    pub(crate) fn new() -> Self {
        let load = || -> Result<Self, nets::Unreadable> {
            Ok(Self {
                detector: net!("face_detector")?,
                points: net!("face_landmarks_detector")?,
                shapes: net!("face_blendshapes")?,
                person: net!("selfie_segmentation")?,
            })
        };
        load().expect("the embedded nets are read")
    }

    /// Looks at a picture.
    pub(crate) fn find(&self, picture: &RgbImage, care: Care) -> Result<Found, PhotoRefusal> {
        let mut spots = detect::spots(&self.detector, picture, care)?;
        let mut face = None;
        // What has no points is no face, and whoever is smaller may be one.
        while let (None, Some(spot)) = (&face, spots.first()) {
            face = self.face(picture, spot)?;
            if face.is_none() {
                spots.remove(0);
            }
        }
        let mask = match care {
            Care::Whole if face.is_some() => Some(self.mask(picture)?),
            _ => None,
        };
        Ok(Found { spots, face, mask })
    }

    fn face(&self, picture: &RgbImage, spot: &Spot) -> Result<Option<Face>, PhotoRefusal> {
        let side = side_of(&self.points);
        let square = sample::Square::around(spot);
        let mut sampled = Ok(());
        let outputs = self.points.run(|input| sampled = square.sample(picture, side, input));
        sampled?;
        let [points, presence, ..] = outputs.as_slice() else { return Err(PhotoRefusal::Broken) };
        if presence.first().is_none_or(|logit| sigmoid(*logit) < SURE) {
            return Ok(None);
        }
        let (points, _) = points.as_chunks::<3>();
        let points: Vec<_> = points.iter().map(|point| square.place(*point, side)).collect();
        let shapes = self.shapes.run(|input| {
            let (places, _) = input.as_chunks_mut::<2>();
            for (place, point) in places.iter_mut().zip(SHAPING) {
                if let Some([x, y, _]) = points.get(point) {
                    *place = [*x, *y];
                }
            }
        });
        let shapes = shapes.into_iter().next().unwrap_or_default();
        Ok(Some(Face { points, shapes }))
    }

    fn mask(&self, picture: &RgbImage) -> Result<Mask, PhotoRefusal> {
        let side = side_of(&self.person);
        let small = averaged(picture, side as u32, side as u32)?;
        let outputs = self.person.run(|input| {
            for (number, byte) in input.iter_mut().zip(small.as_raw()) {
                *number = f32::from(*byte) / 255.0;
            }
        });
        let person = outputs.into_iter().next().ok_or(PhotoRefusal::Broken)?;
        Ok(Mask { side, person })
    }
}

/// Rows and columns of what goes into a net.
fn side_of(net: &Net) -> usize {
    net.input().get(1).copied().unwrap_or(0)
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests;
