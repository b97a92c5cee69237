//! Which photo was chosen: its fingerprint, since the document never holds the picture.

use crate::form::Refusal;

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
