//! A school as the Region lists it.

use super::List;
use super::point::Point;
use super::refusal::PackRefusal;
use super::table::{self, Column, Row, needed, optional};

/// A place of study that a student can name.
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// The State's code: seven digits and a key letter.
    pub uai: String,
    /// As people write it.
    pub name: String,
    /// The commune's name.
    pub town: String,
    /// Empty when only the commune is known and it has several.
    pub postal_code: String,
    /// INSEE code of the commune.
    pub insee: String,
    /// Number of the department, like `63`.
    pub department: String,
    /// The Region's own code, like `TLP0678`, where it is known.
    pub region_code: Option<String>,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// More words that people look for it by: initials, former names. Never shown.
    pub also: String,
    /// Letters of the ways it is known to teach (`G T P A S`), spaces between; empty when unknown.
    pub ways: String,
    /// What it is, like `LP` or `CFA`; empty when unknown.
    pub category: String,
}

impl School {
    /// How the Region shows a school: `NOM [VILLE] [CODE]`, the code being its own or else the UAI.
    pub fn label(&self) -> String {
        let code = self.region_code.as_deref().unwrap_or(&self.uai);
        format!("{} [{}] [{code}]", self.name.to_uppercase(), self.town.to_uppercase())
    }

    /// Where it stands.
    pub fn point(&self) -> Point {
        Point { latitude: self.latitude, longitude: self.longitude }
    }
}

/// The second name is the one that the national open data uses.
const COLUMNS: &[Column] = &[
    needed(&["uai"]),
    optional(&["region_code", "code_region"]),
    needed(&["name", "nom"]),
    needed(&["town", "commune"]),
    needed(&["postal_code", "code_postal"]),
    needed(&["insee", "code_insee"]),
    needed(&["department", "code_departement"]),
    needed(&["latitude"]),
    needed(&["longitude"]),
    optional(&["also"]),
    optional(&["ways"]),
    optional(&["category", "categorie"]),
];

pub(super) fn read(text: &str) -> Result<Vec<School>, PackRefusal> {
    table::rows(List::Schools, text, COLUMNS, read_row, |school| school.uai.clone())
}

fn read_row(row: &Row<'_>) -> Result<School, &'static str> {
    let region_code = row.checked("region_code", |code| code.is_empty() || is_region_code(code))?;
    let Point { latitude, longitude } = point(row)?;
    Ok(School {
        uai: row.checked("uai", table::is_uai)?,
        name: row.checked("name", table::is_label)?,
        town: row.checked("town", table::is_label)?,
        postal_code: row.checked("postal_code", |it| it.is_empty() || table::is_postal_code(it))?,
        insee: row.checked("insee", table::is_insee)?,
        department: row.checked("department", table::is_department)?,
        region_code: Some(region_code).filter(|code| !code.is_empty()),
        latitude,
        longitude,
        also: row.checked("also", |it| it.is_empty() || table::is_label(it))?,
        ways: row.checked("ways", |it| it.split_whitespace().all(table::is_way))?,
        category: row.checked("category", |it| it.len() <= 40)?,
    })
}

/// The point of a row, its columns `latitude` and `longitude`.
pub(super) fn point(row: &Row<'_>) -> Result<Point, &'static str> {
    let latitude = degrees(row, "latitude", 90.0)?;
    Ok(Point { latitude, longitude: degrees(row, "longitude", 180.0)? })
}

fn degrees(row: &Row<'_>, column: &'static str, most: f64) -> Result<f64, &'static str> {
    let value: f64 = row.text(column).parse().map_err(|_| column)?;
    if value.abs() <= most { Ok(value) } else { Err(column) }
}

fn is_region_code(text: &str) -> bool {
    let Some((letters, digits)) = text.as_bytes().split_at_checked(3) else { return false };
    letters.iter().all(u8::is_ascii_uppercase)
        && digits.len() == 4
        && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_code_has_three_letters_and_four_digits() {
        assert!(is_region_code("TLP0678"));
        for wrong in ["tlp0678", "TLP678", "TLP06789", "T1P0678", "TLPé678"] {
            assert!(!is_region_code(wrong), "{wrong}");
        }
    }
}
