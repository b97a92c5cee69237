//! « Terminer »: what a student agreed to is sealed to the Region, and nothing of it stays open.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::card::vignette::{MOST_JPEG_BYTES, Vignette};
use dossier::card::{AT_STAND_DAYS, Card, code, day_number};
use dossier::form::school::SchoolChoice;
use dossier::form::{Application, Field};
use dossier::number::DossierNumber;
use dossier::paper::{self, Beside as OnPaper, Line, written_day};
use dossier::reference::Pack;
use dossier::season::Season;
use dossier::signed::keys::KeySet;
use dossier::stand::claim::ClaimCode;
use dossier::stand::envelope::{Enrolment, SealRefusal, Sealing, seal};
use dossier::stand::print;
use dossier::sync::DossierId;
use time::Duration;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Duty, Mode, StandKeys, Told};
use crate::drafts::{Beside, editable, refusals};
use crate::store::{Finishing, StandRow, Store};
use crate::trouble::Trouble;
use crate::view::{CodeView, FinishedView, ProvisionalView, StandRefusal};
use crate::{Phone, clock, qr};

/// A draft that nothing stands against, with all that is sealed of it.
struct Whole {
    id: DossierId,
    application: Application,
    heads: Vec<[u8; 32]>,
    changes: Vec<Vec<u8>>,
    photo: Vec<u8>,
    school: Option<String>,
}

/// Its envelope, and what of it the student is given.
struct Sealed {
    line_number: DossierNumber,
    claim: ClaimCode,
    card: Option<(String, time::Date)>,
}

impl Phone {
    /// Seals a complete draft to the Region and erases it here. When this returns, the envelope is on
    /// the disk and nobody at the tablet can read it; what the answer says is said once.
    pub(crate) fn stand_finish(&self, draft: Uuid) -> Result<FinishedView, Trouble> {
        let duty = self.duty()?;
        let (whole, sealed) = {
            let mut store = self.store();
            let whole = self.whole(&mut store, draft)?;
            let (row, told) = self.stand_here(&store)?;
            let keys = self.key_set(&store)?.ok_or(StandRefusal::NoSealing)?;
            let sealed = self.seal_whole(&mut store, &whole, (&row, &told), (&duty, &keys))?;
            (whole, sealed)
        };
        self.forget_picture(draft);
        self.set_mode(Mode::Finished(duty));
        self.wake();
        self.shown(&whole, &sealed)
    }

    /// The draft, if nothing is refused of it. No password: the activation mail asks for one.
    fn whole(&self, store: &mut Store, draft: Uuid) -> Result<Whole, Trouble> {
        let id = draft.as_bytes();
        drop(editable(store, draft, &self.actor, &[Field::Charter])?);
        store.fold(id, &self.actor)?;
        let mut document = editable(store, draft, &self.actor, &[Field::Charter])?;
        // Typed once here; the Region reads what is sealed like any other application.
        let email = document.answers().typed(Field::Email).to_owned();
        document.set(Field::EmailConfirmation, &email, self.now_ms());
        let (answers, pack, today) = (document.answers(), self.reference()?, self.today());
        let refusals = refusals(&answers, &pack, today, &Beside::of(store, id)?);
        if !refusals.is_empty() {
            return Err(Trouble::Incomplete { refusals });
        }
        let application = Application::read(&answers, &pack, today)
            .map_err(|refusals| Trouble::Incomplete { refusals })?;
        Ok(Whole {
            id: *id,
            school: school_of(&application, &pack),
            application,
            heads: document.heads(),
            changes: document.changes().into_iter().map(|change| change.bytes).collect(),
            photo: store.photo(id)?.ok_or(Trouble::Damaged)?,
        })
    }

    /// One transaction: the envelope is kept, the draft and all that belongs to it erased.
    fn seal_whole(
        &self,
        store: &mut Store,
        whole: &Whole,
        (row, told): (&StandRow, &Told),
        (duty, keys): (&Duty, &KeySet),
    ) -> Result<Sealed, Trouble> {
        let former = store.line_of(&whole.id)?;
        let line_number = match &former {
            Some(former) => DossierNumber::parse(&former.number).map_err(|_| Trouble::Damaged)?,
            None => drawn_number()?,
        };
        let mut claim = ClaimCode { dossier: whole.id, secret: [0; 16] };
        crate::fill_random(&mut claim.secret)?;
        let now_ms = self.reckoned_ms();
        let enrolment = Enrolment {
            dossier: whole.id.into(),
            number: line_number.as_str().to_owned(),
            heads: whole.heads.iter().copied().map(Into::into).collect(),
            changes: whole.changes.iter().cloned().map(Into::into).collect(),
            photo: whole.photo.clone().into(),
            agent: duty.name.clone(),
            finished_at_ms: now_ms,
            claim: claim.hash().into(),
        };
        let application = &whole.application;
        let (family, given) = (application.family_name.as_str(), application.given_name.as_str());
        let birth = application.birth_date.date();
        let prints = print::prints(&duty.keys.prints, family, given, birth);
        let sequence = row.sequence + 1;
        let mut entropy = Zeroizing::new([0; 32]);
        crate::fill_random(&mut *entropy)?;
        let supersedes = former.map(|former| former.digest);
        let sealing = Sealing {
            keys,
            stand: row.id,
            sequence,
            supersedes,
            prints: prints.clone(),
            device: &duty.keys.device,
            now_ms,
            entropy: *entropy,
        };
        let envelope = seal(&enrolment, &sealing).map_err(not_sealed)?;
        let card = self.provisional(whole, (row, told), (&duty.keys, keys))?;
        store.finish(&Finishing {
            dossier: whole.id,
            stand: row.id,
            sequence,
            digest: envelope.digest,
            supersedes,
            number: line_number.as_str(),
            initials: &initials(given, family),
            agent: *duty.agent.as_bytes(),
            finished_ms: now_ms,
            prints: &prints,
            envelope: &envelope.bytes,
            cards: row.cards + u32::from(card.is_some()),
        })?;
        Ok(Sealed { line_number, claim, card })
    }

