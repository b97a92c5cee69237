//! What the Region publishes for everyone: which cards are blocked, and the reference lists.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::status_list::StatusList;
use dossier::hexadecimal;
use dossier::reference::{List, Manifest, Pack, Texts};
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
    /// Fetches the status list and the reference lists when there are newer ones.
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
