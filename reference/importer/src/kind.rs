//! What a file is, by the names of its columns.

use serde::Serialize;

use crate::sheet::Header;

/// The files that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Our list of communes, or one of the same columns: replaces the list.
    Communes,
    /// La Poste's « base officielle des codes postaux ».
    PostalCodes,
    /// Our list of schools: replaces the list.
    Schools,
    /// « Annuaire de l'éducation » of the ministry.
    Directory,
    /// « Adresse et géolocalisation des établissements » of the ministry.
    Geolocation,
    /// An export of ACCE, the ministry's register of schools.
    Acce,
    /// Schools with French columns, from anybody: completes the list.
    SomeSchools,
    /// The Region's codes and display names of schools.
    RegionSchools,
    /// A list of tracks: replaces the list.
    Tracks,
    /// `N_MEF`, the national nomenclature of trainings.
    Nomenclature,
    /// Which school teaches which track.
    Offers,
    /// Places with the columns of our list: replaces the list, or what it had of the same source.
    Places,
    /// Cinemas of the CNC.
    Cinemas,
    /// Museums of Muséofile.
    Museums,
    /// Basilic, the culture ministry's places.
    Basilic,
    /// A list of deals: replaces the list.
    Deals,
    /// What the card pays for: replaces the list.
    Benefits,
    /// On which terms a lost card is made anew: replaces the list.
    DuplicateTerms,
}

/// A kind and the columns that it is known by: one name of each group must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Known {
    /// The kind.
    pub kind: Kind,
    /// Its columns, folded; names of one group mean the same.
    pub columns: &'static [&'static [&'static str]],
}

/// The first that fits is taken: the more telling ones stand first.
const KNOWN: &[Known] = &[
    known(Kind::Directory, &[&["identifiant_de_l_etablissement"], &["nom_etablissement"]]),
    known(Kind::Geolocation, &[&["numero_uai"], &["appellation_officielle"], &["latitude"]]),
    known(Kind::Acce, &[&["numero_uai"], &["appellation_officielle"]]),
    known(
        Kind::PostalCodes,
        &[&["code_commune_insee"], &["code_postal"], &["nom_de_la_commune", "nom_commune"]],
    ),
    known(
        Kind::Nomenclature,
        &[
            &["mef", "mef_exemple"],
            &["formation_diplome", "code_formation_diplome"],
            &["libelle_long", "libelle_edition", "libelle_bcn", "libelle"],
        ],
    ),
    known(Kind::Basilic, &[&["type_equipement_ou_lieu"], &["nom"], &["code_insee"]]),
    known(Kind::Cinemas, &[&["n_auto"], &["ecrans"], &["code_insee"]]),
    known(Kind::Museums, &[&["nomoff", "nom_officiel"], &["ville_m", "ville", "commune"]]),
    known(
        Kind::Deals,
        &[&["id"], &["kind", "type"], &["title", "titre"], &["text", "texte"], &["place", "lieu"]],
    ),
    known(
        Kind::Places,
        &[&["id"], &["kind", "type"], &["name", "nom"], &["town", "commune"], &["latitude"]],
    ),
    known(Kind::Schools, &[&["uai"], &["name"], &["town"], &["insee"]]),
    known(Kind::SomeSchools, &[&["uai"], &["nom"], &["commune"]]),
    known(Kind::RegionSchools, &[&["uai"], &["code_region", "nom_affiche", "sigle"]]),
    known(
        Kind::Offers,
        &[&["uai"], &["track", "filiere", "mef_stat_11", "code_formation_diplome"]],
    ),
    known(Kind::Communes, &[&["insee", "code_insee"], &["postal_codes", "codes_postaux"]]),
    known(
        Kind::Benefits,
        &[&["code"], &["season", "saison"], &["label", "libelle"], &["cents", "montant"]],
    ),
    known(
        Kind::DuplicateTerms,
        &[&["season", "saison"], &["cents", "prix"], &["days", "jours", "delai_jours"]],
    ),
    known(Kind::Tracks, &[&["code"], &["group", "groupe"], &["label", "libelle"]]),
];

const fn known(kind: Kind, columns: &'static [&'static [&'static str]]) -> Known {
    Known { kind, columns }
}

impl Kind {
    /// What a file with these columns is.
    pub(crate) fn of(header: &Header) -> Option<Self> {
        let fits = |known: &&Known| known.columns.iter().all(|names| header.has(names));
        KNOWN.iter().find(fits).map(|known| known.kind)
    }

    /// Everything that is understood.
    pub fn known() -> Vec<Known> {
        KNOWN.to_vec()
    }
}

/// Words of a column that is about persons, or reaches one: such a column is never read.
const PERSONAL: &[&str] = &[
    "civilite",
    "contact",
    "courriel",
    "directeur",
    "email",
    "fax",
    "mail",
    "mel",
    "prenom",
    "proviseur",
    "responsable",
    "tel",
    "telecopie",
    "telephone",
    "url",
    "web",
];

/// Whether a column, folded, is about persons.
pub(crate) fn is_personal(column: &str) -> bool {
    column.split('_').any(|word| PERSONAL.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain;
    use crate::sheet::Sheet;

    fn kind(header: &str) -> Option<Kind> {
        Kind::of(&Sheet::open(format!("{header}\n").as_bytes()).header)
    }

    #[test]
    fn each_file_is_known_by_its_columns_in_any_order() {
        for (header, expected) in [
            ("#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Ligne_5", Kind::PostalCodes),
            (
                "Code_commune_INSEE;Nom_commune;Code_postal;Libellé_d_acheminement",
                Kind::PostalCodes,
            ),
            ("nom_etablissement,identifiant_de_l_etablissement", Kind::Directory),
            ("numero_uai;appellation_officielle;EPSG;latitude;longitude", Kind::Geolocation),
            ("numero_uai;sigle_uai;appellation_officielle;coordonnee_x", Kind::Acce),
            ("MEF,DISPOSITIF_FORMATION,FORMATION_DIPLOME,LIBELLE_LONG", Kind::Nomenclature),
            ("Nom;code_insee;Type équipement ou lieu", Kind::Basilic),
            ("régionCNC;N° auto;nom;code INSEE;écrans", Kind::Cinemas),
            ("ref;nomoff;ville_m", Kind::Museums),
            ("uai;code_region;nom_affiche;sigle", Kind::RegionSchools),
            ("uai;filiere", Kind::Offers),
            ("code;groupe;libelle;voie", Kind::Tracks),
            ("id;type;nom;adresse;commune;latitude;longitude", Kind::Places),
            ("id;type;titre;texte;lieu;fin", Kind::Deals),
            ("code;saison;libelle;montant;source", Kind::Benefits),
            ("saison;prix;delai_jours;source", Kind::DuplicateTerms),
        ] {
            assert_eq!(kind(header), Some(expected), "{header}");
        }
        assert_eq!(kind("a;b"), None);
        assert_eq!(kind(""), None);
    }

    #[test]
    fn columns_about_persons_are_known_and_others_are_not() {
        for column in ["Téléphone", "Mail", "numero_telephone_uai", "Nom du responsable", "url_m"]
        {
            assert!(is_personal(&plain::key(column)), "{column}");
        }
        for column in ["Nom_etablissement", "telecabine", "maille", "libelle"] {
            assert!(!is_personal(&plain::key(column)), "{column}");
        }
    }
}
