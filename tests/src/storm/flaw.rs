//! Systems that are worse than ours: the judge must find each of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dossier::number::DossierNumber;
use dossier::sync::wire::Dictionary;
use dossier::sync::{DraftChanges, SyncAnswer, SyncAsk};
use hyper::StatusCode;
use phone::transport::{Answered, Asked, NoAnswer};
use serde_json::Value;
use uuid::Uuid;

use super::way::exchange;
use crate::power::Dice;

/// What is wrong with a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing that we know of.
    None,
    /// Something on the way acknowledges changes that the server never saw.
    FalseAcknowledgement,
    /// The phone makes a new dossier whenever it tries a deposit again.
    NewDossierEachTry,
    /// The server starts from an older copy of its folder, and does not say so.
    OldCopy,
}

/// A way that does not do what it was asked.
pub(super) struct Liar {
    flaw: Flaw,
    seen: Mutex<Seen>,
}

/// What went by.
struct Seen {
    dice: Dice,
    changes: BTreeMap<[u8; 16], DraftChanges>,
    tried: HashSet<String>,
}

impl Liar {
    /// The liar that plays this flaw, if it is one of the way.
    pub(super) fn with(flaw: Flaw, dice: Dice) -> Option<Self> {
        let seen = Seen { dice, changes: BTreeMap::new(), tried: HashSet::new() };
        let lies = matches!(flaw, Flaw::FalseAcknowledgement | Flaw::NewDossierEachTry);
        lies.then(|| Self { flaw, seen: Mutex::new(seen) })
    }

    /// Sends a request, or does worse.
    pub(super) async fn send(&self, asked: Asked, rages: bool) -> Result<Answered, NoAnswer> {
        if self.flaw == Flaw::NewDossierEachTry {
            return self.send_anew(asked).await;
        }
        let lies = rages && asked.path == "/v1/sync" && self.seen().dice.below(4) == 0;
        if lies { acknowledge(&asked) } else { exchange(asked).await }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A deposit that was tried before goes under another identifier and number, with a copy of
    /// its changes.
    async fn send_anew(&self, asked: Asked) -> Result<Answered, NoAnswer> {
        if asked.path == "/v1/sync" {
            self.remember(&asked)?;
        }
        let again = match asked.path.strip_prefix("/v1/deposits/") {
            Some(draft) if !self.seen().tried.insert(draft.to_owned()) => self.copied(draft),
            _ => None,
        };
        let Some((copy, number, changes)) = again else { return exchange(asked).await };
        let push = SyncAsk { push: vec![changes], ..SyncAsk::at([0; 16], 0) };
        let pushing = Asked {
            method: hyper::Method::POST,
            path: "/v1/sync".to_owned(),
            content_type: "application/cbor",
            body: push.to_bytes().into(),
            token: asked.token.clone(),
        };
        exchange(pushing).await?;
        let mut body: Value = serde_json::from_slice(&asked.body).map_err(|_| NoAnswer)?;
        body["number"] = number.into();
        let body = serde_json::to_vec(&body).map_err(|_| NoAnswer)?.into();
        exchange(Asked { path: format!("/v1/deposits/{copy}"), body, ..asked }).await
    }

    fn remember(&self, asked: &Asked) -> Result<(), NoAnswer> {
        let (ask, _) = SyncAsk::from_bytes(&asked.body).map_err(|_| NoAnswer)?;
        let mut seen = self.seen();
        for pushed in ask.push {
            match seen.changes.get_mut(&*pushed.draft) {
                Some(known) => known.changes.extend(pushed.changes),
                None => drop(seen.changes.insert(*pushed.draft, pushed)),
            }
        }
        Ok(())
    }

    /// Another identifier and number for a draft, and its changes under them.
    fn copied(&self, draft: &str) -> Option<(Uuid, String, DraftChanges)> {
        let draft: Uuid = draft.parse().ok()?;
        let mut seen = self.seen();
        let known = seen.changes.get(draft.as_bytes())?.changes.clone();
        let mut random = || std::array::from_fn(|_| seen.dice.below(256) as u8);
        let copy = uuid::Builder::from_random_bytes(random()).into_uuid();
        let number = DossierNumber::draw(random()).to_string();
        Some((copy, number, DraftChanges { draft: copy.into_bytes().into(), changes: known }))
    }
}

/// The answer of a server that has everything, which this one has not.
fn acknowledge(asked: &Asked) -> Result<Answered, NoAnswer> {
    let (ask, _) = SyncAsk::from_bytes(&asked.body).map_err(|_| NoAnswer)?;
    let answer = SyncAnswer::at(*ask.epoch, ask.cursor);
    Ok(Answered { status: StatusCode::OK, body: answer.to_bytes(Dictionary::NEWEST).into() })
}
