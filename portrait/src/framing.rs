//! Which part of a picture becomes the portrait.

use crate::crop::{LEAST_HEIGHT, RATIO};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of an upright picture, 7 wide to 9 high, perhaps turned. In shares of the picture, so
/// that it means the same on a preview and on the full pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Framing {
    /// Middle, from the left edge, as a share of the picture's width.
    pub x: f32,
    /// Middle, from the upper edge, as a share of the picture's height.
    pub y: f32,
    /// Height, as a share of the picture's height.
    pub height: f32,
    /// How far the frame is turned over the picture, in degrees, clockwise. A head that leans
    /// clockwise by 5° stands straight in a frame with `turn` 5.
    pub turn: f32,
}

/// More than this is no correction of a tilted head but another picture.
const MOST_TURN: f32 = 15.0;

/// Shares are single precision: what they say of a side is true to a thousandth of a pixel.
const SLACK: f32 = 1e-6;

/// Upright pixels of a picture, or of its part inside a white border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Area {
    /// A whole picture.
    pub(crate) fn of(width: u32, height: u32) -> Self {
        Self { left: 0.0, top: 0.0, width: width as f32, height: height as f32 }
    }
}

/// Width to height.
pub(crate) fn ratio() -> f32 {
    RATIO.0 as f32 / RATIO.1 as f32
}

impl Framing {
    /// A picture as its maker framed it: everything, also where it is not 7 to 9. For judging; a
    /// portrait is made from [`Framing::within`] of it.
    pub(crate) fn whole(width: u32, height: u32) -> Self {
        let around = width as f32 / (height as f32 * ratio());
        Self { x: 0.5, y: 0.5, height: around.max(1.0), turn: 0.0 }
    }

    /// The largest, in the middle and a little high: on a picture taken by hand the head stands
    /// above the middle, and a cut chest does less harm than cut hair; so only a quarter of what
    /// must go goes from the top.
    pub(crate) fn upper_middle(area: Area, width: u32, height: u32) -> Self {
        let kept = area.height.min(area.width / ratio());
        let whole = Area::of(width, height);
        Self {
            x: (area.left + area.width / 2.0) / whole.width,
            y: (area.top + (area.height - kept) / 4.0 + kept / 2.0) / whole.height,
            height: kept / whole.height,
            turn: 0.0,
        }
        .within(width, height)
    }

    /// The nearest framing that lies inside an upright picture of this many pixels in its file
    /// and keeps as many as a portrait needs, if there are.
    pub fn within(self, width: u32, height: u32) -> Self {
        self.inside(Area::of(width, height), width, height)
    }

    /// The nearest framing inside a part of the picture.
    pub(crate) fn inside(self, area: Area, width: u32, height: u32) -> Self {
        let (wide, high) = (width.max(1) as f32, height.max(1) as f32);
        let or = |value: f32, otherwise: f32| if value.is_nan() { otherwise } else { value };
        let turn = or(self.turn, 0.0).clamp(-MOST_TURN, MOST_TURN);
        // How far a frame of height 1 reaches from its middle, once turned.
        let (sine, cosine) = (turn.to_radians().sin().abs(), turn.to_radians().cos());
        let across = (ratio() * cosine + sine) / 2.0;
        let down = (ratio() * sine + cosine) / 2.0;
        let largest = (area.width / (2.0 * across)).min(area.height / (2.0 * down));
        let largest = largest * (1.0 - SLACK);
        let wanted = or(self.height, 1.0).clamp(0.0, 8.0) * high;
        let tall = wanted.clamp((LEAST_HEIGHT as f32).min(largest), largest);
        let place = |share: f32, of: f32, start: f32, size: f32, reach: f32| {
            let middle = or(share, 0.5).clamp(-8.0, 8.0) * of;
            let (first, last) = (start + reach, start + size - reach);
            middle.clamp(first.min(last), last.max(first)) / of
        };
        Self {
            x: place(self.x, wide, area.left, area.width, across * tall),
            y: place(self.y, high, area.top, area.height, down * tall),
            height: tall / high,
            turn,
        }
    }

    /// The framing as pixels of a picture.
    pub(crate) fn on(self, width: u32, height: u32) -> Frame {
        let whole = Area::of(width, height);
        let (sine, cosine) = self.turn.to_radians().sin_cos();
        let tall = self.height * whole.height;
        Frame {
            middle: [self.x * whole.width, self.y * whole.height],
            size: [tall * ratio(), tall],
            across: [cosine, sine],
        }
    }
}

/// A framing in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) middle: [f32; 2],
    pub(crate) size: [f32; 2],
    /// The direction of its upper edge, of length 1.
    pub(crate) across: [f32; 2],
}

