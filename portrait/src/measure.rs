//! What a picture shows, in numbers: everything worked out once, so that a framing is judged at once.

mod background;
mod border;
mod eyes;
mod face;
mod pose;
mod sharp;
mod skin;

use crate::find::Found;
use crate::framing::{Area, Frame, Framing};
use crate::rules::{self, Look, Measure, Report, Row, Rule};
use border::Border;
use face::{Patch, Points};
use image::RgbImage;
use pose::Head;

/// Chin to crown, hair not counted, is so many times the way from the eyes to the chin: the median
/// of twelve bald heads (1.77 to 1.95).
const CROWN: f32 = 1.86;

/// Chin to crown in a proposed framing: the middle of the Pass'Région's 60 to 80 % and of the
/// ANTS' 71 to 80 % together.
const FACE_HEIGHT: f32 = 0.75;

/// Where the eyes belong: a face of that height in the middle, a little lower to leave room for
/// hair.
const EYES_AT: f32 = 0.48;

/// Turned by the proposal at most: [ISO 19794-5] lets a head lean by 8°; who leans more is asked
/// to stand straight.
const MOST_TURN: f32 = 8.0;

/// A smaller lean is left as it is: it is within every limit, and turning samples each pixel anew,
/// which softens a portrait and takes as long as cutting and writing it.
const LEAST_TURN: f32 = 3.0;

/// Leaning by less passes unturned.
const BEARABLE_TURN: f32 = 4.5;

/// The net is at least so sure of people in the background, and of faces in curls and leaves at
/// most .7; of those it is only warned.
const SURE: f32 = 0.75;
const UNSURE_FACE: f32 = 0.04;

/// A white band thinner than this share of a framing is an edge of the scanner or the encoder.
const THINNEST_BAND: f32 = 0.008;

/// Numbers about one picture, and the few points that a framing needs. No pixels.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    width: u32,
    height: u32,
    file: [u32; 2],
    head: Option<Head>,
    /// Faces, the largest first, and whether the net is sure of them.
    spots: Vec<(Area, bool)>,
    border: Border,
    values: Values,
}

/// What does not depend on the framing. The rule is part of the key: a range that speaks of
/// dark glasses says nothing of lids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values(Vec<(Rule, Measure, f32)>);

impl Values {
    fn put(&mut self, rule: Rule, measure: Measure, value: f32) {
        self.0.push((rule, measure, value));
    }

    fn get(&self, rule: Rule, measure: Measure) -> Option<f32> {
        self.0.iter().find(|it| it.0 == rule && it.1 == measure).map(|it| it.2)
    }
}

/// Measures a picture. `file_scale` is how many pixels of the file one of its pixels stands for.
pub(crate) fn measure(picture: &RgbImage, file_scale: f32, found: &Found) -> Measured {
    let (width, height) = picture.dimensions();
    let points = found.face.as_ref().map(|face| Points::of(&face.points));
    let head = points.as_ref().and_then(Head::of);
    let mut values = Values::default();
    if let (Some(face), Some(points), Some(head)) = (&found.face, &points, &head) {
        values.put(Rule::Resolution, Measure::EyeDistance, head.eye_distance * file_scale);
        pose::put(points, head, &face.shapes, &mut values);
        if let Some(blink) = eyes::blink(&face.shapes) {
            values.put(Rule::EyesOpen, Measure::Blink, blink);
        }
        if let Some(patch) = Patch::of(picture, points, head) {
            skin::put(picture, &patch, &mut values);
            sharp::put(&patch, &mut values);
            eyes::put(&patch, &mut values);
        }
    }
    if let Some(mask) = &found.mask {
        background::put(picture, mask, &mut values);
    }
    let file = [width, height].map(|side| (side as f32 * file_scale).round() as u32);
    let border = Border::of(picture);
    let spots = found.spots.iter().map(|it| {
        let (left, top, width, height) = (it.left, it.top, it.width, it.height);
        (Area { left, top, width, height }, it.score >= SURE)
    });
    Measured { width, height, file, head, spots: spots.collect(), border, values }
}

impl Measured {
    /// The verdict on one framing of the picture.
    pub(crate) fn judge(&self, framing: Framing) -> Report {
        let seen = self.seen(framing);
        Report::of(|row| self.value(row, &seen))
    }

    /// What a preview frame calls for first.
    pub(crate) fn look(&self) -> Look {
        let seen = self.seen(Framing::whole(self.width, self.height));
        let report = Report::by(0, rules::LIVE, |row| self.value(row, &seen));
        Look { fault: report.faults().next().map(|(_, fault)| fault) }
    }

