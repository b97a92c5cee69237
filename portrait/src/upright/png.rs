//! A PNG read row by row and made smaller on the way: it is never held whole at its full size.

use crate::guard::Header;
use crate::turn::Canvas;
use png::{ColorType, Decoder, Limits, Reader, Transformations};
use std::io::Cursor;

/// What the decoder may keep beside the pixels: a palette, and chunks that are of no use here.
const MOST_SIDE_BYTES: usize = 1 << 20;

/// Where each pass of an interlaced picture begins and how far apart its pixels lie, across and
/// down.
const PASSES: [(u32, u32, u32, u32); 7] = [
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
];

/// Paints the picture, with one pixel for `divisor`² of the file.
pub(super) fn decode(
    bytes: &[u8],
    header: &Header,
    divisor: u32,
    canvas: &mut Canvas,
) -> Option<()> {
    // One row, unpacked and as it was, for each of what the decoder keeps.
    let row_bytes = header.width as usize * 8;
    let limits = Limits { bytes: MOST_SIDE_BYTES + 4 * row_bytes };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().ok()?;
    // The decoder must have read the header that the guard let through.
    if reader.info().size() != (header.width, header.height) {
        return None;
    }
    let kind = Kind::of(reader.output_color_type().0)?;
    if reader.info().interlaced {
        return interlaced(&mut reader, header, kind, divisor, canvas);
    }
    let mut sums = Sums::new(header.width / divisor, 1, divisor);
    let mut strip = Vec::new();
    for _ in 0..header.height / divisor {
        for _ in 0..divisor {
            let row = reader.next_row().ok()??;
            sums.add(kind, row.data(), 0, (0, 1));
        }
        sums.drain_into(&mut strip);
        canvas.strip(&strip, strip.len(), 1);
    }
    Some(())
}

fn interlaced(
    reader: &mut Reader<Cursor<&[u8]>>,
    header: &Header,
    kind: Kind,
    divisor: u32,
    canvas: &mut Canvas,
) -> Option<()> {
    let (width, height) = (header.width / divisor, header.height / divisor);
    let mut sums = Sums::new(width, height, divisor);
    for (left, top, across, down) in PASSES {
        // A pass without columns has no rows in the file.
        if left >= header.width {
            continue;
        }
        for y in (top..header.height).step_by(down as usize) {
            let row = reader.next_interlaced_row().ok()??;
            sums.add(kind, row.data(), y / divisor, (left, across));
        }
    }
    let mut strip = Vec::new();
    sums.drain_into(&mut strip);
    canvas.strip(&strip, width as usize, height as usize);
    Some(())
}

/// What stands in a row.
#[derive(Clone, Copy)]
enum Kind {
    Grey,
    GreyAlpha,
    Colour,
    ColourAlpha,
}

impl Kind {
    fn of(found: ColorType) -> Option<Self> {
        match found {
            ColorType::Grayscale => Some(Self::Grey),
            ColorType::GrayscaleAlpha => Some(Self::GreyAlpha),
            ColorType::Rgb => Some(Self::Colour),
            ColorType::Rgba => Some(Self::ColourAlpha),
            ColorType::Indexed => None,
        }
    }
}

/// Sums of the pixels that become one; 64 of 255 fit.
struct Sums {
    sums: Vec<[u16; 3]>,
    width: usize,
    divisor: u32,
}

impl Sums {
    fn new(width: u32, rows: u32, divisor: u32) -> Self {
        let width = width as usize;
        Self { sums: vec![[0; 3]; width * rows as usize], width, divisor }
    }

    /// Adds a row whose pixels lie at `left` and so far apart.
    fn add(&mut self, kind: Kind, row: &[u8], down: u32, places: (u32, u32)) {
        let start = down as usize * self.width;
        let Some(sums) = self.sums.get_mut(start..start + self.width) else { return };
        let divisor = self.divisor;
        match kind {
            Kind::Grey => add(sums, divisor, places, row.iter().map(|tone| [*tone; 3])),
            Kind::Colour => {
                add(sums, divisor, places, row.as_chunks::<3>().0.iter().copied());
            }
            Kind::GreyAlpha => {
                let pixels = row.as_chunks::<2>().0.iter();
                add(
                    sums,
                    divisor,
                    places,
                    pixels.map(|[tone, alpha]| [on_white(*tone, *alpha); 3]),
                );
            }
            Kind::ColourAlpha => {
                let pixels = row.as_chunks::<4>().0.iter().map(|[red, green, blue, alpha]| {
                    [*red, *green, *blue].map(|part| on_white(part, *alpha))
                });
                add(sums, divisor, places, pixels);
            }
        }
    }

    /// The pixels, red in the lowest byte; the sums begin anew.
    fn drain_into(&mut self, strip: &mut Vec<u32>) {
        strip.clear();
        let count = self.divisor * self.divisor;
        let mean = |sum: u16| u8::try_from((u32::from(sum) + count / 2) / count).unwrap_or(u8::MAX);
        strip.extend(self.sums.iter_mut().map(|sums| {
            let [red, green, blue] = std::mem::take(sums).map(mean);
            u32::from_le_bytes([red, green, blue, 0])
        }));
    }
}

fn add(
    sums: &mut [[u16; 3]],
    divisor: u32,
    (left, across): (u32, u32),
    pixels: impl Iterator<Item = [u8; 3]>,
) {
    let mut add_at = |at: usize, pixel: [u8; 3]| {
        if let Some(sum) = sums.get_mut(at) {
            for (sum, part) in sum.iter_mut().zip(pixel) {
                *sum = sum.saturating_add(u16::from(part));
            }
        }
    };
    // Divisors are powers of two.
    let shift = divisor.trailing_zeros();
    for (x, pixel) in (left..).step_by(across as usize).zip(pixels) {
        add_at((x >> shift) as usize, pixel);
    }
}

/// What is transparent shows the white of the card, not whatever colour hides below.
fn on_white(part: u8, alpha: u8) -> u8 {
    let (part, alpha) = (u32::from(part), u32::from(alpha));
    let mixed = (part * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}
