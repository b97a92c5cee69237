//! The list of schools: several sources make one, school by school.

mod source;

pub(crate) use source::point;

use std::collections::{BTreeMap, BTreeSet};

use dossier::reference::School;

use crate::category;
use crate::kind::Kind;
use crate::plain;
use crate::reading::{Around, Opened, Progress};
use crate::report::{Reason, Why, Wrong};
use crate::towns;
use source::Found;

/// A longer list of other names helps nobody; the published list allows 200.
const LONGEST_ALSO: usize = 180;

/// The schools by UAI.
pub(crate) type Schools = BTreeMap<String, School>;

/// Reads a file of schools into the list. Later files win, column by column; the Region's name of
/// a school wins always. Returns the codes that the file names, for [`Directories`].
pub(crate) fn import(
    file: &mut Opened,
    schools: &mut Schools,
    around: &Around,
    progress: &mut dyn FnMut(Progress),
) -> BTreeSet<String> {
    let kind = file.report.kind.unwrap_or(Kind::SomeSchools);
    let (mut named, mut taken) = (BTreeSet::new(), BTreeSet::new());
    if kind == Kind::Schools {
        schools.clear();
    }
    let found = file.rows(progress, |row| {
        let uai = source::uai(row, kind, around)?;
        named.insert(uai.clone());
        let read = source::read(row, kind, uai, around, schools)?;
        // The first row of a school wins: exports put its main line first.
        if taken.insert(read.one.uai.clone()) {
            Ok(read)
        } else {
            Err(crate::reading::Aside::wrong(Reason::Twice, "uai", &read.one.uai))
        }
    });
    for one in found {
        let uai = one.uai.clone();
        match schools.get_mut(&uai) {
            Some(school) => merge(school, one, kind),
            None => schools.extend(create(one).map(|school| (uai, school))),
        }
    }
    named
}

/// A school that no list knew. Its source has read its name and commune.
fn create(found: Found) -> Option<School> {
    let site = found.site?;
    let category = found.category.unwrap_or_default();
    let ways = if found.ways.is_empty() { found.usual_ways } else { &found.ways };
    Some(School {
        also: also("", &found.also, &found.name),
        uai: found.uai,
        name: found.name,
        town: site.commune.name.clone(),
        postal_code: towns::postal_code(&site.commune, &site.postal_code),
        insee: site.commune.insee.clone(),
        department: site.commune.department.clone(),
        region_code: found.region_code,
        latitude: site.point.unwrap_or(site.commune.point).latitude,
        longitude: site.point.unwrap_or(site.commune.point).longitude,
        ways: ways.to_owned(),
        category: category.to_owned(),
    })
}

fn merge(school: &mut School, found: Found, kind: Kind) {
    let mut names = found.also;
    if !found.name.is_empty() {
        // A school with the Region's code has the Region's name.
        if school.region_code.is_none() || kind == Kind::RegionSchools {
            names.extend((kind == Kind::RegionSchools).then(|| school.name.clone()));
            school.name = found.name;
        } else {
            names.push(found.name);
        }
    }
    school.also = also(&school.also, &names, &school.name);
    school.region_code = found.region_code.or(school.region_code.take());
    if let Some(site) = found.site {
        let moved = site.commune.insee != school.insee;
        let point = site.point.or(moved.then_some(site.commune.point));
        (school.latitude, school.longitude) =
            point.map_or((school.latitude, school.longitude), |at| (at.latitude, at.longitude));
        let postal_code = towns::postal_code(&site.commune, &site.postal_code);
        if moved || !postal_code.is_empty() {
            school.postal_code = postal_code;
        }
        school.town.clone_from(&site.commune.name);
        school.insee.clone_from(&site.commune.insee);
        school.department.clone_from(&site.commune.department);
    }
    // « Autre » and a bare « lycée » say less than what is known.
    let vague = |category: &str| matches!(category, "" | "AUTRE" | "LYCEE");
    if let Some(category) = found.category
        && (!vague(category) || vague(&school.category) && category != "AUTRE")
    {
        category.clone_into(&mut school.category);
    }
    if !found.ways.is_empty() {
        school.ways = found.ways;
    } else if school.ways.is_empty() {
        found.usual_ways.clone_into(&mut school.ways);
    }
}

/// Other names of a school, those that its name already says left out.
fn also(known: &str, others: &[String], name: &str) -> String {
    let mut said: BTreeSet<String> = plain::words(name).into_iter().collect();
    let mut all = Vec::new();
    for other in known.split(", ").chain(others.iter().map(String::as_str)) {
        let words = plain::words(other);
        let length: usize = all.iter().map(|it: &&str| it.chars().count() + 2).sum();
        let is_new = words.iter().any(|word| !said.contains(word));
        if is_new && length + other.chars().count() <= LONGEST_ALSO {
            said.extend(words);
            all.push(other);
        }
    }
    all.join(", ")
}

/// What the ministry's directories say is there, and therefore what is gone.
#[derive(Debug, Default)]
pub(crate) struct Directories {
    /// Schools that a directory names.
    listed: BTreeSet<String>,
    /// Schools that any file names.
    named: BTreeSet<String>,
}

impl Directories {
    /// Adds the schools that a file names.
    pub(crate) fn add(&mut self, named: BTreeSet<String>, is_directory: bool) {
        if is_directory {
            self.listed.extend(named.iter().cloned());
        }
        self.named.extend(named);
    }

    /// Drops the schools that a directory should name and does not, department by department. One
    /// that lacks more than a tenth of them is an extract or wrong: then nothing is dropped.
    pub(crate) fn drop_gone(&self, before: &Schools, schools: &mut Schools) -> Vec<Why> {
        let mut departments: BTreeMap<&str, (Vec<String>, usize, usize)> = BTreeMap::new();
        let should_be_named = |school: &&School| {
            school.region_code.is_none()
                && category::is_in_directory(&school.category, &school.name)
        };
        for school in before.values().filter(should_be_named) {
            let (missing, listed, all) = departments.entry(&school.department).or_default();
            *all += 1;
            *listed += usize::from(self.listed.contains(&school.uai));
            if !self.named.contains(&school.uai) {
                missing.push(school.uai.clone());
            }
        }
        let mut why = Vec::new();
        for (department, (uais, listed, all)) in departments {
            let department = department.to_owned();
            // A file about another department says nothing about this one.
            if uais.is_empty() || 2 * listed < all {
                continue;
            }
            if 10 * listed < 9 * all {
                why.push(Why::SchoolsMissing { department, uais });
                continue;
            }
            schools.retain(|uai, _| !uais.contains(uai));
            why.push(Why::SchoolsGone { department, uais });
        }
        why
    }
}

/// What is wrong with a row that is about no commune of ours.
fn no_commune(reason: Reason, insee: &str, name: &str) -> Wrong {
    if insee.is_empty() {
        Wrong::new(reason, "commune", name)
    } else {
        Wrong::new(reason, "insee", insee)
    }
}
