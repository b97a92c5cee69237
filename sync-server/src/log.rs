//! What is logged, and what never is, however loud the log is asked to be.

use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// The driver of PostgreSQL tells the values of each statement at « debug »: every word of a student.
const TELLS_VALUES: &str = "tokio_postgres";

/// From now on, whatever `filter` lets through is written as lines of JSON; values never are.
pub fn log_to<W>(writer: W, filter: EnvFilter)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let never_values =
        filter_fn(|told| !told.target().starts_with(TELLS_VALUES) || *told.level() <= Level::INFO);
    let lines = fmt::layer().json().with_writer(writer);
    tracing_subscriber::registry().with(lines).with(filter).with(never_values).init();
}
