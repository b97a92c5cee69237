//! *Vérifier une carte*: anyone's card, without account and without network.

use std::io::Cursor;
use std::sync::PoisonError;

use dossier::card::verify::{Colour, Freshness, Known, Verdict, verify};
use dossier::hexadecimal;
use image::{ImageFormat, ImageReader, Limits};

use crate::Phone;
use crate::photo::decoded;
use crate::trouble::Trouble;
use crate::view::{ChecksView, ScanView, VerdictView};

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
    let mut seen = rqrr::PreparedImage::prepare(frame);
    seen.detect_grids().into_iter().find_map(|grid| Some(grid.decode().ok()?.1))
}
