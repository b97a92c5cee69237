//! What Prometheus may know of the server: counts, times and queues, by the template of a route.
//!
//! A label is always one of ours (a template, a method, a status, the name of a queue), never what
//! somebody sent: nothing personal can stand here, and nobody can make series without end.

use std::fmt::Error;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::app::App;
use crate::failure::Failure;
use crate::store;
use crate::store::commits::CommitTimes;
use crate::store::envelope::Stage;

/// What stands before every name.
const PREFIX: &str = "passregion";
/// In seconds: a read takes one or two milliseconds, a commit as many as the disk, a deposit 200.
const TIMES: [f64; 13] =
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Requests that are counted together.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// Requests whose times are kept together: a status more would make fifteen times as many series.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

/// Envelopes with one outcome.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Opened {
    outcome: &'static str,
}

/// Something that waits.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Queue {
    queue: &'static str,
}

/// The counts of one server.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    times: Family<Asked, Histogram>,
    envelopes: Family<Opened, Counter>,
    waiting: Family<Queue, Gauge>,
    oldest_mail: Gauge,
    /// So that two who ask at the same time do not mix what they read.
    reading: Mutex<()>,
}

/// Times, in the buckets of all of them.
pub(crate) fn times() -> Histogram {
    Histogram::new(TIMES)
}

impl Metrics {
    /// The counts of a server that has just started, whose store tells its commits here.
    pub(crate) fn new(commits: &CommitTimes) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::default();
        let times = Family::new_with_constructor(times as fn() -> Histogram);
        let (waiting, oldest_mail) = (Family::default(), Gauge::default());
        registry.register("requests", "Answered requests", requests.clone());
        let help = "Time from a request to its answer";
        registry.register_with_unit("request", help, Unit::Seconds, times.clone());
        let help = "Time in which a transaction that keeps something gets onto the disk";
        registry.register_with_unit("commit", help, Unit::Seconds, commits.0.clone());
        let envelopes = Family::default();
        registry.register("envelopes", "Envelopes of stands that were opened", envelopes.clone());
        registry.register("waiting", "What waits, by queue", waiting.clone());
        let help = "Age of the oldest mail that waits";
        registry.register_with_unit("oldest_mail", help, Unit::Seconds, oldest_mail.clone());
        Self {
            registry,
            requests,
            times,
            envelopes,
            waiting,
            oldest_mail,
            reading: Mutex::default(),
        }
    }

    /// Counts one answered request.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let (method, route) = (known(method), route.to_owned());
        let asked = Asked { method, route: route.clone() };
        self.times.get_or_create(&asked).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { method, route, status: status.as_u16() }).inc();
    }

    /// Counts an envelope that was opened, by what became of it.
    pub(crate) fn opened(&self, stage: Stage) {
        self.envelopes.get_or_create(&Opened { outcome: stage.as_str() }).inc();
    }

    /// All of it as text, with what waits now.
    fn text(&self, app: &App, now: store::waiting::Waiting) -> Result<String, Error> {
        let _one_at_a_time = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        for (queue, length) in [
            ("mail", now.mails),
            ("mail_ask", now.mail_asks),
            ("decision", now.dossiers),
            ("duplicate", now.duplicates),
            ("envelope", now.envelopes),
            ("stuck_envelope", now.stuck_envelopes),
            // Photos to judge and passwords to hash share their turns.
            ("heavy", app.heavy.waiting()),
        ] {
            self.waiting.get_or_create(&Queue { queue }).set(length);
        }
        self.oldest_mail.set(now.oldest_mail_ms / 1_000);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A method that somebody made up is no series of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// The one page of the address that is named for it; no other address has it.
pub(crate) fn router(app: App) -> Router {
    Router::new().route("/metrics", get(read)).with_state(app)
}

async fn read(State(app): State<App>) -> Result<Response, Failure> {
    let now_ms = app.now_ms();
    let now = app.store.read(move |db| store::waiting::now(db, now_ms)).await?;
    let text = app.metrics.text(&app, now).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
