use super::*;
use crate::reference::{List, Texts};
use time::macros::date;

const TODAY: Date = date!(2026 - 11 - 22);

pub(super) fn pack() -> Pack {
    let schools = "uai;name;town;postal_code;insee;department;region_code;latitude;longitude\n\
        0630020E;LOT Sidoine Apollinaire;Clermont-Ferrand;63000;63113;63;TLP0678;45.77949;3.08612\n";
    let communes = "insee;name;postal_codes;department;latitude;longitude\n\
        63113;Clermont-Ferrand;63000 63100;63;45.77;3.08\n";
    let texts = Texts { version: "test".into(), lists: BTreeMap::new() }
        .with(List::Schools, schools)
        .with(List::Tracks, "code;group;label\nSTL;Bac technologique;STL\n")
        .with(List::Communes, communes)
        .with(List::Charter, "version: 1\n\n# Charte\n\nUn seul article.\n");
    Pack::read(&texts).unwrap()
}

/// What Lina types, all of it right.
pub(super) fn lina() -> Answers {
    let typed = [
        (Field::Civility, "MADAME"),
        (Field::FamilyName, "Moreau"),
        (Field::GivenName, "Lina"),
        (Field::BirthDate, "7/3/2009"),
        (Field::Email, "lina.moreau@example.fr"),
        (Field::EmailConfirmation, "Lina.Moreau@example.fr "),
        (Field::PhoneNumber, "06 12 34 56 78"),
        (Field::AddressLine, "12, rue Blatin"),
        (Field::PostalCode, "63000"),
        (Field::Commune, "63113"),
        (Field::School, "0630020E"),
        (Field::Track, "STL"),
        (Field::Photo, "0707070707070707070707070707070707070707070707070707070707070707"),
        (Field::Sending, "ETABLISSEMENT"),
    ];
    let charter = Acceptance {
        version: pack().charter.version.clone(),
        hash: pack().charter.hash.clone(),
        accepted_at_ms: 1,
    };
    Answers {
        typed: typed.into_iter().map(|(field, typed)| (field, typed.to_owned())).collect(),
        charter: Some(charter),
        disputed: Default::default(),
    }
}

fn refused(answers: &Answers) -> Vec<(Field, Refusal)> {
    let refusals = Application::read(answers, &pack(), TODAY).err().unwrap_or_default();
    refusals.into_iter().map(|refused| (refused.field, refused.refusal)).collect()
}

#[test]
fn a_complete_form_is_an_application() {
    let application = Application::read(&lina(), &pack(), TODAY).unwrap();
    assert_eq!(application.phone_number.as_str(), "+33612345678");
    assert_eq!(application.address.line.as_str(), "12 rue Blatin");
    assert!(format!("{application:?}").len() < 20);
}

#[test]
fn an_empty_form_lists_every_mandatory_field_in_order() {
    let fields: Vec<Field> =
        refused(&Answers::default()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            Field::Charter,
            Field::Civility,
            Field::FamilyName,
            Field::GivenName,
            Field::BirthDate,
            Field::Email,
            Field::EmailConfirmation,
            Field::PhoneNumber,
            Field::AddressLine,
            Field::PostalCode,
            Field::Commune,
            Field::School,
            Field::Track,
            Field::Photo,
            Field::Sending,
        ]
    );
}

#[test]
fn an_outdated_charter_must_be_accepted_anew() {
    let mut answers = lina();
    answers.charter.as_mut().unwrap().hash = "of another text".into();
    assert_eq!(refused(&answers), [(Field::Charter, Refusal::NotAccepted)]);
}

#[test]
fn a_commune_must_belong_to_the_postal_code() {
    let mut answers = lina();
    answers.typed.insert(Field::Commune, "69123".into());
    assert_eq!(refused(&answers), [(Field::Commune, Refusal::Unknown)]);
}

#[test]
fn a_home_outside_of_the_region_is_kept_as_typed() {
    let mut answers = lina();
    answers.typed.insert(Field::PostalCode, "71000".into());
    answers.typed.insert(Field::Commune, "Mâcon".into());
    let application = Application::read(&answers, &pack(), TODAY).unwrap();
    assert!(matches!(application.address.town, contact::Town::Elsewhere(_)));
}

#[test]
fn a_school_that_is_not_in_the_list_is_refused() {
    let mut answers = lina();
    answers.typed.insert(Field::School, "9999999Z".into());
    assert_eq!(refused(&answers), [(Field::School, Refusal::Unknown)]);
}

