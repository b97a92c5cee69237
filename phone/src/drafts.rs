//! Drafts: what a student types is kept at every change, and shown back with what is wrong.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::document::{Change, Draft, LONGEST_ANSWER};
use dossier::form::charter::Acceptance;
use dossier::form::identity::BirthDate;
use dossier::form::password::{self, Personal};
use dossier::form::{Answers, Application, Field, FieldRefusal, Refusal};
use dossier::reference::{Likely, Pack, Point};
use dossier::season::Season;
use dossier::sync::DossierId;
use time::Date;
use uuid::{NoContext, Timestamp, Uuid};
use zeroize::Zeroizing;

use crate::Phone;
use crate::commands::SHOWN_SCHOOLS;
use crate::corrections;
use crate::store::{DraftRow, PhotoRow, Store};
use crate::trouble::Trouble;
use crate::view::{
    Check, CommuneView, ConflictView, CourierTrouble, DecisionView, DepositView, DossierState,
    DraftSummary, DraftView, KeystrokeView, NextStep, PhotoView, SchoolView, TrackView,
};

/// How long a deletion can be undone; the notice on the screen leaves long before.
const UNDO_MS: i64 = 60 * 60 * 1000;

impl Phone {
    /// An empty draft: the one that was started and never touched, else a new one.
    pub(crate) fn start_draft(&self) -> Result<DraftView, Trouble> {
        let untouched = self.store().untouched_draft()?;
        if let Some(id) = untouched {
            return self.view(Uuid::from_bytes(id));
        }
        let id = self.new_id();
        self.store().add_draft(id.as_bytes(), self.now_ms())?;
        self.view(id)
    }

