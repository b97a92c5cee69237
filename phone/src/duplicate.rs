//! Another card for one that is lost, stolen or damaged: asked for, and taken back when it is found.

use dossier::card::Standing;
use dossier::card::duplicate::{DuplicateReason, undo_until_ms};
use dossier::sync::DossierId;
use hyper::Method;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::Phone;
use crate::account::NOTHING;
use crate::store::Store;
use crate::trouble::Trouble;
use crate::view::{CardView, CourierTrouble, DuplicateState, DuplicateTermsView, DuplicateView};

impl Phone {
    /// Asks for another card. Queued when there is no network; asked twice it is one request.
    pub(crate) fn ask_duplicate(
        &self,
        draft: Uuid,
        reason: DuplicateReason,
    ) -> Result<CardView, Trouble> {
        {
            let store = self.store();
            let row = store.draft(draft.as_bytes())?;
            let standing = store.standing(&row.id)?.ok_or(Trouble::NoCard)?;
            if standing.card.is_none() {
                return Err(Trouble::NoCard);
            }
            if standing.duplicate.is_none() {
                let mut id = [0; 16];
                crate::fill_random(&mut id)?;
                let id = uuid::Builder::from_random_bytes(id).into_uuid();
                store.ask_duplicate(id, &row.id, reason, self.now_ms())?;
            }
        }
        self.wake();
        self.card(draft)
    }

    /// On which terms another card is made, for the season of the one there is.
    pub(crate) fn duplicate_terms(&self, draft: Uuid) -> Result<DuplicateTermsView, Trouble> {
        let season = self.card(draft)?.season;
        let pack = self.reference()?;
        let terms = pack.duplicate_terms_of(&season);
        Ok(DuplicateTermsView {
            cents: terms.and_then(|terms| terms.cents),
            days: terms.and_then(|terms| terms.days),
        })
    }

    /// Takes the request back: the old card is good again. One that never left this phone is dropped,
    /// without network too; asked twice it is taken back once.
    pub(crate) fn undo_duplicate(&self, draft: Uuid) -> Result<CardView, Trouble> {
        let id = draft.as_bytes();
        if self.store().drop_unsent_duplicate(id)? {
            self.tell_screens();
            return self.card(draft);
        }
        if self.store().queued_duplicate(id)?.is_some() {
            // Perhaps on its way: what is taken back must have arrived, or it would come later.
            let _ = Handle::current().block_on(self.round());
            if self.store().queued_duplicate(id)?.is_some() {
                return Err(self.network().trouble.unwrap_or(CourierTrouble::Offline).into());
            }
        }
        let standing = self.store().standing(id)?.ok_or(Trouble::NoCard)?;
        if let Some(requested) = standing.duplicate {
            let path = format!("/v1/duplicates/{}", requested.id);
            let told: Standing = self.answer_of(Method::DELETE, path, NOTHING)?;
            self.keep_standing(id, &told)?;
            // Its code for this phone, and the list that says that it is good, come with a round.
            // When that is cut the next one brings them.
            let _ = Handle::current().block_on(self.round());
        }
        self.card(draft)
    }

    /// The request of a dossier as its card's screen shows it.
    pub(crate) fn duplicate_view(
        &self,
        store: &Store,
        id: &DossierId,
        standing: &Standing,
    ) -> Result<Option<DuplicateView>, Trouble> {
        if let Some(requested) = &standing.duplicate {
            let (reason, asked_at_ms) = (requested.reason, requested.asked_at_ms);
            let until_ms = undo_until_ms(asked_at_ms, &standing.timeline);
            return Ok(Some(DuplicateView {
                reason,
                state: DuplicateState::Requested,
                asked_at_ms,
                undo_until_ms: until_ms.filter(|until_ms| self.now_ms() < *until_ms),
            }));
        }
        let queued = store.queued_duplicate(id)?;
        Ok(queued.map(|(reason, asked_at_ms)| DuplicateView {
            reason,
            state: DuplicateState::Queued,
            asked_at_ms,
            undo_until_ms: None,
        }))
    }
}
