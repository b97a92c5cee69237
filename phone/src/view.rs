//! What screens are shown. These types are the source of the TypeScript ones.

mod account;
mod benefit;
mod check;
mod conflict;
mod duplicate;
mod photo;
mod stand;

use std::collections::BTreeMap;

use dossier::card::{CardState, FormerCard};
use dossier::form::correction::Topic;
use dossier::form::{Field, FieldHint, FieldRefusal, Step};
use dossier::reference;
use dossier::review::{Reached, Reason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

pub use account::{AccountView, DeviceView, ExportView, LinkView};
pub use benefit::{BalanceView, BenefitsView};
pub use check::{ChecksView, ComparedView, ScanView, VerdictView};
pub use conflict::{ConflictView, WrittenView};
pub use duplicate::{DuplicateState, DuplicateTermsView, DuplicateView};
pub use photo::{FramedView, LookView, PhotoData, PhotoView, ProofView};
pub use stand::{
    AgentReportView, AgentView, AlikePlace, AlikeView, ClaimView, EventView, FinishedView,
    HandoverTaken, HandoverView, LineState, LineView, LinesView, ProvisionalView, ReadCodeView,
    Readiness, ReadinessView, StandMode, StandProblem, StandRefusal, StandReportView, StandView,
    WipedView,
};

/// Where an application stands. `draft`, `ready` and `correction` are this phone's; the rest is the
/// server's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DossierState {
    /// Being filled in.
    Draft,
    /// Deposited on this phone; waits for the server's receipt.
    Ready,
    /// The server's receipt was verified.
    Received,
    /// A reviewer has it in hand.
    InReview,
    /// The Region asks for something to be mended.
    ToCorrect,
    /// A card was issued.
    Accepted,
    /// Refused, with reasons.
    Refused,
    /// No dossier: what is typed to correct one. It is in no list.
    Correction,
}

impl DossierState {
    /// Reads a stored word; the table admits no other.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "ready" => Self::Ready,
            "received" => Self::Received,
            "in_review" => Self::InReview,
            "to_correct" => Self::ToCorrect,
            "correction" => Self::Correction,
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            _ => Self::Draft,
        }
    }
}

/// The first screen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HomeView {
    /// Applications on this phone, the last changed first.
    pub drafts: Vec<DraftSummary>,
    /// How things stand with the server.
    pub sync: SyncView,
    /// Version of the reference data in use.
    pub reference_version: String,
    /// Whether the store was damaged, and mended as far as could be, since a screen last said so.
    pub mended: bool,
}

/// One application in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftSummary {
    /// Which.
    pub draft: Uuid,
    /// First name and family name; null while there is none.
    pub title: Option<String>,
    /// Where it stands.
    pub state: DossierState,
    /// Last change on this phone, in milliseconds since 1970.
    pub changed_at_ms: i64,
    /// Where to go on.
    pub next_step: NextStep,
    /// Whether something of it is lost; it may open all the same. The server is asked for it.
    pub damaged: bool,
}

/// The first step with something to answer, or the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum NextStep {
    /// A step of the form.
    Step(Step),
    /// Everything is answered.
    Check(Check),
}

/// The one word after the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Check your answers.
    Check,
}

/// One application, whole.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftView {
    /// Which.
    pub draft: Uuid,
    /// Where it stands.
    pub state: DossierState,
    /// The steps that this student goes through, in order.
    pub steps: Vec<Step>,
    /// The school year that a card would be for, `2026-2027`.
    pub season: String,
    /// What was typed.
    pub values: BTreeMap<Field, String>,
    /// What is missing or refused, in the order of the form.
    pub refusals: Vec<FieldRefusal>,
    /// Remarks that never block.
    pub hints: Vec<FieldHint>,
    /// The fields of identity that two devices answered differently.
    pub conflicts: Vec<ConflictView>,
    /// The chosen school.
    pub school: Option<SchoolView>,
    /// The chosen track.
    pub track: Option<TrackView>,
    /// The chosen commune.
    pub commune: Option<CommuneView>,
    /// The photo.
    pub photo: Option<PhotoView>,
    /// Whether a good password is kept, sealed.
    pub password_kept: bool,
    /// Time of the last COMMIT, in milliseconds since 1970: « enregistré » is true since then.
    pub kept_at_ms: i64,
    /// Whether the server could not take the deposit as it was: it is a draft again.
    pub returned: bool,
    /// The deposit, once made.
    pub deposit: Option<DepositView>,
    /// Why it was refused.
    pub decision: Option<DecisionView>,
    /// What the Region asks to be mended.
    pub correction: Option<CorrectionView>,
    /// What happened at the Region so far, oldest first.
    pub timeline: Vec<Reached>,
    /// Whether there is a card to show.
    pub has_card: bool,
    /// Whether something of it is lost. The server is asked for it.
    pub damaged: bool,
}

