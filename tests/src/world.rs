//! Server, phones and network of one journey.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use phone::vault::NoKeyring;
use phone::{Parts, Phone, Settings, Trouble, Vault};
use serde_json::{Value, json};
use sync_server::{MailServer, Setup};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use url::Url;
use zeroize::Zeroizing;

use crate::calendar::{Calendar, Watch};
use crate::desk::Desk;
use crate::lina;
use crate::mailbox::Mailbox;
use crate::network::{Asked, Cable, Network};
use crate::picture;
use crate::port;

/// How long open connections and writes may take to end.
const STOPPED: Duration = Duration::from_secs(5);

/// One server and everyone who talks to it.
pub struct World {
    data: PathBuf,
    /// Goes with the world, unless somebody wants to look at it later.
    _ground: Option<TempDir>,
    /// A runtime of its own, so that stopping it ends every open connection too.
    server: Option<Runtime>,
    url: Url,
    region_key: String,
    account: (String, String),
    smtp: Option<String>,
    /// Who signed the certificate of that mail server, beside everybody's authorities.
    authority: Option<Vec<u8>>,
    calendar: Calendar,
}

impl World {
    /// A world whose server has just started for the first time.
    pub fn new() -> Self {
        Self::start(None, None, Calendar::default())
    }

    /// A world in the first November of a season, whose days go by when the journey says so.
    pub fn in_november() -> Self {
        Self::start(None, None, Calendar::in_november())
    }

    /// A world whose server keeps its data in this folder, and leaves it there.
    pub fn at(folder: &Path) -> Self {
        Self::start(None, Some(folder), Calendar::default())
    }

    /// A world whose server sends its mails to this mailbox.
    pub fn with(mailbox: &Mailbox) -> Self {
        let known = (mailbox.smtp.clone(), mailbox.authority.clone());
        Self::start(Some(known), None, Calendar::default())
    }

    /// The same, but its server does not know who signed the certificate of the mailbox.
    pub fn distrusting(mailbox: &Mailbox) -> Self {
        Self::start(Some((mailbox.smtp.clone(), None)), None, Calendar::default())
    }

    fn start(
        mailbox: Option<(String, Option<Vec<u8>>)>,
        folder: Option<&Path>,
        calendar: Calendar,
    ) -> Self {
        let ground = match folder {
            Some(_) => None,
            None => Some(tempfile::tempdir().expect("a folder for the server")),
        };
        let data = folder.or(ground.as_ref().map(TempDir::path)).expect("a folder").to_owned();
        let (smtp, authority) = mailbox.unzip();
        let authority = authority.flatten();
        let mut world = Self {
            data,
            _ground: ground,
            server: None,
            url: Url::parse("http://127.0.0.1:1").expect("an address"),
            region_key: String::new(),
            account: Default::default(),
            smtp,
            authority,
            calendar,
        };
        world.start_server();
        world
    }

    /// Starts the server on its data; at a port of its own on the first start, the same ever after.
    pub fn start_server(&mut self) {
        let listener = match self.url.port() {
            Some(1) | None => port::listener(),
            Some(port) => std::net::TcpListener::bind(("127.0.0.1", port)),
        };
        let listener = listener.expect("a free port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let address = listener.local_addr().expect("an address");
        let mail = self.smtp.as_deref().map(|smtp| {
            let authority = self.authority.as_deref();
            MailServer::new(smtp, None, "Pass’Région <pass@region.example>", authority)
                .expect("a server")
        });
        let setup = Setup::new(&self.data, Arc::new(self.calendar.clone())).mail(mail);
        let (app, first) = setup.open().expect("the server opens");
        app.links_begin_with(&format!("http://{address}"));
        self.region_key = app.region_key().to_hex();
        if let Some(account) = first.desk_account {
            self.account = (account.name, account.password);
        }
        self.url = Url::parse(&format!("http://{address}")).expect("an address");
        let runtime = Runtime::new().expect("a runtime for the server");
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener for tokio");
            let mailing = app.clone();
            tokio::spawn(async move { mailing.run_mail().await });
            let _ = sync_server::serve(app, listener).await;
        });
        self.server = Some(runtime);
    }

    /// Ends the server between two instructions, as a kill would.
    pub fn stop_server(&mut self) {
        if let Some(server) = self.server.take() {
            // A thread that may wait: port and databases must be free when this returns.
            let stopping = std::thread::spawn(move || server.shutdown_timeout(STOPPED));
            stopping.join().expect("the server stops");
        }
    }

    /// The server's databases are lost; its key is not.
    pub fn forget_databases(&self) {
        for entry in std::fs::read_dir(&self.data).expect("the server's folder") {
            let file = entry.expect("a file").path();
            if file.is_file() {
                std::fs::remove_file(file).expect("a file to lose");
            }
        }
    }

    /// A phone that was just unpacked.
    pub fn phone(&self, name: &'static str) -> Person {
        let person = Person {
            name,
            data: tempfile::tempdir().expect("a folder for the phone"),
            vault: Arc::new(Pocket::default()),
            cable: Arc::default(),
            asked: Asked::default(),
            server: self.url.clone(),
            region_key: self.region_key.clone(),
            watch: Watch::by(&self.calendar),
            phone: None,
        };
        person.started()
    }

    /// So many days go by, for everyone.
    pub fn passes(&self, days: i64) {
        self.calendar.pass(days);
    }

    /// What day and time it is, as the server knows it.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The folder of the server's data.
    pub fn server_data(&self) -> &Path {
        &self.data
    }

    /// A reviewer who signed in.
    pub async fn desk(&self) -> Desk {
        let (name, password) = &self.account;
        Desk::sign_in(self.url.clone(), name, password).await.expect("the reviewer signs in")
    }

    /// Whoever of the desk has this name; their passwords are the first reviewer's.
    pub async fn desk_of(&self, name: &str) -> Desk {
        let password = &self.account.1;
        Desk::sign_in(self.url.clone(), name, password).await.expect("they sign in")
    }

    /// The Region's public key, in hexadecimal.
    pub fn region_key(&self) -> &str {
        &self.region_key
    }

    /// What the server's database says: the first column of the first row of a query.
    pub fn server_says(&self, query: &str) -> String {
        let file = self.data.join("server.sqlite");
        let database = rusqlite::Connection::open(file).expect("the server's database");
        let read = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
        match database.query_row(query, [], read).expect("a row") {
            rusqlite::types::Value::Text(text) => text,
            rusqlite::types::Value::Integer(number) => number.to_string(),
            other => format!("{other:?}"),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop_server();
    }
}