    /// The provisional card, while the stand may sign one: its code, and its last day.
    fn provisional(
        &self,
        whole: &Whole,
        (row, told): (&StandRow, &Told),
        (own, keys): (&StandKeys, &KeySet),
    ) -> Result<Option<(String, time::Date)>, Trouble> {
        let now_ms = self.now_ms().max(self.bounds().newest_ms);
        let Ok(delegation) = told.delegation(keys) else { return Ok(None) };
        let may = delegation.is_in_force(now_ms)
            && !told.revoked
            && row.cards < delegation.most_cards
            && Season::of(clock::day(now_ms)).to_string() == delegation.season;
        if !may {
            return Ok(None);
        }
        // The envelope goes all the same: what cannot be a photo is told by the Region.
        let Some(vignette) = vignette_of(&whole.photo) else { return Ok(None) };
        let application = &whole.application;
        let until = clock::day(now_ms) + Duration::days(AT_STAND_DAYS.into());
        let last_day = until.min(Season::of(clock::day(now_ms)).end());
        let card = Card {
            status_index: row.cards,
            season: delegation.season.clone(),
            expires_day: day_number(last_day),
            birth_day: day_number(application.birth_date.date()),
            device: None,
            name: format!(
                "{} {}",
                application.given_name.as_str(),
                application.family_name.as_str()
            ),
            school: match &application.school {
                SchoolChoice::Listed { uai } => uai.clone(),
                SchoolChoice::Written { name, town } => format!("{name} [{town}]"),
            },
            photo: vignette.digest().into(),
            provisional: true,
            renew_by_day: None,
        };
        let credential = card.sign_at_stand(&own.device);
        let text = code::at_stand(&told.signed_delegation()?, &credential);
        Ok(text.map(|text| (text, last_day)))
    }

    /// What the student is shown, once.
    fn shown(&self, whole: &Whole, sealed: &Sealed) -> Result<FinishedView, Trouble> {
        let number = sealed.line_number.to_string();
        let application = &whole.application;
        let name =
            format!("{} {}", application.given_name.as_str(), application.family_name.as_str());
        let now_ms = self.reckoned_ms();
        let claim = sealed.claim.text();
        let modules = qr::Modules::of(&claim).ok_or(Trouble::Damaged)?;
        let line = |label: &str, value: String| Line { label: label.to_owned(), value };
        let mut lines = vec![
            line("Pass’Région : ta demande, faite au stand", String::new()),
            line("Numéro de dossier", number.clone()),
            line("Élève", name),
        ];
        lines.extend(whole.school.iter().map(|school| line("Établissement", school.clone())));
        lines.push(line("Année scolaire", Season::of(self.today()).to_string()));
        lines.push(line("Enregistrée au stand le", written_day(clock::day(now_ms))));
        let retake = "Scanne ce code dans l’application : ta demande arrive sur ton téléphone";
        lines.push(line(retake, String::new()));
        let pdf = paper::drawn(&lines, &OnPaper::Code(modules.side, &modules.dark));
        let card = match &sealed.card {
            Some((text, last_day)) => {
                Some(ProvisionalView { code: code_view(text)?, expires_on: last_day.to_string() })
            }
            None => None,
        };
        Ok(FinishedView {
            number,
            finished_at_ms: now_ms,
            claim: code_view(&claim)?,
            card,
            pdf: BASE64.encode(pdf),
            unsent: self.store().count_lines(0)?.unsent,
        })
    }
}

fn code_view(text: &str) -> Result<CodeView, Trouble> {
    let code_svg = qr::svg(text).ok_or(Trouble::Damaged)?;
    Ok(CodeView { code: text.to_owned(), code_svg, until_ms: None })
}

fn drawn_number() -> Result<DossierNumber, Trouble> {
    let mut entropy = [0; 16];
    crate::fill_random(&mut entropy)?;
    Ok(DossierNumber::draw(entropy))
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).into()
}

/// What the card says of the photo, made here as the Region makes it later.
fn vignette_of(photo: &[u8]) -> Option<Vignette> {
    Vignette::new(sha256(photo), portrait::vignette(photo, MOST_JPEG_BYTES).ok()?)
}

/// The first letter of each name.
fn initials(given: &str, family: &str) -> String {
    [given, family]
        .iter()
        .filter_map(|name| name.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn school_of(application: &Application, pack: &Pack) -> Option<String> {
    match &application.school {
        SchoolChoice::Listed { uai } => pack.school(uai).map(|school| school.label()),
        SchoolChoice::Written { name, town } => Some(format!("{name} [{town}]")),
    }
}

fn not_sealed(refusal: SealRefusal) -> Trouble {
    match refusal {
        SealRefusal::NoKey | SealRefusal::OldKeys => StandRefusal::NoSealing.into(),
        SealRefusal::TooLarge | SealRefusal::NotSealed => Trouble::Damaged,
    }
}
