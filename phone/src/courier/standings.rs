//! The server's words: where each dossier stands.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use dossier::card::{Card, Standing};
use dossier::review::State;
use dossier::sync::DossierId;
use hyper::Method;
use uuid::Uuid;

use super::exchange::parse;
use super::{Setback, Setbacks};
use crate::Phone;
use crate::view::{CourierTrouble, DossierState};

impl Phone {
    /// Reads where every deposited dossier stands. `true` when a reviewer's word is awaited.
    pub(super) async fn read_standings(&self) -> Result<bool, Setback> {
        let deposited: Vec<DossierId> = {
            let drafts = self.store().drafts()?;
            let with_server = |state| !matches!(state, DossierState::Draft | DossierState::Ready);
            drafts.iter().filter(|row| with_server(row.state)).map(|row| row.id).collect()
        };
        let (mut awaiting, mut setbacks) = (false, Setbacks::default());
        for dossier in deposited {
            let standing = self.read_standing(&dossier).await;
            awaiting |= setbacks.pass(standing.map(|state| state == State::Received))?;
        }
        setbacks.end(awaiting)
    }

    /// Reads one standing; a card in it must verify before anything of it is kept.
    pub(super) async fn read_standing(&self, dossier: &DossierId) -> Result<State, Setback> {
        let path = format!("/v1/dossiers/{}", Uuid::from_bytes(*dossier));
        let answer = self.ask(Method::GET, path, "", Bytes::new()).await?;
        let answer = match answer {
            Ok(answer) => answer,
            Err(declined) => return self.without_standing(dossier, &declined.code),
        };
        let standing: Standing = parse(&answer)?;
        if let Some(card) = &standing.card
            && let Err(trouble) = self.believed_card(card)
        {
            self.store().set_trouble(dossier, Some(&trouble.to_string()))?;
            self.tell_screens();
            return Err(trouble.into());
        }
        let news = {
            let mut store = self.store();
            store.set_trouble(dossier, None)?;
            let news = store.keep_standing(dossier, &standing)?;
            if news && standing.state == State::Accepted {
                store.forget_history(dossier, self.now_ms())?;
            }
            news
        };
        if news {
            self.tell_screens();
        }
        Ok(standing.state)
    }

    /// Whether a card in base64 is signed by the Region.
    pub(crate) fn believed_card(&self, card: &str) -> Result<(), CourierTrouble> {
        let signed = BASE64.decode(card).ok();
        let believed = signed.and_then(|signed| Card::open(&signed, &self.region_key).ok());
        believed.map(drop).ok_or(CourierTrouble::TamperedCard)
    }

    /// Why the server says nothing of a dossier, and what that means for this phone.
    fn without_standing(&self, dossier: &DossierId, code: &str) -> Result<State, Setback> {
        let is_own = self.store().is_deposited_here(dossier)?;
        match code {
            "unknown" if is_own => self.lost_by_server(dossier),
            // Somebody signed this phone out elsewhere. What is on it stays until a person says so.
            "unknown" | "session_over" => {
                let word = CourierTrouble::SignedOut.to_string();
                self.store().set_trouble(dossier, Some(&word))?;
                self.tell_screens();
                Ok(State::Refused)
            }
            "erased" => {
                self.forget_here(Uuid::from_bytes(*dossier))?;
                Ok(State::Refused)
            }
            _ => Err(CourierTrouble::RefusedByServer.into()),
        }
    }

    /// A server that came back from an older copy gets the dossier again.
    fn lost_by_server(&self, dossier: &DossierId) -> Result<State, Setback> {
        self.store().deposit_again(dossier, self.now_ms())?;
        self.tell_screens();
        self.wake();
        Ok(State::Received)
    }
}
