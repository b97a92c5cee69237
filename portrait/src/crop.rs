//! The pixels of a framing: cut out, turned, made smaller when larger than a portrait; never larger.

use crate::PhotoRefusal;
use crate::framing::{Frame, Framing};
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

/// The ratio of an identity photo: 35 × 45 mm.
pub(crate) const RATIO: (u32, u32) = (7, 9);

/// A face fills three quarters of this height with 230 pixels between the eyes: more than print
/// needs, little enough for 200 kB.
pub(crate) const FULL_WIDTH: u32 = 840;
/// And so many down.
pub(crate) const FULL_HEIGHT: u32 = 1080;

/// Fewer pixels across do not show a face on a printed card.
pub(crate) const LEAST_WIDTH: u32 = 350;
/// Fewer pixels down do not either.
pub(crate) const LEAST_HEIGHT: u32 = 450;

/// Less turn than this moves no pixel of a portrait by as much as one and a half.
const LEAST_TURN: f32 = 0.15;

/// Steps between two pixels for which the weights of the turning are worked out.
const PHASES: usize = 64;

/// Cuts a framing that lies inside the picture out of it. The file's pixels, so many for one of the
/// picture, decide how large the portrait may be.
pub(crate) fn cut(
    picture: &RgbImage,
    framing: Framing,
    file_scale: f32,
) -> Result<RgbImage, PhotoRefusal> {
    let frame = framing.on_picture(picture);
    let (across, down) = RATIO;
    // A hair more: a frame as wide as its picture must not lose a column to rounding.
    let step = ((frame.size[0] * file_scale + 0.01) as u32).clamp(across, FULL_WIDTH) / across;
    let (width, height) = (step * across, step * down);
    if framing.turn.abs() < LEAST_TURN {
        let [left, top, ..] = frame.bounds();
        return shrink(picture, [left, top], frame.size, width, height);
    }
    turned(picture, frame, width, height)
}

impl Framing {
    fn on_picture(self, picture: &RgbImage) -> Frame {
        self.on(picture.width(), picture.height())
    }
}

/// The whole picture, no longer than `most` pixels; averaged, which serves eyes and nets.
pub(crate) fn fitted(picture: &RgbImage, most: u32) -> Result<RgbImage, PhotoRefusal> {
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    if longest <= most {
        return Ok(picture.clone());
    }
    let side = |whole: u32| (u64::from(whole) * u64::from(most) / u64::from(longest)).max(1) as u32;
    averaged(picture, side(width), side(height))
}

/// The whole picture in other extents.
pub(crate) fn averaged(
    picture: &RgbImage,
    width: u32,
    height: u32,
) -> Result<RgbImage, PhotoRefusal> {
    let full = [picture.width() as f32, picture.height() as f32];
    resized(picture, [0.0, 0.0], full, (width, height), FilterType::Bilinear)
}

/// A straight part of a picture, resized.
pub(crate) fn shrink(
    picture: &RgbImage,
    from: [f32; 2],
    size: [f32; 2],
    width: u32,
    height: u32,
) -> Result<RgbImage, PhotoRefusal> {
    resized(picture, from, size, (width, height), FilterType::Lanczos3)
}

fn resized(
    picture: &RgbImage,
    from: [f32; 2],
    size: [f32; 2],
    (width, height): (u32, u32),
    filter: FilterType,
) -> Result<RgbImage, PhotoRefusal> {
    let source =
        TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture.as_raw())
            .map_err(|_| PhotoRefusal::Broken)?;
    let mut pixels = vec![0; width as usize * height as usize * 3];
    let mut made = TypedImage::<U8x3>::from_buffer(width, height, &mut pixels)
        .map_err(|_| PhotoRefusal::Broken)?;
    let full = [picture.width(), picture.height()].map(f64::from);
    let [left, top] = from.map(|it| f64::from(it).max(0.0));
    let [wide, tall] = size.map(f64::from);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).crop(
        left,
        top,
        wide.min(full[0] - left),
        tall.min(full[1] - top),
    );
    // One pixel type: `resize` would compile the kernels of every one of them into this crate.
    Resizer::new().resize_typed(&source, &mut made, &options).map_err(|_| PhotoRefusal::Broken)?;
    RgbImage::from_raw(width, height, pixels).ok_or(PhotoRefusal::Broken)
}

