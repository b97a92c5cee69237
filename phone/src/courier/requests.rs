//! Deposits, corrections and duplicate requests: sent until confirmed, confirmed only by what verifies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::account::SignedIn;
use dossier::card::duplicate::DuplicateAsk;
use dossier::document::Hash;
use dossier::signed::SignatureRefusal;
use dossier::sync::{DepositAnswer, DepositAsk, Deposited, Receipt, ReceiptRefusal};
use uuid::Uuid;

use super::exchange::{Declined, parse};
use super::{Setback, Setbacks};
use crate::Phone;
use crate::store::{Outgoing, OutgoingKind};
use crate::trouble::Trouble;
use crate::vault::number_entry;
use crate::view::CourierTrouble;

impl Phone {
    /// Sends everything that waits. One that fails does not hold up the others.
    pub(super) async fn send_requests(&self) -> Result<(), Setback> {
        let waiting = self.store().outbox()?;
        let mut setbacks = Setbacks::default();
        for outgoing in waiting {
            let sent = match outgoing.kind {
                OutgoingKind::Deposit => self.send_deposit(&outgoing).await,
                OutgoingKind::Correction => self.send_queued_correction(&outgoing).await,
                OutgoingKind::Duplicate(reason) => {
                    let dossier = Uuid::from_bytes(outgoing.draft);
                    self.send_duplicate(&outgoing, &DuplicateAsk { dossier, reason }).await
                }
            };
            if let Err(setback) = sent {
                self.note_setback(&outgoing, setback)?;
            }
            setbacks.pass(sent)?;
        }
        setbacks.end(())
    }

    /// A setback that is about this very dossier is shown with it.
    fn note_setback(&self, outgoing: &Outgoing, setback: Setback) -> Result<(), Trouble> {
        let Setback::Courier(trouble) = setback else { return Ok(()) };
        self.store().set_trouble(&outgoing.draft, Some(&trouble.to_string()))?;
        self.tell_screens();
        Ok(())
    }

    async fn send_deposit(&self, outgoing: &Outgoing) -> Result<(), Setback> {
        let draft = Uuid::from_bytes(outgoing.draft);
        let (heads, photo, password) = {
            let store = self.store();
            let photo = store.photo_row(&outgoing.draft)?.ok_or(Setback::Phone)?.hash;
            (store.draft(&outgoing.draft)?.heads, photo, store.password(&outgoing.draft)?)
        };
        let number = self.kept_number(draft)?.ok_or(Setback::Phone)?;
        let ask = DepositAsk {
            number: number.clone(),
            heads: heads.iter().map(|head| dossier::hexadecimal::text(head)).collect(),
            photo: dossier::hexadecimal::text(&photo),
            password: password.map(|password| password.to_string()),
        };
        let answer = match self.put_json(format!("/v1/deposits/{draft}"), &ask).await? {
            Ok(answer) => parse::<DepositAnswer>(&answer)?,
            Err(declined) => return self.declined_deposit(draft, &declined).await,
        };
        let signed = BASE64.decode(answer.receipt).map_err(|_| CourierTrouble::TamperedReceipt)?;
        let deposited =
            Deposited { dossier: outgoing.draft, number: &number, heads: &heads, photo };
        let receipt = Receipt::verify(&signed, &self.region_key, &deposited).map_err(distrust)?;
        if receipt.corrected.is_some() {
            // Another device was faster than the answer to this deposit, and mended something.
            return self.take_for_own(draft).await;
        }
        self.store().receive(&outgoing.draft, &signed, receipt.received_at_ms)?;
        self.tell_screens();
        Ok(())
    }

    /// Another device of this space deposited the draft before: its dossier is the one that counts,
    /// under its number. Nothing here changes before receipt, photo and card are verified.
    async fn take_for_own(&self, draft: Uuid) -> Result<(), Setback> {
        let told: SignedIn = parse(&self.get(format!("/v1/deposits/{draft}")).await?)?;
        if told.dossier != draft {
            return Err(CourierTrouble::TamperedReceipt.into());
        }
        let (signed, receipt) = self.receipt_of(&told).map_err(doubt)?;
        let photo = dossier::hexadecimal::text(&*receipt.photo);
        let photo = self.get(format!("/v1/photos/{photo}")).await?;
        let standing = self.believed_standing(told.standing.clone()).map_err(doubt)?;
        let told = SignedIn { standing, ..told };
        self.keep_signed_in(&told, (&signed, &receipt), &photo)?;
        self.tell_screens();
        Ok(())
    }

