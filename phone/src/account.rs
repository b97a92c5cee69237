//! The account: activation, sign-in on this phone, recovery, devices, export, erasure.
//!
//! All of it needs the network, and is asked at once: nothing of it waits in the outbox, because a
//! password or a code that waits is one that is stored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use dossier::account::{
    AccountStanding, ActivateAsk, AddressAsk, Code, ContactAsk, DeviceSeen, EmailAsk, EraseAsk,
    NumberAsk, PasswordAsk, ProveAddressAsk, ResetAsk, SignInAsk, SignedIn,
};
use dossier::card::Standing;
use dossier::document::Draft;
use dossier::form::identity::Email;
use dossier::form::{Field, FieldRefusal, Refusal};
use dossier::hexadecimal;
use dossier::number::DossierNumber;
use dossier::signed::SignatureRefusal;
use dossier::sync::Receipt;
use hyper::Method;
use portrait::Guard;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::Phone;
use crate::courier::{Declined, Setback};
use crate::store::Opened;
use crate::trouble::Trouble;
use crate::vault::number_entry;
use crate::view::{
    AccountView, CourierTrouble, DeviceView, DossierState, DraftView, ExportView, HomeView,
};

/// The body of a request that has none.
pub(crate) const NOTHING: Option<&()> = None;

impl Phone {
    /// How the account of a dossier stands, as the server says now.
    pub(crate) fn account(&self, draft: Uuid) -> Result<AccountView, Trouble> {
        let standing: AccountStanding =
            self.answer_of(Method::GET, account_path(draft, ""), NOTHING)?;
        Ok(AccountView::from(standing))
    }

    /// The number of a dossier on this phone, or the one that was typed.
    pub(crate) fn which(
        &self,
        draft: Option<Uuid>,
        typed: Option<&str>,
    ) -> Result<DossierNumber, Trouble> {
        match (draft, typed) {
            (Some(draft), _) => self.kept_number(draft)?.ok_or(Trouble::KeyLost),
            (None, typed) => {
                DossierNumber::parse(typed.unwrap_or_default()).map_err(|_| Trouble::WrongNumber)
            }
        }
    }

    /// Asks for another activation mail.
    pub(crate) fn resend_activation(&self, number: DossierNumber) -> Result<(), Trouble> {
        self.done(Method::POST, "/v1/activation/mail".to_owned(), Some(&NumberAsk { number }))
    }

    /// Activates an account by the code of its mail; with a password, when it has none yet.
    pub(crate) fn activate(
        &self,
        number: DossierNumber,
        code: &str,
        password: Option<String>,
    ) -> Result<(), Trouble> {
        let ask = ActivateAsk { number, code: read_code(code)?, password };
        self.done(Method::POST, "/v1/activation".to_owned(), Some(&ask))
    }

    /// Asks for a mail with the numbers of an address.
    pub(crate) fn forgotten_number(&self, email: &str) -> Result<(), Trouble> {
        let email = read_email(email)?;
        self.done(Method::POST, "/v1/numbers/mail".to_owned(), Some(&EmailAsk { email }))
    }

    /// Asks for a mail by which a forgotten password is replaced.
    pub(crate) fn forgotten_password(&self, number: DossierNumber) -> Result<(), Trouble> {
        self.done(Method::POST, "/v1/password/mail".to_owned(), Some(&NumberAsk { number }))
    }

    /// Puts a password in place of a forgotten one.
    pub(crate) fn set_new_password(
        &self,
        number: DossierNumber,
        code: &str,
        (typed, confirmation): (&str, &str),
    ) -> Result<(), Trouble> {
        let password = same(typed, confirmation)?;
        let ask = ResetAsk { number, code: read_code(code)?, password };
        self.done(Method::PUT, "/v1/password".to_owned(), Some(&ask))
    }

