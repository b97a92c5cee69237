//! Mails: rendered when they leave, sent over SMTP, tried again until somebody takes them.

mod letter;
mod server;

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::Notify;

use crate::app::App;
use crate::failure::Failure;
use crate::store::db::Db;
use crate::store::mail::{self, Claimed};
pub use server::MailServer;
use server::Outcome;

/// Mails that are taken at once, and those of them that are on their way at the same time.
const AT_ONCE: i64 = 20;
const IN_FLIGHT: usize = 4;
/// Nobody else sends them meanwhile: longer than all of them may take.
const LEASE_MS: i64 = 10 * 60_000;
/// First and longest pause after a try that failed; it doubles in between.
const FIRST_PAUSE_MS: i64 = 30_000;
const LONGEST_PAUSE_MS: i64 = 3_600_000;
/// After this long a mail that nobody took is given up: its reader asked anew, or went elsewhere.
const GIVEN_UP_MS: i64 = 4 * 24 * 3_600_000;
/// Between two looks when nobody rings.
const LOOK: Duration = Duration::from_secs(5);

/// The way out, as far as it is known.
#[derive(Default)]
pub(crate) struct Post {
    server: Option<MailServer>,
    /// Where the links of mails begin.
    links: OnceLock<String>,
    ring: Notify,
}

impl Post {
    pub(crate) fn new(server: Option<MailServer>) -> Self {
        Self { server, ..Self::default() }
    }

    /// Something may be due.
    pub(crate) fn wake(&self) {
        self.ring.notify_one();
    }

    /// Where the links of mails begin, once that was told.
    pub(crate) fn links(&self) -> Option<&str> {
        self.links.get().map(String::as_str)
    }

    pub(crate) fn links_begin_with(&self, url: &str) {
        let _ = self.links.set(url.trim_end_matches('/').to_owned());
    }
}

impl App {
    /// Sends mails for as long as the server runs.
    pub async fn run_mail(&self) {
        if self.post.server.is_none() {
            let waiting = self.store.read(mail::waiting).await.unwrap_or_default();
            tracing::warn!(waiting, "no SMTP server is named (--smtp): mails wait");
        }
        loop {
            if let Err(failure) = self.deliver_mail().await {
                failure.log();
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.post.ring.notified() => {}
            }
        }
    }

    /// Looks up what was asked for and sends what is due: until nothing is, when all goes well.
    pub(crate) async fn deliver_mail(&self) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        if self.store.read(mail::is_asked).await? {
            while self.store.write(move |db| mail::answer_asks(db, now_ms)).await? {}
        }
        let Some(server) = &self.post.server else { return Ok(()) };
        while self.store.read(move |db| mail::is_due(db, now_ms)).await? {
            let claim = move |db: &mut dyn Db| mail::claim(db, now_ms, LEASE_MS, AT_ONCE);
            let claimed = self.store.write(claim).await?;
            let deliveries: Vec<_> =
                claimed.into_iter().map(|mail| self.deliver(server, mail)).collect();
            let delivered: Vec<_> =
                stream::iter(deliveries).buffer_unordered(IN_FLIGHT).collect().await;
            delivered.into_iter().collect::<Result<(), Failure>>()?;
        }
        Ok(())
    }

    /// Sends one mail and keeps what became of it. What is cut between both is sent again, under
    /// the same Message-ID.
    async fn deliver(&self, server: &MailServer, mail: Claimed) -> Result<(), Failure> {
        let now_ms = self.now_ms();
        let links = self.post.links.get().or_else(|| self.public_url.get());
        let Some(letter) = letter::letter(&mail, links.map(String::as_str)) else {
            return self.store.write(move |db| mail::forget(db, mail.id)).await;
        };
        let outcome = server.send(mail.id, &mail.recipient, letter, now_ms).await;
        let (kind, tries) = (mail.kind.as_str(), mail.tries);
        let is_old = now_ms - mail.made_ms > GIVEN_UP_MS;
        match outcome {
            Outcome::Taken => self.store.write(move |db| mail::sent(db, &mail, now_ms)).await,
            Outcome::Later(why) if !is_old => {
                tracing::warn!(kind, tries, why, "a mail was not taken; tried again later");
                let due_ms = now_ms + pause_ms(tries)?;
                self.store.write(move |db| mail::put_off(db, mail.id, due_ms)).await
            }
            Outcome::Later(why) | Outcome::Never(why) => {
                // Whose it was is not told: the log is read by many.
                tracing::error!(kind, tries, why, "a mail was given up");
                self.store.write(move |db| mail::forget(db, mail.id)).await
            }
        }
    }
}

/// Doubles with each try, somewhere between half and the whole of it, so that what failed together
/// does not come back together.
fn pause_ms(tries: u32) -> Result<i64, Failure> {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << tries.saturating_sub(1).min(20));
    let longest = doubled.min(LONGEST_PAUSE_MS);
    let [byte] = crate::app::random::<1>()?;
    Ok(longest / 2 + longest / 2 * i64::from(byte) / 255)
}
