//! Drafts and photos: what the server lacks goes up, what other devices wrote comes down.

use std::collections::{BTreeMap, HashMap, HashSet};

use dossier::document::guard::{self, Admitted};
use dossier::sync::{DossierId, DraftChanges, RejectedCode, SyncAnswer, SyncAsk};
use hyper::Method;
use sha2::{Digest, Sha256};

use super::Setback;
use super::exchange::{CBOR, JPEG};
use crate::Phone;
use crate::store::ToPush;
use crate::view::CourierTrouble;

/// Changes in one request: some 100 kB, well under the server's limit.
const BATCH: u32 = 500;

impl Phone {
    /// Pushes and pulls until neither side has anything new.
    pub(super) async fn exchange_changes(&self) -> Result<(), Setback> {
        loop {
            let (ask, pushed) = self.next_ask()?;
            let offered = ask.push.len();
            let answer =
                self.ask(Method::POST, "/v1/sync".to_owned(), CBOR, ask.to_bytes()).await?;
            let answer = answer.map_err(|_| CourierTrouble::RefusedByServer)?;
            let answer = SyncAnswer::from_bytes(&answer).map_err(|_| CourierTrouble::Server)?;
            let (stored, refused) = settled(&pushed, &answer);
            self.store().settle(&stored, &refused)?;
            self.take_pulled(&answer)?;
            self.send_missing_photos(&answer).await?;
            if offered > 0 && stored.is_empty() && refused.is_empty() {
                // Asking the same again would be answered the same.
                return Err(CourierTrouble::RefusedByServer.into());
            }
            if !answer.more && self.store().changes_to_push(1)?.is_empty() {
                return Ok(());
            }
        }
    }

    fn next_ask(&self) -> Result<(SyncAsk, Vec<ToPush>), Setback> {
        let store = self.store();
        let pushed = store.changes_to_push(BATCH)?;
        let mut by_draft: BTreeMap<DossierId, Vec<_>> = BTreeMap::new();
        for to_push in &pushed {
            let bytes = to_push.change.bytes.clone().into();
            by_draft.entry(to_push.draft).or_default().push(bytes);
        }
        let push = by_draft
            .into_iter()
            .map(|(draft, changes)| DraftChanges { draft: draft.into(), changes })
            .collect();
        let photos = store.photos_to_push()?.into_iter().map(|(_, hash)| hash.into()).collect();
        let cursor = store.cursor()?;
        Ok((SyncAsk { push, photos, ..SyncAsk::at([0; 16], cursor) }, pushed))
    }

    /// Keeps what other devices wrote. The server's bytes pass the same guard as anyone's.
    fn take_pulled(&self, answer: &SyncAnswer) -> Result<(), Setback> {
        let mut pulled: Vec<(DossierId, Admitted)> = Vec::new();
        for from in &answer.pull {
            for bytes in &from.changes {
                let change = guard::admit(bytes).map_err(|_| CourierTrouble::Server)?;
                pulled.push((*from.draft, change));
            }
        }
        self.store().keep_pulled(&pulled, answer.cursor, self.now_ms())?;
        if !pulled.is_empty() {
            self.tell_screens();
        }
        Ok(())
    }

    /// Sends the photos that the server lacks and marks those that it has.
    async fn send_missing_photos(&self, answer: &SyncAnswer) -> Result<(), Setback> {
        let missing: HashSet<[u8; 32]> = answer.photos_missing.iter().map(|hash| **hash).collect();
        let waiting = self.store().photos_to_push()?;
        for (draft, hash) in waiting {
            if missing.contains(&hash) {
                // One that does not open is set aside: it must not hold up the others.
                let Some(jpeg) = self.store().photo(&draft)? else { continue };
                let path = format!("/v1/photos/{}", dossier::hexadecimal::text(&hash));
                let answer = self.ask(Method::PUT, path, JPEG, jpeg).await?;
                answer.map_err(|_| CourierTrouble::RefusedByServer)?;
            }
            self.store().confirm_photo(&draft, &hash)?;
        }
        Ok(())
    }
}

/// Which of the pushed changes the server has, and which it will never take, by their row.
fn settled(pushed: &[ToPush], answer: &SyncAnswer) -> (Vec<i64>, Vec<i64>) {
    let rejected: HashMap<[u8; 32], RejectedCode> =
        answer.rejected.iter().map(|rejected| (*rejected.digest, rejected.code)).collect();
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    for to_push in pushed {
        let digest: [u8; 32] = Sha256::digest(&to_push.change.bytes).into();
        let settled = if rejected.contains_key(&digest) { &mut refused } else { &mut stored };
        settled.push(to_push.n);
    }
    (stored, refused)
}
