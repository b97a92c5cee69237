//! The departments on the map: whether a point lies where its row says.

use std::collections::BTreeMap;

use dossier::reference::Point;
use serde::Deserialize;
use serde_json::Value;

use crate::code;

/// Degrees that a point may lie outside: the outline is simplified, a school on a border is not.
const SLACK: f64 = 0.01;

type Line = Vec<(f64, f64)>;

/// The departments of a `TopoJSON` text, by number.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    departments: BTreeMap<String, Vec<Line>>,
}

#[derive(Deserialize)]
struct Topology {
    arcs: Vec<Vec<(f64, f64)>>,
    transform: Option<Transform>,
    objects: BTreeMap<String, Geometry>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(default)]
    geometries: Vec<Geometry>,
    #[serde(default)]
    arcs: Value,
    #[serde(default)]
    properties: BTreeMap<String, Value>,
}

impl Outline {
    /// Reads a topology; `None` when this is none, or shows none of our departments.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let topology: Topology = serde_json::from_str(text).ok()?;
        let lines = topology.lines();
        let mut outline = Self::default();
        for geometry in topology.objects.values() {
            outline.add(geometry, &lines);
        }
        (!outline.departments.is_empty()).then_some(outline)
    }

    fn add(&mut self, geometry: &Geometry, lines: &[Line]) {
        geometry.geometries.iter().for_each(|part| self.add(part, lines));
        let number = geometry.properties.get("code").and_then(Value::as_str);
        let Some(number) = number.and_then(code::department).filter(|it| code::is_ours(it)) else {
            return;
        };
        rings(&geometry.arcs, lines, self.departments.entry(number).or_default());
    }

    /// Whether a point lies in a department, or as good as; a department that is not drawn is not
    /// judged.
    pub(crate) fn holds(&self, department: &str, point: Point) -> bool {
        let at = (point.longitude, point.latitude);
        self.departments.get(department).is_none_or(|rings| {
            let crossed = sides(rings).filter(|(a, b)| is_crossed(at, *a, *b)).count();
            crossed % 2 == 1 || sides(rings).any(|(a, b)| distance(at, a, b) <= SLACK)
        })
    }
}

impl Topology {
    /// Its arcs in degrees; each point is written as its way from the one before.
    fn lines(&self) -> Vec<Line> {
        let Some(Transform { scale, translate }) = &self.transform else {
            return self.arcs.clone();
        };
        let degrees = |arc: &Line| {
            let mut at = (0.0, 0.0);
            let place = |step: &(f64, f64)| {
                at = (at.0 + step.0, at.1 + step.1);
                (at.0 * scale.0 + translate.0, at.1 * scale.1 + translate.1)
            };
            arc.iter().map(place).collect()
        };
        self.arcs.iter().map(degrees).collect()
    }
}

/// Rings stand as lists of arc numbers, at a depth that depends on the kind of geometry.
fn rings(arcs: &Value, lines: &[Line], found: &mut Vec<Line>) {
    let Some(parts) = arcs.as_array() else { return };
    if !parts.iter().any(Value::is_number) {
        parts.iter().for_each(|part| rings(part, lines, found));
        return;
    }
    let mut ring = Line::new();
    for number in parts.iter().filter_map(Value::as_i64) {
        // A negative number is an arc walked backwards, counted from -1.
        let forwards = if number < 0 { !number } else { number };
        let line = usize::try_from(forwards).ok().and_then(|at| lines.get(at));
        let line = line.map(Vec::as_slice).unwrap_or_default();
        if number < 0 {
            ring.extend(line.iter().rev());
        } else {
            ring.extend(line);
        }
    }
    found.push(ring);
}

fn sides(rings: &[Line]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    rings.iter().flat_map(|ring| ring.iter().copied().zip(ring.iter().skip(1).copied()))
}

/// Whether a ray from the point towards the east crosses this side.
fn is_crossed((x, y): (f64, f64), a: (f64, f64), b: (f64, f64)) -> bool {
    (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)
}

fn distance((x, y): (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (east, north) = (b.0 - a.0, b.1 - a.1);
    let long = (east * east + north * north).max(f64::MIN_POSITIVE);
    let share = (((x - a.0) * east + (y - a.1) * north) / long).clamp(0.0, 1.0);
    (x - a.0 - share * east).hypot(y - a.1 - share * north)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Ain a square of a degree, the Rhône to its west: the side between them is one arc.
    const SQUARES: &str = r#"{"type":"Topology",
        "transform":{"scale":[0.5,0.5],"translate":[5,46]},
        "arcs":[[[0,0],[0,2]],[[0,2],[2,0],[0,-2],[-2,0]],[[0,0],[-2,0],[0,2],[2,0]]],
        "objects":{"d":{"type":"GeometryCollection","geometries":[
            {"type":"Polygon","arcs":[[0,1]],"properties":{"code":"01"}},
            {"type":"MultiPolygon","arcs":[[[2,-1]]],"properties":{"code":"69"}},
            {"type":"Polygon","arcs":[[0,9]],"properties":{"code":"75"}}]}}}"#;

    fn holds(department: &str, longitude: f64, latitude: f64) -> bool {
        Outline::read(SQUARES).unwrap().holds(department, Point { latitude, longitude })
    }

    #[test]
    fn a_point_lies_in_its_department_or_a_little_beside() {
        assert!(holds("01", 5.5, 46.5) && holds("69", 4.5, 46.5));
        assert!(!holds("69", 5.5, 46.5) && !holds("01", 4.5, 46.5));
        assert!(holds("01", 4.991, 46.5) && !holds("01", 4.98, 46.5));
        assert!(!holds("01", 49.1, 1.5));
    }

    #[test]
    fn a_department_that_is_not_drawn_is_not_judged() {
        assert!(holds("42", 0.0, 0.0) && holds("75", 0.0, 0.0));
    }

    #[test]
    fn a_text_that_draws_nothing_is_no_outline() {
        let empty = r#"{"type":"Topology","arcs":[],"objects":{}}"#;
        for text in ["", "{}", "[]", empty] {
            assert!(Outline::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_shipped_outline_holds_the_town_halls() {
        let texts = dossier::reference::Texts::shipped();
        let outline = Outline::read(texts.text(dossier::reference::List::Outline)).unwrap();
        assert_eq!(outline.departments.len(), 12);
        let pack = dossier::reference::Pack::read(&texts).unwrap();
        let is_outside = |commune: &&dossier::reference::Commune| {
            !outline.holds(&commune.department, commune.point)
        };
        let outside: Vec<&str> =
            pack.communes.iter().filter(is_outside).map(|commune| commune.name.as_str()).collect();
        // Villages that the simplified outline cuts off.
        assert!(outside.len() <= 3, "{outside:?}");
    }
}
