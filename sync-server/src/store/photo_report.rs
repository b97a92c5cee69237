//! What was measured on the photo of a dossier.

use anyhow::Context;
use portrait::{Finding, Level, Report};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::failure::Failure;

/// Keeps a report beside its dossier.
pub(crate) fn insert(
    db: &Connection,
    dossier: Uuid,
    report: &Report,
    now_ms: i64,
) -> Result<(), Failure> {
    let findings = serde_json::to_string(&report.findings).map_err(anyhow::Error::from)?;
    db.prepare_cached(
        "INSERT INTO photo_report (dossier, table_version, verdict, findings, judged_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        dossier.as_bytes(),
        report.table,
        word(report.verdict),
        findings,
        now_ms
    ])?;
    Ok(())
}

/// The report of a dossier; none when it was deposited before photos were measured.
pub(crate) fn of(db: &Connection, dossier: Uuid) -> Result<Option<Report>, Failure> {
    let found = db
        .prepare_cached(
            "SELECT table_version, verdict, findings FROM photo_report WHERE dossier = ?1",
        )?
        .query_row([dossier.as_bytes()], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
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
