//! Days of a stand, on the real tablet and the real server, with figures at the end.
//!
//! `cargo run --release -p journeys --example stand_day -- --dossiers 1000 --days 3 --seed 1 --data DIR`
//! enrols so many students over so many simulated days without network, with reboots and on one of them
//! a clock that is two years off; then delivers over a line of one megabit a second that is cut every
//! thirty seconds. It prints one line of JSON and leaves DIR: `tablet/` and `server/`.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use journeys::calendar::{Calendar, Watch};
use journeys::power::Dice;
use journeys::stage::database;
use journeys::stand::PIN;
use journeys::{World, lina, picture};
use phone::transport::{Answered, Asked, Http, NoAnswer, Transport};
use phone::vault::NoKeyring;
use phone::{Parts, Phone, Settings, Vault};
use serde_json::{Value, json};
use url::Url;
use zeroize::Zeroizing;

/// Two years off.
const WRONG_DAYS: i64 = -730;
/// A hall's line in the evening, and how long it holds and is gone.
const BITS_PER_SECOND: f64 = 1_000_000.0;
const HOLDS: Duration = Duration::from_secs(30);
const GONE: Duration = Duration::from_secs(1);
/// Bytes that go at once.
const PIECE: usize = 4_096;
/// A head of a request, beside its body.
const HEAD_BYTES: usize = 300;

struct Options {
    dossiers: usize,
    days: i64,
    seed: u64,
    data: PathBuf,
    /// This process is the server's.
    serves: bool,
}

impl Options {
    fn read() -> anyhow::Result<Self> {
        let args: Vec<String> = std::env::args().skip(1).collect();
        let said: HashMap<&str, &str> = args
            .chunks_exact(2)
            .map(|two| (two[0].trim_start_matches("--"), two[1].as_str()))
            .collect();
        let number = |name: &str, usual: i64| match said.get(name) {
            Some(text) => text.parse::<i64>().with_context(|| format!("--{name} {text}")),
            None => Ok(usual),
        };
        Ok(Self {
            dossiers: number("dossiers", 1_000)?.try_into()?,
            days: number("days", 3)?,
            seed: number("seed", 1)?.unsigned_abs(),
            data: said.get("data").context("--data DIR")?.into(),
            serves: said.get("part") == Some(&"server"),
        })
    }
}

/// Secrets beside the tablet, for whoever opens it later: it is nobody's.
struct Drawer(PathBuf, Mutex<HashMap<String, String>>);

impl Vault for Drawer {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        let secrets = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        let mut secrets = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(entry.to_owned(), secret.to_owned());
        let text = serde_json::to_vec(&*secrets).map_err(|_| NoKeyring)?;
        std::fs::write(&self.0, text).map_err(|_| NoKeyring)
    }
}

/// How the line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    None,
    Good,
    Evening,
}

/// The one line of the hall: narrow, and cut again and again.
struct Line {
    way: Http,
    weather: Mutex<Weather>,
    begun: Mutex<Option<Instant>>,
    /// Whoever has it sends one piece.
    turn: tokio::sync::Mutex<()>,
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    /// Bytes of envelopes that went over the line, and of those that came for the first time.
    bytes: usize,
    first: usize,
    came: HashSet<String>,
    cuts: usize,
}

impl Line {
    fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn becomes(&self, weather: Weather) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Which of the times between two cuts it is; none while the line is gone.
    fn spell(&self) -> Option<u128> {
        let begun = (*self.begun.lock().unwrap_or_else(PoisonError::into_inner))?;
        let whole = (HOLDS + GONE).as_millis();
        let since = begun.elapsed().as_millis();
        (since % whole < HOLDS.as_millis()).then_some(since / whole)
    }

    /// Sends bytes up the line, piece by piece.
    async fn carries(&self, path: &str, bytes: usize) -> Result<(), NoAnswer> {
        let spell = self.spell().ok_or(NoAnswer)?;
        let is_envelope = path.starts_with("/v1/envelopes/");
        let mut left = bytes + HEAD_BYTES;
        while left > 0 {
            let piece = left.min(PIECE);
            let turn = self.turn.lock().await;
            let seconds = piece as f64 * 8.0 / BITS_PER_SECOND;
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            drop(turn);
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            if is_envelope {
                sent.bytes += piece;
            }
            if self.spell() != Some(spell) {
                sent.cuts += 1;
                return Err(NoAnswer);
            }
            left -= piece;
        }
        Ok(())
    }
}

