//! Where the head is and how it is held, from the points alone.

use super::Values;
use super::face::{Points, distance};
use crate::rules::{Measure, Rule};

/// The corners of the eye on the left of the picture, and of the other.
const LEFT_EYE: [usize; 2] = [33, 133];
const RIGHT_EYE: [usize; 2] = [362, 263];
const CHIN: usize = 152;
const FOREHEAD: usize = 10;
const NOSE: usize = 1;
const NOSE_ROOT: usize = 168;
/// Where the face ends before the ears, left and right in the picture.
const CHEEKS: [usize; 2] = [234, 454];

/// The eyes are this many times less unequal than the cheeks when a head turns; measured on
/// portraits, so that both can be averaged.
const EYES_TO_CHEEKS: f32 = 2.5;

/// The depth that the net gives, brought to the angles of `MediaPipe` 0.10.14's own pose.
const YAW_SCALE: f32 = 0.81;
const PITCH_SCALE: f32 = 0.8;
const PITCH_START: f32 = 2.8;

/// How far the eyes stand from straight ahead, by degree of a head's turn or nod, when they look
/// at the lens; fitted on portraits.
const GAZE_BY_YAW: f32 = 0.0438;
const GAZE_AHEAD: f32 = -0.097;
const GAZE_BY_PITCH: f32 = 0.0242;
const GAZE_LEVEL: f32 = 0.123;

/// What a framing has to know of a head. In pixels of the picture.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The middle between the eyes.
    pub(crate) eyes: [f32; 2],
    pub(crate) eye_distance: f32,
    /// From the eyes to the chin.
    pub(crate) chin: f32,
    /// Degrees, clockwise.
    pub(crate) roll: f32,
}

impl Head {
    /// None when the points are no face.
    pub(super) fn of(points: &Points) -> Option<Self> {
        let (left, right) = (points.middle(&LEFT_EYE), points.middle(&RIGHT_EYE));
        let eyes = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
        let (eye_distance, chin) = (distance(left, right), distance(eyes, points.at(CHIN)));
        let roll = (right[1] - left[1]).atan2(right[0] - left[0]).to_degrees();
        let sane = eye_distance > 4.0 && chin > 4.0 && (eye_distance + chin + roll).is_finite();
        sane.then_some(Self { eyes, eye_distance, chin, roll })
    }
}

/// Everything about how the head is held and where the eyes look.
pub(super) fn put(points: &Points, head: &Head, shapes: &[f32], values: &mut Values) {
    let [left, right] = CHEEKS.map(|it| points.deep(it));
    let yaw = YAW_SCALE * slope(left, right);
    let pitch = PITCH_START - PITCH_SCALE * slope(points.deep(FOREHEAD), points.deep(CHIN));
    values.put(Rule::Facing, Measure::Yaw, yaw);
    values.put(Rule::Facing, Measure::Pitch, pitch);

    let (sine, cosine) = head.roll.to_radians().sin_cos();
    let along = |number: usize| {
        let [x, y] = points.at(number);
        x * cosine + y * sine
    };
    let [[outer_left, _], [_, outer_right]] = [LEFT_EYE, RIGHT_EYE];
    let unequal = |middle: usize, [left, right]: [usize; 2]| {
        let (left, right) = (along(middle) - along(left), along(right) - along(middle));
        (left - right) / (left + right)
    };
    let cheeks = unequal(NOSE, CHEEKS);
    let eyes = EYES_TO_CHEEKS * unequal(NOSE_ROOT, [outer_left, outer_right]);
    values.put(Rule::Facing, Measure::CheekOffset, ((cheeks + eyes) / 2.0).abs());

    let mouth = distance(points.at(13), points.at(14)) / head.chin;
    values.put(Rule::MouthClosed, Measure::MouthGap, mouth);
    if let Some(gaze) = gaze(shapes, yaw, pitch) {
        values.put(Rule::Gaze, Measure::Gaze, gaze);
    }
}

/// The angle between the line through two points and the picture, in degrees.
fn slope([ax, ay, az]: [f32; 3], [bx, by, bz]: [f32; 3]) -> f32 {
    (bz - az).atan2((bx - ax).hypot(by - ay)).to_degrees()
}

/// How far the eyes look beside the lens: what the net says of each eye, less what the head's
/// own turn and nod ask of them.
fn gaze(shapes: &[f32], yaw: f32, pitch: f32) -> Option<f32> {
    let &[down_left, down_right, in_left, in_right, out_left, out_right, up_left, up_right] =
        shapes.get(11..19)?
    else {
        return None;
    };
    let across = (in_left + out_right - out_left - in_right) / 2.0;
    let down = (down_left + down_right - up_left - up_right) / 2.0;
    let across = across - GAZE_BY_YAW * yaw - GAZE_AHEAD;
    let down = down - GAZE_BY_PITCH * pitch - GAZE_LEVEL;
    Some(across.abs().max(down.abs()))
}