/// A person with a phone.
pub struct Person {
    name: &'static str,
    data: TempDir,
    vault: Arc<Pocket>,
    cable: Arc<Mutex<Cable>>,
    asked: Asked,
    server: Url,
    region_key: String,
    watch: Watch,
    phone: Option<Arc<Phone>>,
}

impl Person {
    fn started(mut self) -> Self {
        self.phone = Some(self.open().expect("the phone opens"));
        self
    }

    /// Opens the phone's engine on its data.
    pub fn open(&self) -> Result<Arc<Phone>, Trouble> {
        self.open_at(self.data.path())
    }

    /// Opens the phone's engine on a copy of its data.
    pub fn open_at(&self, data: &Path) -> Result<Arc<Phone>, Trouble> {
        let data = data.to_owned();
        let settings = Settings::new(data, self.server.as_str(), &self.region_key)
            .expect("a journey's settings are right");
        let transport = Arc::new(Network::new(
            self.server.clone(),
            Arc::clone(&self.cable),
            Arc::clone(&self.asked),
        ));
        let vault: Arc<dyn Vault> = Arc::clone(&self.vault) as _;
        let clock = Arc::new(self.watch.clone());
        Phone::assemble(settings, Parts { vault, transport, clock })
    }

    /// The app is killed and started again: only disk and keyring remain.
    pub fn restart(&mut self) {
        self.phone = None;
        self.phone = Some(self.open().expect("the phone opens again"));
    }

    /// The app ends, and its data is left.
    pub fn switched_off(mut self) -> TempDir {
        self.phone = None;
        self.data
    }

    /// A copy of this phone with its keyring, as a backup makes it, beside it and not started.
    pub fn copied(&self) -> Self {
        let data = tempfile::tempdir().expect("there is room for a copy");
        for entry in std::fs::read_dir(self.data()).expect("the data can be read") {
            let file = entry.expect("the data can be read");
            std::fs::copy(file.path(), data.path().join(file.file_name())).expect("it is copied");
        }
        let secrets = self.vault.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let vault = Arc::new(Pocket { secrets: Mutex::new(secrets), ..Pocket::default() });
        Self {
            name: self.name,
            data,
            vault,
            cable: Arc::default(),
            asked: Arc::default(),
            server: self.server.clone(),
            region_key: self.region_key.clone(),
            watch: self.watch.clone(),
            phone: None,
        }
    }

    /// Somebody sets the clock of this phone, so many days ahead of the true one.
    pub fn sets_the_clock(&self, days_ahead: i64) {
        self.watch.set(days_ahead);
    }

    /// The app starts again on other data, under the same keyring.
    pub fn moved_to(mut self, data: TempDir) -> Self {
        self.data = data;
        self.restart();
        self
    }

    /// What happens to this phone's requests from now on.
    pub fn cable(&self, cable: Cable) {
        *self.cable.lock().unwrap_or_else(PoisonError::into_inner) = cable;
    }