    /// Opens a dossier on this phone, and keeps it like one of its own.
    pub(crate) fn sign_in(&self, typed: &str, password: &str) -> Result<DraftView, Trouble> {
        let number = self.which(None, Some(typed))?;
        let device = self.store().device_name()?;
        let ask = SignInAsk { number: number.clone(), password: password.to_owned(), device };
        let path = "/v1/sign-in".to_owned();
        let told: SignedIn = self.answer_of(Method::POST, path, Some(&ask))?;
        let dossier = told.dossier;
        if told.number != number {
            return Err(CourierTrouble::TamperedReceipt.into());
        }
        let is_mine = self.store().is_deposited_here(dossier.as_bytes())?;
        let standing = self.believed_standing(told.standing.clone())?;
        if is_mine {
            // It came back to the phone that deposited it: all but the server's word is here.
            self.vault.set(&number_entry(dossier), &number.to_string())?;
            let mut store = self.store();
            store.set_trouble(dossier.as_bytes(), None)?;
            store.keep_standing(dossier.as_bytes(), &standing)?;
        } else {
            let (signed, receipt) = self.receipt_of(&told)?;
            let path = format!("/v1/photos/{}", hexadecimal::text(&*receipt.photo));
            let photo = self.now(Method::GET, path, NOTHING)?;
            self.keep_signed_in(&SignedIn { standing, ..told }, (&signed, &receipt), &photo)?;
        }
        self.tell_screens();
        self.wake();
        self.view(dossier)
    }

    /// A standing whose card verifies, or that waits without it for the keys that the courier
    /// fetches next.
    pub(crate) fn believed_standing(&self, told: Standing) -> Result<Standing, Trouble> {
        match self.card_in(&self.store(), &told)? {
            None | Some(Ok(_)) => Ok(told),
            Some(Err(SignatureRefusal::UnknownKey)) => {
                Ok(Standing { card: None, paper: None, ..told })
            }
            Some(Err(_)) => Err(CourierTrouble::TamperedCard.into()),
        }
    }

    /// The receipt of a dossier that the server opened, signed and read, if it is for that very
    /// dossier.
    pub(crate) fn receipt_of(&self, told: &SignedIn) -> Result<(Vec<u8>, Receipt), Trouble> {
        let signed = BASE64.decode(&told.receipt).map_err(|_| CourierTrouble::TamperedReceipt)?;
        let receipt = Receipt::open(&signed, &self.region_key);
        let receipt = receipt.map_err(|_| CourierTrouble::TamperedReceipt)?;
        let photo = told.answers.typed.get(&Field::Photo).map(String::as_str).unwrap_or_default();
        let is_for_it = *receipt.dossier == *told.dossier.as_bytes()
            && receipt.number == told.number.as_str()
            && hexadecimal::text(&*receipt.photo) == photo;
        if is_for_it { Ok((signed, receipt)) } else { Err(CourierTrouble::TamperedReceipt.into()) }
    }

    /// Keeps a dossier whose receipt, standing and card were verified; a photo that is not the one
    /// of the receipt is left out.
    pub(crate) fn keep_signed_in(
        &self,
        told: &SignedIn,
        (signed, receipt): (&[u8], &Receipt),
        jpeg: &[u8],
    ) -> Result<(), Trouble> {
        let hash: [u8; 32] = Sha256::digest(jpeg).into();
        let size = Guard::server().size(jpeg).ok().filter(|_| *receipt.photo == hash);
        let photo = size.map(|(width, height)| (hash, jpeg, width, height));
        let (document, change) = Draft::of_answers(
            &self.fresh_actor()?,
            &told.answers.clone().into(),
            receipt.received_at_ms,
        )
        .ok_or(Trouble::Damaged)?;
        let opened = Opened {
            told,
            signed_receipt: signed,
            received_ms: receipt.received_at_ms,
            photo,
            document,
            change,
        };
        // Keyring first, as at a deposit: what a screen shows as the number can always be read.
        self.vault.set(&number_entry(told.dossier), &told.number.to_string())?;
        self.store().keep_signed_in(opened, self.now_ms())
    }

