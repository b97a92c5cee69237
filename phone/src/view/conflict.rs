//! Several answers to one question, as a screen lets a person choose.

use dossier::document::conflict::{Conflict, Written};
use dossier::form::Field;
use dossier::reference::Pack;
use serde::Serialize;
use ts_rs::TS;

/// A field of identity that two devices answered differently: nothing is deposited before a
/// person has chosen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConflictView {
    /// Which field.
    pub field: Field,
    /// The different answers, oldest first.
    pub values: Vec<WrittenView>,
}

/// One of the answers, and who wrote it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WrittenView {
    /// What `set_field` is told to choose it.
    pub typed: String,
    /// What a person reads: the label of a school, else what was typed.
    pub shown: String,
    /// What the device calls itself; empty when it does not say.
    pub device: String,
    /// Whether this phone wrote it, since it was started.
    pub here: bool,
    /// When, by the clock of that device, in milliseconds since 1970; zero when it does not say.
    pub at_ms: i64,
}

impl ConflictView {
    pub(crate) fn of(conflict: Conflict, pack: &Pack) -> Self {
        let Conflict { field, values } = conflict;
        let mut values: Vec<_> =
            values.into_iter().map(|value| WrittenView::of(value, field, pack)).collect();
        // Each device shows them in the same order, none before the others for being shown first.
        values.sort_by(|a, b| (a.at_ms, &a.typed).cmp(&(b.at_ms, &b.typed)));
        Self { field, values }
    }
}

impl WrittenView {
    fn of(written: Written, field: Field, pack: &Pack) -> Self {
        let Written { typed, device, here, at_ms } = written;
        let school = if field == Field::School { pack.school(&typed) } else { None };
        let shown = school.map_or_else(|| typed.clone(), |school| school.label());
        Self { typed, shown, device, here, at_ms }
    }
}
