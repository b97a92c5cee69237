//! What is asked of an identity photo: one table of rules, measures and limits, with its version.

mod table;

use table::TABLE;
pub(crate) use table::{EYE_RANGE, LIVE, Row, SHARP};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is asked. In the order in which a student is told what to mend first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Exactly one person.
    OneFace,
    /// Chin to crown is 60 to 80 % of the picture's height.
    FaceSize,
    /// The face stands in the middle.
    Centred,
    /// The head is not tilted to a side.
    Straight,
    /// The face is turned to the lens.
    Facing,
    /// Not too dark, not too bright.
    Exposure,
    /// No side of the face lies in shadow.
    EvenLight,
    /// The eyes are open.
    EyesOpen,
    /// The eyes look at the lens.
    Gaze,
    /// Neither out of focus nor shaken.
    Sharp,
    /// Enough pixels to print the face.
    Resolution,
    /// No white border around the picture.
    NoFrame,
    /// Nothing hides the eyes or the face.
    Uncovered,
    /// Nothing covers the head.
    BareHead,
    /// A plain background.
    Background,
    /// The mouth is closed.
    MouthClosed,
}

/// How well a rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Could not be measured: no face, or another rule hides it.
    NotAssessed,
    /// Kept.
    Pass,
    /// Doubtful: said, never in the way.
    Warn,
    /// Not kept.
    Fail,
}

/// What is wrong, so that it can be said in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No face was found.
    Nobody,
    /// More than one face.
    SeveralFaces,
    /// The face is too small.
    TooFar,
    /// The face is too large.
    TooClose,
    /// The face stands too far left in the picture.
    TooLeft,
    /// The face stands too far right in the picture.
    TooRight,
    /// The face stands too high.
    TooHigh,
    /// The face stands too low.
    TooLow,
    /// The head leans to a side.
    Tilted,
    /// The head is turned to a side.
    TurnedAway,
    /// The chin is up.
    ChinUp,
    /// The chin is down.
    ChinDown,
    /// The face is too dark.
    TooDark,
    /// The face is too bright.
    TooBright,
    /// One side of the face lies in shadow.
    UnevenLight,
    /// The eyes are closed.
    EyesClosed,
    /// The eyes look beside the lens.
    LookingAway,
    /// Not sharp.
    Blurred,
    /// Too few pixels.
    LowResolution,
    /// A white border.
    WhiteFrame,
    /// Something hides the eyes.
    EyesHidden,
    /// Something hides the face.
    FaceHidden,
    /// Something covers the head.
    HeadCovered,
    /// The background is not plain.
    BusyBackground,
    /// The mouth is open.
    MouthOpen,
}

/// What is measured. The unit stands at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Faces found, at least as sure as one half.
    Faces,
    /// Area of the second largest face, as a share of the largest.
    SecondFace,
    /// Chin to crown, as a share of the crop's height. The crown is estimated from eyes and chin.
    FaceHeight,
    /// Middle of the eyes, from the middle of the crop, as a share of its width; right is positive.
    EyeAcross,
    /// Height of the eyes, from where they belong, as a share of the crop's height; down is positive.
    EyeDown,
    /// Tilt of the head in the crop, in degrees, clockwise.
    Roll,
    /// Turn of the head to a side, in degrees.
    Yaw,
    /// Nod of the head, in degrees; chin up is positive.
    Pitch,
    /// How unequal the two halves of the face are, 0 to 1; cheeks from the nose, eyes from its root.
    CheekOffset,
    /// Luminance of the face's bright parts (95th percentile), 0 to 255; helped a little where the
    /// rest of the picture is bright. Skin moves it far less than it moves the mean.
    FaceLight,
    /// Share of the face that is nearly black.
    DarkShare,
    /// Share of the face that is nearly white.
    BrightShare,
    /// Difference of the two cheeks' luminance, as a share of their mean.
    CheekLight,
    /// Height of the open eyes, as a share of the way from eyes to chin; the narrower eye counts.
    LidGap,
    /// How closed the eyes look to the net, 0 to 1.
    Blink,
    /// How far the eyes look beside the lens, 0 to 1; what a turned head asks of them is allowed.
    Gaze,
    /// Energy of the face's second differences in the direction where it is least, with at most
    /// 120 pixels between the eyes. A shaken picture lacks it in one direction only.
    Sharpness,
    /// Pixels between the eyes, as they come from the file.
    EyeDistance,
    /// Sides with a near-white straight band.
    FrameSides,
    /// How much the light changes along the eyes, from corner to corner: white, iris, white.
    /// Lids and dark glasses have nothing of it.
    EyeRange,
    /// Colour difference (ΔE) of the forehead and the cheeks.
    ForeheadColour,
    /// Colour difference (ΔE) of the lower face and the upper cheeks.
    LowerFaceColour,
    /// Mean gradient of the background.
    BackgroundGradient,
    /// Standard deviation of the background's luminance.
    BackgroundSpread,
    /// Height of the open mouth, as a share of the way from eyes to chin.
    MouthGap,
}

