//! A dossier's columns, as the answers that they were read from.

use ::dossier::account::KeptAnswers;
use ::dossier::form::Field;
use ::dossier::form::photo_choice::BARE_HEAD;
use ::dossier::form::school::NOT_LISTED;
use ::dossier::hexadecimal;
use uuid::Uuid;

use crate::failure::Failure;
use crate::store::db::{Db, values};

/// The fields whose column has their name and holds their text.
const AS_THEY_ARE: [Field; 27] = [
    Field::FilerFamilyName,
    Field::FilerGivenName,
    Field::FilerLink,
    Field::Civility,
    Field::FamilyName,
    Field::GivenName,
    Field::BirthDate,
    Field::GuardianFamilyName,
    Field::GuardianGivenName,
    Field::GuardianLink,
    Field::GuardianContact,
    Field::Email,
    Field::PhoneNumber,
    Field::CareOf,
    Field::AddressLine,
    Field::Building,
    Field::Floor,
    Field::Residence,
    Field::Locality,
    Field::PostalCode,
    Field::Commune,
    Field::School,
    Field::SchoolName,
    Field::SchoolTown,
    Field::Track,
    Field::TrackName,
    Field::PhotoNote,
];

/// What was answered, as it would be typed now.
pub(crate) fn answers(db: &mut dyn Db, dossier: Uuid) -> Result<KeptAnswers, Failure> {
    let columns = AS_THEY_ARE.map(Field::as_str).join(", ");
    let query = format!(
        "SELECT charter_version, charter_hash, charter_accepted_at_ms, sending, bare_head, photo,
             {columns} FROM dossier WHERE draft = ?1"
    );
    let found = db.optional(&query, values![&dossier], |row| {
        let mut kept = KeptAnswers {
            charter_version: row.string(0)?,
            charter_hash: row.string(1)?,
            charter_accepted_at_ms: row.int(2)?,
            ..KeptAnswers::default()
        };
        let bare_head = if row.int(4)? == 0 { "" } else { BARE_HEAD };
        let mut say = |field, text: String| kept.typed.insert(field, text);
        say(Field::Sending, row.string(3)?);
        say(Field::BareHead, bare_head.to_owned());
        say(Field::Photo, hexadecimal::text(&row.array::<32>(5)?));
        for (at, field) in AS_THEY_ARE.into_iter().enumerate() {
            say(field, row.string(6 + at)?);
        }
        Ok(kept)
    })?;
    let mut kept = found.ok_or(Failure::Unknown)?;
    complete(&mut kept);
    Ok(kept)
}

/// Says what follows from the columns, and leaves out what was not answered.
fn complete(kept: &mut KeptAnswers) {
    let typed = &mut kept.typed;
    let says = |typed: &std::collections::BTreeMap<Field, String>, field| {
        typed.get(&field).is_some_and(|text| !text.is_empty())
    };
    for (list, written) in [(Field::School, Field::SchoolName), (Field::Track, Field::TrackName)] {
        if !says(typed, list) && says(typed, written) {
            typed.insert(list, NOT_LISTED.to_owned());
        }
    }
    // As the form asks for it: `jj/mm/aaaa`.
    if let Some(birth) = typed.get_mut(&Field::BirthDate) {
        *birth = birth.rsplit('-').collect::<Vec<_>>().join("/");
    }
    let filer = if says(typed, Field::FilerLink) { "OTHER" } else { "SELF" };
    typed.insert(Field::Filer, filer.to_owned());
    if says(typed, Field::GuardianLink) {
        typed.insert(Field::GuardianConsent, "OUI".to_owned());
    }
    if let Some(email) = typed.get(&Field::Email).cloned() {
        typed.insert(Field::EmailConfirmation, email);
    }
    typed.retain(|_, text| !text.is_empty());
}
