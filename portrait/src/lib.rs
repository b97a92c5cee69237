//! The identity photo: guarded, decoded, turned upright, found, judged, cut and written as a light
//! JPEG.
//!
//! Pure computing, the same for phone and server: bytes come in, bytes, a verdict or a refusal go
//! out. What a student chooses is never kept; only the picture made here from its pixels is, so
//! that no metadata, no position and no hidden data can travel along. The points of a face live in
//! a [`Proof`] and end with it: nothing here makes, stores or compares a face template.

#[doc(hidden)]
pub mod bench;
mod checker;
mod chunks;
mod crop;
mod encode;
mod find;
mod framing;
mod guard;
mod intake;
mod measure;
mod notes;
mod reduced;
mod refusal;
mod rules;
mod segments;
mod turn;
mod upright;
mod verify;
mod vignette;

#[cfg(test)]
mod drawn;

pub use checker::{Checker, Proof};
pub use framing::Framing;
pub use guard::Guard;
#[doc(hidden)]
pub use intake::{intake, open_at};
pub use refusal::PhotoRefusal;
pub use rules::{Band, Fault, Finding, Level, Look, Measure, Report, Rule};
pub use vignette::vignette;

/// The photo as it is kept, sent and printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portrait {
    /// A JPEG of at most 200 kB without any metadata.
    pub jpeg: Vec<u8>,
    /// In pixels, at most 840.
    pub width: u32,
    /// In pixels, at most 1080; width to height is 7 to 9.
    pub height: u32,
}

#[cfg(test)]
mod tests;
