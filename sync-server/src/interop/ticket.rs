//! `sync-server ticket`: an address that lets one program in, once, within a minute.

use std::fs;
use std::path::Path;

use anyhow::Context;
use dossier::hexadecimal;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::random;
use crate::clock::Clock;
use crate::config::Ticket;
use crate::keys;
use crate::store;

/// Long enough to start a program, too short for an address to be found in a log and used.
const LIFE_MS: i64 = 60_000;
/// Where the server tells its folder under which address it is reached.
const ADDRESS_FILE: &str = "address";

/// Issues a ticket; the address to connect to.
pub fn address(asked: &Ticket, clock: &dyn Clock) -> anyhow::Result<String> {
    let url = match &asked.public_url {
        Some(url) => url.clone(),
        None => fs::read_to_string(asked.data.join(ADDRESS_FILE))
            .context("no server told its address here: start it with --automerge")?,
    };
    let url = url.trim().trim_end_matches('/');
    let address = match url.split_once("://") {
        Some(("http", host)) => format!("ws://{host}"),
        Some(("https", host)) => format!("wss://{host}"),
        _ => anyhow::bail!("an address begins with http:// or https://"),
    };
    keys::private_folder(&asked.data)?;
    let (store, _) = store::open(&asked.data, asked.database.as_ref(), false)?;
    let ticket = random::<32>()?;
    let (hash, now_ms) = (Sha256::digest(ticket).into(), clock.now_ms());
    let space = asked.space.map_or_else(|| random().map(Uuid::from_bytes), Ok)?;
    store.write_now(move |db| store::ticket::issue(db, &hash, space, now_ms, now_ms + LIFE_MS))?;
    Ok(format!("{address}/automerge?ticket={}", hexadecimal::text(&ticket)))
}

/// Tells the folder of a server under which address the server is reached.
pub fn reached_at(data: &Path, url: &str) -> anyhow::Result<()> {
    fs::write(data.join(ADDRESS_FILE), url).context("cannot write the server's address")
}

/// What the store knows a ticket by.
pub(super) fn hash(shown: &str) -> Option<[u8; 32]> {
    hexadecimal::array::<32>(shown).map(|ticket| Sha256::digest(ticket).into())
}
