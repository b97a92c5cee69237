//! The evening of a stand: envelopes go up, what the other tablets did comes down.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use dossier::hexadecimal;
use dossier::stand::{EnvelopeAnswer, EnvelopeReceipt, PrintsAnswer, StandAnswer, StandAsk};
use futures_util::{StreamExt, stream};
use hyper::Method;

use super::exchange::{BYTES, parse};
use super::{Setback, Setbacks};
use crate::Phone;
use crate::clock::DAY_MS;
use crate::stand::Told;
use crate::store::PrintsRow;
use crate::trouble::Trouble;
use crate::view::{CourierTrouble, SendingView, StandRefusal, StandView};

/// Envelopes on their way at the same time: a slow answer does not hold up the other, and two are all
/// that a connection lost in the middle sends twice.
const IN_FLIGHT: usize = 2;
/// So many of those that nobody had opened yet are asked about in a round, whichever they are: a server
/// that has much to do is not asked for all of them at once.
const ASKED_AGAIN: u32 = 20;
/// An envelope stays this long after its receipt.
const KEPT_MS: i64 = 7 * DAY_MS;

impl Phone {
    /// What a stand exchanges with the server; no draft ever leaves a tablet otherwise.
    pub(super) async fn exchange_stand(&self) -> Result<(), Setback> {
        if !self.knows_server()? {
            self.meet_server().await?;
        }
        let mut setbacks = Setbacks::default();
        // First: a server that came back from a backup is sent again what it had.
        setbacks.pass(self.read_stand().await)?;
        setbacks.pass(self.ask_what_became().await)?;
        setbacks.pass(self.deliver().await)?;
        setbacks.pass(self.read_published().await)?;
        setbacks.pass(self.read_prints().await)?;
        self.hold_clock()?;
        self.erase_delivered()?;
        setbacks.end(())
    }

    /// Sends what waits, oldest first. What is cut is sent again; nothing waits for another.
    async fn deliver(&self) -> Result<(), Setback> {
        let waiting = self.store().unsent()?;
        let send = |(line, digest): &(i64, [u8; 32])| self.send_envelope(*line, *digest);
        let sending: Vec<_> = waiting.iter().map(send).collect();
        let mut sending = stream::iter(sending).buffer_unordered(IN_FLIGHT);
        let mut setbacks = Setbacks::default();
        while let Some(sent) = sending.next().await {
            setbacks.pass(sent)?;
        }
        setbacks.end(())
    }

    /// Sends one envelope. Only a receipt of the Region, for this very envelope, says that it came.
    async fn send_envelope(&self, line: i64, digest: [u8; 32]) -> Result<(), Setback> {
        let Some(bytes) = self.store().envelope(line)? else { return Ok(()) };
        let answer = self.ask(Method::PUT, address(&digest), BYTES, bytes).await?;
        self.hear_of(&digest, &answer.map_err(|_| CourierTrouble::RefusedByServer)?)?;
        self.progress(1);
        Ok(())
    }

    /// What the Region had stored and not opened: did it become a dossier, or must somebody see it?
    async fn ask_what_became(&self) -> Result<(), Setback> {
        let unopened = self.store().unopened(ASKED_AGAIN)?;
        for digest in &unopened {
            let answer = self.ask(Method::GET, address(digest), "", Bytes::new()).await?;
            // None any more, if its student had the dossier erased meanwhile.
            if let Ok(answer) = answer {
                self.hear_of(digest, &answer)?;
            }
        }
        if !unopened.is_empty() {
            self.tell_screens();
        }
        Ok(())
    }

    /// Keeps what the Region says of an envelope, if its receipt is for this very one.
    fn hear_of(&self, digest: &[u8; 32], answer: &[u8]) -> Result<(), Setback> {
        let answer: EnvelopeAnswer = parse(answer)?;
        let signed = BASE64.decode(answer.receipt).map_err(|_| CourierTrouble::TamperedReceipt)?;
        let receipt = EnvelopeReceipt::verify(&signed, &self.region_key, digest)
            .map_err(|_| CourierTrouble::TamperedReceipt)?;
        let stored_ms = receipt.stored_at_ms;
        self.store().keep_envelope_receipt(digest, &signed, stored_ms, answer.state)?;
        Ok(())
    }

