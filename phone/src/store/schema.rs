//! The schema of the database, and the way from a former one, with a copy to go back to.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use refinery::{Runner, embed_migrations};
use rusqlite::Connection;

use crate::trouble::Trouble;

embed_migrations!("../migrations/phone");

/// A database that a newer app wrote is not touched: this app cannot know what it means.
pub(super) fn refuse_newer(connection: &Connection) -> Result<(), Trouble> {
    let known = newest(&migrations::runner());
    if version(connection)? > known { Err(Trouble::NewerDatabase) } else { Ok(()) }
}

/// Runs the migrations that are missing.
pub(super) fn bring_up_to_date(connection: &mut Connection, file: &Path) -> Result<(), Trouble> {
    // One transaction for all steps: a kill in the middle leaves the former schema.
    migrate(connection, &migrations::runner().set_grouped(true), file)
}

/// The version of a database; `None` when it is new. Versions without a gap are what migrations
/// leave, and never a schema without them: anything else is damaged.
pub(super) fn version(connection: &Connection) -> Result<Option<i64>, Trouble> {
    let history = "SELECT count(*), total(name = 'refinery_schema_history') FROM sqlite_schema";
    let (made, known): (i64, f64) =
        connection.query_row(history, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if made == 0 {
        return Ok(None);
    }
    if known == 0.0 {
        return Err(Trouble::Damaged);
    }
    let newest = "SELECT max(version), count(*) FROM refinery_schema_history";
    let (newest, count): (Option<i64>, i64) =
        connection.query_row(newest, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if newest.unwrap_or(0) == count { Ok(newest) } else { Err(Trouble::Damaged) }
}

/// Whether these tables have the columns that the migrations give them. What a damage did to the
/// text of a schema is found here, and not by the first command that needs it.
pub(super) fn is_as_made<const N: usize>(
    connection: &Connection,
    tables: [&str; N],
) -> Result<bool, Trouble> {
    static MADE: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let columns = |connection: &Connection| -> Vec<Vec<String>> {
        let of = |table| -> rusqlite::Result<Vec<String>> {
            // Not by the names of a statement: a damaged one that is no UTF-8 would end the app.
            let query = "SELECT name FROM pragma_table_info(?1)";
            connection.prepare(query)?.query_map([table], |row| row.get(0))?.collect()
        };
        tables.iter().map(|table| of(table).unwrap_or_default()).collect()
    };
    if MADE.get().is_none() {
        let mut fresh = Connection::open_in_memory()?;
        migrations::runner().run(&mut fresh).map_err(|_| Trouble::Storage)?;
        MADE.get_or_init(|| columns(&fresh));
    }
    Ok(MADE.get() == Some(&columns(connection)))
}

fn newest(runner: &Runner) -> Option<i64> {
    runner.get_migrations().iter().map(|step| i64::from(step.version())).max()
}

fn migrate(connection: &mut Connection, runner: &Runner, file: &Path) -> Result<(), Trouble> {
    let (before, copy) = (version(connection)?, copy_of(file));
    // What an end in the middle left behind: the database is whole, with or without the steps.
    remove(&copy)?;
    if before == newest(runner) {
        return Ok(());
    }
    if before.is_some() {
        connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
        // SQLite does not wait for the disk here.
        File::open(&copy).and_then(|made| made.sync_all()).map_err(|_| Trouble::Storage)?;
        sync_folder(file.parent().ok_or(Trouble::Storage)?)?;
    }
    if runner.run(connection).is_err() {
        return Err(match before {
            Some(_) => Trouble::Migration { copy: copy.display().to_string() },
            None => Trouble::Storage,
        });
    }
    remove(&copy)
}

fn copy_of(file: &Path) -> PathBuf {
    file.with_extension("before-migration.sqlite")
}

/// Removes a file that may not be there.
pub(super) fn remove(file: &Path) -> Result<(), Trouble> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Trouble::Storage),
        _ => Ok(()),
    }
}

/// Waits until the names in a folder are on the disk. Only Unix has a way to ask for that.
pub(super) fn sync_folder(folder: &Path) -> Result<(), Trouble> {
    if cfg!(unix) {
        File::open(folder).and_then(|open| open.sync_all()).map_err(|_| Trouble::Storage)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open;
    use refinery::{Migration, Target};

    /// A database as the app of the first schema left it.
    fn first(file: &Path) {
        let mut old = Connection::open(file).unwrap();
        migrations::runner().set_target(Target::Version(1)).run(&mut old).unwrap();
        old.execute_batch(
            "INSERT INTO draft (id, created_ms, changed_ms) VALUES (zeroblob(16), 1, 2);
             INSERT INTO published (name, version, signed, bytes)
             VALUES ('reference', '2026.11.1', x'01', x'02'), ('status_list', '1', x'03', x'');",
        )
        .unwrap();
    }

    fn says(connection: &Connection, query: &str) -> i64 {
        connection.query_row(query, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_database_of_a_newer_app_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("phone.sqlite");
        let mut database = open::connection(&file).unwrap();
        bring_up_to_date(&mut database, &file).unwrap();
        let future = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                      SELECT max(version) + 1, 'future', '', '' FROM refinery_schema_history";
        database.execute(future, []).unwrap();
        // Killed: its last words stand in the log.
        std::mem::forget(database);
        let log = folder.path().join("phone.sqlite-wal");
        let before = (fs::read(&file).unwrap(), fs::read(&log).unwrap());
        assert_eq!(open::connection(&file).err(), Some(Trouble::NewerDatabase));
        assert_eq!((fs::read(&file).unwrap(), fs::read(&log).unwrap()), before);
    }

    #[test]
    fn a_database_of_the_first_schema_keeps_its_drafts_and_forgets_its_old_pack() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("phone.sqlite");
        first(&file);
        let mut now = open::connection(&file).unwrap();
        bring_up_to_date(&mut now, &file).unwrap();
        assert_eq!(says(&now, "SELECT changed_ms FROM draft WHERE discarded_ms IS NULL"), 2);
        assert_eq!(says(&now, "SELECT photo_tries + damaged FROM draft"), 0);
        assert_eq!(says(&now, "SELECT count(*) FROM published WHERE name = 'status_list'"), 1);
        assert_eq!(says(&now, "SELECT count(*) FROM published"), 1);
        assert!(!copy_of(&file).exists());
    }

    #[test]
    fn a_migration_that_fails_leaves_the_former_schema_and_names_the_copy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("phone.sqlite");
        first(&file);
        let mut database = open::connection(&file).unwrap();
        let steps = [
            ("V1__first", include_str!("../../../migrations/phone/V1__first.sql")),
            ("V2__good", "CREATE TABLE good (n INTEGER) STRICT; DELETE FROM draft;"),
            ("V3__bad", "no such words"),
        ];
        let steps = steps.map(|(name, sql)| Migration::unapplied(name, sql).unwrap());
        let runner = Runner::new(&steps).set_grouped(true);
        let copy = copy_of(&file);
        let failed = migrate(&mut database, &runner, &file);
        assert_eq!(failed, Err(Trouble::Migration { copy: copy.display().to_string() }));
        assert_eq!(version(&database), Ok(Some(1)));
        assert_eq!(says(&database, "SELECT count(*) FROM draft"), 1);
        let copy = Connection::open(&copy).unwrap();
        assert_eq!(says(&copy, "SELECT count(*) FROM draft"), 1);
    }
}
