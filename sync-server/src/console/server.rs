//! A server made, brought up to date, and one dossier of it erased: `sync-server init`, `migrate`,
//! `erase`.

use std::io::{BufRead, Write};

use anyhow::{Context, ensure};
use dossier::number::DossierNumber;
use dossier::season::Season;
use dossier::signed::RegionKey;
use serde_json::json;
use std::sync::Arc;

use super::{ACTOR, of_a_server, say};
use crate::app::Setup;
use crate::clock::{self, Clock};
use crate::config::{Erase, Place};
use crate::failure::Failure;
use crate::keys::{self, Keys};
use crate::store::audit::{Action, note};
use crate::store::dossier::by_number;
use crate::store::{self, photo};

/// Makes the folder of a server with everything that its first start would make, and the keys of
/// the season. Prints the key that the app pins, and the first account of the desk.
pub fn init(place: &Place, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let is_there = place.data.join(keys::FILE).exists();
    ensure!(!is_there, "{} is the folder of a server already", place.data.display());
    let now_ms = clock.now_ms();
    let setup = Setup::new(&place.data, clock).database(place.database.clone());
    let (app, first) = setup.photos(place.photos.clone()).open()?;
    app.keys.issuer(&Season::of(clock::day(now_ms)).to_string(), now_ms)?;
    app.keys.lists(now_ms)?;
    let account = first.desk_account;
    say(&json!({
        "region_key": RegionKey::from(app.keys.root()).to_hex(),
        "desk_account": account.map(|it| json!({ "name": it.name, "password": it.password })),
    }))
}

/// Brings the schemas up to date, as the next start would.
pub fn migrate(place: &Place) -> anyhow::Result<()> {
    of_a_server(&place.data)?;
    let before = store::schema(&place.data, place.database.as_ref())?;
    store::open(&place.data, place.database.as_ref(), false)?;
    photo::open(&place.data, &place.photos, false)?;
    let after = store::schema(&place.data, place.database.as_ref())?;
    say(&json!({ "from": before.applied, "to": after.applied }))
}

/// Erases a dossier as its student would in the app, once somebody typed its number again.
pub fn erase(asked: &Erase, clock: &dyn Clock, typed: impl BufRead) -> anyhow::Result<()> {
    let Place { data, database, photos } = &asked.of;
    of_a_server(data)?;
    let number =
        DossierNumber::parse(&asked.number).ok().context("this is no number of a dossier")?;
    if !asked.yes {
        confirm(&number, typed)?;
    }
    let (keys, now_ms) = (Keys::open(data)?, clock.now_ms());
    let (store, _) = store::open(data, database.as_ref(), false)?;
    let kept = photo::open(data, photos, false)?;
    let found = number.clone();
    let erased = store.write_now(move |db| {
        let dossier = by_number(db, found.as_str())?;
        note(db, ACTOR, Action::Erased, Some(dossier.id), now_ms)?;
        Ok((dossier.space, store::erase::erase(db, &keys, &dossier, now_ms)?))
    });
    let (space, gone) = match erased {
        Err(Failure::Unknown) => anyhow::bail!("no dossier has this number"),
        other => other?,
    };
    // What fails here is erased with the leftovers: nothing names it any more.
    tokio::runtime::Runtime::new()?.block_on(kept.forget(space, gone))?;
    say(&json!({ "number": number, "erased": true }))
}

/// Whoever types the number again means it.
fn confirm(number: &DossierNumber, mut typed: impl BufRead) -> anyhow::Result<()> {
    let question = "Le dossier sera effacé pour toujours, avec sa photo, son compte et ses mails.\n\
         Retapez son numéro pour confirmer\u{a0}: ";
    let mut out = std::io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    typed.read_line(&mut line)?;
    let same = DossierNumber::parse(line.trim()).is_ok_and(|again| again == *number);
    ensure!(same, "Ce n’est pas le même numéro\u{a0}: rien n’est effacé.");
    Ok(())
}