    /// Erases what the Region has had for a week, by its own clock: the tablet's may be years off.
    fn erase_delivered(&self) -> Result<(), Trouble> {
        let store = self.store();
        let newest_ms = self.newest_signed(&store, self.key_set(&store)?.as_ref())?;
        store.erase_stored(newest_ms.saturating_sub(KEPT_MS))
    }

    /// Reads what the Region says of this stand now.
    async fn read_stand(&self) -> Result<(), Setback> {
        let answer: StandAnswer = parse(&self.get("/v1/stand".to_owned()).await?)?;
        let (row, told) = self.stand_here(&self.store())?;
        if row.id != *answer.stand.as_bytes() {
            return Err(CourierTrouble::RefusedByServer.into());
        }
        if self.store().hear_epoch(&answer.epoch)? {
            self.tell_screens();
        }
        let now = Told::from_answer(&answer, &told.tablet, &told.device);
        if now == told {
            return Ok(());
        }
        if now.delegation != told.delegation {
            // The key that signed it may be newer than the keys at hand.
            self.read_key_set().await?;
        }
        let store = self.store();
        // Another delegation counts only if a key of the Region signed it, for this tablet's key.
        let keys = self.key_set(&store)?.ok_or(CourierTrouble::WrongServerKey)?;
        if now.delegation != told.delegation && !now.is_delegated(&row.id, &keys) {
            return Err(CourierTrouble::WrongServerKey.into());
        }
        store.keep_stand_told(&row.id, &now.bytes()?)?;
        drop(store);
        self.tell_screens();
        Ok(())
    }

    /// Reads what the other tablets of the event finished.
    async fn read_prints(&self) -> Result<(), Setback> {
        loop {
            let (row, told) = self.stand_here(&self.store())?;
            if told.revoked {
                // Whom the others met is told to the tablets of the event, and this is none any more.
                return Ok(());
            }
            let path = format!("/v1/stand/prints?after={}", row.prints_after);
            let answer: PrintsAnswer = parse(&self.get(path).await?)?;
            let heard: Vec<PrintsRow> = answer
                .prints
                .iter()
                .map(|told| PrintsRow {
                    stand: *told.stand.as_bytes(),
                    dossier: *told.dossier.as_bytes(),
                    finished_ms: told.finished_at_ms,
                    prints: told
                        .prints
                        .iter()
                        .filter_map(|text| hexadecimal::array(text).map(u64::from_be_bytes))
                        .collect(),
                })
                .collect();
            if heard.is_empty() && answer.next == row.prints_after {
                return Ok(());
            }
            self.store().keep_prints(&heard, answer.next)?;
            if !answer.more {
                return Ok(());
            }
        }
    }

    /// Asks to be the stand of a code; a person waits for it.
    pub(crate) async fn ask_for_stand(&self, ask: &StandAsk) -> Result<StandAnswer, Trouble> {
        self.meet_server().await.map_err(Trouble::from)?;
        let answer = self.put_json("/v1/stand".to_owned(), ask).await.map_err(Trouble::from)?;
        let answer = answer.map_err(|declined| match declined.code.as_str() {
            "too_many_tries" => Trouble::TooManyTries,
            "setup_code_spent" => StandRefusal::SpentCode.into(),
            _ => CourierTrouble::RefusedByServer.into(),
        })?;
        // The delegation's key may be newer than the keys at hand.
        let known = self.read_key_set().await;
        known.map_err(Trouble::from)?;
        parse(&answer).map_err(Trouble::from)
    }

    /// Sends what waits now, for whoever asks for it.
    pub(crate) fn stand_send(&self) -> Result<StandView, Trouble> {
        tokio::runtime::Handle::current().block_on(async {
            // How it went, the view tells.
            self.sync().await.map(drop)
        })?;
        self.stand_view()
    }

    /// How far the running delivery is.
    pub(crate) fn sending(&self) -> Option<SendingView> {
        let now_ms = self.now_ms();
        self.network().sending.and_then(|sending| sending.view(now_ms))
    }
}

/// Where an envelope lies at the Region.
fn address(digest: &[u8; 32]) -> String {
    format!("/v1/envelopes/{}", hexadecimal::text(digest))
}