    fn fresh_actor(&self) -> Result<[u8; 16], Trouble> {
        let mut actor = [0; 16];
        crate::fill_random(&mut actor)?;
        Ok(actor)
    }

    /// Signs out of a dossier and leaves nothing of it on this phone.
    pub(crate) fn sign_out(&self, draft: Uuid) -> Result<HomeView, Trouble> {
        let (state, waits) = {
            let store = self.store();
            let id = draft.as_bytes();
            (store.draft(id)?.state, store.queued_correction(id)?.is_some())
        };
        match state {
            DossierState::Draft | DossierState::Correction => return Err(Trouble::UnknownDraft),
            DossierState::Ready => return Err(Trouble::AwaitsReceipt),
            _ if waits => return Err(Trouble::AwaitsReceipt),
            _ => {}
        }
        match self.done(Method::DELETE, format!("/v1/sign-in/{draft}"), NOTHING) {
            // Signed out elsewhere, before.
            Ok(()) | Err(Trouble::SessionOver | Trouble::UnknownDraft | Trouble::Erased) => {}
            Err(trouble) => return Err(trouble),
        }
        self.forget_here(draft)?;
        self.home()
    }

    /// Erases a dossier from this phone alone.
    pub(crate) fn forget_here(&self, draft: Uuid) -> Result<(), Trouble> {
        self.store().forget_dossier(draft.as_bytes())?;
        self.vault.set(&number_entry(draft), "")?;
        self.tell_screens();
        Ok(())
    }

    /// Another password, for whoever knows the present one.
    pub(crate) fn change_password(
        &self,
        draft: Uuid,
        current: &str,
        (typed, confirmation): (&str, &str),
    ) -> Result<AccountView, Trouble> {
        let password = same(typed, confirmation)?;
        let ask = PasswordAsk { current: current.to_owned(), password };
        self.done(Method::PUT, account_path(draft, "/password"), Some(&ask))?;
        self.account(draft)
    }

    /// Asks for a code at another address.
    pub(crate) fn change_address(
        &self,
        draft: Uuid,
        password: &str,
        email: &str,
    ) -> Result<AccountView, Trouble> {
        let ask = AddressAsk { password: password.to_owned(), email: read_email(email)? };
        self.done(Method::POST, account_path(draft, "/address"), Some(&ask))?;
        self.account(draft)
    }

    /// The code of the new address.
    pub(crate) fn prove_address(&self, draft: Uuid, code: &str) -> Result<AccountView, Trouble> {
        let ask = ProveAddressAsk { code: read_code(code)? };
        self.done(Method::PUT, account_path(draft, "/address"), Some(&ask))?;
        self.account(draft)
    }

    /// Another phone number, or another home.
    pub(crate) fn change_contact(
        &self,
        draft: Uuid,
        typed: BTreeMap<Field, String>,
    ) -> Result<AccountView, Trouble> {
        let path = account_path(draft, "/contact");
        self.done(Method::PUT, path, Some(&ContactAsk { typed }))?;
        self.account(draft)
    }

    /// The devices that may read a dossier.
    pub(crate) fn devices(&self, draft: Uuid) -> Result<Vec<DeviceView>, Trouble> {
        let path = account_path(draft, "/devices");
        let devices: Vec<DeviceSeen> = self.answer_of(Method::GET, path, NOTHING)?;
        Ok(devices.into_iter().map(DeviceView::from).collect())
    }

    /// Signs another device out.
    pub(crate) fn sign_out_device(
        &self,
        draft: Uuid,
        device: i64,
    ) -> Result<Vec<DeviceView>, Trouble> {
        self.done(Method::DELETE, account_path(draft, &format!("/devices/{device}")), NOTHING)?;
        self.devices(draft)
    }

