//! Deposited applications: written once, corrected, read.

pub(super) mod columns;

use std::ops::RangeFrom;

use anyhow::Context;
use dossier::document::Hash;
use dossier::form::Application;
use dossier::form::correction::{Corrected, Correction};
use dossier::review::State;
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use super::db::{Db, Row, Value, values};
use crate::failure::Failure;

/// Dossiers on one page of the desk; the next ones move up as these are decided.
const MOST: u32 = 100;

/// What a dossier was deposited with.
pub(crate) struct Bound {
    pub(crate) space: Uuid,
    pub(crate) number: String,
    pub(crate) heads: Vec<u8>,
    pub(crate) photo: Hash,
    pub(crate) receipt: Vec<u8>,
}

/// The deposit of a draft, if it was deposited.
pub(crate) fn bound(db: &mut dyn Db, draft: Uuid) -> Result<Option<Bound>, Failure> {
    db.optional(
        "SELECT space, number, heads, photo, receipt FROM dossier WHERE draft = ?1",
        values![&draft],
        |row| {
            Ok(Bound {
                space: row.uuid(0)?,
                number: row.string(1)?,
                heads: row.bytes(2)?.to_vec(),
                photo: row.array(3)?,
                receipt: row.bytes(4)?.to_vec(),
            })
        },
    )
}

/// Whether a dossier holds this number.
pub(crate) fn holds_number(db: &mut dyn Db, number: &str) -> Result<bool, Failure> {
    db.exists("SELECT 1 FROM dossier WHERE number = ?1", values![number])
}

/// A deposit ready to be stored.
pub(crate) struct Deposited<'a> {
    pub(crate) draft: Uuid,
    pub(crate) bound: Bound,
    pub(crate) received_ms: i64,
    pub(crate) season: String,
    pub(crate) reference_version: String,
    pub(crate) application: &'a Application,
}

/// Stores a deposit: one column for each answer.
pub(crate) fn insert(db: &mut dyn Db, deposited: &Deposited<'_>) -> Result<(), Failure> {
    let birth_date = deposited.application.birth_date.date().to_string();
    let mut columns = answered(deposited, &birth_date);
    columns.extend([
        ("draft", Value::from(&deposited.draft)),
        ("space", (&deposited.bound.space).into()),
        ("number", (&deposited.bound.number).into()),
        ("state", State::Received.as_str().into()),
    ]);
    columns.extend(deposited.application.filer.iter().flat_map(columns::filer));
    db.insert("dossier", &columns)
}

/// Puts what was answered anew, all of it, in the place of what a dossier says.
pub(crate) fn replace(
    db: &mut dyn Db,
    deposited: &Deposited<'_>,
    state: State,
) -> Result<(), Failure> {
    let birth_date = deposited.application.birth_date.date().to_string();
    let mut columns = answered(deposited, &birth_date);
    columns.push(("state", state.as_str().into()));
    match &deposited.application.filer {
        Some(filer) => columns.extend(columns::filer(filer)),
        None => columns.extend(columns::NO_FILER.map(|column| (column, "".into()))),
    }
    db.update("dossier", &columns, ("draft", (&deposited.draft).into()))
}

/// What follows from the answers alone.
fn answered<'a>(
    deposited: &'a Deposited<'_>,
    birth_date: &'a String,
) -> Vec<(&'static str, Value<'a>)> {
    let (bound, given) = (&deposited.bound, deposited.application);
    let mut columns = vec![
        ("heads", (&bound.heads).into()),
        ("receipt", (&bound.receipt).into()),
        ("received_ms", deposited.received_ms.into()),
        ("season", (&deposited.season).into()),
        ("reference_version", (&deposited.reference_version).into()),
        ("charter_version", (&given.charter.version).into()),
        ("charter_hash", (&given.charter.hash).into()),
        ("charter_accepted_at_ms", given.charter.accepted_at_ms.into()),
        ("civility", given.civility.as_str().into()),
        ("family_name", given.family_name.as_str().into()),
        ("given_name", given.given_name.as_str().into()),
        ("birth_date", birth_date.into()),
        ("email", given.email.as_str().into()),
        ("phone_number", given.phone_number.as_str().into()),
        ("photo", (&bound.photo).into()),
        ("sending", given.sending.as_str().into()),
    ];
    columns.extend(columns::said_of_photo(given.bare_head, given.photo_note.as_ref()));
    columns.extend(columns::address(&given.address));
    columns.extend(columns::school(&given.school));
    columns.extend(columns::track(&given.track));
    columns.extend(columns::guardian(given.guardian.as_ref()));
    columns
}

