//! Writes through the real store and says what is safe: for proofs that cut it off anywhere.
//!
//! `cargo run -p phone --example writer -- DIR N [PART…]`, with the data key (64 hexadecimal
//! digits) in `PASSREGION_TEST_KEY`. Parts: `edits photo keys delete deposit`, in this order and all
//! of them when none is named. Each line is printed once its word is true:
//!
//! - `ack I`: edit I survives a power cut. It answers a field with `edit I`, which nothing overwrites.
//! - `ack photo SHA256`: so does this photo.
//! - `buffered I`: keystroke I survives the end of this process. It is the text `key I` in one
//!   field; a later keystroke takes its place.
//! - `erased DRAFT`: nothing of this draft is left in any file.
//! - `ack deposit DRAFT`: its number is in the keyring and its request survives a power cut.
//! - `failed WHAT CODE`: the store said so; nothing more was acknowledged.
#![expect(clippy::indexing_slicing, reason = "a JSON value without this name answers null")]

#[path = "proof/open.rs"]
mod proof;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use phone::Phone;
use serde_json::{Value, json};

/// A real face that keeps every rule.
const PICTURE: &[u8] = include_bytes!("../../tests/pictures/astronaut.jpg");

/// Fields that take any text: an edit each, then the next draft.
const FIELDS: [&str; 12] = [
    "family_name",
    "given_name",
    "email",
    "email_confirmation",
    "phone_number",
    "care_of",
    "address_line",
    "building",
    "floor",
    "residence",
    "locality",
    "commune",
];

/// A form without anything to refuse.
const FORM: [(&str, &str); 12] = [
    ("civility", "MADAME"),
    ("family_name", "Moreau"),
    ("given_name", "Lina"),
    ("birth_date", "7/3/2009"),
    ("email", "lina.moreau@example.fr"),
    ("email_confirmation", "lina.moreau@example.fr"),
    ("phone_number", "06 12 34 56 78"),
    ("address_line", "12, rue Blatin"),
    ("postal_code", "63000"),
    ("commune", "63113"),
    ("school", "0630020E"),
    ("track", "STL"),
];
const PASSWORD: &str = "neige en aout volcan";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let data = PathBuf::from(args.next().context("usage: writer DIR N [PART…]")?);
    let edits = args.next().context("usage: writer DIR N [PART…]")?.parse()?;
    let parts: Vec<String> = args.collect();
    let asked = |part: &str| parts.is_empty() || parts.iter().any(|named| named == part);
    let mut writer = Writer { phone: proof::open(&data)?, edits };
    if asked("edits") {
        writer.edit().await?;
    }
    if asked("photo") {
        writer.keep_photo().await?;
    }
    if asked("keys") {
        writer.type_keys().await?;
    }
    if asked("delete") {
        writer = writer.delete(&data).await?;
    }
    if asked("deposit") {
        writer.deposit().await?;
    }
    Ok(())
}

struct Writer {
    phone: Arc<Phone>,
    edits: usize,
}

impl Writer {
    async fn edit(&self) -> anyhow::Result<()> {
        let mut draft = String::new();
        for edit in 0..self.edits {
            let at = edit % FIELDS.len();
            if at == 0 {
                draft = self.start().await?;
            }
            let field = FIELDS.get(at).context("a field")?;
            self.set(&draft, field, &format!("edit {edit}")).await?;
            say(&format!("ack {edit}"))?;
        }
        Ok(())
    }

    async fn keep_photo(&self) -> anyhow::Result<()> {
        let draft = self.start().await?;
        // So that this draft is never taken for one that was not touched.
        self.set(&draft, "care_of", "photo").await?;
        say(&format!("ack photo {}", self.photograph(&draft).await?))
    }

    async fn type_keys(&self) -> anyhow::Result<()> {
        let draft = self.start().await?;
        for key in 0..self.edits {
            let typed = format!("key {key}");
            let asked = json!({ "draft": draft, "field": "family_name", "typed": typed });
            self.call("type_field", asked).await?;
            say(&format!("buffered {key}"))?;
        }
        Ok(())
    }

    /// Deletes a draft, and starts again as the app does: nobody can undo it any more.
    async fn delete(self, data: &std::path::Path) -> anyhow::Result<Self> {
        let draft = self.start().await?;
        self.set(&draft, "care_of", "to be erased").await?;
        self.call("discard_draft", json!({ "draft": draft })).await?;
        let Self { phone, edits } = self;
        drop(phone);
        let writer = Self { phone: proof::open(data)?, edits };
        say(&format!("erased {draft}"))?;
        Ok(writer)
    }

    async fn deposit(&self) -> anyhow::Result<()> {
        let draft = self.start().await?;
        let charter = self.call("charter", json!({})).await?;
        let accepted = json!({ "draft": draft, "version": charter["version"] });
        self.call("accept_charter", accepted).await?;
        for (field, typed) in FORM {
            self.set(&draft, field, typed).await?;
        }
        self.set(&draft, "sending", "ETABLISSEMENT").await?;
        let chosen = json!({ "draft": draft, "typed": PASSWORD, "confirmation": PASSWORD });
        self.call("set_password", chosen).await?;
        say(&format!("ack photo {}", self.photograph(&draft).await?))?;
        self.call("deposit", json!({ "draft": draft })).await?;
        say(&format!("ack deposit {draft}"))
    }

    async fn start(&self) -> anyhow::Result<String> {
        text(&self.call("start_draft", json!({})).await?["draft"])
    }

    async fn set(&self, draft: &str, field: &str, typed: &str) -> anyhow::Result<()> {
        let asked = json!({ "draft": draft, "field": field, "typed": typed });
        self.call("set_field", asked).await?;
        Ok(())
    }

    async fn photograph(&self, draft: &str) -> anyhow::Result<String> {
        let picture = json!({ "draft": draft, "picture": BASE64.encode(PICTURE) });
        let proof = self.call("open_picture", picture).await?;
        let framing = &proof["framed"]["framing"];
        let kept = json!({ "draft": draft, "framing": framing, "bare_head": true, "note": null });
        text(&self.call("keep_picture", kept).await?["photo"]["sha256"])
    }

    async fn call(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let answer = self.phone.answer(command, args).await;
        if let Err(trouble) = &answer {
            let code = serde_json::to_value(trouble)?;
            say(&format!("failed {command} {}", text(&code["code"])?))?;
        }
        Ok(answer?)
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    Ok(value.as_str().context("a text")?.to_owned())
}

/// Prints a line and waits until it has left this process.
fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
