//! Every command a screen can call, on one page; the source of the TypeScript types.

mod stand;
mod typescript;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use dossier::card::duplicate::DuplicateReason;
use dossier::form::Field;
use dossier::number::DossierNumber;
use dossier::reference::Likely;
use portrait::Framing;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::TS;
use uuid::Uuid;

use crate::Phone;
use crate::around::{AroundView, OutlineView, PointView, QuestionView, TownView};
use crate::drafts::home;
use crate::photo::ToKeep;
use crate::trouble::Trouble;
use crate::view::{
    AccountView, AlikeView, BenefitsView, CardView, CharterView, ChecksView, ClaimView, CodeView,
    CommuneView, ComparedView, DeviceView, DraftSummary, DraftView, DuplicateTermsView, ExportView,
    FinishedView, FramedView, HandoverTaken, HandoverView, HomeView, KeystrokeView, LinesView,
    LinkView, LookView, NumberView, PhotoData, ProofView, ReadCodeView, ReadinessView, ScanView,
    SchoolView, SlipView, StandReportView, StandView, SyncView, TrackView, TracksView, VerdictView,
    WipedView,
};
use stand::{AddAgent, AgentPin, Claim, ListAfter, Resume, Scanned, SetUp, WhichLine};
pub use typescript::typescript;

/// Schools that fit on a phone's screen under the search.
pub(crate) const SHOWN_SCHOOLS: usize = 8;

/// What takes much memory for a moment: these are answered one after the other.
pub(crate) const HEAVY: [&str; 10] = [
    "look",
    "open_picture",
    "frame_picture",
    "keep_picture",
    "scan_frame",
    "read_code",
    "stand_add_agent",
    "stand_sign_in",
    "stand_resume",
    "stand_finish",
];

macro_rules! commands {
    ($($name:literal : $asked:ty => $answer:ty = $run:expr;)*) => {
        /// Runs one command: reads its arguments, calls it, shapes its answer.
        pub(crate) fn run(phone: &Phone, command: &str, args: Value) -> Result<Value, Trouble> {
            match command {
                $($name => {
                    let asked: $asked = read(args)?;
                    let run: fn(&Phone, $asked) -> Result<$answer, Trouble> = $run;
                    serde_json::to_value(run(phone, asked)?).map_err(|_| Trouble::Storage)
                })*
                _ => Err(Trouble::UnknownCommand),
            }
        }

        /// The name of every command.
        #[cfg(test)]
        pub(crate) fn names() -> Vec<&'static str> {
            vec![$($name),*]
        }

        /// Visits the name, arguments and answer of every command.
        fn each(visit: &mut impl typescript::Visit) {
            $(visit.command::<$asked, $answer>($name);)*
        }
    };
}

