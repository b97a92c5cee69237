//! Photos as objects: files of a folder, each with an fsync, or a bucket that speaks S3.

use std::error::Error as _;
use std::fs;
use std::future::ready;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use async_trait::async_trait;
use bytes::Bytes;
use dossier::document::Hash;
use dossier::hexadecimal;
use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{Error, ObjectStore, ObjectStoreExt, RetryConfig};
use uuid::Uuid;

use super::{Named, Photos};
use crate::config::Bucket;
use crate::failure::Failure;
use crate::keys;

/// Questions and deletions on their way at the same time.
const AT_ONCE: usize = 8;
/// A bucket that is away is told to the phone, which comes back, rather than waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const TRIES: usize = 2;
/// What a file has in its name until all of it is there, as `object_store` writes it.
const STAGED: char = '#';

/// Objects named `space/sha256`, in hexadecimal.
pub(super) struct Objects {
    objects: Box<dyn ObjectStore>,
    folder: Option<PathBuf>,
}

impl Objects {
    /// Photos in a folder that nobody else may enter.
    pub(super) fn folder(folder: &Path) -> anyhow::Result<Self> {
        keys::private_folder(folder)?;
        let files = LocalFileSystem::new_with_prefix(folder).context("the folder of the photos")?;
        Ok(Self { objects: Box::new(files.with_fsync(true)), folder: Some(folder.to_owned()) })
    }

    /// Photos in a bucket. Its keys are in the environment, as every S3 client reads them.
    pub(super) fn bucket(bucket: &Bucket) -> anyhow::Result<Self> {
        // One of the two that TLS may be done with; whoever installed one before has chosen.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry =
            RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..Default::default() };
        let mut s3 = AmazonS3Builder::from_env().with_bucket_name(&bucket.name).with_retry(retry);
        if let Some(region) = &bucket.region {
            s3 = s3.with_region(region);
        }
        if let Some(endpoint) = &bucket.endpoint {
            s3 = s3.with_endpoint(endpoint).with_allow_http(bucket.is_loopback());
        }
        let objects = Box::new(s3.build().context("the bucket of the photos")?);
        Ok(Self { objects, folder: None })
    }

    async fn is_missing(&self, photo: Named) -> Result<bool, Failure> {
        match self.objects.head(&key(photo)).await {
            Ok(_) => Ok(false),
            Err(Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(told(&error)),
        }
    }

    async fn erase(&self, key: Key) -> Result<(), Failure> {
        match self.objects.delete(&key).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

#[async_trait]
impl Photos for Objects {
    /// A folder that is gone (a disk that is not mounted) has no objects either: it is looked at.
    async fn reach(&self) -> Result<(), Failure> {
        if let Some(folder) = &self.folder {
            let found = tokio::fs::metadata(folder).await.context("the folder of the photos")?;
            let there = found.is_dir().then_some(());
            return Ok(there.context("the folder of the photos is none")?);
        }
        self.is_missing(Named { space: Uuid::nil(), hash: [0; 32] }).await?;
        Ok(())
    }

    /// Written again when it is there: the same bytes under the same name.
    async fn keep(&self, photo: Named, jpeg: Bytes, _: i64) -> Result<(), Failure> {
        self.objects.put(&key(photo), jpeg.into()).await.map_err(|error| told(&error))?;
        Ok(())
    }

    async fn bytes(&self, photo: Named) -> Result<Option<Bytes>, Failure> {
        let found = match self.objects.get(&key(photo)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(jpeg) => Ok(Some(jpeg)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    async fn missing(&self, space: Uuid, asked: Vec<Hash>) -> Result<Vec<Hash>, Failure> {
        let look = |hash| async move {
            let missing = self.is_missing(Named { space, hash }).await?;
            Ok::<_, Failure>(missing.then_some(hash))
        };
        let looking: Vec<_> = asked.into_iter().map(look).collect();
        let found: Vec<Option<Hash>> =
            stream::iter(looking).buffered(AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn forget(&self, space: Uuid, hashes: Vec<Hash>) -> Result<(), Failure> {
        let erase = |hash| self.erase(key(Named { space, hash }));
        let erasing: Vec<_> = hashes.into_iter().map(erase).collect();
        stream::iter(erasing).buffered(AT_ONCE).try_collect().await
    }

    async fn kept(&self) -> Result<Vec<Named>, Failure> {
        let listed = self.objects.list(None).map_err(|error| told(&error));
        let photos = listed.try_filter_map(|object| ready(Ok(named(&object.location))));
        photos.try_collect().await
    }

    async fn forget_older(&self, photos: Vec<Named>, before_ms: i64) -> Result<(), Failure> {
        if let Some(folder) = self.folder.clone() {
            let swept = tokio::task::spawn_blocking(move || sweep(&folder, before_ms)).await;
            swept.context("the folder of the photos")?.context("the folder of the photos")?;
        }
        for photo in photos {
            match self.objects.head(&key(photo)).await {
                Ok(object) if object.last_modified.timestamp_millis() < before_ms => {
                    self.erase(key(photo)).await?;
                }
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(told(&error)),
            }
        }
        Ok(())
    }
}

/// Removes what a crash left half written: it has a name of its own, which no list tells.
fn sweep(folder: &Path, before_ms: i64) -> std::io::Result<()> {
    for space in fs::read_dir(folder)? {
        let space = space?;
        if !space.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(space.path())? {
            let file = file?;
            let is_staged = file.file_name().to_string_lossy().contains(STAGED);
            if is_staged && modified_ms(&file.metadata()?)? < before_ms {
                fs::remove_file(file.path())?;
            }
        }
    }
    Ok(())
}

fn modified_ms(file: &fs::Metadata) -> std::io::Result<i64> {
    let age = file.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

fn key(photo: Named) -> Key {
    Key::from(format!("{}/{}", photo.space.simple(), hexadecimal::text(&photo.hash)))
}

/// The photo that an object is; what else lies there is left alone.
fn named(key: &Key) -> Option<Named> {
    let (space, hash) = key.as_ref().split_once('/')?;
    Some(Named { space: Uuid::try_parse(space).ok()?, hash: hexadecimal::array(hash)? })
}

/// The innermost reason: those around it name the object.
fn told(error: &Error) -> Failure {
    let mut innermost = error.source();
    while let Some(within) = innermost.and_then(|error| error.source()) {
        innermost = Some(within);
    }
    let reason = innermost.map(ToString::to_string).unwrap_or_default();
    Failure::Ours(anyhow!("the place of the photos failed: {reason}"))
}
