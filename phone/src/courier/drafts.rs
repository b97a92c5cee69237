//! Drafts and photos: what the server lacks goes up, what other devices wrote comes down.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::Ordering;

use dossier::document::Hash;
use dossier::document::guard::Allowance;
use dossier::sync::{DossierId, DraftChanges, MOST_NAMED, OfferedPhoto, SyncAnswer, SyncAsk};
use futures_util::{StreamExt, TryStreamExt, stream};
use hyper::Method;
use sha2::{Digest, Sha256};

use super::Setback;
use super::exchange::{CBOR, JPEG};
use crate::Phone;
use crate::store::{ToPush, Told};
use crate::trouble::Trouble;
use crate::view::CourierTrouble;

/// Changes in one request: some 100 kB, well under the server's limit.
const BATCH: u32 = 500;
/// Photos on their way at the same time: a slow answer does not hold up the others, and four of them
/// are all that a connection lost in the middle sends twice.
const IN_FLIGHT: usize = 4;

/// An ask, and the rows that it carries.
struct Asking {
    ask: SyncAsk,
    pushed: Vec<ToPush>,
    offered: Vec<(DossierId, Hash)>,
}

impl Phone {
    /// Pushes and pulls until neither side has anything new.
    pub(super) async fn exchange_changes(&self) -> Result<(), Setback> {
        loop {
            let asking = self.next_ask()?;
            let body = asking.ask.to_bytes();
            let answer = self.ask(Method::POST, "/v1/sync".to_owned(), CBOR, body).await?;
            let answer = answer.map_err(|_| CourierTrouble::RefusedByServer)?;
            let answer = SyncAnswer::from_bytes(&answer).map_err(|_| CourierTrouble::Server)?;
            self.take(&asking, &answer)?;
            self.progress(asking.pushed.len());
            self.send_missing_photos(&asking, &answer).await?;
            let waits = self.store().has_news()?;
            let is_full = asking.pushed.len() == BATCH as usize;
            if !answer.more && !waits && !is_full {
                return Ok(());
            }
        }
    }

    fn next_ask(&self) -> Result<Asking, Setback> {
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
        let most = u32::try_from(MOST_NAMED).unwrap_or(u32::MAX);
        let gone = store.erased(most)?.into_iter().map(Into::into).collect();
        // A server takes only photos that it knows of: what names them may be in a later request.
        let is_last = pushed.len() < BATCH as usize;
        let metered = self.metered.load(Ordering::Relaxed);
        let mut offered = if is_last { store.photos_to_push(metered)? } else { Vec::new() };
        offered.truncate(MOST_NAMED);
        let offer = |(draft, hash): &(DossierId, Hash)| OfferedPhoto {
            draft: (*draft).into(),
            hash: (*hash).into(),
        };
        let photos = offered.iter().map(offer).collect();
        let (epoch, cursor) = store.place()?;
        let ask = SyncAsk { push, gone, photos, ..SyncAsk::at(epoch, cursor) };
        Ok(Asking { ask, pushed, offered })
    }

    /// Keeps what the server said. Its bytes pass the same guard as anyone's: a change that does
    /// not pass is left out, and takes no other with it.
    fn take(&self, asking: &Asking, answer: &SyncAnswer) -> Result<(), Setback> {
        let mut told = Told { epoch: *answer.epoch, cursor: answer.cursor, ..Told::default() };
        let mut allowance = Allowance::default();
        for from in &answer.pull {
            let changes = from.changes.iter().filter_map(|bytes| allowance.admit(bytes).ok());
            told.pulled.extend(changes.map(|change| (*from.draft, change)));
        }
        told.gone = answer.gone.iter().map(|draft| **draft).collect();
        told.heard = asking.ask.gone.iter().map(|draft| **draft).collect();
        let news = !told.pulled.is_empty() || !told.gone.is_empty();
        let (stored, refused) = settled(&asking.pushed, answer);
        {
            let mut store = self.store();
            // Another life of its database, or an older copy: what it confirmed may be lost.
            if forgot(&asking.ask, answer) {
                store.push_all_again()?;
            } else {
                store.settle(&stored, &refused)?;
            }
            // What is being typed here was typed before what is told was seen: made part of the
            // draft after it, it would end a conflict that nobody was shown.
            for draft in told.pulled.iter().map(|(draft, _)| *draft).collect::<BTreeSet<_>>() {
                match store.fold(&draft, &self.actor) {
                    // What is told may be what mends it.
                    Ok(_) | Err(Trouble::Damaged) => {}
                    Err(trouble) => return Err(trouble.into()),
                }
            }
            store.keep_told(&told, self.now_ms())?;
        }
        if news {
            self.tell_screens();
        }
        Ok(())
    }

    /// Sends the photos that the server lacks and marks those that it has.
    async fn send_missing_photos(
        &self,
        asking: &Asking,
        answer: &SyncAnswer,
    ) -> Result<(), Setback> {
        let missing: HashSet<Hash> = answer.photos_missing.iter().map(|hash| **hash).collect();
        let send = |photo| self.send_photo(photo, &missing);
        let sending: Vec<_> = asking.offered.iter().map(send).collect();
        stream::iter(sending).buffer_unordered(IN_FLIGHT).try_collect::<()>().await
    }

    async fn send_photo(
        &self,
        (draft, hash): &(DossierId, Hash),
        missing: &HashSet<Hash>,
    ) -> Result<(), Setback> {
        if missing.contains(hash) {
            // One that does not open is set aside: it must not hold up the others.
            let Some(jpeg) = self.store().photo(draft)? else { return Ok(()) };
            let path = format!("/v1/photos/{}", dossier::hexadecimal::text(hash));
            let answer = self.ask(Method::PUT, path, JPEG, jpeg).await?;
            answer.map_err(|_| CourierTrouble::RefusedByServer)?;
        }
        self.store().confirm_photo(draft, hash)?;
        self.progress(1);
        Ok(())
    }
}

/// Whether the server lost what it had confirmed to this phone.
fn forgot(ask: &SyncAsk, answer: &SyncAnswer) -> bool {
    let met_before = *ask.epoch != [0; 16];
    met_before && (answer.epoch != ask.epoch || (answer.cursor < ask.cursor && !answer.more))
}

/// Which of the pushed changes the server has, and which it will never take, by their row.
fn settled(pushed: &[ToPush], answer: &SyncAnswer) -> (Vec<i64>, Vec<i64>) {
    let rejected: HashSet<Hash> = answer.rejected.iter().map(|rejected| *rejected.digest).collect();
    if rejected.is_empty() {
        return (pushed.iter().map(|to_push| to_push.n).collect(), Vec::new());
    }
    let (refused, stored): (Vec<&ToPush>, Vec<&ToPush>) = pushed.iter().partition(|to_push| {
        let digest: Hash = Sha256::digest(&to_push.change.bytes).into();
        rejected.contains(&digest)
    });
    let rows = |all: Vec<&ToPush>| all.into_iter().map(|to_push| to_push.n).collect();
    (rows(stored), rows(refused))
}
