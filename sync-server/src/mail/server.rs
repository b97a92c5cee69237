//! The SMTP server that takes our mails.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, ensure};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};
use uuid::Uuid;

use super::letter::Letter;

/// What one command of the conversation may take, and what all of it may.
const LONGEST_COMMAND: Duration = Duration::from_secs(20);
const LONGEST_SENDING: Duration = Duration::from_secs(60);

/// Refusals that are about this recipient, now and always: no such mailbox, not here, no such name.
/// Others, as a refused sign-in, are about us, and end when they are mended.
const NEVER: [&str; 3] = ["550", "551", "553"];

/// Where mails go, and from whom.
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

/// What became of a mail; in each failure a word that names nobody.
pub(super) enum Outcome {
    Taken,
    Later(&'static str),
    Never(&'static str),
}

impl MailServer {
    /// A server (`smtp://` with STARTTLS, `smtps://`), by whose password a user of the address signs
    /// in, and what stands in « De ». Nothing goes in clear text, but to this very machine.
    /// `smtp://…?tls=required` asks for STARTTLS from this machine too. An authority (PEM) that signed
    /// the server's certificate is believed beside those that everybody believes.
    pub fn new(
        address: &str,
        password: Option<&str>,
        from: &str,
        authority: Option<&[u8]>,
    ) -> anyhow::Result<Self> {
        let url = Url::parse(address).context("the address of the SMTP server cannot be read")?;
        let host = url.host_str().context("the address of the SMTP server names no host")?;
        let from: Mailbox = from.parse().context("the sender of mails cannot be read")?;
        ensure!(["smtp", "smtps"].contains(&url.scheme()), "a mail server begins with smtp(s)://");
        let mut tls = TlsParameters::builder(host.to_owned());
        if let Some(authority) = authority {
            let text = std::str::from_utf8(authority).unwrap_or_default();
            ensure!(text.contains("BEGIN CERTIFICATE"), "the authority cannot be read");
            let certificate = Certificate::from_pem(authority);
            tls = tls.add_root_certificate(certificate.context("the authority cannot be read")?);
        }
        let tls = tls.build()?;
        let may_be_clear = is_here(&url) && url.query() != Some("tls=required");
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapper(tls), 465),
            _ if may_be_clear => (Tls::None, 25),
            _ => (Tls::Required(tls), 587),
        };
        let builder: AsyncSmtpTransportBuilder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
                .port(url.port().unwrap_or(port))
                .timeout(Some(LONGEST_COMMAND))
                .tls(tls);
        let builder = match (url.username(), password) {
            ("", _) => builder,
            (user, Some(password)) => {
                builder.credentials(Credentials::new(user.to_owned(), password.to_owned()))
            }
            (_, None) => anyhow::bail!("the password of the SMTP server is missing"),
        };
        Ok(Self { transport: builder.build(), from, patience: LONGEST_SENDING })
    }

    /// Waits so long for a whole mail to be taken, instead of a minute.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Whether it answers, and lets us in.
    pub(crate) async fn reach(&self) -> anyhow::Result<()> {
        let answered = tokio::time::timeout(self.patience, self.transport.test_connection()).await;
        let is_there = answered.context("il ne répond pas")?.context("il ne répond pas")?;
        ensure!(is_there, "il ne répond pas");
        Ok(())
    }

    /// Sends one letter. Tried again it has the same Message-ID, by which whoever got it twice knows.
    pub(super) async fn send(
        &self,
        id: Uuid,
        recipient: &str,
        letter: Letter,
        now_ms: i64,
    ) -> Outcome {
        let Some(message) = self.message(id, recipient, letter, now_ms) else {
            return Outcome::Never("not a recipient");
        };
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Taken,
            Ok(Err(error)) => outcome(&error),
            Err(_) => Outcome::Later("no answer"),
        }
    }

    /// Only the recipient's address comes from outside, and it was parsed twice: by the form, and
    /// here. Nothing that a person typed stands in any other header.
    fn message(&self, id: Uuid, recipient: &str, letter: Letter, now_ms: i64) -> Option<Message> {
        let to = Mailbox::new(None, recipient.parse::<Address>().ok()?);
        let domain = self.from.email.domain();
        let date = UNIX_EPOCH + Duration::from_millis(now_ms.unsigned_abs());
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .message_id(Some(format!("<{}@{domain}>", id.simple())))
            .date(date)
            .header(Automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body)
            .ok()
    }
}