    /// An id that no draft has, later in order than those before it.
    pub(crate) fn new_id(&self) -> Uuid {
        let seconds = u64::try_from(self.now_ms() / 1000).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0))
    }

    /// Keeps what a field says after a keystroke, until the field is left.
    pub(crate) fn type_field(
        &self,
        draft: Uuid,
        field: Field,
        typed: &str,
    ) -> Result<KeystrokeView, Trouble> {
        if !is_typed(field) || typed.chars().count() > LONGEST_ANSWER {
            return Err(Trouble::MalformedArgs);
        }
        let typed_at_ms = self.now_ms();
        let store = self.store();
        if store.draft(draft.as_bytes())?.state == DossierState::Correction {
            may_edit(&store, draft, &[field])?;
        }
        store.keep_keystroke(draft.as_bytes(), field, typed, typed_at_ms)?;
        Ok(KeystrokeView { typed_at_ms })
    }

    /// One application, whole, with what was being typed in it made part of it.
    pub(crate) fn folded(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        if self.store().fold(draft.as_bytes(), &self.actor)? {
            self.wake();
        }
        self.view(draft)
    }

    /// Keeps what was typed in one field.
    pub(crate) fn set_field(
        &self,
        draft: Uuid,
        field: Field,
        typed: &str,
    ) -> Result<DraftView, Trouble> {
        if !is_typed(field) || typed.chars().count() > LONGEST_ANSWER {
            return Err(Trouble::MalformedArgs);
        }
        let view = self.edit(draft, &[field], |store, document, now_ms| {
            store.write(draft.as_bytes(), document, (field, typed), now_ms)
        })?;
        if let (Field::School, Some(school)) = (field, &view.school) {
            self.store().note_school(&school.uai, self.now_ms())?;
        }
        Ok(view)
    }

    /// Deletes a draft; undone by [`Phone::restore_draft`] until it is erased.
    pub(crate) fn discard_draft(&self, draft: Uuid) -> Result<(), Trouble> {
        {
            let store = self.store();
            match store.draft(draft.as_bytes())?.state {
                DossierState::Draft => store.discard(draft.as_bytes(), Some(self.now_ms()))?,
                DossierState::Ready => return Err(Trouble::AwaitsReceipt),
                _ => return Err(Trouble::AlreadyDeposited),
            }
        }
        self.forget_picture(draft);
        Ok(())
    }

    /// Erases what was deleted so long ago that nobody undoes it any more.
    pub(crate) fn erase_discarded(&self) -> Result<(), Trouble> {
        self.store().erase_discarded(self.now_ms() - UNDO_MS)
    }

    /// Brings a deleted draft back.
    pub(crate) fn restore_draft(&self, draft: Uuid) -> Result<(), Trouble> {
        let store = self.store();
        store.draft(draft.as_bytes())?;
        store.discard(draft.as_bytes(), None)?;
        drop(store);
        self.wake();
        Ok(())
    }

    /// Keeps that the charter in force was accepted.
    pub(crate) fn accept_charter(&self, draft: Uuid, version: &str) -> Result<DraftView, Trouble> {
        let charter = self.reference()?.charter.clone();
        if charter.version != version {
            return Err(Trouble::MalformedArgs);
        }
        self.edit(draft, &[Field::Charter], |_, document, now_ms| {
            let accepted_at_ms = now_ms;
            let acceptance =
                Acceptance { version: charter.version, hash: charter.hash, accepted_at_ms };
            document.accept_charter(&acceptance, now_ms)
        })
    }

    /// Keeps a good password, sealed. A refused one is shown as refused and nothing is kept:
    /// what a student believes to be chosen is what is chosen.
    pub(crate) fn set_password(
        &self,
        draft: Uuid,
        typed: &str,
        confirmation: &str,
    ) -> Result<DraftView, Trouble> {
        let now_ms = self.now_ms();
        let refused = {
            let mut store = self.store();
            let answers = editable(&store, draft, &self.actor, &[Field::Password])?.answers();
            let refused =
                password::check(typed, confirmation, &personal(&answers, self.today())).err();
            let good = refused.is_none().then_some(typed);
            store.keep_password(draft.as_bytes(), good, now_ms)?;
            refused
        };
        let mut view = self.view(draft)?;
        if let Some(refusal) = refused {
            view.refusals.retain(|refused| refused.field != Field::Password);
            view.refusals.push(password_refusal(refusal));
            view.refusals.sort_by_key(|refused| refused.field);
        }
        Ok(view)
    }

    /// Applies one edit, commits it with the end of these fields' typing, and shows the draft as it then stands.
    fn edit(
        &self,
        draft: Uuid,
        fields: &[Field],
        edit: impl FnOnce(&Store, &mut Draft, i64) -> Option<Change>,
    ) -> Result<DraftView, Trouble> {
        let now_ms = self.now_ms();
        {
            let mut store = self.store();
            let mut document = editable(&store, draft, &self.actor, fields)?;
            let changes: Vec<_> = edit(&store, &mut document, now_ms).into_iter().collect();
            store.keep_typed(draft.as_bytes(), &changes, fields, now_ms)?;
            store.remember(draft.as_bytes(), &self.actor, document)?;
        }
        self.wake();
        self.view(draft)
    }

    /// One application, whole.
    pub(crate) fn view(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        let (pack, today) = (self.reference()?, self.today());
        let store = self.store();
        let mut document = store.document(draft.as_bytes(), &self.actor)?;
        let (answers, conflicts) = (document.answers(), document.conflicts());
        store.note_shown(draft.as_bytes(), document.heads());
        store.remember(draft.as_bytes(), &self.actor, document)?;
        let row = store.draft(draft.as_bytes())?;
        let beside = Beside::of(&store, &row.id)?;
        let standing = store.standing(&row.id)?;
        let refusals = match row.state {
            DossierState::Draft => refusals(&answers, &pack, today, &beside),
            DossierState::Correction => {
                corrections::refusals(&store, &row, &answers, &pack, today)?
            }
            _ => Vec::new(),
        };
        let correction = corrections::view(&store, &row, standing.as_ref())?;
        let photo = beside.photo.map(|photo| PhotoView {
            sha256: dossier::hexadecimal::text(&photo.hash),
            bytes: photo.bytes,
            width: photo.width,
            height: photo.height,
        });
        let used = store.chosen_schools(SHOWN_SCHOOLS)?;
        let likely = Likely { near: home(&answers, &pack), used: &used };
        Ok(DraftView {
            draft,
            state: row.state,
            steps: corrections::steps(&row, correction.as_ref(), answers.steps(today)),
            season: Season::of(today).to_string(),
            refusals,
            hints: answers.hints(today),
            conflicts: conflicts.into_iter().map(|it| ConflictView::of(it, &pack)).collect(),
            school: pack
                .school(answers.typed(Field::School))
                .map(|school| SchoolView::of(school, likely)),
            track: pack.track(answers.typed(Field::Track)).map(TrackView::from),
            commune: pack.commune(answers.typed(Field::Commune)).map(CommuneView::from),
            photo,
            password_kept: beside.password.is_some(),
            kept_at_ms: row.changed_ms,
            returned: matches!(row.state, DossierState::Draft | DossierState::Correction)
                && row.trouble.is_some(),
            deposit: deposit_view(&row),
            decision: standing.as_ref().and_then(|standing| {
                let refusing = standing.decision.as_ref()?;
                let note = refusing.note().map(str::to_owned);
                Some(DecisionView { reasons: refusing.reasons().to_vec(), note })
            }),
            correction,
            has_card: standing.as_ref().is_some_and(|standing| standing.card.is_some()),
            timeline: standing.map(|standing| standing.timeline).unwrap_or_default(),
            damaged: row.damaged,
            values: answers.typed,
        })
    }

    /// One line of the list.
    pub(crate) fn summary(&self, store: &Store, row: &DraftRow) -> Result<DraftSummary, Trouble> {
        let answers = match store.answers(&row.id, &self.actor) {
            // Listed all the same: its number is in the keyring, and a pull may bring it back.
            Err(Trouble::Damaged) => Answers::default(),
            answers => answers?,
        };
        let beside = Beside::of(store, &row.id)?;
        let refused = refusals(&answers, &*self.reference()?, self.today(), &beside);
        let name =
            format!("{} {}", answers.typed(Field::GivenName), answers.typed(Field::FamilyName));
        let title = Some(name.trim()).filter(|name| !name.is_empty()).map(str::to_owned);
        let next_step = refused
            .first()
            .map_or(NextStep::Check(Check::Check), |refused| NextStep::Step(refused.step));
        Ok(DraftSummary {
            draft: Uuid::from_bytes(row.id),
            title,
            state: row.state,
            changed_at_ms: row.changed_ms,
            next_step,
            damaged: match store.draft(&row.id) {
                // It is listed: a table and its index disagree, and the next start mends that.
                Err(Trouble::UnknownDraft) => return Err(Trouble::Damaged),
                row => row?.damaged,
            },
        })
    }
}

