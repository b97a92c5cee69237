//! The reference pack that this server serves and checks with.

use anyhow::Context;
use dossier::hexadecimal;
use dossier::reference::{Manifest, Pack};
use dossier::signed::SigningKey;

const VERSION: &str = include_str!("../../reference/VERSION");
const SCHOOLS: &str = include_str!("../../reference/schools.csv");
const TRACKS: &str = include_str!("../../reference/tracks.csv");
const COMMUNES: &str = include_str!("../../reference/communes.csv");
const CHARTER: &str = include_str!("../../reference/charter.md");

/// The pack in force: read, as bytes, and signed.
pub(crate) struct Reference {
    pub(crate) pack: Pack,
    pub(crate) bytes: axum::body::Bytes,
    /// SHA-256 of `bytes`, in hexadecimal.
    pub(crate) sha256: String,
    /// The signed [`Manifest`].
    pub(crate) manifest: Vec<u8>,
}

impl Reference {
    /// The pack that was built into this server.
    pub(crate) fn embedded(key: &SigningKey) -> anyhow::Result<Self> {
        let bytes = Pack::encode(VERSION.trim(), SCHOOLS, TRACKS, COMMUNES, CHARTER);
        let pack = Pack::read(&bytes).context("the reference pack cannot be read")?;
        let manifest = Manifest::of(&pack.version, &bytes).sign(key);
        let sha256 = hexadecimal::text(&Pack::digest(&bytes));
        Ok(Self { pack, bytes: bytes.into(), sha256, manifest })
    }
}
