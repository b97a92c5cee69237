//! An event in the real window: a tablet is set up, three students enrol without network, one of them
//! twice; in the evening all of it is at the Region, and nothing of anybody is left on the tablet.
//!
//! What is told at the end was counted from outside: in both databases, in every file that the app wrote.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use journeys::desk::Desk;
use journeys::mailbox::Mailbox;
use journeys::picture;
use journeys::scene::{Scene, Stance};
use journeys::stage::{Driver, Server, database};
use journeys::window::Window;
use serde_json::{Value, json};

/// The PIN of Nadia, who is on duty.
const PIN: &str = "271828";

/// The longest wait for the camera to take the photo by itself, all being right.
const STILL: Duration = Duration::from_secs(10);

/// One of the three.
struct Student {
    given: &'static str,
    family: &'static str,
    /// As it is typed: day, month, year.
    birth: [&'static str; 3],
    email: &'static str,
    phone: &'static str,
}

/// Lina comes back in the afternoon, and somebody misspells her name; no library on the tablet is by
/// somebody of that name.
const STUDENTS: [Student; 3] = [
    Student {
        given: "Lina",
        family: "Montsaleix",
        birth: ["7", "3", "2009"],
        email: "lina.montsaleix@example.fr",
        phone: "06 12 34 56 78",
    },
    Student {
        given: "Karim",
        family: "Benali",
        birth: ["19", "11", "2008"],
        email: "karim.benali@example.fr",
        phone: "07 98 76 54 32",
    },
    Student {
        given: "Lina",
        family: "Montsalleix",
        birth: ["7", "3", "2009"],
        email: "lina.m@example.fr",
        phone: "06 12 34 56 79",
    },
];

#[tokio::main]
async fn main() -> ExitCode {
    match Event::set_up().map(Box::pin) {
        Ok(mut event) => match event.play().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("the demo stopped: {error:#}");
                event.last_look().await;
                ExitCode::FAILURE
            }
        },
        Err(error) => {
            eprintln!("the demo cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn from_environment(name: &str) -> anyhow::Result<PathBuf> {
    let value =
        std::env::var_os(name).with_context(|| format!("{name} is not set: ./run --demo-stand"))?;
    Ok(PathBuf::from(value))
}

fn step(told: &str) {
    println!("{told}");
    let _ = std::io::stdout().flush();
}

struct Event {
    /// Takes the activation mails, and ends with us.
    _mailbox: Mailbox,
    server: Server,
    driver: Driver,
    window: Option<Window>,
    app: PathBuf,
    data: PathBuf,
    screens: PathBuf,
    pictures: u32,
    duplicates: u32,
}

impl Event {
    fn set_up() -> anyhow::Result<Self> {
        let data = from_environment("DEMO_DATA")?;
        let app = from_environment("DEMO_APP_BIN")?;
        let mailbox = Mailbox::open().context("aiosmtpd is not there: ./run --demo-stand")?;
        let binary = from_environment("DEMO_SERVER_BIN")?;
        let server = Server::first_start(binary, data.join("server"), mailbox.smtp.clone())?;
        step(&format!("server started at {}", server.url));
        let tablet = data.join("tablet");
        let environment = [
            ("PASSREGION_SERVER", server.url.as_str()),
            ("PASSREGION_REGION_KEY", &server.region_key),
            ("PASSREGION_DATA", tablet.to_str().context("a folder name in UTF-8")?),
        ];
        let driver = Driver::start(
            &from_environment("DEMO_TAURI_DRIVER")?,
            &from_environment("DEMO_WEBKIT_DRIVER")?,
            &app,
            &data.join("driver.log"),
            &environment,
        )?;
        let screens = from_environment("DEMO_SCREENS")?;
        let (pictures, duplicates) = (0, 0);
        Ok(Self {
            _mailbox: mailbox,
            server,
            driver,
            window: None,
            app,
            data,
            screens,
            pictures,
            duplicates,
        })
    }

    async fn play(&mut self) -> anyhow::Result<()> {
        let code = self.make_event().await?;
        self.open("Ta carte Pass’Région").await?;
        self.become_a_stand(&code).await?;
        self.server.kill()?;
        step("server killed: from here on there is no network");
        for student in &STUDENTS {
            self.enrol(student).await?;
        }
        self.deliver().await?;
        let residue = self.residue()?;
        let result = json!({
            "students": STUDENTS.len(),
            "sealed": self.tablet("SELECT count(*) FROM envelope")?,
            "delivered": self.server.says::<i64>("SELECT count(*) FROM dossier")?,
            "duplicates_found": self.duplicates,
            "residue_hits": residue,
        });
        ensure!(residue == 0, "{residue} traces of students on the tablet");
        println!("{result}");
        Ok(())
    }

    // ── the window ────────────────────────────────────────────────────────────────────────────

    async fn open(&mut self, heading: &str) -> anyhow::Result<()> {
        let window = Window::open(self.driver.port, &self.app, &self.screens).await?;
        window.shows(heading).await?;
        self.window = Some(window);
        Ok(())
    }

    fn window(&self) -> anyhow::Result<&Window> {
        self.window.as_ref().context("the window is open")
    }

    async fn picture(&mut self, name: &str) -> anyhow::Result<()> {
        self.pictures += 1;
        let name = format!("{:02}-{name}", self.pictures);
        self.window()?.picture(&name).await.map(drop)
    }

    async fn last_look(&self) {
        if let Some(window) = &self.window {
            let _ = window.picture("stopped-here").await;
        }
    }

    fn tablet(&self, query: &str) -> anyhow::Result<i64> {
        let tablet = database(&self.data.join("tablet/phone.sqlite"))?;
        Ok(tablet.query_row(query, [], |row| row.get(0))?)
    }

    // ── before the day ────────────────────────────────────────────────────────────────────────

    async fn make_event(&self) -> anyhow::Result<String> {
        let added = Command::new(from_environment("DEMO_SERVER_BIN")?)
            .args(["user", "add", "Odile", "--administrator", "--data"])
            .arg(self.data.join("server"))
            .output()?;
        let account: Value = serde_json::from_slice(&added.stdout).context("her account")?;
        let told = |name: &str| account[name].as_str().unwrap_or_default().to_owned();
        let (name, password) = (told("name"), told("password"));
        let desk = Desk::sign_in(self.server.url.clone(), &name, &password).await?;
        let event = desk.make_event(1).await?;
        let code = desk.tablet_code(&event).await?;
        step("event made at the desk by an administrator; the code of a tablet shown");
        Ok(code)
    }

    async fn become_a_stand(&mut self, code: &str) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("À propos").await?;
        window.press("Installer un stand").await?;
        window.shows("Installer un stand").await?;
        window.types("tablet", "Tablette 1").await?;
        window.types("code", code).await?;
        self.picture("set-up").await?;
        let window = self.window()?;
        window.press("Installer").await?;
        window.shows("Le premier agent").await?;
        window.types("agent", "Nadia").await?;
        window.press("Choisir son code").await?;
        window.shows("Nadia\u{a0}: 6\u{a0}chiffres").await?;
        window.taps(PIN).await?;
        window.shows("Nadia\u{a0}: encore une fois").await?;
        window.taps(PIN).await?;
        window.says("Inscrire un élève").await?;
        window.press("Prêt pour la journée").await?;
        window.says("Carte").await?;
        self.picture("ready").await?;
        let window = self.window()?;
        window.press("Retour").await?;
        window.says("Inscrire un élève").await?;
        self.picture("home").await?;
        step("tablet set up by the code; Nadia on duty by her PIN");
        Ok(())
    }

    // ── the day ───────────────────────────────────────────────────────────────────────────────

    async fn enrol(&mut self, student: &Student) -> anyhow::Result<()> {
        self.window()?.press("Inscrire un élève").await?;
        self.window()?.shows("À toi\u{202f}!").await?;
        self.picture("your-turn").await?;
        self.window()?.press("C’est parti").await?;
        self.window()?.touches().await?;
        self.fill_in(student).await?;
        let window = self.window()?;
        window.press("J’ai fini").await?;
        window.shows("Merci\u{202f}! Rends la tablette à un agent").await?;
        ensure!(!window.has(student.family).await?, "the shield shows who was there");
        self.picture("shield").await?;
        let window = self.window()?;
        window.taps(PIN).await?;
        window.shows("Contrôlez avec l’élève").await?;
        window.says(student.family).await?;
        if window.has("est déjà inscrit").await? {
            self.duplicates += 1;
            step("the same person noticed without network, by a name that differs in a letter");
        }
        self.picture("check").await?;
        self.finish(student).await
    }

    async fn fill_in(&mut self, student: &Student) -> anyhow::Result<()> {
        let window = self.window()?;
        window.shows("La charte des droits et devoirs").await?;
        window.chooses("charter").await?;
        window.press("Continuer").await?;
        window.shows("Qui es-tu\u{202f}?").await?;
        window.chooses("civility_MADAME").await?;
        let [day, month, year] = student.birth;
        for (id, typed) in [
            ("family_name", student.family),
            ("given_name", student.given),
            ("birth_date_day", day),
            ("birth_date_month", month),
            ("birth_date_year", year),
        ] {
            window.types(id, typed).await?;
        }
        self.picture("identity").await?;
        let window = self.window()?;
        window.press("Continuer").await?;
        window.shows("Adresse mail").await?;
        window.types("email", student.email).await?;
        window.press("Continuer").await?;
        window.shows("Comment te joindre\u{202f}?").await?;
        window.types("phone_number", student.phone).await?;
        window.types("address_line", "12 rue Blatin").await?;
        window.types("postal_code", "63000").await?;
        window.says("Clermont-Ferrand").await?;
        window.press("Continuer").await?;
        window.shows("Où étudies-tu\u{202f}?").await?;
        window.types("school", "sidoine").await?;
        window.chooses("school-0630020E").await?;
        window.holds("school", "[TLP0678]").await?;
        window.press("Continuer").await?;
        window.shows("Quelle est ta filière\u{202f}?").await?;
        window.press("Bac technologique").await?;
        window.chooses("track_STL").await?;
        window.press("Continuer").await?;
        window.shows("Ta photo d’identité").await?;
        self.photo().await?;
        let window = self.window()?;
        window.press("Je garde").await?;
        window.sees("//img[@alt='Ta photo, comme elle sera sur la carte']").await?;
        window.press("Continuer").await?;
        window.shows("Où envoyer ta carte\u{202f}?").await?;
        window.chooses("sending_ETABLISSEMENT").await?;
        window.press("Continuer").await?;
        window.shows("Vérifie tes réponses").await?;
        Ok(())
    }

    /// By the camera, or as a file where there is none.
    async fn photo(&self) -> anyhow::Result<()> {
        let window = self.window()?;
        let Some(frame) = std::env::var_os("DEMO_CAMERA_FRAME") else {
            let file = self.data.join("camera.jpg");
            std::fs::write(&file, picture::good())?;
            return window.gives("picture", &file).await;
        };
        let scene = Scene::before(frame.as_ref())?;
        window.press("Prendre la photo").await?;
        window.shows("Prends ta photo").await?;
        // Asked of the first student alone: the tablet may, from then on.
        if window.has("Ouvrir l’appareil photo").await? {
            window.press("Ouvrir l’appareil photo").await?;
        }
        window.says("Trop sombre").await?;
        scene.shows(Stance::Right)?;
        let since = Instant::now();
        while !window.has("Je recommence").await? {
            if since.elapsed() > STILL {
                return window.press("Prendre la photo").await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn finish(&mut self, student: &Student) -> anyhow::Result<()> {
        let window = self.window()?;
        window.press("Terminer").await?;
        window.shows("Ta demande est déposée").await?;
        window.sees("//img[@alt='Code de ta carte provisoire']").await?;
        window.says("Demande déposée, non validée").await?;
        self.picture("finished").await?;
        let window = self.window()?;
        window.press("Élève suivant").await?;
        window.says("Inscrire un élève").await?;
        for trace in [student.family, student.email] {
            ensure!(!window.has(trace).await?, "the tablet still shows {trace}");
        }
        ensure!(self.tablet("SELECT count(*) FROM draft")? == 0, "a draft is still on the tablet");
        step("finished: sealed to the Region, its draft erased, the screen empty");
        Ok(())
    }

    // ── the evening ───────────────────────────────────────────────────────────────────────────

    async fn deliver(&mut self) -> anyhow::Result<()> {
        let window = self.window()?;
        window.says("3\u{a0}dossiers à envoyer").await?;
        window.press("Envoi et fin de journée").await?;
        window.shows("Envoi et fin de journée").await?;
        self.picture("evening").await?;
        self.server.start()?;
        step("server started: the network is back");
        let window = self.window()?;
        window.press("Envoyer maintenant").await?;
        window.says("Tout est envoyé").await?;
        self.picture("delivered").await?;
        let receipts = self.tablet("SELECT count(*) FROM finished WHERE length(receipt) > 0")?;
        ensure!(receipts == STUDENTS.len() as i64, "{receipts} receipts");
        step("delivered: a verified receipt for each, and each a dossier at the Region");
        Ok(())
    }

    /// Everything that the app wrote, searched for everything that was typed, and for the photos.
    fn residue(&self) -> anyhow::Result<usize> {
        let mut marks: Vec<Vec<u8>> = Vec::new();
        for student in &STUDENTS {
            let digits: String = student.phone.chars().filter(char::is_ascii_digit).collect();
            let typed = [student.family, student.email, student.phone, &digits, "rue Blatin"];
            marks.extend(typed.iter().map(|text| text.as_bytes().to_vec()));
        }
        let photos = database(&self.data.join("server/photos.sqlite"))?;
        let mut statement = photos.prepare("SELECT bytes FROM photo")?;
        let jpegs = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        for jpeg in jpegs {
            let jpeg = jpeg?;
            let middle = jpeg.len() / 2;
            marks.push(jpeg.get(middle..middle + 64).context("a photo")?.to_vec());
        }
        let mut folders = vec![self.data.join("tablet")];
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            folders.extend(std::env::var_os(name).map(PathBuf::from));
        }
        let mut searched = 0;
        let mut hits = 0;
        for folder in folders {
            search(&folder, &marks, &mut searched, &mut hits)?;
        }
        ensure!(searched > 0, "no file of the app was found");
        step(&format!("{searched} files searched for {} traces: {hits} found", marks.len()));
        Ok(hits)
    }
}

fn search(
    folder: &Path,
    marks: &[Vec<u8>],
    searched: &mut usize,
    hits: &mut usize,
) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            search(&entry.path(), marks, searched, hits)?;
        } else if entry.file_type()?.is_file() {
            let bytes = std::fs::read(entry.path())?;
            *searched += 1;
            let holds = |mark: &&Vec<u8>| bytes.windows(mark.len()).any(|it| it == mark.as_slice());
            for mark in marks.iter().filter(holds) {
                eprintln!("{} holds {}", entry.path().display(), String::from_utf8_lossy(mark));
                *hits += 1;
            }
        }
    }
    Ok(())
}