/// Keeps what a correction says anew, and the state and the receipt that follow from it.
pub(crate) fn correct(
    db: &mut dyn Db,
    id: Uuid,
    correction: &Correction,
    state: State,
    receipt: &Vec<u8>,
) -> Result<(), Failure> {
    let (mut birth_date, mut photo) = (String::new(), [0; 32]);
    for corrected in correction.all() {
        match corrected {
            Corrected::BirthDate(date, _) => birth_date = date.date().to_string(),
            Corrected::Photo(hash, ..) => photo = hash.0,
            _ => {}
        }
    }
    let mut columns = vec![("state", Value::from(state.as_str())), ("receipt", receipt.into())];
    for corrected in correction.all() {
        match corrected {
            Corrected::Civility(it) => columns.push(("civility", it.as_str().into())),
            Corrected::FamilyName(it) => columns.push(("family_name", it.as_str().into())),
            Corrected::GivenName(it) => columns.push(("given_name", it.as_str().into())),
            Corrected::BirthDate(_, guardian) => {
                columns.push(("birth_date", (&birth_date).into()));
                columns.extend(columns::guardian(guardian));
            }
            Corrected::Guardian(it) => columns.extend(columns::guardian(it)),
            Corrected::PhoneNumber(it) => columns.push(("phone_number", it.as_str().into())),
            Corrected::Address(it) => columns.extend(columns::address(it)),
            Corrected::School(it) => columns.extend(columns::school(it)),
            Corrected::Track(it) => columns.extend(columns::track(it)),
            Corrected::Photo(_, bare_head, note) => {
                columns.push(("photo", (&photo).into()));
                columns.extend(columns::said_of_photo(bare_head, note));
            }
            Corrected::Sending(it) => columns.push(("sending", it.as_str().into())),
        }
    }
    // Day of birth and guardian may both have been asked for: one place for each column.
    columns.sort_by_key(|(name, _)| *name);
    columns.dedup_by_key(|(name, _)| *name);
    db.update("dossier", &columns, ("draft", (&id).into()))
}

/// Somebody who filed or agreed for the student.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) link: String,
}

impl Person {
    /// The person of the next three columns, if there is one.
    fn read(columns: &mut Columns<'_>) -> Result<Option<Self>, Failure> {
        let (link, given, family) = (columns.text()?, columns.text()?, columns.text()?);
        Ok((!link.is_empty()).then(|| Self { name: format!("{given} {family}"), link }))
    }
}

/// A dossier as the desk reads it. Text only: every answer was parsed before it was stored.
pub(crate) struct Dossier {
    pub(crate) id: Uuid,
    pub(crate) space: Uuid,
    pub(crate) number: String,
    pub(crate) state: State,
    /// Who has it in hand; 0 while nobody has.
    pub(crate) reviewer: i64,
    /// Whether its student mended something.
    pub(crate) is_corrected: bool,
    pub(crate) received_ms: i64,
    pub(crate) season: String,
    pub(crate) civility: String,
    pub(crate) family_name: String,
    pub(crate) given_name: String,
    birth_date: String,
    pub(crate) email: String,
    pub(crate) phone_number: String,
    /// Care of, street, building, floor, residence, locality; those that are there.
    pub(crate) address: Vec<String>,
    pub(crate) postal_code: String,
    pub(crate) commune: String,
    /// UAI, empty when the list lacked it.
    pub(crate) school: String,
    pub(crate) school_name: String,
    pub(crate) school_town: String,
    /// Code, empty when the list lacked it.
    pub(crate) track: String,
    pub(crate) track_name: String,
    /// Whether another dossier of the season has the same names and day of birth. Never merged: a
    /// person looks at both.
    pub(crate) has_namesake: bool,
    pub(crate) filer: Option<Person>,
    pub(crate) guardian: Option<Person>,
    pub(crate) guardian_contact: String,
    pub(crate) photo: Hash,
    /// What its card says of the photo: SHA-256 of the vignette, or of the photo itself while there is no
    /// vignette of it.
    pub(crate) photo_on_card: Hash,
    /// Whether the student says that nothing covers the head.
    pub(crate) bare_head: bool,
    /// Why the photo was kept although it breaks a rule; empty when it breaks none.
    pub(crate) photo_note: String,
    /// Whether it breaks a rule by the server's own measures.
    pub(crate) photo_fails: bool,
    pub(crate) sending: String,
}

impl Dossier {
    /// First name and family name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// What the card names as the school: its UAI, or what was written.
    pub(crate) fn school_on_card(&self) -> String {
        if self.school.is_empty() {
            format!("{} [{}]", self.school_name, self.school_town)
        } else {
            self.school.clone()
        }
    }

    /// The day of birth.
    pub(crate) fn birth(&self) -> Result<Date, Failure> {
        let date = Date::parse(&self.birth_date, format_description!("[year]-[month]-[day]"));
        Ok(date.context("a stored birth date cannot be read")?)
    }