/// An interval; infinite where a side has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Band {
    /// The least that lies inside.
    #[serde(with = "open")]
    #[ts(type = "number | null")]
    pub least: f32,
    /// The most that lies inside.
    #[serde(with = "open")]
    #[ts(type = "number | null")]
    pub most: f32,
}

/// One line of a verdict: a measure, its limits, and what follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// The rule it speaks of.
    pub rule: Rule,
    /// What was measured.
    pub measure: Measure,
    /// What came out; null when it could not be measured.
    pub value: Option<f32>,
    /// What follows.
    pub level: Level,
    /// What is wrong, when the level is a warning or a failure.
    pub fault: Option<Fault>,
    /// Beyond it lies a warning.
    pub warn: Band,
    /// Beyond it lies a failure.
    pub fail: Band,
}

/// The verdict on a photo in one framing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Report {
    /// Version of the table that judged.
    pub table: u16,
    /// The worst level of all findings.
    pub verdict: Level,
    /// One for each line of the table, in its order.
    pub findings: Vec<Finding>,
}

/// What a preview frame calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Look {
    /// The one to mend first; null: shoot.
    pub fault: Option<Fault>,
}

impl Band {
    /// Whether a value lies inside; the limits themselves do.
    fn holds(&self, value: f32) -> bool {
        (self.least..=self.most).contains(&value)
    }
}

impl Report {
    /// Judges by the table; `value` answers for each of its lines.
    pub(crate) fn of(value: impl Fn(&Row) -> Option<f32>) -> Self {
        Self::by(table::VERSION, TABLE, value)
    }

    /// Judges by any table.
    pub(crate) fn by(version: u16, table: &[Row], value: impl Fn(&Row) -> Option<f32>) -> Self {
        let findings: Vec<Finding> = table.iter().map(|row| row.finding(value(row))).collect();
        let verdict = findings.iter().map(|it| it.level).max().unwrap_or(Level::NotAssessed);
        Self { table: version, verdict, findings }
    }

    /// What is wrong: failures before warnings, each in the order of [`Rule`], each said once.
    pub fn faults(&self) -> impl Iterator<Item = (Level, Fault)> {
        let mut wrong: Vec<(Level, Rule, Fault)> = Vec::new();
        for level in [Level::Fail, Level::Warn] {
            let mut found: Vec<&Finding> =
                self.findings.iter().filter(|it| it.level == level).collect();
            found.sort_by_key(|it| it.rule);
            for finding in found {
                let Some(fault) = finding.fault else { continue };
                if !wrong.iter().any(|(_, rule, said)| *said == fault && *rule == finding.rule) {
                    wrong.push((level, finding.rule, fault));
                }
            }
        }
        wrong.into_iter().map(|(level, _, fault)| (level, fault))
    }

    /// The worst finding about a rule; the first of them when several are.
    pub fn worst_of(&self, rule: Rule) -> Option<&Finding> {
        // `max_by_key` would answer with the last of equals.
        self.findings.iter().filter(|it| it.rule == rule).rev().max_by_key(|it| it.level)
    }
}

/// JSON knows no infinity: an open side is null.
mod open {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(side: &f32, to: S) -> Result<S::Ok, S::Error> {
        side.is_finite().then_some(*side).serialize(to)
    }

    pub(super) fn deserialize<'a, D: Deserializer<'a>>(from: D) -> Result<f32, D::Error> {
        // Which side it was is lost; nothing that reads a report judges by it again.
        Ok(Option::<f32>::deserialize(from)?.unwrap_or(f32::INFINITY))
    }
}

#[cfg(test)]
mod tests;