commands! {
    "home":            Nothing      => HomeView         = |phone, Nothing {}| phone.home();
    "charter":         Nothing      => CharterView      = |phone, Nothing {}| phone.charter();
    "start_draft":     Nothing      => DraftView        = |phone, Nothing {}| phone.start_draft();
    "draft":           WhichDraft   => DraftView        = |phone, asked| phone.folded(asked.draft);
    "accept_charter":  AcceptCharter => DraftView       = |phone, asked| phone.accept_charter(asked.draft, &asked.version);
    "type_field":      SetField     => KeystrokeView    = |phone, asked| phone.type_field(asked.draft, asked.field, &asked.typed);
    "set_field":       SetField     => DraftView        = |phone, asked| phone.set_field(asked.draft, asked.field, &asked.typed);
    "set_password":    SetPassword  => DraftView        = |phone, asked| phone.set_password(asked.draft, &asked.typed, &asked.confirmation);
    "discard_draft":   WhichDraft   => HomeView         = |phone, asked| { phone.discard_draft(asked.draft)?; phone.home() };
    "restore_draft":   WhichDraft   => HomeView         = |phone, asked| { phone.restore_draft(asked.draft)?; phone.home() };
    "find_schools":    FindSchools  => Vec<SchoolView>  = |phone, asked| phone.find_schools(asked.draft, &asked.typed);
    "tracks":          WhichDraft   => TracksView       = |phone, asked| phone.tracks(asked.draft);
    "communes":        WhichPostalCode => Vec<CommuneView> = |phone, asked| phone.communes(&asked.postal_code);
    "find_towns":      FindTowns    => Vec<TownView>    = |phone, asked| phone.find_towns(&asked.typed);
    "around":          LookAround   => AroundView       = |phone, asked| phone.around(asked.near);
    "outline":         Nothing      => OutlineView      = |phone, Nothing {}| phone.outline();
    "faq":             Nothing      => Vec<QuestionView> = |phone, Nothing {}| phone.faq();
    "look":            LookAt       => LookView         = |phone, asked| phone.look(&asked.frame);
    "open_picture":    OpenPicture  => ProofView        = |phone, asked| phone.open_picture(asked.draft, &asked.picture);
    "frame_picture":   FramePicture => FramedView       = |phone, asked| phone.frame_picture(asked.draft, asked.framing);
    "keep_picture":    KeepPicture  => DraftView        = |phone, asked| phone.keep_picture(&asked.into());
    "close_picture":   WhichDraft   => DraftView        = |phone, asked| { phone.forget_picture(asked.draft); phone.view(asked.draft) };
    "photo":           WhichDraft   => PhotoData        = |phone, asked| phone.photo(asked.draft);
    "deposit":         WhichDraft   => DraftView        = |phone, asked| phone.deposit(asked.draft);
    "correct":         WhichDraft   => DraftView        = |phone, asked| phone.correct(asked.draft);
    "send_correction": WhichDraft   => DraftView        = |phone, asked| phone.send_correction(asked.draft);
    "reveal_number":   WhichDraft   => NumberView       = |phone, asked| phone.reveal_number(asked.draft);
    "slip":            WhichDraft   => SlipView         = |phone, asked| phone.slip(asked.draft);
    "card":            WhichDraft   => CardView         = |phone, asked| phone.card(asked.draft);
    "live_code":       WhichDraft   => CodeView         = |phone, asked| phone.live_code(asked.draft);
    "paper_code":      WhichDraft   => CodeView         = |phone, asked| phone.paper_code(asked.draft);
    "photo_codes":     WhichDraft   => Vec<CodeView>    = |phone, asked| phone.photo_codes(asked.draft);
    "move_card":       WhichDraft   => CardView         = |phone, asked| phone.move_card(asked.draft);
    "check_card":      CheckCard    => VerdictView      = |phone, asked| phone.check_card(&asked.code);
    "scan_frame":      LookAt       => ScanView         = |phone, asked| phone.scan_frame(&asked.frame);
    "compare_photo":   Scanned      => ComparedView     = |phone, asked| phone.compare_photo(&asked.scanned);
    "leave_verdict":   Nothing      => ()               = |phone, Nothing {}| { phone.leave_verdict(); Ok(()) };
    "checks":          Nothing      => ChecksView       = |phone, Nothing {}| phone.checks();
    "benefits":        WhichDraft   => BenefitsView     = |phone, asked| phone.benefits(asked.draft);
    "duplicate_terms": WhichDraft   => DuplicateTermsView = |phone, asked| phone.duplicate_terms(asked.draft);
    "ask_duplicate":   AskDuplicate => CardView         = |phone, asked| phone.ask_duplicate(asked.draft, asked.reason);
    "undo_duplicate":  WhichDraft   => CardView         = |phone, asked| phone.undo_duplicate(asked.draft);
    "account":         WhichDraft   => AccountView      = |phone, asked| phone.account(asked.draft);
    "resend_activation": WhichAccount => ()             = |phone, asked| phone.resend_activation(asked.number(phone)?);
    "activate":        Activate     => ()               = |phone, asked| phone.activate(asked.of.number(phone)?, &asked.code, asked.password);
    "link_waits":      Nothing      => bool             = |phone, Nothing {}| Ok(phone.link_waits());
    "look_at_link":    Nothing      => LinkView         = |phone, Nothing {}| phone.look_at_link();
    "follow_link":     FollowLink   => ()               = |phone, asked| phone.follow_link(asked.typed, asked.confirmation);
    "leave_link":      Nothing      => ()               = |phone, Nothing {}| { phone.leave_link(); Ok(()) };
    "sign_in":         SignIn       => DraftView        = |phone, asked| phone.sign_in(&asked.number, &asked.password);
    "sign_out":        WhichDraft   => HomeView         = |phone, asked| phone.sign_out(asked.draft);
    "forgotten_number": WhichEmail  => ()               = |phone, asked| phone.forgotten_number(&asked.email);
    "forgotten_password": WhichAccount => ()            = |phone, asked| phone.forgotten_password(asked.number(phone)?);
    "set_new_password": NewPassword => ()               = |phone, asked| phone.set_new_password(asked.of.number(phone)?, &asked.code, (&asked.typed, &asked.confirmation));
    "change_password": ChangePassword => AccountView    = |phone, asked| phone.change_password(asked.draft, &asked.current, (&asked.typed, &asked.confirmation));
    "change_address":  ChangeAddress => AccountView     = |phone, asked| phone.change_address(asked.draft, &asked.password, &asked.email);
    "prove_address":   ProveAddress => AccountView      = |phone, asked| phone.prove_address(asked.draft, &asked.code);
    "change_contact":  ChangeContact => AccountView     = |phone, asked| phone.change_contact(asked.draft, asked.typed);
    "devices":         WhichDraft   => Vec<DeviceView>  = |phone, asked| phone.devices(asked.draft);
    "sign_out_device": SignOutDevice => Vec<DeviceView> = |phone, asked| phone.sign_out_device(asked.draft, asked.device);
    "export":          WhichDraft   => ExportView       = |phone, asked| phone.export(asked.draft);
    "erase":           WithPassword => HomeView         = |phone, asked| phone.erase(asked.draft, &asked.password);
    "close_notice":    Nothing      => HomeView         = |phone, Nothing {}| { phone.store().forget_mending()?; phone.home() };
    "stand":           Nothing      => StandView        = |phone, Nothing {}| phone.stand_view();
    "stand_set_up":    SetUp        => StandView        = |phone, asked| phone.stand_set_up(&asked.code, &asked.name);
    "stand_readiness": Nothing      => Vec<ReadinessView> = |phone, Nothing {}| phone.stand_readiness();
    "stand_add_agent": AddAgent     => StandView        = |phone, asked| phone.stand_add_agent(&asked.name, &asked.pin);
    "stand_sign_in":   AgentPin     => StandView        = |phone, asked| phone.stand_sign_in(asked.agent, &asked.pin);
    "stand_sign_out":  Nothing      => StandView        = |phone, Nothing {}| phone.stand_sign_out();
    "stand_start":     Nothing      => DraftView        = |phone, Nothing {}| phone.stand_start();
    "stand_student":   WhichDraft   => DraftView        = |phone, asked| phone.stand_student(asked.draft);
    "stand_check":     WhichDraft   => DraftView        = |phone, asked| phone.stand_check(asked.draft);
    "stand_shield":    Nothing      => StandView        = |phone, Nothing {}| phone.stand_shield();
    "stand_resume":    Resume       => DraftView        = |phone, asked| phone.stand_resume(asked.agent, &asked.pin, asked.check);
    "stand_alike":     WhichDraft   => Vec<AlikeView>   = |phone, asked| phone.stand_alike(asked.draft);
    "stand_finish":    WhichDraft   => FinishedView     = |phone, asked| phone.stand_finish(asked.draft);
    "stand_close":     Nothing      => StandView        = |phone, Nothing {}| phone.stand_close();
    "stand_list":      ListAfter    => LinesView        = |phone, asked| phone.stand_list(asked.after);
    "stand_redo":      WhichLine    => DraftView        = |phone, asked| phone.stand_redo(asked.line);
    "stand_drafts":    Nothing      => Vec<DraftSummary> = |phone, Nothing {}| phone.stand_drafts();
    "stand_send":      Nothing      => StandView        = |phone, Nothing {}| phone.stand_send();
    "stand_report":    Nothing      => StandReportView  = |phone, Nothing {}| phone.stand_report();
    "stand_end":       Nothing      => WipedView        = |phone, Nothing {}| phone.stand_end();
    "handover":        WhichDraft   => HandoverView     = |phone, asked| phone.handover(asked.draft);
    "take_handover":   Scanned      => HandoverTaken    = |phone, asked| phone.take_handover(&asked.scanned);
    "claim":           Claim        => ClaimView        = |phone, asked| phone.claim(&asked.code);
    "claims":          Nothing      => Vec<ClaimView>   = |phone, Nothing {}| phone.claims();
    "read_code":       LookAt       => ReadCodeView     = |phone, asked| phone.read_code(&asked.frame);
    "device_lock":     Nothing      => bool             = |phone, Nothing {}| phone.device_lock();
    "set_device_lock": SetDeviceLock => bool            = |phone, asked| phone.set_device_lock(asked.on);
    "set_metered":     SetMetered   => SyncView         = |phone, asked| phone.set_metered(asked.metered);
    "sync":            Nothing      => SyncView         = |phone, Nothing {}| phone.sync_now();
}

