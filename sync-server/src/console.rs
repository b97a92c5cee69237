//! What is done beside serving: `sync-server keys …`, `card …`, `user …`, `init`, `migrate`, `erase`.

mod server;
mod users;

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::code::on_paper;
use dossier::card::status_list::Withdrawal;
use dossier::hexadecimal;
use dossier::number::DossierNumber;
use dossier::season::Season;
use dossier::signed::RegionKey;
use dossier::signed::keys::{KeySet, KeyUse, SealingHolder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::{self, Clock};
use crate::config::{CardOf, CardTask, KeysTask};
use crate::failure::Failure;
use crate::keys::{self, Keys, sealing};
use crate::store::audit::{Action, note};
use crate::store::db::Db;
use crate::store::dossier::{Dossier, by_number};
use crate::store::{self, card};
pub use server::{erase, init, migrate};
pub use users::tend_users;

/// Who the audit says acted.
const ACTOR: &str = "console";
/// What `card show` writes, for a verifier that trusts the root and nothing else.
const KEYS_FILE: &str = "keys.json";
const STATUS_FILE: &str = "status.cose";

/// Makes, rotates, revokes and lists keys; a server that runs notices.
pub fn tend_keys(task: &KeysTask, clock: &dyn Clock) -> anyhow::Result<()> {
    let now_ms = clock.now_ms();
    let of_today = || Season::of(clock::day(now_ms)).to_string();
    let keys = Keys::open(match task {
        KeysTask::Make { data, .. } | KeysTask::Rotate { data, .. } => data,
        KeysTask::Revoke { data, .. } | KeysTask::List { data } => data,
    })?;
    match task {
        KeysTask::Make { season, .. } => {
            keys.issuer(season.as_ref().unwrap_or(&of_today()), now_ms)?;
            keys.lists(now_ms)?;
            keys.sealing(now_ms)?;
        }
        KeysTask::Rotate { season, .. } => {
            let season = season.clone().unwrap_or_else(of_today);
            keys.add(KeyUse::Card, &season, now_ms)?;
            keys.add(KeyUse::Delegation, &season, now_ms)?;
            keys.add(KeyUse::StatusList, "", now_ms)?;
            keys.rotate_sealing(now_ms)?;
        }
        KeysTask::Revoke { key, .. } => {
            ensure!(keys.revoke(key, now_ms)?, "the set has no such key");
        }
        KeysTask::List { .. } => {}
    }
    list_keys(&keys.now()?.set, now_ms)
}

/// One line a key, and one a stand that is not believed any more.
fn list_keys(set: &KeySet, now_ms: i64) -> anyhow::Result<()> {
    for key in &set.keys {
        say(&json!({
            "key": key.id(),
            "use": match key.usage {
                KeyUse::Card => "cards",
                KeyUse::StatusList => "status list",
                KeyUse::Delegation => "stands",
            },
            "season": key.season,
            "from_ms": key.not_before_ms,
            "to_ms": key.not_after_ms,
            "in_force": key.is_in_force(now_ms),
        }))?;
    }
    for key in &set.sealing {
        say(&json!({
            "key": sealing::id(key),
            "use": match key.holder {
                SealingHolder::Operations => "envelopes",
                SealingHolder::Escrow => "envelopes, from the safe",
            },
            "from_ms": key.not_before_ms,
            "to_ms": key.not_after_ms,
            "in_force": key.is_in_force(now_ms),
        }))?;
    }
    for stand in &set.revoked {
        say(&json!({ "revoked_stand": Uuid::from_bytes(**stand) }))?;
    }
    Ok(())
}

/// Shows the card of a dossier with what verifies it, or changes what the status list says of it.
pub fn tend_card(task: &CardTask, clock: &dyn Clock) -> anyhow::Result<()> {
    let now_ms = clock.now_ms();
    match task {
        CardTask::Show { of, to } => show(of, to, now_ms),
        CardTask::Suspend { of } => mark(of, Some(Withdrawal::Suspended), now_ms),
        CardTask::Restore { of } => mark(of, None, now_ms),
        CardTask::Block { of } => mark(of, Some(Withdrawal::Blocked), now_ms),
    }
}

fn show(of: &CardOf, to: &Path, now_ms: i64) -> anyhow::Result<()> {
    let told = in_store(of, move |db, keys, dossier| {
        let found = card::good(db, dossier.id)?.ok_or(Failure::NoCard)?;
        let paper = found.on_paper(keys, dossier, now_ms)?;
        let status = found.withdrawal.map_or("good", Withdrawal::as_str);
        Ok((status, found.credential, paper, card::publish(db, keys, now_ms)?))
    });
    let (status, credential, paper, list) = told?;
    let keys = Keys::open(&of.data)?;
    let root = RegionKey::from(keys.root()).to_hex();
    let set = hexadecimal::text(&keys.now()?.signed);
    let (keys_file, status_file) = (to.join(KEYS_FILE), to.join(STATUS_FILE));
    fs::create_dir_all(to)?;
    fs::write(&keys_file, json!({ "region_key": root, "key_set": set }).to_string())?;
    fs::write(&status_file, list)?;
    say(&json!({
        "number": of.number,
        "status": status,
        "credential": BASE64_STANDARD.encode(credential),
        // What a printed page shows: a live code is signed by the phone that holds the card.
        "code": paper.map(|signed| on_paper(&signed)),
        "keys": keys_file,
        "status_list": status_file,
    }))
}

fn mark(of: &CardOf, why: Option<Withdrawal>, now_ms: i64) -> anyhow::Result<()> {
    let status = in_store(of, move |db, keys, dossier| {
        let found = card::good(db, dossier.id)?.ok_or(Failure::NoCard)?;
        let action = match why {
            Some(why) => {
                card::withdraw(db, keys, found.place, why, now_ms)?;
                if why == Withdrawal::Suspended {
                    Action::CardSuspended
                } else {
                    Action::CardBlocked
                }
            }
            None => {
                card::restore(db, keys, found.place, now_ms)?;
                Action::CardRestored
            }
        };
        note(db, ACTOR, action, Some(dossier.id), now_ms)?;
        Ok(why.map_or("good", Withdrawal::as_str))
    })?;
    say(&json!({ "number": of.number, "status": status }))
}

/// Runs work on the dossier of a number, in one transaction.
fn in_store<T: Send + 'static>(
    of: &CardOf,
    work: impl FnOnce(&mut dyn Db, &Keys, &Dossier) -> Result<T, Failure> + Send + 'static,
) -> anyhow::Result<T> {
    of_a_server(&of.data)?;
    let number = DossierNumber::parse(&of.number).ok().context("this is no number of a dossier")?;
    let keys = Keys::open(&of.data)?;
    let (store, _) = store::open(&of.data, of.database.as_ref(), false)?;
    let done = store.write_now(move |db| {
        let dossier = by_number(db, number.as_str())?;
        work(db, &keys, &dossier)
    });
    Ok(done?)
}

/// Nothing is made where no server was.
fn of_a_server(data: &Path) -> anyhow::Result<()> {
    let is_there = data.join(keys::FILE).exists();
    ensure!(is_there, "{} is not the folder of a server", data.display());
    Ok(())
}

fn say(line: &Value) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
