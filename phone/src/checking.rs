//! *Vérifier une carte*: anyone's card, without account and without network.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::verify::{Colour, Freshness, Known, Verdict, verify};
use dossier::card::vignette::{Comparison, NotThePhoto};
use dossier::parts::Collected;
use image::{GrayImage, ImageFormat, ImageReader, Limits};
use rxing::common::HybridBinarizer;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8Source, Reader};

use crate::Phone;
use crate::photo::decoded;
use crate::trouble::Trouble;
use crate::view::{ChecksView, ComparedView, ReadCodeView, ScanView, VerdictView};

/// A frame is a few hundred pixels wide; nothing larger is decoded.
const MOST_PIXELS: u32 = 2_048;

impl Phone {
    /// What a code is worth, by the keys and the list on this phone; counted, and nothing else of
    /// it is kept, but in memory which photo its card names, until the verdict is left.
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
        *self.comparison() = comparable(&verdict).map(Comparison::with);
        Ok(view(verdict, list.map(|list| list.made_at_ms), self.checks()?))
    }

    /// Holds a code that another screen shows against the photo of the card that was verified last.
    /// What is not that photo is never decoded.
    pub(crate) fn compare_photo(&self, scanned: &str) -> Result<ComparedView, Trouble> {
        let mut comparison = self.comparison();
        let added = comparison.as_mut().ok_or(Trouble::NoCard)?.add(scanned);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(match added {
            Ok(Collected::Some { have, of }) => {
                ComparedView::Some { have: count(have), of: count(of) }
            }
            Ok(Collected::All(vignette)) => {
                ComparedView::Same { jpeg: BASE64.encode(vignette.jpeg()) }
            }
            Err(NotThePhoto::AnotherPhoto) => ComparedView::Other,
            Err(NotThePhoto::NotACode) => ComparedView::NotAPhoto,
        })
    }

    /// Nobody looks at the verdict any more: nothing of it stays.
    pub(crate) fn leave_verdict(&self) {
        *self.comparison() = None;
    }

    fn comparison(&self) -> MutexGuard<'_, Option<Comparison>> {
        self.comparison.lock().unwrap_or_else(PoisonError::into_inner)
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

/// What the card of a verdict that holds says of its photo.
fn comparable(verdict: &Verdict) -> Option<[u8; 32]> {
    let holds = matches!(verdict.colour(), Colour::Green | Colour::Orange);
    verdict.holder.as_ref().filter(|_| holds).map(|holder| holder.photo)
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
    let comparable = comparable(&verdict).is_some();
    let Verdict { state, reason, holder, list_age_days } = verdict;
    let (name, birth_year, season) = match holder {
        Some(it) => (Some(it.name), Some(it.birth_year), Some(it.season)),
        None => (None, None, None),
    };
    VerdictView {
        state,
        reason,
        colour,
        name,
        birth_year,
        season,
        comparable,
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
    seen_in(reader.decode().ok()?.into_luma8())
}

/// The first code of a picture, however it stands.
fn seen_in(frame: GrayImage) -> Option<String> {
    let (width, height) = frame.dimensions();
    let read = move || {
        let source = Luma8Source::new(frame.into_raw(), width, height).ok()?;
        let mut frame = BinaryBitmap::new(HybridBinarizer::new(source));
        let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
        let read = QrReader.decode_with_hints(&mut frame, &hints).ok()?;
        Some(read.getText().to_owned())
    };
    // Whoever prints a code chooses what is read here: one that the reader stumbles over is none.
    catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::card::code::live;
    use dossier::signed::SigningKey;
    use dossier::stand::handover::codes_of;
    use image::Luma;
    use proptest::prelude::*;
    use qrcode::{EcLevel, QrCode};
    use sha2::{Digest, Sha512};
    use std::sync::LazyLock;

    /// How a camera sees a code: its points this large, turned, between these two greys.
    struct Sight {
        point: f32,
        turn: f32,
        greys: (f32, f32),
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

    /// Each of these codes is read, at the first look, in every one of these sights.
    fn are_all_read(codes: &[String], sights: &[Sight]) {
        for sight in sights {
            let read = codes.iter().filter(|code| {
                let found = read_code(&pictured(code, sight));
                assert!(found.is_none() || found.as_ref() == Some(code), "read as another code");
                found.is_some()
            });
            let (read, all) = (read.count(), codes.len());
            let Sight { point, turn, .. } = sight;
            assert_eq!(read, all, "of {all}, at {point} pixels a point, turned {turn}");
        }
    }

    #[test]
    fn the_code_of_a_card_is_read_askew_dim_or_small() {
        let codes: Vec<_> = (1..=10).map(code_of).collect();
        let sights = [
            Sight { point: 7.0, turn: 0.0, greys: (20.0, 235.0) },
            Sight { point: 7.0, turn: 0.06, greys: (20.0, 235.0) },
            Sight { point: 6.0, turn: -0.2, greys: (60.0, 150.0) },
            Sight { point: 3.0, turn: 0.1, greys: (30.0, 200.0) },
        ];
        are_all_read(&codes, &sights);
    }

    /// The densest that a screen shows: a full part of a draft.
    #[test]
    fn the_codes_of_a_draft_are_read_askew_dim_or_small() {
        let noise = |n: u8| -> Vec<u8> { Sha512::digest([n]).repeat(9) };
        let codes: Vec<_> = (1..=6).map(|n| codes_of(&noise(n)).unwrap().remove(0)).collect();
        assert!(codes.iter().all(|code| code.len() > 850), "{}", codes[0].len());
        let sights = [
            Sight { point: 5.0, turn: 0.0, greys: (20.0, 235.0) },
            Sight { point: 5.0, turn: 0.02, greys: (20.0, 235.0) },
            Sight { point: 4.0, turn: -0.07, greys: (60.0, 150.0) },
        ];
        are_all_read(&codes, &sights);
    }

    #[test]
    fn what_is_no_picture_or_holds_no_code_is_read_as_none() {
        assert_eq!(read_code(b"no picture"), None);
        let blank = Sight { point: 7.0, turn: 0.0, greys: (200.0, 200.0) };
        assert_eq!(read_code(&pictured(&code_of(1), &blank)), None);
    }

    /// A card before a camera.
    static FRAME: LazyLock<GrayImage> = LazyLock::new(|| {
        let sight = Sight { point: 7.0, turn: 0.06, greys: (20.0, 235.0) };
        image::load_from_memory(&pictured(&code_of(1), &sight)).unwrap().into_luma8()
    });

    proptest! {
        /// A code that somebody printed to do harm, or that a hand covers: it is read right or not.
        #[test]
        fn a_damaged_code_is_read_as_it_was_or_not_at_all(
            spots in prop::collection::vec((0..560i64, 0..560i64, 1..80u32, 0..=255u8), 1..12),
        ) {
            let mut frame = FRAME.clone();
            for (left, top, side, grey) in spots {
                let spot = GrayImage::from_pixel(side, side, Luma([grey]));
                image::imageops::replace(&mut frame, &spot, left, top);
            }
            let found = seen_in(frame);
            prop_assert!(found.is_none() || found == Some(code_of(1)));
        }
    }
}
