//! Real processes of a journey: the server, the app's window, and the kill that both must survive.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use url::Url;

use crate::port;

/// How long a process may take to say that it is ready.
const READY: Duration = Duration::from_secs(60);

/// Whom the mails of a journey come from.
const MAIL_FROM: &str = "Pass’Région <ne-pas-repondre@passregion.example>";

/// A `sync-server` process at an address that stays the same when it is started again.
pub struct Server {
    binary: PathBuf,
    data: PathBuf,
    /// Where it listens.
    pub url: Url,
    /// Its public key, in hexadecimal.
    pub region_key: String,
    /// Name and password of the desk, told at the first start only.
    pub account: Option<(String, String)>,
    /// Where its mails go.
    smtp: String,
    process: Option<Child>,
}

impl Server {
    /// Starts a server for the first time, on data of its own; its mails go to `smtp`.
    pub fn first_start(binary: PathBuf, data: PathBuf, smtp: String) -> anyhow::Result<Self> {
        let url = Url::parse(&format!("http://127.0.0.1:{}", free_port()?))?;
        let region_key = String::new();
        let mut server = Self { binary, data, url, region_key, account: None, smtp, process: None };
        server.start()?;
        Ok(server)
    }

    /// Starts it again on its data.
    pub fn start(&mut self) -> anyhow::Result<()> {
        fs::create_dir_all(&self.data)?;
        let log = fs::File::options().create(true).append(true).open(self.data.join("log"))?;
        let mut process = Command::new(&self.binary)
            .arg("--data")
            .arg(&self.data)
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", self.url.port().context("a port")?))
            .args(["--smtp", &self.smtp, "--mail-from", MAIL_FROM])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let first_start = self.region_key.is_empty();
        let lines = BufReader::new(process.stdout.take().context("its output")?).lines();
        self.process = Some(process);
        for line in lines {
            let line = line?;
            if let Some(key) = line.strip_prefix("region key ") {
                self.region_key = key.to_owned();
                if !first_start {
                    return Ok(());
                }
            }
            if let Some(account) = line.strip_prefix("desk account: ") {
                let (name, password) = account.split_once(" / ").context("name / password")?;
                self.account = Some((name.to_owned(), password.to_owned()));
                return Ok(());
            }
        }
        bail!("the server ended before it was ready")
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// The first column of the first row of a query on its database, seen from outside.
    pub fn says<T: rusqlite::types::FromSql>(&self, query: &str) -> anyhow::Result<T> {
        Ok(database(&self.data.join("server.sqlite"))?.query_row(query, [], |row| row.get(0))?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// The drivers between a script and the app's window.
pub struct Driver {
    process: Child,
    app: PathBuf,
    /// Where it listens.
    pub port: u16,
}

impl Driver {
    /// Starts `tauri-driver` over `WebKitWebDriver`; the app inherits `environment`.
    pub fn start(
        driver: &Path,
        webkit: &Path,
        app: &Path,
        log: &Path,
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let (port, native_port) = (free_port()?, free_port()?);
        let log = fs::File::create(log)?;
        let process = Command::new(driver)
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .arg("--native-driver")
            .arg(webkit)
            .envs(environment.iter().copied())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("tauri-driver starts")?;
        Ok(Self { process, app: app.to_owned(), port })
    }

    /// Kills the app with SIGKILL, in the middle of whatever it does.
    pub fn kill_app(&self) -> anyhow::Result<()> {
        let pids = running(&self.app)?;
        ensure!(!pids.is_empty(), "the app is not running");
        for pid in &pids {
            let killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status()?;
            ensure!(killed.success(), "kill -KILL {pid}");
        }
        let since = Instant::now();
        while !running(&self.app)?.is_empty() {
            ensure!(since.elapsed() < READY, "the app outlives its kill");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.kill_app();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A database as another process sees it: read only.
pub fn database(file: &Path) -> anyhow::Result<rusqlite::Connection> {
    let connection =
        rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// The processes that run this binary.
fn running(binary: &Path) -> anyhow::Result<Vec<u32>> {
    let binary = binary.canonicalize()?;
    let mut pids = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let entry = entry?;
        let pid = entry.file_name().to_string_lossy().parse::<u32>();
        let Ok(pid) = pid else { continue };
        if fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == binary) {
            pids.push(pid);
        }
    }
    Ok(pids)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(port::listener()?.local_addr()?.port())
}