fn read<T: DeserializeOwned>(args: Value) -> Result<T, Trouble> {
    serde_json::from_value(args).map_err(|_| Trouble::MalformedArgs)
}

/// No arguments.
#[derive(Deserialize, TS)]
#[ts(type = "Record<string, never>")]
struct Nothing {}

/// One draft.
#[derive(Deserialize, TS)]
struct WhichDraft {
    draft: Uuid,
}

/// The charter in force is accepted.
#[derive(Deserialize, TS)]
struct AcceptCharter {
    draft: Uuid,
    version: String,
}

/// What was typed in a field.
#[derive(Deserialize, TS)]
struct SetField {
    draft: Uuid,
    field: Field,
    typed: String,
}

/// A password, twice.
#[derive(Deserialize, TS)]
struct SetPassword {
    draft: Uuid,
    typed: String,
    confirmation: String,
}

/// What was typed to find a school.
#[derive(Deserialize, TS)]
struct FindSchools {
    draft: Uuid,
    typed: String,
}

/// What was typed to find a town.
#[derive(Deserialize, TS)]
struct FindTowns {
    typed: String,
}

/// Where to look from.
#[derive(Deserialize, TS)]
struct LookAround {
    near: Option<PointView>,
}

/// A postal code.
#[derive(Deserialize, TS)]
struct WhichPostalCode {
    postal_code: String,
}

