//! Why a pack is not taken.

use serde::Serialize;

use super::List;

/// A pack that cannot be used. Whoever gets one keeps the pack it already has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PackRefusal {
    /// More bytes than a list may have.
    #[error("{list:?}: heavier than {most_bytes} bytes")]
    TooHeavy {
        /// Which.
        list: List,
        /// The most it may weigh.
        most_bytes: u32,
    },
    /// The outline is not a topology.
    #[error("{list:?}: not what this list should be")]
    Malformed {
        /// Which.
        list: List,
    },
    /// A version that names nothing, or too much.
    #[error("not the name of a version")]
    BadVersion,
    /// A column without which the list says nothing.
    #[error("{list:?}: no column {column}")]
    MissingColumn {
        /// Where.
        list: List,
        /// Its name in our own files.
        column: &'static str,
    },
    /// A row that does not say what its column promises.
    #[error("{list:?}: line {line}, column {column} cannot be read")]
    BadRow {
        /// Where.
        list: List,
        /// Counted from 1, the header included.
        line: u32,
        /// Its name in our own files; `row` when the row itself is broken.
        column: &'static str,
    },
    /// Two rows with one code.
    #[error("{list:?}: code {value} stands twice")]
    Twice {
        /// Where.
        list: List,
        /// The code.
        value: String,
    },
    /// A list without a row, or a text without a word.
    #[error("{list:?}: empty")]
    Empty {
        /// Which.
        list: List,
    },
    /// More rows than any region has.
    #[error("{list:?}: more than {most} rows")]
    TooLong {
        /// Which.
        list: List,
        /// The most it may have.
        most: u32,
    },
}
