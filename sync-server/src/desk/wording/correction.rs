//! What answers are called, and what of them can be corrected.

use dossier::form::Field;
use dossier::form::correction::Topic;

/// What a student may be asked to mend.
pub(in crate::desk) fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Civility => "Civilité",
        Topic::FamilyName => "Nom",
        Topic::GivenName => "Prénom",
        Topic::BirthDate => "Date de naissance",
        Topic::Guardian => "Représentant légal",
        Topic::PhoneNumber => "Téléphone",
        Topic::Address => "Adresse",
        Topic::School => "Établissement",
        Topic::Track => "Filière",
        Topic::Photo => "Photo",
        Topic::Sending => "Envoi de la carte",
    }
}

/// One answer of those; the student's own copy calls them the same.
pub(crate) fn field(field: Field) -> &'static str {
    match field {
        Field::Civility => "Civilité",
        Field::FamilyName => "Nom",
        Field::GivenName => "Prénom",
        Field::BirthDate => "Date de naissance",
        Field::GuardianFamilyName => "Représentant légal, nom",
        Field::GuardianGivenName => "Représentant légal, prénom",
        Field::GuardianLink => "Représentant légal, lien",
        Field::GuardianContact => "Représentant légal, contact",
        Field::GuardianConsent => "Représentant légal, accord",
        Field::PhoneNumber => "Téléphone",
        Field::CareOf => "Chez",
        Field::AddressLine => "Adresse",
        Field::Building => "Bâtiment",
        Field::Floor => "Étage",
        Field::Residence => "Résidence",
        Field::Locality => "Lieu-dit",
        Field::PostalCode => "Code postal",
        Field::Commune => "Commune",
        Field::School => "Établissement",
        Field::SchoolName => "Établissement hors liste",
        Field::SchoolTown => "Ville de l’établissement",
        Field::Track => "Filière",
        Field::TrackName => "Filière hors liste",
        Field::PhotoNote => "Mot sur la photo",
        Field::Sending => "Envoi de la carte",
        // Never asked for again.
        _ => "",
    }
}
