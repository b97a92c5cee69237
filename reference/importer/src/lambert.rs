//! From Lambert-93 (EPSG:2154), in which the State measures, to degrees.

use dossier::reference::Point;

/// Eccentricity of the GRS 80 ellipsoid.
const E: f64 = 0.081_819_191_042_815_79;
/// The cone of the projection: exponent, constant, pole, meridian (IGN, NTG 71).
const N: f64 = 0.725_607_765_053_267;
const C: f64 = 11_754_255.426_096;
const POLE_X: f64 = 700_000.0;
const POLE_Y: f64 = 12_655_612.049_876;
const MERIDIAN: f64 = 3.0;

/// The point at these metres; `None` far outside mainland France, where they mean nothing.
pub(crate) fn point(x: f64, y: f64) -> Option<Point> {
    if !(0.0..1_300_000.0).contains(&x) || !(6_000_000.0..7_200_000.0).contains(&y) {
        return None;
    }
    let (east, south) = (x - POLE_X, POLE_Y - y);
    let longitude = (east / south).atan() / N;
    let isometric = -(east.hypot(south) / C).ln() / N;
    let mut latitude = 2.0 * isometric.exp().atan() - std::f64::consts::FRAC_PI_2;
    // Each round brings two more digits; six are below a millimetre.
    for _ in 0..6 {
        let sine = E * latitude.sin();
        let stretch = ((1.0 + sine) / (1.0 - sine)).powf(E / 2.0);
        latitude = 2.0 * (stretch * isometric.exp()).atan() - std::f64::consts::FRAC_PI_2;
    }
    Some(Point { latitude: latitude.to_degrees(), longitude: longitude.to_degrees() + MERIDIAN })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Degrees and the metres that PROJ 9 gives for them.
    const KNOWN: [(f64, f64, f64, f64); 6] = [
        (46.5, 3.0, 700_000.0, 6_600_000.0),
        (45.7797, 3.0863, 706_705.748, 6_520_013.114),
        (45.7578, 4.8320, 842_395.128, 6_519_229.359),
        (45.9237, 6.8694, 999_759.483, 6_543_346.747),
        (44.9261, 2.4447, 656_185.347, 6_425_365.267),
        (45.1885, 5.7245, 913_924.101, 6_458_045.158),
    ];

    #[test]
    fn known_points_are_met_within_a_metre() {
        for (latitude, longitude, x, y) in KNOWN {
            let away = point(x, y).unwrap().distance_km(Point { latitude, longitude }) * 1_000.0;
            assert!(away < 0.01, "{x} {y}: {away} m");
        }
    }

    #[test]
    fn metres_of_another_world_are_no_point() {
        for (x, y) in [(0.0, 0.0), (f64::NAN, 6_500_000.0), (700_000.0, f64::INFINITY)] {
            assert!(point(x, y).is_none());
        }
    }
}