/// A turned part: first the upright part around it at the portrait's scale, then each pixel of
/// the portrait from the sixteen around its place there (Catmull and Rom's cubic).
fn turned(
    picture: &RgbImage,
    frame: Frame,
    width: u32,
    height: u32,
) -> Result<RgbImage, PhotoRefusal> {
    let [left, top, right, bottom] = frame.bounds();
    let scale = width as f32 / frame.size[0];
    let (left, top) = (left.max(0.0), top.max(0.0));
    let size =
        [right.min(picture.width() as f32) - left, bottom.min(picture.height() as f32) - top];
    let [wide, tall] = size.map(|it| ((it * scale).round() as u32).max(4));
    let around = shrink(picture, [left, top], size, wide, tall)?;
    // Four numbers a pixel fit one register, and no byte is converted sixteen times.
    let colours = |[red, green, blue]: &[u8; 3]| [*red, *green, *blue, 0].map(f32::from);
    let pixels: Vec<[f32; 4]> = around.as_raw().as_chunks().0.iter().map(colours).collect();
    let rows: Vec<&[[f32; 4]]> = pixels.chunks_exact(wide as usize).collect();

    let weights = weights();
    let mut made = RgbImage::new(width, height);
    let (half_width, half_height) = (width as f32 / 2.0, height as f32 / 2.0);
    let [ax, ay] = frame.across;
    let middle = [(frame.middle[0] - left) * scale, (frame.middle[1] - top) * scale];
    let step = [ax, ay].map(fixed);
    let bytes: &mut [u8] = &mut made;
    for (y, line) in bytes.chunks_exact_mut(width as usize * 3).enumerate() {
        let (dx, dy) = (0.5 - half_width, y as f32 + 0.5 - half_height);
        // A cubic's four pixels begin one and a half before the place between them.
        let mut at = [middle[0] + dx * ax - dy * ay, middle[1] + dx * ay + dy * ax]
            .map(|it| fixed(it - 1.5));
        for pixel in line.as_chunks_mut::<3>().0 {
            if let Some(colour) = between(&rows, &weights, at) {
                *pixel = colour;
            }
            at = [at[0] + step[0], at[1] + step[1]];
        }
    }
    Ok(made)
}

/// Steps between two pixels, in a number of whole pixels and 65536 parts.
fn fixed(at: f32) -> i32 {
    (at * 65536.0) as i32
}

/// For each step between two pixels the weights of the four around it.
fn weights() -> [[f32; 4]; PHASES] {
    let mut made = [[0.0; 4]; PHASES];
    for (phase, four) in made.iter_mut().enumerate() {
        let t = phase as f32 / PHASES as f32;
        *four = [
            ((2.0 - t) * t - 1.0) * t / 2.0,
            ((3.0 * t - 5.0) * t * t + 2.0) / 2.0,
            ((4.0 - 3.0 * t) * t + 1.0) * t / 2.0,
            (t - 1.0) * t * t / 2.0,
        ];
    }
    made
}

