//! The stand, as screens are shown it: a tablet at an event, and the phones that meet it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{CodeView, DraftView, SendingView};

/// How things stand at this tablet.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct StandView {
    /// The event; null while this is nobody's stand.
    pub set_up: Option<EventView>,
    /// What the tablet does now, and so what it answers.
    pub mode: StandMode,
    /// Who may sign in.
    pub agents: Vec<AgentView>,
    /// Sealed dossiers that the Region's signed receipt is missing for.
    pub unsent: u32,
    /// Dossiers that were finished today.
    pub today: u32,
    /// Dossiers that the Region's signed receipt was verified for.
    pub delivered: u32,
    /// Of those: that a person at the Region must look at.
    pub stuck: u32,
    /// Drafts that are open, and for nobody to be lost.
    pub open_drafts: u32,
    /// How far the delivery is; null when none takes long.
    pub sending: Option<SendingView>,
    /// What stands in the way of the day.
    pub problems: Vec<StandProblem>,
}

/// The event that a tablet is set up for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EventView {
    /// Its name.
    pub event: String,
    /// Where it is.
    pub place: String,
    /// `AAAA-MM-JJ`
    pub first_day: String,
    /// `AAAA-MM-JJ`
    pub last_day: String,
    /// What this tablet is called.
    pub tablet: String,
    /// How many provisional cards it may still make.
    pub cards_left: u32,
}

/// What a stand does now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum StandMode {
    /// No stand: a student's own phone.
    #[default]
    Phone,
    /// Nobody signed in.
    Closed,
    /// An agent signed in.
    Agent {
        /// Who.
        agent: Uuid,
    },
    /// A student fills in this one draft.
    Student {
        /// Which.
        draft: Uuid,
    },
    /// Nothing is shown until an agent says who they are.
    Shielded {
        /// What is shown again then.
        draft: Uuid,
    },
    /// An agent looks at this one draft, beside the student.
    Checking {
        /// Which.
        draft: Uuid,
    },
    /// A student is shown number, card and code of what was just finished.
    Finished,
}

/// Somebody who may sign in at this tablet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AgentView {
    /// What names them.
    pub id: Uuid,
    /// What they are called.
    pub name: String,
    /// Whether too many wrong PINs locked them out for good.
    pub locked: bool,
}

/// What stands in the way of a day at the stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StandProblem {
    /// The Region revoked this tablet: nothing new is begun.
    Revoked,
    /// No key of the Region to seal with, or one that is too old: nothing can be finished.
    NoSealing,
    /// The event is over, or did not begin: no provisional card is made.
    OutOfEvent,
    /// All provisional cards are made.
    NoCardsLeft,
    /// The clock is before what the Region has already signed, or after the end of the event.
    WrongClock,
    /// Nobody can sign in any more: the tablet must be set up anew.
    AllLocked,
    /// Little room is left on the tablet.
    LittleRoom,
}

/// Why a stand does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum StandRefusal {
    /// No code of a stand.
    #[error("not a set-up code")]
    NotACode,
    /// The code is of another server, or of another Region.
    #[error("a code of another server")]
    OtherServer,
    /// The code was used before or is too old: the administrator makes another.
    #[error("a spent code")]
    SpentCode,
    /// There are drafts or dossiers on this device: it is somebody's phone.
    #[error("not empty")]
    NotEmpty,
    /// It is a stand already.
    #[error("set up already")]
    SetUpAlready,
    /// It is no stand.
    #[error("no stand")]
    NoStand,
    /// The server did not answer as this stand's own would.
    #[error("not believed")]
    NotBelieved,
    /// A PIN has six digits, and not all alike or in a row.
    #[error("a weak PIN")]
    WeakPin,
    /// An agent has a name of at most forty characters that no other agent has.
    #[error("no name")]
    AgentName,
    /// The PIN is wrong.
    #[error("wrong PIN")]
    WrongPin {
        /// Tries that are left.
        left: u32,
    },
    /// This agent is locked out for good.
    #[error("locked")]
    Locked,
    /// The Region revoked this tablet.
    #[error("revoked")]
    Revoked,
    /// No key of the Region to seal with, or one that is too old.
    #[error("no key to seal with")]
    NoSealing,
    /// Something waits for its receipt: the tablet is not wiped.
    #[error("unsent")]
    Unsent {
        /// How many dossiers.
        count: u32,
    },
    /// Drafts are open: they are finished or deleted before the tablet is wiped.
    #[error("open drafts")]
    OpenDrafts {
        /// How many.
        count: u32,
    },
    /// No such line in the list.
    #[error("unknown line")]
    UnknownLine,
    /// Not a code of a draft that is handed over, or of another one than before.
    #[error("not a handover")]
    NotAHandover,
    /// Not a code that a dossier is claimed by.
    #[error("not a claim")]
    NotAClaim,
    /// The code of a dossier is not the right one.
    #[error("claim refused")]
    ClaimRefused,
    /// What is handed over is deposited, or finished, already.
    #[error("deposited already")]
    Deposited,
}

