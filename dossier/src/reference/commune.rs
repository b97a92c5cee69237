//! A commune and the postal codes that serve it.

use super::refusal::{List, PackRefusal};
use super::table::{self, Column, Row};

/// A commune of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code.
    pub insee: String,
    /// Its name.
    pub name: String,
    /// At least one; large towns have several, and a postal code may serve several communes.
    pub postal_codes: Vec<String>,
    /// Number of the department.
    pub department: String,
}

const COLUMNS: &[Column] = &[
    Column { names: &["insee", "code_insee"], needed: true },
    Column { names: &["name", "nom"], needed: true },
    Column { names: &["postal_codes", "codes_postaux"], needed: true },
    Column { names: &["department", "code_departement"], needed: true },
];

pub(super) fn read(text: &str) -> Result<Vec<Commune>, PackRefusal> {
    table::rows(List::Communes, text, COLUMNS, read_row, |commune| &commune.insee)
}

fn read_row(row: &Row) -> Result<Commune, &'static str> {
    let codes = row.checked("postal_codes", |codes| {
        !codes.is_empty() && codes.split_whitespace().all(table::is_postal_code)
    })?;
    Ok(Commune {
        insee: row.checked("insee", table::is_insee)?,
        name: row.checked("name", table::is_label)?,
        postal_codes: codes.split_whitespace().map(str::to_owned).collect(),
        department: row.checked("department", table::is_department)?,
    })
}
