//! Which commune a row means: by its INSEE code, or else by its postal code and name.

use std::collections::BTreeMap;

use dossier::reference::{Commune, Point};

use crate::report::Reason;
use crate::{code, plain};

/// Codes that no commune bears any more, each with the one that replaced it.
const FORMER: &str = include_str!("../former_communes.csv");
/// Open files give the code of an arrondissement where a postal address says « Lyon ».
const LYON: (&str, std::ops::RangeInclusive<u32>) = ("69123", 69_381..=69_389);

/// The communes of the region, ready to be found.
#[derive(Debug, Default, Clone)]
pub(crate) struct Towns {
    communes: BTreeMap<String, Commune>,
    by_name: BTreeMap<String, Vec<String>>,
    former: BTreeMap<&'static str, &'static str>,
}

/// What a row says of its commune; any of it may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sought<'a> {
    pub(crate) insee: &'a str,
    pub(crate) postal_code: &'a str,
    pub(crate) name: &'a str,
    /// Where a place without code and with a name of its own stands, like « L'Alpe d'Huez ».
    pub(crate) point: Option<Point>,
}

impl Sought<'_> {
    /// The department that its codes begin with.
    pub(crate) fn department(&self) -> Option<String> {
        let code = code::five(self.insee).or_else(|| code::postal(self.postal_code))?;
        code.get(..2).map(str::to_owned)
    }
}

impl Towns {
    pub(crate) fn of(communes: &[Commune]) -> Self {
        let mut towns = Self::default();
        for commune in communes {
            let namesakes = towns.by_name.entry(name_key(&commune.name)).or_default();
            namesakes.push(commune.insee.clone());
            towns.communes.insert(commune.insee.clone(), commune.clone());
        }
        let former = FORMER.lines().filter_map(|line| line.split_once(';'));
        towns.former.extend(former);
        towns
    }

    /// The commune that is meant, or why none is.
    pub(crate) fn find(&self, sought: Sought<'_>) -> Result<&Commune, Reason> {
        let insee = code::five(sought.insee);
        if let Some(commune) = insee.as_deref().and_then(|insee| self.by_code(insee)) {
            return Ok(commune);
        }
        if let Some(commune) = self.by_name(sought).or_else(|| self.by_postal_code(sought)) {
            return Ok(commune);
        }
        let is_malformed = insee.is_none() && !sought.insee.is_empty();
        Err(if is_malformed { Reason::BadInsee } else { Reason::UnknownCommune })
    }

    /// The commune that bears this code today.
    pub(crate) fn by_code(&self, insee: &str) -> Option<&Commune> {
        let of_lyon = insee.parse().is_ok_and(|number| LYON.1.contains(&number));
        let current =
            if of_lyon { LYON.0 } else { self.former.get(insee).copied().unwrap_or(insee) };
        self.communes.get(current)
    }

    /// The only one of that name with that postal code, or else in that department: the postal
    /// code of a business mail service (CEDEX) belongs to no commune.
    fn by_name(&self, sought: Sought<'_>) -> Option<&Commune> {
        let namesakes = self.by_name.get(&name_key(sought.name))?;
        let namesakes = || namesakes.iter().filter_map(|insee| self.communes.get(insee));
        let postal_code = code::postal(sought.postal_code).unwrap_or_default();
        let mut served = namesakes().filter(|it| it.postal_codes.contains(&postal_code));
        if let Some(found) = served.next() {
            return served.next().is_none().then_some(found);
        }
        let department = sought.department();
        let mut near = namesakes()
            .filter(|it| department.as_ref().is_none_or(|department| it.department == *department));
        near.next().filter(|_| near.next().is_none())
    }

    /// Of those that the postal code serves, the nearest, or the only one where the row names none;
    /// a row with a code of its own must be right about it.
    fn by_postal_code(&self, sought: Sought<'_>) -> Option<&Commune> {
        let postal_code = code::postal(sought.postal_code).filter(|_| sought.insee.is_empty())?;
        let served = || self.communes.values().filter(|it| it.postal_codes.contains(&postal_code));
        if let Some(point) = sought.point {
            let away = |commune: &&Commune| commune.point.distance_km(point);
            return served().min_by(|a, b| away(a).total_cmp(&away(b)));
        }
        let is_sure = sought.name.is_empty() && served().count() == 1;
        served().next().filter(|_| is_sure)
    }
}

