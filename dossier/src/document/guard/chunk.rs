//! How a change chunk is laid out, read without automerge and without trusting a single number.
//!
//! The format is automerge's binary format 1: a frame, a header (what the change follows, who wrote
//! it), then one column for each property of its operations, run-length encoded. A few bytes may
//! claim billions of operations or repeat a long key thousands of times: both are counted here
//! before anything is built from them. What no draft has (a list within it, bytes) is refused, too.

use crate::document::guard::GuardRefusal;
use crate::document::{Hash, LONGEST_ANSWER};

/// First bytes of every automerge chunk.
pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// An uncompressed change.
pub(super) const CHANGE: u8 = 1;
/// A change whose contents are deflated.
pub(super) const COMPRESSED: u8 = 2;

/// Operations in one change: a whole filled form in one change has fewer than fifty; written by
/// JavaScript, where each letter is an operation, some five hundred.
const MOST_OPERATIONS: u64 = 2_000;
/// Changes that one change may follow: more branches than devices that ever wrote a draft.
const MOST_DEPENDENCIES: u64 = 64;
/// Actors that the operations of one change name.
const MOST_ACTORS: u64 = 64;
/// Ours are 16 bytes, automerge's own 16, a cautious foreigner's 32.
const MOST_ACTOR_BYTES: usize = 64;
/// The name of a device.
const MOST_MESSAGE_BYTES: usize = 256;
/// The columns that automerge 0.12 knows are fourteen.
const MOST_COLUMNS: u64 = 32;
/// What one value weighs: an answer, in the longest letters of UTF-8.
const MOST_VALUE_BYTES: u64 = 4 * LONGEST_ANSWER as u64;
/// What all texts of a change weigh once their repetitions are written out.
const MOST_TEXT_BYTES: u64 = 256 * 1024;

/// A frame: its checksum, its type, and what is behind its length.
pub(super) struct Frame<'a> {
    pub(super) checksum: [u8; 4],
    pub(super) kind: u8,
    /// Type, length and contents: what the hash of a change is taken of.
    pub(super) hashed: &'a [u8],
    pub(super) contents: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Reads exactly one frame; nothing may follow it.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, GuardRefusal> {
        let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(GuardRefusal::Damaged)?;
        let (checksum, hashed) = rest.split_first_chunk::<4>().ok_or(GuardRefusal::Damaged)?;
        if *magic != MAGIC {
            return Err(GuardRefusal::NotAChange);
        }
        let mut reader = Reader(hashed);
        let kind = reader.byte().map_err(|_| GuardRefusal::Damaged)?;
        let length = reader.unsigned().map_err(|_| GuardRefusal::Damaged)?;
        if length != reader.0.len() as u64 {
            return Err(GuardRefusal::Damaged);
        }
        Ok(Self { checksum: *checksum, kind, hashed, contents: reader.0 })
    }
}

/// What a change says of itself, and how many operations it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) deps: Vec<Hash>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) operations: u64,
}

impl Head {
    /// Reads the contents of a change, header and columns.
    pub(super) fn read(contents: &[u8]) -> Result<Self, GuardRefusal> {
        let mut reader = Reader(contents);
        let mut deps = Vec::new();
        for _ in 0..reader.count(MOST_DEPENDENCIES)? {
            deps.push(reader.chunk::<32>()?);
        }
        let actor = reader.prefixed(MOST_ACTOR_BYTES)?.to_vec();
        let (seq, start_op) = (reader.unsigned()?, reader.unsigned()?);
        if seq == 0 || start_op == 0 || i64::try_from(start_op).is_err() {
            return Err(GuardRefusal::Malformed);
        }
        let _seconds = reader.signed()?;
        let message = reader.prefixed(MOST_MESSAGE_BYTES)?;
        std::str::from_utf8(message).map_err(|_| GuardRefusal::Malformed)?;
        for _ in 0..reader.count(MOST_ACTORS)? {
            reader.prefixed(MOST_ACTOR_BYTES)?;
        }
        let operations = operations(&mut reader)?;
        Ok(Self { deps, actor, seq, operations })
    }
}

/// Walks the columns; the longest of them tells how many operations there are.
fn operations(reader: &mut Reader<'_>) -> Result<u64, GuardRefusal> {
    let mut columns = Vec::new();
    for _ in 0..reader.count(MOST_COLUMNS)? {
        let spec = reader.unsigned()?;
        let length = usize::try_from(reader.unsigned()?).map_err(|_| GuardRefusal::Malformed)?;
        columns.push((Kind::of(spec)?, length));
    }
    let (mut most, mut text) = (0, 0);
    for (kind, length) in columns {
        let column = Column { kind, reader: Reader(reader.take(length)?) };
        most = most.max(column.rows(&mut text)?);
    }
    Ok(most)
}

/// How the values of a column are encoded: the lowest three bits of its specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// How many rows of the columns that follow belong to one operation.
    Group,
    /// Run-length encoded unsigned numbers.
    Number,
    /// The same: what each operation does.
    Action,
    /// The same: the type of each value, and how many bytes it has.
    Value,
    /// Run-length encoded differences.
    Difference,
    /// Lengths of alternating runs.
    Boolean,
    /// Run-length encoded texts.
    Text,
    /// The bytes of values.
    Raw,
}