    /// All that the Region keeps of a dossier: for programs, for people, and the photo.
    pub(crate) fn export(&self, draft: Uuid) -> Result<ExportView, Trouble> {
        let json = self.now(Method::GET, account_path(draft, "/export"), NOTHING)?;
        let pdf = self.now(Method::GET, account_path(draft, "/export.pdf"), NOTHING)?;
        let photo = crate::drafts::photo_base64(&self.store(), draft.as_bytes())?;
        let json = String::from_utf8(json.to_vec()).map_err(|_| CourierTrouble::Server)?;
        Ok(ExportView { json, pdf: BASE64.encode(pdf), photo })
    }

    /// Has a dossier erased, at the Region and here.
    pub(crate) fn erase(&self, draft: Uuid, password: &str) -> Result<HomeView, Trouble> {
        let ask = EraseAsk { password: password.to_owned() };
        match self.done(Method::POST, account_path(draft, "/erasure"), Some(&ask)) {
            Ok(()) | Err(Trouble::Erased) => {}
            Err(trouble) => return Err(trouble),
        }
        self.forget_here(draft)?;
        self.home()
    }

    /// Asks the server now, and reads its answer.
    pub(crate) fn answer_of<T: DeserializeOwned>(
        &self,
        method: Method,
        path: String,
        body: Option<&impl Serialize>,
    ) -> Result<T, Trouble> {
        let answer = self.now(method, path, body)?;
        Ok(serde_json::from_slice(&answer).map_err(|_| CourierTrouble::Server)?)
    }

    /// Asks the server now for something that has no answer.
    pub(crate) fn done(
        &self,
        method: Method,
        path: String,
        body: Option<&impl Serialize>,
    ) -> Result<(), Trouble> {
        self.now(method, path, body).map(drop)
    }

    /// Asks the server now, if it is our own. Commands run on a thread that may wait.
    fn now(
        &self,
        method: Method,
        path: String,
        body: Option<&impl Serialize>,
    ) -> Result<Bytes, Trouble> {
        let body = match body {
            Some(body) => serde_json::to_vec(body).map_err(|_| Trouble::Storage)?,
            None => Vec::new(),
        };
        let asked = tokio::runtime::Handle::current().block_on(self.at_once(method, path, body));
        asked.map_err(Trouble::from)?.map_err(declined)
    }
}

fn account_path(draft: Uuid, what: &str) -> String {
    format!("/v1/accounts/{draft}{what}")
}

fn read_code(typed: &str) -> Result<Code, Trouble> {
    Code::parse(typed).map_err(|_| Trouble::WrongCode)
}

fn read_email(typed: &str) -> Result<String, Trouble> {
    let email = Email::parse(typed).map_err(|refusal| refused(Field::Email, refusal))?;
    Ok(email.as_str().to_owned())
}

pub(crate) fn same(typed: &str, confirmation: &str) -> Result<String, Trouble> {
    if typed == confirmation {
        Ok(typed.to_owned())
    } else {
        Err(refused(Field::Password, Refusal::Mismatch))
    }
}

fn refused(field: Field, refusal: Refusal) -> Trouble {
    Trouble::Incomplete { refusals: vec![FieldRefusal { field, step: field.step(), refusal }] }
}

/// What the server's word means on a screen.
fn declined(declined: Declined) -> Trouble {
    match declined.code.as_str() {
        "wrong_sign_in" => Trouble::WrongSignIn,
        "wrong_code" => Trouble::WrongCode,
        "wrong_password" => Trouble::WrongPassword,
        "too_many_tries" => Trouble::TooManyTries,
        "session_over" => Trouble::SessionOver,
        "erased" => Trouble::Erased,
        "too_late" => Trouble::TooLate,
        "no_card" => Trouble::NoCard,
        "unknown" => Trouble::UnknownDraft,
        "incomplete" => Trouble::Incomplete { refusals: declined.refusals },
        _ => CourierTrouble::RefusedByServer.into(),
    }
}

impl From<Setback> for Trouble {
    fn from(setback: Setback) -> Self {
        match setback {
            Setback::Courier(trouble) => Self::Courier { trouble },
            Setback::Phone => Self::Storage,
        }
    }
}
