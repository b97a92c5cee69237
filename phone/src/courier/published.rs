//! What the Region publishes for everyone: whose signatures to believe, which cards are not good
//! any more, and the reference lists.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::status_list::StatusList;
use dossier::hexadecimal;
use dossier::reference::{List, Manifest, Pack, Texts};
use dossier::signed::keys::KeySet;
use serde::Deserialize;

use super::Setback;
use super::exchange::parse;
use crate::Phone;
use crate::reference::newest_texts;
use crate::view::CourierTrouble;

/// `GET /v1/reference`
#[derive(Deserialize)]
struct PublishedReference {
    version: String,
    manifest: String,
}

impl Phone {
    /// Fetches keys, status list and reference lists when there are newer ones.
    pub(super) async fn read_published(&self) -> Result<(), Setback> {
        self.read_key_set().await?;
        self.read_status_list().await?;
        self.read_reference().await
    }

    pub(super) async fn read_key_set(&self) -> Result<(), Setback> {
        let signed = self.get("/v1/key-set".to_owned()).await?;
        let set =
            KeySet::open(&signed, &self.region_key).map_err(|_| CourierTrouble::WrongServerKey)?;
        let store = self.store();
        // An older set than the one at hand would bring a revoked key back: it is not taken.
        if self.key_set(&store)?.is_none_or(|known| set.version > known.version) {
            store.keep_key_set(set.version, &signed)?;
            drop(store);
            self.tell_screens();
        }
        Ok(())
    }

    async fn read_status_list(&self) -> Result<(), Setback> {
        let signed = self.get("/v1/status-list".to_owned()).await?;
        let store = self.store();
        let keys = self.key_set(&store)?.ok_or(CourierTrouble::WrongServerKey)?;
        let list = StatusList::open(&signed, &keys).map_err(|_| CourierTrouble::WrongServerKey)?;
        // An older list than the one at hand would unblock cards: it is not taken.
        if self.status_list(&store)?.is_none_or(|known| list.is_newer_than(&known)) {
            store.keep_status_list(list.version, &signed)?;
            drop(store);
            self.tell_screens();
        }
        Ok(())
    }

    /// Takes a new publication: only the lists that changed are fetched, and nothing is kept
    /// before the whole is signed and can be read.
    async fn read_reference(&self) -> Result<(), Setback> {
        let published: PublishedReference = parse(&self.get("/v1/reference".to_owned()).await?)?;
        if published.version == self.reference()?.version {
            return Ok(());
        }
        let signed = BASE64.decode(published.manifest).map_err(|_| CourierTrouble::Server)?;
        let manifest =
            Manifest::open(&signed, &self.region_key).ok_or(CourierTrouble::WrongServerKey)?;
        let known = newest_texts(&self.store(), &self.region_key)?;
        let mut texts = Texts { version: manifest.version.clone(), lists: Default::default() };
        for list in List::ALL {
            let Some(digest) = manifest.digest(list) else { continue };
            let same = known.lists.get(&list).filter(|text| Manifest::digest_of(text) == digest);
            let text = match same {
                Some(text) => text.clone(),
                None => self.fetch_list(&digest).await?,
            };
            texts.lists.insert(list, text);
        }
        let pack = Pack::read(&texts).map_err(|_| CourierTrouble::Server)?;
        self.store().keep_reference(&texts, &signed)?;
        self.reference.replace(pack);
        self.tell_screens();
        Ok(())
    }

    async fn fetch_list(&self, digest: &[u8; 32]) -> Result<String, Setback> {
        let bytes = self.get(format!("/v1/reference/{}", hexadecimal::text(digest))).await?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| CourierTrouble::Server)?;
        if Manifest::digest_of(&text) == *digest {
            Ok(text)
        } else {
            Err(CourierTrouble::Server.into())
        }
    }
}
