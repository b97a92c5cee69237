//! Damaged pages of the database.

use super::*;

/// A store of twenty drafts, killed after its log was written into the database.
fn twenty(data: &Path) -> PathBuf {
    let mut store = store(data);
    for n in 0..20 {
        store.add_draft(&[n; 16], 1).unwrap();
        let name = format!("Moreau {n}");
        keep(&mut store, &[n; 16], &[(Field::FamilyName, &name), (Field::GivenName, "Lina")]);
        let photo = PhotoToKeep { hash: [n; 32], jpeg: &[n; 9_000], width: 7, height: 9 };
        store.keep_photo(&[n; 16], &photo, &[], 2).unwrap();
    }
    store.scrub().unwrap();
    kill(store);
    data.join(FILE)
}

#[test]
fn a_damaged_page_costs_no_draft_that_does_not_stand_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let whole = twenty(folder.path());
    let pages = fs::metadata(&whole).unwrap().len() as usize / 4096;
    let (mut read, mut mended) = (0, 0);
    for page in (1..pages).step_by(3) {
        let copy = tempfile::tempdir().unwrap();
        fs::copy(&whole, copy.path().join(FILE)).unwrap();
        change_bytes(copy.path(), page, |page| page.fill(0xA5));
        let store = store(copy.path());
        mended += i32::from(store.was_mended().unwrap());
        for n in 0..20 {
            let name = store.document(&[n; 16], ACTOR).ok();
            let name = name.map(|it| it.answers().typed(Field::FamilyName).to_owned());
            read += i32::from(name == Some(format!("Moreau {n}")));
        }
    }
    let all = 20 * (1..pages).step_by(3).count() as i32;
    assert!(mended > 0 && read * 100 >= all * 90, "{read} of {all} read, {mended} mended");
}

#[test]
fn a_damaged_inner_page_costs_no_change() {
    let folder = tempfile::tempdir().unwrap();
    twenty(folder.path());
    let store = store(folder.path());
    let root = root_page(&store, "change");
    kill(store);
    change_bytes(folder.path(), root, |page| page.fill(0xA5));
    let store = self::store(folder.path());
    assert!(store.was_mended().unwrap());
    for n in 0..20 {
        let answers = store.document(&[n; 16], ACTOR).unwrap().answers();
        assert_eq!(answers.typed(Field::FamilyName), format!("Moreau {n}"));
        assert!(!store.draft(&[n; 16]).unwrap().damaged);
    }
}

#[test]
fn a_flipped_byte_costs_at_most_the_draft_in_which_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read(twenty(folder.path())).unwrap();
    let pages = whole.len() / 4096;
    // The header, the schema behind it, the heads of pages, and places all over the file.
    let head = (0..100).step_by(9).chain((100..4096).step_by(333));
    let places = head.chain((1..pages).step_by(2).map(|page| page * 4096 + page % 6));
    let all_over = (0..40_u64).map(|n| (n * 2_654_435_761 % whole.len() as u64) as usize);
    for (n, at) in places.chain(all_over).enumerate() {
        let copy = tempfile::tempdir().unwrap();
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (n % 8);
        fs::write(copy.path().join(FILE), &bytes).unwrap();
        let store = store(copy.path());
        let is_read = |n: &u8| {
            let document = store.document(&[*n; 16], ACTOR);
            document.is_ok_and(|it| it.answers().typed(Field::FamilyName) == format!("Moreau {n}"))
        };
        let read = (0..20).filter(is_read).count();
        assert!(read >= 19, "byte {at} of page {}: {read} of 20", at / 4096 + 1);
        store.add_draft(&[99; 16], 1).unwrap_or_else(|trouble| panic!("byte {at}: {trouble}"));
    }
}

#[test]
fn the_damaged_files_are_kept_aside_and_the_screens_are_told_until_they_have_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    fs::write(&file, [b'x'; 8192]).unwrap();
    let mended = store(folder.path());
    assert!(mended.was_mended().unwrap());
    assert_eq!(mended.place().map(|place| place.1), Ok(0));
    assert_eq!(fs::read(folder.path().join("damaged-1").join(FILE)).unwrap(), [b'x'; 8192]);
    mended.add_draft(&ID, 1).unwrap();
    mended.forget_mending().unwrap();
    drop(mended);
    assert!(!store(folder.path()).was_mended().unwrap());
}

