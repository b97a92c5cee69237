//! The vignette: the photo of a card, small enough that the holder's screen gives it in a few codes to
//! whoever verifies the card, without network.
//!
//! A card names its vignette, and the vignette names the photo that it was made from: so the Region
//! signs both with one hash.

use sha2::{Digest, Sha256};

use super::Card;
use crate::parts::{self, Collected, Part, TooLong};

/// What every such code starts with.
const PREFIX: &str = "PRV1:";
/// It fits in so many codes, which a screen shows in as many seconds.
const MOST_CODES: usize = 5;
/// Bytes that name the photo.
const NAME_BYTES: usize = 32;
/// The heaviest picture of a vignette.
pub const MOST_JPEG_BYTES: usize = MOST_CODES * parts::PART_BYTES - NAME_BYTES;
/// The first bytes of every JPEG file.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

/// A small picture of the holder, and the photo that it was made from.
#[derive(Clone, PartialEq, Eq)]
pub struct Vignette {
    photo: [u8; NAME_BYTES],
    jpeg: Vec<u8>,
}

unprinted!(Vignette, Comparison);

impl Vignette {
    /// The vignette of the photo with this SHA-256; `None` when the picture is none, or too heavy.
    pub fn new(photo: [u8; 32], jpeg: Vec<u8>) -> Option<Self> {
        let fits = jpeg.starts_with(&JPEG) && jpeg.len() <= MOST_JPEG_BYTES;
        fits.then_some(Self { photo, jpeg })
    }

    /// Reads what [`Self::bytes`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (photo, jpeg) = bytes.split_first_chunk()?;
        Self::new(*photo, jpeg.to_vec())
    }

    /// As it is kept and sent, and as its card names it.
    pub fn bytes(&self) -> Vec<u8> {
        [&self.photo, self.jpeg.as_slice()].concat()
    }

    /// What its card says of it.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.bytes()).into()
    }

    /// Whether it is the one that this card names.
    pub fn is_of(&self, card: &Card) -> bool {
        self.digest() == *card.photo
    }

    /// SHA-256 of the photo that it was made from.
    pub fn photo(&self) -> [u8; 32] {
        self.photo
    }

    /// The picture.
    pub fn jpeg(&self) -> &[u8] {
        &self.jpeg
    }

    /// Its codes, to be shown one after the other.
    pub fn codes(&self) -> Result<Vec<String>, TooLong> {
        parts::codes(PREFIX, &self.bytes())
    }
}

/// A code that was scanned to compare a photo, and is none of the card's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotThePhoto {
    /// Not a code of a vignette.
    #[error("not a code of a photo")]
    NotACode,
    /// A vignette, and not the one that the card names.
    #[error("another photo")]
    AnotherPhoto,
}

/// Holds what another screen gives against the one photo that a card names. What is not that photo
/// never comes out.
pub struct Comparison {
    named: [u8; 32],
    parts: parts::Collector,
}

impl Comparison {
    /// With the photo that a card names by this hash.
    pub fn with(named: [u8; 32]) -> Self {
        Self { named, parts: parts::Collector::default() }
    }

