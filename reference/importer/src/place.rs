//! The list of places: our own, the Region's, or those of the culture ministry's open files.

use std::collections::BTreeSet;

use dossier::reference::{Deal, Place, PlaceKind};

use crate::kind::Kind;
use crate::reading::{Around, Aside, LABEL, Opened, Progress, Read, Taken, fitting};
use crate::report::Reason;
use crate::school::point;
use crate::sheet::Row;
use crate::towns::{self, Sought};
use crate::{code, plain, spelling};

/// Words that say the kind of a place, folded.
const KINDS: &[(&str, PlaceKind)] = &[
    ("cinema", PlaceKind::Cinema),
    ("musee", PlaceKind::Musee),
    ("librairie", PlaceKind::Librairie),
    ("spectacle", PlaceKind::Spectacle),
    ("theatre", PlaceKind::Spectacle),
    ("scene", PlaceKind::Spectacle),
    ("opera", PlaceKind::Spectacle),
    ("bibliotheque", PlaceKind::Bibliotheque),
    ("sport", PlaceKind::Sport),
    ("autre", PlaceKind::Autre),
];

/// The codes of the published list.
const CODES: &[(PlaceKind, &str)] = &[
    (PlaceKind::Cinema, "CINEMA"),
    (PlaceKind::Musee, "MUSEE"),
    (PlaceKind::Librairie, "LIBRAIRIE"),
    (PlaceKind::Spectacle, "SPECTACLE"),
    (PlaceKind::Bibliotheque, "BIBLIOTHEQUE"),
    (PlaceKind::Sport, "SPORT"),
    (PlaceKind::Autre, "AUTRE"),
];

/// The kind that a word says.
pub(crate) fn kind(word: &str) -> Option<PlaceKind> {
    let word = plain::phrase(word);
    KINDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// The code of a kind in the published list.
pub(crate) fn kind_code(kind: PlaceKind) -> &'static str {
    CODES.iter().find(|(own, _)| *own == kind).map_or("AUTRE", |(_, code)| code)
}

/// Reads a file of places into the list. Our own list replaces it; any other file, the places of
/// its source and the invented ones that it makes needless. A real place that a deal names stays.
pub(crate) fn import(
    file: &mut Opened,
    places: &mut Vec<Place>,
    deals: &[Deal],
    around: &Around,
    progress: &mut dyn FnMut(Progress),
) {
    let from = file.report.kind.unwrap_or(Kind::Places);
    let is_whole = from == Kind::Places && file.has(&["kind"]);
    let mut taken = BTreeSet::new();
    let has_own = |kind| {
        // Cinemas and museums have better lists than Basilic's.
        places.iter().any(|place| place.kind == kind && is_national(place, &["CNC", "MUSEOFILE"]))
    };
    let doubled = [PlaceKind::Cinema, PlaceKind::Musee].into_iter().filter(|it| has_own(*it));
    let doubled: Vec<PlaceKind> = doubled.filter(|_| from == Kind::Basilic).collect();
    let found = file.rows(progress, |row| {
        let read = match from {
            Kind::Cinemas => cinema(row, around),
            Kind::Museums => museum(row, around),
            Kind::Basilic => basilic(row, around),
            _ => own(row, around),
        }?;
        if doubled.contains(&read.one.kind) {
            return Err(Aside::OutOfScope);
        }
        if taken.insert(read.one.id.clone()) {
            Ok(read)
        } else {
            Err(Aside::wrong(Reason::Twice, "id", &read.one.id))
        }
    });
    let sources: BTreeSet<&str> = found.iter().map(|place| place.source.as_str()).collect();
    let kinds: Vec<PlaceKind> = found.iter().map(|place| place.kind).collect();
    places.retain(|place| {
        let is_needless = from == Kind::Places || kinds.contains(&place.kind);
        let is_replaced = sources.contains(place.source.as_str())
            && !deals.iter().any(|deal| deal.place == place.id);
        let goes = is_whole || is_replaced || is_demonstration(place) && is_needless;
        !goes && !taken.contains(&place.id)
    });
    places.extend(found);
    places.sort_by(|a, b| (&a.insee, &a.name, &a.id).cmp(&(&b.insee, &b.name, &b.id)));
}

fn is_national(place: &Place, prefixes: &[&str]) -> bool {
    place.id.split('-').next().is_some_and(|prefix| prefixes.contains(&prefix))
}

/// Places that we wrote ourselves give way to the first real list.
fn is_demonstration(place: &Place) -> bool {
    plain::phrase(&place.source).contains("demonstration")
}

