//! The server's words: where each dossier stands.

use bytes::Bytes;
use dossier::card::Standing;
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
            awaiting |= setbacks.pass(standing)?;
        }
        setbacks.end(awaiting)
    }

    /// Reads one standing, and has its card signed for this phone when it is for none, with its
    /// vignette. `true` when
    /// a reviewer's word is awaited.
    pub(super) async fn read_standing(&self, dossier: &DossierId) -> Result<bool, Setback> {
        let path = format!("/v1/dossiers/{}", Uuid::from_bytes(*dossier));
        let answer = self.ask(Method::GET, path, "", Bytes::new()).await?;
        let answer = match answer {
            Ok(answer) => answer,
            Err(declined) => return self.without_standing(dossier, &declined.code),
        };
        let told: Standing = parse(&answer)?;
        if self.lacks_correction(dossier, &told)? {
            // Mended on another device: the answers and the photo are others now.
            let id = Uuid::from_bytes(*dossier);
            let whole = parse(&self.get(format!("/v1/deposits/{id}")).await?)?;
            self.take_corrected(id, whole, None).await?;
        }
        if self.knows_key_of(&told).await? {
            self.keep_standing(dossier, &told)?;
        }
        let held = self.hold_card(dossier, told).await?;
        self.keep_standing(dossier, &held)?;
        self.fetch_vignette(dossier, &held).await?;
        Ok(held.state.is_open())
    }

    /// Keeps the server's word; a card in it must verify before anything of it is kept.
    pub(crate) fn keep_standing(
        &self,
        dossier: &DossierId,
        standing: &Standing,
    ) -> Result<(), Setback> {
        let mut store = self.store();
        if self.card_in(&store, standing)?.is_some_and(|card| card.is_err()) {
            let trouble = CourierTrouble::TamperedCard;
            store.set_trouble(dossier, Some(&trouble.to_string()))?;
            drop(store);
            self.tell_screens();
            return Err(trouble.into());
        }
        store.set_trouble(dossier, None)?;
        let news = store.keep_standing(dossier, standing)?;
        if news && standing.state == State::Accepted {
            store.forget_history(dossier, self.now_ms())?;
        }
        drop(store);
        if news {
            self.tell_screens();
        }
        Ok(())
    }

    /// Why the server says nothing of a dossier, and what that means for this phone. `true` when its
    /// word is awaited all the same.
    fn without_standing(&self, dossier: &DossierId, code: &str) -> Result<bool, Setback> {
        let is_own = self.store().is_deposited_here(dossier)?;
        match code {
            "unknown" | "deleted" if is_own => self.lost_by_server(dossier).map(|()| true),
            // Somebody signed this phone out elsewhere. What is on it stays until a person says so.
            "unknown" | "deleted" | "session_over" => {
                let word = CourierTrouble::SignedOut.to_string();
                self.store().set_trouble(dossier, Some(&word))?;
                self.tell_screens();
                Ok(false)
            }
            "erased" => {
                self.forget_here(Uuid::from_bytes(*dossier))?;
                Ok(false)
            }
            _ => Err(CourierTrouble::RefusedByServer.into()),
        }
    }

    /// A server that came back from an older copy gets the dossier again.
    fn lost_by_server(&self, dossier: &DossierId) -> Result<(), Setback> {
        self.store().deposit_again(dossier, self.now_ms())?;
        self.tell_screens();
        self.wake();
        Ok(())
    }
}