/// The postal code of a row where it is one of its commune's; otherwise the commune's own when it
/// has only one, and none when nobody can tell.
pub(crate) fn postal_code(commune: &Commune, typed: &str) -> String {
    let typed = code::postal(typed).filter(|code| commune.postal_codes.contains(code));
    typed.unwrap_or_else(|| match commune.postal_codes.as_slice() {
        [only] => only.clone(),
        _ => String::new(),
    })
}

/// A name as postal services and statistics agree on it: no « 9e  Arrondissement », « ST » written
/// out, no « CEDEX 02 ».
fn name_key(name: &str) -> String {
    let mut key = Vec::new();
    for word in plain::words(name) {
        match word.as_str() {
            "st" => key.push("saint".to_owned()),
            "ste" => key.push("sainte".to_owned()),
            "arrondissement" | "cedex" => {}
            _ if word.starts_with(|sign: char| sign.is_ascii_digit()) => {}
            _ => key.push(word),
        }
    }
    key.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier::reference::{Pack, Texts};

    fn towns() -> Towns {
        Towns::of(&Pack::read(&Texts::shipped()).unwrap().communes)
    }

    fn found(insee: &str, postal_code: &str, name: &str) -> Result<String, Reason> {
        let sought = Sought { insee, postal_code, name, point: None };
        towns().find(sought).map(|commune| commune.insee.clone())
    }

    #[test]
    fn a_code_is_enough_even_with_its_zero_lost() {
        assert_eq!(found("63113", "", ""), Ok("63113".into()));
        assert_eq!(found("1004", "1500", "Ambérieu"), Ok("01004".into()));
    }

    #[test]
    fn an_arrondissement_of_lyon_is_lyon_and_a_former_commune_the_one_it_joined() {
        assert_eq!(found("69389", "69009", "Lyon 9e  Arrondissement"), Ok("69123".into()));
        assert_eq!(found("69152", "", "Pierre-Bénite"), Ok("69149".into()));
    }

    #[test]
    fn without_a_code_the_postal_code_and_the_name_say_it() {
        assert_eq!(found("", "42000", "ST ETIENNE"), Ok("42218".into()));
        assert_eq!(found("", "69338", "LYON CEDEX 09"), Ok("69123".into()));
        assert_eq!(found("99999", "63000", "Clermont-Ferrand"), Ok("63113".into()));
        assert_eq!(found("", "75001", "Paris"), Err(Reason::UnknownCommune));
        assert_eq!(found("", "", ""), Err(Reason::UnknownCommune));
        assert_eq!(found("6311X", "", ""), Err(Reason::BadInsee));
    }

    #[test]
    fn a_name_that_is_no_communes_is_the_nearest_of_its_postal_code() {
        let point = Some(Point { latitude: 45.0924, longitude: 6.0714 });
        let sought = Sought { postal_code: "38750", name: "L'Alpe d'Huez", point, insee: "" };
        assert_eq!(towns().find(sought).unwrap().name, "Huez");
        assert!(towns().find(Sought { insee: "38999", ..sought }).is_err());
        let (only, shared) = ("38000", "01300");
        assert_eq!(found("", only, "").as_deref(), Ok("38185"));
        assert!(found("", shared, "").is_err() && found("", only, "Nulle-Part").is_err());
    }

    #[test]
    fn a_postal_code_that_is_not_the_communes_gives_way_to_its_only_one() {
        let towns = towns();
        let (belley, lyon) = (towns.by_code("01034").unwrap(), towns.by_code("69123").unwrap());
        assert_eq!(postal_code(lyon, "69009"), "69009");
        assert_eq!(postal_code(lyon, "69338"), "");
        assert_eq!(postal_code(belley, "01306"), "01300");
        assert_eq!(postal_code(belley, "1300"), "01300");
    }
}
