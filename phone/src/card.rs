//! The digital card: shown live by this phone alone, printed, taken over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::code::{STEP_MS, live, on_paper};
use dossier::card::status_list::StatusList;
use dossier::card::vignette::Vignette;
use dossier::card::{Card, CardState, Standing, day_number};
use dossier::hexadecimal;
use dossier::signed::SigningKey;
use dossier::signed::keys::KeySet;
use dossier::sync::DossierId;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Phone;
use crate::drafts::{masked, photo_base64};
use crate::qr;
use crate::store::Store;
use crate::trouble::Trouble;
use crate::vault::card_key_entry;
use crate::view::{CardHeld, CardView, CodeView};

/// A card on this phone, as the Region signed it.
struct Kept {
    standing: Standing,
    signed: Vec<u8>,
    /// None when no key of the Region signed it.
    card: Option<Card>,
}

/// The key that this phone shows cards of a dossier with, and for which place it was made.
pub(crate) struct CardKey {
    pub(crate) made_for: String,
    pub(crate) secret: SigningKey,
}

impl CardKey {
    /// Whether the Region signed this card for this key.
    pub(crate) fn shows(&self, card: &Card) -> bool {
        card.device.as_deref() == Some(self.secret.verifying_key().as_bytes())
    }
}

impl Phone {
    /// The digital card; needs no network.
    pub(crate) fn card(&self, draft: Uuid) -> Result<CardView, Trouble> {
        let store = self.store();
        let row = store.draft(draft.as_bytes())?;
        let kept = self.kept_card(&store, &row.id)?;
        let list = self.status_list(&store)?;
        let shown = CardView {
            name: String::new(),
            number_masked: masked(&row),
            school: String::new(),
            season: String::new(),
            expires_on: String::new(),
            photo: String::new(),
            state: CardState::Untrusted,
            held: CardHeld::Nowhere,
            moving: false,
            to_renew: false,
            live: None,
            gives_photo: false,
            printable: kept.standing.paper.is_some(),
            former: kept.standing.former_cards.clone(),
            list_made_at_ms: list.as_ref().map(|list| list.made_at_ms),
            duplicate: self.duplicate_view(&store, &row.id, &kept.standing)?,
        };
        let Some(card) = kept.card else { return Ok(shown) };
        let pack = self.reference()?;
        let school = pack.school(&card.school).map_or(card.school.clone(), |s| s.label());
        let vignette = store.vignette(&row.id)?.filter(|vignette| vignette.is_of(&card));
        // What was signed before there were vignettes names the photo itself.
        let signed_photo = vignette.as_ref().map_or(*card.photo, Vignette::photo);
        let is_signed_photo =
            store.photo_row(&row.id)?.is_some_and(|photo| photo.hash == signed_photo);
        let photo = if is_signed_photo { photo_base64(&store, &row.id)? } else { String::new() };
        let key = self.card_key(draft)?.filter(|key| key.shows(&card));
        let state = card.state(list.as_ref(), self.today());
        let overdue = state == CardState::Active && card.is_overdue(day_number(self.today()));
        Ok(CardView {
            school,
            photo,
            state,
            expires_on: card.expires_on().to_string(),
            held: match (&key, &card.device) {
                (Some(_), _) => CardHeld::Here,
                (None, Some(_)) => CardHeld::Elsewhere,
                (None, None) => CardHeld::Nowhere,
            },
            moving: self.is_moving(&store, draft)?,
            to_renew: overdue && key.is_some(),
            gives_photo: key.is_some() && vignette.is_some(),
            live: key.map(|key| self.shown_live(&kept.signed, &key)).transpose()?,
            name: card.name,
            season: card.season,
            ..shown
        })
    }

    /// The code of this moment, signed by this phone.
    pub(crate) fn live_code(&self, draft: Uuid) -> Result<CodeView, Trouble> {
        let kept = self.kept_card(&self.store(), draft.as_bytes())?;
        let card = kept.card.ok_or(Trouble::NoCard)?;
        let key = self.card_key(draft)?.filter(|key| key.shows(&card)).ok_or(Trouble::NoCard)?;
        self.shown_live(&kept.signed, &key)
    }

    fn shown_live(&self, signed: &[u8], key: &CardKey) -> Result<CodeView, Trouble> {
        let now_ms = self.now_ms();
        let code = live(signed, &key.secret, now_ms);
        let until_ms = now_ms - now_ms.rem_euclid(STEP_MS) + STEP_MS;
        let code_svg = qr::svg(&code).ok_or(Trouble::Damaged)?;
        Ok(CodeView { code_svg, code, until_ms: Some(until_ms) })
    }