/// The colour between sixteen pixels of at least four rows of at least four.
fn between(rows: &[&[[f32; 4]]], weights: &[[f32; 4]; PHASES], at: [i32; 2]) -> Option<[u8; 3]> {
    // Beside the edge its nearest pixels serve.
    let first = |at: i32, size: usize| ((at >> 16).max(0) as usize).min(size - 4);
    let phase = |at: i32| weights.get((at >> 10) as usize % PHASES);
    let (across, down) = (phase(at[0])?, phase(at[1])?);
    let lines: &[&[[f32; 4]]; 4] = rows.get(first(at[1], rows.len())..)?.first_chunk()?;
    let mut sum = [0.5_f32; 4];
    for (line, by) in lines.iter().zip(down) {
        let four: &[[f32; 4]; 4] = line.get(first(at[0], line.len())..)?.first_chunk()?;
        let mut mixed = [0.0_f32; 4];
        for (pixel, weight) in four.iter().zip(across) {
            for (mixed, part) in mixed.iter_mut().zip(pixel) {
                *mixed += part * weight;
            }
        }
        for (sum, part) in sum.iter_mut().zip(mixed) {
            *sum += part * by;
        }
    }
    // Float to byte saturates.
    let [red, green, blue, _] = sum;
    Some([red as u8, green as u8, blue as u8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::{is_upright, landscape};
    use image::Rgb;
    use proptest::prelude::*;

    const ALL: Framing = Framing { x: 0.5, y: 0.5, height: 1.0, turn: 0.0 };

    #[test]
    fn a_portrait_is_never_blown_up_and_never_larger_than_needed() {
        for ((wide, high), made) in [
            ((1400, 1800), (840, 1080)),
            ((700, 900), (700, 900)),
            ((400, 500), (385, 495)),
            ((3024, 4032), (840, 1080)),
        ] {
            let cut = cut(&landscape(wide, high), ALL, 1.0).unwrap();
            assert_eq!(cut.dimensions(), made);
            assert!(is_upright(&cut));
        }
    }

    #[test]
    fn a_turned_framing_straightens_what_leans() {
        for turn in [-8.0, -3.0, 5.0, 14.0_f32] {
            // A dark line through the middle that leans as the frame does, on a light ground.
            let (sine, cosine) = turn.to_radians().sin_cos();
            let picture = RgbImage::from_fn(1400, 1800, |x, y| {
                let (dx, dy) = (x as f32 + 0.5 - 700.0, y as f32 + 0.5 - 900.0);
                Rgb([if (dx * cosine + dy * sine).abs() < 12.0 { 20 } else { 200 }; 3])
            });
            let made = cut(&picture, Framing { height: 0.5, turn, ..ALL }, 1.0).unwrap();
            let (wide, high) = made.dimensions();
            for y in [1, high / 4, high / 2, high - 2] {
                let at = |x: u32| made.get_pixel(x, y).0[0];
                assert!(at(wide / 2) < 40, "{turn} {y}: {}", at(wide / 2));
                assert!(at(wide / 2 - 20) > 180 && at(wide / 2 + 20) > 180, "{turn} {y}");
            }
        }
    }

    #[test]
    fn a_turn_keeps_the_sharpness() {
        let picture = landscape(1400, 1800);
        let straight = cut(&picture, Framing { height: 0.5, ..ALL }, 1.0).unwrap();
        let turned = cut(&picture, Framing { height: 0.5, turn: 5.0, ..ALL }, 1.0).unwrap();
        let contrast = |picture: &RgbImage| {
            let rows = picture.as_raw().chunks_exact(picture.width() as usize * 3);
            let steps = rows.flat_map(|row| row.iter().zip(row.iter().skip(3)));
            steps.map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>()
        };
        assert!(contrast(&turned) * 10 > contrast(&straight) * 8);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn any_framing_is_cut_seven_to_nine(
            x in -1.0..2.0_f32, y in -1.0..2.0_f32, height in 0.0..3.0_f32, turn in -60.0..60.0_f32,
            wide in 60..900_u32, high in 60..900_u32,
        ) {
            let picture = RgbImage::from_pixel(wide, high, Rgb([90, 120, 150]));
            let framing = Framing { x, y, height, turn }.within(wide, high);
            let made = cut(&picture, framing, 1.0).unwrap();
            prop_assert_eq!(made.width() * RATIO.1, made.height() * RATIO.0);
            prop_assert!(made.width() <= wide && made.height() <= high);
            prop_assert!(made.pixels().all(|it| it.0 == [90, 120, 150]));
        }
    }
}