/// One frame of the camera's preview: a small JPEG, in base64.
#[derive(Deserialize, TS)]
struct LookAt {
    frame: String,
}

/// What a scanner read, or a person typed.
#[derive(Deserialize, TS)]
struct CheckCard {
    code: String,
}

/// A picture file as it was chosen or taken, in base64.
#[derive(Deserialize, TS)]
struct OpenPicture {
    draft: Uuid,
    picture: String,
}

/// Another framing of the open picture.
#[derive(Deserialize, TS)]
struct FramePicture {
    draft: Uuid,
    framing: Framing,
}

/// The framing that a student settled on, whether they say that nothing covers their head, and
/// why they keep a picture that breaks a rule.
#[derive(Deserialize, TS)]
struct KeepPicture {
    draft: Uuid,
    framing: Framing,
    bare_head: bool,
    note: Option<String>,
}

impl From<KeepPicture> for ToKeep {
    fn from(asked: KeepPicture) -> Self {
        let KeepPicture { draft, framing, bare_head, note } = asked;
        Self { draft, framing, bare_head, note }
    }
}

/// Another card, and why.
#[derive(Deserialize, TS)]
struct AskDuplicate {
    draft: Uuid,
    reason: DuplicateReason,
}

/// A dossier on this phone, or a number as it was typed.
#[derive(Deserialize, TS)]
struct WhichAccount {
    draft: Option<Uuid>,
    number: Option<String>,
}

impl WhichAccount {
    fn number(&self, phone: &Phone) -> Result<DossierNumber, Trouble> {
        phone.which(self.draft, self.number.as_deref())
    }
}

/// The code of an activation mail; a password too, when the account has none yet.
#[derive(Deserialize, TS)]
struct Activate {
    of: WhichAccount,
    code: String,
    password: Option<String>,
}

/// A password, twice, when the link asks for one.
#[derive(Deserialize, TS)]
struct FollowLink {
    typed: Option<String>,
    confirmation: Option<String>,
}

/// Number and password, as typed.
#[derive(Deserialize, TS)]
struct SignIn {
    number: String,
    password: String,
}

