//! The list of communes: our own, or the postal codes of La Poste on the one there is.

use std::collections::{BTreeMap, BTreeSet};

use dossier::reference::Commune;

use crate::reading::{Aside, LABEL, Opened, Progress, fitting};
use crate::report::Reason;
use crate::school::point;
use crate::towns::{Sought, Towns};
use crate::{code, spelling};

/// Reads a list of communes; it replaces the one there was, whose points stay where the file has
/// none.
pub(crate) fn import(
    file: &mut Opened,
    current: &[Commune],
    progress: &mut dyn FnMut(Progress),
) -> Vec<Commune> {
    let mut taken = BTreeSet::new();
    let known = |insee: &str| current.iter().find(|commune| commune.insee == insee);
    file.rows(progress, |row| {
        let typed = row.text(&["insee", "code_insee"]);
        let department = code::department(row.text(&["department", "code_departement"]));
        let is_elsewhere = department.as_ref().is_some_and(|it| !code::is_ours(it));
        // A postal address says « Lyon », not its ninth arrondissement.
        if is_elsewhere || row.text(&["type"]).starts_with("arrondissement") {
            return Err(Aside::OutOfScope);
        }
        let bad_insee = || Aside::wrong(Reason::BadInsee, "insee", typed);
        let insee = code::five(typed).ok_or_else(bad_insee)?;
        let department = department.ok_or_else(bad_insee)?;
        let name = fitting(spelling::verbatim(row.text(&["name", "nom"])), "name", LABEL)?;
        if name.is_empty() {
            return Err(Aside::wrong(Reason::NoName, "name", &insee));
        }
        let typed = row.text(&["postal_codes", "codes_postaux"]);
        let postal_codes: Option<Vec<String>> =
            typed.split([' ', ',', '|']).filter(|it| !it.is_empty()).map(code::postal).collect();
        let postal_codes = postal_codes
            .filter(|codes| !codes.is_empty())
            .ok_or_else(|| Aside::wrong(Reason::BadPostalCode, "postal_codes", typed))?;
        let point = point(row).or_else(|| known(&insee).map(|commune| commune.point));
        let point = point.ok_or_else(|| Aside::wrong(Reason::BadPoint, "latitude", &insee))?;
        if !taken.insert(insee.clone()) {
            return Err(Aside::wrong(Reason::Twice, "insee", &insee));
        }
        let population = code::trimmed(row.text(&["population"])).parse().unwrap_or_default();
        Ok(Commune { insee, name, postal_codes, department, point, population }.into())
    })
}

/// Reads La Poste's codes into the communes there are. One that the file does not name keeps its
/// own: it merged, and the file knows the new one.
pub(crate) fn import_postal_codes(
    file: &mut Opened,
    communes: &mut [Commune],
    towns: &Towns,
    progress: &mut dyn FnMut(Progress),
) {
    let rows = file.rows(progress, |row| {
        let insee = row.text(&["code_commune_insee"]);
        let name = row.text(&["nom_de_la_commune", "nom_commune"]);
        let typed = row.text(&["code_postal"]);
        let sought = Sought { insee, postal_code: typed, name, point: None };
        if sought.department().is_some_and(|department| !code::is_ours(&department)) {
            return Err(Aside::OutOfScope);
        }
        let postal_code = code::postal(typed)
            .ok_or_else(|| Aside::wrong(Reason::BadPostalCode, "code_postal", typed))?;
        let commune = towns.find(sought);
        let commune =
            commune.map_err(|reason| Aside::wrong(reason, "code_commune_insee", insee))?;
        Ok((commune.insee.clone(), postal_code).into())
    });
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (insee, postal_code) in rows {
        codes.entry(insee).or_default().insert(postal_code);
    }
    for commune in communes {
        if let Some(codes) = codes.remove(&commune.insee) {
            commune.postal_codes = codes.into_iter().collect();
        }
    }
}
