//! A server that is unplugged: everything that it ever writes, request by request.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use hyper::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync_server::PhotoPlace;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use super::line::{Application, FORM, JSON, Line, WRITER};
use super::phone::are_sound;
use super::{Teller, is_allowed, say};
use crate::desk::csrf;
use crate::power::disk::content;
use crate::power::explorer::Witness;

/// The applications of this story, by the byte that they follow from: two that are deposited, one
/// that is deleted.
const LETTERS: [u8; 2] = [5, 6];
const DELETED: u8 = 7;

/// The account that the server makes at its first start.
const REVIEWER: &str = "reviewer";

/// What is asked when each of them is deposited, by its id: the same whenever it is asked.
static DEPOSITS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let whole = |mut application: Application| {
        application.fill();
        (application.id.to_string(), application.deposit())
    };
    LETTERS.map(Application::new).map(whole).into()
});

/// The very first start: key, databases, the desk's account, one phone that says who it is.
pub fn first_start(data: &Path) -> Result<(), String> {
    let line = Line::opens(data)?;
    let account = line.account.as_ref().ok_or("not the first start")?;
    line.bind(WRITER)?;
    say(&format!("desk {}", account.password));
    Teller::default().promises(&sees(&line, data)?);
    Ok(())
}

/// The password of the desk that the first start told.
pub fn desk_password(said: &[String]) -> Option<&str> {
    said.iter().find_map(|line| line.strip_prefix("desk "))
}

/// Plays the story of a server that was started before, from the first change to the second card.
pub fn story(data: &Path, password: &str) -> Result<(), String> {
    let mut play = Play::begins(data, PhotoPlace::File)?;
    let mut applications = LETTERS.map(Application::new);
    for application in &mut applications {
        play.arrives(application)?;
    }
    play.begins_and_deletes(&mut Application::new(DELETED))?;
    play.restarts()?;
    let form = Serializer::new(String::new())
        .extend_pairs([("name", REVIEWER), ("password", password)])
        .finish();
    let signed_in =
        play.line()?.must(Method::POST, "/desk/sign-in", (FORM, "cookie none"), form)?;
    let cookie = format!("cookie {}", signed_in.cookie.ok_or("no session")?);
    let decisions = [("accept", ""), ("refuse", "reasons=TROP_SOMBRE&note=Trop+sombre")];
    for (application, (decision, fields)) in applications.iter().zip(decisions) {
        play.step(|line| {
            let path = format!("/desk/dossiers/{}", application.id);
            let page = line.must(Method::GET, &path, (FORM, &cookie), "")?;
            let csrf = csrf(&String::from_utf8_lossy(&page.body)).ok_or("no form")?;
            let form = format!("csrf={csrf}&{fields}");
            line.must(Method::POST, &format!("{path}/{decision}"), (FORM, &cookie), form).map(drop)
        })?;
    }
    play.step(|line| {
        let lost = json!({ "dossier": applications[0].id, "reason": "PERTE" }).to_string();
        let path = format!("/v1/duplicates/{}", Uuid::from_bytes([9; 16]));
        line.must(Method::PUT, &path, (JSON, WRITER), lost).map(drop)
    })?;
    play.restarts()
}

/// Plays the photos of a server that keeps them as files of a folder.
pub fn story_of_files(data: &Path) -> Result<(), String> {
    let mut play = Play::begins(data, files(data))?;
    let mut applications = LETTERS.map(Application::new);
    for application in &mut applications {
        let pushed = application.fill();
        let pushed = application.push(&pushed);
        play.step(|line| line.sync(WRITER, &pushed).map(drop))?;
        play.sends_photo(application)?;
    }
    play.begins_and_deletes(&mut Application::new(DELETED))?;
    play.restarts()
}

/// The folder of the photos of that story.
fn files(data: &Path) -> PhotoPlace {
    PhotoPlace::Folder(data.join("photos"))
}

/// Plays the start of a new server on what a former one left: its schema is brought up to date.
pub fn migration(data: &Path) -> Result<(), String> {
    Play::begins(data, PhotoPlace::File)?.restarts()
}

/// Makes a database of what stands in another, as the first release of the schema would hold it: in
/// the columns that both have.
pub fn as_of_the_first_release(now: &Path, then: &Path) -> anyhow::Result<()> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/server-sqlite");
    let mut database = Connection::open(then)?;
    refinery::Runner::new(&refinery::load_sql_migrations(schema)?)
        .set_target(refinery::Target::Version(1))
        .run(&mut database)?;
    database.execute("ATTACH ? AS now", [now.to_string_lossy()])?;
    let texts = |query: &str| -> rusqlite::Result<Vec<String>> {
        database.prepare(query)?.query_map([], |row| row.get(0))?.collect()
    };
    let tables = "SELECT name FROM main.sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'refinery%'";
    for table in texts(tables)? {
        let columns = texts(&format!(
            "SELECT name FROM pragma_table_info('{table}', 'main')
             INTERSECT SELECT name FROM pragma_table_info('{table}', 'now')"
        ))?;
        let columns = columns.join(", ");
        database.execute_batch(&format!(
            "PRAGMA foreign_keys = OFF;
             INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}"
        ))?;
    }
    Ok(())
}

