//! The server's words: where each dossier stands, which cards are blocked, what is published.

use std::sync::{Arc, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::status_list::StatusList;
use dossier::card::{Card, Standing};
use dossier::reference::{Manifest, Pack};
use dossier::review::State;
use dossier::sync::DossierId;
use serde::Deserialize;
use uuid::Uuid;

use super::exchange::parse;
use super::{Setback, Setbacks};
use crate::Phone;
use crate::view::{CourierTrouble, DossierState};

/// `GET /v1/reference`
#[derive(Deserialize)]
struct PublishedReference {
    version: String,
    sha256: String,
    manifest: String,
}

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
        let standing: Standing = parse(&self.get(path).await?)?;
        if let Some(card) = &standing.card {
            let signed = BASE64.decode(card).ok();
            let believed = signed.and_then(|signed| Card::open(&signed, &self.region_key).ok());
            if believed.is_none() {
                let trouble = CourierTrouble::TamperedCard;
                self.store().set_trouble(dossier, Some(&trouble.to_string()))?;
                self.tell_screens();
                return Err(trouble.into());
            }
        }
        let news = {
            let mut store = self.store();
            store.set_trouble(dossier, None)?;
            store.keep_standing(dossier, &standing)?
        };
        if news {
            self.tell_screens();
        }
        Ok(standing.state)
    }

    /// Fetches the status list and the reference pack when there is a newer one.
    pub(super) async fn read_published(&self) -> Result<(), Setback> {
        self.read_status_list().await?;
        self.read_reference().await
    }

    async fn read_status_list(&self) -> Result<(), Setback> {
        let signed = self.get("/v1/status-list".to_owned()).await?;
        let list = StatusList::open(&signed, &self.region_key)
            .map_err(|_| CourierTrouble::WrongServerKey)?;
        let store = self.store();
        // An older list than the one at hand would unblock cards: it is not taken.
        let known = self.status_list(&store)?.map(|known| (known.version, known.made_at_ms));
        if known.is_none_or(|known| (list.version, list.made_at_ms) > known) {
            store.keep_status_list(list.version, &signed)?;
            drop(store);
            self.tell_screens();
        }
        Ok(())
    }

    async fn read_reference(&self) -> Result<(), Setback> {
        let published: PublishedReference = parse(&self.get("/v1/reference".to_owned()).await?)?;
        if published.version == self.reference().version {
            return Ok(());
        }
        // The digest is a path: only hexadecimal digits may become one.
        let Some(digest) = dossier::hexadecimal::array::<32>(&published.sha256) else {
            return Err(CourierTrouble::Server.into());
        };
        let path = format!("/v1/reference/{}", dossier::hexadecimal::text(&digest));
        let bytes = self.get(path).await?;
        let manifest = BASE64.decode(published.manifest).map_err(|_| CourierTrouble::Server)?;
        Manifest::verify(&manifest, &bytes, &self.region_key)
            .ok_or(CourierTrouble::WrongServerKey)?;
        let pack = Pack::read(&bytes).map_err(|_| CourierTrouble::Server)?;
        self.store().keep_reference(&pack.version, &manifest, &bytes)?;
        *self.reference.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pack);
        self.tell_screens();
        Ok(())
    }
}
