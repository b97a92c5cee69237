//! What screens are shown of the identity photo.

use portrait::{Fault, Framing, Report};
use serde::Serialize;
use ts_rs::TS;

/// The kept photo, without its picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhotoView {
    /// What names it.
    pub sha256: String,
    /// Weight.
    pub bytes: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// A picture.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhotoData {
    /// The JPEG, in base64.
    pub jpeg: String,
}

/// What a frame of the camera's preview calls for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LookView {
    /// What to mend first; null when the picture may be taken.
    pub fault: Option<Fault>,
}

/// A picture that was opened, found good enough to be framed, and measured.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProofView {
    /// The picture for the screen: a JPEG of at most 1280 pixels, in base64.
    pub preview: String,
    /// Of the file, upright, in pixels.
    pub width: u32,
    /// Of the file, upright, in pixels.
    pub height: u32,
    /// The framing that is proposed, judged.
    pub framed: FramedView,
    /// Whether a picture that breaks a rule may be kept, with a sentence.
    pub may_insist: bool,
}

/// The open picture in one framing.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FramedView {
    /// The nearest to what was asked that lies inside the picture.
    pub framing: Framing,
    /// What is said of it.
    pub report: Report,
}