    /// The code of a printed page: bound to no phone, and so worth a look at the photo.
    pub(crate) fn paper_code(&self, draft: Uuid) -> Result<CodeView, Trouble> {
        let standing = self.store().standing(draft.as_bytes())?.ok_or(Trouble::NoCard)?;
        let signed = BASE64.decode(standing.paper.ok_or(Trouble::NoCard)?);
        let code = on_paper(&signed.map_err(|_| Trouble::Damaged)?);
        Ok(CodeView { code_svg: qr::svg(&code).ok_or(Trouble::Damaged)?, code, until_ms: None })
    }

    /// The photo of the card as codes, for whoever verifies it: the very one that the Region signed.
    pub(crate) fn photo_codes(&self, draft: Uuid) -> Result<Vec<CodeView>, Trouble> {
        let store = self.store();
        let card = self.kept_card(&store, draft.as_bytes())?.card.ok_or(Trouble::NoCard)?;
        let vignette = store.vignette(draft.as_bytes())?.filter(|vignette| vignette.is_of(&card));
        let codes = vignette.ok_or(Trouble::NoCard)?.codes().map_err(|_| Trouble::Damaged)?;
        qr::views(codes)
    }

    /// Takes the card from the phone that has it, as soon as there is network: from then on only
    /// this one can show it.
    pub(crate) fn move_card(&self, draft: Uuid) -> Result<CardView, Trouble> {
        {
            let store = self.store();
            self.kept_card(&store, draft.as_bytes())?;
            store.set_setting(&moving_setting(draft), MOVING)?;
        }
        self.wake();
        self.card(draft)
    }

    /// Whether the card was asked to come here and has not yet.
    pub(crate) fn is_moving(&self, store: &Store, draft: Uuid) -> Result<bool, Trouble> {
        Ok(store.setting(&moving_setting(draft))?.is_some_and(|it| it == MOVING))
    }

    /// The card came here, or cannot.
    pub(crate) fn end_move(&self, draft: Uuid) -> Result<(), Trouble> {
        let store = self.store();
        if self.is_moving(&store, draft)? {
            store.set_setting(&moving_setting(draft), "")?;
        }
        Ok(())
    }

    /// The key in the keyring that shows this dossier's card; none before one was made.
    pub(crate) fn card_key(&self, draft: Uuid) -> Result<Option<CardKey>, Trouble> {
        let kept = self.vault.get(&card_key_entry(draft))?;
        let kept = kept.as_deref().and_then(|text| text.split_once(':'));
        Ok(kept.and_then(|(made_for, seed)| {
            let seed = Zeroizing::new(hexadecimal::array(seed)?);
            Some(CardKey { made_for: made_for.to_owned(), secret: SigningKey::from_bytes(&seed) })
        }))
    }

    /// The key for the card of this place: the one in the keyring if it was made for it, else a
    /// new one that is put there. Whoever stole the former card's key has nothing of this one.
    pub(crate) fn key_for(&self, draft: Uuid, place: String) -> Result<CardKey, Trouble> {
        if let Some(key) = self.card_key(draft)?.filter(|key| key.made_for == place) {
            return Ok(key);
        }
        let mut seed = Zeroizing::new([0; 32]);
        crate::fill_random(&mut *seed)?;
        let entry = Zeroizing::new(format!("{place}:{}", hexadecimal::text(&*seed)));
        self.vault.set(&card_key_entry(draft), &entry)?;
        Ok(CardKey { made_for: place, secret: SigningKey::from_bytes(&seed) })
    }

    fn kept_card(&self, store: &Store, id: &DossierId) -> Result<Kept, Trouble> {
        let standing = store.standing(id)?.ok_or(Trouble::NoCard)?;
        let signed = standing.card.as_deref().ok_or(Trouble::NoCard)?;
        let signed = BASE64.decode(signed).map_err(|_| Trouble::Damaged)?;
        let keys = self.key_set(store)?;
        let card = keys.and_then(|keys| Card::open(&signed, &keys).ok());
        Ok(Kept { standing, signed, card })
    }

    /// The keys of the Region as last verified.
    pub(crate) fn key_set(&self, store: &Store) -> Result<Option<KeySet>, Trouble> {
        let signed = store.key_set()?;
        Ok(signed.and_then(|signed| KeySet::open(&signed, &self.region_key).ok()))
    }

    /// The status list as last verified.
    pub(crate) fn status_list(&self, store: &Store) -> Result<Option<StatusList>, Trouble> {
        let (Some(keys), Some(signed)) = (self.key_set(store)?, store.status_list()?) else {
            return Ok(None);
        };
        Ok(StatusList::open(&signed, &keys).ok())
    }
}

/// What stands in the setting while a card is to come here.
const MOVING: &str = "asked";

fn moving_setting(draft: Uuid) -> String {
    format!("move_card:{draft}")
}
