//! The identity photo: a picture is opened, framed and kept, or forgotten.
//!
//! What was found in a face lives in memory only, in the one open picture, and goes with it.

use std::sync::{MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::form::{Field, Refusal, photo_choice};
use photo_choice::PhotoNote;
use portrait::{Fault, Framing, Guard, Level, PhotoRefusal, Portrait, Proof, Report};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Phone;
use crate::drafts::editable;
use crate::store::PhotoToKeep;
use crate::trouble::Trouble;
use crate::view::{DraftView, FramedView, LookView, ProofView};

/// Failing pictures of one draft from which on one is kept, with a sentence: whoever tried twice
/// is not helped by a third time, and a reviewer sees every measure.
const TRIES_BEFORE_INSISTING: u32 = 2;

/// The picture that a student is framing, and for which draft.
pub(crate) type Open = Option<(Uuid, Proof)>;

/// A framing to keep, with what the student says of the picture.
pub(crate) struct ToKeep {
    pub(crate) draft: Uuid,
    pub(crate) framing: Framing,
    pub(crate) bare_head: bool,
    pub(crate) note: Option<String>,
}

impl Phone {
    /// Looks at one frame of the camera's preview; nothing of it is kept.
    pub(crate) fn look(&self, frame: &str) -> Result<LookView, Trouble> {
        let look = self.checker.look(&decoded(frame)?)?;
        Ok(LookView { fault: look.fault })
    }

    /// Opens a chosen or taken picture in place of the one that was open, and measures it.
    pub(crate) fn open_picture(&self, draft: Uuid, picture: &str) -> Result<ProofView, Trouble> {
        // Before the work on the picture: a deposited draft needs none.
        drop(editable(&self.store(), draft, &self.actor, &[Field::Photo])?);
        let bytes = decoded(picture)?;
        let mut open = self.open_proof();
        // Two decoded pictures at the same time are more than a small phone has room for.
        *open = None;
        let proof = self.checker.open(bytes, &Guard::phone())?;
        let preview = BASE64.encode(proof.preview()?);
        let framed = framed(&proof, proof.proposed());
        if framed.report.verdict == Level::Fail {
            self.store().count_photo_try(draft.as_bytes())?;
        }
        let may_insist = self.may_insist(draft)?;
        let (width, height) = (proof.width(), proof.height());
        *open = Some((draft, proof));
        Ok(ProofView { preview, width, height, framed, may_insist })
    }

    /// Judges the open picture in another framing.
    pub(crate) fn frame_picture(
        &self,
        draft: Uuid,
        framing: Framing,
    ) -> Result<FramedView, Trouble> {
        let open = self.open_proof();
        Ok(framed(proof_of(&open, draft)?, framing))
    }

    /// Makes the portrait (crop, size, weight, no metadata) and keeps it with what is said of it.
    pub(crate) fn keep_picture(&self, asked: &ToKeep) -> Result<DraftView, Trouble> {
        let mut open = self.open_proof();
        let proof = proof_of(&open, asked.draft)?;
        let FramedView { framing, report } = framed(proof, asked.framing);
        let note = self.explained(asked, &report)?;
        let portrait = proof.render(framing)?;
        self.check_again(&portrait, &report)?;
        self.keep_portrait(asked, &portrait, note.as_ref())?;
        *open = None;
        drop(open);
        self.wake();
        self.view(asked.draft)
    }

    /// Forgets the open picture of a draft; there may be none.
    pub(crate) fn forget_picture(&self, draft: Uuid) {
        self.open_proof().take_if(|(of, _)| *of == draft);
    }

    /// Why this picture is kept in this framing, when a rule is broken; nobody is asked otherwise.
    fn explained(&self, asked: &ToKeep, report: &Report) -> Result<Option<PhotoNote>, Trouble> {
        if report.verdict != Level::Fail {
            return Ok(None);
        }
        if !self.may_insist(asked.draft)? {
            return Err(Trouble::PhotoFails);
        }
        match PhotoNote::parse(asked.note.as_deref().unwrap_or_default()) {
            Ok(note) => Ok(Some(note)),
            Err(Refusal::Missing) => Err(Trouble::PhotoFails),
            Err(_) => Err(Trouble::MalformedArgs),
        }
    }

    fn may_insist(&self, draft: Uuid) -> Result<bool, Trouble> {
        Ok(self.store().photo_tries(draft.as_bytes())? >= TRIES_BEFORE_INSISTING)
    }

    /// Looks at the portrait as the server will. What decides is the verdict on the framing, from
    /// the full pixels; but a portrait that lost its face on the way was not made right.
    fn check_again(&self, portrait: &Portrait, framed: &Report) -> Result<(), Trouble> {
        let made = self.checker.verify(&portrait.jpeg).map_err(|_| PhotoRefusal::Broken)?;
        let lost = made.faults().any(|(_, fault)| fault == Fault::Nobody);
        if lost && framed.verdict != Level::Fail {
            return Err(PhotoRefusal::Broken.into());
        }
        Ok(())
    }

    /// One transaction: the portrait and every field that it changes.
    fn keep_portrait(
        &self,
        asked: &ToKeep,
        portrait: &Portrait,
        note: Option<&PhotoNote>,
    ) -> Result<(), Trouble> {
        let hash: [u8; 32] = Sha256::digest(&portrait.jpeg).into();
        let (id, now_ms) = (asked.draft.as_bytes(), self.now_ms());
        let mut store = self.store();
        let mut document = editable(&store, asked.draft, &self.actor, &[Field::Photo])?;
        let fields = [
            (Field::Photo, dossier::hexadecimal::text(&hash)),
            (Field::BareHead, if asked.bare_head { photo_choice::BARE_HEAD } else { "" }.into()),
            (Field::PhotoNote, note.map_or("", PhotoNote::as_str).into()),
        ];
        let changes: Vec<_> = fields
            .into_iter()
            .filter_map(|(field, typed)| document.set(field, &typed, now_ms))
            .collect();
        let (width, height) = (portrait.width, portrait.height);
        let photo = PhotoToKeep { hash, jpeg: &portrait.jpeg, width, height };
        store.keep_photo(id, &photo, &changes, now_ms)
    }

    /// Held while pixels are computed, so that one picture is in memory and never two. Whoever
    /// holds it may ask for the store; whoever holds the store never asks for it.
    fn open_proof(&self) -> MutexGuard<'_, Open> {
        self.proof.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn decoded(base64: &str) -> Result<Vec<u8>, Trouble> {
    BASE64.decode(base64).map_err(|_| Trouble::MalformedArgs)
}

fn framed(proof: &Proof, framing: Framing) -> FramedView {
    let framing = proof.within(framing);
    FramedView { framing, report: proof.judge(framing) }
}

/// The open picture, if it is this draft's.
fn proof_of(open: &Open, draft: Uuid) -> Result<&Proof, Trouble> {
    match open {
        Some((of, proof)) if *of == draft => Ok(proof),
        _ => Err(Trouble::NoPicture),
    }
}