/// Whether a field is typed by itself; the others are kept together with what they speak of.
fn is_typed(field: Field) -> bool {
    use Field::{BareHead, Charter, Password, Photo, PhotoNote};
    !matches!(field, Charter | Password | Photo | BareHead | PhotoNote)
}

/// The document of a draft in which these fields may be written.
pub(crate) fn editable(
    store: &Store,
    draft: Uuid,
    actor: &[u8],
    fields: &[Field],
) -> Result<Draft, Trouble> {
    may_edit(store, draft, fields)?;
    store.document(draft.as_bytes(), actor)
}

/// A draft that was not deposited yet is open, a correction in what was asked for alone.
fn may_edit(store: &Store, draft: Uuid, fields: &[Field]) -> Result<(), Trouble> {
    let row = store.draft(draft.as_bytes())?;
    match row.state {
        DossierState::Draft => Ok(()),
        DossierState::Correction => corrections::may_edit(store, &row, fields),
        _ => Err(Trouble::AlreadyDeposited),
    }
}

/// What belongs to an application and never stands in its document: only this phone has it.
pub(crate) struct Beside {
    password: Option<Zeroizing<String>>,
    photo: Option<PhotoRow>,
    /// Nobody chooses a password there, the activation mail asks for it; and nobody types the mail
    /// address twice, an agent reads it with the student.
    at_stand: bool,
}

impl Beside {
    /// What this phone has of a draft.
    pub(crate) fn of(store: &Store, id: &DossierId) -> Result<Self, Trouble> {
        let at_stand = store.is_stand()?;
        Ok(Self { password: store.password(id)?, photo: store.photo_row(id)?, at_stand })
    }

    /// Whether the photo that the document names is another one, or on another device alone: a
    /// deposit from here would wait for it for ever.
    fn lacks_photo(&self, answers: &Answers) -> bool {
        let named = answers.typed(Field::Photo);
        let here = self.photo.as_ref().map(|photo| dossier::hexadecimal::text(&photo.hash));
        !named.is_empty() && here.as_deref() != Some(named)
    }
}

/// Everything that still stands against a deposit, in the order of the form. The password is
/// checked anew each time: a name that was typed later may stand in it.
pub(crate) fn refusals(
    answers: &Answers,
    pack: &Pack,
    today: Date,
    beside: &Beside,
) -> Vec<FieldRefusal> {
    let mut refusals = Application::read(answers, pack, today).err().unwrap_or_default();
    if beside.at_stand {
        refusals.retain(|refused| refused.field != Field::EmailConfirmation);
    }
    let password = beside.password.as_ref().map_or("", |kept| kept.as_str());
    match password::check(password, password, &personal(answers, today)) {
        Err(refusal) if !beside.at_stand => refusals.push(password_refusal(refusal)),
        _ => {}
    }
    if beside.lacks_photo(answers) && !refusals.iter().any(|it| it.field == Field::Photo) {
        let refusal = Refusal::Missing;
        refusals.push(FieldRefusal { field: Field::Photo, step: Field::Photo.step(), refusal });
    }
    refusals.sort_by_key(|refused| refused.field);
    refusals
}

/// Where a student lives, as far as the commune tells.
pub(crate) fn home(answers: &Answers, pack: &Pack) -> Option<Point> {
    pack.commune(answers.typed(Field::Commune)).map(|commune| commune.point)
}

/// What the password must not hold.
fn personal(answers: &Answers, today: Date) -> Personal<'_> {
    let birth = BirthDate::parse(answers.typed(Field::BirthDate), Season::of(today)).ok();
    Personal {
        names: [answers.typed(Field::FamilyName), answers.typed(Field::GivenName)],
        birth: birth.map(BirthDate::date),
    }
}

fn password_refusal(refusal: Refusal) -> FieldRefusal {
    FieldRefusal { field: Field::Password, step: Field::Password.step(), refusal }
}

fn deposit_view(row: &DraftRow) -> Option<DepositView> {
    Some(DepositView {
        number_masked: masked(row),
        deposited_at_ms: row.deposited_ms?,
        received_at_ms: row.received_ms,
        number_replaced: row.number_replaced,
        trouble: row.trouble.as_deref().and_then(CourierTrouble::parse),
    })
}

/// The number with all but its last group hidden.
pub(crate) fn masked(row: &DraftRow) -> String {
    format!("••••-••••-{}", row.number_end)
}

/// The photo of a draft, in base64.
pub(crate) fn photo_base64(store: &Store, id: &DossierId) -> Result<String, Trouble> {
    Ok(store.photo(id)?.map(|jpeg| BASE64.encode(jpeg)).unwrap_or_default())
}
