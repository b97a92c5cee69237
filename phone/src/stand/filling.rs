//! From one student to the next: who has the tablet, and with which draft.

use uuid::Uuid;

use super::Mode;
use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{DraftSummary, DraftView, StandRefusal, StandView};

impl Phone {
    /// An empty draft for the next student. The agent still has the tablet.
    pub(crate) fn stand_start(&self) -> Result<DraftView, Trouble> {
        {
            let store = self.store();
            let (_, told) = self.stand_here(&store)?;
            if told.is_revoked(self.key_set(&store)?.as_ref()) {
                return Err(StandRefusal::Revoked.into());
            }
        }
        self.start_draft()
    }

    /// « À toi ! »: from now on the tablet answers for this one draft alone.
    pub(crate) fn stand_student(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        let duty = self.duty()?;
        let view = self.folded(draft)?;
        self.set_mode(Mode::Student(duty, draft));
        Ok(view)
    }

    /// An agent looks at a draft beside the student.
    pub(crate) fn stand_check(&self, draft: Uuid) -> Result<DraftView, Trouble> {
        let duty = self.duty()?;
        let view = self.folded(draft)?;
        self.set_mode(Mode::Checking(duty, draft));
        Ok(view)
    }

    /// Nothing is shown until an agent says who they are; the keys leave the memory.
    pub(crate) fn stand_shield(&self) -> Result<StandView, Trouble> {
        let (Mode::Student(_, draft) | Mode::Checking(_, draft)) = self.mode() else {
            return Err(Trouble::Closed);
        };
        self.set_mode(Mode::Shielded(draft));
        self.stand_view()
    }

    /// What was finished, or looked at, is shown no more: the agent has the tablet.
    pub(crate) fn stand_close(&self) -> Result<StandView, Trouble> {
        if let Mode::Checking(_, draft) = self.mode() {
            self.forget_picture(draft);
        }
        let duty = self.duty()?;
        self.set_mode(Mode::Agent(duty));
        self.stand_view()
    }

    /// The drafts that are open: nothing that a student typed is lost by a start of the tablet.
    pub(crate) fn stand_drafts(&self) -> Result<Vec<DraftSummary>, Trouble> {
        let store = self.store();
        store.drafts()?.iter().map(|row| self.summary(&store, row)).collect()
    }

    /// Fills in a finished dossier once more: its envelope takes the place of the former one, under
    /// the same number. What the former one says nobody here can read.
    pub(crate) fn stand_redo(&self, line: i64) -> Result<DraftView, Trouble> {
        let draft = {
            let store = self.store();
            let row = store.line(line)?.ok_or(StandRefusal::UnknownLine)?;
            if row.redone {
                return Err(StandRefusal::UnknownLine.into());
            }
            match store.draft(&row.dossier) {
                Ok(_) => store.discard(&row.dossier, None)?,
                Err(_) => store.add_draft(&row.dossier, self.now_ms())?,
            }
            Uuid::from_bytes(row.dossier)
        };
        self.folded(draft)
    }
}
