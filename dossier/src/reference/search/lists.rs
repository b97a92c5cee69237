//! By which words the schools and the communes are found.

use super::super::{Commune, School};
use super::{Index, Words};
use std::collections::BTreeMap;

/// The departments of the region, which people type beside a town.
const DEPARTMENTS: &[(&str, &str)] = &[
    ("01", "Ain"),
    ("03", "Allier"),
    ("07", "Ardèche"),
    ("15", "Cantal"),
    ("26", "Drôme"),
    ("38", "Isère"),
    ("42", "Loire"),
    ("43", "Haute-Loire"),
    ("63", "Puy-de-Dôme"),
    ("69", "Rhône"),
    ("73", "Savoie"),
    ("74", "Haute-Savoie"),
];

/// Sections and training centres often bear the name of a school, which is meant more often.
const COMES_LAST: &[&str] = &["SEP", "SGT", "CFA"];

impl Index {
    /// The communes give a school the postal codes that its own row lacks.
    pub(in super::super) fn of_schools(schools: &[School], communes: &[Commune]) -> Self {
        let postal: BTreeMap<&str, &[String]> =
            communes.iter().map(|it| (it.insee.as_str(), it.postal_codes.as_slice())).collect();
        Self::of(schools.iter().map(|school| {
            let own = std::slice::from_ref(&school.postal_code);
            let all = postal.get(school.insee.as_str()).copied();
            Words {
                name: &school.name,
                also: &school.also,
                town: &school.town,
                department: department(&school.department),
                postal_codes: all.filter(|_| school.postal_code.is_empty()).unwrap_or(own),
                codes: [school.uai.as_str()]
                    .into_iter()
                    .chain(school.region_code.as_deref())
                    .collect(),
                comes_last: COMES_LAST.contains(&school.category.as_str()),
            }
        }))
    }

    pub(in super::super) fn of_communes(communes: &[Commune]) -> Self {
        Self::of(communes.iter().map(|commune| Words {
            name: &commune.name,
            department: department(&commune.department),
            postal_codes: &commune.postal_codes,
            codes: vec![&commune.insee],
            ..Words::default()
        }))
    }
}

fn department(number: &str) -> &'static str {
    DEPARTMENTS.iter().find(|(own, _)| *own == number).map_or("", |(_, name)| name)
}
