//! An SMTP server of the tests' own: takes mails, or fails as real ones do.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Takes,
    /// Answers with these words when it hears whom the mail is for.
    Refuses(&'static str),
    /// Says nothing any more.
    Hangs,
    /// Hangs up at once, as one that is down.
    HangsUp,
    /// Takes the whole mail, and hangs up before it says so.
    TakesAndHangsUp,
}

/// A mail that it took.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) to: String,
    pub(crate) headers: String,
    pub(crate) text: String,
}

impl Taken {
    pub(crate) fn header(&self, name: &str) -> String {
        let begin = format!("{name}: ");
        let found = self.headers.lines().find_map(|line| line.strip_prefix(&begin));
        found.unwrap_or_default().to_owned()
    }

    /// The path of its link.
    pub(crate) fn link(&self) -> String {
        let (_, rest) = self.text.split_once("/compte/").unwrap();
        format!("/compte/{}", rest.split_whitespace().next().unwrap())
    }

    /// Its code, alone on a line.
    pub(crate) fn code(&self) -> String {
        let is_code = |line: &&str| line.len() == 9 && line.as_bytes()[4] == b'-';
        self.text.lines().map(str::trim).find(is_code).unwrap().to_owned()
    }
}

pub(crate) struct Postman {
    pub(crate) address: String,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Postman {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(Mood::Takes));
        let taken = Arc::<Mutex<Vec<Taken>>>::default();
        let (of_server, box_of_server) = (Arc::clone(&mood), Arc::clone(&taken));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mood = *of_server.lock().unwrap();
                let taken = Arc::clone(&box_of_server);
                // Whoever hangs up in the middle has seen enough.
                tokio::spawn(async move { talk(stream, mood, &taken).await.ok() });
            }
        });
        Self { address, mood, taken }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// What came since somebody looked last.
    pub(crate) fn brings(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.taken.lock().unwrap())
    }

    /// The one mail that came since somebody looked last.
    pub(crate) fn brings_one(&self) -> Taken {
        let mut mails = self.brings();
        assert_eq!(mails.len(), 1, "{mails:#?}");
        mails.remove(0)
    }
}

async fn talk(stream: TcpStream, mood: Mood, taken: &Mutex<Vec<Taken>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if mood == Mood::HangsUp {
        return Ok(());
    }
    if mood == Mood::Hangs {
        std::future::pending::<()>().await;
    }
    write.write_all(b"220 postman\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let answer = match line.get(..4).unwrap_or_default() {
            "RCPT" => match mood {
                Mood::Refuses(words) => words,
                _ => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    "250 ok"
                }
            },
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut mail = Vec::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    mail.push(
                        line.strip_prefix("..").map_or(line.clone(), |rest| format!(".{rest}")),
                    );
                }
                taken.lock().unwrap().push(read_mail(&to, &mail));
                if mood == Mood::TakesAndHangsUp {
                    return Ok(());
                }
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

fn read_mail(to: &str, lines: &[String]) -> Taken {
    let end = lines.iter().position(String::is_empty).unwrap();
    let (headers, body) = (lines[..end].join("\n"), &lines[end + 1..]);
    let text = if headers.contains("base64") {
        BASE64_STANDARD.decode(body.concat()).unwrap()
    } else if headers.contains("quoted-printable") {
        unquoted(&body.join("\n").replace("=\n", ""))
    } else {
        body.join("\n").into_bytes()
    };
    Taken { to: to.to_owned(), headers, text: String::from_utf8(text).unwrap() }
}

fn unquoted(text: &str) -> Vec<u8> {
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        bytes.extend(rest.as_bytes());
    }
    bytes
}