    /// In the order of [`DOSSIERS`].
    fn read(row: &dyn Row) -> Result<Self, Failure> {
        let mut next = Columns(row, 0..);
        Ok(Self {
            id: next.uuid()?,
            space: next.uuid()?,
            number: next.text()?,
            state: State::parse(&next.text()?).context("a stored state cannot be read")?,
            reviewer: next.int()?,
            is_corrected: next.int()? != 0,
            received_ms: next.int()?,
            season: next.text()?,
            civility: next.text()?,
            family_name: next.text()?,
            given_name: next.text()?,
            birth_date: next.text()?,
            email: next.text()?,
            phone_number: next.text()?,
            address: next.lines()?,
            postal_code: next.text()?,
            commune: next.text()?,
            school: next.text()?,
            school_name: next.text()?,
            school_town: next.text()?,
            track: next.text()?,
            track_name: next.text()?,
            has_namesake: next.int()? != 0,
            filer: Person::read(&mut next)?,
            guardian: Person::read(&mut next)?,
            guardian_contact: next.text()?,
            photo: next.hash()?,
            photo_on_card: next.hash()?,
            bare_head: next.int()? != 0,
            photo_note: next.text()?,
            photo_fails: next.int()? != 0,
            sending: next.text()?,
        })
    }
}

/// Dossiers, each with whether it was corrected, whether another says the same of its student, and
/// whether its photo breaks a rule, and the hash that its card names.
const DOSSIERS: &str = "SELECT draft, space, number, state, reviewer,
         CASE WHEN EXISTS (SELECT 1 FROM correction
                           WHERE correction.dossier = draft AND length(digest) > 0)
              THEN 1 ELSE 0 END,
         received_ms, season, civility,
         family_name, given_name, birth_date, email, phone_number,
         care_of, address_line, building, floor, residence, locality, postal_code, commune,
         school, school_name, school_town, track, track_name,
         CASE WHEN EXISTS (SELECT 1 FROM dossier AS other
                           WHERE other.birth_date = dossier.birth_date
                               AND lower(other.family_name) = lower(dossier.family_name)
                               AND lower(other.given_name) = lower(dossier.given_name)
                               AND other.season = dossier.season AND other.draft <> dossier.draft)
              THEN 1 ELSE 0 END,
         filer_link, filer_given_name, filer_family_name,
         guardian_link, guardian_given_name, guardian_family_name, guardian_contact,
         photo, coalesce(vignette.digest, photo), bare_head, photo_note, CASE verdict WHEN 'fail' THEN 1 ELSE 0 END, sending
     FROM dossier LEFT JOIN photo_report ON photo_report.dossier = draft
         LEFT JOIN vignette ON vignette.dossier = draft";

/// The columns of a row from left to right.
struct Columns<'r>(&'r dyn Row, RangeFrom<usize>);

impl Columns<'_> {
    fn at(&mut self) -> usize {
        self.1.next().unwrap_or_default()
    }

    fn text(&mut self) -> Result<String, Failure> {
        let at = self.at();
        self.0.string(at)
    }

    fn int(&mut self) -> Result<i64, Failure> {
        let at = self.at();
        self.0.int(at)
    }

    fn uuid(&mut self) -> Result<Uuid, Failure> {
        let at = self.at();
        self.0.uuid(at)
    }

    fn hash(&mut self) -> Result<Hash, Failure> {
        let at = self.at();
        self.0.array(at)
    }

    /// The six lines of an address; those that are there.
    fn lines(&mut self) -> Result<Vec<String>, Failure> {
        let lines: Result<Vec<String>, Failure> = (0..6).map(|_| self.text()).collect();
        Ok(lines?.into_iter().filter(|line| !line.is_empty()).collect())
    }
}

/// The dossier of a number.
pub(crate) fn by_number(db: &mut dyn Db, number: &str) -> Result<Dossier, Failure> {
    let found = "SELECT draft FROM dossier WHERE number = ?1";
    let found = db.optional(found, values![number], |row| row.uuid(0))?;
    by_id(db, found.ok_or(Failure::Unknown)?)
}

/// The dossiers of which a condition is true, oldest first.
pub(crate) fn those(
    db: &mut dyn Db,
    condition: &str,
    values: &[Value<'_>],
) -> Result<Vec<Dossier>, Failure> {
    let found = format!("{DOSSIERS} WHERE {condition} ORDER BY received_ms, draft LIMIT {MOST}");
    db.all(&found, values, Dossier::read)
}

/// The other dossiers of the season with the same names and day of birth, oldest first.
pub(crate) fn namesakes(db: &mut dyn Db, of: &Dossier) -> Result<Vec<Dossier>, Failure> {
    if !of.has_namesake {
        return Ok(Vec::new());
    }
    let same = "birth_date = ?1 AND lower(family_name) = lower(?2)
         AND lower(given_name) = lower(?3) AND season = ?4 AND draft <> ?5";
    let values = values![&of.birth_date, &of.family_name, &of.given_name, &of.season, &of.id];
    those(db, same, values)
}

/// A dossier, or that there is none; one that was erased is none.
pub(crate) fn by_id(db: &mut dyn Db, id: Uuid) -> Result<Dossier, Failure> {
    let found = format!(
        "{DOSSIERS} WHERE draft = ?1
         AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = dossier.draft)"
    );
    let found = db.optional(&found, values![&id], Dossier::read);
    found?.ok_or(Failure::Unknown)
}
