//! The limits, in one place: what is warned of, what fails, and where each number comes from.
//!
//! Sources: (P) the Pass'Région form (face 60 to 80 % of the picture, sharp, straight, no frame).
//! (A) ANTS, « Photographie d'identité », 30/09/24 (face 71 to 80 %). (I) ISO/IEC 19794-5 § 7.2.2.
//! (O) BSI OFIQ 1.0.3 (ISO/IEC 29794-5), the measure of the same name. (D) distributions over
//! public-domain portraits and pictures spoiled from them; `portrait/examples/accuracy.rs`
//! counts them again. Between two distributions the limit stands nearer to the spoiled ones.

use super::{Band, Fault, Finding, Level, Measure, Rule};

/// Goes up with every change of a limit or of how something is measured.
pub(crate) const VERSION: u16 = 1;

/// One line: a measure, its limits, and what lies below and above them.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) rule: Rule,
    pub(crate) measure: Measure,
    pub(crate) warn: Band,
    pub(crate) fail: Band,
    below: Fault,
    above: Fault,
}

impl Row {
    /// The verdict of this line on a value.
    pub(crate) fn finding(&self, value: Option<f32>) -> Finding {
        let Self { rule, measure, warn, fail, .. } = *self;
        let value = value.filter(|it| it.is_finite());
        let level = match value {
            None => Level::NotAssessed,
            Some(it) if !fail.holds(it) => Level::Fail,
            Some(it) if !warn.holds(it) => Level::Warn,
            Some(_) => Level::Pass,
        };
        let low = value.is_some_and(|it| it < warn.least.max(fail.least));
        let wrong = level >= Level::Warn;
        let fault = wrong.then_some(if low { self.below } else { self.above });
        Finding { rule, measure, value, level, fault, warn, fail }
    }
}

const fn row(
    rule: Rule,
    measure: Measure,
    warn: (f32, f32),
    fail: (f32, f32),
    below: Fault,
    above: Fault,
) -> Row {
    let warn = Band { least: warn.0, most: warn.1 };
    let fail = Band { least: fail.0, most: fail.1 };
    Row { rule, measure, warn, fail, below, above }
}

const fn most(rule: Rule, measure: Measure, warn: f32, fail: f32, above: Fault) -> Row {
    row(rule, measure, (-ANY, warn), (-ANY, fail), above, above)
}

const fn least(rule: Rule, measure: Measure, warn: f32, fail: f32, below: Fault) -> Row {
    row(rule, measure, (warn, ANY), (fail, ANY), below, below)
}

const ANY: f32 = f32::INFINITY;

/// Less change along the eyes than this is a lid or a dark glass. (D) spoiled ≤ 1.6, open ≥ 2.4.
pub(crate) const EYE_RANGE: f32 = 1.8;

/// Less detail than this is blurred. (D) sharp ≥ 24, compressed to ruins ≥ 7.7, shaken ≤ 1.6, out
/// of focus ≤ 1.
pub(crate) const SHARP: f32 = 3.5;

/// What is asked of a picture that is kept.
pub(crate) const TABLE: &[Row] = &{
    use Fault as F;
    use Measure as M;
    use Rule as R;
    [
        // (O) SingleFacePresent wants one face; a second one of a twentieth of its area is a
        // person in the background, a smaller one a face on a poster. (D) spoiled ≥ .10, else 0.
        least(R::OneFace, M::Faces, 1.0, 1.0, F::Nobody),
        most(R::OneFace, M::SecondFace, 0.02, 0.05, F::SeveralFaces),
        // (P); the outer 2 to 4 % are within the error of the estimated crown (± 5 %).
        row(R::FaceSize, M::FaceHeight, (0.64, 0.78), (0.60, 0.80), F::TooFar, F::TooClose),
        // (O) crop margins of .9 eye distances to a side; (D).
        row(R::Centred, M::EyeAcross, (-0.06, 0.06), (-0.10, 0.10), F::TooLeft, F::TooRight),
        row(R::Centred, M::EyeDown, (-0.10, 0.10), (-0.15, 0.15), F::TooHigh, F::TooLow),
        // (I) ± 8°, less half a degree for the error of the points.
        row(R::Straight, M::Roll, (-5.0, 5.0), (-7.5, 7.5), F::Tilted, F::Tilted),
        // (I) ± 5°, widened by the error of the net. (D) facing ≤ .28, turned by 22° ≥ .32.
        most(R::Facing, M::CheekOffset, 0.27, 0.31, F::TurnedAway),
        row(R::Facing, M::Yaw, (-8.0, 8.0), (-11.0, 11.0), F::TurnedAway, F::TurnedAway),
        row(R::Facing, M::Pitch, (-10.0, 10.0), (-15.0, 15.0), F::ChinDown, F::ChinUp),
        // (D) the bright parts of a face in the dark ≤ 58, of the darkest skin in good light 116;
        // overexposed ≥ 252, good ≤ 217. Shares as in (O) Under- and OverExposurePrevention.
        row(R::Exposure, M::FaceLight, (95.0, 240.0), (80.0, 250.0), F::TooDark, F::TooBright),
        most(R::Exposure, M::DarkShare, 0.20, 0.35, F::TooDark),
        most(R::Exposure, M::BrightShare, 0.015, 0.05, F::TooBright),
        // (D) light from a window at the side up to .63, a lamp at the side ≥ 1.07.
        most(R::EvenLight, M::CheekLight, 0.55, 0.80, F::UnevenLight),
        // (O) EyesOpen .02 of the wider eye; (D) the narrower eye: open ≥ .037, most closed ≤ .03.
        least(R::EyesOpen, M::LidGap, 0.036, 0.03, F::EyesClosed),
        // (D) open ≤ .36; the net says .5 to .6 of lids that it sees closed.
        most(R::EyesOpen, M::Blink, 0.40, 0.46, F::EyesClosed),
        least(R::EyesOpen, M::EyeRange, EYE_RANGE + 0.4, EYE_RANGE, F::EyesClosed),
        // (D) looking at the lens ≤ .22.
        most(R::Gaze, M::Gaze, 0.40, 0.55, F::LookingAway),
        least(R::Sharp, M::Sharpness, 6.0, SHARP, F::Blurred),
        // (O) InterEyeDistance 70; (I) 90.
        least(R::Resolution, M::EyeDistance, 90.0, 70.0, F::LowResolution),
        // (P). Two sides may be a window or a door.
        most(R::NoFrame, M::FrameSides, 1.0, 2.0, F::WhiteFrame),
        // (D) dark glasses 0; a mask ≥ 38, a bare face ≤ 18. Never in the way: paint or a wound
        // is for a person to judge.
        least(R::Uncovered, M::EyeRange, EYE_RANGE, EYE_RANGE, F::EyesHidden),
        most(R::Uncovered, M::LowerFaceColour, 20.0, ANY, F::FaceHidden),
        // (D) hat ≥ 25, bare ≤ 15 and up to 35 below a fringe of hair: hence never in the way.
        most(R::BareHead, M::ForeheadColour, 18.0, ANY, F::HeadCovered),
        // (O) BackgroundUniformity, (A); not asked by (P).
        most(R::Background, M::BackgroundGradient, 4.0, ANY, F::BusyBackground),
        most(R::Background, M::BackgroundSpread, 60.0, ANY, F::BusyBackground),
        // (O) MouthClosed; not asked by (P).
        most(R::MouthClosed, M::MouthGap, 0.20, ANY, F::MouthOpen),
    ]
};

