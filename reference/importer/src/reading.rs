//! A file while it is read: each row is taken, set aside or refused, and counted.

use crate::kind::{self, Kind};
use crate::outline::Outline;
use crate::plain;
use crate::report::{FileReport, Reason, Wrong};
use crate::sheet::{Row, Sheet};
use crate::towns::Towns;

/// Rows between two signs of life.
const STEP: u32 = 1_000;

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file that is being read.
    pub file: &'a str,
    /// Its rows that were read.
    pub rows: u32,
}

/// What rows are compared with.
pub(crate) struct Around<'a> {
    pub(crate) towns: &'a Towns,
    pub(crate) outline: Option<&'a Outline>,
    /// Today as `AAAA-MM-JJ`.
    pub(crate) today: &'a str,
}

/// A row that was taken, and what had to be put right.
pub(crate) struct Taken<T> {
    pub(crate) one: T,
    pub(crate) repaired: Option<Reason>,
}

impl<T> From<T> for Taken<T> {
    fn from(one: T) -> Self {
        Self { one, repaired: None }
    }
}

/// A row that was not taken.
pub(crate) enum Aside {
    /// It is about something else; nobody needs to look.
    OutOfScope,
    /// Somebody should look.
    Wrong(Wrong),
}

impl Aside {
    pub(crate) fn wrong(reason: Reason, column: &'static str, value: &str) -> Self {
        Self::Wrong(Wrong::new(reason, column, value))
    }
}

/// Signs that a published name or label may have.
pub(crate) const LABEL: usize = 200;

/// The text when it fits the column of the published list.
pub(crate) fn fitting(text: String, column: &'static str, most: usize) -> Result<String, Aside> {
    if text.chars().count() <= most {
        Ok(text)
    } else {
        Err(Aside::wrong(Reason::TooLong, column, &text))
    }
}

pub(crate) type Read<T> = Result<Taken<T>, Aside>;

/// A file that was opened, with what is known of it so far.
pub(crate) struct Opened {
    pub(crate) sheet: Sheet,
    pub(crate) report: FileReport,
}

impl Opened {
    pub(crate) fn new(name: &str, bytes: &[u8]) -> Self {
        let sheet = Sheet::open(bytes);
        let kind = Kind::of(&sheet.header);
        let titles = || sheet.header.titles.iter();
        let is_personal = |title: &&String| kind::is_personal(&plain::key(title));
        let report = FileReport {
            file: name.to_owned(),
            kind,
            encoding: sheet.encoding,
            separator: sheet.separator,
            rows: 0,
            kept: 0,
            out_of_scope: 0,
            repaired: Vec::new(),
            repaired_rows: 0,
            refused: Vec::new(),
            refused_rows: 0,
            dropped_columns: titles().filter(is_personal).cloned().collect(),
            columns: titles().filter(|_| kind.is_none()).cloned().collect(),
            known: if kind.is_none() { Kind::known() } else { Vec::new() },
        };
        Self { sheet, report }
    }

    /// Whether a column has one of these names.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.sheet.header.has(names)
    }

    /// Reads every row with `read` and counts what became of it.
    pub(crate) fn rows<T>(
        &mut self,
        progress: &mut dyn FnMut(Progress),
        mut read: impl FnMut(&Row) -> Read<T>,
    ) -> Vec<T> {
        let Self { sheet, report } = self;
        let mut taken = Vec::new();
        sheet.each(|row| {
            report.rows += 1;
            if report.rows.is_multiple_of(STEP) {
                progress(Progress { file: &report.file, rows: report.rows });
            }
            let read = if row.is_whole() {
                read(row)
            } else {
                Err(Aside::wrong(Reason::Fields, "row", ""))
            };
            match read {
                Ok(Taken { one, repaired }) => {
                    report.kept += 1;
                    repaired.into_iter().for_each(|reason| report.repair(row.line, reason));
                    taken.push(one);
                }
                Err(Aside::OutOfScope) => report.out_of_scope += 1,
                Err(Aside::Wrong(wrong)) => report.refuse(row.line, wrong),
            }
        });
        progress(Progress { file: &report.file, rows: report.rows });
        taken
    }
}
