//! A commune and the postal codes that serve it.

use super::point::Point;
use super::refusal::PackRefusal;
use super::table::{self, Column, Row, needed, optional};
use super::{List, school};

/// A commune of the region.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// INSEE code.
    pub insee: String,
    /// Its name.
    pub name: String,
    /// At least one; large towns have several, and a postal code may serve several communes.
    pub postal_codes: Vec<String>,
    /// Number of the department.
    pub department: String,
    /// Its town hall.
    pub point: Point,
    /// How many live there; 0 when unknown.
    pub population: u32,
}

const COLUMNS: &[Column] = &[
    needed(&["insee", "code_insee"]),
    needed(&["name", "nom"]),
    needed(&["postal_codes", "codes_postaux"]),
    needed(&["department", "code_departement"]),
    needed(&["latitude"]),
    needed(&["longitude"]),
    optional(&["population"]),
];

pub(super) fn read(text: &str) -> Result<Vec<Commune>, PackRefusal> {
    table::rows(List::Communes, text, COLUMNS, read_row, |commune| commune.insee.clone())
}

fn read_row(row: &Row<'_>) -> Result<Commune, &'static str> {
    let codes = row.checked("postal_codes", |codes| {
        !codes.is_empty() && codes.split_whitespace().all(table::is_postal_code)
    })?;
    Ok(Commune {
        insee: row.checked("insee", table::is_insee)?,
        name: row.checked("name", table::is_label)?,
        postal_codes: codes.split_whitespace().map(str::to_owned).collect(),
        department: row.checked("department", table::is_department)?,
        point: school::point(row)?,
        population: match row.text("population") {
            "" => 0,
            typed => typed.parse().map_err(|_| "population")?,
        },
    })
}
