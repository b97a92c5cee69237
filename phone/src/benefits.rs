//! What is left of what the card pays for, as the Region last said: offline too, with its day.

use dossier::benefit::Balance;
use uuid::Uuid;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{BalanceView, BenefitsView};

impl Phone {
    /// Where the benefits of a dossier stand; needs no network.
    pub(crate) fn benefits(&self, draft: Uuid) -> Result<BenefitsView, Trouble> {
        let store = self.store();
        store.draft(draft.as_bytes())?;
        let told = store.standing(draft.as_bytes())?.and_then(|standing| standing.balances);
        let (on, list) = told.map_or((None, Vec::new()), |told| (Some(told.on), told.list));
        Ok(BenefitsView { on, balances: list.into_iter().map(BalanceView::from).collect() })
    }
}

impl From<Balance> for BalanceView {
    fn from(balance: Balance) -> Self {
        let left_cents = balance.left_cents();
        let Balance { benefit, label, granted_cents, spent_cents } = balance;
        Self { benefit, label, granted_cents, spent_cents, left_cents }
    }
}
