//! What the Region asks to be mended: typed in a draft of its own, which holds what the Region has, and
//! in which only what was asked for can be written.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::Standing;
use dossier::document::{Draft, Hash};
use dossier::form::correction::{Correction, Topic};
use dossier::form::{Answers, Field, FieldRefusal, Step};
use dossier::hexadecimal;
use dossier::reference::Pack;
use dossier::review::{CorrectionAsk, CorrectionRequested};
use dossier::sync::DossierId;
use time::Date;
use uuid::Uuid;

use crate::Phone;
use crate::store::{DraftRow, Store};
use crate::trouble::Trouble;
use crate::view::{CorrectionView, DossierState, DraftView};

impl Phone {
    /// Opens what the Region asks to be mended in a dossier, as it was typed so far.
    pub(crate) fn correct(&self, dossier: Uuid) -> Result<DraftView, Trouble> {
        let request = {
            let mut store = self.store();
            let requested = requested(&store, dossier.as_bytes())?;
            let topics = requested.asked.topics();
            let answers = store.answers(dossier.as_bytes(), &self.actor)?;
            // The photo of the dossier is on this phone; everything else is as the Region has it.
            let mut typed = requested.typed.clone();
            if let Some(photo) = store.photo_row(dossier.as_bytes())? {
                typed.insert(Field::Photo, hexadecimal::text(&photo.hash));
            }
            let answers = answers.corrected(topics, typed);
            let now_ms = self.now_ms();
            let (_, change) =
                Draft::of_answers(&self.actor, &answers, now_ms).ok_or(Trouble::Damaged)?;
            let id = requested.id.as_bytes();
            store.begin_correction(id, dossier.as_bytes(), &change, now_ms)?;
            // Only whoever opens it finds out that it is damaged: then it is begun anew.
            if store.answers(id, &self.actor).is_err() || store.draft(id)?.damaged {
                store.begin_correction(id, dossier.as_bytes(), &change, now_ms)?;
            }
            // The server names a request as it likes; it opens no other draft.
            if store.draft(id)?.corrects.as_ref() != Some(dossier.as_bytes()) {
                return Err(Trouble::Damaged);
            }
            requested.id
        };
        self.folded(request)
    }

    /// Sends a correction, offline too: when this returns it waits for the server.
    pub(crate) fn send_correction(&self, correction: Uuid) -> Result<DraftView, Trouble> {
        let dossier = {
            let mut store = self.store();
            store.fold(correction.as_bytes(), &self.actor)?;
            let row = store.draft(correction.as_bytes())?;
            let dossier = row.corrects.ok_or(Trouble::UnknownDraft)?;
            may_edit(&store, &row, &[])?;
            let answers = store.answers(&row.id, &self.actor)?;
            if store.draft(&row.id)?.damaged {
                return Err(Trouble::Damaged);
            }
            let refusals = refusals(&store, &row, &answers, &*self.reference()?, self.today())?;
            if !refusals.is_empty() {
                return Err(Trouble::Incomplete { refusals });
            }
            store.queue_correction(&row.id, &dossier, self.now_ms())?;
            dossier
        };
        self.forget_picture(correction);
        self.wake();
        self.view(Uuid::from_bytes(dossier))
    }

    /// The answer that waits to leave; none when it was asked for no more.
    pub(crate) fn correction_to_send(
        &self,
        correction: Uuid,
        dossier: &DossierId,
    ) -> Result<Option<CorrectionAsk>, Trouble> {
        let store = self.store();
        let Some(requested) = request_of(&store, dossier, correction.as_bytes())? else {
            return Ok(None);
        };
        let topics = requested.asked.topics();
        let typed = store.answers(correction.as_bytes(), &self.actor)?.of_topics(topics);
        let photo = match topics.contains(&Topic::Photo) {
            true => store.photo(correction.as_bytes())?.map(|jpeg| BASE64.encode(jpeg)),
            false => None,
        };
        Ok(Some(CorrectionAsk { correction, typed, photo }))
    }

    /// Whether a dossier was mended elsewhere since this phone last read all of it.
    pub(crate) fn lacks_correction(
        &self,
        dossier: &DossierId,
        told: &Standing,
    ) -> Result<bool, Trouble> {
        let Some(newest) = &told.corrected else { return Ok(false) };
        let receipt = self.store().receipt(dossier, &self.region_key)?;
        let known = receipt.and_then(|receipt| receipt.corrected);
        Ok(known.is_none_or(|known| hexadecimal::text(&*known) != *newest))
    }