#[test]
fn a_school_and_a_track_that_the_lists_lack_are_written() {
    let mut answers = lina();
    answers.typed.insert(Field::School, school::NOT_LISTED.into());
    answers.typed.insert(Field::Track, school::NOT_LISTED.into());
    let missing = [Field::SchoolName, Field::SchoolTown, Field::TrackName];
    assert_eq!(refused(&answers), missing.map(|field| (field, Refusal::Missing)));
    for (field, typed) in missing.into_iter().zip([" École  des Sources ", "Vichy", "Bac pro bois"])
    {
        answers.typed.insert(field, typed.into());
    }
    let application = Application::read(&answers, &pack(), TODAY).unwrap();
    let (name, town) = ("École des Sources".to_owned(), "Vichy".to_owned());
    assert!(application.school == SchoolChoice::Written { name, town });
    assert!(application.track == TrackChoice::Written { name: "Bac pro bois".into() });
}

#[test]
fn under_15_somebody_agrees_for_the_student() {
    let mut answers = lina();
    assert!(!answers.steps(TODAY).contains(&Step::Guardian));
    answers.typed.insert(Field::BirthDate, "23/11/2011".into());
    assert_eq!(answers.steps(TODAY)[2], Step::Guardian);
    let fields: Vec<Field> = refused(&answers).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        fields,
        [
            Field::GuardianFamilyName,
            Field::GuardianGivenName,
            Field::GuardianLink,
            Field::GuardianContact,
            Field::GuardianConsent,
        ]
    );
    for (field, typed) in
        fields.into_iter().zip(["Diop", "Awa", "MERE", "awa.diop@example.fr", "OUI"])
    {
        answers.typed.insert(field, typed.into());
    }
    let guardian = Application::read(&answers, &pack(), TODAY).unwrap().guardian.unwrap();
    assert_eq!(guardian.contact, "awa.diop@example.fr");
    // Fifteen today: nobody need agree any more.
    answers.typed.insert(Field::BirthDate, "22/11/2011".into());
    assert!(Application::read(&answers, &pack(), TODAY).unwrap().guardian.is_none());
}

#[test]
fn who_files_for_somebody_else_says_who_they_are() {
    let mut answers = lina();
    answers.typed.insert(Field::Filer, "OTHER".into());
    let missing = [Field::FilerFamilyName, Field::FilerGivenName, Field::FilerLink];
    assert_eq!(refused(&answers), missing.map(|field| (field, Refusal::Missing)));
    for (field, typed) in missing.into_iter().zip(["Moreau", "Paul", "PERE"]) {
        answers.typed.insert(field, typed.into());
    }
    let filer = Application::read(&answers, &pack(), TODAY).unwrap().filer.unwrap();
    assert_eq!((filer.given_name.as_str(), filer.link), ("Paul", guardian::Link::Pere));
    answers.typed.insert(Field::Filer, "SELF".into());
    assert!(Application::read(&answers, &pack(), TODAY).unwrap().filer.is_none());
}

#[test]
fn what_is_said_of_the_photo_is_never_asked_for_and_read_when_it_is_there() {
    let mut answers = lina();
    let plain = Application::read(&answers, &pack(), TODAY).unwrap();
    assert!(!plain.bare_head && plain.photo_note.is_none());
    answers.typed.insert(Field::BareHead, "OUI".into());
    answers.typed.insert(Field::PhotoNote, " Ma coiffe\nreste. ".into());
    let application = Application::read(&answers, &pack(), TODAY).unwrap();
    assert!(application.bare_head);
    assert_eq!(application.photo_note.unwrap().as_str(), "Ma coiffe reste.");
    answers.typed.insert(Field::BareHead, "NON".into());
    answers.typed.insert(Field::PhotoNote, "a".repeat(301));
    let wrong =
        [(Field::BareHead, Refusal::Unknown), (Field::PhotoNote, Refusal::TooLong { most: 300 })];
    assert_eq!(refused(&answers), wrong);
}

#[test]
fn field_names_are_the_same_in_documents_and_messages() {
    for field in Field::ALL {
        assert_eq!(serde_json::to_value(field).unwrap(), field.as_str());
    }
}

#[test]
fn a_name_that_two_devices_answered_differently_is_refused_until_somebody_decides() {
    let mut answers = lina();
    answers.disputed.insert(Field::FamilyName);
    let refusals = Application::read(&answers, &pack(), TODAY).unwrap_err();
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].field, &refusals[0].refusal), (Field::FamilyName, &Refusal::Disputed));
}