/// A keystroke that survives the end of the app. It may not survive a power cut, and is never
/// shown as « enregistré »: only a [`DraftView`] says that.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KeystrokeView {
    /// When, in milliseconds since 1970.
    pub typed_at_ms: i64,
}

/// A deposit.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DepositView {
    /// `••••-••••-CT5`
    pub number_masked: String,
    /// When it was made on this phone, in milliseconds since 1970.
    pub deposited_at_ms: i64,
    /// When the server stored it; null before its receipt is verified.
    pub received_at_ms: Option<i64>,
    /// Whether the first number was taken and a new one made.
    pub number_replaced: bool,
    /// Why the server's word is not there or not believed.
    pub trouble: Option<CourierTrouble>,
}

/// A refusal.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DecisionView {
    /// At least one.
    pub reasons: Vec<Reason>,
    /// The reviewer's words.
    pub note: Option<String>,
}

/// What the Region asks to be mended.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CorrectionView {
    /// Of which dossier.
    pub dossier: Uuid,
    /// At least one, in the order of the form.
    pub topics: Vec<Topic>,
    /// The fields that may be written for them.
    pub open: Vec<Field>,
    /// What is wrong with the photo; none when something else is asked for.
    pub reasons: Vec<Reason>,
    /// The reviewer's words.
    pub note: Option<String>,
    /// When it was asked, in milliseconds since 1970.
    pub asked_at_ms: i64,
    /// Since when the answer waits to leave; null while there is none.
    pub queued_at_ms: Option<i64>,
}

/// The charter of rights and duties.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CharterView {
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Its text: paragraphs, `##` headings and `-` lists.
    pub text: String,
    /// SHA-256 of the text.
    pub hash: String,
}

/// A school of the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SchoolView {
    /// National identifier.
    pub uai: String,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// `NOM [VILLE] [CODE]`
    pub label: String,
    /// From the student's commune, in kilometres as the crow flies; null when that is unknown.
    pub distance_km: Option<f64>,
    /// Whether it was chosen on this device before.
    pub used_here: bool,
}

impl SchoolView {
    /// A school, as seen from where the student lives.
    pub(crate) fn of(school: &reference::School, likely: reference::Likely<'_>) -> Self {
        Self {
            uai: school.uai.clone(),
            name: school.name.clone(),
            town: school.town.clone(),
            label: school.label(),
            distance_km: likely.near.map(|home| home.distance_km(school.point())),
            used_here: likely.used.contains(&school.uai),
        }
    }
}

/// A track of the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrackView {
    /// Its code.
    pub code: String,
    /// Its group.
    pub group: String,
    /// Its name.
    pub label: String,
}

impl From<&reference::Track> for TrackView {
    fn from(track: &reference::Track) -> Self {
        let reference::Track { code, group, label, way: _ } = track.clone();
        Self { code, group, label }
    }
}

/// The tracks to choose from.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TracksView {
    /// All of them, group by group.
    pub tracks: Vec<TrackView>,
    /// The codes known to be taught at the chosen school; null when nothing is known.
    pub at_school: Option<Vec<String>>,
}

/// A commune of the region.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CommuneView {
    /// INSEE code.
    pub insee: String,
    /// Name.
    pub name: String,
}

impl From<&reference::Commune> for CommuneView {
    fn from(commune: &reference::Commune) -> Self {
        Self { insee: commune.insee.clone(), name: commune.name.clone() }
    }
}

/// A dossier number in full.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NumberView {
    /// `4K7Q-2MZ9-CT5`
    pub number: String,
}