/// One thing that was looked at before the day.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReadinessView {
    /// What.
    pub what: Readiness,
    /// Whether it will do for the day.
    pub good: bool,
    /// The measure, in the unit of `what`; null when there is none.
    pub value: Option<i64>,
}

/// What is looked at before the day. Battery and camera are the screen's to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Readiness {
    /// Free room, in megabytes.
    Room,
    /// The server was reached; days ago.
    Exchange,
    /// The reference lists in use were fetched from the Region; no measure.
    Reference,
    /// Age of the set of keys, in days.
    Keys,
    /// How long the key to seal with is in force, in days.
    Sealing,
    /// How long the delegation is in force, in days; below zero when it is not yet.
    Delegation,
    /// How far the clock is behind the newest thing that the Region signed, in minutes; zero when it is not.
    Clock,
    /// Agents who can sign in.
    Agents,
    /// Provisional cards that can still be made.
    Cards,
    /// The camera's pictures are looked at: milliseconds that the nets take to load.
    Photo,
}

/// Whoever looks like the student of this draft.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AlikeView {
    /// The same name and day of birth, or nearly.
    pub same: bool,
    /// Where.
    pub place: AlikePlace,
    /// The line of the list, when it is on this tablet.
    pub line: Option<i64>,
    /// Initials, when it is on this tablet.
    pub initials: Option<String>,
    /// When it was finished, in milliseconds since 1970; null while it is not known here.
    pub finished_at_ms: Option<i64>,
}

/// Where somebody alike was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlikePlace {
    /// Finished on this tablet.
    Here,
    /// A draft that is open on this tablet.
    OpenHere,
    /// Finished on another tablet of the event.
    OtherTablet,
}

/// What a student is shown, once.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FinishedView {
    /// The number in full.
    pub number: String,
    /// When it was finished, in milliseconds since 1970.
    pub finished_at_ms: i64,
    /// By which the student's own phone takes the dossier.
    pub claim: CodeView,
    /// The provisional card; null when none may be made.
    pub card: Option<ProvisionalView>,
    /// The page to print, as a PDF, in base64.
    pub pdf: String,
    /// Sealed dossiers on this tablet that wait for their receipt.
    pub unsent: u32,
}

/// A card that a stand signed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProvisionalView {
    /// Its code.
    pub code: CodeView,
    /// Its last day, `AAAA-MM-JJ`.
    pub expires_on: String,
}

/// A page of the list, the last finished first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LinesView {
    /// The lines.
    pub lines: Vec<LineView>,
    /// After which line the next page begins; null on the last.
    pub next: Option<i64>,
}

/// What a tablet keeps of a finished dossier.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LineView {
    /// What names it.
    pub line: i64,
    /// The number in full.
    pub number: String,
    /// The student's initials.
    pub initials: String,
    /// When it was finished, in milliseconds since 1970.
    pub finished_at_ms: i64,
    /// Who finished it.
    pub agent: String,
    /// Where it is.
    pub state: LineState,
    /// Whether a later line takes its place.
    pub redone: bool,
}

/// Where a finished dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// On this tablet, sealed.
    Sealed,
    /// At the Region, whose signed receipt was verified.
    Delivered,
    /// At the Region too, where a person must look at it.
    Stuck,
}

/// What was done at the event.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StandReportView {
    /// Students: a line that took the place of another is not counted again.
    pub students: u32,
    /// All envelopes.
    pub sealed: u32,
    /// Of which the receipt was verified.
    pub delivered: u32,
    /// Of which a person at the Region must look at.
    pub stuck: u32,
    /// Of which no receipt was verified.
    pub unsent: u32,
    /// Provisional cards that were made.
    pub cards: u32,
    /// Lines that say the same person as another line of this tablet, or of another one.
    pub alike: u32,
    /// Drafts that are open.
    pub open_drafts: u32,
    /// By whom.
    pub agents: Vec<AgentReportView>,
}

/// What one agent finished.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AgentReportView {
    /// What they are called.
    pub name: String,
    /// How many.
    pub finished: u32,
}

/// The proof that a tablet was wiped.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WipedView {
    /// Files that were searched afterwards.
    pub files: u32,
    /// Their bytes.
    pub bytes: u64,
    /// What was searched for: numbers, digests and seals of every line.
    pub searched: u32,
    /// How often anything of it was found: none, when all went well.
    pub hits: u32,
}

/// A draft as codes that another device scans, in any order.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HandoverView {
    /// One to four.
    pub codes: Vec<CodeView>,
}

/// How far a draft came that is handed over.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HandoverTaken {
    /// Codes that were scanned.
    pub have: u32,
    /// Codes there are.
    pub of: u32,
    /// The draft, once all are there.
    pub draft: Option<DraftView>,
}

/// A dossier that a student takes over from a stand.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClaimView {
    /// Which.
    pub dossier: Uuid,
    /// Whether it waits: the tablet has not met the Region yet, or this phone has no network.
    pub waits: bool,
}

/// What a picture of the camera says.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReadCodeView {
    /// The text of its code; null when there is none.
    pub code: Option<String>,
}
