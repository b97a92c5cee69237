//! *Vérifier une carte*: anyone's card, without account and without network.

use std::io::Cursor;
use std::sync::PoisonError;

use dossier::card::verify::{Colour, Freshness, Known, Verdict, verify};
use dossier::hexadecimal;
use image::imageops::{self, FilterType};
use image::{GrayImage, ImageFormat, ImageReader, Limits};

use crate::Phone;
use crate::photo::decoded;
use crate::trouble::Trouble;
use crate::view::{ChecksView, ReadCodeView, ScanView, VerdictView};

/// A frame is a few hundred pixels wide; nothing larger is decoded.
const MOST_PIXELS: u32 = 2_048;

impl Phone {
    /// What a code is worth, by the keys and the list on this phone; counted, and nothing else of
    /// it is kept.
    pub(crate) fn check_card(&self, code: &str) -> Result<VerdictView, Trouble> {
        let now_ms = self.now_ms();
        let store = self.store();
        let (keys, list) = (self.key_set(&store)?, self.status_list(&store)?);
        let known = Known { keys: keys.as_ref(), list: list.as_ref() };
        let verdict = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            verify(code, &known, now_ms, &mut seen)
        };
        store.count_check(&self.today().to_string(), word(verdict.colour()))?;
        drop(store);
        Ok(view(verdict, list.map(|list| list.made_at_ms), self.checks()?))
    }

    /// Looks for a code in a frame of the camera, and verifies it. Nothing of the frame is kept.
    pub(crate) fn scan_frame(&self, frame: &str) -> Result<ScanView, Trouble> {
        let verdict = read_code(&decoded(frame)?).map(|code| self.check_card(&code)).transpose()?;
        Ok(ScanView { verdict })
    }

    /// Looks for a code of any kind in a frame of the camera. Nothing of the frame is kept.
    pub(crate) fn read_code(&self, frame: &str) -> Result<ReadCodeView, Trouble> {
        Ok(ReadCodeView { code: read_code(&decoded(frame)?) })
    }

    /// How many cards were verified here today, and how old the list is.
    pub(crate) fn checks(&self) -> Result<ChecksView, Trouble> {
        let store = self.store();
        let day = self.today().to_string();
        let list = self.status_list(&store)?;
        let known = Known { keys: None, list: list.as_ref() };
        let list_age_days = known.list_age_days(self.now_ms());
        Ok(ChecksView {
            green: store.checks(&day, word(Colour::Green))?,
            orange: store.checks(&day, word(Colour::Orange))?,
            red: store.checks(&day, word(Colour::Red))?,
            grey: store.checks(&day, word(Colour::Grey))?,
            list_age_days,
            freshness: Freshness::of(list_age_days),
        })
    }
}

/// The word that is counted under.
fn word(colour: Colour) -> &'static str {
    match colour {
        Colour::Green => "green",
        Colour::Orange => "orange",
        Colour::Red => "red",
        Colour::Grey => "grey",
    }
}

fn view(verdict: Verdict, list_made_at_ms: Option<i64>, checks: ChecksView) -> VerdictView {
    let (colour, freshness) = (verdict.colour(), verdict.freshness());
    let Verdict { state, reason, holder, list_age_days } = verdict;
    let holder = holder.map(|it| (it.name, it.birth_year, it.season, hexadecimal::text(&it.photo)));
    let (name, birth_year, season, photo) = match holder {
        Some((name, year, season, photo)) => (Some(name), Some(year), Some(season), Some(photo)),
        None => (None, None, None, None),
    };
    VerdictView {
        state,
        reason,
        colour,
        name,
        birth_year,
        season,
        photo,
        list_age_days,
        list_made_at_ms,
        freshness,
        checks,
    }
}

/// The first code that can be read in a JPEG.
fn read_code(jpeg: &[u8]) -> Option<String> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    let mut reader = ImageReader::with_format(Cursor::new(jpeg), ImageFormat::Jpeg);
    reader.limits(limits);
    let frame = reader.decode().ok()?.into_luma8();
    // Where a code lies on the points of the picture decides whether it is found: of those that
    // are missed as they are, the others find all but a few in a hundred.
    seen_in(frame.clone())
        .or_else(|| seen_in(scaled(&frame, 3, 2)))
        .or_else(|| seen_in(scaled(&frame, 3, 4)))
        .or_else(|| seen_in(imageops::rotate90(&frame)))
}

