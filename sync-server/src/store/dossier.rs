//! Deposited applications, their states and decisions.

use anyhow::Context;
use dossier::document::Hash;
use dossier::form::Application;
use dossier::form::contact::{AddressLine, Town};
use dossier::form::guardian::{Filer, Guardian};
use dossier::form::photo_choice::PhotoNote;
use dossier::form::school::{SchoolChoice, TrackChoice};
use dossier::review::{Decision, Refusing, State};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use crate::failure::Failure;

/// What a dossier was deposited with.
pub(crate) struct Bound {
    pub(crate) space: Uuid,
    pub(crate) number: String,
    pub(crate) heads: Vec<u8>,
    pub(crate) photo: Hash,
    pub(crate) receipt: Vec<u8>,
}

/// The deposit of a draft, if it was deposited.
pub(crate) fn bound(db: &Connection, draft: Uuid) -> Result<Option<Bound>, Failure> {
    let found = db
        .prepare_cached(
            "SELECT space, number, heads, photo, receipt FROM dossier WHERE draft = ?1",
        )?
        .query_row([draft.as_bytes()], |row| {
            Ok(Bound {
                space: Uuid::from_bytes(row.get(0)?),
                number: row.get(1)?,
                heads: row.get(2)?,
                photo: row.get(3)?,
                receipt: row.get(4)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Whether a dossier holds this number.
pub(crate) fn holds_number(db: &Connection, number: &str) -> Result<bool, Failure> {
    Ok(db.prepare_cached("SELECT 1 FROM dossier WHERE number = ?1")?.exists([number])?)
}

/// A deposit ready to be stored.
pub(crate) struct Deposited<'a> {
    pub(crate) draft: Uuid,
    pub(crate) bound: Bound,
    pub(crate) received_ms: i64,
    pub(crate) season: String,
    pub(crate) reference_version: &'a str,
    pub(crate) application: &'a Application,
}

/// Stores a deposit: one column for each answer.
pub(crate) fn insert(db: &Connection, deposited: &Deposited<'_>) -> Result<(), Failure> {
    let (bound, given) = (&deposited.bound, deposited.application);
    let address = &given.address;
    let optional = |line: &Option<AddressLine>| {
        line.as_ref().map_or_else(String::new, |line| line.as_str().to_owned())
    };
    let commune = match &address.town {
        Town::Listed { insee } => insee.as_str(),
        Town::Elsewhere(name) => name.as_str(),
    };
    db.prepare_cached(
        "INSERT INTO dossier (draft, space, number, state, heads, receipt, received_ms, season,
             reference_version, charter_version, charter_hash, charter_accepted_at_ms, civility,
             family_name, given_name, birth_date, email, phone_number, care_of, address_line,
             building, floor, residence, locality, postal_code, commune, school, track, photo,
             sending)
         VALUES (:draft, :space, :number, :state, :heads, :receipt, :received_ms, :season,
             :reference_version, :charter_version, :charter_hash, :charter_accepted_at_ms,
             :civility, :family_name, :given_name, :birth_date, :email, :phone_number, :care_of,
             :address_line, :building, :floor, :residence, :locality, :postal_code, :commune,
             :school, :track, :photo, :sending)",
    )?
    .execute(named_params! {
        ":draft": deposited.draft.as_bytes(),
        ":space": bound.space.as_bytes(),
        ":number": bound.number,
        ":state": State::Received.as_str(),
        ":heads": bound.heads,
        ":receipt": bound.receipt,
        ":received_ms": deposited.received_ms,
        ":season": deposited.season,
        ":reference_version": deposited.reference_version,
        ":charter_version": given.charter.version,
        ":charter_hash": given.charter.hash,
        ":charter_accepted_at_ms": given.charter.accepted_at_ms,
        ":civility": given.civility.as_str(),
        ":family_name": given.family_name.as_str(),
        ":given_name": given.given_name.as_str(),
        ":birth_date": given.birth_date.date().to_string(),
        ":email": given.email.as_str(),
        ":phone_number": given.phone_number.as_str(),
        ":care_of": optional(&address.care_of),
        ":address_line": address.line.as_str(),
        ":building": optional(&address.building),
        ":floor": optional(&address.floor),
        ":residence": optional(&address.residence),
        ":locality": optional(&address.locality),
        ":postal_code": address.postal_code,
        ":commune": commune,
        ":school": match &given.school {
            SchoolChoice::Listed { uai } => uai.as_str(),
            SchoolChoice::Written { .. } => "",
        },
        ":track": match &given.track {
            TrackChoice::Listed { code } => code.as_str(),
            TrackChoice::Written { .. } => "",
        },
        ":photo": bound.photo,
        ":sending": given.sending.as_str(),
    })?;
    write_in(db, deposited)
}

/// What only some students answer: what the lists lack, who files, who agrees, what is said of
/// the photo.
fn write_in(db: &Connection, deposited: &Deposited<'_>) -> Result<(), Failure> {
    let given = deposited.application;
    let (school_name, school_town) = match &given.school {
        SchoolChoice::Listed { .. } => ("", ""),
        SchoolChoice::Written { name, town } => (name.as_str(), town.as_str()),
    };
    let track_name = match &given.track {
        TrackChoice::Listed { .. } => "",
        TrackChoice::Written { name } => name.as_str(),
    };
    let [filer_family_name, filer_given_name, filer_link] =
        given.filer.as_ref().map(filer_columns).unwrap_or_default();
    let [guardian_family_name, guardian_given_name, guardian_link, guardian_contact] =
        given.guardian.as_ref().map(guardian_columns).unwrap_or_default();
    db.prepare_cached(
        "UPDATE dossier SET school_name = :school_name, school_town = :school_town,
             track_name = :track_name, filer_family_name = :filer_family_name,
             filer_given_name = :filer_given_name, filer_link = :filer_link,
             guardian_family_name = :guardian_family_name,
             guardian_given_name = :guardian_given_name, guardian_link = :guardian_link,
             guardian_contact = :guardian_contact, bare_head = :bare_head,
             photo_note = :photo_note
         WHERE draft = :draft",
    )?
    .execute(named_params! {
        ":draft": deposited.draft.as_bytes(),
        ":school_name": school_name,
        ":school_town": school_town,
        ":track_name": track_name,
        ":filer_family_name": filer_family_name,
        ":filer_given_name": filer_given_name,
        ":filer_link": filer_link,
        ":guardian_family_name": guardian_family_name,
        ":guardian_given_name": guardian_given_name,
        ":guardian_link": guardian_link,
        ":guardian_contact": guardian_contact,
        ":bare_head": given.bare_head,
        ":photo_note": given.photo_note.as_ref().map_or("", PhotoNote::as_str),
    })?;
    Ok(())
}

fn filer_columns(filer: &Filer) -> [&str; 3] {
    [filer.family_name.as_str(), filer.given_name.as_str(), filer.link.as_str()]
}

fn guardian_columns(guardian: &Guardian) -> [&str; 4] {
    let Guardian { family_name, given_name, link, contact } = guardian;
    [family_name.as_str(), given_name.as_str(), link.as_str(), contact.as_str()]
}

/// Somebody who filed or agreed for the student.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) link: String,
}

impl Person {
    /// The person whose columns begin with `prefix`, if there is one.
    fn read(row: &Row<'_>, prefix: &str) -> rusqlite::Result<Option<Self>> {
        let link: String = row.get(format!("{prefix}_link").as_str())?;
        let given: String = row.get(format!("{prefix}_given_name").as_str())?;
        let family: String = row.get(format!("{prefix}_family_name").as_str())?;
        Ok((!link.is_empty()).then(|| Self { name: format!("{given} {family}"), link }))
    }
}

/// A dossier as the desk reads it. Text only: every answer was parsed before it was stored.
pub(crate) struct Dossier {
    pub(crate) id: Uuid,
    pub(crate) space: Uuid,
    pub(crate) number: String,
    pub(crate) state: State,
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
    pub(crate) filer: Option<Person>,
    pub(crate) guardian: Option<Person>,
    pub(crate) guardian_contact: String,
    pub(crate) photo: Hash,
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

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let lines: Vec<String> =
            ["care_of", "address_line", "building", "floor", "residence", "locality"]
                .into_iter()
                .map(|line| row.get(line))
                .collect::<Result<_, _>>()?;
        let state: String = row.get("state")?;
        Ok(Self {
            id: Uuid::from_bytes(row.get("draft")?),
            space: Uuid::from_bytes(row.get("space")?),
            number: row.get("number")?,
            state: State::parse(&state).ok_or(rusqlite::Error::InvalidQuery)?,
            received_ms: row.get("received_ms")?,
            season: row.get("season")?,
            civility: row.get("civility")?,
            family_name: row.get("family_name")?,
            given_name: row.get("given_name")?,
            birth_date: row.get("birth_date")?,
            email: row.get("email")?,
            phone_number: row.get("phone_number")?,
            address: lines.into_iter().filter(|line| !line.is_empty()).collect(),
            postal_code: row.get("postal_code")?,
            commune: row.get("commune")?,
            school: row.get("school")?,
            school_name: row.get("school_name")?,
            school_town: row.get("school_town")?,
            track: row.get("track")?,
            track_name: row.get("track_name")?,
            filer: Person::read(row, "filer")?,
            guardian: Person::read(row, "guardian")?,
            guardian_contact: row.get("guardian_contact")?,
            photo: row.get("photo")?,
            bare_head: row.get("bare_head")?,
            photo_note: row.get("photo_note")?,
            photo_fails: row.get("photo_fails")?,
            sending: row.get("sending")?,
        })
    }
}

/// Dossiers, each with whether its photo breaks a rule.
const DOSSIERS: &str = "SELECT dossier.*, coalesce(photo_report.verdict = 'fail', 0) AS photo_fails
     FROM dossier LEFT JOIN photo_report ON photo_report.dossier = dossier.draft";

/// A dossier, or that there is none.
pub(crate) fn by_id(db: &Connection, id: Uuid) -> Result<Dossier, Failure> {
    db.prepare_cached(&format!("{DOSSIERS} WHERE draft = ?1"))?
        .query_row([id.as_bytes()], Dossier::read)
        .optional()?
        .ok_or(Failure::Unknown)
}

/// The dossiers that wait for a decision, oldest first, and how many there are in all.
pub(crate) fn waiting(db: &Connection, most: u32) -> Result<(Vec<Dossier>, u32), Failure> {
    let received = State::Received.as_str();
    let all = db
        .prepare_cached("SELECT count(*) FROM dossier WHERE state = ?1")?
        .query_row([received], |row| row.get(0))?;
    let first = db
        .prepare_cached(&format!(
            "{DOSSIERS} WHERE state = ?1 ORDER BY received_ms, draft LIMIT ?2"
        ))?
        .query_map(params![received, most], Dossier::read)?
        .collect::<Result<_, _>>()?;
    Ok((first, all))
}

/// Decides a dossier, if its state allows it, and keeps who decided what.
pub(crate) fn decide(
    db: &Connection,
    id: Uuid,
    reviewer: i64,
    decision: &Decision,
    now_ms: i64,
) -> Result<Dossier, Failure> {
    let dossier = by_id(db, id)?;
    let state = dossier.state.after(decision).map_err(|_| Failure::IllegalMove)?;
    let (reasons, note) = match decision {
        Decision::Accept => (String::new(), ""),
        Decision::Refuse(refusing) => {
            let reasons = serde_json::to_string(refusing.reasons()).map_err(anyhow::Error::from)?;
            (reasons, refusing.note().unwrap_or_default())
        }
    };
    db.prepare_cached("UPDATE dossier SET state = ?2 WHERE draft = ?1")?
        .execute(params![id.as_bytes(), state.as_str()])?;
    db.prepare_cached(
        "INSERT INTO decision (dossier, reviewer, verdict, reasons, note, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id.as_bytes(), reviewer, state.as_str(), reasons, note, now_ms])?;
    Ok(Dossier { state, ..dossier })
}

/// Why a dossier was refused, if it was.
pub(crate) fn refusal(db: &Connection, id: Uuid) -> Result<Option<Refusing>, Failure> {
    let found = db
        .prepare_cached(
            "SELECT reasons, note FROM decision
             WHERE dossier = ?1 AND verdict = ?2 ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![id.as_bytes(), State::Refused.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((reasons, note)) = found else { return Ok(None) };
    let reasons: Vec<_> = serde_json::from_str(&reasons).map_err(anyhow::Error::from)?;
    Ok(Some(Refusing::new(&reasons, Some(&note)).map_err(anyhow::Error::from)?))
}