/// A server that is played with.
struct Play<'a> {
    data: &'a Path,
    photos: PhotoPlace,
    line: Option<Line>,
    teller: Teller,
}

impl<'a> Play<'a> {
    fn begins(data: &'a Path, photos: PhotoPlace) -> Result<Self, String> {
        let line = Line::opens_with(data, photos.clone())?;
        let play = Self { data, photos, line: Some(line), teller: Teller::default() };
        play.teller.promises(&sees(play.line()?, data)?);
        Ok(play)
    }

    fn line(&self) -> Result<&Line, String> {
        self.line.as_ref().ok_or("closed".to_owned())
    }

    /// One request; what the server then says is promised.
    fn step(&mut self, work: impl FnOnce(&Line) -> Result<(), String>) -> Result<(), String> {
        self.teller.asks();
        work(self.line()?)?;
        self.teller.promises(&sees(self.line()?, self.data)?);
        Ok(())
    }

    fn restarts(&mut self) -> Result<(), String> {
        self.line = None;
        self.line = Some(Line::opens_with(self.data, self.photos.clone())?);
        self.step(|_| Ok(()))
    }

    /// One application comes in: change by change, then all that is left, the photo, the deposit.
    fn arrives(&mut self, application: &mut Application) -> Result<(), String> {
        let changes = application.fill();
        let (single, rest) = changes.split_at(5);
        for pushed in single.chunks(1).chain([rest]) {
            let pushed = application.push(pushed);
            self.step(|line| line.sync(WRITER, &pushed).map(drop))?;
        }
        self.sends_photo(application)?;
        let deposit = application.deposit();
        self.step(|line| {
            let path = format!("/v1/deposits/{}", application.id);
            let receipt = line.must(Method::PUT, &path, (JSON, WRITER), deposit)?;
            // The very word that the phone gets; asked again, the server must repeat it.
            say(&format!("receipt {} {}", application.id, String::from_utf8_lossy(&receipt.body)));
            Ok(())
        })
    }

    fn sends_photo(&mut self, application: &Application) -> Result<(), String> {
        let hash = dossier::hexadecimal::text(&application.photo.hash);
        self.step(|line| {
            let path = format!("/v1/photos/{hash}");
            let jpeg = application.photo.jpeg.clone();
            line.must(Method::PUT, &path, ("image/jpeg", WRITER), jpeg).map(drop)
        })
    }

    /// One application comes in with its photo, and its student deletes it.
    fn begins_and_deletes(&mut self, application: &mut Application) -> Result<(), String> {
        let pushed = application.fill();
        let pushed = application.push(&pushed);
        self.step(|line| line.sync(WRITER, &pushed).map(drop))?;
        self.sends_photo(application)?;
        let deleted = application.deletes();
        self.step(|line| line.sync(WRITER, &deleted).map(drop))
    }
}

/// Everything that the server says of its drafts, photos, dossiers and cards.
fn sees(line: &Line, data: &Path) -> Result<String, String> {
    let ask = Application::offers(&[LETTERS[0], LETTERS[1], DELETED]);
    let answer = line.sync(WRITER, &ask)?;
    let missing: Vec<String> = answer.photos_missing.iter().map(|hash| short(hash)).collect();
    let gone: Vec<Uuid> = answer.gone.iter().map(|draft| Uuid::from_bytes(**draft)).collect();
    let mut standings = Vec::new();
    for letter in LETTERS {
        let path = format!("/v1/dossiers/{}", Application::new(letter).id);
        let standing = line.ask(Method::GET, &path, (JSON, WRITER), "")?;
        standings.push(match standing.status.is_success() {
            true => kept_of(&standing.body)?,
            false => Value::from(standing.status.as_u16()),
        });
    }
    let shown = json!({
        "drafts": drafts(data)?, "photos_missing": missing, "gone": gone, "standings": standings,
    });
    Ok(shown.to_string())
}

/// What a standing says, but for the day on which it was asked: a story may be told over midnight.
fn kept_of(standing: &[u8]) -> Result<Value, String> {
    let mut told: Value = serde_json::from_slice(standing).map_err(|error| error.to_string())?;
    if let Some(balances) = told.get_mut("balances").and_then(Value::as_object_mut) {
        balances.remove("on");
    }
    Ok(told)
}

