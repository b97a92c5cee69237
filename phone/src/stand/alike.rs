//! Is this student here twice? Told to an agent, who decides; nothing is ever merged for it.

use dossier::form::Field;
use dossier::form::identity::BirthDate;
use dossier::season::Season;
use dossier::stand::print::{Asked, Likeness, asked, prints};
use uuid::Uuid;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{AlikePlace, AlikeView};

impl Phone {
    /// Whoever looks like the student of a draft: on this tablet, or on one that met the Region since.
    /// Of another student it says no more than initials, time and place. Nobody, before name and day
    /// of birth are there.
    pub(crate) fn stand_alike(&self, draft: Uuid) -> Result<Vec<AlikeView>, Trouble> {
        let key = self.duty()?.keys;
        let today = self.today();
        let store = self.store();
        let answered = |id: &[u8; 16]| -> Result<Option<(String, String, time::Date)>, Trouble> {
            let answers = store.answers(id, &self.actor)?;
            let typed = |field| answers.typed(field).trim().to_owned();
            let (family, given) = (typed(Field::FamilyName), typed(Field::GivenName));
            let birth = BirthDate::parse(answers.typed(Field::BirthDate), Season::of(today));
            let whole = !family.is_empty() && !given.is_empty();
            Ok(birth.ok().filter(|_| whole).map(|birth| (family, given, birth.date())))
        };
        let Some((family, given, birth)) = answered(draft.as_bytes())? else {
            return Ok(Vec::new());
        };
        let asked: Asked = asked(&key.prints, &family, &given, birth);
        let mut found = Vec::new();
        for line in store.lines(None, u32::MAX)? {
            // Done once more, it is the same dossier.
            if line.redone || line.dossier == *draft.as_bytes() {
                continue;
            }
            found.extend(asked.likeness(&line.prints).map(|likeness| AlikeView {
                same: likeness == Likeness::Same,
                place: AlikePlace::Here,
                line: Some(line.line),
                initials: Some(line.initials.clone()),
                finished_at_ms: Some(line.finished_ms),
            }));
        }
        for row in store.drafts()?.iter().filter(|row| row.id != *draft.as_bytes()) {
            let Some((family, given, birth)) = answered(&row.id)? else { continue };
            let other = prints(&key.prints, &family, &given, birth);
            found.extend(asked.likeness(&other).map(|likeness| AlikeView {
                same: likeness == Likeness::Same,
                place: AlikePlace::OpenHere,
                line: None,
                initials: None,
                finished_at_ms: None,
            }));
        }
        for row in store.prints_heard()? {
            if row.dossier == *draft.as_bytes() {
                continue;
            }
            found.extend(asked.likeness(&row.prints).map(|likeness| AlikeView {
                same: likeness == Likeness::Same,
                place: AlikePlace::OtherTablet,
                line: None,
                initials: None,
                finished_at_ms: Some(row.finished_ms),
            }));
        }
        // The surest first.
        found.sort_by_key(|alike| !alike.same);
        Ok(found)
    }
}