fn seen_in(frame: GrayImage) -> Option<String> {
    let mut seen = rqrr::PreparedImage::prepare(frame);
    seen.detect_grids().into_iter().find_map(|grid| Some(grid.decode().ok()?.1))
}

fn scaled(frame: &GrayImage, times: u32, over: u32) -> GrayImage {
    let (width, height) = (frame.width() * times / over, frame.height() * times / over);
    imageops::resize(frame, width, height, FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::card::code::live;
    use dossier::signed::SigningKey;
    use image::Luma;
    use qrcode::{EcLevel, QrCode};

    /// How a camera sees a code: its points this large, turned, between these two greys.
    struct Sight {
        point: f32,
        turn: f32,
        greys: (f32, f32),
        /// How many of twenty codes are read at the first look, at least.
        least: usize,
    }

    /// A JPEG of a code, as the screen's frame would be.
    fn pictured(code: &str, sight: &Sight) -> Vec<u8> {
        let code = QrCode::with_error_correction_level(code, EcLevel::M).unwrap();
        let (side, colors) = (code.width() as f32, code.to_colors());
        let (sin, cos) = sight.turn.sin_cos();
        let grey_at = |x: f32, y: f32| {
            let (x, y) = (x - 320.0, y - 320.0);
            let (x, y) = ((x * cos + y * sin) / sight.point, (y * cos - x * sin) / sight.point);
            let (x, y) = ((x + side / 2.0).floor(), (y + side / 2.0).floor());
            let within = (0.0..side).contains(&x) && (0.0..side).contains(&y);
            let dark = within && colors[(y * side + x) as usize] == qrcode::Color::Dark;
            if dark { sight.greys.0 } else { sight.greys.1 }
        };
        let frame = GrayImage::from_fn(640, 640, |x, y| {
            // Four looks a pixel, as a lens blurs.
            let looks = [(0.2, 0.2), (0.7, 0.2), (0.2, 0.7), (0.7, 0.7)];
            let sum: f32 = looks.iter().map(|(a, b)| grey_at(x as f32 + a, y as f32 + b)).sum();
            Luma([(sum / 4.0) as u8])
        });
        let mut jpeg = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 80);
        encoder.encode_image(&frame).unwrap();
        jpeg
    }

    /// As long as a real one: what matters here is how it looks.
    fn code_of(n: u8) -> String {
        live(&[n; 206], &SigningKey::from_bytes(&[n; 32]), i64::from(n) * 1_000_000)
    }

    #[test]
    fn codes_are_read_off_pictures_that_are_askew_dim_or_small() {
        let sights = [
            Sight { point: 7.0, turn: 0.0, greys: (20.0, 235.0), least: 19 },
            Sight { point: 7.0, turn: 0.06, greys: (20.0, 235.0), least: 19 },
            Sight { point: 6.0, turn: -0.2, greys: (60.0, 150.0), least: 19 },
            Sight { point: 4.5, turn: 0.1, greys: (30.0, 200.0), least: 14 },
        ];
        for sight in &sights {
            let read = (1..=20).filter(|n| {
                let code = code_of(*n);
                let found = read_code(&pictured(&code, sight));
                assert!(found.is_none() || found.as_ref() == Some(&code), "read as another code");
                found.is_some()
            });
            // A camera looks again four times a second and more; each look is another picture.
            let read = read.count();
            assert!(
                read >= sight.least,
                "{read} of 20 at {} points, turned {}",
                sight.point,
                sight.turn
            );
        }
    }

    #[test]
    fn what_is_no_picture_or_holds_no_code_is_read_as_none() {
        assert_eq!(read_code(b"no picture"), None);
        let blank = Sight { point: 7.0, turn: 0.0, greys: (200.0, 200.0), least: 0 };
        assert_eq!(read_code(&pictured(&code_of(1), &blank)), None);
    }
}
