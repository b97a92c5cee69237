//! A school as the Region lists it.

use super::refusal::{List, PackRefusal};
use super::table::{self, Column, Row};

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
}

impl School {
    /// How the Region shows a school: `NOM [VILLE] [CODE]`, the code being its own or else the UAI.
    pub fn label(&self) -> String {
        let code = self.region_code.as_deref().unwrap_or(&self.uai);
        format!("{} [{}] [{code}]", self.name.to_uppercase(), self.town.to_uppercase())
    }
}

const fn needed(names: &'static [&'static str]) -> Column {
    Column { names, needed: true }
}

/// The second name is the one that the national open data uses.
const COLUMNS: &[Column] = &[
    needed(&["uai"]),
    Column { names: &["region_code"], needed: false },
    needed(&["name", "nom"]),
    needed(&["town", "commune"]),
    needed(&["postal_code", "code_postal"]),
    needed(&["insee", "code_insee"]),
    needed(&["department", "code_departement"]),
    needed(&["latitude"]),
    needed(&["longitude"]),
];

pub(super) fn read(text: &str) -> Result<Vec<School>, PackRefusal> {
    table::rows(List::Schools, text, COLUMNS, read_row, |school| &school.uai)
}

fn read_row(row: &Row) -> Result<School, &'static str> {
    let region_code = row.checked("region_code", |code| code.is_empty() || is_region_code(code))?;
    Ok(School {
        uai: row.checked("uai", is_uai)?,
        name: row.checked("name", table::is_label)?,
        town: row.checked("town", table::is_label)?,
        postal_code: row.checked("postal_code", |it| it.is_empty() || table::is_postal_code(it))?,
        insee: row.checked("insee", table::is_insee)?,
        department: row.checked("department", table::is_department)?,
        region_code: Some(region_code).filter(|code| !code.is_empty()),
        latitude: degrees(row, "latitude", 90.0)?,
        longitude: degrees(row, "longitude", 180.0)?,
    })
}

fn degrees(row: &Row, column: &'static str, most: f64) -> Result<f64, &'static str> {
    let value: f64 = row.text(column).parse().map_err(|_| column)?;
    if value.abs() <= most { Ok(value) } else { Err(column) }
}

/// The key letter catches every single mistyped digit: it is the number modulo 23.
fn is_uai(text: &str) -> bool {
    const KEYS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
    let Some((digits, [key])) = text.as_bytes().split_at_checked(7) else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = digits.iter().fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    KEYS.get(number % KEYS.len()) == Some(key)
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
    fn a_uai_needs_its_key_letter() {
        assert!(is_uai("0630020E"));
        for wrong in ["0630020F", "0630021E", "630020E", "0630020", "0630020EE", "063002éE", ""] {
            assert!(!is_uai(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_region_code_has_three_letters_and_four_digits() {
        assert!(is_region_code("TLP0678"));
        for wrong in ["tlp0678", "TLP678", "TLP06789", "T1P0678", "TLPé678"] {
            assert!(!is_region_code(wrong), "{wrong}");
        }
    }
}