fn outcome(error: &Error) -> Outcome {
    match error.status().map(|code| code.to_string()) {
        Some(code) if NEVER.contains(&code.as_str()) => Outcome::Never("refused for good"),
        Some(code) if code.starts_with('4') => Outcome::Later("refused for now"),
        Some(_) => Outcome::Later("refused"),
        None if error.is_tls() => Outcome::Later("TLS"),
        None if error.is_timeout() => Outcome::Later("no answer"),
        None => Outcome::Later("no connection"),
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Of a scheme that is not the web's, an address is a name like any other.
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse().is_ok_and(|it: std::net::IpAddr| it.is_loopback())
        }
        None => false,
    }
}

/// So that nobody's holiday answers it (RFC 3834).
#[derive(Clone)]
struct Automatic;

impl Header for Automatic {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_to(recipient: &str) -> Option<String> {
        let server = MailServer::new("smtp://127.0.0.1", None, "Pass <pass@region.example>", None);
        let letter = Letter { subject: "Active ton compte", body: "Bonjour Élodie".to_owned() };
        let message = server.unwrap().message(Uuid::nil(), recipient, letter, 0)?;
        Some(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_mail_names_its_sender_its_recipient_and_always_the_same_id() {
        let text = sent_to("lina@example.fr").unwrap();
        assert!(text.contains("From: Pass <pass@region.example>\r\n"), "{text}");
        assert!(text.contains("To: lina@example.fr\r\n"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"), "{text}");
        let id = "Message-ID: <00000000000000000000000000000000@region.example>\r\n";
        assert!(text.contains(id), "{text}");
        assert_eq!(text, sent_to("lina@example.fr").unwrap());
    }

    #[test]
    fn no_recipient_writes_a_header_of_its_own() {
        for typed in [
            "lina@example.fr\r\nBcc: all@example.fr",
            "lina@example.fr\nBcc: all@example.fr",
            "lina@example.fr, all@example.fr",
            "lina@example.fr%0aBcc:all@example.fr",
            "\"lina\r\nBcc: all\"@example.fr",
            "lina@example.fr\u{2028}Bcc: all@example.fr",
            "lina@example.fr\0",
            "<lina@example.fr>",
        ] {
            let Some(text) = sent_to(typed) else { continue };
            let headers = text.split("\r\n\r\n").next().unwrap();
            let bcc = headers.lines().filter(|line| line.to_lowercase().starts_with("bcc")).count();
            let to = headers.lines().filter(|line| line.starts_with("To: ")).count();
            assert_eq!((bcc, to), (0, 1), "{typed:?}: {headers}");
        }
    }

    #[test]
    fn nothing_leaves_this_machine_in_clear_text_and_no_user_without_a_password() {
        let from = "pass@region.example";
        assert!(MailServer::new("smtp://mail.example", None, from, None).is_ok());
        assert!(MailServer::new("http://mail.example", None, from, None).is_err());
        assert!(MailServer::new("smtps://pass@mail.example", None, from, None).is_err());
        assert!(MailServer::new("smtp://mail.example", None, "not an address", None).is_err());
        assert!(MailServer::new("smtp://mail.example", None, from, Some(b"no PEM")).is_err());
        for (url, here) in [
            ("smtp://127.0.0.1:2525", true),
            ("smtp://[::1]:25", true),
            ("smtp://localhost", true),
            ("smtp://127.0.0.1.example", false),
            ("smtp://mail.example", false),
        ] {
            assert_eq!(is_here(&Url::parse(url).unwrap()), here, "{url}");
        }
    }
}
