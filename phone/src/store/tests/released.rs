//! Databases of former versions.

use super::*;

/// A phone that was used for a while: Lina is in the middle of the form, Karim has his receipt.
fn lived_in(data: &Path) -> Store {
    let mut store = store(data);
    store.add_draft(&ID, 1_000).unwrap();
    let lina = [
        (Field::Civility, "MADAME"),
        (Field::FamilyName, "Moreau"),
        (Field::GivenName, "Lina"),
        (Field::BirthDate, "7/3/2009"),
        (Field::Email, "lina.moreau@example.fr"),
    ];
    keep(&mut store, &ID, &lina);
    let sent: Vec<i64> = store.changes_to_push(3).unwrap().iter().map(|row| row.n).collect();
    store.settle(&sent, &[]).unwrap();
    let noise = (0..2_000_u32).map(|n| (n * 7 % 251) as u8);
    let jpeg: Vec<u8> = [0xFF, 0xD8, 0xFF].into_iter().chain(noise).collect();
    let photo = PhotoToKeep { hash: [3; 32], jpeg: &jpeg, width: 840, height: 1080 };
    let mut document = store.document(&ID, ACTOR).unwrap();
    let named = document.set(Field::Photo, &dossier::hexadecimal::text(&[3; 32]), 3_000).unwrap();
    store.keep_photo(&ID, &photo, &[named], 3_000).unwrap();
    store.keep_password(&ID, Some("neige en aout volcan"), 3_001).unwrap();
    store.add_draft(&[8; 16], 4_000).unwrap();
    keep(&mut store, &[8; 16], &[(Field::FamilyName, "Benali"), (Field::GivenName, "Karim")]);
    let heads = store.document(&[8; 16], ACTOR).unwrap().heads();
    let number = dossier::number::DossierNumber::draw([5; 16]);
    store.deposit(&[8; 16], &heads, &number, 5_000).unwrap();
    store.receive(&[8; 16], b"signed", 6_000).unwrap();
    store.set_setting("space", "0199b2a0-0000-7000-8000-000000000001").unwrap();
    store.set_setting("cursor", "42").unwrap();
    store.keep_status_list(1, b"signed list").unwrap();
    store
}

/// `UPDATE_PAST=1` keeps a database of the present version for those to come.
#[test]
fn the_database_of_every_released_version_opens_with_its_drafts() {
    let past = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/past");
    let present = tempfile::tempdir().unwrap();
    let store_now = lived_in(present.path());
    let newest = schema::version(&store_now.connection).unwrap().unwrap();
    drop(store_now);
    if std::env::var_os("UPDATE_PAST").is_some() {
        let file = past.join(format!("phone-V{newest}.sqlite"));
        fs::copy(present.path().join(FILE), file).unwrap();
    }
    let mut versions = 0;
    for entry in fs::read_dir(past).unwrap() {
        let file = entry.unwrap().path();
        let folder = tempfile::tempdir().unwrap();
        fs::copy(&file, folder.path().join(FILE)).unwrap();
        let store = store(folder.path());
        let lina = store.document(&ID, ACTOR).unwrap().answers();
        let said = [Field::FamilyName, Field::GivenName, Field::BirthDate, Field::Email]
            .map(|field| lina.typed(field).to_owned());
        let file = file.display();
        assert_eq!(said, ["Moreau", "Lina", "7/3/2009", "lina.moreau@example.fr"], "{file}");
        assert_eq!(store.photo(&ID).unwrap().unwrap().len(), 2_003, "{file}");
        assert_eq!(&**store.password(&ID).unwrap().unwrap(), "neige en aout volcan", "{file}");
        assert_eq!(store.changes_to_push(100).unwrap().len(), 5, "{file}");
        let karim = store.draft(&[8; 16]).unwrap();
        assert_eq!((karim.heads.len(), karim.received_ms), (1, Some(6_000)), "{file}");
        assert_eq!(store.place(), Ok(([0; 16], 42)), "{file}");
        assert_eq!(says(&store, "SELECT count(*) FROM quarantine"), 0, "{file}");
        assert!(!store.was_mended().unwrap(), "{file}");
        versions += 1;
    }
    assert_eq!(versions, newest, "a database for each version");
}