#[async_trait]
impl Transport for Line {
    async fn send(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        match self.weather() {
            Weather::None => return Err(NoAnswer),
            Weather::Good => {}
            Weather::Evening => self.carries(&asked.path, asked.body.len()).await?,
        }
        let (path, bytes) = (asked.path.clone(), asked.body.len() + HEAD_BYTES);
        let answered = self.way.send(asked).await?;
        if path.starts_with("/v1/envelopes/") && answered.status.is_success() {
            let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            if sent.came.insert(path) {
                sent.first += bytes;
            }
        }
        Ok(answered)
    }
}

/// The tablet, and what it is made of.
struct Tablet {
    settings: Settings,
    vault: Arc<Drawer>,
    line: Arc<Line>,
    watch: Watch,
    phone: Option<Arc<Phone>>,
}

impl Tablet {
    fn starts(&mut self) -> anyhow::Result<Duration> {
        self.phone = None;
        let begun = Instant::now();
        let parts = Parts {
            vault: Arc::clone(&self.vault) as _,
            transport: Arc::clone(&self.line) as _,
            clock: Arc::new(self.watch.clone()),
        };
        self.phone = Some(Phone::assemble(self.settings.clone(), parts)?);
        Ok(begun.elapsed())
    }

    async fn does(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let phone = self.phone.as_ref().context("the tablet is off")?;
        phone.answer(command, args).await.with_context(|| command.to_owned())
    }

    async fn signs_in(&self) -> anyhow::Result<()> {
        let agent = self.does("stand", json!({})).await?["agents"][0]["id"].clone();
        self.does("stand_sign_in", json!({ "agent": agent, "pin": PIN })).await.map(drop)
    }

    /// One student; no two have the same photo.
    async fn enrols(&self, n: usize, picture: &str) -> anyhow::Result<String> {
        let draft = self.does("stand_start", json!({})).await?["draft"].clone();
        let draft = draft.as_str().context("a draft")?.to_owned();
        self.does("stand_student", json!({ "draft": draft })).await?;
        let charter = self.does("charter", json!({})).await?;
        let accepted = json!({ "draft": draft, "version": charter["version"] });
        self.does("accept_charter", accepted).await?;
        let family = family(n);
        let email = format!("{}@example.fr", family.to_lowercase());
        for (field, typed) in lina::answers() {
            let typed = match field {
                "family_name" => &family,
                "email" => &email,
                "email_confirmation" => continue,
                _ => typed,
            };
            self.does("set_field", lina::set_field(&draft, field, typed)).await?;
        }
        let proof =
            self.does("open_picture", json!({ "draft": draft, "picture": picture })).await?;
        let mut framing = proof["framed"]["framing"].clone();
        let height = framing["height"].as_f64().context("a framing")?;
        framing["height"] = json!(height * (1.0 - (n % 100) as f64 / 10_000.0));
        self.does("keep_picture", lina::keep_picture(&draft, &framing)).await?;
        self.does("stand_shield", json!({})).await?;
        let agent = self.does("stand", json!({})).await?["agents"][0]["id"].clone();
        let resume = json!({ "agent": agent, "pin": PIN, "check": true });
        self.does("stand_resume", resume).await?;
        let finished = self.does("stand_finish", json!({ "draft": draft })).await?;
        self.does("stand_close", json!({})).await?;
        Ok(finished["number"].as_str().context("a number")?.to_owned())
    }
}

