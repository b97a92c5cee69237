//! A `FlatBuffer`, as far as it is needed: tables with optional fields, vectors, scalars.
//!
//! Every offset is checked; a damaged file gives `None`, never a panic.

/// A place in the file where a table lies.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    file: &'a [u8],
    at: usize,
}

/// A vector of anything.
#[derive(Clone, Copy)]
pub(crate) struct Vector<'a> {
    file: &'a [u8],
    first: usize,
    pub(crate) len: usize,
}

fn bytes<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..)?.first_chunk::<N>().copied()
}

fn word(file: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes(file, at)?)).ok()
}

fn follow(file: &[u8], at: usize) -> Option<usize> {
    at.checked_add(word(file, at)?)
}

impl<'a> Table<'a> {
    /// The root of a file.
    pub(crate) fn root(file: &'a [u8]) -> Option<Self> {
        Some(Self { file, at: follow(file, 0)? })
    }

    /// Where a field lies; none when it has its default.
    fn field(&self, number: usize) -> Option<usize> {
        let back = i32::from_le_bytes(bytes(self.file, self.at)?);
        let offsets = usize::try_from(i64::try_from(self.at).ok()? - i64::from(back)).ok()?;
        let size = usize::from(u16::from_le_bytes(bytes(self.file, offsets)?));
        let entry = 4 + 2 * number;
        if entry + 2 > size {
            return None;
        }
        let within = u16::from_le_bytes(bytes(self.file, offsets + entry)?);
        (within != 0).then(|| self.at + usize::from(within))
    }

    /// A field of one byte.
    pub(crate) fn byte(&self, number: usize) -> u8 {
        self.field(number).and_then(|at| bytes(self.file, at)).map_or(0, u8::from_le_bytes)
    }

    /// A field of four bytes.
    pub(crate) fn int(&self, number: usize) -> i32 {
        self.field(number).and_then(|at| bytes(self.file, at)).map_or(0, i32::from_le_bytes)
    }

    /// A field that is a table.
    pub(crate) fn table(&self, number: usize) -> Option<Table<'a>> {
        Some(Table { file: self.file, at: follow(self.file, self.field(number)?)? })
    }

    /// A field that is a vector.
    pub(crate) fn vector(&self, number: usize) -> Option<Vector<'a>> {
        let at = follow(self.file, self.field(number)?)?;
        Some(Vector { file: self.file, first: at + 4, len: word(self.file, at)? })
    }
}

impl<'a> Vector<'a> {
    /// As bytes: numbers without padding, or text.
    pub(crate) fn bytes(&self) -> Option<&'a [u8]> {
        self.file.get(self.first..self.first.checked_add(self.len)?)
    }

    /// As whole numbers.
    pub(crate) fn ints(&self) -> Option<Vec<i32>> {
        let end = self.first.checked_add(self.len.checked_mul(4)?)?;
        let (ints, _) = self.file.get(self.first..end)?.as_chunks::<4>();
        Some(ints.iter().map(|int| i32::from_le_bytes(*int)).collect())
    }

    /// As tables.
    pub(crate) fn tables(self) -> impl Iterator<Item = Option<Table<'a>>> {
        // A damaged length ends with the file.
        (0..self.len.min(self.file.len())).map(move |index| {
            Some(Table { file: self.file, at: follow(self.file, self.first + 4 * index)? })
        })
    }
}
