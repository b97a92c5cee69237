//! What is kept of a student, as a page to read.

pub(crate) mod wording;