    /// Takes a scanned code, in any order and as often as it is seen; with the last, the vignette.
    pub fn add(&mut self, scanned: &str) -> Result<Collected<Vignette>, NotThePhoto> {
        let part = Part::read(PREFIX, scanned).ok_or(NotThePhoto::NotACode)?;
        // Said with the first code: nobody films five of them for that.
        if !part.is_of(&self.named) {
            return Err(NotThePhoto::AnotherPhoto);
        }
        let whole = match self.parts.add(part).map_err(|_| NotThePhoto::AnotherPhoto)? {
            Collected::Some { have, of } => return Ok(Collected::Some { have, of }),
            Collected::All(whole) => whole,
        };
        Vignette::read(&whole)
            .filter(|vignette| vignette.digest() == self.named)
            .map(Collected::All)
            .ok_or(NotThePhoto::AnotherPhoto)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As heavy as one may be, and like no other.
    fn vignette(of: u8) -> Vignette {
        let noise = (0..MOST_JPEG_BYTES - 3).map(|at| (at * usize::from(of) % 251) as u8);
        Vignette::new([of; 32], JPEG.into_iter().chain(noise).collect()).unwrap()
    }

    #[test]
    fn the_heaviest_vignette_is_five_codes_and_comes_back_from_them_in_any_order() {
        let lina = vignette(7);
        let codes = lina.codes().unwrap();
        assert_eq!(codes.len(), MOST_CODES);
        let mut comparison = Comparison::with(lina.digest());
        let (last, first) = codes.split_last().unwrap();
        for (at, code) in first.iter().rev().enumerate() {
            let so_far = Ok(Collected::Some { have: at + 1, of: MOST_CODES });
            assert_eq!(comparison.add(code), so_far);
            assert_eq!(comparison.add(code), so_far, "seen twice, counted once");
        }
        assert_eq!(comparison.add(last), Ok(Collected::All(lina)));
    }

    #[test]
    fn what_is_no_picture_or_too_heavy_is_no_vignette() {
        assert!(Vignette::new([0; 32], b"GIF89a".to_vec()).is_none());
        let heavy = JPEG.into_iter().chain([0; MOST_JPEG_BYTES - 2]).collect();
        assert!(Vignette::new([0; 32], heavy).is_none());
        assert!(Vignette::read(&[0; 31]).is_none());
    }

    #[test]
    fn another_photo_is_told_by_its_first_code_and_takes_nothing_from_the_right_one() {
        let (lina, noe) = (vignette(7), vignette(8));
        let (hers, his) = (lina.codes().unwrap(), noe.codes().unwrap());
        let mut comparison = Comparison::with(lina.digest());
        for code in &hers[..4] {
            comparison.add(code).unwrap();
        }
        for code in &his {
            assert_eq!(comparison.add(code), Err(NotThePhoto::AnotherPhoto));
        }
        assert_eq!(comparison.add("PR1:ABC"), Err(NotThePhoto::NotACode));
        assert_eq!(comparison.add(&hers[4]), Ok(Collected::All(lina)));
    }

    #[test]
    fn the_vignette_of_another_photo_is_another_even_with_the_same_picture() {
        let lina = vignette(7);
        let swapped = Vignette::new([8; 32], lina.jpeg().to_vec()).unwrap();
        assert_ne!(swapped.digest(), lina.digest());
        assert_eq!(Vignette::read(&lina.bytes()).unwrap().photo(), [7; 32]);
    }

    proptest! {
        /// Whoever forges parts may make them name the right photo: they are still not it.
        #[test]
        fn a_changed_byte_never_comes_out(at in 0..MOST_JPEG_BYTES + 32, by in 1..=255_u8) {
            let lina = vignette(7);
            let mut forged = lina.bytes();
            forged[at] = forged[at].wrapping_add(by);
            let mut comparison = Comparison::with(lina.digest());
            for (code, own) in parts::codes(PREFIX, &forged).unwrap().iter().zip(lina.codes().unwrap()) {
                let named = renamed(code, &own);
                prop_assert!(!matches!(comparison.add(&named), Ok(Collected::All(_))));
            }
        }

        #[test]
        fn any_texts_are_codes_or_none(texts: Vec<(u8, u8, Vec<u8>)>) {
            let mut comparison = Comparison::with([0; 32]);
            for (at, count, rest) in texts {
                let bytes = [&[at, count, 0, 0, 0, 0], rest.as_slice()].concat();
                let _ = comparison.add(&format!("{PREFIX}{}", base45::encode(&bytes)));
                let _ = comparison.add(&String::from_utf8_lossy(&rest));
            }
        }
    }

    /// The part of one code under the name of another.
    fn renamed(code: &str, name_of: &str) -> String {
        let bytes = |code: &str| base45::decode(code.strip_prefix(PREFIX).unwrap()).unwrap();
        let (head, part) = (bytes(name_of), bytes(code));
        format!("{PREFIX}{}", base45::encode([&head[..6], &part[6..]].concat()))
    }
}
