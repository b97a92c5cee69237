//! Rows that no inner page leads to any more: every page is looked at for what is a row.
//!
//! What a row is, is said in <https://www.sqlite.org/fileformat2.html>, 1.6 and 2.1.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use rusqlite::types::Value;

const PAGE: usize = 4096;
/// The head of a leaf; the places of its rows come after it, two bytes each.
const LEAF_HEAD: usize = 8;
/// What a leaf holds of a row at most, and at least where the rest is on pages of its own.
const MOST: usize = PAGE - 35;
const LEAST: usize = (PAGE - 12) * 32 / 255 - 23;
/// An overflowing page begins with the number of the next.
const NEXT: usize = 4;

/// Something that reads as a row of a table with a number for its key.
pub(super) struct Row {
    pub(super) key: i64,
    /// As many as the table had columns when it was written. The key itself is null among them.
    pub(super) values: Vec<Value>,
}

/// Calls for each row that a page of this database holds, and for what only looks like one.
pub(super) fn each_row(file: &Path, mut found: impl FnMut(Row)) -> io::Result<()> {
    let mut file = File::open(file)?;
    let pages = file.metadata()?.len() / PAGE as u64;
    // The first page is the schema's.
    for number in 2..=pages {
        let page = read(&mut file, number)?;
        for (at, place) in page.iter().enumerate().skip(LEAF_HEAD).step_by(2) {
            let low = page.get(at + 1).copied().unwrap_or_default();
            let place = usize::from(u16::from_be_bytes([*place, low]));
            // Rows are written from the end of a page: their places end where these begin.
            if place <= at {
                break;
            }
            if let Some(row) = page.get(place..).and_then(|cell| row(&mut file, cell)) {
                found(row);
            }
        }
    }
    Ok(())
}

fn read(file: &mut File, number: u64) -> io::Result<[u8; PAGE]> {
    let mut page = [0; PAGE];
    file.seek(SeekFrom::Start(number.saturating_sub(1) * PAGE as u64))?;
    file.read_exact(&mut page)?;
    Ok(page)
}

fn row(file: &mut File, cell: &[u8]) -> Option<Row> {
    let (length, cell) = varint(cell)?;
    let (key, cell) = varint(cell)?;
    let record = record(file, usize::try_from(length).ok()?, cell)?;
    let (head, _) = varint(&record)?;
    let (head, mut body) = record.split_at_checked(usize::try_from(head).ok()?)?;
    let (_, mut kinds) = varint(head)?;
    let mut values = Vec::new();
    while !kinds.is_empty() {
        let (kind, more) = varint(kinds)?;
        let (value, rest) = value(kind, body)?;
        values.push(value);
        (kinds, body) = (more, rest);
    }
    body.is_empty().then_some(Row { key, values })
}

/// The whole of a record, of which the page of its row may hold only the beginning.
fn record(file: &mut File, length: usize, cell: &[u8]) -> Option<Vec<u8>> {
    if length <= MOST {
        return cell.get(..length).map(<[u8]>::to_vec);
    }
    // Damaged pages may follow each other in a circle.
    if length as u64 > file.metadata().ok()?.len() {
        return None;
    }
    let spilled = LEAST + (length - LEAST) % (PAGE - NEXT);
    let (here, rest) = cell.split_at_checked(if spilled <= MOST { spilled } else { LEAST })?;
    let (mut record, mut next) = (here.to_vec(), u32::from_be_bytes(*rest.first_chunk()?));
    while record.len() < length {
        let page = read(file, next.into()).ok()?;
        let (number, content) = page.split_first_chunk::<NEXT>()?;
        next = u32::from_be_bytes(*number);
        record.extend(content.iter().take(length - record.len()));
    }
    Some(record)
}