    /// The framing that keeps the rules best: head straight and of the right size, eyes in the
    /// middle, no white border; as far as the picture reaches.
    pub(crate) fn proposed(&self) -> Framing {
        let area = self.border.inside(self.width, self.height);
        let Some(head) = &self.head else {
            return Framing::upper_middle(area, self.file[0], self.file[1]);
        };
        let lean = head.roll.clamp(-MOST_TURN, MOST_TURN);
        let lean = if lean.abs() < LEAST_TURN { 0.0 } else { lean };
        let turned = self.around(head, lean, area);
        let wanted = CROWN * head.chin / FACE_HEIGHT / self.height as f32;
        let straight = || self.around(head, 0.0, area);
        // A turned frame needs more room: near the edge of a picture a straight one shows more.
        if turned.height < wanted * 0.99 && head.roll.abs() < BEARABLE_TURN {
            return straight();
        }
        turned
    }

    fn around(&self, head: &Head, turn: f32, area: Area) -> Framing {
        let (wide, high) = (self.width as f32, self.height as f32);
        let tall = CROWN * head.chin / FACE_HEIGHT;
        let (sine, cosine) = turn.to_radians().sin_cos();
        let above = (EYES_AT - 0.5) * tall;
        let [x, y] = [head.eyes[0] + sine * above, head.eyes[1] - cosine * above];
        let framing = Framing { x: x / wide, y: y / high, height: tall / high, turn };
        // The file's pixels decide how small a frame may be; shares mean the same on both.
        let scale = self.file[1] as f32 / high;
        let area = Area {
            left: area.left * scale,
            top: area.top * scale,
            width: area.width * scale,
            height: area.height * scale,
        };
        framing.inside(area, self.file[0], self.file[1])
    }

    /// The part of the picture that a framing shows: what lies beside the picture does not count.
    fn seen(&self, framing: Framing) -> Frame {
        let mut frame = framing.on(self.width, self.height);
        if framing.turn == 0.0 {
            let [left, top, right, bottom] = frame.bounds();
            let (left, top) = (left.max(0.0), top.max(0.0));
            let (right, bottom) = (right.min(self.width as f32), bottom.min(self.height as f32));
            frame.middle = [(left + right) / 2.0, (top + bottom) / 2.0];
            frame.size = [right - left, bottom - top];
        }
        frame
    }

    fn value(&self, row: &Row, frame: &Frame) -> Option<f32> {
        let head = || self.head.as_ref();
        let place = |head: &Head| frame.see(head.eyes);
        Some(match row.measure {
            Measure::Faces => self.faces(frame),
            Measure::SecondFace => self.second_face(frame),
            Measure::FaceHeight => CROWN * head()?.chin / frame.size[1],
            Measure::EyeAcross => place(head()?)[0] / frame.size[0],
            Measure::EyeDown => place(head()?)[1] / frame.size[1] + 0.5 - EYES_AT,
            Measure::Roll => head()?.roll - frame.across[1].atan2(frame.across[0]).to_degrees(),
            Measure::FrameSides => self.border.seen_by(frame, THINNEST_BAND),
            _ => self.values.get(row.rule, row.measure)?,
        })
    }

    /// Whoever stands in the frame with more than half of the face. Without points there is no
    /// face that anything could be said of.
    fn faces(&self, frame: &Frame) -> f32 {
        match (&self.head, self.spots.split_first()) {
            (Some(_), Some((first, others))) if is_inside(&first.0, frame) => {
                1.0 + others.iter().filter(|it| is_inside(&it.0, frame)).count() as f32
            }
            _ => 0.0,
        }
    }

    fn second_face(&self, frame: &Frame) -> f32 {
        let Some((first, others)) = self.spots.split_first() else { return 0.0 };
        let share = |(spot, sure): &(Area, bool)| {
            let share = spot.width * spot.height / (first.0.width * first.0.height).max(1.0);
            if *sure { share } else { share.min(UNSURE_FACE) }
        };
        others.iter().filter(|it| is_inside(&it.0, frame)).map(share).fold(0.0, f32::max)
    }
}

/// Whether more than half of a face stands inside a frame.
fn is_inside(spot: &Area, frame: &Frame) -> bool {
    let middle = frame.see([spot.left + spot.width / 2.0, spot.top + spot.height / 2.0]);
    let overlap = |at: f32, size: f32, frame: f32| {
        let from = (at - size / 2.0).max(-frame / 2.0);
        ((at + size / 2.0).min(frame / 2.0) - from).max(0.0)
    };
    let [x, y] = middle;
    let [wide, tall] = frame.size;
    let shown = overlap(x, spot.width, wide) * overlap(y, spot.height, tall);
    shown > spot.width * spot.height / 2.0
}

#[cfg(test)]
mod tests;
