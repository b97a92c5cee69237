//! The document for the school: whose dossier it is and its number, to show or to print.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::form::Field;
use dossier::paper::{self, Beside, Line, written_day};
use uuid::Uuid;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::SlipView;
use crate::{clock, qr};

impl Phone {
    /// The document for the school; needs no network. The number that it shows is whole.
    pub(crate) fn slip(&self, draft: Uuid) -> Result<SlipView, Trouble> {
        let number = self.reveal_number(draft)?.number;
        let view = self.view(draft)?;
        let deposit = view.deposit.ok_or(Trouble::UnknownDraft)?;
        let typed = |field| view.values.get(&field).map_or("", String::as_str);
        let name = format!("{} {}", typed(Field::GivenName), typed(Field::FamilyName));
        let school = view.school.map(|school| school.label);
        let code = qr::Modules::of(&number).ok_or(Trouble::Damaged)?;
        let mut lines = vec![
            line("Pass’Région : document à rendre à l’établissement", String::new()),
            line("Numéro de dossier", number.clone()),
            line("Élève", name.clone()),
        ];
        lines.extend(school.iter().map(|school| line("Établissement", school.clone())));
        lines.push(line("Année scolaire", view.season.clone()));
        lines.push(match deposit.received_at_ms {
            Some(ms) => line("Reçu par la Région le", written_day(clock::day(ms))),
            None => line("Déposé le", written_day(clock::day(deposit.deposited_at_ms))),
        });
        let pdf = paper::drawn(&lines, &Beside::Code(code.side, &code.dark));
        Ok(SlipView {
            code_svg: qr::svg(&number).ok_or(Trouble::Damaged)?,
            number,
            name,
            school,
            season: view.season,
            deposited_at_ms: deposit.deposited_at_ms,
            received_at_ms: deposit.received_at_ms,
            pdf: BASE64.encode(pdf),
        })
    }
}

fn line(label: &str, value: String) -> Line {
    Line { label: label.to_owned(), value }
}