impl Kind {
    fn of(spec: u64) -> Result<Self, GuardRefusal> {
        /// Set when the column itself is deflated; a change never has such columns.
        const DEFLATED: u64 = 0b1000;
        /// Column 4, of numbers.
        const ACTION: u64 = 0x42;
        if spec & DEFLATED != 0 || spec > u64::from(u32::MAX) {
            return Err(GuardRefusal::Malformed);
        }
        match spec & 0b111 {
            _ if spec == ACTION => Ok(Self::Action),
            0 => Ok(Self::Group),
            1 | 2 => Ok(Self::Number),
            6 => Ok(Self::Value),
            3 => Ok(Self::Difference),
            4 => Ok(Self::Boolean),
            5 => Ok(Self::Text),
            _ => Ok(Self::Raw),
        }
    }
}

/// One column of a change.
struct Column<'a> {
    kind: Kind,
    reader: Reader<'a>,
}

impl Column<'_> {
    /// How many rows it has; what its texts weigh is added to `text`.
    fn rows(mut self, text: &mut u64) -> Result<u64, GuardRefusal> {
        let mut rows = 0u64;
        match self.kind {
            Kind::Raw => return Ok(0),
            Kind::Boolean => {
                while !self.reader.0.is_empty() {
                    rows = counted(rows, self.reader.unsigned()?)?;
                }
            }
            _ => {
                while !self.reader.0.is_empty() {
                    rows = counted(rows, self.run(text)?)?;
                }
            }
        }
        Ok(rows)
    }

    /// One run: a repeated value, some single ones, or some that are missing.
    fn run(&mut self, text: &mut u64) -> Result<u64, GuardRefusal> {
        let (length, values) = match self.reader.signed()? {
            0 => (self.reader.unsigned()?, 0),
            repeated @ 1.. => (repeated.unsigned_abs(), 1),
            single => (single.unsigned_abs(), single.unsigned_abs()),
        };
        counted(0, length)?;
        let repeats = if values == 1 { length } else { 1 };
        for _ in 0..values {
            self.value(repeats, text)?;
        }
        Ok(length)
    }

    fn value(&mut self, repeats: u64, text: &mut u64) -> Result<(), GuardRefusal> {
        match self.kind {
            Kind::Difference => {
                self.reader.signed()?;
            }
            Kind::Text => {
                let value = self.reader.prefixed(usize::MAX)?;
                std::str::from_utf8(value).map_err(|_| GuardRefusal::Malformed)?;
                *text += repeats.saturating_mul(value.len() as u64);
                if *text > MOST_TEXT_BYTES {
                    return Err(GuardRefusal::TooMany);
                }
            }
            // As many rows of other columns may belong to one operation as there may be operations.
            Kind::Group => {
                let rows = self.reader.unsigned()?;
                counted(0, rows.saturating_mul(repeats))?;
            }
            Kind::Action => check_action(self.reader.unsigned()?)?,
            Kind::Value => check_value(self.reader.unsigned()?)?,
            _ => {
                self.reader.unsigned()?;
            }
        }
        Ok(())
    }
}

/// What makes a draft sets, deletes or counts a value, makes or marks a text. The other actions make
/// maps, lists and tables.
fn check_action(action: u64) -> Result<(), GuardRefusal> {
    if matches!(action, 1 | 3 | 4 | 5 | 7) { Ok(()) } else { Err(GuardRefusal::Shape) }
}

/// The type of a value, in the lowest four bits, and its bytes.
fn check_value(described: u64) -> Result<(), GuardRefusal> {
    const BYTES: u64 = 7;
    const LAST_KNOWN: u64 = 9;
    let (kind, bytes) = (described & 0b1111, described >> 4);
    if kind == BYTES || kind > LAST_KNOWN || bytes > MOST_VALUE_BYTES {
        Err(GuardRefusal::Shape)
    } else {
        Ok(())
    }
}

fn counted(rows: u64, more: u64) -> Result<u64, GuardRefusal> {
    match rows.checked_add(more) {
        Some(rows) if rows <= MOST_OPERATIONS => Ok(rows),
        _ => Err(GuardRefusal::TooMany),
    }
}

/// What is left to read.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], GuardRefusal> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(GuardRefusal::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, GuardRefusal> {
        let (byte, rest) = self.0.split_first().ok_or(GuardRefusal::Malformed)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], GuardRefusal> {
        let (chunk, rest) = self.0.split_first_chunk::<N>().ok_or(GuardRefusal::Malformed)?;
        self.0 = rest;
        Ok(*chunk)
    }

    /// Bytes behind their length.
    pub(super) fn prefixed(&mut self, most: usize) -> Result<&'a [u8], GuardRefusal> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| GuardRefusal::Malformed)?;
        if length > most {
            return Err(GuardRefusal::TooMany);
        }
        self.take(length)
    }

    /// How many items follow.
    pub(super) fn count(&mut self, most: u64) -> Result<u64, GuardRefusal> {
        let count = self.unsigned()?;
        if count > most { Err(GuardRefusal::TooMany) } else { Ok(count) }
    }

    /// An unsigned LEB128 number.
    pub(super) fn unsigned(&mut self) -> Result<u64, GuardRefusal> {
        let mut number = 0u64;
        for at in 0..10 {
            let byte = self.byte()?;
            // The tenth byte has room for one bit.
            if at == 9 && byte > 1 {
                return Err(GuardRefusal::Malformed);
            }
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(GuardRefusal::Malformed)
    }

    /// A signed LEB128 number.
    fn signed(&mut self) -> Result<i64, GuardRefusal> {
        let mut number = 0i64;
        for at in 0..10 {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                let bits = 7 * (at + 1);
                let negative = byte & 0x40 != 0;
                return Ok(if negative && bits < 64 { number | (-1 << bits) } else { number });
            }
        }
        Err(GuardRefusal::Malformed)
    }
}
