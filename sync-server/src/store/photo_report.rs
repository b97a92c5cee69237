//! What was measured on the photo of a dossier, kept together with its vignette.

use ::dossier::card::vignette::Vignette;
use anyhow::Context;
use portrait::{Finding, Level, Report};
use uuid::Uuid;

use super::db::{Db, values};
use super::vignette;
use crate::failure::Failure;

/// What the server made of a photo that it took.
pub(crate) struct Judged {
    pub(crate) report: Report,
    pub(crate) vignette: Vignette,
}

/// Keeps it beside its dossier, whose photo it is already.
pub(crate) fn insert(
    db: &mut dyn Db,
    dossier: Uuid,
    judged: &Judged,
    now_ms: i64,
) -> Result<(), Failure> {
    let report = &judged.report;
    let findings = serde_json::to_string(&report.findings).map_err(anyhow::Error::from)?;
    db.insert(
        "photo_report",
        &[
            ("dossier", (&dossier).into()),
            ("table_version", i64::from(report.table).into()),
            ("verdict", word(report.verdict).into()),
            ("findings", (&findings).into()),
            ("judged_ms", now_ms.into()),
        ],
    )?;
    vignette::put(db, dossier, &judged.vignette)
}

/// Puts what was made of another photo in place of the former one's.
pub(crate) fn replace(
    db: &mut dyn Db,
    dossier: Uuid,
    judged: &Judged,
    now_ms: i64,
) -> Result<(), Failure> {
    db.execute("DELETE FROM photo_report WHERE dossier = ?1", values![&dossier])?;
    insert(db, dossier, judged, now_ms)
}

/// The report of a dossier; none when it was deposited before photos were measured.
pub(crate) fn of(db: &mut dyn Db, dossier: Uuid) -> Result<Option<Report>, Failure> {
    let found = db.optional(
        "SELECT table_version, verdict, findings FROM photo_report WHERE dossier = ?1",
        values![&dossier],
        |row| Ok((row.small(0)?, row.string(1)?, row.string(2)?)),
    )?;
    let Some((table, verdict, findings)) = found else { return Ok(None) };
    let levels = [Level::NotAssessed, Level::Pass, Level::Warn, Level::Fail];
    let verdict = levels.into_iter().find(|level| word(*level) == verdict);
    let verdict = verdict.context("a stored verdict cannot be read")?;
    let findings: Vec<Finding> =
        serde_json::from_str(&findings).context("a stored photo report cannot be read")?;
    Ok(Some(Report { table, verdict, findings }))
}

/// The word of a level in the table.
fn word(level: Level) -> &'static str {
    match level {
        Level::NotAssessed => "not_assessed",
        Level::Pass => "pass",
        Level::Warn => "warn",
        Level::Fail => "fail",
    }
}
