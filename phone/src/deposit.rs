//! *Déposer*, offline too: number, keyring, outbox, in this order; then the card and its duplicate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::duplicate::DuplicateReason;
use dossier::card::status_list::StatusList;
use dossier::card::{Card, CardState, Standing, code};
use dossier::number::DossierNumber;
use uuid::Uuid;

use crate::Phone;
use crate::drafts::{Beside, editable, masked, photo_base64, refusals};
use crate::qr;
use crate::store::Store;
use crate::trouble::Trouble;
use crate::vault::number_entry;
use crate::view::{CardView, DraftView, DuplicateState, DuplicateView, NumberView};

impl Phone {
    /// Deposits a complete draft. When this returns, its number is in the keyring and the request
    /// is on the disk; whether there is network does not matter.
    pub(crate) fn deposit(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        {
            let mut store = self.store();
            drop(editable(&store, draft, &self.actor)?);
            store.fold(draft.as_bytes(), &self.actor)?;
            let mut document = editable(&store, draft, &self.actor)?;
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

    /// The digital card; needs no network.
    pub(crate) fn card(&self, draft: Uuid) -> Result<CardView, Trouble> {
        let store = self.store();
        let row = store.draft(draft.as_bytes())?;
        let standing = store.standing(&row.id)?.ok_or(Trouble::NoCard)?;
        let signed = standing.card.as_deref().ok_or(Trouble::NoCard)?;
        let signed = BASE64.decode(signed).map_err(|_| Trouble::Damaged)?;
        let list = self.status_list(&store)?;
        let duplicate = duplicate_view(&store, &row.id, &standing)?;
        let code = code(&signed);
        let shown = CardView {
            name: String::new(),
            number_masked: masked(&row),
            school: String::new(),
            season: String::new(),
            expires_on: String::new(),
            photo: String::new(),
            state: CardState::Untrusted,
            code_svg: qr::svg(&code).ok_or(Trouble::Damaged)?,
            code,
            list_made_at_ms: list.as_ref().map(|list| list.made_at_ms),
            duplicate,
        };
        let Ok(card) = Card::open(&signed, &self.region_key) else { return Ok(shown) };
        let pack = self.reference()?;
        let school = pack.school(&card.school).map_or(card.school.clone(), |s| s.label());
        let is_signed_photo =
            store.photo_row(&row.id)?.is_some_and(|photo| photo.hash == *card.photo);
        let photo = if is_signed_photo { photo_base64(&store, &row.id)? } else { String::new() };
        Ok(CardView {
            school,
            photo,
            state: card.state(list.as_ref(), self.today()),
            expires_on: card.expires_on().to_string(),
            name: card.name,
            season: card.season,
            ..shown
        })
    }

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

    /// The status list as last verified.
    pub(crate) fn status_list(&self, store: &Store) -> Result<Option<StatusList>, Trouble> {
        let signed = store.status_list()?;
        Ok(signed.and_then(|signed| StatusList::open(&signed, &self.region_key).ok()))
    }
}

fn duplicate_view(
    store: &Store,
    id: &dossier::sync::DossierId,
    standing: &Standing,
) -> Result<Option<DuplicateView>, Trouble> {
    if let Some(requested) = &standing.duplicate {
        let (reason, asked_at_ms) = (requested.reason, requested.asked_at_ms);
        return Ok(Some(DuplicateView { reason, state: DuplicateState::Requested, asked_at_ms }));
    }
    let queued = store.queued_duplicate(id)?;
    Ok(queued.map(|(reason, asked_at_ms)| DuplicateView {
        reason,
        state: DuplicateState::Queued,
        asked_at_ms,
    }))
}
