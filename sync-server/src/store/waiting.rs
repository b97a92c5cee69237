//! How much waits: for the mail server, for a reviewer.

use ::dossier::review::State;

use super::db::{Db, values};
use crate::failure::Failure;

/// Lengths of queues, in rows.
pub(crate) struct Waiting {
    pub(crate) mails: i64,
    /// Mails that somebody asked for, and that were not looked up yet.
    pub(crate) mail_asks: i64,
    pub(crate) dossiers: i64,
    pub(crate) duplicates: i64,
    /// Envelopes that nobody has opened yet,
    pub(crate) envelopes: i64,
    /// and those that wait for a person.
    pub(crate) stuck_envelopes: i64,
    /// How long the oldest mail waits; 0 when none does.
    pub(crate) oldest_mail_ms: i64,
}

/// What waits now.
pub(crate) fn now(db: &mut dyn Db, now_ms: i64) -> Result<Waiting, Failure> {
    let received = State::Received.as_str();
    let oldest = "SELECT made_ms FROM mail ORDER BY made_ms LIMIT 1";
    let oldest = db.optional(oldest, &[], |row| row.int(0))?;
    let mut count = |query: &str| db.one(query, &[], |row| row.int(0));
    Ok(Waiting {
        mails: count("SELECT count(*) FROM mail")?,
        mail_asks: count("SELECT count(*) FROM mail_ask")?,
        duplicates: count("SELECT count(*) FROM duplicate WHERE closed_ms = 0")?,
        envelopes: count("SELECT count(*) FROM envelope WHERE state = 'kept'")?,
        stuck_envelopes: count("SELECT count(*) FROM envelope WHERE state = 'stuck'")?,
        oldest_mail_ms: oldest.map_or(0, |made_ms| (now_ms - made_ms).max(0)),
        dossiers: db.one(
            "SELECT count(*) FROM dossier WHERE state = ?1",
            values![received],
            |row| row.int(0),
        )?,
    })
}
