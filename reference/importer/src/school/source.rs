//! A row about a school, whichever file it stands in.

use std::collections::BTreeMap;

use dossier::reference::{Commune, Point, School};

use super::no_commune;
use crate::kind::Kind;
use crate::reading::{Around, Aside, LABEL, Read, Taken, fitting};
use crate::report::Reason;
use crate::sheet::Row;
use crate::towns::Sought;
use crate::{category, code, day, lambert, plain, spelling};

const UAI: &[&str] = &["uai", "identifiant_de_l_etablissement", "numero_uai"];
const NAME: &[&str] =
    &["name", "nom_affiche", "nom_etablissement", "appellation_officielle", "nom"];
const INSEE: &[&str] = &["insee", "code_insee", "code_commune"];
const POSTAL_CODE: &[&str] = &["postal_code", "code_postal", "code_postal_uai"];
const TOWN: &[&str] =
    &["town", "nom_commune", "commune_libe", "libelle_commune", "localite_acheminement_uai"];
const DEPARTMENT: &[&str] = &["department", "code_departement", "departement_insee_3"];
const X: &[&str] = &["coordonnee_x", "coordx_origine"];
const Y: &[&str] = &["coordonnee_y", "coordy_origine"];

/// What a row says of a school; what it does not say is empty.
pub(super) struct Found {
    pub(super) uai: String,
    pub(super) name: String,
    pub(super) also: Vec<String>,
    pub(super) region_code: Option<String>,
    pub(super) site: Option<Site>,
    /// The ways that the row says are taught.
    pub(super) ways: String,
    /// Those that such a school teaches as a rule.
    pub(super) usual_ways: &'static str,
    pub(super) category: Option<&'static str>,
}

/// Where a school stands.
pub(super) struct Site {
    pub(super) commune: Commune,
    pub(super) postal_code: String,
    pub(super) point: Option<Point>,
}

/// The UAI of a row that is about us: not about another region, a primary school, a closed one.
pub(super) fn uai(row: &Row, kind: Kind, around: &Around) -> Result<String, Aside> {
    let typed = row.text(UAI);
    let stated = code::department(row.text(DEPARTMENT)).or_else(|| sought(row, kind).department());
    let department = stated.or_else(|| typed.get(..3).and_then(code::department));
    if department.is_some_and(|department| !code::is_ours(&department)) || is_closed(row, around) {
        return Err(Aside::OutOfScope);
    }
    let is_ours = matches!(kind, Kind::Schools | Kind::RegionSchools);
    if !is_ours && category::of(row, row.text(NAME)).is_none() {
        return Err(Aside::OutOfScope);
    }
    code::uai(typed).ok_or_else(|| Aside::wrong(Reason::BadUai, "uai", typed))
}

/// Reads a row whose UAI was read. `known` are the schools that need no commune any more.
pub(super) fn read(
    row: &Row,
    kind: Kind,
    uai: String,
    around: &Around,
    known: &BTreeMap<String, School>,
) -> Read<Found> {
    if kind == Kind::RegionSchools {
        return region(row, uai, known);
    }
    let (name, left_out) = name(row, kind);
    if name.is_empty() {
        return Err(Aside::wrong(Reason::NoName, "name", &uai));
    }
    let name = fitting(name, "name", LABEL)?;
    let sought = sought(row, kind);
    let mut repaired = None;
    let site = match around.towns.find(sought) {
        Ok(commune) => {
            let mut site = Site {
                commune: commune.clone(),
                postal_code: sought.postal_code.to_owned(),
                point: point(row),
            };
            let holds =
                |point| around.outline.is_none_or(|it| it.holds(&commune.department, point));
            if !site.point.is_none_or(holds) {
                site.point = Some(commune.point);
                repaired = Some(Reason::OutsideDepartment);
            }
            Some(site)
        }
        // An export without communes may still complete what is known.
        Err(_) if sought.insee.is_empty() && known.contains_key(&uai) => None,
        Err(reason) => return Err(Aside::Wrong(no_commune(reason, sought.insee, sought.name))),
    };
    let mut also = vec![left_out];
    also.extend(spelling::verbatim(row.text(&["also"])).split(", ").map(str::to_owned));
    also.push(spelling::name(row.text(&["patronyme_uai"])));
    also.push(row.text(&["sigle_uai", "sigle"]).to_owned());
    also.retain(|other| !other.is_empty());
    let category = category::of(row, &name);
    let one = Found {
        uai,
        name,
        also,
        region_code: region_code(row.text(&["region_code"])),
        site,
        ways: category::ways(row),
        usual_ways: category.filter(|_| kind != Kind::Schools).map_or("", category::usual_ways),
        category,
    };
    Ok(Taken { one, repaired })
}

