//! A white border around a picture: straight near-white bands along its sides.

use super::face::light_of;
use crate::framing::{Area, Frame};
use image::RgbImage;

/// Near-white, through any compression.
const WHITE: f32 = 236.0;
/// So much of a line must be white to belong to a band.
const BAND: f32 = 0.97;
/// And so little of the middle of the lines behind it: a white wall ends where the head and the
/// shoulders begin, little by little; a border ends at once.
const BEHIND: f32 = 0.5;
/// A band is at most this share of the picture's side.
const DEEPEST: f32 = 0.35;
/// Lines that compression may blend at the edge of a band.
const BLENDED: u32 = 4;

/// How far a band reaches from each side, in pixels; 0 without one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Border {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    size: [f32; 2],
}

impl Border {
    pub(crate) fn of(picture: &RgbImage) -> Self {
        let (width, height) = picture.dimensions();
        let light = |x, y| picture.get_pixel_checked(x, y).map_or(0.0, |it| light_of(it.0));
        Self {
            left: band(width, height, light),
            top: band(height, width, |line, at| light(at, line)),
            right: band(width, height, |line, at| light(width - 1 - line, at)),
            bottom: band(height, width, |line, at| light(at, height - 1 - line)),
            size: [width as f32, height as f32],
        }
    }

    /// The picture without its border, when it has one.
    pub(crate) fn inside(&self, width: u32, height: u32) -> Area {
        let whole = Area::of(width, height);
        let sides = [self.left, self.top, self.right, self.bottom];
        // One white side may be anything.
        if sides.iter().filter(|it| **it > 0.0).count() < 2 {
            return whole;
        }
        // One line more: compression blends the edge.
        let [left, top, right, bottom] = sides.map(|it| if it > 0.0 { it + 1.0 } else { 0.0 });
        let size = [whole.width - left - right, whole.height - top - bottom];
        Area { left, top, width: size[0], height: size[1] }
    }

    /// On how many sides a frame shows a band thicker than a share of itself.
    pub(crate) fn seen_by(&self, frame: &Frame, thinnest: f32) -> f32 {
        let [left, top, right, bottom] = frame.bounds();
        let [wide, tall] = frame.size.map(|it| it * thinnest);
        let [width, height] = self.size;
        let shows = |band: f32, from: f32, least: f32| band > 0.0 && band - from.max(0.0) >= least;
        let sides = [
            shows(self.left, left, wide),
            shows(self.top, top, tall),
            shows(self.right, width - right, wide),
            shows(self.bottom, height - bottom, tall),
        ];
        sides.iter().filter(|it| **it).count() as f32
    }
}

/// The thickness of the band at one side: `lines` from the edge inwards, `length` pixels each.
fn band(lines: u32, length: u32, light: impl Fn(u32, u32) -> f32) -> f32 {
    let white = |line: u32, from: u32, to: u32| {
        let step = ((to - from) / 256).max(1) as usize;
        let (count, white) = (from..to).step_by(step).fold((0.0_f32, 0.0), |(count, white), at| {
            (count + 1.0, white + f32::from(u8::from(light(line, at) >= WHITE)))
        });
        white / count.max(1.0)
    };
    let deepest = (lines as f32 * DEEPEST) as u32;
    let thick = (0..deepest).take_while(|line| white(*line, 0, length) >= BAND).count();
    let Ok(thick) = u32::try_from(thick) else { return 0.0 };
    let (from, to) = (length / 5, length - length / 5);
    let behind = (thick..thick + BLENDED).map(|line| white(line, from, to)).fold(1.0, f32::min);
    if thick == 0 || thick == deepest || behind > BEHIND { 0.0 } else { thick as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::landscape;
    use crate::framing::Framing;
    use image::{Rgb, imageops};

    fn framed(thick: u32, sides: [bool; 4]) -> RgbImage {
        let mut picture = landscape(700, 900);
        let inner = landscape(700 - 2 * thick, 900 - 2 * thick);
        imageops::replace(&mut picture, &inner, thick.into(), thick.into());
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            let near = [x < thick, y < thick, x >= 700 - thick, y >= 900 - thick];
            if near.iter().zip(sides).any(|(near, side)| *near && side) {
                *pixel = Rgb([252; 3]);
            }
        }
        picture
    }

    #[test]
    fn a_border_is_found_with_its_thickness() {
        for thick in [8, 20, 54] {
            let border = Border::of(&framed(thick, [true; 4]));
            let thick = thick as f32;
            for side in [border.left, border.top, border.right, border.bottom] {
                assert_eq!(side, thick);
            }
        }
    }

    #[test]
    fn a_side_without_a_band_has_none() {
        let border = Border::of(&framed(30, [true, false, true, false]));
        let sides = [border.left, border.top, border.right, border.bottom];
        assert_eq!(sides, [30.0, 0.0, 30.0, 0.0]);
        assert_eq!(Border::of(&landscape(700, 900)).seen_by(&whole(), 0.008), 0.0);
    }

    fn whole() -> Frame {
        Framing::whole(700, 900).on(700, 900)
    }

    #[test]
    fn a_white_wall_behind_a_head_is_no_border() {
        let picture = RgbImage::from_fn(700, 900, |x, y| {
            let head = (f64::from(x) - 350.0).hypot(f64::from(y) - 400.0) < 230.0;
            let body = y > 640 && (f64::from(x) - 350.0).abs() < f64::from(y) - 500.0;
            Rgb(if head || body { [90, 60, 40] } else { [255; 3] })
        });
        assert_eq!(Border::of(&picture).seen_by(&whole(), 0.008), 0.0);
    }

    #[test]
    fn an_all_white_picture_has_no_border() {
        let border = Border::of(&RgbImage::from_pixel(300, 400, Rgb([255; 3])));
        assert_eq!([border.left, border.top, border.right, border.bottom], [0.0; 4]);
    }

    #[test]
    fn a_framing_that_leaves_the_border_out_shows_none_of_it() {
        let border = Border::of(&framed(54, [true; 4]));
        assert_eq!(border.seen_by(&whole(), 0.008), 4.0);
        let inner = Framing { x: 0.5, y: 0.5, height: 0.8, turn: 0.0 };
        assert_eq!(border.seen_by(&inner.on(700, 900), 0.008), 0.0);
        let low = Framing { y: 0.6, ..inner };
        assert_eq!(border.seen_by(&low.on(700, 900), 0.008), 1.0);
        let kept = border.inside(700, 900);
        let proposed = Framing::upper_middle(kept, 700, 900).inside(kept, 700, 900);
        assert_eq!(border.seen_by(&proposed.on(700, 900), 0.008), 0.0);
    }
}
