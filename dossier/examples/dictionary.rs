//! Trains the dictionary that sync messages are packed with, on drafts of people who do not exist.
//!
//! `cargo run --release -p dossier --example dictionary -- OUT`. The drafts are drawn from a fixed
//! seed and the reference lists, so that a second run writes the same bytes. A shipped dictionary
//! is never trained again: phones hold it. A better one becomes the next number.

use std::error::Error;

use dossier::document::Draft;
use dossier::form::Field;
use dossier::form::charter::Acceptance;
use dossier::reference::{Pack, Texts};
use dossier::sync::{DraftChanges, SyncAsk};

/// Enough that every school and most towns are met.
const DRAFTS: usize = 4_000;
/// A larger one saves little more and weighs on every installation.
const MOST_BYTES: usize = 16 * 1024;

const FAMILY_NAMES: &[&str] = &[
    "Martin",
    "Bernard",
    "Thomas",
    "Petit",
    "Robert",
    "Richard",
    "Durand",
    "Dubois",
    "Moreau",
    "Laurent",
    "Simon",
    "Michel",
    "Lefebvre",
    "Leroy",
    "Roux",
    "David",
    "Bertrand",
    "Morel",
    "Fournier",
    "Girard",
    "Bonnet",
    "Dupont",
    "Lambert",
    "Fontaine",
    "Rousseau",
    "Vincent",
    "Muller",
    "Faure",
    "Mercier",
    "Blanc",
    "Guerin",
    "Boyer",
    "Garnier",
    "Chevalier",
    "Garcia",
    "Perrin",
    "Robin",
    "Clement",
    "Morin",
    "Gauthier",
    "Benali",
    "Da Silva",
    "Nguyen",
    "Diallo",
];
const GIVEN_NAMES: &[&str] = &[
    "Emma",
    "Jade",
    "Louise",
    "Alice",
    "Chloé",
    "Lina",
    "Mila",
    "Léa",
    "Manon",
    "Rose",
    "Anna",
    "Inès",
    "Camille",
    "Sarah",
    "Zoé",
    "Juliette",
    "Gabriel",
    "Léo",
    "Raphaël",
    "Louis",
    "Lucas",
    "Adam",
    "Arthur",
    "Hugo",
    "Jules",
    "Maël",
    "Ethan",
    "Nathan",
    "Paul",
    "Tom",
    "Sacha",
    "Noah",
    "Mohamed",
    "Enzo",
    "Théo",
    "Mathis",
    "Karim",
    "Yanis",
    "Clara",
    "Jean-Baptiste",
];
const STREETS: &[&str] = &[
    "rue de la République",
    "avenue Jean Jaurès",
    "rue Victor Hugo",
    "place de la Mairie",
    "chemin des Écoles",
    "rue Pasteur",
    "rue du Stade",
    "impasse des Lilas",
    "route de Lyon",
    "avenue de la Gare",
    "rue des Alpes",
    "rue Blatin",
    "boulevard Gambetta",
    "allée des Tilleuls",
];

const MAIL_DOMAINS: &[&str] =
    &["gmail.com", "orange.fr", "outlook.fr", "hotmail.fr", "free.fr", "example.fr"];

/// A small generator of our own, so that the result depends on no library's choice of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.roll(all.len()))
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| u8::try_from(self.roll(256)).unwrap_or(0))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("usage: dictionary OUT")?;
    let pack = Pack::read(&Texts::shipped())?;
    let mut dice = Dice(2_026);
    let samples: Vec<Vec<u8>> =
        (0..DRAFTS).map(|_| message(&mut dice, &pack).unwrap_or_default()).collect();
    std::fs::write(&out, zstd::dict::from_samples(&samples, MOST_BYTES)?)?;
    Ok(())
}

