//! The picture of a code.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Least size of the drawing, in its own units; screens scale it.
const SIZE: u32 = 240;

/// A QR code of level M as an SVG picture; `None` when the text does not fit in one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(SIZE, SIZE).build())
}