fn value(kind: i64, body: &[u8]) -> Option<(Value, &[u8])> {
    let length = match kind {
        0 | 8 | 9 => 0,
        1..=4 => usize::try_from(kind).ok()?,
        5 => 6,
        6 | 7 => 8,
        12.. => usize::try_from((kind - 12) / 2).ok()?,
        _ => return None,
    };
    let (bytes, rest) = body.split_at_checked(length)?;
    let number = || {
        let sign = if bytes.first().is_some_and(|high| *high >= 0x80) { -1 } else { 0 };
        bytes.iter().fold(sign, |number: i64, byte| number << 8 | i64::from(*byte))
    };
    let value = match kind {
        0 => Value::Null,
        1..=6 => Value::Integer(number()),
        7 => Value::Real(f64::from_be_bytes(*bytes.first_chunk()?)),
        8 | 9 => Value::Integer(kind - 8),
        _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
        _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
    };
    Some((value, rest))
}

/// A number of one to nine bytes: seven bits each, eight in the ninth.
fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            return Some((number << 8 | i64::from(*byte), bytes.get(9..)?));
        }
        number = number << 7 | i64::from(byte & 0x7F);
        if *byte < 0x80 {
            return Some((number, bytes.get(at + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, params};

    #[test]
    fn every_row_is_found_and_read_whatever_its_size() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("some.sqlite");
        let database = Connection::open(&file).unwrap();
        let table = "CREATE TABLE some (n INTEGER PRIMARY KEY, small INTEGER, word TEXT,
                                        real REAL, bytes BLOB)";
        database.execute_batch(table).unwrap();
        let sizes = [0, 1, 489, 490, 4_000, 4_050, 4_061, 4_062, 4_100, 8_200, 100_000];
        let insert = "INSERT INTO some (n, small, word, real, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        for (at, size) in sizes.into_iter().enumerate() {
            let key = 1_i64 << (at * 6);
            let small = [0, 1, -1, 127, -129, 70_000, -9_000_000, 1 << 40, i64::MIN, 3, 4][at];
            let row = params![key, small, "é".repeat(at), at as f64 / 4.0, vec![at as u8; size]];
            database.execute(insert, row).unwrap();
        }
        let mut found = Vec::new();
        each_row(&file, |row| found.push(row)).unwrap();
        let read = "SELECT n, small, word, real, bytes FROM some ORDER BY n";
        let mut read = database.prepare(read).unwrap();
        let rows = read
            .query_map([], |row| (0..5).map(|at| row.get(at)).collect::<Result<Vec<Value>, _>>())
            .unwrap();
        let kept: Vec<_> = rows.map(Result::unwrap).collect();
        assert_eq!(kept.len(), sizes.len());
        for row in kept {
            let is_it = |it: &&Row| Value::Integer(it.key) == row[0];
            let whole = found.iter().find(is_it).map(|it| &it.values[1..]);
            // SQLite writes a real without a fraction as an integer.
            let same = |(found, kept): (&Value, &Value)| match (found, kept) {
                (Value::Integer(found), Value::Real(kept)) => *found as f64 == *kept,
                (found, kept) => found == kept,
            };
            assert!(whole.is_some_and(|whole| whole.iter().zip(&row[1..]).all(same)), "{row:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_row_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("noise");
        let noise =
            (0..20 * PAGE as u64).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8);
        std::fs::write(&file, noise.collect::<Vec<u8>>()).unwrap();
        let mut rows = 0;
        each_row(&file, |row| rows += usize::from(row.values.len() > 1)).unwrap();
        assert!(rows < 20, "{rows}");
    }

    #[test]
    fn pages_that_follow_each_other_in_a_circle_are_no_row() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("circle");
        let mut bytes = vec![0; 3 * PAGE];
        // A row of 1 MiB whose page holds 1,024 bytes of it: one blob, by its head.
        let cell = [0xC0, 0x80, 0x00, 1, 5, 0x81, 0x80, 0x80, 2];
        let at = PAGE + 100;
        bytes[PAGE + LEAF_HEAD + 1] = 100;
        bytes[at..at + cell.len()].copy_from_slice(&cell);
        bytes[at + 4 + 1_024 + 3] = 3;
        bytes[2 * PAGE + 3] = 3;
        std::fs::write(&file, bytes).unwrap();
        let mut rows = 0;
        each_row(&file, |row| rows += row.values.len()).unwrap();
        assert_eq!(rows, 0);
    }
}
