//! Who stands before the demos' camera: a picture that the camera reads anew for each frame.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use image::imageops::{self, FilterType};
use image::{ImageReader, RgbImage};

/// An astronaut, in public domain; where the picture comes from stands beside it.
const PERSON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pictures/astronaut-whole.jpg");

/// What the camera delivers (tests/camera.c), of the shape that most webcams have.
const FRAME: [u32; 2] = [1280, 960];

/// Somebody before a camera that is started on this file.
pub struct Scene {
    file: PathBuf,
    person: RgbImage,
}

/// How they stand there.
#[derive(Clone, Copy)]
pub enum Stance {
    /// As they should, but without light.
    InTheDark,
    /// Too far away.
    Far,
    /// As they should.
    Right,
}

impl Scene {
    /// The scene, and somebody in the dark.
    pub fn before(file: &Path) -> anyhow::Result<Self> {
        let scene = Self { file: file.to_owned(), person: person()? };
        scene.shows(Stance::InTheDark)?;
        Ok(scene)
    }

    /// Changes what the camera sees, from one frame to the next.
    pub fn shows(&self, stance: Stance) -> anyhow::Result<()> {
        let [width, height] = FRAME;
        let part = match stance {
            Stance::Far => [0.0, 0.0, 0.94, 0.705],
            Stance::InTheDark | Stance::Right => [0.19, 0.022, 0.5, 0.375],
        };
        let mut seen = seen(&self.person, part, [width, height]);
        if matches!(stance, Stance::InTheDark) {
            seen.pixels_mut().for_each(|pixel| pixel.0 = pixel.0.map(|light| light / 3));
        }
        // Put in place whole: the camera never sees half a picture.
        let written = self.file.with_extension("new");
        fs::write(&written, seen.into_raw())?;
        Ok(fs::rename(written, &self.file)?)
    }
}

fn person() -> anyhow::Result<RgbImage> {
    Ok(ImageReader::open(PERSON).context(PERSON)?.decode()?.into_rgb8())
}

/// Part of a picture (left, top, width, height, in shares of its width), at another size.
fn seen(picture: &RgbImage, part: [f32; 4], [width, height]: [u32; 2]) -> RgbImage {
    let side = picture.width() as f32;
    let [x, y, w, h] = part.map(|share| (share * side) as u32);
    let part = imageops::crop_imm(picture, x, y, w, h).to_image();
    imageops::resize(&part, width, height, FilterType::CatmullRom)
}