/// What is asked of a camera's preview: what can be mended before the picture is taken. The
/// framing is made again from the full pixels, so place and size are only asked roughly.
pub(crate) const LIVE: &[Row] = &{
    use Fault as F;
    use Measure as M;
    use Rule as R;
    [
        least(R::OneFace, M::Faces, 1.0, 1.0, F::Nobody),
        most(R::OneFace, M::SecondFace, 0.10, 0.10, F::SeveralFaces),
        row(R::FaceSize, M::FaceHeight, (0.45, 0.80), (0.45, 0.80), F::TooFar, F::TooClose),
        row(R::Centred, M::EyeAcross, (-0.15, 0.15), (-0.15, 0.15), F::TooLeft, F::TooRight),
        row(R::Centred, M::EyeDown, (-0.18, 0.18), (-0.18, 0.18), F::TooHigh, F::TooLow),
        row(R::Straight, M::Roll, (-8.0, 8.0), (-8.0, 8.0), F::Tilted, F::Tilted),
        most(R::Facing, M::CheekOffset, 0.30, 0.30, F::TurnedAway),
        row(R::Facing, M::Pitch, (-14.0, 14.0), (-14.0, 14.0), F::ChinDown, F::ChinUp),
        row(R::Exposure, M::FaceLight, (85.0, 248.0), (85.0, 248.0), F::TooDark, F::TooBright),
        most(R::Exposure, M::BrightShare, 0.04, 0.04, F::TooBright),
        most(R::EvenLight, M::CheekLight, 0.75, 0.75, F::UnevenLight),
        least(R::EyesOpen, M::LidGap, 0.025, 0.025, F::EyesClosed),
        most(R::EyesOpen, M::Blink, 0.50, 0.50, F::EyesClosed),
        // With 80 pixels between the eyes. (D) open ≥ 1.7, closed ≤ .8 but for two in twelve.
        least(R::EyesOpen, M::EyeRange, 1.0, 1.0, F::EyesClosed),
        // (D) sharp ≥ 36, shaken ≤ 4.1.
        least(R::Sharp, M::Sharpness, 5.0, 5.0, F::Blurred),
        least(R::Uncovered, M::EyeRange, 0.5, 0.5, F::EyesHidden),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_rule_has_a_line_and_a_warning_comes_before_its_failure() {
        let rules = std::collections::HashSet::<Rule>::from_iter(TABLE.iter().map(|it| it.rule));
        assert_eq!(rules.len(), 16);
        for row in TABLE.iter().chain(LIVE) {
            assert!(row.fail.least <= row.warn.least && row.warn.most <= row.fail.most, "{row:?}");
            assert!(row.warn.least < row.warn.most, "{row:?}");
        }
        assert!(TABLE.is_sorted_by_key(|it| it.rule));
        assert!(LIVE.is_sorted_by_key(|it| it.rule));
    }

    #[test]
    fn what_was_not_measured_is_not_judged() {
        for row in TABLE {
            for nothing in [None, Some(f32::NAN), Some(f32::INFINITY)] {
                let finding = row.finding(nothing);
                assert_eq!((finding.level, finding.fault), (Level::NotAssessed, None));
                assert_eq!(finding.value, None);
            }
        }
    }

    proptest! {
        #[test]
        fn further_from_the_good_is_never_better(
            at in 0..TABLE.len(), start in -300.0..300.0_f32, step in 0.0..300.0_f32,
        ) {
            let row = &TABLE[at];
            let good = if row.warn.least.is_finite() { row.warn.least } else { row.warn.most };
            let further = if start < good { start - step } else { start + step };
            let (near, far) = (row.finding(Some(start)), row.finding(Some(further)));
            let inside = row.warn.holds(start);
            prop_assert!(far.level >= near.level || inside);
            prop_assert_eq!(near.fault.is_some(), near.level >= Level::Warn);
            if let (Some(near), Some(far), false) = (near.fault, far.fault, inside) {
                prop_assert_eq!(near, far);
            }
        }
    }
}
