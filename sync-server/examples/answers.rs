//! What the drafts in a server's folder say, one line of JSON each, as the server itself reads it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use dossier::document::Draft;
use dossier::document::guard::{Admitted, admit};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value, json};

fn main() -> anyhow::Result<()> {
    let folder = std::env::args_os().nth(1).context("answers FOLDER")?;
    let file = Path::new(&folder).join("server.sqlite");
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut logs: BTreeMap<Vec<u8>, Vec<Admitted>> = BTreeMap::new();
    let mut changes = db.prepare("SELECT draft, bytes FROM change ORDER BY space, seq")?;
    let mut rows = changes.query([])?;
    while let Some(row) = rows.next()? {
        let (draft, bytes): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        logs.entry(draft).or_default().push(admit(&bytes)?);
    }
    for (draft, changes) in logs {
        let answers = Draft::from_changes(b"reader", changes)?.answers();
        let typed: Map<String, Value> = answers
            .typed
            .iter()
            .map(|(field, typed)| (field.as_str().to_owned(), Value::from(typed.as_str())))
            .collect();
        let document = bs58::encode(draft).with_check().into_string();
        writeln!(std::io::stdout(), "{}", json!({ "document": document, "typed": typed }))?;
    }
    Ok(())
}
