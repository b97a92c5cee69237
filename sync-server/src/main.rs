//! Starts the server, says where it listens, and stops it when asked; or does one task and ends.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use sync_server::{
    App, Command, Config, Database, FirstStart, Place, ReferenceTask, Setup, SystemClock, Task,
    address, backup, begin_epoch, doctor, erase, import, init, log_to, migrate, openapi,
    reached_at, restore, serve_metrics, serve_until, tend_card, tend_keys, tend_users,
};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Requests that are still open after this are cut: phones send again.
const LONGEST_STOP: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<ExitCode> {
    log_to_stderr();
    match Command::parse() {
        Command { task: Some(task), .. } => run(task),
        Command { serve: Some(config), .. } => serve(config).map(|()| ExitCode::SUCCESS),
        Command { task: None, serve: None } => Ok(ExitCode::FAILURE),
    }
}

/// Does what is done beside serving.
fn run(task: Task) -> anyhow::Result<ExitCode> {
    let ended = |well: bool| if well { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    let clock = SystemClock;
    match task {
        Task::Reference(ReferenceTask::Import(mut asked)) => {
            asked.database = Database::named(asked.database)?;
            return import(&asked, &clock).map(ended);
        }
        Task::Doctor(config) => return doctor(&config, &clock).map(ended),
        Task::Ticket(mut asked) => {
            asked.database = Database::named(asked.database)?;
            writeln!(std::io::stdout(), "{}", address(&asked, &clock)?)?;
        }
        Task::Openapi => write!(std::io::stdout(), "{}", openapi()?)?,
        Task::Backup { data, to } => backup(&data, &to)?,
        Task::Restore { from, data } => restore(&from, &data)?,
        Task::Keys(task) => tend_keys(&task, &clock)?,
        Task::Card(mut task) => {
            task.of().database = Database::named(task.of().database.take())?;
            tend_card(&task, &clock)?;
        }
        Task::User(mut task) => {
            named(task.of())?;
            tend_users(&task, &clock)?;
        }
        Task::Init(mut place) => init(named(&mut place)?, Arc::new(clock))?,
        Task::Migrate(mut place) => migrate(named(&mut place)?)?,
        Task::Erase(mut asked) => {
            named(&mut asked.of)?;
            erase(&asked, &clock, std::io::stdin().lock())?;
        }
        Task::Epoch { data, database } => begin_epoch(&data, Database::named(database)?.as_ref())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The same server, its database perhaps named by the environment.
fn named(place: &mut Place) -> anyhow::Result<&Place> {
    place.database = Database::named(place.database.take())?;
    Ok(place)
}

#[tokio::main]
async fn serve(config: Config) -> anyhow::Result<()> {
    let (mail, apps) = (config.mail_server()?, config.apps());
    let database = Database::named(config.database)?;
    let setup =
        Setup::new(&config.data, Arc::new(SystemClock)).database(database).photos(config.photos);
    let setup = setup.automerge(config.automerge).mail(mail).apps(apps);
    let (app, first) = setup.envelope_days(config.envelope_days).open()?;
    if let Some(url) = &config.public_url {
        app.published_at(url);
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let here = format!("http://{}", listener.local_addr()?);
    app.links_begin_with(config.public_url.as_deref().unwrap_or(&here));
    if config.automerge {
        reached_at(&config.data, config.public_url.as_deref().unwrap_or(&here))?;
    }
    announce(&listener, &app, &first)?;
    if let Some(address) = config.metrics {
        open_metrics(&app, address).await?;
    }
    let erasing = app.clone();
    tokio::spawn(async move { erasing.erase_leftover_photos().await });
    let mailing = app.clone();
    tokio::spawn(async move { mailing.run_mail().await });
    let opening = app.clone();
    tokio::spawn(async move { opening.run_intake().await });
    let (stopping, stopped) = watch::channel(false);
    let mut asked = stopped.clone();
    let served = serve_until(app, listener, async move {
        let _ = asked.wait_for(|stop| *stop).await;
    });
    let mut serving = tokio::spawn(served);
    tokio::select! {
        ended = &mut serving => return Ok(ended??),
        asked = stop_asked() => asked?,
    }
    let _ = stopping.send(true);
    match tokio::time::timeout(LONGEST_STOP, serving).await {
        Ok(ended) => Ok(ended??),
        Err(_) => Ok(()),
    }
}

/// What Prometheus reads, at an address of its own.
async fn open_metrics(app: &App, address: SocketAddr) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    writeln!(std::io::stdout(), "metrics on http://{}/metrics", listener.local_addr()?)?;
    let app = app.clone();
    tokio::spawn(async move { serve_metrics(app, listener).await });
    Ok(())
}

/// The lines that a script or a person reads. The password is told here and nowhere else.
fn announce(listener: &TcpListener, app: &App, first: &FirstStart) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{}", listener.local_addr()?)?;
    writeln!(out, "region key {}", app.region_key().to_hex())?;
    if let Some(account) = &first.desk_account {
        writeln!(out, "desk account: {} / {}", account.name, account.password)?;
    }
    out.flush()?;
    Ok(())
}

/// Waits for SIGTERM or SIGINT.
async fn stop_asked() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

/// JSON lines; at a start, of the migrations only what goes wrong. Of a panic only the place is told: its words may hold what a person typed.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,refinery_core=warn"));
    log_to(std::io::stderr, filter);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
