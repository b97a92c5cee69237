//! Starts the server, says where it listens, and stops it when asked; or does one task and ends.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use sync_server::{
    App, Command, Config, Database, FirstStart, ReferenceTask, Setup, SystemClock, Task, address,
    backup, begin_epoch, import, reached_at, restore, serve_until, tend_card, tend_keys,
};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Requests that are still open after this are cut: phones send again.
const LONGEST_STOP: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<ExitCode> {
    log_to_stderr();
    match Command::parse() {
        Command { task: Some(Task::Reference(ReferenceTask::Import(mut asked))), .. } => {
            asked.database = Database::named(asked.database)?;
            let taken = import(&asked, &SystemClock)?;
            Ok(if taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command { task: Some(Task::Ticket(mut asked)), .. } => {
            asked.database = Database::named(asked.database)?;
            writeln!(std::io::stdout(), "{}", address(&asked, &SystemClock)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command { task: Some(Task::Backup { data, to }), .. } => {
            backup(&data, &to).map(|()| ExitCode::SUCCESS)
        }
        Command { task: Some(Task::Restore { from, data }), .. } => {
            restore(&from, &data).map(|()| ExitCode::SUCCESS)
        }
        Command { task: Some(Task::Keys(task)), .. } => {
            tend_keys(&task, &SystemClock).map(|()| ExitCode::SUCCESS)
        }
        Command { task: Some(Task::Card(mut task)), .. } => {
            task.of().database = Database::named(task.of().database.take())?;
            tend_card(&task, &SystemClock).map(|()| ExitCode::SUCCESS)
        }
        Command { task: Some(Task::Epoch { data, database }), .. } => {
            begin_epoch(&data, Database::named(database)?.as_ref()).map(|()| ExitCode::SUCCESS)
        }
        Command { serve: Some(config), .. } => serve(config).map(|()| ExitCode::SUCCESS),
        Command { task: None, serve: None } => Ok(ExitCode::FAILURE),
    }
}

#[tokio::main]
async fn serve(config: Config) -> anyhow::Result<()> {
    let (mail, apps) = (config.mail_server()?, config.apps());
    let database = Database::named(config.database)?;
    let setup =
        Setup::new(&config.data, Arc::new(SystemClock)).database(database).photos(config.photos);
    let (app, first) = setup.automerge(config.automerge).mail(mail).apps(apps).open()?;
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
    let erasing = app.clone();
    tokio::spawn(async move { erasing.erase_leftover_photos().await });
    let mailing = app.clone();
    tokio::spawn(async move { mailing.run_mail().await });
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

/// JSON lines. Of a panic only the place is told: its words may hold what a person typed.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
