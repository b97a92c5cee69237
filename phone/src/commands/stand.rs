//! What a screen says with the commands of a stand.

use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

/// The code of an administrator, and what the tablet is to be called.
#[derive(Deserialize, TS)]
pub(super) struct SetUp {
    pub(super) code: String,
    pub(super) name: String,
}

/// Somebody new who may sign in.
#[derive(Deserialize, TS)]
pub(super) struct AddAgent {
    pub(super) name: String,
    pub(super) pin: String,
}

/// An agent, and their PIN as typed.
#[derive(Deserialize, TS)]
pub(super) struct AgentPin {
    pub(super) agent: Uuid,
    pub(super) pin: String,
}

/// An agent lifts the shield: back to the student, or to check the draft together.
#[derive(Deserialize, TS)]
pub(super) struct Resume {
    pub(super) agent: Uuid,
    pub(super) pin: String,
    pub(super) check: bool,
}

/// A page of the list; null for the first.
#[derive(Deserialize, TS)]
pub(super) struct ListAfter {
    pub(super) after: Option<i64>,
}

/// A line of the list.
#[derive(Deserialize, TS)]
pub(super) struct WhichLine {
    pub(super) line: i64,
}

/// What a scanner read.
#[derive(Deserialize, TS)]
pub(super) struct Scanned {
    pub(super) scanned: String,
}

/// The code of a dossier, as it was scanned or typed.
#[derive(Deserialize, TS)]
pub(super) struct Claim {
    pub(super) code: String,
}
