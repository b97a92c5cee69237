//! What a report says, and in which order.

use super::*;

fn report(tilt: f32, yaw: f32, light: f32) -> Report {
    Report::of(|row| match row.measure {
        Measure::Roll => Some(tilt),
        Measure::Yaw => Some(yaw),
        Measure::FaceLight => Some(light),
        Measure::Faces => Some(1.0),
        _ => None,
    })
}

#[test]
fn failures_are_told_before_warnings_and_each_once() {
    let told: Vec<_> = report(6.0, 20.0, 30.0).faults().collect();
    let expected = [
        (Level::Fail, Fault::TurnedAway),
        (Level::Fail, Fault::TooDark),
        (Level::Warn, Fault::Tilted),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_worst_of_a_rule_is_found_and_the_worst_of_all_is_the_verdict() {
    let report = report(6.0, 9.0, 150.0);
    assert_eq!(report.verdict, Level::Warn);
    assert_eq!(report.worst_of(Rule::Facing).map(|it| it.measure), Some(Measure::Yaw));
    assert_eq!(report.worst_of(Rule::OneFace).map(|it| it.measure), Some(Measure::Faces));
}

#[test]
fn an_open_side_is_null_for_a_screen() {
    let report = report(0.0, 0.0, 150.0);
    let json = serde_json::to_value(report.worst_of(Rule::OneFace)).unwrap();
    assert_eq!(json["rule"], "one_face");
    assert_eq!(json["warn"]["most"], serde_json::Value::Null);
    assert_eq!(json["level"], "pass");
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap().findings.len(), TABLE.len());
}
