//! *Déposer*, offline too: number, keyring, outbox, in this order.

use dossier::form::Field;
use dossier::number::DossierNumber;
use uuid::Uuid;

use crate::Phone;
use crate::drafts::{Beside, editable, refusals};
use crate::trouble::Trouble;
use crate::vault::number_entry;
use crate::view::{DraftView, NumberView};

impl Phone {
    /// Deposits a complete draft. When this returns, its number is in the keyring and the request
    /// is on the disk; whether there is network does not matter.
    pub(crate) fn deposit(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        {
            let mut store = self.store();
            drop(editable(&store, draft, &self.actor, &[Field::Charter])?);
            store.fold(draft.as_bytes(), &self.actor)?;
            let mut document = editable(&store, draft, &self.actor, &[Field::Charter])?;
            let beside = Beside::of(&store, draft.as_bytes())?;
            let refusals =
                refusals(&document.answers(), &*self.reference()?, self.today(), &beside);
            if !refusals.is_empty() {
                return Err(Trouble::Incomplete { refusals });
            }
            // Keyring first: a number that nobody was shown is harmless, a shown one must be kept.
            let number = self.number_of(draft)?;
            store.deposit(draft.as_bytes(), &document.heads(), &number, self.now_ms())?;
        }
        self.forget_picture(draft);
        self.wake();
        self.view(draft)
    }

    /// The number of a draft: the one in the keyring, else a new one that is put there.
    fn number_of(&self, draft: Uuid) -> Result<DossierNumber, Trouble> {
        match self.kept_number(draft)? {
            Some(number) => Ok(number),
            None => self.draw_number(draft),
        }
    }

    /// Makes a number and puts it into the keyring.
    pub(crate) fn draw_number(&self, draft: Uuid) -> Result<DossierNumber, Trouble> {
        let mut entropy = [0; 16];
        crate::fill_random(&mut entropy)?;
        let number = DossierNumber::draw(entropy);
        self.vault.set(&number_entry(draft), &number.to_string())?;
        Ok(number)
    }

    /// The number in the keyring.
    pub(crate) fn kept_number(&self, draft: Uuid) -> Result<Option<DossierNumber>, Trouble> {
        let kept = self.vault.get(&number_entry(draft))?;
        Ok(kept.and_then(|text| DossierNumber::parse(&text).ok()))
    }

    /// The whole number, for its owner's eyes.
    pub(crate) fn reveal_number(&self, draft: Uuid) -> Result<NumberView, Trouble> {
        self.store().draft(draft.as_bytes())?;
        let number = self.kept_number(draft)?.ok_or(Trouble::KeyLost)?;
        Ok(NumberView { number: number.to_string() })
    }
}
