//! The reference lists that this server serves and checks with.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use axum::body::Bytes;
use dossier::hexadecimal;
use dossier::reference::{Manifest, Pack, Texts};
use dossier::signed::SigningKey;

use crate::failure::Failure;
use crate::store::db::Db;
use crate::store::publication;

/// The publication in force: read, as texts by digest, and signed.
pub(crate) struct Reference {
    pub(crate) pack: Arc<Pack>,
    /// The texts, by SHA-256 in hexadecimal.
    pub(crate) lists: BTreeMap<String, Bytes>,
    /// The signed [`Manifest`].
    pub(crate) manifest: Vec<u8>,
}

impl Reference {
    fn of(texts: Texts, key: &SigningKey) -> anyhow::Result<Self> {
        let pack = Pack::of(&texts).context("the reference lists cannot be read")?;
        let manifest = Manifest::of(&texts).sign(key);
        let named = |text: String| (hexadecimal::text(&Manifest::digest_of(&text)), text.into());
        Ok(Self { pack, manifest, lists: texts.lists.into_values().map(named).collect() })
    }
}

/// The texts in force: those last published, else those built into this server.
pub(crate) fn texts_in_force(db: &mut dyn Db) -> Result<Texts, Failure> {
    match publication::newest_version(db)? {
        Some(version) => publication::texts(db, version),
        None => Ok(Texts::shipped()),
    }
}

/// The publication in force, exchanged when another process publishes a newer one.
pub(crate) struct InForce(RwLock<Arc<Reference>>);

impl InForce {
    pub(crate) fn open(texts: Texts, key: &SigningKey) -> anyhow::Result<Self> {
        Ok(Self(RwLock::new(Arc::new(Reference::of(texts, key)?))))
    }

    pub(crate) fn now(&self) -> Arc<Reference> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes what was published since. One small question when nothing was.
    pub(crate) fn refresh(&self, db: &mut dyn Db, key: &SigningKey) -> Result<(), Failure> {
        let newest = publication::newest_version(db)?;
        let Some(version) = newest.filter(|version| *version != self.now().pack.version) else {
            return Ok(());
        };
        let fresh = Reference::of(publication::texts(db, version)?, key)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}
