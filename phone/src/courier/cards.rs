//! The card of a dossier, signed by the Region for the key of this phone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use dossier::card::vignette::Vignette;
use dossier::card::{Card, CardAsk, CardRefusal, Standing};
use dossier::hexadecimal;
use dossier::review::State;
use dossier::signed::SignatureRefusal;
use dossier::sync::DossierId;
use hyper::Method;
use uuid::Uuid;

use super::Setback;
use super::exchange::parse;
use crate::Phone;
use crate::store::Store;
use crate::trouble::Trouble;
use crate::view::CourierTrouble;

/// What a key is made for while the dossier has no card.
const FIRST: &str = "first";

impl Phone {
    /// The card that the server's word brings, if it brings one, or why it is not believed.
    pub(crate) fn card_in(
        &self,
        store: &Store,
        standing: &Standing,
    ) -> Result<Option<Result<Card, SignatureRefusal>>, Trouble> {
        let Some(card) = &standing.card else { return Ok(None) };
        let opened = match (BASE64.decode(card), self.key_set(store)?) {
            (Err(_), _) => Err(SignatureRefusal::Tampered),
            (Ok(_), None) => Err(SignatureRefusal::UnknownKey),
            (Ok(signed), Some(keys)) => match Card::open(&signed, &keys) {
                Err(CardRefusal::Signature(SignatureRefusal::UnknownKey)) => {
                    Err(SignatureRefusal::UnknownKey)
                }
                opened => opened.map_err(|_| SignatureRefusal::Tampered),
            },
        };
        Ok(Some(opened))
    }

    /// Whether the key that signed the card of this word, if there is one, is known here: perhaps
    /// it was made since the keys were last fetched.
    pub(super) async fn knows_key_of(&self, standing: &Standing) -> Result<bool, Setback> {
        let is_unknown = || -> Result<bool, Trouble> {
            let card = self.card_in(&self.store(), standing)?;
            Ok(card.is_some_and(|card| card.err() == Some(SignatureRefusal::UnknownKey)))
        };
        if is_unknown()? {
            self.read_key_set().await?;
        }
        Ok(!is_unknown()?)
    }

    /// Has the server sign the card for this phone: when it is for none yet, when its key was
    /// revoked, when the server says that it is due, and when a person asked to take it from another
    /// phone.
    pub(super) async fn hold_card(
        &self,
        dossier: &DossierId,
        standing: Standing,
    ) -> Result<Standing, Setback> {
        let draft = Uuid::from_bytes(*dossier);
        let Some(ask) = self.card_to_ask(draft, &standing)? else {
            self.end_move(draft)?;
            return Ok(standing);
        };
        match self.put_json(format!("/v1/cards/{draft}"), &ask).await? {
            Ok(answer) => {
                let held = parse(&answer)?;
                self.knows_key_of(&held).await?;
                self.end_move(draft)?;
                Ok(held)
            }
            // Another phone was first, or a reviewer refused meanwhile: the next look tells.
            Err(declined) if ["card_elsewhere", "no_card"].contains(&declined.code.as_str()) => {
                self.end_move(draft)?;
                Ok(standing)
            }
            Err(_) => Err(CourierTrouble::RefusedByServer.into()),
        }
    }

    /// Fetches the vignette that the card of this word names, unless it is here. Another one is not kept:
    /// perhaps the card was signed anew just now, and the next look brings both.
    pub(super) async fn fetch_vignette(
        &self,
        dossier: &DossierId,
        standing: &Standing,
    ) -> Result<(), Setback> {
        let card = {
            let store = self.store();
            let Some(Ok(card)) = self.card_in(&store, standing)? else { return Ok(()) };
            if store.vignette(dossier)?.is_some_and(|vignette| vignette.is_of(&card)) {
                return Ok(());
            }
            card
        };
        let path = format!("/v1/vignettes/{}", Uuid::from_bytes(*dossier));
        // Without it a card is as good; only its photo cannot be given.
        let Ok(bytes) = self.ask(Method::GET, path, "", Bytes::new()).await? else { return Ok(()) };
        let vignette = Vignette::read(&bytes).filter(|vignette| vignette.is_of(&card));
        if let Some(vignette) = vignette {
            self.store().keep_vignette(dossier, &vignette)?;
            self.tell_screens();
        }
        Ok(())
    }

    /// What is asked of the server; nothing while the card is where it belongs.
    fn card_to_ask(&self, draft: Uuid, standing: &Standing) -> Result<Option<CardAsk>, Trouble> {
        if standing.state == State::Refused {
            return Ok(None);
        }
        let (card, moving) = {
            let store = self.store();
            (self.card_in(&store, standing)?, self.is_moving(&store, draft)?)
        };
        let known = self.card_key(draft)?;
        let place = match &card {
            None => FIRST.to_owned(),
            // Signed by a key that is not believed any more: the same card, signed anew.
            Some(Err(_)) => known.map_or_else(|| FIRST.to_owned(), |key| key.made_for),
            Some(Ok(card)) => match known.filter(|key| key.shows(card)) {
                Some(key) if standing.renewal_due => key.made_for,
                Some(_) => return Ok(None),
                None if card.device.is_some() && !moving => return Ok(None),
                None => card.status_index.to_string(),
            },
        };
        let key = self.key_for(draft, place)?.secret.verifying_key();
        Ok(Some(CardAsk { device_key: hexadecimal::text(key.as_bytes()), moving }))
    }
}
