//! What an import did: file by file, list by list, and whether it made things better.

use std::collections::BTreeMap;

use dossier::reference::{List, PackRefusal};
use serde::Serialize;

use crate::decode::Encoding;
use crate::kind::{Kind, Known};

/// Rows that are told one by one; a file with more is wrong as a whole.
const MOST_TOLD: usize = 200;
/// A cell in a report is a hint, not a copy.
const LONGEST_VALUE: usize = 60;

/// Everything that an import has to say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// In the order they were given.
    pub files: Vec<FileReport>,
    /// The lists whose rows are counted, by name.
    pub lists: BTreeMap<&'static str, ListReport>,
    /// Whether the result may be published.
    pub verdict: Verdict,
    /// What speaks for the verdict, and what somebody should look at.
    pub why: Vec<Why>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// As it was named.
    pub file: String,
    /// What it was taken for; none when its columns say nothing.
    pub kind: Option<Kind>,
    /// How it was written.
    pub encoding: Encoding,
    /// `;`, `,`, `tab` or `json`.
    pub separator: &'static str,
    /// Rows below the header.
    pub rows: u32,
    /// Rows that were taken, the repaired ones included.
    pub kept: u32,
    /// Rows about other regions, primary schools, closed trainings…
    pub out_of_scope: u32,
    /// Rows that were taken with something put right; the first 200.
    pub repaired: Vec<Repaired>,
    /// How many there are.
    pub repaired_rows: u32,
    /// Rows that were not taken; the first 200.
    pub refused: Vec<Refused>,
    /// How many there are.
    pub refused_rows: u32,
    /// Columns about persons, never read.
    pub dropped_columns: Vec<String>,
    /// The columns of a file that was not recognised.
    pub columns: Vec<String>,
    /// What would have been recognised.
    pub known: Vec<Known>,
}

/// A row with something put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repaired {
    /// Counted from 1, the header included.
    pub line: u32,
    /// What was wrong.
    pub reason: Reason,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Counted from 1, the header included.
    pub line: u32,
    /// What is wrong.
    pub reason: Reason,
    /// The column that says it.
    pub column: &'static str,
    /// What stands there; never anything about a person.
    pub value: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// More or fewer cells than the header.
    Fields,
    /// Not a UAI: its key letter is wrong, or it is too short.
    BadUai,
    /// Not an INSEE code.
    BadInsee,
    /// Not a postal code.
    BadPostalCode,
    /// Not a code of this list.
    BadCode,
    /// Not a kind of this list.
    BadKind,
    /// Not a number of degrees.
    BadPoint,
    /// Not a day.
    BadDate,
    /// Not a price, or not a number of days.
    BadFigure,
    /// Nothing to show it by.
    NoName,
    /// More signs than its column may have.
    TooLong,
    /// No commune of the region is meant.
    UnknownCommune,
    /// A school that no list has.
    UnknownSchool,
    /// A track that no list has.
    UnknownTrack,
    /// A place that no list has.
    UnknownPlace,
    /// Another row before it has the same code.
    Twice,
    /// The point lies outside its department: the commune's stands instead.
    OutsideDepartment,
}

/// How many rows a list had and has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ListReport {
    /// Before.
    pub before: u32,
    /// After.
    pub after: u32,
    /// Rows whose code is new.
    pub added: u32,
    /// Rows whose code is gone.
    pub removed: u32,
    /// Rows that say something else than before.
    pub changed: u32,
}

/// Whether the result may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Lists changed, and nothing speaks against them.
    Better,
    /// Nothing changed.
    Same,
    /// Something speaks against it.
    Worse,
}

/// One thing that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Why {
    /// A list loses more than a tenth of its rows.
    ListShrinks {
        /// Which.
        list: List,
        /// Rows before.
        before: u32,
        /// Rows after.
        after: u32,
    },
    /// More than a fifth of a file's rows were refused.
    FileRefused {
        /// Which.
        file: String,
        /// Rows refused.
        refused: u32,
        /// Rows that are about us.
        rows: u32,
    },
    /// A department had schools and has none.
    DepartmentEmpty {
        /// Its number.
        department: String,
    },
    /// Phones would refuse the result.
    Unreadable {
        /// For this reason.
        refusal: PackRefusal,
    },
    /// A file that nothing recognises. It changes nothing.
    UnknownFile {
        /// Which.
        file: String,
    },
    /// Schools that a directory lacks, among too many to believe it: they stay.
    SchoolsMissing {
        /// Its number.
        department: String,
        /// Their codes.
        uais: Vec<String>,
    },
    /// Schools that a whole directory of their department does not know any more: they are gone.
    SchoolsGone {
        /// Its number.
        department: String,
        /// Their codes.
        uais: Vec<String>,
    },
    /// The outline cannot be read: no point was compared with its department.
    NoOutline,
}

impl Why {
    /// Whether it forbids to publish.
    pub fn is_grave(&self) -> bool {
        matches!(
            self,
            Self::ListShrinks { .. }
                | Self::FileRefused { .. }
                | Self::DepartmentEmpty { .. }
                | Self::Unreadable { .. }
        )
    }
}

impl FileReport {
    pub(crate) fn repair(&mut self, line: u32, reason: Reason) {
        self.repaired_rows += 1;
        if self.repaired.len() < MOST_TOLD {
            self.repaired.push(Repaired { line, reason });
        }
    }

    pub(crate) fn refuse(&mut self, line: u32, wrong: Wrong) {
        self.refused_rows += 1;
        if self.refused.len() < MOST_TOLD {
            let value = wrong.value.chars().take(LONGEST_VALUE).collect();
            self.refused.push(Refused { line, reason: wrong.reason, column: wrong.column, value });
        }
    }

    /// Rows that are about us.
    pub(crate) fn ours(&self) -> u32 {
        self.rows.saturating_sub(self.out_of_scope)
    }
}

/// Why a row is not taken, before its line is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) reason: Reason,
    pub(crate) column: &'static str,
    pub(crate) value: String,
}

impl Wrong {
    pub(crate) fn new(reason: Reason, column: &'static str, value: &str) -> Self {
        Self { reason, column, value: value.to_owned() }
    }
}
