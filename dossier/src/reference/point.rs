//! Where something is, and how far from there.

/// A place on the earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Mean radius of the earth, as the IUGG gives it.
const EARTH_KM: f64 = 6_371.0;

impl Point {
    /// Kilometres as the crow flies (haversine).
    pub fn distance_km(self, other: Self) -> f64 {
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let part = half(other.latitude - self.latitude)
            + self.latitude.to_radians().cos()
                * other.latitude.to_radians().cos()
                * half(other.longitude - self.longitude);
        2.0 * EARTH_KM * part.sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lyon_is_136_km_from_clermont_ferrand() {
        let lyon = Point { latitude: 45.7578, longitude: 4.8320 };
        let clermont = Point { latitude: 45.7797, longitude: 3.0863 };
        assert!((lyon.distance_km(clermont) - 135.6).abs() < 1.0, "{}", lyon.distance_km(clermont));
        assert!(lyon.distance_km(lyon) < 1e-9);
    }
}