impl Frame {
    /// Where a point of the picture stands in the frame, from its middle, in pixels.
    pub(crate) fn see(&self, point: [f32; 2]) -> [f32; 2] {
        let ([x, y], [mx, my], [ax, ay]) = (point, self.middle, self.across);
        let (x, y) = (x - mx, y - my);
        [x * ax + y * ay, y * ax - x * ay]
    }

    /// Its leftmost, uppermost, rightmost and lowest reach in the picture.
    pub(crate) fn bounds(&self) -> [f32; 4] {
        let ([wide, tall], [ax, ay]) = (self.size, self.across);
        let across = (wide * ax.abs() + tall * ay.abs()) / 2.0;
        let down = (wide * ay.abs() + tall * ax.abs()) / 2.0;
        let [x, y] = self.middle;
        [x - across, y - down, x + across, y + down]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_number() -> impl Strategy<Value = f32> {
        prop_oneof![-2.0_f32..3.0, any::<f32>(), Just(f32::NAN), Just(f32::INFINITY)]
    }

    #[test]
    fn a_wide_picture_keeps_its_middle_and_a_tall_one_its_upper_part() {
        let wide = Framing::upper_middle(Area::of(2000, 900), 2000, 900).on(2000, 900).bounds();
        for (is, should) in wide.iter().zip([650.0, 0.0, 1350.0, 900.0]) {
            assert!((is - should).abs() < 0.1, "{wide:?}");
        }
        let tall = Framing::upper_middle(Area::of(700, 1300), 700, 1300).on(700, 1300).bounds();
        for (is, should) in tall.iter().zip([0.0, 100.0, 700.0, 1000.0]) {
            assert!((is - should).abs() < 0.1, "{tall:?}");
        }
    }

    #[test]
    fn the_whole_is_all_of_a_picture_whatever_its_shape() {
        for (width, height) in [(700, 900), (1600, 900), (300, 4000)] {
            let [left, top, right, bottom] =
                Framing::whole(width, height).on(width, height).bounds();
            assert!(left <= 0.1 && top <= 0.1, "{left} {top}");
            assert!(right >= width as f32 - 0.1 && bottom >= height as f32 - 0.1);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_becomes_a_framing_inside_the_picture(
            x in any_number(), y in any_number(), height in any_number(), turn in any_number(),
            wide in 350..9000_u32, high in 450..9000_u32,
        ) {
            let framing = Framing { x, y, height, turn }.within(wide, high);
            let [left, top, right, bottom] = framing.on(wide, high).bounds();
            prop_assert!(left > -0.01 && top > -0.01, "{:?}", framing);
            prop_assert!(right < wide as f32 + 0.01 && bottom < high as f32 + 0.01);
            prop_assert!(framing.turn.abs() <= MOST_TURN);
            let tall = framing.height * high as f32;
            prop_assert!(tall > 0.0);
            if framing.turn == 0.0 {
                prop_assert!(tall > 449.9);
            }
            let again = framing.within(wide, high);
            prop_assert!((again.x - framing.x).abs() < 1e-4 && (again.y - framing.y).abs() < 1e-4);
            prop_assert!((again.height - framing.height).abs() < 1e-4);
        }

        #[test]
        fn what_lies_inside_stays_as_it_is(
            x in 0.45..0.55_f32, y in 0.45..0.55_f32, height in 0.3..0.6_f32, turn in -8.0..8.0_f32,
        ) {
            let framing = Framing { x, y, height, turn };
            let kept = framing.within(2100, 2700);
            prop_assert!((kept.x - x).abs() < 1e-5 && (kept.y - y).abs() < 1e-5);
            prop_assert!((kept.height - height).abs() < 1e-5);
            prop_assert_eq!(kept.turn, turn);
        }

        #[test]
        fn a_frame_sees_distances_as_they_are_and_its_upper_edge_as_level(
            px in 0.0..700.0_f32, py in 0.0..900.0_f32, turn in -15.0..15.0_f32,
        ) {
            let frame = Framing { x: 0.4, y: 0.6, height: 0.5, turn }.on(700, 900);
            let [x, y] = frame.see([px, py]);
            let away = (px - frame.middle[0]).hypot(py - frame.middle[1]);
            prop_assert!((x.hypot(y) - away).abs() < 0.01);
            let [mx, my] = frame.middle;
            let [_, level] = frame.see([mx + frame.across[0] * 50.0, my + frame.across[1] * 50.0]);
            prop_assert!(level.abs() < 0.01);
        }
    }
}