/// The Region's own word on a school that must be known already.
fn region(row: &Row, uai: String, known: &BTreeMap<String, School>) -> Read<Found> {
    if !known.contains_key(&uai) {
        return Err(Aside::wrong(Reason::UnknownSchool, "uai", &uai));
    }
    let typed = row.text(&["code_region", "region_code"]);
    let region_code = region_code(typed);
    if region_code.is_none() && !typed.is_empty() {
        return Err(Aside::wrong(Reason::BadCode, "code_region", typed));
    }
    let also = [row.text(&["sigle"])].into_iter().filter(|it| !it.is_empty()).map(str::to_owned);
    let found = Found {
        uai,
        name: fitting(spelling::verbatim(row.text(&["nom_affiche"])), "nom_affiche", LABEL)?,
        also: also.collect(),
        region_code,
        site: None,
        ways: String::new(),
        usual_ways: "",
        category: None,
    };
    Ok(found.into())
}

/// Three letters and four digits, like `TLP0678`.
fn region_code(typed: &str) -> Option<String> {
    let code = typed.to_uppercase();
    let (letters, digits) = code.split_at_checked(3)?;
    let is_code = letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && digits.len() == 4
        && code::is_digits(digits);
    is_code.then_some(code)
}

/// The name to show, and what was left out of it.
fn name(row: &Row, kind: Kind) -> (String, String) {
    let official = row.text(NAME);
    if kind == Kind::Schools {
        return (spelling::verbatim(official), String::new());
    }
    if official.is_empty() {
        let parts = [row.text(&["denomination_principale"]), row.text(&["patronyme_uai"])];
        return spelling::school(parts.join(" ").trim());
    }
    spelling::school(official)
}

fn sought<'a>(row: &'a Row, kind: Kind) -> Sought<'a> {
    // ACCE calls « commune » what others call « code commune ».
    let (insee, town) = match kind {
        Kind::Acce => (&["commune"][..], TOWN),
        _ => (INSEE, if row.text(TOWN).is_empty() { &["commune"][..] } else { TOWN }),
    };
    Sought {
        insee: row.text(insee),
        postal_code: row.text(POSTAL_CODE),
        name: row.text(town),
        point: None,
    }
}

fn is_closed(row: &Row, around: &Around) -> bool {
    let state = row.text(&["etat_etablissement_libe", "etat", "etat_etablissement"]);
    let state = plain::phrase(state);
    // « A FERMER » is still open.
    if state.starts_with("ferme") || state == "3" {
        return true;
    }
    let closed = day::iso(row.text(&["date_fermeture"]), day::Order::DayFirst);
    closed.is_some_and(|day| day.as_str() <= around.today)
}

/// The point in degrees, or in the metres of Lambert-93; 0° 0° is a point that nobody entered.
pub(crate) fn point(row: &Row) -> Option<Point> {
    let degrees = |names: &[&str]| code::number(row.text(names));
    let both = degrees(&["latitude"]).zip(degrees(&["longitude"])).or_else(|| {
        let together = row.text(&["position", "geolocalisation", "coordonnees_geo"]);
        let (latitude, longitude) = together.split_once(',')?;
        code::number(latitude).zip(code::number(longitude))
    });
    if let Some((latitude, longitude)) = both.filter(|(latitude, _)| *latitude != 0.0) {
        let is_on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        return is_on_earth.then_some(Point { latitude, longitude });
    }
    let epsg = row.text(&["epsg", "epsg_origine"]);
    let is_lambert = epsg.is_empty() || epsg.ends_with("2154");
    let metres = degrees(X).zip(degrees(Y)).filter(|_| is_lambert);
    metres.and_then(|(x, y)| lambert::point(x, y))
}
