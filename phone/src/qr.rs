//! The picture of a code.

use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

use crate::trouble::Trouble;
use crate::view::CodeView;

/// Least size of the drawing, in its own units; screens scale it.
const SIZE: u32 = 240;

/// A QR code of level M as an SVG picture; `None` when the text does not fit in one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(SIZE, SIZE).build())
}

/// Codes that are shown one after the other, for as long as somebody looks.
pub(crate) fn views(codes: Vec<String>) -> Result<Vec<CodeView>, Trouble> {
    let view = |code: String| {
        let code_svg = svg(&code).ok_or(Trouble::Damaged)?;
        Ok(CodeView { code, code_svg, until_ms: None })
    };
    codes.into_iter().map(view).collect()
}

/// A QR code of level M, module by module, row by row from the top.
pub(crate) struct Modules {
    /// Modules of a side.
    pub(crate) side: usize,
    /// Which of them are dark.
    pub(crate) dark: Vec<bool>,
}

impl Modules {
    /// The code of a text; `None` when it does not fit in one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let side = code.width();
        let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { side, dark })
    }
}
