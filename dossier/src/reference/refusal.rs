//! Why a pack is not taken.

use serde::Serialize;

/// One of the four texts of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The schools.
    Schools,
    /// The tracks.
    Tracks,
    /// The communes.
    Communes,
    /// The charter.
    Charter,
}

/// A pack that cannot be used. Whoever gets one keeps the pack it already has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PackRefusal {
    /// More bytes than a pack may have.
    #[error("heavier than {most_bytes} bytes")]
    TooHeavy {
        /// The most a pack may weigh.
        most_bytes: u32,
    },
    /// Not the CBOR of a pack.
    #[error("not a reference pack")]
    NotAPack,
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
