//! A real SMTP server beside a journey, and what it was brought.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Says its port, then each mail that it took, one JSON a line; `ui/e2e` starts it too.
const CATCHER: &str = include_str!("catcher.py");

/// The longest that a mail may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail as it is read.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whom it was for.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
}

impl Mail {
    /// The address of its link.
    pub fn link(&self) -> &str {
        let mut words = self.text.split_whitespace();
        words.find(|word| word.contains("/compte/")).expect("a mail with a link")
    }

    /// Its code, alone on a line.
    pub fn code(&self) -> &str {
        let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
        self.text.lines().map(str::trim).find(is_code).expect("a mail with a code")
    }
}

/// The mailbox of everybody in a journey.
pub struct Mailbox {
    catcher: Child,
    /// Where mails go.
    pub smtp: String,
    /// The certificate of whoever signed its own; only of an encrypted mailbox.
    pub authority: Option<Vec<u8>>,
    /// Where a person reads them; only of a mailbox with a page.
    pub page: Option<String>,
    taken: Arc<Mutex<Vec<Mail>>>,
}

impl Mailbox {
    /// A mailbox; none where aiosmtpd is not installed, and then it says so.
    pub fn open() -> Option<Self> {
        Self::start(&[])
    }

    /// A mailbox with a page, for whoever watches the demo.
    pub fn with_page() -> Option<Self> {
        Self::start(&["--page"])
    }

    /// A mailbox that talks in TLS alone, from the first byte (`smtps`) or once asked (`starttls`),
    /// under a certificate that it makes itself.
    pub fn encrypted(how: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder for a certificate");
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (certificate, key) = (path("certificate.pem"), path("key.pem"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=mailbox"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null())
            .status();
        if !made.is_ok_and(|made| made.success()) {
            let _ = std::io::stderr().write_all(b"skipped: openssl is not there\n");
            return None;
        }
        let mut mailbox = Self::start(&["--tls", how, &certificate, &key])?;
        mailbox.authority = Some(std::fs::read(&certificate).expect("a certificate"));
        mailbox.smtp = match how {
            "smtps" => mailbox.smtp.replace("smtp:", "smtps:"),
            _ => format!("{}?tls=required", mailbox.smtp),
        };
        Some(mailbox)
    }

    fn start(how: &[&str]) -> Option<Self> {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or(home.join(".cache"), PathBuf::from);
        let tools = std::env::var_os("DEMO_SMTP").map(PathBuf::from);
        let tools = tools.unwrap_or_else(|| cache.join("passregion/tools/aiosmtpd"));
        let mut catcher = Command::new("python3")
            .args(["-c", CATCHER])
            .args(how)
            .env("PYTHONPATH", tools)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(catcher.stdout.take()?).lines();
        let said = lines.next().and_then(Result::ok).expect("the mailbox says its port");
        let (port, page) = match said.split_once(' ') {
            Some((port, page)) => (port.to_owned(), Some(page.to_owned())),
            None => (said, None),
        };
        if port == "absent" {
            let why = b"skipped: aiosmtpd is not there (./test journeys installs it)\n";
            let _ = std::io::stderr().write_all(why);
            let _ = catcher.wait();
            return None;
        }
        let taken = Arc::<Mutex<Vec<Mail>>>::default();
        let filling = Arc::clone(&taken);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let told: Value = serde_json::from_str(&line).expect("a mail as JSON");
                let says = |what: &Value| what.as_str().unwrap_or_default().to_owned();
                let mail = Mail {
                    to: says(&told["to"][0]),
                    subject: says(&told["subject"]),
                    text: says(&told["text"]),
                };
                filling.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
            }
        });
        Some(Self {
            catcher,
            smtp: format!("smtp://127.0.0.1:{port}"),
            authority: None,
            page,
            taken,
        })
    }

    /// The next mail that comes, or came and was not looked at.
    pub async fn next(&self) -> Mail {
        let since = Instant::now();
        loop {
            {
                let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
                if !taken.is_empty() {
                    return taken.remove(0);
                }
            }
            assert!(since.elapsed() < PATIENCE, "no mail comes");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many mails nobody looked at.
    pub fn waiting(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.catcher.kill();
        let _ = self.catcher.wait();
    }
}