/// A name of letters alone, another for each.
fn family(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    format!("Residu{}{}{}", letter(n), letter(n / 26), letter(n / 676))
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn disk(folder: &Path) -> anyhow::Result<u64> {
    let sizes = files(folder)?.into_iter().map(|file| Ok(std::fs::metadata(file)?.len()));
    sizes.sum::<std::io::Result<u64>>().map_err(Into::into)
}

/// How often anything that a student typed, or a photo, is found on the tablet.
fn residue(folder: &Path) -> anyhow::Result<usize> {
    let marks: [&[u8]; 6] =
        [b"Residu", b"residu", b"example.fr", b"06 12 34", b"Blatin", &[0xFF, 0xD8, 0xFF]];
    let mut hits = 0;
    for file in files(folder)? {
        let bytes = std::fs::read(file)?;
        for mark in marks {
            // Three bytes happen by chance in what is sealed: a photo begins a whole header.
            let whole = |at: usize| {
                mark.len() > 3 || bytes.get(at + 6..at + 10).is_some_and(|it| it == b"JFIF")
            };
            hits += bytes
                .windows(mark.len())
                .enumerate()
                .filter(|(at, it)| *it == mark && whole(*at))
                .count();
        }
    }
    Ok(hits)
}

/// Kilobytes of this process by the kernel's own count.
fn memory_kb(name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
    Ok(line.trim_start_matches(':').trim().trim_end_matches(" kB").parse()?)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::read()?;
    if options.serves {
        return serve(&options).await;
    }
    println!("{}", play(&options).await?);
    Ok(())
}

/// The Region's side: an event with one tablet, whose code it tells, and the server until its input ends.
async fn serve(options: &Options) -> anyhow::Result<()> {
    let world = World::at(&options.data.join("server"));
    let odile = world.administrator().await;
    let event = odile.make_event(options.days).await?;
    let code = odile.tablet_code(&event).await?;
    println!("{}", json!({ "url": odile.server(), "key": world.region_key(), "code": code }));
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()))
        .await??;
    Ok(())
}

/// The Region's side in a process of its own: the tablet's memory is measured alone.
struct Region {
    process: Child,
    said: Value,
}

impl Region {
    fn starts(options: &Options) -> anyhow::Result<Self> {
        std::fs::create_dir_all(options.data.join("server"))?;
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--part", "server", "--days", &options.days.to_string(), "--data"])
            .arg(&options.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("what it says")?).read_line(&mut line)?;
        let said = serde_json::from_str(&line).context("the server's first line")?;
        Ok(Self { process, said })
    }

