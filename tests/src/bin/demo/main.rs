//! The whole way through the real window: one line per step as it happens, nothing taken on trust.
//!
//! Each step is observed from outside the app: the window by WebDriver, the keyring by another
//! process, both databases by other connections, the card's code off a screenshot.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use dossier::card::code::Shown;
use dossier::card::status_list::StatusList;
use dossier::card::verify::{Known, Seen, VerdictReason, verify};
use dossier::card::{Card, CardState};
use dossier::number::DossierNumber;
use dossier::signed::RegionKey;
use dossier::signed::keys::KeySet;
use dossier::sync::{Deposited, Receipt};
use journeys::desk::Desk;
use journeys::mailbox::Mailbox;
use journeys::stage::{Driver, Server, database};
use journeys::window::Window;
use phone::clock::{Clock, System};
use phone::transport::{Asked, Http, Transport};
use rxing::common::HybridBinarizer;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, Luma8Source, Reader};
use serde_json::json;
use uuid::Uuid;

#[tokio::main]
async fn main() -> ExitCode {
    match Demo::set_up().map(Box::pin) {
        Ok(mut demo) => match demo.play().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the demo stopped: {error:#}");
                demo.last_look().await;
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("the demo cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

mod account;
mod form;
mod photo;

struct Demo {
    server: Server,
    mailbox: Mailbox,
    driver: Driver,
    window: Option<Window>,
    app: PathBuf,
    data: PathBuf,
    screens: PathBuf,
    pictures: u32,
    /// What a verifier fetched while there was network.
    published: Option<(KeySet, StatusList)>,
}

fn from_environment(name: &str) -> anyhow::Result<PathBuf> {
    let value =
        std::env::var_os(name).with_context(|| format!("{name} is not set: ./run --demo"))?;
    Ok(PathBuf::from(value))
}

fn step(told: &str) {
    println!("{told}");
    let _ = std::io::stdout().flush();
}

/// What drives the app, on the data of the demo's phone.
fn driver(
    server: &Server,
    app: &Path,
    data: &Path,
    more: &[(&str, &str)],
) -> anyhow::Result<Driver> {
    let phone = data.join("phone");
    let mut environment = vec![
        ("PASSREGION_SERVER", server.url.as_str()),
        ("PASSREGION_REGION_KEY", &server.region_key),
        ("PASSREGION_DATA", phone.to_str().context("a folder name in UTF-8")?),
    ];
    environment.extend(more);
    Driver::start(
        &from_environment("DEMO_TAURI_DRIVER")?,
        &from_environment("DEMO_WEBKIT_DRIVER")?,
        app,
        &data.join("driver.log"),
        &environment,
    )
}

impl Demo {
    fn set_up() -> anyhow::Result<Self> {
        let data = from_environment("DEMO_DATA")?;
        let app = from_environment("DEMO_APP_BIN")?;
        let mailbox = Mailbox::with_page().context("aiosmtpd is not there: ./run --demo")?;
        step(&format!("mailbox at {}", mailbox.page.as_deref().unwrap_or_default()));
        let binary = from_environment("DEMO_SERVER_BIN")?;
        let mut server = Server::first_start(binary, data.join("server"), mailbox.smtp.clone())?;
        step(&format!("server started at {}", server.url));
        server.kill()?;
        step("server killed: from here on there is no network");
        let driver = driver(&server, &app, &data, &[])?;
        let screens = from_environment("DEMO_SCREENS")?;
        Ok(Self {
            server,
            mailbox,
            driver,
            window: None,
            app,
            data,
            screens,
            pictures: 0,
            published: None,
        })
    }

    async fn play(&mut self) -> anyhow::Result<()> {
        self.open().await?;
        step("window opened");
        self.look_around().await?;
        let draft = self.fill_in().await?;
        let number = self.deposit(draft).await?;
        self.receive(draft, &number).await?;
        self.save_slip(&number).await?;
        self.activate(&number).await?;
        self.sign_in(&number).await?;
        self.accept(draft).await?;
        let old = self.show_card(draft).await?;
        self.verify_in_the_app().await?;
        let duplicate = self.replace_card(draft, &old).await?;
        let result = json!({
            "number": number.to_string(),
            "receipt": true,
            "slip_saved": true,
            "card": "active",
            "activated": true,
            "signed_in": true,
            "verified_offline": true,
            "duplicate": duplicate,
            "screens": self.screens,
        });
        println!("{result}");
        Ok(())
    }

    // ── the window ────────────────────────────────────────────────────────────────────────────

    async fn open(&mut self) -> anyhow::Result<()> {
        let window = Window::open(self.driver.port, &self.app, &self.screens).await?;
        window.shows("Ta carte Pass’Région").await?;
        self.window = Some(window);
        Ok(())
    }

    fn window(&self) -> anyhow::Result<&Window> {
        self.window.as_ref().context("the window is open")
    }

    async fn picture(&mut self, name: &str) -> anyhow::Result<()> {
        let name = self.next_name(name);
        self.window()?.picture(&name).await.map(drop)
    }

    fn next_name(&mut self, name: &str) -> String {
        self.pictures += 1;
        format!("{:02}-{name}", self.pictures)
    }

    async fn kill_and_open_again(&mut self) -> anyhow::Result<()> {
        self.driver.kill_app()?;
        self.window = None;
        self.open().await
    }

    /// The app ends, and is opened again on a machine where this is so.
    async fn open_again_where(&mut self, is_so: &[(&str, &str)]) -> anyhow::Result<()> {
        self.window = None;
        self.driver = driver(&self.server, &self.app, &self.data, is_so)?;
        self.open().await
    }

    async fn last_look(&self) {
        if let Some(window) = &self.window {
            let _ = window.picture("stopped-here").await;
        }
    }

    // ── the deposit ───────────────────────────────────────────────────────────────────────────

    async fn deposit(&mut self, draft: Uuid) -> anyhow::Result<DossierNumber> {
        self.window()?.press("Déposer ma demande").await?;
        self.window()?.shows("Ta demande est déposée").await?;
        self.window()?.says("Gardé sur ce téléphone").await?;
        self.picture("deposited").await?;
        let window = self.window()?;
        window.press("Afficher le numéro").await?;
        let shown = window.reads_as("number", number).await?;
        step(&format!("deposited without network: number {shown}"));
        let kept = in_keyring(draft)?;
        ensure!(kept == shown.to_string(), "the keyring holds {kept}");
        step("number found in the keyring by another process");
        ensure!(!window.has("Reçu par la Région").await?, "« reçu » before any receipt");

        self.kill_and_open_again().await?;
        let window = self.window()?;
        window.says("à envoyer").await?;
        window.press("Lina Moreau").await?;
        window.shows("Ta demande est déposée").await?;
        window.press("Afficher le numéro").await?;
        ensure!(window.reads_as("number", number).await? == shown, "another number");
        step("app killed again: number and pending deposit are there");
        Ok(shown)
    }

    async fn receive(&mut self, draft: Uuid, number: &DossierNumber) -> anyhow::Result<()> {
        self.server.start()?;
        step("server started: the network is back");
        self.window()?.press("Envoyer maintenant").await?;
        self.window()?.shows("Ta demande est arrivée").await?;
        self.window()?.says("Reçu par la Région").await?;
        self.picture("received").await?;
        let stored: String = self.server.says("SELECT number FROM dossier")?;
        ensure!(stored == number.as_str(), "the server stored {stored}");
        let dossiers: i64 = self.server.says("SELECT count(*) FROM dossier")?;
        ensure!(dossiers == 1, "{dossiers} dossiers");
        let key = self.region_key()?;
        let phone = database(&self.data.join("phone/phone.sqlite"))?;
        let id = draft.into_bytes();
        let read = |query| phone.query_row(query, [id], |row| row.get::<_, Vec<u8>>(0));
        let receipt = read("SELECT signed FROM receipt WHERE draft = ?1")?;
        let heads = read("SELECT heads FROM draft WHERE id = ?1")?;
        let photo = read("SELECT hash FROM photo WHERE draft = ?1")?;
        let heads: Vec<[u8; 32]> =
            heads.chunks_exact(32).filter_map(|head| head.try_into().ok()).collect();
        let photo = photo.try_into().ok().context("a SHA-256")?;
        let deposited = Deposited { dossier: id, number, heads: &heads, photo };
        Receipt::verify(&receipt, &key, &deposited)?;
        step("receipt verified from outside: dossier, heads, photo, number, signature");
        Ok(())
    }

    /// The document for the school, as a file on the disk.
    async fn save_slip(&mut self, number: &DossierNumber) -> anyhow::Result<()> {
        let window = self.window()?;
        window.scrolls_to("a[href$='etablissement']").await?;
        window.press("Document à rendre").await?;
        window.shows("Document à rendre").await?;
        window.says("Enregistrer en PDF").await?;
        window.scrolls_to("main .stack .button").await?;
        window.press("Enregistrer en PDF").await?;
        let file = self.data.join("downloads/passregion-etablissement.pdf");
        window.says(&format!("Enregistré\u{a0}: {}", file.display())).await?;
        let pdf = std::fs::read(&file).context("the file that the window names")?;
        let shown = format!("({number}) Tj");
        ensure!(pdf.starts_with(b"%PDF-"), "the file is no PDF");
        ensure!(
            pdf.windows(shown.len()).any(|part| part == shown.as_bytes()),
            "the file does not show the number"
        );
        self.picture("slip-saved").await?;
        let window = self.window()?;
        window.scrolls_to(".back").await?;
        window.press("Retour").await?;
        window.shows("Ta demande est arrivée").await?;
        step("document for the school saved among the downloads: a PDF with the number");
        Ok(())
    }

    fn region_key(&self) -> anyhow::Result<RegionKey> {
        RegionKey::from_hex(&self.server.region_key).context("the server's key")
    }

    // ── the desk, the card ────────────────────────────────────────────────────────────────────

    async fn accept(&mut self, draft: Uuid) -> anyhow::Result<()> {
        let (name, password) = self.server.account.clone().context("the desk's account")?;
        let desk = Desk::sign_in(self.server.url.clone(), &name, &password).await?;
        let page = desk.get(&format!("/desk/dossiers/{draft}")).await?;
        ensure!(page.html.contains("Moreau"), "the desk shows another dossier");
        let photo = desk.get(&format!("/desk/dossiers/{draft}/photo")).await?;
        ensure!(photo.status.is_success(), "the desk shows no photo: {}", photo.status);
        step("reviewer signed in and sees the dossier with its photo");
        desk.accept(&draft.to_string()).await?;
        let state: String = self.server.says("SELECT state FROM dossier")?;
        ensure!(state == "accepted", "the dossier is {state}");
        step("dossier accepted, card signed by the Region");
        self.published = Some(self.fetch_published().await?);
        Ok(())
    }

    async fn show_card(&mut self, draft: Uuid) -> anyhow::Result<Card> {
        self.window()?.shows("Ta demande est acceptée").await?;
        self.picture("accepted").await?;
        self.server.kill()?;
        step("server killed: no network");
        self.window()?.press("Voir ma carte").await?;
        self.window()?.shows("Ma carte").await?;
        let state = self.window()?.reads("card-state").await?;
        ensure!(state.contains("Active"), "the card is {state}");
        let window = self.window()?;
        window.says("Lina Moreau").await?;
        window.says("CLERMONT-FERRAND").await?;
        ensure!(!window.has(&in_keyring(draft)?).await?, "the number is not masked");
        self.picture("card").await?;
        let card = self.scan("card-code").await?;
        ensure!(card.name == "Lina Moreau", "the code names {}", card.name);
        step("card shown without network; its live code, read off the screen, verifies");
        Ok(card)
    }

    /// Reads the code off a picture of the screen, as a partner's camera would: it looks again
    /// when the screen was just being drawn anew.
    async fn scan(&mut self, name: &str) -> anyhow::Result<Card> {
        let code = self.read_code(name).await?;
        self.verified(&code)
    }

    async fn read_code(&mut self, name: &str) -> anyhow::Result<String> {
        let (name, window) = (self.next_name(name), self.window()?);
        for _ in 0..5 {
            window.sees("//img[@alt='Code à présenter au partenaire']").await?;
            window.scrolls_to("img[alt='Code à présenter au partenaire']").await?;
            let png = window.picture(&name).await?;
            let seen = image::load_from_memory(&png)?.to_luma8();
            let (width, height) = seen.dimensions();
            let seen = Luma8Source::new(seen.into_raw(), width, height)?;
            let mut seen = BinaryBitmap::new(HybridBinarizer::new(seen));
            if let Ok(read) = QrReader.decode(&mut seen) {
                return Ok(read.getText().to_owned());
            }
        }
        anyhow::bail!("no code can be read off the screen")
    }

    /// The card of a code, if a verifier who was here before is told that it is good.
    fn verified(&self, code: &str) -> anyhow::Result<Card> {
        let (keys, list) = self.published.as_ref().context("nothing was fetched")?;
        let known = Known { keys: Some(keys), list: Some(list) };
        let verdict = verify(code, &known, System.now_ms(), &mut Seen::default());
        ensure!(verdict.reason == VerdictReason::Good, "the code verifies as {:?}", verdict.reason);
        let shown = Shown::read(code).context("a code of ours")?;
        Ok(Card::open(&shown.credential, keys)?)
    }

    async fn replace_card(&mut self, draft: Uuid, old: &Card) -> anyhow::Result<&'static str> {
        let window = self.window()?;
        window.press("Carte perdue, volée ou abîmée").await?;
        window.shows("Qu’est-il arrivé à ta carte\u{202f}?").await?;
        window.chooses("reason_PERTE").await?;
        self.picture("duplicate-reason").await?;
        let window = self.window()?;
        window.press("Continuer").await?;
        window.shows("Demander un duplicata\u{202f}?").await?;
        self.picture("duplicate-confirm").await?;
        let window = self.window()?;
        window.press("Confirmer le duplicata").await?;
        window.says("Duplicata en attente").await?;
        self.picture("duplicate-queued").await?;
        step("duplicate asked without network: queued");

        self.server.start()?;
        let window = self.window()?;
        window.says("Duplicata demandé").await?;
        self.picture("duplicate-requested").await?;
        let requests: i64 = self.server.says("SELECT count(*) FROM duplicate")?;
        ensure!(requests == 1, "{requests} duplicate requests");
        let (keys, list) = self.fetch_published().await?;
        ensure!(list.withdrawal(old.status_index).is_some(), "the old card is not on the list");
        self.published = Some((keys, list.clone()));
        step("duplicate reached the desk once; the old card is on the status list");
        let new = self.scan("new-card-code").await?;
        ensure!(new.status_index != old.status_index, "the digital card was not renewed");
        ensure!(new.state(Some(&list), today()?) == CardState::Active, "the new card is blocked");
        ensure!(old.state(Some(&list), today()?) == CardState::Blocked, "the old card is good");
        let (name, password) = self.server.account.clone().context("the desk's account")?;
        let desk = Desk::sign_in(self.server.url.clone(), &name, &password).await?;
        let page = desk.get("/desk/duplicates").await?;
        ensure!(page.html.contains(&draft.to_string()), "the desk does not list the duplicate");
        step("old code refused, new code good, by the list alone");
        Ok("requested")
    }

    /// Keys and status list, as any phone fetches them.
    async fn fetch_published(&self) -> anyhow::Result<(KeySet, StatusList)> {
        let server = Http::new(self.server.url.clone());
        let get = async |path: &str| {
            let asked = Asked {
                method: hyper::Method::GET,
                path: path.to_owned(),
                content_type: "",
                body: Default::default(),
                token: Default::default(),
            };
            anyhow::Ok(server.send(asked).await?.body)
        };
        let keys = KeySet::open(&get("/v1/key-set").await?, &self.region_key()?)?;
        let list = StatusList::open(&get("/v1/status-list").await?, &keys)?;
        Ok((keys, list))
    }
}

/// The number as a screen shows it; it stays masked until the engine has told it.
fn number(shown: &str) -> Option<DossierNumber> {
    DossierNumber::parse(shown).ok()
}

/// The number in the system's keyring, read by a program that is not ours.
fn in_keyring(draft: Uuid) -> anyhow::Result<String> {
    let entry = format!("dossier-number:{draft}");
    let read = Command::new("secret-tool")
        .args(["lookup", "service", phone::vault::SERVICE, "username", &entry])
        .output()
        .context("secret-tool (Debian: libsecret-tools)")?;
    ensure!(read.status.success(), "secret-tool found no number in the keyring");
    Ok(String::from_utf8(read.stdout)?.trim().to_owned())
}

fn today() -> anyhow::Result<time::Date> {
    let now = time::OffsetDateTime::from_unix_timestamp(System.now_ms() / 1000)?;
    Ok(now.date())
}
