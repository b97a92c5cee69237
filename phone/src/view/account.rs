//! The account, as screens are shown it.

use std::collections::BTreeMap;

use dossier::account::{AccountStanding, DeviceSeen, Purpose};
use dossier::form::Field;
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

/// How an account stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AccountView {
    /// When it was activated, in milliseconds since 1970; null before.
    pub activated_at_ms: Option<i64>,
    /// `l•••@example.fr`
    pub email_masked: String,
    /// A new address that waits for its code, masked.
    pub new_email_masked: Option<String>,
    /// Whether a password was chosen.
    pub has_password: bool,
    /// Phone number and home as the Region has them now.
    pub contact: BTreeMap<Field, String>,
}

impl From<AccountStanding> for AccountView {
    fn from(standing: AccountStanding) -> Self {
        let AccountStanding {
            activated_at_ms,
            email_masked,
            new_email_masked,
            has_password,
            contact,
        } = standing;
        Self { activated_at_ms, email_masked, new_email_masked, has_password, contact }
    }
}

/// A link that waits to be followed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LinkView {
    /// What it is for.
    pub purpose: Purpose,
    /// Its dossier, when that is on this phone.
    pub draft: Option<Uuid>,
    /// The number of its dossier, masked.
    pub number_masked: String,
    /// Whether a password must be chosen along with it.
    pub needs_password: bool,
}

/// A device that may read a dossier.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeviceView {
    /// What names it; 0 is the one that deposited the dossier.
    pub id: i64,
    /// What it calls itself; empty when it never said.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    pub opened_at_ms: i64,
    /// When it was last seen, within the hour; null when that is not noted.
    pub seen_at_ms: Option<i64>,
    /// Whether it is this phone.
    pub here: bool,
}

impl From<DeviceSeen> for DeviceView {
    fn from(device: DeviceSeen) -> Self {
        let DeviceSeen { id, name, opened_at_ms, seen_at_ms, here } = device;
        Self { id, name, opened_at_ms, seen_at_ms, here }
    }
}

/// All that the Region keeps of a dossier.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExportView {
    /// For programs.
    pub json: String,
    /// For people: a PDF, in base64.
    pub pdf: String,
    /// The JPEG, in base64; empty when it is not on this phone.
    pub photo: String,
}