fn own(row: &Row, around: &Around) -> Read<Place> {
    let id = row.text(&["id"]);
    if id.is_empty() || id.len() > 60 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Aside::wrong(Reason::BadCode, "id", id));
    }
    let word = row.text(&["kind", "type"]);
    let kind = kind(word).ok_or_else(|| Aside::wrong(Reason::BadKind, "kind", word))?;
    let source = if row.text(&["source"]).is_empty() { "Région" } else { row.text(&["source"]) };
    let written = Written {
        id: id.to_owned(),
        kind,
        // Our own list is taken at its word.
        name: match row.text(&["name"]) {
            "" => spelling::name(row.text(&["nom"])),
            own => spelling::verbatim(own),
        },
        address: row.text(&["address", "adresse"]),
        source,
        sought: Sought {
            insee: row.text(&["insee", "code_insee"]),
            postal_code: row.text(&["postal_code", "code_postal"]),
            name: row.text(&["town", "commune"]),
            point: point(row),
        },
    };
    written.place(row, around)
}

fn cinema(row: &Row, around: &Around) -> Read<Place> {
    // A tour of villages is no place.
    if plain::phrase(row.text(&["genre"])).starts_with("itinerant") {
        return Err(Aside::OutOfScope);
    }
    let written = Written {
        id: id("CNC", row.text(&["n_auto"])),
        kind: PlaceKind::Cinema,
        name: spelling::name(row.text(&["nom"])),
        address: row.text(&["adresse"]),
        source: "CNC",
        sought: Sought {
            insee: row.text(&["code_insee"]),
            postal_code: "",
            name: row.text(&["commune"]),
            point: None,
        },
    };
    written.place(row, around)
}

fn museum(row: &Row, around: &Around) -> Read<Place> {
    let region = plain::phrase(row.text(&["region", "region_administrative"]));
    if !region.is_empty() && region != "auvergne rhone alpes" {
        return Err(Aside::OutOfScope);
    }
    let written = Written {
        id: id("MUSEOFILE", row.text(&["ref", "identifiant_museofile", "identifiant"])),
        kind: PlaceKind::Musee,
        name: spelling::name(row.text(&["nomoff", "nom_officiel"])),
        address: row.text(&["adrl1_m", "adresse"]),
        source: "Muséofile",
        sought: Sought {
            insee: row.text(&["code_insee"]),
            postal_code: row.text(&["cp_m", "code_postal"]),
            name: row.text(&["ville_m", "ville", "commune"]),
            point: point(row),
        },
    };
    written.place(row, around)
}

fn basilic(row: &Row, around: &Around) -> Read<Place> {
    let state = plain::phrase(row.text(&["demographie_ap"]));
    let kind = kind(row.text(&["type_equipement_ou_lieu"]));
    let Some(kind) = kind.filter(|_| matches!(state.as_str(), "" | "actif")) else {
        return Err(Aside::OutOfScope);
    };
    let number = row.text(&["rang", "identifiant_deps_a_partir_de_2022", "ident"]);
    let written = Written {
        id: id("BASILIC", code::trimmed(number)),
        kind,
        name: spelling::name(row.text(&["nom"])),
        address: row.text(&["adresse"]),
        source: "Basilic",
        sought: Sought {
            insee: row.text(&["code_insee"]),
            postal_code: row.text(&["code_postal"]),
            name: row.text(&["libelle_geographique"]),
            point: point(row),
        },
    };
    written.place(row, around)
}

/// The id of a place: its source and its number there; empty when it has none.
fn id(source: &str, number: &str) -> String {
    let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '_' };
    let number: String = number.chars().take(40).map(sign).collect();
    if number.is_empty() { number } else { format!("{source}-{number}") }
}

/// A place as its row writes it.
struct Written<'a> {
    id: String,
    kind: PlaceKind,
    name: String,
    address: &'a str,
    source: &'a str,
    sought: Sought<'a>,
}

impl Written<'_> {
    /// The place, its commune found and its point compared with the department.
    fn place(self, row: &Row, around: &Around) -> Read<Place> {
        let Self { id, kind, name, address, source, sought } = self;
        if sought.department().is_some_and(|department| !code::is_ours(&department)) {
            return Err(Aside::OutOfScope);
        }
        if id.is_empty() {
            return Err(Aside::wrong(Reason::BadCode, "id", &name));
        }
        if name.is_empty() {
            return Err(Aside::wrong(Reason::NoName, "name", &id));
        }
        let commune = around.towns.find(sought);
        let commune = commune.map_err(|reason| Aside::wrong(reason, "commune", sought.name))?;
        let holds = |point| around.outline.is_none_or(|it| it.holds(&commune.department, point));
        let stated = point(row);
        let repaired = stated.filter(|point| !holds(*point)).map(|_| Reason::OutsideDepartment);
        let one = Place {
            id,
            kind,
            name: fitting(name, "name", LABEL)?,
            address: fitting(spelling::address(address), "address", LABEL)?,
            town: commune.name.clone(),
            postal_code: towns::postal_code(commune, sought.postal_code),
            insee: commune.insee.clone(),
            point: stated.filter(|_| repaired.is_none()).unwrap_or(commune.point),
            source: source.to_owned(),
        };
        Ok(Taken { one, repaired })
    }
}
