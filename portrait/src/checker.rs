//! The door of this crate: a picture is looked at once, then judged and cut as often as one likes.

use crate::find::{Care, Finder};
use crate::framing::Framing;
use crate::measure::{Measured, measure};
use crate::rules::{Look, Report};
use crate::upright::{self, Opened};
use crate::{Guard, PhotoRefusal, Portrait, crop, encode, verify};

/// Longest side, in pixels, of the picture that is looked at and shown. Faces and light are judged
/// on it; the portrait is cut from finer pixels.
const SHOWN: u32 = 1280;

/// The least longest side, in pixels, that a file is decoded to: enough to cut a portrait from a
/// picture that was taken at arm's length.
const DECODED: u32 = 1920;

/// A portrait may be so much larger than the decoded pixels it is cut from, before the file is
/// decoded anew with finer ones: 900 rows on 45 mm are still 500 dots per inch, and a second
/// decoding takes longer than everything else together.
const BLOWN_UP: f32 = 1.2;

/// The nets, loaded once and shared.
pub struct Checker {
    pub(crate) finder: Finder,
}

/// A picture that was looked at. What was found on it stays in memory, and is forgotten with it.
pub struct Proof {
    file: Vec<u8>,
    guard: Guard,
    opened: Opened,
    measured: Measured,
}

impl Default for Checker {
    fn default() -> Self {
        Self::new()
    }
}

impl Checker {
    /// Loads the nets: some 15 ms and 15 MB.
    pub fn new() -> Self {
        Self { finder: Finder::new() }
    }

    /// Judges one frame of a camera's preview: a small JPEG of what the screen frames.
    pub fn look(&self, frame: &[u8]) -> Result<Look, PhotoRefusal> {
        let picture = upright::frame(frame)?;
        let found = self.finder.find(&picture, Care::Glance)?;
        Ok(measure(&picture, 1.0, &found).look())
    }

    /// Opens a picture as it was chosen or taken.
    pub fn open(&self, file: Vec<u8>, guard: &Guard) -> Result<Proof, PhotoRefusal> {
        let opened = upright::open(&file, guard, DECODED)?;
        let small = crop::fitted(&opened.picture, SHOWN)?;
        let found = self.finder.find(&small, Care::Whole)?;
        let measured = measure(&small, opened.width as f32 / small.width() as f32, &found);
        Ok(Proof { file, guard: guard.clone(), opened, measured })
    }

    /// Judges a portrait as a phone sends it; refuses one that [`Proof::render`] cannot have made.
    pub fn verify(&self, jpeg: &[u8]) -> Result<Report, PhotoRefusal> {
        let picture = verify::structure(jpeg)?;
        let found = self.finder.find(&picture, Care::Whole)?;
        let (width, height) = picture.dimensions();
        Ok(measure(&picture, 1.0, &found).judge(Framing::whole(width, height)))
    }
}

impl Proof {
    /// Width of the file's picture, upright, in pixels.
    pub fn width(&self) -> u32 {
        self.opened.width
    }

    /// Height of the file's picture, upright, in pixels.
    pub fn height(&self) -> u32 {
        self.opened.height
    }

    /// The framing that keeps the rules best.
    pub fn proposed(&self) -> Framing {
        self.measured.proposed()
    }

    /// The picture as whoever made it framed it. For judging; a portrait is always 7 to 9.
    pub fn whole(&self) -> Framing {
        Framing::whole(self.width(), self.height())
    }

    /// The nearest framing that lies inside the picture, whatever is asked.
    pub fn within(&self, framing: Framing) -> Framing {
        framing.within(self.width(), self.height())
    }

    /// The verdict on one framing. No net runs: a finger may move the frame meanwhile.
    pub fn judge(&self, framing: Framing) -> Report {
        self.measured.judge(framing)
    }

    /// The whole picture for the screen, as a JPEG.
    pub fn preview(&self) -> Result<Vec<u8>, PhotoRefusal> {
        encode::encode(&crop::fitted(&self.opened.picture, SHOWN)?)
    }

    /// The portrait in one framing.
    pub fn render(&self, framing: Framing) -> Result<Portrait, PhotoRefusal> {
        let framing = self.within(framing);
        let scale = |opened: &Opened| opened.width as f32 / opened.picture.width() as f32;
        let cut = match self.finer(framing) {
            None => crop::cut(&self.opened.picture, framing, scale(&self.opened))?,
            Some(least) => {
                let finer = upright::open(&self.file, &self.guard, least)?;
                crop::cut(&finer.picture, framing, scale(&finer))?
            }
        };
        let (width, height) = cut.dimensions();
        Ok(Portrait { jpeg: encode::encode(&cut)?, width, height })
    }

    /// The longest side at which the file must be decoded anew for this framing, when the decoded
    /// pixels are too coarse for it and the file has finer ones.
    fn finer(&self, framing: Framing) -> Option<u32> {
        let (decoded, whole) = (self.opened.picture.height() as f32, self.opened.height as f32);
        let wanted = crop::FULL_HEIGHT as f32 / framing.height;
        let longest = self.opened.width as f32 / whole;
        let is_coarse = decoded * BLOWN_UP < wanted && decoded < whole;
        is_coarse.then(|| (wanted.min(whole) * longest.max(1.0)) as u32)
    }
}
