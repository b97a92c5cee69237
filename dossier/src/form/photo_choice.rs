//! Which photo was chosen, and what the student says of it: the document never holds the picture.

use unicode_normalization::UnicodeNormalization;

use crate::form::{Field, Reading, Refusal};

/// What is answered to « je suis tête nue ».
pub const BARE_HEAD: &str = "OUI";

/// SHA-256 of the identity photo's JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoHash(pub [u8; 32]);

impl PhotoHash {
    /// Reads the 64 hexadecimal digits that the document holds.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        if typed.is_empty() {
            return Err(Refusal::Missing);
        }
        crate::hexadecimal::array(typed).map(Self).ok_or(Refusal::Malformed)
    }

    /// The 64 hexadecimal digits.
    pub fn to_hex(self) -> String {
        crate::hexadecimal::text(&self.0)
    }
}

/// Why a student keeps a photo that breaks a rule, in one sentence for the reviewer.
#[derive(Clone, PartialEq, Eq)]
pub struct PhotoNote(String);

impl PhotoNote {
    /// Two or three sentences: a reviewer reads hundreds of them.
    pub const LONGEST: usize = 300;

    /// Reads a sentence; spaces and line ends are put in order.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let composed: String = typed.nfc().collect();
        let line = composed.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return Err(Refusal::Missing);
        }
        if line.chars().any(char::is_control) {
            return Err(Refusal::Malformed);
        }
        if line.chars().count() > Self::LONGEST {
            return Err(Refusal::TooLong { most: Self::LONGEST as u32 });
        }
        Ok(Self(line))
    }

    /// The sentence.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) fn bare_head(reading: &mut Reading<'_>) -> Option<bool> {
    reading.parse(Field::BareHead, |typed| match typed {
        "" => Ok(false),
        BARE_HEAD => Ok(true),
        _ => Err(Refusal::Unknown),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_line_of_composed_letters() {
        let typed = "  C’est ma coiffe\n de\u{a0}ce\u{301}re\u{301}monie.\r\n";
        assert_eq!(PhotoNote::parse(typed).ok().unwrap().as_str(), "C’est ma coiffe de cérémonie.");
    }

    #[test]
    fn a_sentence_that_is_empty_too_long_or_no_text_is_refused() {
        let refused = |typed: &str| PhotoNote::parse(typed).err();
        assert_eq!(refused(" \n "), Some(Refusal::Missing));
        assert_eq!(refused(&"é".repeat(PhotoNote::LONGEST)), None);
        let too_long = "é".repeat(PhotoNote::LONGEST + 1);
        assert_eq!(refused(&too_long), Some(Refusal::TooLong { most: 300 }));
        assert_eq!(refused("a\u{7}b"), Some(Refusal::Malformed));
    }
}