/// One ask, unpacked: a whole draft field by field, one that was filled before, or a form that was
/// filled at once: by another program, or by a hand that typed faster than fields were left.
fn message(dice: &mut Dice, pack: &Pack) -> Option<Vec<u8>> {
    let now_ms = 1_795_000_000_000 + i64::try_from(dice.roll(30_000_000)).ok()? * 1_000;
    let mut draft = Draft::new(&dice.bytes::<16>()).named("téléphone");
    let mut changes = Vec::new();
    let acceptance = Acceptance {
        version: pack.charter.version.clone(),
        hash: pack.charter.hash.clone(),
        accepted_at_ms: now_ms,
    };
    changes.extend(draft.accept_charter(&acceptance, now_ms));
    for (at, (field, typed)) in (1..).zip(answers(dice, pack)?) {
        changes.extend(draft.set(field, &typed, now_ms + at * 9_000));
    }
    match dice.roll(3) {
        0 => changes = changes.split_off(dice.roll(changes.len())),
        1 => {}
        _ => {
            let (_, whole) = draft.rewritten(&dice.bytes::<16>(), now_ms)?;
            changes = vec![whole];
        }
    }
    let mut ask = SyncAsk::at(dice.bytes(), u64::try_from(dice.roll(10_000)).ok()?);
    let changes = changes.into_iter().map(|change| change.bytes.into()).collect();
    ask.push.push(DraftChanges { draft: dice.bytes::<16>().into(), changes });
    Some(minicbor::to_vec(ask).unwrap_or_default())
}

fn answers(dice: &mut Dice, pack: &Pack) -> Option<Vec<(Field, String)>> {
    let family = *dice.pick(FAMILY_NAMES)?;
    let given = *dice.pick(GIVEN_NAMES)?;
    let school = dice.pick(&pack.schools)?;
    let commune = dice.pick(&pack.communes)?;
    let (name, number) = (format!("{given}.{family}").to_lowercase(), dice.roll(100));
    let mail = format!("{name}{number}@{}", dice.pick(MAIL_DOMAINS)?);
    let birth =
        format!("{:02}/{:02}/{}", dice.roll(28) + 1, dice.roll(12) + 1, 2005 + dice.roll(6));
    let space = *dice.pick(&["", " "])?;
    let pairs = (0..4).map(|_| format!("{space}{:02}", dice.roll(100))).collect::<String>();
    let phone = format!("{}{pairs}", dice.pick(&["06", "07"])?);
    let line = format!("{} {}", dice.roll(150) + 1, dice.pick(STREETS)?);
    let photo: String = dice.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut beside = Vec::new();
    if dice.roll(4) == 0 {
        let host = format!("chez {} {}", dice.pick(GIVEN_NAMES)?, dice.pick(FAMILY_NAMES)?);
        beside.push((Field::CareOf, host));
    }
    if dice.roll(4) == 0 {
        beside.push((Field::Building, format!("Bâtiment {}", dice.pick(&["A", "B", "C"])?)));
    }
    if dice.roll(4) == 0 {
        beside.push((Field::Floor, format!("{}e étage", dice.roll(9) + 1)));
    }
    beside.extend([
        (Field::Civility, dice.pick(&["MADAME", "MONSIEUR"])?.to_string()),
        (Field::FamilyName, family.to_owned()),
        (Field::GivenName, given.to_owned()),
        (Field::BirthDate, birth),
        (Field::Email, mail.clone()),
        (Field::EmailConfirmation, mail),
        (Field::PhoneNumber, phone),
        (Field::AddressLine, line),
        (Field::PostalCode, commune.postal_codes.first()?.clone()),
        (Field::Commune, commune.insee.clone()),
        (Field::School, school.uai.clone()),
        (Field::Track, dice.pick(&pack.tracks)?.code.clone()),
        (Field::Photo, photo),
        (Field::BareHead, "OUI".to_owned()),
        (Field::Sending, dice.pick(&["ETABLISSEMENT", "DOMICILE"])?.to_string()),
    ]);
    Some(beside)
}
