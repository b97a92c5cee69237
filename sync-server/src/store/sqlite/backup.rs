//! A copy of a database that others write meanwhile.

use std::path::Path;

use anyhow::{Context, ensure};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::open_to_read;

/// All pages in one step: one view of the database, which no writer disturbs and which delays none.
/// In several steps, a server that is written to would make it begin again for ever.
const ALL_PAGES: i32 = -1;

/// Copies a database as it is now into an empty file. It is not on the disk yet.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let source = open_to_read(from).with_context(|| format!("cannot open {}", from.display()))?;
    let mut copied = Connection::open(to)?;
    let step = Backup::new(&source, &mut copied)?.step(ALL_PAGES)?;
    ensure!(step == StepResult::Done, "{} is held by another", from.display());
    copied.close().map_err(|(_, error)| error)?;
    Ok(())
}