/// A mail address, as typed.
#[derive(Deserialize, TS)]
struct WhichEmail {
    email: String,
}

/// The code of a mail, and a new password, twice.
#[derive(Deserialize, TS)]
struct NewPassword {
    of: WhichAccount,
    code: String,
    typed: String,
    confirmation: String,
}

/// The present password, and a new one, twice.
#[derive(Deserialize, TS)]
struct ChangePassword {
    draft: Uuid,
    current: String,
    typed: String,
    confirmation: String,
}

/// Another address; the password is empty while the account has none.
#[derive(Deserialize, TS)]
struct ChangeAddress {
    draft: Uuid,
    password: String,
    email: String,
}

/// The code that went to another address.
#[derive(Deserialize, TS)]
struct ProveAddress {
    draft: Uuid,
    code: String,
}

/// Every field of the step « contact », as typed.
#[derive(Deserialize, TS)]
struct ChangeContact {
    draft: Uuid,
    typed: BTreeMap<Field, String>,
}

/// A device of the list.
#[derive(Deserialize, TS)]
struct SignOutDevice {
    draft: Uuid,
    device: i64,
}

/// What cannot be undone asks for the password.
#[derive(Deserialize, TS)]
struct WithPassword {
    draft: Uuid,
    password: String,
}

/// Whether the phone shall ask who holds it.
#[derive(Deserialize, TS)]
struct SetDeviceLock {
    on: bool,
}

/// Whether the network is paid for by its bytes.
#[derive(Deserialize, TS)]
struct SetMetered {
    metered: bool,
}

impl Phone {
    pub(crate) fn home(&self) -> Result<HomeView, Trouble> {
        let sync = self.sync_view()?;
        let reference_version = self.reference()?.version.clone();
        let store = self.store();
        let rows = store.drafts()?;
        let drafts = rows.iter().map(|row| self.summary(&store, row)).collect::<Result<_, _>>()?;
        Ok(HomeView { drafts, sync, reference_version, mended: store.was_mended()? })
    }

    fn charter(&self) -> Result<CharterView, Trouble> {
        let charter = self.reference()?.charter.clone();
        Ok(CharterView {
            version: charter.version,
            title: charter.title,
            text: charter.text,
            hash: charter.hash,
        })
    }

    fn find_schools(&self, draft: Uuid, typed: &str) -> Result<Vec<SchoolView>, Trouble> {
        let pack = self.reference()?;
        let (near, used) = {
            let store = self.store();
            let answers = store.answers(draft.as_bytes(), &self.actor)?;
            (home(&answers, &pack), store.chosen_schools(SHOWN_SCHOOLS)?)
        };
        let likely = Likely { near, used: &used };
        let found = pack.find_schools(typed, likely, SHOWN_SCHOOLS);
        Ok(found.into_iter().map(|school| SchoolView::of(school, likely)).collect())
    }

    fn tracks(&self, draft: Uuid) -> Result<TracksView, Trouble> {
        let pack = self.reference()?;
        let answers = self.store().answers(draft.as_bytes(), &self.actor)?;
        let at_school = pack.tracks_at(answers.typed(Field::School));
        Ok(TracksView {
            tracks: pack.tracks.iter().map(TrackView::from).collect(),
            at_school: at_school.map(|all| all.iter().map(|track| track.code.clone()).collect()),
        })
    }

    fn communes(&self, postal_code: &str) -> Result<Vec<CommuneView>, Trouble> {
        let postal_code: String = postal_code.chars().filter(|c| !c.is_whitespace()).collect();
        let pack = self.reference()?;
        Ok(pack.communes_of(&postal_code).into_iter().map(CommuneView::from).collect())
    }

    fn set_metered(&self, metered: bool) -> Result<SyncView, Trouble> {
        let was_metered = self.metered.swap(metered, Ordering::Relaxed);
        if was_metered && !metered {
            self.wake();
        }
        self.sync_view()
    }

    fn photo(&self, draft: Uuid) -> Result<PhotoData, Trouble> {
        let jpeg = crate::drafts::photo_base64(&self.store(), draft.as_bytes())?;
        Ok(PhotoData { jpeg })
    }
}