#[test]
fn a_schema_that_no_statement_fits_any_more_is_mended_when_that_is_met() {
    for (column, whole, damaged) in [
        ("sql", "length(hash)", "lengte(hash)"),
        ("sql", "REFERENCES draft (id)", "REFERENCES draft (ie)"),
        ("sql", "version", "vers_on"),
        ("name", "refinery_schema_history", "refinery_schema_histori"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        drop(with_lina(folder.path()));
        let file = Connection::open(folder.path().join(FILE)).unwrap();
        file.execute_batch("PRAGMA writable_schema = ON").unwrap();
        let damage = format!("UPDATE sqlite_schema SET {column} = replace({column}, ?1, ?2)");
        file.execute(&damage, [whole, damaged]).unwrap();
        drop(file);
        // At the latest by the second start after the damage was met.
        for last in [false, true] {
            let mut store = store(folder.path());
            let mut document = store.document(&ID, ACTOR).unwrap();
            let name = if last { "Lina Rose" } else { "Rose" };
            let change = document.set(Field::GivenName, name, 2_000).unwrap();
            match store.keep_typed(&ID, &[change], &[Field::GivenName], 2_000) {
                Err(_) if !last => store.suspect(),
                kept => assert_eq!(kept, Ok(()), "{damaged}"),
            }
            assert_eq!(typed(&store), "Moreau", "{damaged}");
        }
    }
}

#[test]
fn a_student_s_phone_is_no_stand_because_of_a_row_that_nobody_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_lina(folder.path());
    store.scrub().unwrap();
    let stand = root_page(&store, "stand");
    drop(store);
    // The page says that it holds a row.
    change_bytes(folder.path(), stand, |page| assert_eq!(std::mem::replace(&mut page[4], 1), 0));
    let store = self::store(folder.path());
    assert!(!store.is_stand().unwrap());
    assert_eq!(typed(&store), "Moreau");
}

#[test]
fn a_mending_that_was_cut_anywhere_is_ended_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    let fresh = file.with_extension("mended.sqlite");
    // Before the damaged file was moved: done again.
    fs::write(&fresh, b"half a database").unwrap();
    assert_eq!(store(folder.path()).drafts().unwrap().len(), 20);
    assert!(!fresh.exists());
    // After: the fresh one takes its place, and a foreign log is not replayed into it.
    fs::copy(&file, &fresh).unwrap();
    fs::remove_file(&file).unwrap();
    fs::write(folder.path().join("phone.sqlite-wal"), b"the log of the damaged one").unwrap();
    assert_eq!(store(folder.path()).drafts().unwrap().len(), 20);
    assert!(!fresh.exists());
}

#[test]
fn pages_are_looked_at_after_every_end_but_an_orderly_one() {
    let folder = tempfile::tempdir().unwrap();
    let mark = "SELECT count(*) FROM setting WHERE name = 'stopped'";
    drop(with_lina(folder.path()));
    let file = Connection::open(folder.path().join(FILE)).unwrap();
    assert_eq!(file.query_row(mark, [], |row| row.get::<_, i64>(0)), Ok(1));
    drop(file);
    let open = store(folder.path());
    assert_eq!(says(&open, mark), 0, "it is gone while the app is open");
    // An orphan: a whole database to SQLite, but not to us.
    open.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    open.connection.execute("DELETE FROM draft", []).unwrap();
    kill(open);
    let mended = store(folder.path());
    assert!(mended.was_mended().unwrap());
    assert!(mended.draft(&ID).unwrap().damaged);
    assert_eq!(typed(&mended), "Moreau", "a draft is made again for what is left of it");
}

#[test]
fn damage_that_came_after_an_end_in_order_is_mended_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = twenty(folder.path());
    drop(store(folder.path()));
    let whole = fs::read(&file).unwrap();
    let pages = whole.len() / 4096;
    for page in (1..pages).step_by(4) {
        fs::write(&file, &whole).unwrap();
        change_bytes(folder.path(), page, |page| page.fill(0xA5));
        // At the latest by the second start after the damage was met.
        for last in [false, true] {
            let store = store(folder.path());
            match store.drafts() {
                Err(_) if !last => store.suspect(),
                drafts => assert!(drafts.unwrap().len() >= 18, "page {page}"),
            }
        }
    }
}
