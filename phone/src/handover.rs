//! A draft goes from a phone to a stand, or back, as codes on a screen: no network, no server.

use dossier::document::guard::Allowance;
use dossier::parts::Collected;
use dossier::stand::handover::codes;
use dossier::sync::DraftChanges;
use std::sync::PoisonError;
use uuid::Uuid;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{DossierState, DraftView, HandoverTaken, HandoverView, StandRefusal};

impl Phone {
    /// What was typed in a draft so far, as codes. The photo stays: it is taken anew.
    pub(crate) fn handover(&self, draft: Uuid) -> Result<HandoverView, Trouble> {
        let changes = {
            let mut store = self.store();
            if store.draft(draft.as_bytes())?.state != DossierState::Draft {
                return Err(Trouble::AlreadyDeposited);
            }
            store.fold(draft.as_bytes(), &self.actor)?;
            let mut document = store.document(draft.as_bytes(), &self.actor)?;
            document.changes().into_iter().map(|change| change.bytes.into()).collect()
        };
        let whole = DraftChanges { draft: (*draft.as_bytes()).into(), changes };
        let texts = codes(&whole).map_err(|_| StandRefusal::NotAHandover)?;
        Ok(HandoverView { codes: crate::qr::views(texts)? })
    }

    /// Takes one code of a draft that is handed over; with the last, the draft.
    pub(crate) fn take_handover(&self, scanned: &str) -> Result<HandoverTaken, Trouble> {
        let collected = {
            let mut collector = self.handover.lock().unwrap_or_else(PoisonError::into_inner);
            collector.add(scanned).map_err(|_| StandRefusal::NotAHandover)?
        };
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match collected {
            Collected::Some { have, of } => {
                Ok(HandoverTaken { have: count(have), of: count(of), draft: None })
            }
            Collected::All(whole) => {
                Ok(HandoverTaken { have: 1, of: 1, draft: Some(self.take_draft(&whole)?) })
            }
        }
    }

    /// The same document as on the other device: it merges with what is here, and later with what both
    /// go on to write. Every change passes the guard first, as one from the server does.
    fn take_draft(&self, whole: &DraftChanges) -> Result<DraftView, Trouble> {
        let mut allowance = Allowance::default();
        let admitted = whole.changes.iter().map(|bytes| allowance.admit(bytes));
        let admitted: Vec<_> =
            admitted.collect::<Result<_, _>>().map_err(|_| StandRefusal::NotAHandover)?;
        let id = *whole.draft;
        // All of them hang together, or none is taken.
        let document = dossier::document::Draft::from_changes(&self.actor, admitted.clone());
        document.map_err(|_| StandRefusal::NotAHandover)?;
        {
            let mut store = self.store();
            match store.draft(&id) {
                Ok(row) if row.state == DossierState::Draft => {
                    store.discard(&id, None)?;
                    // What is being typed here was typed before what comes was seen.
                    store.fold(&id, &self.actor)?;
                }
                Err(_) if store.line_of(&id)?.is_none() => {}
                _ => return Err(StandRefusal::Deposited.into()),
            }
            store.take_handed_over(&id, &admitted, self.now_ms())?;
        }
        self.wake();
        self.tell_screens();
        self.view(Uuid::from_bytes(id))
    }
}