    /// The photo of this hash, if this phone has it: as the dossier's, or in its correction.
    pub(crate) fn photo_here(
        &self,
        dossier: Uuid,
        hash: &Hash,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        let store = self.store();
        let correction = store.standing(dossier.as_bytes())?.and_then(|it| it.correction);
        let places = [Some(dossier), correction.map(|it| it.id)];
        for place in places.into_iter().flatten() {
            if store.photo_row(place.as_bytes())?.is_some_and(|row| row.hash == *hash) {
                return store.photo(place.as_bytes());
            }
        }
        Ok(None)
    }
}

/// What the Region asks for now.
fn requested(store: &Store, dossier: &DossierId) -> Result<CorrectionRequested, Trouble> {
    let standing = store.standing(dossier)?.ok_or(Trouble::UnknownDraft)?;
    standing.correction.ok_or(Trouble::AlreadyDeposited)
}

/// The request that this draft answers, if it is still made.
fn request_of(
    store: &Store,
    dossier: &DossierId,
    correction: &DossierId,
) -> Result<Option<CorrectionRequested>, Trouble> {
    let asked = store.standing(dossier)?.and_then(|standing| standing.correction);
    Ok(asked.filter(|it| it.id.as_bytes() == correction))
}

/// Whether these fields of a correction may be written: they were asked for, and it did not leave yet.
pub(crate) fn may_edit(store: &Store, row: &DraftRow, fields: &[Field]) -> Result<(), Trouble> {
    let dossier = row.corrects.ok_or(Trouble::UnknownDraft)?;
    let requested = request_of(store, &dossier, &row.id)?.ok_or(Trouble::AlreadyDeposited)?;
    if store.queued_correction(&dossier)?.is_some() {
        return Err(Trouble::AlreadyDeposited);
    }
    let topics = requested.asked.topics();
    if fields.iter().all(|field| Topic::open(topics, *field)) {
        Ok(())
    } else {
        Err(Trouble::MalformedArgs)
    }
}

/// What still stands against sending a correction, in the order of the form.
pub(crate) fn refusals(
    store: &Store,
    row: &DraftRow,
    answers: &Answers,
    pack: &Pack,
    today: Date,
) -> Result<Vec<FieldRefusal>, Trouble> {
    let dossier = row.corrects.ok_or(Trouble::UnknownDraft)?;
    let Some(requested) = request_of(store, &dossier, &row.id)? else { return Ok(Vec::new()) };
    let former = store.photo_row(&dossier)?.map(|photo| hexadecimal::text(&photo.hash));
    let former = former.unwrap_or_default();
    let read = Correction::read(answers, &former, requested.asked.topics(), pack, today);
    Ok(read.err().unwrap_or_default())
}

/// What the Region asks for, for the screens of the dossier and of its correction.
pub(crate) fn view(
    store: &Store,
    row: &DraftRow,
    standing: Option<&Standing>,
) -> Result<Option<CorrectionView>, Trouble> {
    let (dossier, requested) = match (row.state, row.corrects) {
        (DossierState::Correction, Some(dossier)) => {
            (dossier, request_of(store, &dossier, &row.id)?)
        }
        _ => (row.id, standing.and_then(|standing| standing.correction.clone())),
    };
    let Some(CorrectionRequested { asked, asked_at_ms, .. }) = requested else { return Ok(None) };
    let open = |field: &Field| Topic::open(asked.topics(), *field);
    Ok(Some(CorrectionView {
        dossier: Uuid::from_bytes(dossier),
        topics: asked.topics().to_vec(),
        open: Field::ALL.iter().copied().filter(open).collect(),
        reasons: asked.reasons().to_vec(),
        note: asked.note().map(str::to_owned),
        asked_at_ms,
        queued_at_ms: store.queued_correction(&dossier)?,
    }))
}

/// The steps in which something can be written: of a correction, those of what was asked for.
pub(crate) fn steps(
    row: &DraftRow,
    correction: Option<&CorrectionView>,
    mut steps: Vec<Step>,
) -> Vec<Step> {
    if row.state == DossierState::Correction {
        let open = correction.map_or(&[][..], |correction| &correction.open);
        steps.retain(|step| open.iter().any(|field| field.step() == *step));
    }
    steps
}
