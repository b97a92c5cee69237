//! A database that is damaged: every row that can still be read goes into a fresh one.
//!
//! The damaged files are kept aside. What cannot be read is asked of the server again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use super::{legible, open, scattered, schema};
use crate::trouble::Trouble;

/// Setting that stands while no app is open; it is missing after every other end.
const STOPPED: &str = "stopped";
/// Setting that stands after an end of the app that met damaged data.
const SUSPECT: &str = "suspect";
/// Setting that stands until the screens have said that the database was mended.
pub(super) const MENDED: &str = "mended";

/// Every table that outlives its file, each after those it refers to, and its key.
const TABLES: [(&str, &str); 23] = [
    ("setting", "name"),
    ("draft", "id"),
    ("change", "n"),
    ("snapshot", "draft"),
    ("field_buffer", "draft, field"),
    ("photo", "draft"),
    ("password", "draft"),
    ("outbox", "id"),
    ("receipt", "draft"),
    ("standing", "draft"),
    ("vignette", "draft"),
    ("quarantine", "draft, digest"),
    ("published", "name"),
    ("reference_list", "name"),
    ("chosen_school", "uai"),
    ("erased", "draft"),
    ("check_count", "day, colour"),
    ("stand", "id"),
    ("stand_agent", "id"),
    ("finished", "line"),
    ("envelope", "line"),
    ("stand_print", "stand, dossier"),
    ("claim", "dossier"),
];

/// The tables with a number for a key, which is their first column; the others are small.
const NUMBERED: [&str; 3] = ["change", "finished", "envelope"];

/// Opens the database of a file, whatever happened to it.
pub(super) fn open(file: &Path) -> Result<Connection, Trouble> {
    finish(file)?;
    match open_whole(file) {
        Err(Trouble::Damaged) => mended(file),
        opened => opened,
    }
}

/// Mends the database of a file, and opens it.
pub(super) fn mended(file: &Path) -> Result<Connection, Trouble> {
    salvage(file)?;
    open_whole(file)
}

/// Notes how the app ends: after an end in order the next start need not look at every page.
pub(super) fn note_stop(connection: &Connection, is_suspect: bool) -> Result<(), Trouble> {
    let query = "INSERT INTO setting (name, value) VALUES (?1, '') ON CONFLICT (name) DO NOTHING";
    connection.execute(query, [if is_suspect { SUSPECT } else { STOPPED }])?;
    Ok(())
}

fn open_whole(file: &Path) -> Result<Connection, Trouble> {
    let mut connection = open::connection(file)?;
    if schema::version(&connection)?.is_some() {
        check_after_a_stop(&connection)?;
    }
    schema::bring_up_to_date(&mut connection, file)?;
    if schema::is_as_made(&connection, TABLES.map(|(table, _)| table))? {
        Ok(connection)
    } else {
        Err(Trouble::Damaged)
    }
}