    /// The paths that this phone asked the server for since the last time somebody looked.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keyring of this phone.
    pub fn vault(&self) -> &Pocket {
        &self.vault
    }

    /// The folder of this phone's data.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Expects another signer than the Region.
    pub fn trusts(&mut self, region_key: &str) {
        self.region_key = region_key.to_owned();
        self.restart();
    }

    /// The system hands an address to the app, as when a link of a mail was tapped.
    pub fn opens_link(&self, address: &str) -> bool {
        self.phone.as_ref().expect("the phone is on").open_link(address)
    }

    /// Another app comes to the front: the system may end this one at any time now.
    pub fn is_hidden(&self) {
        self.phone.as_ref().expect("the phone is on").rest().expect("what is typed is kept");
    }

    /// Calls a command as a screen would.
    pub async fn call(&self, command: &str, args: Value) -> Result<Value, Trouble> {
        self.phone.as_ref().expect("the phone is on").answer(command, args).await
    }

    /// Calls a command that must go well.
    pub async fn does(&self, command: &str, args: Value) -> Value {
        let answer = self.call(command, args).await;
        answer.unwrap_or_else(|trouble| panic!("{}: {command}: {trouble}", self.name))
    }

    /// One round with the server.
    pub async fn syncs(&self) -> Value {
        self.does("sync", json!({})).await
    }

    /// Rounds until nothing waits any more.
    pub async fn syncs_until_quiet(&self) {
        for _ in 0..10 {
            let view = self.syncs().await;
            if view["pending"] == 0 && view["trouble"].is_null() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} never came to rest: {}", self.name, self.syncs().await);
    }

    /// Fills a whole form as Lina would, and gives its draft.
    pub async fn fills_the_form(&self) -> String {
        let draft = self.does("start_draft", json!({})).await["draft"].as_str().unwrap().to_owned();
        let charter = self.does("charter", json!({})).await;
        let accepted = json!({ "draft": draft, "version": charter["version"] });
        self.does("accept_charter", accepted).await;
        for (field, typed) in lina::answers() {
            self.does("set_field", lina::set_field(&draft, field, typed)).await;
        }
        let password =
            json!({ "draft": draft, "typed": lina::PASSWORD, "confirmation": lina::PASSWORD });
        self.does("set_password", password).await;
        let proof = self.opens_picture(&draft, &picture::good()).await;
        self.does("keep_picture", lina::keep_picture(&draft, &proof["framed"]["framing"])).await;
        draft
    }

    /// Opens a picture that can be opened, as its screen shows it.
    pub async fn opens_picture(&self, draft: &str, picture: &[u8]) -> Value {
        let picture = BASE64.encode(picture);
        self.does("open_picture", json!({ "draft": draft, "picture": picture })).await
    }

    /// Fills a form and deposits it.
    pub async fn deposits(&self) -> String {
        let draft = self.fills_the_form().await;
        let view = self.does("deposit", json!({ "draft": draft })).await;
        assert_eq!(view["state"], "ready", "{view}");
        draft
    }

    /// One draft as its screen shows it.
    pub async fn sees(&self, draft: &str) -> Value {
        self.does("draft", json!({ "draft": draft })).await
    }
}

/// The keyring of a phone in a journey: survives the app, can be taken away.
#[derive(Default)]
pub struct Pocket {
    secrets: Mutex<HashMap<String, String>>,
    gone: std::sync::atomic::AtomicBool,
}

impl Pocket {
    /// Locks the keyring, or unlocks it.
    pub fn lock(&self, locked: bool) {
        self.gone.store(locked, std::sync::atomic::Ordering::Relaxed);
    }

    /// A secret, for the eyes of the journey.
    pub fn holds(&self, entry: &str) -> Option<String> {
        self.secrets.lock().unwrap().get(entry).cloned()
    }

    /// Every secret, as the lines of a story of [`crate::unplugged`] tell them.
    pub fn lines(&self) -> String {
        let secrets = self.secrets.lock().unwrap();
        secrets.iter().map(|(entry, secret)| format!("key {entry} {secret}\n")).collect()
    }

    /// Puts a secret there by hand.
    pub fn put(&self, entry: &str, secret: &str) {
        self.secrets.lock().unwrap().insert(entry.to_owned(), secret.to_owned());
    }

    fn check(&self) -> Result<(), NoKeyring> {
        if self.gone.load(std::sync::atomic::Ordering::Relaxed) { Err(NoKeyring) } else { Ok(()) }
    }
}

impl Vault for Pocket {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<String>>, NoKeyring> {
        self.check()?;
        Ok(self.holds(entry).map(Zeroizing::new))
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), NoKeyring> {
        self.check()?;
        self.put(entry, secret);
        Ok(())
    }
}
