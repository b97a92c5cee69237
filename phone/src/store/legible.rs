//! A copy of a damaged database that SQLite agrees to read: its first page is made right again.
//!
//! That page says how to read all the others. What stands there is known: the header is the same
//! in all our databases, and the schema is the one that the migrations make.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::{Connection, params};

use super::mending::{remove_whole, with_ending};
use crate::trouble::Trouble;

const PAGE: usize = 4096;
const HEADER: usize = 100;
/// Of the header, what differs between databases: a counter, the size and the schema's version.
const OWN: std::ops::Range<usize> = 24..44;
/// The size is believed only when this repeats the counter; else the file itself is measured.
const COUNTER: std::ops::Range<usize> = 92..96;
/// Pages that are free, of which nothing is read: none.
const FREE: std::ops::Range<usize> = 32..40;
/// The page of a table without rows: a leaf, no cells, its content at the end of the page.
const EMPTY_TABLE: [u8; 8] = [13, 0, 0, 0, 0, 0x10, 0, 0];

/// Leaf of a table, leaf of an index, and the pages above them.
const KINDS: [u8; 4] = [13, 10, 5, 2];

/// One row of a schema: kind, name, table, first page, text.
type Entry = (i64, String, String, String, i64, Option<String>);

/// Copies a damaged database and its log to `work`, and makes the copy legible after the example
/// of `fresh`.
pub(super) fn copy(file: &Path, work: &Path, fresh: &Connection) -> Result<Connection, Trouble> {
    remove_whole(work)?;
    for ending in ["", "-wal"] {
        let from = with_ending(file, ending);
        if from.exists() {
            fs::copy(&from, with_ending(work, ending)).map_err(|_| Trouble::Storage)?;
        }
    }
    let made = entries(fresh)?;
    let header = header_of(fresh)?;
    amend(work, |page| mend_header(page, &header))?;
    mend_kinds(work).map_err(|_| Trouble::Storage)?;
    let connection = Connection::open(work)?;
    connection.execute_batch("PRAGMA writable_schema = ON; PRAGMA temp_store = MEMORY;")?;
    let found = entries(&connection).unwrap_or_default();
    if found == made {
        return Ok(connection);
    }
    // The log goes into the file first: it may hold another first page.
    let _ = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    drop(connection);
    rewrite_schema(work, &header, &made, &found)
}

/// Writes the schema anew. Each table keeps its first page where that is still known.
fn rewrite_schema(
    work: &Path,
    header: &[u8],
    made: &[Entry],
    found: &[Entry],
) -> Result<Connection, Trouble> {
    amend(work, |page| {
        mend_header(page, header);
        page.splice(HEADER.., EMPTY_TABLE);
        page.resize(PAGE, 0);
    })?;
    remove_log(work)?;
    let connection = Connection::open(work)?;
    connection.execute_batch("PRAGMA writable_schema = ON; PRAGMA temp_store = MEMORY;")?;
    // Where nearly all tables begin as in a fresh database, one that does not is damaged just there.
    let as_made = found.iter().filter(|it| made.contains(it)).count() + 2 >= made.len();
    for (row, kind, name, table, first, text) in made {
        let known = found.iter().find(|it| it.0 == *row && (it.2 == *name || it.5 == *text));
        let first = known.filter(|_| !as_made).map_or(*first, |it| it.4);
        connection.execute(
            "INSERT INTO sqlite_schema (rowid, type, name, tbl_name, rootpage, sql)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![row, kind, name, table, first, text],
        )?;
    }
    drop(connection);
    // Opened again, it reads what was written.
    Ok(Connection::open(work)?)
}

fn entries(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let query = "SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_schema";
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    })?;
    // What cannot be read ends the list; what stands before it is as good as ever.
    Ok(rows.map_while(Result::ok).collect())
}

fn header_of(fresh: &Connection) -> Result<Vec<u8>, Trouble> {
    fresh.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    let mut header = vec![0; HEADER];
    let mut file = File::open(fresh.path().unwrap_or_default()).map_err(|_| Trouble::Storage)?;
    file.read_exact(&mut header).map_err(|_| Trouble::Storage)?;
    Ok(header)
}

fn mend_header(page: &mut [u8], header: &[u8]) {
    for (at, byte) in page.iter_mut().enumerate().take(HEADER) {
        if !OWN.contains(&at) {
            *byte = header.get(at).copied().unwrap_or_default();
        }
        if FREE.contains(&at) {
            *byte = 0;
        }
        if COUNTER.contains(&at) {
            *byte = 0xFF;
        }
    }
}

/// Mends the first byte of each page, which says what kind it is: without it none of its rows is
/// read. Pages of other kinds begin with a zero, the highest byte of a page's number.
fn mend_kinds(file: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(file)?;
    let pages = file.metadata()?.len() / PAGE as u64;
    for page in 1..pages {
        let mut first = [0];
        file.seek(SeekFrom::Start(page * PAGE as u64))?;
        file.read_exact(&mut first)?;
        let [kind] = first;
        let near = |known: &&u8| (kind ^ **known).count_ones() == 1;
        if kind != 0
            && !KINDS.contains(&kind)
            && let Some(known) = KINDS.iter().find(near)
        {
            file.seek(SeekFrom::Start(page * PAGE as u64))?;
            file.write_all(&[*known])?;
        }
    }
    Ok(())
}

/// Changes the first page of a file.
fn amend(file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<(), Trouble> {
    let amend = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().read(true).write(true).open(file)?;
        let mut page = vec![0; PAGE];
        file.read_exact(&mut page)?;
        change(&mut page);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&page)
    };
    amend().map_err(|_| Trouble::Storage)
}

fn remove_log(work: &Path) -> Result<(), Trouble> {
    for ending in ["-wal", "-shm"] {
        super::schema::remove(&with_ending(work, ending))?;
    }
    Ok(())
}