/// The history of each draft, as the log holds it.
fn drafts(data: &Path) -> Result<Value, String> {
    let wrong = |error: rusqlite::Error| error.to_string();
    let database = Connection::open(data.join("server.sqlite")).map_err(wrong)?;
    let query = "SELECT hex(draft), hash, bytes FROM change ORDER BY draft, seq";
    let mut statement = database.prepare(query).map_err(wrong)?;
    let mut rows = statement.query([]).map_err(wrong)?;
    let mut drafts = serde_json::Map::new();
    while let Some(row) = rows.next().map_err(wrong)? {
        let (draft, hash): (String, [u8; 32]) =
            (row.get(0).map_err(wrong)?, row.get(1).map_err(wrong)?);
        let bytes: Vec<u8> = row.get(2).map_err(wrong)?;
        let admitted = dossier::document::guard::admit(&bytes);
        let admitted = admitted.map_err(|refusal| format!("a stored change: {refusal}"))?;
        if admitted.hash() != hash {
            return Err("a change is stored under another name".to_owned());
        }
        drafts
            .entry(draft)
            .or_insert(json!([]))
            .as_array_mut()
            .ok_or("a list")?
            .push(json!(short(&hash)));
    }
    Ok(drafts.into())
}

/// Starts the server as it is started after a crash.
pub fn reopen(data: &Path) -> Result<(Line, String), String> {
    reopen_with(data, PhotoPlace::File)
}

fn reopen_with(data: &Path, photos: PhotoPlace) -> Result<(Line, String), String> {
    let line = Line::opens_with(data, photos)?;
    // A phone says at each of its starts which space is its own.
    line.bind(WRITER)?;
    let seen = sees(&line, data)?;
    Ok((line, seen))
}

/// Whoever starts the server again when the power is back.
#[derive(Default)]
pub struct Operator {
    has_files: bool,
}

impl Operator {
    /// One whose server keeps its photos as files of a folder.
    pub fn of_files() -> Self {
        Self { has_files: true }
    }
}

impl Witness for Operator {
    fn look(&self, folder: &Path, said: &[String]) -> Result<String, String> {
        let photos = if self.has_files { files(folder) } else { PhotoPlace::File };
        let (line, seen) = reopen_with(folder, photos)?;
        let deposits = said.iter().filter_map(|line| line.strip_prefix("receipt "));
        for (id, receipt) in deposits.filter_map(|told| told.split_once(' ')) {
            let asked = DEPOSITS.get(id).ok_or("another dossier")?;
            let path = format!("/v1/deposits/{id}");
            let answer = line.must(Method::PUT, &path, (JSON, WRITER), asked.clone())?;
            if answer.body != receipt.as_bytes() {
                return Err("another receipt for the same deposit".to_owned());
            }
        }
        drop(line);
        if self.has_files {
            files_are_whole(&folder.join("photos"))?;
        } else {
            photos_are_whole(folder)?;
        }
        are_sound(folder)?;
        Ok(seen)
    }

    fn allows(&self, seen: &str, said: &[String], to_come: &[String]) -> bool {
        is_allowed(seen, said, to_come)
    }
}

/// Enough of a hash to tell it from the others.
fn short(hash: &[u8; 32]) -> String {
    dossier::hexadecimal::text(&hash[..4])
}

/// Every stored photo is the one that its name says.
fn photos_are_whole(folder: &Path) -> Result<(), String> {
    let wrong = |error: rusqlite::Error| error.to_string();
    let database = Connection::open(folder.join("photos.sqlite")).map_err(wrong)?;
    let mut statement = database.prepare("SELECT hash, bytes FROM photo").map_err(wrong)?;
    let mut rows = statement.query([]).map_err(wrong)?;
    while let Some(row) = rows.next().map_err(wrong)? {
        let (hash, bytes): (Vec<u8>, Vec<u8>) =
            (row.get(0).map_err(wrong)?, row.get(1).map_err(wrong)?);
        if Sha256::digest(&bytes).as_slice() != hash {
            return Err("a photo is not whole".to_owned());
        }
    }
    Ok(())
}

/// Every photo that has its name is the one that its name says; what has not is not told.
fn files_are_whole(folder: &Path) -> Result<(), String> {
    for (path, bytes) in content(folder).map_err(|error| error.to_string())? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let (Some(bytes), false) = (bytes, name.contains('#'))
            && dossier::hexadecimal::text(&Sha256::digest(bytes.as_slice())) != name
        {
            return Err("a photo is not whole".to_owned());
        }
    }
    Ok(())
}