/// The digital card.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CardView {
    /// First name and family name, as signed.
    pub name: String,
    /// `••••-••••-CT5`
    pub number_masked: String,
    /// The school's label.
    pub school: String,
    /// `2026-2027`
    pub season: String,
    /// Last day, `AAAA-MM-JJ`.
    pub expires_on: String,
    /// The JPEG, in base64; empty when the signed photo is not on this phone.
    pub photo: String,
    /// What it is worth.
    pub state: CardState,
    /// Which phone may show it.
    pub held: CardHeld,
    /// Whether it was asked to come to this phone and has not yet.
    pub moving: bool,
    /// Whether it is here and was not signed anew for too long: a verifier looks twice.
    pub to_renew: bool,
    /// Whether this phone can give the signed photo to whoever verifies the card.
    pub gives_photo: bool,
    /// The code of this moment; null unless this phone may show it.
    pub live: Option<CodeView>,
    /// Whether there is a code for a printed page.
    pub printable: bool,
    /// Age of the status list behind `state`; null when none was fetched yet.
    pub list_made_at_ms: Option<i64>,
    /// The cards before it, newest first.
    pub former: Vec<FormerCard>,
    /// A duplicate request.
    pub duplicate: Option<DuplicateView>,
}

/// Which phone may show a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardHeld {
    /// This one.
    Here,
    /// Another one.
    Elsewhere,
    /// None yet: the Region signs it for this one as soon as there is network.
    Nowhere,
}

/// A code to be scanned.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CodeView {
    /// What it says.
    pub code: String,
    /// Its picture, as SVG.
    pub code_svg: String,
    /// When the next one takes its place, in milliseconds since 1970; null on paper.
    pub until_ms: Option<i64>,
}

/// The document that a student hands in at school.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SlipView {
    /// The whole number.
    pub number: String,
    /// First name and family name.
    pub name: String,
    /// `NOM [VILLE] [CODE]`; null for a school that is not in the list.
    pub school: Option<String>,
    /// The school year that the card is for.
    pub season: String,
    /// When it was deposited on this phone, in milliseconds since 1970.
    pub deposited_at_ms: i64,
    /// When the Region received it; null while it waits.
    pub received_at_ms: Option<i64>,
    /// The number as a QR code, as SVG.
    pub code_svg: String,
    /// The same document as a PDF, in base64.
    pub pdf: String,
}

/// How things stand with the server.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SyncView {
    /// What the last probe said.
    pub network: NetworkState,
    /// What still has to leave: changes, photos and requests.
    pub pending: u32,
    /// Last exchange that went well, in milliseconds since 1970.
    pub last_ok_ms: Option<i64>,
    /// Why the last one did not.
    pub trouble: Option<CourierTrouble>,
    /// How far the running round is; null when none takes long, or it has nothing to send.
    pub sending: Option<SendingView>,
    /// Whether the network is paid for by its bytes, as the screen last said.
    pub metered: bool,
    /// Photos of drafts that wait for another network: none unless this one is metered.
    pub held_photos: u32,
}

/// How far a round is: changes and photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct SendingView {
    /// How many the server has.
    pub done: u32,
    /// How many there are to send.
    pub total: u32,
}

/// What the last probe of our own server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NetworkState {
    /// Not asked yet.
    #[default]
    Unknown,
    /// It answered.
    Online,
    /// It did not.
    Offline,
    /// Somebody answered who is not the Region.
    Untrusted,
}

/// Why an exchange with the server failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CourierTrouble {
    /// No answer.
    #[error("offline")]
    Offline,
    /// The server is in trouble.
    #[error("server")]
    Server,
    /// It signs with another key than the pinned one.
    #[error("wrong_server_key")]
    WrongServerKey,
    /// Its receipt is not for this deposit or not signed.
    #[error("tampered_receipt")]
    TamperedReceipt,
    /// Its card is not signed.
    #[error("tampered_card")]
    TamperedCard,
    /// It refused what was sent.
    #[error("refused_by_server")]
    RefusedByServer,
    /// This phone may not read the dossier any more, until somebody signs in again.
    #[error("signed_out")]
    SignedOut,
}

impl CourierTrouble {
    /// Reads a stored word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [
            Self::Offline,
            Self::Server,
            Self::WrongServerKey,
            Self::TamperedReceipt,
            Self::TamperedCard,
            Self::RefusedByServer,
            Self::SignedOut,
        ]
        .into_iter()
        .find(|trouble| trouble.to_string() == word)
    }
}