    /// What the server lacks is sent again; everything else it refused stays refused.
    async fn declined_deposit(&self, draft: Uuid, declined: &Declined) -> Result<(), Setback> {
        match declined.code.as_str() {
            // Another dossier holds this number: a new one is made, kept, and shown as new.
            "number_taken" => {
                let number = self.draw_number(draft)?;
                self.store().replace_number(draft.as_bytes(), &number)?;
                self.tell_screens();
            }
            // Its lists are newer than those of this phone, for instance: the student must look again.
            "incomplete" => {
                let word = CourierTrouble::RefusedByServer.to_string();
                self.store().reopen(draft.as_bytes(), &word)?;
                self.tell_screens();
            }
            "already_deposited" => return self.take_for_own(draft).await,
            "deleted" => self.deposit_under_another_id(draft)?,
            // Its student had it erased, on another device.
            "erased" => return Ok(self.store().forget_ready(draft.as_bytes())?),
            // A server that came back from an older copy lost what it had confirmed.
            "changes_missing" | "photo_missing" => self.store().push_again(draft.as_bytes())?,
            _ => return Err(CourierTrouble::RefusedByServer.into()),
        }
        self.wake();
        Ok(())
    }

    /// Another device deleted the draft before it was told of the deposit: a number that was shown
    /// is worth more than that.
    fn deposit_under_another_id(&self, draft: Uuid) -> Result<(), Setback> {
        let number = self.kept_number(draft)?.ok_or(Setback::Phone)?;
        let new = self.new_id();
        self.vault.set(&number_entry(new), &number.to_string()).map_err(Trouble::from)?;
        self.store().rename_ready(draft.as_bytes(), new.as_bytes())?;
        self.vault.set(&number_entry(draft), "").map_err(Trouble::from)?;
        self.tell_screens();
        Ok(())
    }

    /// Sends what was mended. What the server cannot take is edited again; whether it still asks, and
    /// whether this phone may still answer, the standing tells.
    async fn send_queued_correction(&self, outgoing: &Outgoing) -> Result<(), Setback> {
        let dossier = Uuid::from_bytes(outgoing.draft);
        let Some(ask) = self.correction_to_send(outgoing.id, &outgoing.draft)? else {
            return Ok(());
        };
        match self.put_json(format!("/v1/corrections/{dossier}"), &ask).await? {
            Ok(answer) => self.take_corrected(dossier, parse(&answer)?, Some(ask.digest())).await,
            Err(declined) => match declined.code.as_str() {
                "incomplete" | "not_the_photo" => {
                    let word = CourierTrouble::RefusedByServer.to_string();
                    self.store().reopen_correction(outgoing.id.as_bytes(), &word)?;
                    self.tell_screens();
                    Ok(())
                }
                "illegal_move" | "unknown" | "session_over" | "deleted" | "erased" => Ok(()),
                _ => Err(CourierTrouble::RefusedByServer.into()),
            },
        }
    }

    /// Takes a dossier as it is after a correction, made here or on another device. Nothing here
    /// changes before receipt, photo and card are verified.
    pub(super) async fn take_corrected(
        &self,
        dossier: Uuid,
        told: SignedIn,
        sent: Option<Hash>,
    ) -> Result<(), Setback> {
        let (signed, receipt) = self.receipt_of(&told).map_err(doubt)?;
        let named = told.standing.corrected.as_deref().and_then(dossier::hexadecimal::array);
        let named: Hash = named.ok_or(CourierTrouble::TamperedReceipt)?;
        let photo: Hash = *receipt.photo;
        let former = self.store().receipt(dossier.as_bytes(), &self.region_key)?;
        let follows = former.is_none_or(|former| receipt.follows(&former, photo, named));
        if told.dossier != dossier || !follows || sent.is_some_and(|sent| sent != named) {
            return Err(CourierTrouble::TamperedReceipt.into());
        }
        let jpeg = match self.photo_here(dossier, &photo)? {
            Some(jpeg) => jpeg.into(),
            None => self.get(format!("/v1/photos/{}", dossier::hexadecimal::text(&photo))).await?,
        };
        let standing = self.believed_standing(told.standing.clone()).map_err(doubt)?;
        let told = SignedIn { standing, ..told };
        self.keep_signed_in(&told, (&signed, &receipt), &jpeg)?;
        self.tell_screens();
        Ok(())
    }

    async fn send_duplicate(&self, outgoing: &Outgoing, ask: &DuplicateAsk) -> Result<(), Setback> {
        if !self.store().duplicate_leaves(outgoing.id)? {
            return Ok(());
        }
        let answer = self.put_json(format!("/v1/duplicates/{}", outgoing.id), ask).await?;
        // An open request of another device is as good as this one.
        if let Err(declined) = answer
            && declined.code != "duplicate_open"
        {
            return Err(CourierTrouble::RefusedByServer.into());
        }
        // The standing is read before the row leaves, so that no screen ever shows neither.
        self.read_standing(&outgoing.draft).await?;
        self.store().confirm_sent(outgoing.id)?;
        self.tell_screens();
        Ok(())
    }
}

/// A word of the server that does not verify is the server's trouble, not the phone's.
fn doubt(trouble: Trouble) -> Setback {
    match trouble {
        Trouble::Courier { trouble } => trouble.into(),
        trouble => trouble.into(),
    }
}

fn distrust(refusal: ReceiptRefusal) -> CourierTrouble {
    match refusal {
        ReceiptRefusal::Signature(SignatureRefusal::UnknownKey) => CourierTrouble::WrongServerKey,
        _ => CourierTrouble::TamperedReceipt,
    }
}