    fn said(&self, name: &str) -> anyhow::Result<&str> {
        self.said[name].as_str().with_context(|| name.to_owned())
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // Its input ends, and so does it.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

async fn set_up(options: &Options, region: &Region) -> anyhow::Result<Tablet> {
    let url = Url::parse(region.said("url")?)?;
    let data = options.data.join("tablet");
    std::fs::create_dir_all(&data)?;
    let secrets = options.data.join("tablet-keyring.json");
    let settings = Settings::new(data, url.as_str(), region.said("key")?)?;
    let line = Line {
        way: Http::new(url),
        weather: Mutex::new(Weather::Good),
        begun: Mutex::default(),
        turn: tokio::sync::Mutex::default(),
        sent: Mutex::default(),
    };
    let vault = Arc::new(Drawer(secrets, Mutex::default()));
    let (line, watch) = (Arc::new(line), Watch::by(&Calendar::default()));
    let mut tablet = Tablet { settings, vault, line, watch, phone: None };
    tablet.starts()?;
    let code = json!({ "code": region.said("code")?, "name": "Tablette 1" });
    tablet.does("stand_set_up", code).await?;
    tablet.does("stand_add_agent", json!({ "name": "Nadia", "pin": PIN })).await?;
    tablet.does("stand_send", json!({})).await?;
    Ok(tablet)
}

async fn play(options: &Options) -> anyhow::Result<Value> {
    ensure!(!options.data.exists(), "{} is there already", options.data.display());
    let region = Region::starts(options)?;
    let mut tablet = set_up(options, &region).await?;
    let before_kb = memory_kb("VmRSS")?;
    tablet.line.becomes(Weather::None);
    let mut dice = Dice::new(&[options.seed]);
    let picture = BASE64.encode(picture::good_in_a_dim_hall());
    let begun = Instant::now();
    let mut numbers = HashSet::new();
    let (mut reboots, mut last_day) = (0, -1);
    for n in 0..options.dossiers {
        let day = n as i64 * options.days / options.dossiers as i64;
        // One of the days, somebody set the clock wrong.
        let off = if options.days > 1 && day == 1 { WRONG_DAYS } else { 0 };
        tablet.watch.set(day + off);
        if day != last_day || dice.below(50) == 0 {
            (last_day, reboots) = (day, reboots + 1);
            tablet.starts()?;
            tablet.signs_in().await?;
        }
        ensure!(
            numbers.insert(tablet.enrols(n, &picture).await?),
            "a number that was given before"
        );
    }
    let enrolled = begun.elapsed();
    let tablet_data = tablet.settings.data.clone();
    let disk_bytes = disk(&tablet_data)?;
    let cold_start = tablet.starts()?;
    let begun = Instant::now();
    tablet.does("stand", json!({})).await?;
    let cold_start = cold_start + begun.elapsed();
    tablet.signs_in().await?;
    let list = list_ms(&tablet).await?;
    let peak_kb = memory_kb("VmHWM")?;
    // Reads whole files: only now.
    let residue_hits = residue(&tablet_data)?;
    let evening = evening(&tablet).await?;
    let view = tablet.does("stand", json!({})).await?;
    let server = options.data.join("server");
    let dossiers: i64 = database(&server.join("server.sqlite"))?.query_row(
        "SELECT count(*) FROM dossier",
        [],
        |row| row.get(0),
    )?;
    ensure!(dossiers == options.dossiers as i64, "{dossiers} dossiers at the Region");
    let photos = database(&server.join("photos.sqlite"))?;
    let photo_kb: f64 =
        photos.query_row("SELECT avg(length(bytes)) / 1e3 FROM photo", [], |row| row.get(0))?;
    let sent = tablet.line.sent.lock().unwrap_or_else(PoisonError::into_inner);
    let twice = sent.bytes.saturating_sub(sent.first);
    let megabytes = |bytes: u64| (bytes as f64 / 100_000.0).round() / 10.0;
    Ok(json!({
        "students": options.dossiers, "days": options.days, "seed": options.seed, "reboots": reboots,
        "photo_kb": photo_kb.round(),
        "enrol_seconds": enrolled.as_secs(),
        "disk_mb": megabytes(disk_bytes), "cold_start_ms": cold_start.as_millis() as u64,
        "list_p95_ms": list, "memory_mb": peak_kb / 1_000, "memory_mb_before": before_kb / 1_000,
        "delivered": view["delivered"], "stuck": view["stuck"], "unsent": view["unsent"],
        "delivery_seconds": evening.as_secs(), "cuts": sent.cuts,
        "sent_mb": megabytes(sent.bytes as u64),
        "sent_twice_percent": (twice as f64 * 1_000.0 / sent.first.max(1) as f64).round() / 10.0,
        "residue_hits": residue_hits,
    }))
}

/// The milliseconds within which 95 of 100 pages of the list come.
async fn list_ms(tablet: &Tablet) -> anyhow::Result<f64> {
    let (mut after, mut took) = (Value::Null, Vec::new());
    for _ in 0..100 {
        let begun = Instant::now();
        let page = tablet.does("stand_list", json!({ "after": after })).await?;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        after = page["next"].clone();
    }
    took.sort_by(f64::total_cmp);
    Ok((took[94] * 100.0).round() / 100.0)
}

/// Delivers everything over the line of the evening, as the running app does.
async fn evening(tablet: &Tablet) -> anyhow::Result<Duration> {
    let phone = Arc::clone(tablet.phone.as_ref().context("the tablet is off")?);
    tablet.line.becomes(Weather::Evening);
    let begun = Instant::now();
    let courier = tokio::spawn(phone.run_courier());
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let view = tablet.does("stand", json!({})).await?;
        if view["unsent"] == 0 {
            courier.abort();
            return Ok(begun.elapsed());
        }
        ensure!(begun.elapsed() < Duration::from_secs(4 * 3_600), "it never ends: {view}");
    }
}