/// Looks at every page, unless the last app ended in order. A mark that is lost is no such word.
fn check_after_a_stop(connection: &Connection) -> Result<(), Trouble> {
    let query = "DELETE FROM setting WHERE name = ?1";
    if connection.execute(query, [STOPPED]).map_err(|_| Trouble::Damaged)? == 1 {
        return Ok(());
    }
    let is_suspect = connection.execute(query, [SUSPECT]).map_err(|_| Trouble::Damaged)? == 1;
    let check = if is_suspect { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
    let says: String = connection.query_row(check, [], |row| row.get(0))?;
    let orphans = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if says != "ok" || orphans {
        return Err(Trouble::Damaged);
    }
    if is_suspect {
        // What an index has and its table lacks, no check of SQLite finds when the index is partial.
        connection.execute_batch("REINDEX").map_err(|_| Trouble::Damaged)?;
    }
    Ok(())
}

/// Writes a fresh database from what can be read, then lets it take the place of the damaged one.
fn salvage(file: &Path) -> Result<(), Trouble> {
    let fresh = fresh_name(file);
    remove_whole(&fresh)?;
    let mut mended = open::connection(&fresh)?;
    schema::bring_up_to_date(&mut mended, &fresh)?;
    let work = file.with_extension("work.sqlite");
    if let Ok(damaged) = legible::copy(file, &work, &mended) {
        copy(&damaged, &work, &mut mended)?;
    }
    remove_whole(&work)?;
    mended.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    mended.close().map_err(|_| Trouble::Storage)?;
    File::open(&fresh).and_then(|made| made.sync_all()).map_err(|_| Trouble::Storage)?;
    // The file goes before its log: without a database, `finish` knows what was going on.
    let aside = aside(file)?;
    move_if_there(file, &aside)?;
    finish(file)
}

/// Ends a salvage, also one that was cut before its last step.
fn finish(file: &Path) -> Result<(), Trouble> {
    let fresh = fresh_name(file);
    if file.exists() || !fresh.exists() {
        return remove_whole(&fresh);
    }
    let aside = aside(file)?;
    // A log beside a database that is not its own would be replayed into it.
    for ending in ["-wal", "-shm"] {
        move_if_there(&with_ending(file, ending), &aside)?;
    }
    let folder = file.parent().ok_or(Trouble::Storage)?;
    // Nor may a power cut bring it back beside the fresh one.
    schema::sync_folder(&aside)?;
    schema::sync_folder(folder)?;
    fs::rename(&fresh, file).map_err(|_| Trouble::Storage)?;
    schema::sync_folder(folder)
}

/// Copies what can be read of every table. A draft whose own row is lost is made again.
fn copy(damaged: &Connection, work: &Path, mended: &mut Connection) -> Result<(), Trouble> {
    mended.execute_batch("PRAGMA foreign_keys = OFF")?;
    let transaction = mended.transaction()?;
    for (table, key) in TABLES {
        // What cannot be read cannot be copied: the rows on both sides of it are.
        for order in [key.to_owned(), format!("{} DESC", key.replace(", ", " DESC, "))] {
            let _ = copy_rows(damaged, &transaction, table, &order);
        }
    }
    let _ = damaged.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    copy_scattered(work, &transaction)?;
    transaction.execute_batch(
        "INSERT OR IGNORE INTO draft (id, created_ms, changed_ms, state, damaged)
         SELECT draft, 0, 0, CASE WHEN draft IN (SELECT draft FROM receipt)
                                  THEN 'received' ELSE 'draft' END, 1
         FROM (SELECT draft FROM change UNION SELECT draft FROM snapshot
               UNION SELECT draft FROM photo UNION SELECT draft FROM receipt)
         WHERE draft NOT IN (SELECT id FROM draft);",
    )?;
    for (table, key) in TABLES {
        if table == "outbox" || key.starts_with("draft") || table == "change" {
            let orphans = format!("DELETE FROM {table} WHERE draft NOT IN (SELECT id FROM draft)");
            transaction.execute(&orphans, [])?;
        }
    }
    let orphans = "DELETE FROM envelope WHERE line NOT IN (SELECT line FROM finished)";
    transaction.execute(orphans, [])?;
    let query = "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ''), (?2, '')";
    transaction.execute(query, [MENDED, super::pushing::ANEW])?;
    transaction.execute("DELETE FROM setting WHERE name IN (?1, ?2)", [STOPPED, SUSPECT])?;
    Ok(transaction.commit()?)
}

/// Copies rows up to the first that cannot be read.
fn copy_rows(from: &Connection, to: &Connection, table: &str, order: &str) -> rusqlite::Result<()> {
    let known = columns(from, table)?;
    let shared: Vec<String> =
        columns(to, table)?.into_iter().filter(|name| known.contains(name)).collect();
    let (names, places) = (shared.join(", "), vec!["?"; shared.len()].join(", "));
    let mut read = from.prepare(&format!("SELECT {names} FROM {table} ORDER BY {order}"))?;
    let insert = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})");
    let mut insert = to.prepare(&insert)?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<Value> =
            (0..shared.len()).map(|at| row.get(at)).collect::<Result<_, _>>()?;
        let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
        // A row that breaks a rule of its table is damaged itself.
        let _ = insert.execute(values.as_slice());
    }
    Ok(())
}

/// Copies the rows that no order leads to. The rules of the tables tell what is a row of which.
fn copy_scattered(work: &Path, to: &Connection) -> Result<(), Trouble> {
    let mut inserts = Vec::new();
    for table in NUMBERED {
        let names = columns(to, table)?;
        // A row of before a column was added is shorter.
        for count in 2..=names.len() {
            let names: Vec<&str> = names.iter().take(count).map(String::as_str).collect();
            let (names, places) = (names.join(", "), vec!["?"; count].join(", "));
            let insert = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})");
            inserts.push((count, to.prepare(&insert)?));
        }
    }
    let copied = scattered::each_row(work, |row| {
        let key = Value::Integer(row.key);
        let values = row.values.iter().skip(1);
        let values: Vec<&dyn ToSql> =
            std::iter::once(&key).chain(values).map(|value| value as &dyn ToSql).collect();
        for (_, insert) in inserts.iter_mut().filter(|(count, _)| *count == values.len()) {
            let _ = insert.execute(values.as_slice());
        }
    });
    copied.map_err(|_| Trouble::Storage)
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut names = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    names.query_map([table], |row| row.get(0))?.collect()
}

/// A new folder for damaged files.
fn aside(file: &Path) -> Result<PathBuf, Trouble> {
    let folder = (1..).map(|n| file.with_file_name(format!("damaged-{n}"))).find(|it| !it.exists());
    let folder = folder.ok_or(Trouble::Storage)?;
    fs::create_dir(&folder).map_err(|_| Trouble::Storage)?;
    Ok(folder)
}

fn move_if_there(file: &Path, folder: &Path) -> Result<(), Trouble> {
    match file.file_name() {
        Some(name) if file.exists() => {
            fs::rename(file, folder.join(name)).map_err(|_| Trouble::Storage)
        }
        _ => Ok(()),
    }
}

fn fresh_name(file: &Path) -> PathBuf {
    file.with_extension("mended.sqlite")
}

pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

pub(super) fn remove_whole(file: &Path) -> Result<(), Trouble> {
    for ending in ["", "-wal", "-shm"] {
        schema::remove(&with_ending(file, ending))?;
    }
    Ok(())
}
